"""Collaboration links: two ends, each a firm or a stage, and no value counted twice.

Rules: ``link_end``, ``self_link``, ``impossible_share``, ``supply_twice``, ``repeated_link``,
``link_of_variants``, ``link_of_nobody``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product as pairs_of

from clusterplan.errors import Fault
from clusterplan.region.checks.chain import supplies
from clusterplan.region.checks.known import Known, Row, shown

SUPPLY = "supply"
"""Kind of link that supply pairs stand for already."""


def check_links(known: Known) -> Iterator[Fault]:
    """Yield a fault for every link that joins nothing, joins a firm with itself, or is counted twice."""
    seen: dict[tuple[str, frozenset[str]], str] = {}
    for row in known.rows("links"):
        ends = list(_ends(known, row))
        yield from ends
        yield from _shares(known, row)
        if not ends and _is_known(known, row) and known.firms:
            yield from _pairs(known, row, seen)


def _ends(known: Known, row: Row) -> Iterator[Fault]:
    for end in ("a", "b"):
        firm, stage = row[f"firm_{end}"], row[f"stage_{end}"]
        if (firm is None) == (stage is None):
            both = firm is not None
            yield known.fault(
                "links",
                f"The link has both firm_{end} and stage_{end}."
                if both
                else f"The link has neither firm_{end} nor stage_{end}.",
                "Fill exactly one of the two.",
                rule="link_end",
                row=row,
                column=f"stage_{end}" if both else f"firm_{end}",
            )
    if row["firm_a"] is not None and row["firm_a"] == row["firm_b"]:
        yield known.fault(
            "links",
            "The link joins the firm with itself.",
            "Name the other firm in firm_b.",
            rule="self_link",
            row=row,
            column="firm_b",
        )


def _shares(known: Known, row: Row) -> Iterator[Fault]:
    shares = known.manifest.shares
    a = shares.a if row["share_a"] is None else row["share_a"]
    b = shares.b if row["share_b"] is None else row["share_b"]
    if a + b > 1 + 1e-9:
        filled = (
            " (the manifest's where the cell is empty)" if None in (row["share_a"], row["share_b"]) else ""
        )
        yield known.fault(
            "links",
            f"The shares of a and b{filled} sum to {shown(a + b)}, more than the whole.",
            "Lower one of them; what a and b do not get is unassigned.",
            rule="impossible_share",
            row=row,
            column="share_b" if row["share_b"] is not None else "share_a",
        )


def _is_known(known: Known, row: Row) -> bool:
    return all(row[end] is None or row[end] in known.firms for end in ("firm_a", "firm_b")) and all(
        row[end] is None or row[end] in known.manifest.stages for end in ("stage_a", "stage_b")
    )


def _pairs(known: Known, row: Row, seen: dict[tuple[str, frozenset[str]], str]) -> Iterator[Fault]:
    """Yield what is wrong with the pairs of firms a row joins, and note them in `seen` with the row's id."""
    pairs = _joined(known, row)
    if not pairs:
        yield from _nobody(known, row)
        return
    if row["kind"] == SUPPLY:
        yield from _supplied(known, row, pairs)
    kind = str(row["kind"])
    twice = [
        (frozenset((a["firm"], b["firm"])), seen.get((kind, frozenset((a["firm"], b["firm"])))))
        for a, b in pairs
    ]
    again = [(pair, other) for pair, other in twice if other is not None]
    if again:
        pair, other = again[0]
        names = " and ".join(f"'{firm}'" for firm in sorted(pair))
        more = f", and {len(again) - 1} more pairs are joined again" if len(again) > 1 else ""
        yield known.fault(
            "links",
            f"{names} have a link of kind '{kind}' by '{other}' already{more}: the values add up.",
            "Right if they are two relations; otherwise delete one of the rows.",
            rule="repeated_link",
            row=row,
            column="link",
            level="warning",
        )
    for pair, _ in twice:
        seen.setdefault((kind, pair), str(row["link"]))


def _supplied(known: Known, row: Row, pairs: list[tuple[Row, Row]]) -> Iterator[Fault]:
    """Yield the row if it is worth money to two firms that trade, which their supply is worth already."""
    for a, b in pairs:
        traded = [*supplies(known, a, b), *supplies(known, b, a)]
        if traded:
            yield known.fault(
                "links",
                f"'{a['firm']}' and '{b['firm']}' trade '{traded[0]}', so a link of kind '{SUPPLY}' counts "
                "their supply twice.",
                "Delete the link: what close supply is worth is the product's collaboration_share.",
                rule="supply_twice",
                row=row,
                column="kind",
            )
            return


def _joined(known: Known, row: Row) -> list[tuple[Row, Row]]:
    """Return the pairs of firms a row joins, each pair once; variants of one firm are not joined."""
    sides = []
    for end in ("a", "b"):
        firm, stage = row[f"firm_{end}"], row[f"stage_{end}"]
        if firm is not None:
            sides.append([known.firms[firm]])
        else:
            sides.append([other for other in known.firms.values() if other["stage"] == stage])
    found: dict[frozenset[str], tuple[Row, Row]] = {}
    for a, b in pairs_of(*sides):
        if a is not b and (a["variant_group"] is None or a["variant_group"] != b["variant_group"]):
            found.setdefault(frozenset((a["firm"], b["firm"])), (a, b))
    return list(found.values())


def _nobody(known: Known, row: Row) -> Iterator[Fault]:
    a, b = known.firms.get(row["firm_a"]), known.firms.get(row["firm_b"])
    if a is not None and b is not None:
        yield known.fault(
            "links",
            f"Both firms are variants of '{a['variant_group']}', of which at most one is placed; "
            "the link is never realised.",
            "Delete the link, or correct a firm's variant_group.",
            rule="link_of_variants",
            row=row,
            column="firm_b",
            level="warning",
        )
    else:
        yield known.fault(
            "links",
            "The rule makes no link: there are no two firms it joins.",
            f"Check its stages against those of {known.file('firms')}, or delete the row.",
            rule="link_of_nobody",
            row=row,
            column="stage_a" if row["stage_a"] is not None else "stage_b",
            level="warning",
        )
