"""The link-only model of a synthetic region: `clusterplan.search` beside CP-SAT (OR-Tools).

What is left of a region is a layout: what a firm's place is worth at full output (``fit``, ``platforms``),
collaboration links, the cost of opening parks, and what parks hold. No supply, no grants, no willingness.
Both ways maximise the same, and values are recomputed from the layout in floating point.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import clusterplan as cp
from benchmarks import cpsat
from benchmarks.apart import apart
from clusterplan.instance import Ints, instance_of
from clusterplan.solve.outcome import relative_gap
from clusterplan.solve.seek import Layout
from clusterplan.solve.seek.measure import keeps_limits, worth

Row = dict[str, Any]


def layout_of(region: cp.Region) -> Layout:
    """Return the link-only model of a synthetic region, which has no groups, variants or requirements."""
    instance = instance_of(region)
    sites, links, results, weights = instance.sites, instance.links, instance.results, instance.weights
    assert not (sites.groups or sites.variant_names or sites.separations or sites.requirements)
    linear = np.zeros(sites.admissible.shape)
    for term in ("fit", "platforms"):
        place = results.place_terms.get(term, np.zeros_like(linear))
        load = results.load_terms.get(term, np.zeros(len(linear)))
        linear += weights[term] * (place + load[:, None])
    linear[~sites.admissible | sites.open_never] = -np.inf
    return Layout.of(
        {
            "linear": linear,
            "must_place": sites.must_place,
            "needs": sites.needs,
            "capacity": sites.capacity,
            "opening_cost": weights["parks"] * sites.opening_cost,
            "open_always": sites.open_always,
            "open_min": sites.open_min,
            "open_max": sites.open_max,
            "link_a": links.a,
            "link_b": links.b,
            "link_weight": weights["links"] * links.weight,
            "link_kind": links.kind,
            "values": links.kernels,
        }
    )


def searched(size: tuple[int, int], seed: int, limit: float, _threads: int) -> Row:
    """Search a layout with `clusterplan.search`, in one thread; loading the compiled code is not timed."""
    layout = layout_of(cp.synthetic.region(*size, seed))
    cp.search({"linear": np.zeros((2, 2))}, work_limit=1)
    found = cp.search(layout, time_limit=limit, seed=seed)
    status = "feasible" if found.feasible else "no_plan"
    return _row(layout, found.park if found.feasible else None, status, None, found.seconds)


def by_cp_sat(size: tuple[int, int], seed: int, limit: float, threads: int) -> Row:
    """Give a layout to CP-SAT, in one more process: one without HiGHS, which it does not stand beside it.

    Raises
    ------
    RuntimeError
        If CP-SAT fails.
    """
    layout = layout_of(cp.synthetic.region(*size, seed))
    ran = apart(cpsat.solve, cpsat.plain(layout), limit, seed, threads)
    if ran.fault is not None:
        raise RuntimeError(ran.fault)
    said = ran.result
    row = _row(layout, said["park"], said["status"], said["bound"], said["seconds"])
    return row | {"peak_mb": ran.peak_mb}  # of CP-SAT alone


def _row(layout: Layout, park: Ints | None, status: str, bound: float | None, seconds: float | None) -> Row:
    value = None if park is None else worth(layout, park)
    return {
        "seconds": seconds,
        "status": status,
        "value": value,
        "bound": bound,
        "gap": relative_gap(value, bound, "max"),
        "verified": None if park is None else keeps_limits(layout, park),
    }
