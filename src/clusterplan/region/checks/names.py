"""Names in the manifest that would be passed over: kinds of proximity no link has, resources no firm needs.

Rules: ``kind_supply``, ``unused_kind``, ``unused_resource``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known
from clusterplan.region.checks.links import SUPPLY
from clusterplan.region.suggest import suggest


def check_names(known: Known) -> Iterator[Fault]:
    """Yield a fault for every key of the manifest that nothing would use."""
    kinds = {row["kind"] for row in known.rows("links") if row["kind"] is not None}
    for kind in known.manifest.proximity.kinds:
        if kind == SUPPLY:
            yield known.manifest_fault(
                f"proximity.kinds.{kind}",
                "The proximity of supply has a key of its own.",
                "Move it to proximity.supply.",
                rule="kind_supply",
            )
        elif kind not in kinds and not known.broken("links"):
            yield known.manifest_fault(
                f"proximity.kinds.{kind}",
                f"No link is of kind '{kind}', so its proximity is not used.{suggest(kind, kinds)}",
                f"Write the kind as it stands in {known.file('links')}, or delete it.",
                rule="unused_kind",
                level="warning",
            )
    for resource in known.manifest.resources:
        needed = any(row[resource] for row in known.rows("firms"))
        if not needed and not known.broken("firms"):
            yield known.manifest_fault(
                f"resources.{resource}",
                f"No firm needs '{resource}'.",
                f"Fill the column {resource} of {known.file('firms')}, or delete the resource.",
                rule="unused_resource",
                level="warning",
            )
