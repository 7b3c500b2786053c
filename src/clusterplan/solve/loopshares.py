"""The value of innovation loops split over the stages they need, for a search that knows firms and pairs.

Each stage that a loop needs counts an equal part of its value. A stage with a firm within reach that is in
its park in every plan counts to the producer in that park; of another, the part is split over the firms of
the stage, as a link with each. So a loop is worth what it is where one stage with one candidate is open or
none is, and something between otherwise: less than its value where some of several candidates are there,
more than nothing where a stage is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Floats, Instance, Ints


@dataclass(frozen=True)
class LoopShares:
    """Loops as values of places and of pairs.

    Parameters
    ----------
    worth, keeps
        F×S, in units of the objective, and what the firm keeps, m currency/y.
    a, b, loop
        The producer, the other firm and the loop of each pair.
    weight, kept
        What a pair within reach is worth in units of the objective, and what the producer keeps of it.
    """

    worth: Floats
    keeps: Floats
    a: Ints
    b: Ints
    loop: Ints
    weight: Floats
    kept: Floats


def loop_shares(instance: Instance) -> LoopShares:
    """Return the loops of an instance as values of places and of pairs."""
    loops, sites = instance.loops, instance.sites
    sure = sites.must_place & (sites.admissible.sum(axis=1) == 1)
    keeps = np.zeros(sites.admissible.shape)
    worth = np.zeros(sites.admissible.shape)
    pairs: list[tuple[int, int, int, float, float]] = []
    pieces = np.bincount(loops.piece_loop, minlength=len(loops.names))
    for n, m in zip(*np.nonzero(loops.needs()), strict=True):
        f, k = int(loops.producer[n]), int(loops.loop[n])
        part = loops.value[k] / pieces[k]
        own = part * loops.share[k] * instance.results.has_surplus[f]
        part *= instance.weights["loops"]
        firms = np.flatnonzero(loops.piece_firms[m] & sites.admissible.any(axis=1))
        firms = firms[firms != f]
        homes = np.argmax(sites.admissible[firms[sure[firms]]], axis=1)
        settled = loops.near[k][:, homes].any(axis=1)
        worth[f, settled] += part
        keeps[f, settled] += own
        if settled[sites.admissible[f]].all():
            continue
        free = firms[~sure[firms]]
        pairs += [(f, int(g), k, part / len(free), own / len(free)) for g in free]
    a, b, loop = (np.array([pair[i] for pair in pairs], dtype=np.int64) for i in range(3))
    weight, kept = (np.array([pair[i] for pair in pairs], dtype=float) for i in (3, 4))
    return LoopShares(worth, keeps, a, b, loop, weight, kept)
