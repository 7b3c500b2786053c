"""CP-SAT (OR-Tools) on a layout: nothing of clusterplan is loaded here.

OR-Tools and highspy each bring a HiGHS of their own under one name, and whichever is loaded second fails. So
this runs in a process of its own (`benchmarks.apart`).

CP-SAT counts in whole numbers: values are millionths of a million currency a year, rounded; needs and
capacities are multiplied by the least power of ten that makes all of them whole (at a million, needs are
rounded up and capacities down). Its bound is put up by all that rounding may have hidden.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

UNITS = 1_000_000
"""Whole numbers of CP-SAT in one million currency a year."""
FINEST = 1_000_000
"""Most that needs and capacities are multiplied by."""
FORM = "sums"
"""How links are written unless asked otherwise: in trials CP-SAT's layouts were best with it."""
MISSING = (
    "CP-SAT is part of OR-Tools, which is not installed here: `python -m pip install ortools`, or "
    "`python -m pip install clusterplan[bench]`. To do without it, give --solvers none."
)
KEYS = (
    "linear",
    "must_place",
    "opening_cost",
    "open_always",
    "open_min",
    "open_max",
    "link_a",
    "link_b",
    "link_weight",
    "link_kind",
    "values",
)
Places = dict[tuple[int, int], Any]
Terms = list[tuple[Any, int]]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def is_installed() -> bool:
    """Return whether OR-Tools is there."""
    return find_spec("ortools") is not None


def plain(layout: Any) -> dict[str, Any]:
    """Return a `clusterplan.solve.seek.Layout` as arrays by name, which can be read without clusterplan."""
    limits = [(limit.need, limit.parks, limit.least, limit.most) for limit in layout.limits]
    return {key: getattr(layout, key) for key in KEYS} | {"limits": limits}


