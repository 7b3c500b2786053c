"""Which parks have room for a firm, with everybody else where they are and no public money."""

from __future__ import annotations

import numpy as np

from clusterplan.instance import Bools, Floats, Instance, Ints

ROUNDING = 1e-9
"""What sums of needs may exceed a capacity by, relative, or absolute below 1."""


class Room:
    """Room in the parks of an instance.

    A park has room for a firm if the firm is admitted, its needs fit into what park and groups have left,
    nobody it must keep apart from is too near, and the park is open or can be opened at no public cost.

    Parameters
    ----------
    instance
        What is planned.
    """

    def __init__(self, instance: Instance) -> None:
        self._sites = instance.sites
        self._free = (instance.sites.opening_cost <= 0) & ~instance.sites.open_never

    def of(self, firm: int, park: Ints) -> Bools:
        """Return (S,) which parks have room for a firm.

        Parameters
        ----------
        firm
            The firm; where it is now does not count.
        park
            (F,) park of each firm, −1 for a firm that is out.
        """
        sites = self._sites
        others = np.array(park)
        others[firm] = -1
        opened = np.array(sites.open_always)
        opened[others[others >= 0]] = True
        may_open = self._free & (opened.sum() < sites.open_max)
        has: Bools = sites.admissible[firm] & (opened | may_open) & self.fits(firm, others)
        for separation in sites.separations:
            for mine, theirs, near in (
                (separation.firms_a, separation.firms_b, separation.near),
                (separation.firms_b, separation.firms_a, separation.near.T),
            ):
                if firm in mine:
                    there = others[theirs]
                    has &= ~near[:, there[there >= 0]].any(axis=1)
        return has

    def fits(self, firm: int, others: Ints) -> Bools:
        """Return (S,) which parks, and groups of parks, have left what a firm needs."""
        sites = self._sites
        used = self._used(others)
        need = sites.needs[:, firm]
        fits = (used + need[:, None] <= _up(sites.capacity)).all(axis=0)
        resource = sites.group_resource
        shared = (sites.group_parks * used[resource]).sum(axis=1) + need[resource]
        full = shared > _up(sites.group_capacity)
        return np.asarray(fits & ~sites.group_parks[full].any(axis=0))

    def _used(self, others: Ints) -> Floats:
        sites = self._sites
        placed = np.flatnonzero(others >= 0)
        used = np.zeros_like(sites.capacity)
        np.add.at(used.T, others[placed], sites.needs[:, placed].T)
        return used


def _up(capacity: Floats) -> Floats:
    """Return capacities with room for rounding."""
    return np.asarray(
        capacity + ROUNDING * np.maximum(1.0, np.abs(np.where(np.isinf(capacity), 1.0, capacity)))
    )
