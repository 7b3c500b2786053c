"""What stays from a phase p to the next, p + 1, and what may be awarded anew.

    x[s,p+1] ≥ x[s,p],   v[i,p+1] ≥ v[i,p]               parks stay open, works stay built
    y[f,s,p+1] ≥ y[f,s,p]                                a firm stays where it is
    Σ_{n' no less than n} l[s,n',p+1] ≥ l[s,n,p]         a park keeps its level, or gets a larger one
    h[f,i,p+1] ≥ h[f,i,p]                                awards stay
    h[f,i,p+1] ≤ h[f,i,p] + cap[f,i] · (1 − Σ_s y[f,s,p])   and are made when a firm comes; to who is there,
                                                            by instruments of retention alone
    h[f,i,p+1] ≤ h[f,i,p]                                where i is not awarded in phase p + 1

A column that a phase lacks is 0. A level n' is no less than n if it has as much of every resource and takes
as much of every budget. Source: nested decisions of multi-period facility location (Melo, Nickel and Saldanha
da Gama 2006, Dynamic multi-commodity capacitated facility location).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from clusterplan.instance import Bools, Instance, Ints
from clusterplan.rules import Written
from clusterplan.solve.tie import Tie


def ties(blocks: tuple[Written, ...], awarded: tuple[Bools, ...], retained: tuple[Bools, ...]) -> list[Tie]:
    """Return the ties between phases that follow each other.

    Parameters
    ----------
    blocks
        The program of each phase.
    awarded
        By phase, (A,) True for an award whose instrument is awarded in it.
    retained
        By phase, (A,) True for an award that may be made to a firm that is there already.
    """
    found: list[Tie] = []
    for p, (here, there) in enumerate(itertools.pairwise(blocks)):
        found += _stays(p, here, there)
        found += _awards(p, here, there, awarded[p + 1], retained[p + 1])
    return found


def same_award(here: Instance, there: Instance) -> Ints:
    """Return, by award of one phase, that of the same instrument to the same firm in another; −1: none."""
    at = {pair: a for a, pair in enumerate(zip(there.awards.firm, there.awards.instrument, strict=True))}
    pairs = zip(here.awards.firm, here.awards.instrument, strict=True)
    return np.array([at.get(pair, -1) for pair in pairs], dtype=np.int64)


def _stays(p: int, here: Written, there: Written) -> Iterator[Tie]:
    sited = here.sited
    y = sited.y[sited.firm, sited.park]
    yield _no_less(f"park_stays_{p}", p, there.sited.x, here.sited.x)
    yield _no_less(f"firm_stays_{p}", p, there.sited.y[sited.firm, sited.park], y)
    yield _no_less(f"work_stays_{p}", p, there.built.work, here.built.work)
    levels, spending = there.instance.levels, there.instance.spending
    n = len(levels.names)
    no_less = (levels.park[:, None] == levels.park[None, :]) & (
        levels.extra[:, None, :] >= levels.extra[None, :, :]
    ).all(axis=2)
    no_less &= (spending.levels[:, :, None] >= spending.levels[:, None, :]).all(axis=0)
    larger, of = np.nonzero(no_less)
    yield Tie(
        f"level_stays_{p}",
        row=np.concatenate([of, np.arange(n)]),
        block=np.concatenate([np.full(len(of), p + 1), np.full(n, p)]),
        column=np.concatenate([there.built.level[larger], here.built.level]),
        coefficient=np.concatenate([np.ones(len(of)), -np.ones(n)]),
        lower=np.zeros(n),
        upper=np.full(n, np.inf),
    )


def _no_less(name: str, p: int, later: Ints, earlier: Ints) -> Tie:
    """Return later ≥ earlier, where a later column may be missing (−1)."""
    n = len(earlier)
    is_there = np.flatnonzero(later >= 0)
    return Tie(
        name,
        row=np.concatenate([is_there, np.arange(n)]),
        block=np.concatenate([np.full(len(is_there), p + 1), np.full(n, p)]),
        column=np.concatenate([later[is_there], earlier]),
        coefficient=np.concatenate([np.ones(len(is_there)), -np.ones(n)]),
        lower=np.zeros(n),
        upper=np.full(n, np.inf),
    )


def _awards(p: int, here: Written, there: Written, awarded: Bools, retained: Bools) -> Iterator[Tie]:
    at = same_award(here.instance, there.instance)
    later = np.where(at >= 0, there.awarded.h[at] if len(there.awarded.h) else -1, -1)
    yield _no_less(f"award_stays_{p}", p, later, here.awarded.h)
    awards = there.instance.awards
    back = same_award(there.instance, here.instance)
    held = np.flatnonzero(~awarded | ~retained)
    known = np.flatnonzero(back[held] >= 0)
    most = awards.cap[held].max(axis=1, initial=0.0)
    opened = awarded[held]  # what is not awarded at all in this phase stays as it is
    y = here.sited.y[awards.firm[held]]
    row, park = np.nonzero((y >= 0) & opened[:, None])
    n = len(held)
    yield Tie(
        f"awarded_on_coming_{p}",
        row=np.concatenate([np.arange(n), known, row]),
        block=np.concatenate([np.full(n, p + 1), np.full(len(known) + len(row), p)]),
        column=np.concatenate(
            [
                there.awarded.h[held],
                here.awarded.h[back[held[known]]],
                y[row, park],
            ]
        ),
        coefficient=np.concatenate([np.ones(n), -np.ones(len(known)), most[row]]),
        lower=np.full(n, -np.inf),
        upper=np.where(opened, most, 0.0),
    )
