"""Layouts to start from."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from clusterplan.instance import Ints
from clusterplan.solve.seek.compiled import state_of
from clusterplan.solve.seek.state import Problem, fill


def greedy(problem: Problem, random: np.random.Generator) -> Ints:
    """Return a layout made firm by firm, large ones first, each where there is room and value.

    Links are not looked at; what does not fit goes where it does the least harm.

    Parameters
    ----------
    problem
        The arrays of the problem.
    random
        Breaks ties, and makes each start another one.
    """
    p = problem
    n, m = p.linear.shape
    park = np.full(n, -1, dtype=np.int64)
    used = np.zeros(len(p.least))
    finite = np.isfinite(p.linear)
    linear = np.where(finite, p.linear, 0.0)
    spread = (float(linear.std()) if n else 0.0) + 1e-9
    allowed = p.open_always.copy()
    merit = linear.sum(axis=0) - p.opening + spread * n * 0.2 * random.random(m)
    allowed[np.argsort(-merit)[: p.open_max]] = True
    size = np.abs(p.need).sum(axis=1)
    noise = 0.3 * spread
    for f in np.argsort(-size * (0.7 + 0.6 * random.random(n)), kind="stable"):
        offer = np.where(finite[f] & allowed, p.linear[f] + noise * random.random(m), -np.inf)
        if not np.isfinite(offer).any():
            offer = p.linear[f].copy()
        for s in np.flatnonzero(np.isfinite(offer)):
            here = slice(p.lptr[s], p.lptr[s + 1])
            c = p.lid[here]
            excess = np.maximum(0.0, used[c] + p.need[f, p.lres[here]] - p.most[c]) / p.norm[c]
            offer[s] -= 1e6 * spread * excess.sum()
        to = int(np.argmax(offer))
        if not np.isfinite(offer[to]) or (p.may_leave[f] and offer[to] < 0):
            continue
        park[f] = to
        here = slice(p.lptr[to], p.lptr[to + 1])
        used[p.lid[here]] += p.need[f, p.lres[here]]
    return park


def kicked(problem: Problem, park: Ints, random: np.random.Generator) -> Ints:
    """Return a layout with one or two parks upset: moved, joined, exchanged, shut, opened or shuffled.

    Parameters
    ----------
    problem
        The arrays of the problem.
    park
        (F,) the layout.
    random
        Chooses.
    """
    linear = problem.linear
    firms, m = np.arange(len(park)), linear.shape[1]
    used = np.unique(park[park >= 0])
    if not len(used) or m < 2:
        return park.copy()
    s, kind = int(random.choice(used)), int(random.integers(5))
    unused = np.setdiff1d(np.arange(m), used)
    others = unused if len(unused) and random.random() < 0.7 else np.setdiff1d(np.arange(m), [s])
    t = int(random.choice(others))
    here, there = park == s, park == t
    to = park.copy()
    if kind == 0:
        to[here] = t
    elif kind == 1:
        to[here], to[there] = t, s
    elif kind == 2 and len(used) > 1:
        left = used[used != s]
        to[here] = left[np.argmax(linear[here][:, left], axis=1)]
    elif kind == 3:
        to[(park >= 0) & (linear[:, t] > linear[firms, park])] = t
    else:
        both = here | there
        to[both] = np.where(random.random(int(both.sum())) < 0.5, s, t)
    barred = (to >= 0) & np.isneginf(linear[firms, to])
    return np.where(barred, park, to)


def crossed(one: Ints, two: Ints, alike: Ints, random: np.random.Generator) -> Ints:
    """Return a layout in which each firm is where it is in one of two.

    Parameters
    ----------
    one, two
        (F,) layouts.
    alike
        (S,) classes of parks that are the same but for their number.
    random
        Chooses.
    """
    two = renumbered(one, two, alike)
    return np.where(random.random(len(one)) < random.choice([0.5, 0.8]), one, two)


def renumbered(one: Ints, two: Ints, alike: Ints) -> Ints:
    """Return the second layout, with parks of a class renumbered so that it is as near the first as can be.

    Parameters
    ----------
    one, two
        (F,) layouts.
    alike
        (S,) classes of parks that are the same but for their number.
    """
    m = len(alike)
    if len(np.unique(alike)) == m:
        return two
    common = np.zeros((m, m))
    both = (one >= 0) & (two >= 0)
    np.add.at(common, (two[both], one[both]), 1.0)
    common[alike[:, None] != alike[None, :]] = -1e9
    number = linear_sum_assignment(common, maximize=True)[1]
    return np.where(two >= 0, number[two], -1)


def classes_of_parks(problem: Problem) -> Ints:
    """Return a class for each park: parks of a class may exchange all their firms and nothing changes.

    Parameters
    ----------
    problem
        The arrays of the problem.
    """
    p = problem
    m = p.linear.shape[1]
    classes = np.arange(m)
    kept: dict[bytes, list[int]] = {}
    for s in range(m):
        c = p.lid[p.lptr[s] : p.lptr[s + 1]]
        shared = c[c >= p.first_shared]
        own = c[c < p.first_shared]
        mark = [p.linear[:, s], p.opening[s], p.open_always[s], shared, p.lres[p.lptr[s] : p.lptr[s + 1]]]
        key = b"|".join(np.asarray(part).tobytes() for part in (*mark, p.least[own], p.most[own]))
        for t in kept.setdefault(key, []):
            order = np.arange(m)
            order[[s, t]] = t, s
            if len(p.other) == 0 or np.array_equal(p.values, p.values[:, order][:, :, order]):
                classes[s] = classes[t]
                break
        kept[key].append(s)
    return classes


def typical_change(problem: Problem, park: Ints) -> float:
    """Return the median size of what moving one firm changes.

    Parameters
    ----------
    problem
        The arrays of the problem.
    park
        (F,) the layout that is moved from.
    """
    state = state_of(problem, park)
    fill(problem, state)
    here = np.where(park >= 0, state.gain[np.arange(len(park)), park], 0.0)
    change = np.abs(state.gain - np.where(np.isfinite(here), here, 0.0)[:, None])
    change = change[np.isfinite(change) & (change > 0)]
    return float(np.median(change)) if len(change) else 1.0
