"""`Cause`: one thing that must hold in every plan, as a planner names it; `Ease`: how it could give way."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from clusterplan.instance import Ints

NONE: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Ease:
    """How a cause can give way, by an amount or altogether.

    Parameters
    ----------
    kind
        Kind of change; `clusterplan.explore.obstacles.change` makes it in a region.
    about
        Ids of what is changed.
    words
        The change, with ``{}`` where the amount stands.
    unit
        Unit of the amount; empty for a change that is made or not, whose amount is 1.
    there
        What is there now, in that unit: what the change is measured against.
    most
        Largest amount.
    whole
        True where the amount is a whole number.
    rows, per_unit
        What a unit of the amount adds to rows of the program.
    """

    kind: str
    about: tuple[str, ...]
    words: str
    unit: str = ""
    there: float = 1.0
    most: float = math.inf
    whole: bool = False
    rows: Ints = field(default_factory=lambda: NONE)
    per_unit: float = 1.0

    def departs(self, amount: float) -> float:
        """Return how far an amount departs from what is there, as a share of it."""
        return amount / self.there if self.there > 0 else amount


@dataclass(frozen=True, eq=False)
class Cause:
    """One thing that must hold in every plan.

    Parameters
    ----------
    rule
        Name of the rule.
    about
        Ids of what it is of.
    what
        What must hold, in a sentence.
    limit
        The number in it, NaN for none.
    unit
        Its unit.
    rows
        Rows of the program that say so.
    shut, held
        Columns that are 0, and 1, because of it.
    ease
        How it can give way; None where a change would have no clear meaning.
    weight
        Causes of less weight are the first to be left out of a conflict.
    """

    rule: str
    about: tuple[str, ...]
    what: str
    limit: float = math.nan
    unit: str = ""
    rows: Ints = field(default_factory=lambda: NONE)
    shut: Ints = field(default_factory=lambda: NONE)
    held: Ints = field(default_factory=lambda: NONE)
    ease: Ease | None = None
    weight: tuple[float, ...] = (0.0,)

    @property
    def id(self) -> str:
        """Ids of what it is of, joined by ``/``."""
        return "/".join(self.about)
