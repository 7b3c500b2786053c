"""What is found for programs side by side."""

from __future__ import annotations

from dataclasses import dataclass

from clusterplan.instance import Decisions, Floats
from clusterplan.solve.outcome import Outcome


@dataclass(frozen=True, eq=False)
class FoundTogether:
    """What was found for programs side by side.

    Parameters
    ----------
    outcome
        Status, value, bound and gap of the whole.
    values
        Column values of each block; None without any.
    decisions
        What each block decides; None without values.
    further
        Values of the further columns; None without values.
    """

    outcome: Outcome
    values: tuple[Floats, ...] | None
    decisions: tuple[Decisions, ...] | None
    further: Floats | None

    @property
    def value(self) -> float | None:
        """The weighted value of the whole; None without values."""
        return self.outcome.value

    @property
    def bound(self) -> float | None:
        """Nothing is worth more than this; None if unknown."""
        return self.outcome.bound
