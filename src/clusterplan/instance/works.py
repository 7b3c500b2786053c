"""What the public may build: larger sizes of parks, works, and who is paid from which budget for it.

One-off money becomes yearly by the capital recovery factor; both parts count at the cost of funds of their
budget, at 1 where none is named. A shorter way is as long as the work says, in both directions, unless it
was shorter before; where proximity is measured in hours, it takes as long as at the manifest's default
speed. Of several works that shorten one way, the shortest that is built counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from clusterplan.instance.frozen import Bools, Floats, Frozen, Ints


def _none(*shape: int) -> Floats:
    return np.zeros(shape or (0,))


def _nobody() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Levels(Frozen):
    """Larger sizes of parks, L of them.

    Parameters
    ----------
    park
        L, the park it is a size of.
    names
        Ids, once in each park.
    extra
        L×R, capacity beyond the park's own.
    cost
        L, public cost on top of the open park's, m currency/y, at the cost of funds.
    """

    park: Ints = field(default_factory=_nobody)
    names: tuple[str, ...] = ()
    extra: Floats = field(default_factory=lambda: _none(0, 0))
    cost: Floats = field(default_factory=_none)


@dataclass(frozen=True)
class Ways(Frozen):
    """Ways that works shorten, in the order in which they count: of one way the shortest first.

    Parameters
    ----------
    work
        n, the work.
    start, end
        n, park at one end; park or gateway at the other.
    km
        n, length once it is built.
    proximity
        n, proximity of supply then; between parks alone.
    kernels
        K×n, proximity of each kind of link then; between parks alone.
    reached
        K×n, True where a piece of an innovation loop at the end is then within reach of a producer at the
        start, by loop; between parks alone.
    access
        n, True where a firm at the start then has access to a platform at the end; between parks alone.
    twin
        n, the same work's way in the other direction; between parks alone.
    """

    work: Ints = field(default_factory=_nobody)
    start: Ints = field(default_factory=_nobody)
    end: Ints = field(default_factory=_nobody)
    km: Floats = field(default_factory=_none)
    proximity: Floats = field(default_factory=_none)
    kernels: Floats = field(default_factory=lambda: _none(0, 0))
    reached: Bools = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))
    access: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    twin: Ints = field(default_factory=_nobody)

    def taken(self, built: Bools, shape: tuple[int, ...]) -> Ints:
        """Return the way that counts between any two places, −1 where none does.

        Parameters
        ----------
        built
            W, True for a work that is built.
        shape
            Number of parks, number of places at the other end.
        """
        found = np.full(shape, -1)
        for way in range(len(self.work) - 1, -1, -1):  # the first of a pair is written last
            if built.size and built[self.work[way]]:  # nothing said: nothing is built
                found[self.start[way], self.end[way]] = way
        return found

    def between(self, start: int, end: int) -> Ints:
        """Return the ways between two places, the shortest first."""
        return np.flatnonzero((self.start == start) & (self.end == end))


@dataclass(frozen=True)
class Works(Frozen):
    """Public works, W of them.

    Parameters
    ----------
    names
        Ids.
    park
        W, the park it improves, −1 for none.
    capacity
        W×R, what it adds to its park.
    group_capacity
        W×G, what it adds to groups of parks.
    saving, public_saving
        W×F, what each firm saves in its park, and what the public saves on platforms there, m currency/y;
        less than 0 where it costs more.
    cost
        W, public cost, m currency/y, at the cost of funds.
    ways, gates
        Ways between parks, and from parks to gateways, that it shortens.
    """

    names: tuple[str, ...] = ()
    park: Ints = field(default_factory=_nobody)
    capacity: Floats = field(default_factory=lambda: _none(0, 0))
    group_capacity: Floats = field(default_factory=lambda: _none(0, 0))
    saving: Floats = field(default_factory=lambda: _none(0, 0))
    public_saving: Floats = field(default_factory=lambda: _none(0, 0))
    cost: Floats = field(default_factory=_none)
    ways: Ways = field(default_factory=Ways)
    gates: Ways = field(default_factory=Ways)


@dataclass(frozen=True)
class Spending(Frozen):
    """What levels, works and platforms take from the rows of budgets, beside awards.

    Parameters
    ----------
    levels, works, platforms
        B×L, B×W and B×F, in the unit of the row's limit.
    """

    levels: Floats = field(default_factory=lambda: _none(0, 0))
    works: Floats = field(default_factory=lambda: _none(0, 0))
    platforms: Floats = field(default_factory=lambda: _none(0, 0))


def most_capacity(capacity: Floats, levels: Levels, works: Works) -> Floats:
    """Return R×S capacities at the largest level and with all works, given what parks have without."""
    if not levels.names and not works.names:
        return capacity
    largest = np.zeros_like(capacity)
    for park, extra in zip(levels.park, levels.extra, strict=True):
        largest[:, park] = np.maximum(largest[:, park], extra)
    for park, added in zip(works.park, works.capacity, strict=True):
        if park >= 0:
            largest[:, park] += added
    return np.asarray(capacity + largest)
