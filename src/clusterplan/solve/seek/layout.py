"""`Layout`: a layout problem, checked: who may be where, what that is worth, and what limits it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.instance import Bools, Floats, Ints

Take = Callable[[str], Any]


@dataclass(frozen=True)
class Limit:
    """A range for the sum of one need over the firms of some parks.

    Parameters
    ----------
    need
        (F,) what each firm counts; any sign.
    parks
        (S,) the parks that are summed over.
    least, most
        The range; either may be infinite.
    """

    need: Floats
    parks: Bools
    least: float
    most: float


@dataclass(frozen=True)
class Willing:
    """What firms keep for themselves: some come only if that is not negative, or if aid makes up for it.

    What firm f keeps in park s is linear[f, s] plus, for each of its links whose other firm is placed,
    weight · values[kind of the link], by the parks of the link's first (row) and second firm (column).

    Parameters
    ----------
    is_willing
        (F,) True for a firm that asks.
    linear
        (F, S) what it keeps by itself.
    weight_a, weight_b
        (L,) weights for the first and the second firm of each link.
    values_a, values_b
        (K, S, S) what the first and the second firm of a link keep of it.
    aid_most
        (F, S) most aid there is for a firm in a park.
    aid_cost
        (F,) what a unit of aid costs.
    beyond
        What a unit costs that no aid makes up for.
    """

    is_willing: Bools
    linear: Floats
    weight_a: Floats
    weight_b: Floats
    values_a: Floats
    values_b: Floats
    aid_most: Floats
    aid_cost: Floats
    beyond: float


@dataclass(frozen=True)
class Layout:
    """A layout problem: F firms, S parks, L links, K kinds of link.

    Its value is Σ linear[f, park of f] + Σ link_weight · values[kind, park of a, park of b] − Σ opening_cost
    of parks in use, less the cost of aid (see `Willing`). A link counts once, where both its firms are
    placed.

    Parameters
    ----------
    linear
        (F, S) value of a firm in a park; −inf where it may not be.
    must_place
        (F,) False for a firm that may stay out; it is worth nothing there.
    opening_cost, open_always
        (S,) cost of a park in use; whether it is in use anyway, at no further cost.
    open_min, open_max
        Bounds on the number of parks in use.
    limits
        Ranges of needs over parks.
    link_a, link_b, link_weight, link_kind
        (L,) the firms, weight and kind of each link.
    values
        (K, S, S) worth of a link by the parks of its first (row) and its second firm (column).
    willing
        What firms keep for themselves, and what it costs to win those that would lose; None: nobody asks.
    """

    linear: Floats
    must_place: Bools
    opening_cost: Floats
    open_always: Bools
    open_min: int
    open_max: int
    limits: tuple[Limit, ...]
    link_a: Ints
    link_b: Ints
    link_weight: Floats
    link_kind: Ints
    values: Floats
    willing: Willing | None = None

    @property
    def n_firms(self) -> int:
        """Number of firms."""
        return len(self.linear)

    @property
    def n_parks(self) -> int:
        """Number of parks."""
        return int(self.linear.shape[1])

    @classmethod
    def of(cls, given: Any) -> Layout:
        """Take a mapping or an object with the keys of a published instance.

        Parameters
        ----------
        given
            ``linear`` (F, S); ``needs`` (R, F) and ``capacity`` (R, S); ``opening_cost`` (S,); ``link_a``,
            ``link_b``, ``link_weight``, ``link_kind`` (L,) and ``values`` (K, S, S); ``must_place`` (F,);
            ``open_min`` and ``open_max``. All but ``linear`` may be missing: no needs, no cost, no links,
            every firm placed, any number of parks. Further, where they are there: ``open_always`` (S,),
            ``limits``, a sequence of `Limit`, and ``willing``, a `Willing`. A firm is fixed by −inf in
            ``linear`` at every other park.

        Raises
        ------
        UsageError
            If an array has another shape, or a number is not what it may be.
        """
        if isinstance(given, Layout):
            return given

        def take(key: str) -> Any:
            return given.get(key) if isinstance(given, Mapping) else getattr(given, key, None)

        if take("linear") is None:
            raise UsageError(
                "A layout problem needs `linear`, the value of each firm (row) in each park (column)."
            )
        linear = _numbers("linear", take("linear"), np.float64)
        if linear.ndim != 2 or linear.shape[1] == 0:
            raise UsageError(
                f"`linear` has shape {linear.shape}; firms × parks, with a park at least, is what it must be."
            )
        if np.isnan(linear).any() or np.isposinf(linear).any():
            raise UsageError("`linear` holds NaN or +inf; write −inf where a firm may not be.")
        n, m = linear.shape
        must_place = _array(take, "must_place", (n,), True, np.bool_)
        if stuck := np.flatnonzero(must_place & np.isneginf(linear).all(axis=1)).tolist():
            raise UsageError(
                f"Firm {stuck[0]} must be placed but may be in no park: its row of `linear` is all −inf."
            )
        low, high = (_whole(take, key, default) for key, default in (("open_min", 0), ("open_max", m)))
        if low > min(high, m):
            raise UsageError(
                f"`open_min` is {low}: more than `open_max` ({high}) or than there are parks ({m})."
            )
        return cls(
            linear=linear,
            must_place=must_place,
            opening_cost=_finite("opening_cost", _array(take, "opening_cost", (m,), 0.0, np.float64)),
            open_always=_array(take, "open_always", (m,), False, np.bool_),
            open_min=low,
            open_max=min(high, m),
            limits=(*_capacities(take, n, m), *_ranges(take("limits") or (), n, m)),
            willing=take("willing"),
            **_links(take, n, m),
        )


def _numbers(key: str, value: Any, dtype: Any) -> Any:
    """Return an own array of numbers."""
    try:
        out = np.array(value)
        if out.dtype.kind not in "biuf" and out.size:
            raise ValueError("these are not numbers")
        if np.issubdtype(dtype, np.integer) and out.dtype.kind == "f" and (out != np.floor(out)).any():
            raise ValueError("whole numbers are expected")
        return np.ascontiguousarray(out.astype(dtype)).reshape(out.shape)
    except (TypeError, ValueError) as fault:
        raise UsageError(f"`{key}` cannot be read as an array of numbers: {fault}") from fault


def _array(take: Take, key: str, shape: tuple[int, ...], default: Any, dtype: Any) -> Any:
    """Return an array of the shape that fits, or one filled with its default."""
    value = take(key)
    if value is None:
        return np.full(shape, default, dtype=dtype)
    out = _numbers(key, value, dtype)
    if out.shape != shape:
        raise UsageError(f"`{key}` has shape {out.shape}; {shape} is what fits `linear`.")
    return out


def _finite(key: str, value: Floats) -> Floats:
    """Return an array whose numbers are all finite."""
    if not np.isfinite(value).all():
        raise UsageError(f"`{key}` must be finite throughout.")
    return value


def _whole(take: Take, key: str, default: int) -> int:
    """Return a whole number that is not negative."""
    value = take(key)
    if value is None:
        return default
    out = _numbers(key, value, np.int64)
    if out.size != 1 or out.reshape(-1)[0] < 0:
        raise UsageError(f"`{key}` must be one whole number, not negative.")
    return int(out.reshape(-1)[0])


def _capacities(take: Take, n: int, m: int) -> list[Limit]:
    """Return a limit for each park and resource that is not endless."""
    needs = take("needs")
    if needs is None:
        if take("capacity") is not None and np.size(take("capacity")):
            raise UsageError(
                "`capacity` says what parks have, but `needs`, what firms take of it, is missing."
            )
        return []
    needs = _numbers("needs", needs, np.float64)
    if needs.ndim != 2 or (needs.shape[1] != n and needs.size):
        raise UsageError(f"`needs` has shape {needs.shape}; resources × {n} is what fits `linear`.")
    if not len(needs):
        return []
    _finite("needs", needs)
    capacity = _array(take, "capacity", (len(needs), m), np.inf, np.float64)
    if np.isnan(capacity).any():
        raise UsageError("`capacity` holds NaN; write +inf where there is no limit.")
    return [
        Limit(needs[r], np.arange(m) == s, -np.inf, float(capacity[r, s]))
        for r in range(len(needs))
        for s in range(m)
        if capacity[r, s] < np.inf
    ]


def _ranges(limits: Any, n: int, m: int) -> list[Limit]:
    """Return limits that are given as such."""
    out = []
    for i, limit in enumerate(limits):
        need = _finite("need", _numbers("need", limit.need, np.float64))
        parks = _numbers("parks", limit.parks, np.bool_)
        least, most = float(limit.least), float(limit.most)
        if need.shape != (n,) or parks.shape != (m,):
            raise UsageError(
                f"Limit {i} has {need.shape} needs and {parks.shape} parks; "
                f"{(n,)} and {(m,)} is what fits `linear`."
            )
        if not least <= most:
            raise UsageError(f"Limit {i} ranges from {least:g} to {most:g}: nothing is within it.")
        out.append(Limit(need, parks, least, most))
    return out


def _links(take: Take, n: int, m: int) -> dict[str, Any]:
    """Return the links."""
    a, b = (
        _numbers(key, take(key) if take(key) is not None else [], np.int64) for key in ("link_a", "link_b")
    )
    if a.ndim != 1 or a.shape != b.shape:
        raise UsageError(
            f"`link_a` and `link_b` have shapes {a.shape} and {b.shape}; one number a link is meant."
        )
    weight = _finite("link_weight", _array(take, "link_weight", a.shape, 1.0, np.float64))
    kind = _array(take, "link_kind", a.shape, 0, np.int64)
    values = take("values")
    values = _finite(
        "values", _numbers("values", np.zeros((1, m, m)) if values is None else values, np.float64)
    )
    if values.ndim != 3 or values.shape[1:] != (m, m):
        raise UsageError(f"`values` has shape {values.shape}; kinds × {m} × {m} is what fits `linear`.")
    if len(a):
        if min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= n:
            raise UsageError(
                f"A link names a firm that is none: `link_a` and `link_b` count from 0 to {n - 1}."
            )
        if (a == b).any():
            raise UsageError(
                f"Link {int(np.argmax(a == b))} joins a firm with itself; add its worth to `linear`."
            )
        if kind.min() < 0 or kind.max() >= len(values):
            raise UsageError(f"`link_kind` names a kind that `values` does not have: it has {len(values)}.")
    return {"link_a": a, "link_b": b, "link_weight": weight, "link_kind": kind, "values": values}
