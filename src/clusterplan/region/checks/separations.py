"""Separations: no pair of stages twice the other way round, no receptors for nothing.

Rules: ``repeated_separation``, ``unused_receptors``.
"""

from __future__ import annotations

from collections.abc import Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.known import Known
from clusterplan.region.tables import HOMES


def check_separations(known: Known) -> Iterator[Fault]:
    """Yield a warning for every separation that says again what another says, or could not be used."""
    rows = known.rows("separations")
    pairs = {(row["stage"], row["from_stage"]) for row in rows}
    for row in rows:
        stage, other = row["stage"], row["from_stage"]
        # The later of the two in order of ids is told, so that the pair is told once.
        if None not in (stage, other) and stage > other and (other, stage) in pairs:
            yield known.fault(
                "separations",
                f"'{other}' from '{stage}' stands in another row: a separation holds both ways, the wider "
                "counts.",
                "Keep one of the two rows.",
                rule="repeated_separation",
                row=row,
                column="from_stage",
                level="warning",
            )
    if known.rows("receptors") and HOMES not in {row["from_stage"] for row in rows}:
        yield known.fault(
            "receptors",
            f"No row of {known.file('separations')} keeps a stage away from '{HOMES}'; this is not used.",
            f"Add such a row, or delete {known.file('receptors')}.",
            rule="unused_receptors",
            level="warning",
        )
