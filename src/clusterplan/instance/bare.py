"""An `Instance` from bare arrays: a layout problem with no region behind it.

Published instances of assignment and location problems come in this form (linear values, links
with a value matrix per kind, capacities, opening costs), and meet the same rules as a region.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.instance.awards import Awards
from clusterplan.instance.frozen import as_bools, as_floats, as_ints
from clusterplan.instance.instance import Instance
from clusterplan.instance.links import Links
from clusterplan.instance.results import Results
from clusterplan.instance.sites import Sites
from clusterplan.instance.trade import Trade

REQUIRED = ("linear", "needs", "capacity")


def from_arrays(data: Mapping[str, Any]) -> Instance:
    """Return the instance that arrays describe.

    Parameters
    ----------
    data
        Mapping with ``linear`` (F×S, value of firm f in park s), ``needs`` (R×F) and ``capacity``
        (R×S); optional ``opening_cost`` (S), ``link_a``, ``link_b``, ``link_weight``, ``link_kind``
        (L), ``values`` (K×S×S), ``must_place`` (F, default True), ``open_min`` and ``open_max``.
        Any mapping will do, an open ``.npz`` file too.

    Returns
    -------
    Instance
        Its value is Σ linear + Σ link_weight · values − Σ opening_cost, to be maximised.

    Raises
    ------
    UsageError
        If an array is missing or has the wrong shape.
    """
    for key in REQUIRED:
        if key not in data:
            raise UsageError(f"The array {key!r} is missing; needed are {', '.join(REQUIRED)}.")
    linear = as_floats(data["linear"])
    if linear.ndim != 2:
        raise UsageError(f"'linear' must have two dimensions (firms × parks), not {linear.ndim}.")
    n_firms, n_parks = linear.shape
    link_a = as_ints(_get(data, "link_a", [])).reshape(-1)
    n_links = len(link_a)
    kernels = as_floats(_get(data, "values", np.zeros((0, n_parks, n_parks))))
    needs, capacity = as_floats(data["needs"]), as_floats(data["capacity"])
    opening_cost = as_floats(_get(data, "opening_cost", np.zeros(n_parks)))
    link_b = as_ints(_get(data, "link_b", []))
    link_weight = as_floats(_get(data, "link_weight", np.ones(n_links)))
    link_kind = as_ints(_get(data, "link_kind", np.zeros(n_links)))
    must_place = as_bools(_get(data, "must_place", np.ones(n_firms)))
    _check_shape("needs", needs, (needs.shape[0], n_firms))
    _check_shape("capacity", capacity, (needs.shape[0], n_parks))
    _check_shape("opening_cost", opening_cost, (n_parks,))
    _check_shape("link_b", link_b, (n_links,))
    _check_shape("link_weight", link_weight, (n_links,))
    _check_shape("link_kind", link_kind, (n_links,))
    _check_shape("values", kernels, (kernels.shape[0], n_parks, n_parks))
    _check_shape("must_place", must_place, (n_firms,))
    for key, array in (("linear", linear), ("needs", needs), ("capacity", capacity)):
        if np.isnan(array).any():
            raise UsageError(f"{key!r} holds NaN; write inf for a capacity without limit, else a number.")
    _check_range("link_a", link_a, n_firms)
    _check_range("link_b", link_b, n_firms)
    _check_range("link_kind", link_kind, len(kernels))
    if (link_a == link_b).any():
        raise UsageError("A link joins two different firms; put what one firm is worth in 'linear'.")
    resources = tuple(f"resource_{r}" for r in range(needs.shape[0]))
    sites = Sites(
        firms=tuple(f"firm_{f}" for f in range(n_firms)),
        parks=tuple(f"park_{s}" for s in range(n_parks)),
        resources=resources,
        admissible=np.ones((n_firms, n_parks), dtype=bool),
        must_place=must_place,
        pinned=np.zeros(n_firms, dtype=bool),
        needs=needs,
        capacity=capacity,
        open_always=np.zeros(n_parks, dtype=bool),
        open_never=np.zeros(n_parks, dtype=bool),
        opening_cost=opening_cost,
        open_min=int(_get(data, "open_min", 0)),
        open_max=int(_get(data, "open_max", n_parks)),
        groups=(),
        group_resource=as_ints([]),
        group_parks=np.zeros((0, n_parks), dtype=bool),
        group_capacity=as_floats([]),
        variant=np.full(n_firms, -1),
    )
    links = Links(
        names=tuple(f"link_{i}" for i in range(n_links)),
        a=link_a,
        b=link_b,
        weight=link_weight,
        kind=link_kind,
        kernels=kernels,
        kinds=tuple(f"kind_{k}" for k in range(len(kernels))),
        share_a=np.zeros(n_links),
        share_b=np.zeros(n_links),
    )
    return Instance(
        sites=sites,
        results=_no_results(linear),
        trade=_no_trade(n_firms, n_parks),
        links=links,
        awards=no_awards(n_firms, n_parks),
    )


def _get(data: Mapping[str, Any], key: str, default: Any) -> Any:
    return data[key] if key in data else default  # noqa: SIM401  (an open .npz has no .get)


def _check_shape(key: str, array: np.ndarray, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise UsageError(f"{key!r} has shape {array.shape}; {shape} is needed.")


def _check_range(key: str, index: np.ndarray, count: int) -> None:
    if ((index < 0) | (index >= count)).any():
        raise UsageError(f"{key!r} must hold whole numbers from 0 to {count - 1}.")


def _no_results(linear: np.ndarray) -> Results:
    n_firms = len(linear)
    return Results(
        place_terms={"fit": linear},
        load_terms={},
        place=np.zeros_like(linear),
        load=np.zeros(n_firms),
        willing=np.zeros(n_firms, dtype=bool),
        has_surplus=np.zeros(n_firms, dtype=bool),
        min_load=np.ones(n_firms),
    )


def _no_trade(n_firms: int, n_parks: int) -> Trade:
    none = np.zeros(0)
    return Trade(
        products=(),
        gateways=(),
        output=np.zeros((n_firms, 0)),
        need=np.zeros((n_firms, 0)),
        seller=as_ints([]),
        buyer=as_ints([]),
        product=as_ints([]),
        km=np.zeros((n_parks, n_parks)),
        gateway_km=np.zeros((n_parks, 0)),
        freight=none.copy(),
        max_km=none.copy(),
        value=none.copy(),
        collaboration=none.copy(),
        proximity=np.zeros((n_parks, n_parks)),
        share_seller=0.0,
        share_buyer=0.0,
        is_anchor=np.zeros(n_firms, dtype=bool),
        buys_gain=np.zeros((0, 0)),
        sells_gain=np.zeros((0, 0)),
        buys_up_to=np.zeros((0, 0)),
        sells_up_to=np.zeros((0, 0)),
    )


def no_awards(n_firms: int, n_parks: int) -> Awards:
    """Return the awards of an instance without any instrument."""
    return Awards(
        firm=as_ints([]),
        instrument=as_ints([]),
        instruments=(),
        cap=np.zeros((0, n_parks)),
        least=as_floats([]),
        group=as_ints([]),
        group_names=(),
        worth=as_floats([]),
        cost=as_floats([]),
        counts=as_bools([]),
        ceiling=np.full((n_firms, n_parks), np.inf),
        budget_rows=(),
        budget_use=np.zeros((0, 0)),
        budget_limit=as_floats([]),
        load_cap=as_floats([]),
        shared_rows=(),
        shared_row=as_ints([]),
        shared_award=as_ints([]),
        shared_use=as_floats([]),
        shared_limit=as_floats([]),
        access=as_ints([]),
        platforms=np.zeros((0, n_firms), dtype=bool),
        near=np.ones((n_parks, n_parks), dtype=bool),
    )
