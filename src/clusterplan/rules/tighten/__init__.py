"""Rows that every plan keeps and the linear relaxation does not: they bring its bound down.

No plan is lost by them, none is added: they say of fractions what is true of whole numbers. They are written
for the proof alone; `clusterplan.build` leaves them out, for they make the program some twice as long.
"""

from __future__ import annotations

from clusterplan.rules.tighten import once, room, where
from clusterplan.rules.tighten.tightened import Tightened
from clusterplan.rules.written import Written

__all__ = ["Tightened", "tighten"]


def tighten(written: Written, *, fully: bool = True) -> Tightened:
    """Add the rows to a program that was just written; its own columns keep their numbers.

    Parameters
    ----------
    written
        The program; it is added to, and should not be used without what is returned.
    fully
        False for the rows of `once` alone: where a solver branches on the whole program, the others cost
        more than they save.
    """
    together = once.add(written)
    if not fully:
        return Tightened(written, together, where.NONE)
    room.add(written, together)
    return Tightened(written, together, where.add(written))
