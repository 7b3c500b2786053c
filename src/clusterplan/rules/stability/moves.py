"""`Moves`: what each firm would gain in each other park, as sums of columns in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from clusterplan.instance import Bools, Floats, Instance, Ints, Stable


@dataclass(frozen=True)
class Moves:
    """V[f,t] − surplus[f] as columns and coefficients, and what it can be at most.

    Parameters
    ----------
    wanted
        F×S, True for a firm and a park that it may want to move to.
    most
        F×S, the most of it where the firm is placed elsewhere, grants left out: they only lose by a move.
    most_out
        F×S, the most of it where the firm is out: what links would bring.
    firm, park, column, amount
        Entries so far.
    """

    wanted: Bools
    most: Floats
    most_out: Floats
    firm: list[Ints] = field(default_factory=list)
    park: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    amount: list[Floats] = field(default_factory=list)

    @classmethod
    def of(cls, instance: Instance, stable: Stable) -> Moves:
        """Return the moves of an instance, still without amounts."""
        here = instance.sites.admissible
        elsewhere = here.sum(axis=1, keepdims=True) - here > 0  # a place other than the park itself
        return cls.among(
            stable.admissible & stable.moves[:, None] & elsewhere & ~instance.sites.open_never[None, :]
        )

    @classmethod
    def among(cls, wanted: Bools) -> Moves:
        """Return these moves, still without amounts."""
        return cls(wanted=wanted, most=np.zeros(wanted.shape), most_out=np.zeros(wanted.shape))

    def add(self, firm: Ints, park: Ints, column: Ints, amount: Floats) -> None:
        """Add amount × column to what firms would gain in parks."""
        used = (amount != 0) & self.wanted[firm, park]
        self.firm.append(firm[used])
        self.park.append(park[used])
        self.column.append(column[used])
        self.amount.append(amount[used])

    def entries(self, row_of: Ints) -> tuple[Ints, Ints, Floats]:
        """Return row, column and amount of all entries of the moves that have a row (F×S, −1: none)."""
        if not self.firm:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
        row = row_of[np.concatenate(self.firm), np.concatenate(self.park)]
        used = row >= 0
        return row[used], np.concatenate(self.column)[used], np.concatenate(self.amount)[used]