def solve(
    layout: Mapping[str, Any], seconds: float, seed: int, threads: int, form: str = "rows"
) -> dict[str, Any]:
    """Maximise the worth of a layout; return its ``status``, ``park`` (F,), ``bound`` and ``seconds``.

    Parameters
    ----------
    layout
        What `plain` returns.
    seconds, seed, threads
        As CP-SAT's; writing the model counts.
    form
        How links are written (`FORMS`).

    Raises
    ------
    ModuleNotFoundError
        If OR-Tools is not installed.
    """
    begun = time.monotonic()
    if not is_installed():
        raise ModuleNotFoundError(MISSING)
    from ortools.sat.python import cp_model  # noqa: PLC0415  (optional)

    model = cp_model.CpModel()
    places, opened = _sited(model, layout)
    _limited(model, layout, places)
    parks = np.flatnonzero(~layout["open_always"]).tolist()
    terms = [(place, whole(layout["linear"][key])) for key, place in places.items()]
    terms += [(opened[s], -whole(layout["opening_cost"][s])) for s in parks]
    terms += FORMS[form](model, layout, places)
    model.maximize(cp_model.LinearExpr.weighted_sum([term[0] for term in terms], [term[1] for term in terms]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = threads
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(0.0, seconds - (time.monotonic() - begun))
    answer = solver.solve(model)
    status = {cp_model.OPTIMAL: "optimal", cp_model.FEASIBLE: "feasible", cp_model.INFEASIBLE: "infeasible"}
    park = bound = None
    if answer in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        park = np.full(len(layout["linear"]), -1)
        for (f, s), place in places.items():
            if solver.boolean_value(place):
                park[f] = s
        hidden = 0.5 * (len(park) + len(opened) + len(layout["link_a"]))
        bound = (solver.best_objective_bound + hidden) / UNITS
    return {
        "status": status.get(answer, "no_plan"),
        "park": park,
        "bound": bound,
        "seconds": time.monotonic() - begun,
    }


def _sited(model: Any, layout: Mapping[str, Any]) -> tuple[Places, list[Any]]:
    """Add who may be where, and which parks are open."""
    linear = layout["linear"]
    places = {(f, s): model.new_bool_var("") for f, s in np.argwhere(linear > -np.inf).tolist()}
    opened = [model.new_bool_var("") for _ in range(linear.shape[1])]
    for f in range(len(linear)):
        ways = [places[f, s] for s in range(len(opened)) if (f, s) in places]
        if layout["must_place"][f]:
            model.add_exactly_one(ways)
        else:
            model.add_at_most_one(ways)
    for (_, s), place in places.items():
        model.add_implication(place, opened[s])
    for s in np.flatnonzero(layout["open_always"]).tolist():
        model.add(opened[s] == 1)
    model.add_linear_constraint(sum(opened), layout["open_min"], layout["open_max"])
    return places, opened


def whole(value: float) -> int:
    """Return a value as CP-SAT counts it."""
    return round(float(value) * UNITS)


def scale_of(numbers: Floats) -> int:
    """Return the least power of ten that makes numbers whole, `FINEST` at most."""
    scale = 1
    while scale < FINEST and (abs(numbers * scale - np.rint(numbers * scale)) > 1e-6).any():
        scale *= 10
    return scale


def _limited(model: Any, layout: Mapping[str, Any], places: Places) -> None:
    """Add the capacities.

    Raises
    ------
    ValueError
        If something is needed at least, which no synthetic region asks for.
    """
    for need, parks, least, most in layout["limits"]:
        if least > -math.inf:
            raise ValueError("Only capacities can be given to CP-SAT here, no least use.")
        scale = scale_of(np.append(need, most))
        needs = [math.ceil(amount - 1e-6) for amount in (need * scale).tolist()]
        used = sum(needs[f] * place for (f, s), place in places.items() if parks[s])
        model.add(used <= math.floor(most * scale + 1e-6))


def _rows(model: Any, layout: Mapping[str, Any], places: Places) -> Terms:
    """Write links as flows between places: a boolean a pair of parks, and rows that sum to both places."""
    terms: Terms = []
    for a, b, table in _links(layout):
        sums: dict[tuple[int, int], list[Any]] = {}
        for s, t in np.argwhere(table).tolist():
            if (a, s) not in places or (b, t) not in places:
                continue
            both = model.new_bool_var("")
            terms.append((both, int(table[s, t])))
            sums.setdefault((a, s), []).append(both)
            sums.setdefault((b, t), []).append(both)
            if table[s, t] < 0:
                model.add_bool_or([both, places[a, s].negated(), places[b, t].negated()])
        for place, several in sums.items():
            model.add(sum(several) <= places[place])
    return terms


def _products(model: Any, layout: Mapping[str, Any], places: Places) -> Terms:
    """Write links as products: a boolean a pair of parks, true just where both firms are."""
    terms: Terms = []
    for a, b, table in _links(layout):
        for s, t in np.argwhere(table).tolist():
            if (a, s) in places and (b, t) in places:
                both = model.new_bool_var("")
                model.add_multiplication_equality(both, [places[a, s], places[b, t]])
                terms.append((both, int(table[s, t])))
    return terms


def _sums(model: Any, layout: Mapping[str, Any], places: Places) -> Terms:
    """Write links as what they are worth where a firm is: a whole number, no more than the other allows."""
    terms: Terms = []
    for a, b, table in _links(layout):
        for s in range(len(table)):
            there = [(places[b, t], int(table[s, t])) for t in range(len(table)) if (b, t) in places]
            values = [amount for _, amount in there if amount]
            if (a, s) not in places or not values:
                continue
            low, high = min(0, *values), max(0, *values)
            gained = model.new_int_var(low, high, "")
            other = sum(amount * place for place, amount in there)
            model.add(gained <= other - low * (1 - places[a, s]))
            model.add(gained <= high * places[a, s])
            terms.append((gained, 1))
    return terms


def _links(layout: Mapping[str, Any]) -> list[tuple[int, int, Ints]]:
    """Return the firms of each link and its worth by their parks, in whole numbers."""
    keys = ("link_a", "link_b", "link_weight", "link_kind")
    return [
        (int(a), int(b), np.rint(weight * layout["values"][kind] * UNITS).astype(np.int64))
        for a, b, weight, kind in zip(*(layout[key] for key in keys), strict=True)
    ]


FORMS: dict[str, Callable[..., Terms]] = {"rows": _rows, "products": _products, "sums": _sums}
"""Ways to write links."""
