"""`Diagnosis`: what stands in the way of a plan, and what would let one exist."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from clusterplan.errors import Fault, UsageError
from clusterplan.explore.obstacles.change import changed
from clusterplan.explore.obstacles.menu import Entry
from clusterplan.region import Region


@dataclass(frozen=True, eq=False, repr=False)
class Diagnosis:
    """What stands in the way of a plan, and what would let one exist.

    Parameters
    ----------
    region
        The region as it is.
    feasible
        True if a plan exists, False if none does, None if time ran out before either was known.
    conflict
        Rules that can't hold together, one a row: ``rule``, ``id``, ``what`` (in a sentence), ``limit``, and
        ``amount``, the least (or most) instead of the limit with which the rest of the set could hold; NaN
        where there is no number, or none is enough; ``unit``. Empty if a plan exists.
    menu
        Changes that let a plan exist, least departure first. By ``entry``, which may be of several changes,
        one a row: ``change`` (in words), ``kind``, ``id``, ``amount``, ``unit`` and ``departs``, how far the
        whole entry departs from what is there: amounts as shares of it, 1 for what is done or not; and
        ``is_least``, whether it is proven that no smaller change of what may give way in it is enough.
    is_minimal
        Whether it is proven that no rule of the conflict can be left out; False if there is no conflict.
    certain
        What can't be before anything is solved.
    entries
        The menu's entries.
    seconds
        Time taken.
    """

    region: Region
    feasible: bool | None
    conflict: pd.DataFrame
    menu: pd.DataFrame
    is_minimal: bool
    certain: tuple[Fault, ...]
    entries: tuple[Entry, ...]
    seconds: float

    def __repr__(self) -> str:
        return f"<Diagnosis of {self.region.name!r}: {self.headline}>"

    @property
    def headline(self) -> str:
        """What is known, in a sentence."""
        if self.feasible is None:
            return "Time ran out before it was known whether a plan exists."
        if self.feasible:
            return "A plan exists: nothing stands in the way."
        if self.conflict.empty:
            return "No plan exists; time ran out before it was known why."
        proof = "none of them can be left out" if self.is_minimal else "some may not be needed: time ran out"
        return f"No plan exists: {len(self.conflict)} rules can't hold together ({proof})."

    def as_dict(self) -> dict[str, Any]:
        """Return what is known as plain values, for JSON; numbers that are not known are None."""
        menu = [
            {
                "changes": [asdict(change) | {"id": change.id} for change in entry.changes],
                "departs": entry.departs,
                "is_least": entry.is_least,
            }
            for entry in self.entries
        ]
        return {
            "region": self.region.name,
            "feasible": self.feasible,
            "is_minimal": self.is_minimal,
            "headline": self.headline,
            "conflict": json.loads(self.conflict.to_json(orient="records")),
            "menu": menu,
            "certain": [fault.as_dict() for fault in self.certain],
            "seconds": self.seconds,
        }

    def mended(self, entry: int = 0) -> Region:
        """Return the region with the changes of an entry of the menu made.

        Raises
        ------
        UsageError
            If the menu has no such entry.
        """
        if not 0 <= entry < len(self.entries):
            raise UsageError(
                f"The menu has {len(self.entries)} entries, counted from 0, and none is {entry!r}."
            )
        return changed(self.region, self.entries[entry].changes)
