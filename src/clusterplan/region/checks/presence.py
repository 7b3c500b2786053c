"""What a region can't be without: a park firms can go to, firms, and a chain owner that is in play.

Rules: ``no_parks``, ``no_firms``, ``no_anchor``, ``anchor_out``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known
from clusterplan.region.checks.siting import contradicts_itself, is_out, usable_parks


def check_presence(known: Known) -> Iterator[Fault]:
    """Yield a fault for each thing that is missing altogether."""
    if not known.rows("parks"):
        if not known.broken("parks"):
            yield known.fault("parks", "There are no parks.", "Add at least one park.", rule="no_parks")
    elif not usable_parks(known) and known.parks:
        yield known.fault(
            "parks",
            "Every park is excluded or locked out, so no firm can be placed.",
            "Set the status of at least one park to open or candidate.",
            rule="no_parks",
        )
    if known.rows("firms"):
        yield from _anchors(known)
    elif not known.broken("firms"):
        yield known.fault(
            "firms", "There are no firms.", "Add the chain owner and its candidates.", rule="no_firms"
        )


def _anchors(known: Known) -> Iterator[Fault]:
    anchors = [firm for firm in known.rows("firms") if firm["is_anchor"]]
    if not anchors:
        # A cell that could not be read may be the anchor's.
        if all(firm["is_anchor"] is not None for firm in known.rows("firms")):
            yield known.fault(
                "firms",
                "No firm is an anchor, so there is no chain to make local.",
                "Set is_anchor to true for the chain owner, whether it is there, will come or may come.",
                rule="no_anchor",
                column="is_anchor",
            )
        return
    # A lock that denies the status is told elsewhere.
    out = [firm for firm in anchors if is_out(firm) and not contradicts_itself(firm)]
    year = known.manifest.award_year
    if any(firm["from_year"] is not None and firm["from_year"] > year for firm in out):
        return  # in this phase the chain owner is still to come
    for firm in out:
        column = "status" if firm["status"] == "excluded" else "lock"
        alone = len(out) == len(anchors)
        yield known.fault(
            "firms",
            f"The anchor '{firm['firm']}' is in no plan, "
            + ("and no other anchor is left." if alone else "its chain will not be counted."),
            "Change its status or lock, or set is_anchor to false.",
            rule="anchor_out",
            row=firm,
            column=column,
            level="error" if alone else "warning",
        )
