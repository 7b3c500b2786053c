"""A `Layout` as the arrays the compiled search takes."""

from __future__ import annotations

from typing import Any

import numpy as np

from clusterplan.instance import Floats, Ints
from clusterplan.solve.seek.layout import Layout, Limit
from clusterplan.solve.seek.state import Problem, State

PAIRS_UP_TO = 2000
"""Number of firms up to which a table tells where the links of two firms stand; beyond, they are sought."""


def problem_of(layout: Layout) -> Problem:
    """Return the arrays of a layout problem for the compiled search.

    Links become ends, two a link, sorted by firm and partner, so that each firm sees its links from its own
    side: ``values[kind, own park, partner's park]``, with kinds 2·k for a link's first firm, 2·k + 1 for its
    second.

    Parameters
    ----------
    layout
        The problem.
    """
    n, m = layout.linear.shape
    fits = layout.linear > -np.inf
    choice = fits.sum(axis=1) + ~layout.must_place
    size = len(layout.link_a)
    firm, other = (
        np.concatenate([layout.link_a, layout.link_b]),
        np.concatenate([layout.link_b, layout.link_a]),
    )
    kind = 2 * np.tile(layout.link_kind, 2) + np.repeat(np.array([0, 1]), size)
    order = np.lexsort((other, firm))
    values = np.empty((2 * len(layout.values), m, m))
    values[::2], values[1::2] = layout.values, layout.values.transpose(0, 2, 1)
    firm, other = firm[order], other[order]
    pair = np.full((n, n) if size and n <= PAIRS_UP_TO else (0, 0), -1, dtype=np.int32)
    if len(pair):
        # the first of the links of two firms: they stand one after the other
        first = np.ones(2 * size, dtype=bool)
        first[1:] = (firm[1:] != firm[:-1]) | (other[1:] != other[:-1])
        pair[firm[first], other[first]] = np.flatnonzero(first)
    return Problem(
        linear=own(layout.linear, np.float64),
        may_leave=own(~layout.must_place, np.bool_),
        opening=own(layout.opening_cost, np.float64),
        open_always=own(layout.open_always, np.bool_),
        open_min=layout.open_min,
        open_max=layout.open_max,
        **_limits(layout.limits, n, m),
        ptr=own(np.searchsorted(firm, np.arange(n + 1)), np.int64),
        other=own(other, np.int64),
        weight=own(np.tile(layout.link_weight, 2)[order], np.float64),
        kind=own(kind[order], np.int64),
        values=own(values, np.float64),
        pair=pair,
        free=own(np.flatnonzero((choice > 1) & fits.any(axis=1)), np.int64),
        places_ptr=own(np.concatenate([[0], np.cumsum(fits.sum(axis=1))]), np.int64),
        places=own(np.nonzero(fits)[1], np.int64),
        **_willing(layout, order),
    )


def state_of(problem: Problem, park: Ints) -> State:
    """Return a state for a layout; `clusterplan.solve.seek.state.fill` makes it right.

    Parameters
    ----------
    problem
        The arrays of the problem.
    park
        (F,) park of each firm, −1 where it stays out; copied.
    """
    n, m = problem.linear.shape
    return State(
        park=own(park, np.int64),
        count=np.zeros(m, np.int64),
        used=np.zeros(len(problem.least)),
        gain=np.zeros((n, m)),
        total=np.zeros(2),
        n_open=np.zeros(1, np.int64),
        own=np.zeros((n, m) if problem.has_own else (0, 0)),
    )


def own(value: Any, dtype: Any) -> Any:
    """Return an own, writable, contiguous array: one type a name, so that nothing is compiled twice."""
    return np.array(value, dtype=dtype, order="C")


def _willing(layout: Layout, order: Ints) -> dict[str, Any]:
    """Return what firms keep for themselves as arrays: by end of a link, own weight and the partner's."""
    willing = layout.willing
    if willing is None:
        return {
            "has_own": False,
            "is_willing": np.zeros(0, np.bool_),
            "own_linear": np.zeros((0, 0)),
            "own_weight": np.zeros((0, 2)),
            "own_values": np.zeros((0, 0, 0)),
            "aid_most": np.zeros((0, 0)),
            "aid_cost": np.zeros(0),
            "beyond": 0.0,
        }
    by_side = np.stack([willing.weight_a, willing.weight_b], axis=1)
    weight = np.concatenate([by_side, by_side[:, ::-1]])
    k, m = len(willing.values_a), layout.n_parks
    values = np.empty((2 * k, m, m))
    # a firm's own park runs along the last axis: first firms' tables are turned
    values[::2], values[1::2] = willing.values_a.transpose(0, 2, 1), willing.values_b
    return {
        "has_own": True,
        "is_willing": own(willing.is_willing, np.bool_),
        "own_linear": own(willing.linear, np.float64),
        "own_weight": own(weight[order], np.float64),
        "own_values": values,
        "aid_most": own(willing.aid_most, np.float64),
        "aid_cost": own(willing.aid_cost, np.float64),
        "beyond": float(willing.beyond),
    }


def _limits(limits: tuple[Limit, ...], n: int, m: int) -> dict[str, Any]:
    """Return limits as arrays: those of one park first; limits that count the same need share a column."""
    listed = sorted(limits, key=lambda limit: int(limit.parks.sum()) != 1)
    columns: dict[bytes, int] = {}
    need: list[Floats] = []
    resource = []
    for limit in listed:
        key = limit.need.tobytes()
        if key not in columns:
            columns[key] = len(need)
            need.append(limit.need)
        resource.append(columns[key])
    by_park = [[(c, resource[c]) for c, limit in enumerate(listed) if limit.parks[s]] for s in range(m)]
    flat = [pair for pairs in by_park for pair in pairs]
    first_shared = sum(int(limit.parks.sum()) == 1 for limit in listed)
    sizes = [float(np.median(np.abs(row[row != 0]))) if row.any() else 1.0 for row in need]
    return {
        "need": own(np.array(need).T if need else np.zeros((n, 1)), np.float64),
        "lptr": own(np.concatenate([[0], np.cumsum([len(pairs) for pairs in by_park])]), np.int64),
        "lid": own([c for c, _ in flat], np.int64),
        "lres": own([r for _, r in flat], np.int64),
        "least": own([limit.least for limit in listed], np.float64),
        "most": own([limit.most for limit in listed], np.float64),
        "norm": own([sizes[r] for r in resource], np.float64),
        "member": own(
            np.array([limit.parks for limit in listed[first_shared:]], dtype=bool).reshape(-1, m), np.bool_
        ),
        "first_shared": first_shared,
    }
