"""The program of several phases: theirs side by side, tied by what stays and by money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusterplan.instance import Bools, Instance
from clusterplan.region import Manifest
from clusterplan.rules import write
from clusterplan.solve.phased.money import money
from clusterplan.solve.phased.ties import ties
from clusterplan.solve.side_by_side import SideBySide, side_by_side


@dataclass(frozen=True, eq=False)
class PhaseProgram:
    """A phase as the program sees it.

    Parameters
    ----------
    instance
        The region of the phase.
    weight
        Discounted number of its years, years.
    awarded
        (A,) True for an award whose instrument is awarded in this phase.
    retained
        (A,) True for an award that may be made to a firm that is there already.
    """

    instance: Instance
    weight: float
    awarded: Bools
    retained: Bools


def phased(manifest: Manifest, phases: Sequence[PhaseProgram]) -> SideBySide:
    """Return the program of phases, or of the first of them.

    Parameters
    ----------
    manifest
        The manifest with the phases and all budgets.
    phases
        Phases in the order of their years, from the first on.
    """
    shown = manifest.model_copy(update={"phases": manifest.phases[: len(phases)]})
    blocks = tuple(write(phase.instance) for phase in phases)
    rows = [
        *ties(blocks, tuple(p.awarded for p in phases), tuple(p.retained for p in phases)),
        *money(shown, blocks),
    ]
    return side_by_side(blocks, [phase.weight for phase in phases], rows)
