"""`routes`: how much of a plan hangs on each technology route."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.instance import Floats
from clusterplan.plan import Plan
from clusterplan.plan.serving import second_route_of

MEASURES = ("firms", "investment_m", "jobs", "output_m_y", "tax_m_y", "grants_m_y", "local_inputs_m_y")
"""What is split over routes: columns of `RoutesFound.exposure`."""
PARTS = ("direct", "upstream")
_ENOUGH, _MOST = 1e-13, 100_000
"""The sum along the chain ends when a step adds less than this, or after so many steps."""


@dataclass(frozen=True, eq=False)
class RoutesFound:
    """What of a plan hangs on each technology route.

    Parameters
    ----------
    exposure
        By ``route`` and ``part`` (``direct``: firms of the route; ``upstream``: what its suppliers of no
        route of their own sell to it, directly or through others): ``firms`` (upstream in parts of a firm),
        ``investment_m``, ``jobs``, ``output_m_y`` (value of what is made), ``tax_m_y``, ``grants_m_y`` and
        ``local_inputs_m_y`` (value of inputs from within reach that buyers of the route take). The last
        route, ``""``, is what hangs on none. Sums over all rows are the plan's, platforms left out.
    firms
        By enterprise placed: ``own_route`` (None for none), and a column a route with the share of its sales
        that hangs on it, 0 to 1.
    concentration
        Herfindahl index by measure: Σ of the squared shares of the routes in what hangs on any route; 1
        where all hangs on one, NaN where nothing does.
    """

    exposure: pd.DataFrame
    firms: pd.DataFrame
    concentration: pd.Series


def routes(plan: Plan) -> RoutesFound:
    """Return what of a plan hangs on each technology route, directly and along supply.

    A firm with a route hangs on it wholly: e[f,r] = 1 for its own; one that serves two, on each by the part
    of its utilisation that goes to it. Any other hangs on the routes that its
    buyers hang on, by the value of what it sells to each, sales through gateways among the whole:

        e[f,r] = Σ_b sales[f,b] · e[b,r] ÷ Σ_b sales[f,b]

    solved as the sum over ever longer ways, so that firms that sell to each other alone hang on nothing.
    Source: the inverse of Leontief (1936), by sales and cut off at firms with a route; the concentration is
    the index of Herfindahl and Hirschman.

    Parameters
    ----------
    plan
        The plan.

    Examples
    --------
    >>> import clusterplan as cp
    >>> found = cp.routes(cp.solve(cp.load_region("tiny")))
    >>> float(found.exposure["firms"].sum())
    3.0
    """
    region, decided = plan.region, plan.firms
    here = decided.index[decided["park"].notna() & ~decided["is_platform"]]
    firms, ids = region.firms.loc[here], [*region.manifest.routes]
    share = _shares(plan, firms, ids)
    amounts = _amounts(plan, firms)
    own = firms["route"].notna().to_numpy()
    rows = {}
    for r, route in enumerate([*ids, ""]):
        weight = share[:, r] if route else 1.0 - share.sum(axis=1)
        for part, which in (("direct", own), ("upstream", ~own)):
            if route or part == "upstream":
                rows[route, part] = (weight * which) @ amounts.to_numpy(float)
    exposure = pd.DataFrame(rows, index=list(MEASURES)).T.rename_axis(["route", "part"]) + 0.0
    return RoutesFound(
        exposure,
        pd.DataFrame(share, index=here, columns=pd.Index(ids)).assign(own_route=firms["route"])[
            ["own_route", *ids]
        ],
        _concentration(exposure),
    )


def _shares(plan: Plan, firms: pd.DataFrame, ids: list[str]) -> Floats:
    """Return F×R, the share of each firm's sales that hangs on each route."""
    n = len(firms)
    at = firms.index.get_indexer
    supply = plan.supply
    sold = supply[supply["from"].notna()]
    seller, buyer = at(sold["from"]), at(sold["to"])
    value = sold["value_m_y"].to_numpy(float)
    total = np.bincount(seller, weights=value, minlength=n)
    between = (buyer >= 0) & (value > 0)
    sales = np.zeros((n, n))
    np.add.at(sales, (seller[between], buyer[between]), value[between])
    parts = np.divide(sales, total[:, None], out=np.zeros_like(sales), where=total[:, None] > 0)
    own = firms["route"].notna().to_numpy()
    parts[own] = 0.0
    second = _second(plan, firms)
    step = _of(firms["route"], ids) * (1.0 - second) + _of(firms["other_route"], ids) * second
    share = step.copy()
    for _ in range(_MOST):
        step = parts @ step
        share += step
        if step.max(initial=0.0) < _ENOUGH:
            break
    return np.asarray(share, dtype=float)


def _of(route: pd.Series, ids: list[str]) -> Floats:
    """Return F×R, 1 for the route of each firm."""
    same = route.to_numpy(dtype=object)[:, None] == np.array(ids, dtype=object)[None, :]
    return np.asarray(same, dtype=float)


def _second(plan: Plan, firms: pd.DataFrame) -> Floats:
    """Return F×1, the part of what each firm does that goes to its second route."""
    load = plan.firms.loc[firms.index, "utilisation"].to_numpy(float)
    spent = second_route_of(plan).reindex(firms.index).to_numpy(float)
    part: Floats = np.divide(spent, load, out=np.zeros_like(load), where=load > 0)
    return part[:, None]


def _amounts(plan: Plan, firms: pd.DataFrame) -> pd.DataFrame:
    """Return what is split, by firm."""
    supply, grants = plan.supply, plan.grants
    load = plan.firms.loc[firms.index, "utilisation"]

    def by(rows: pd.DataFrame, end: str, column: str = "value_m_y") -> pd.Series:
        return rows.groupby(end)[column].sum().reindex(firms.index).fillna(0.0)

    return pd.DataFrame(
        {
            "firms": 1.0,
            "investment_m": firms["investment_m"],
            "jobs": firms["workers"],
            "output_m_y": by(supply, "from"),
            "tax_m_y": firms["tax_m_y"] * load,
            "grants_m_y": by(grants, "firm", "amount_m_y"),
            "local_inputs_m_y": by(supply[supply["local"]], "to"),
        },
        index=firms.index,
    )[list(MEASURES)]


def _concentration(exposure: pd.DataFrame) -> pd.Series:
    """Return Σ of squared shares of the routes, of what hangs on any."""
    of_route = exposure.groupby(level="route").sum().drop(index="")
    total = of_route.sum()
    shares = of_route / total.where(total > 0)
    return (shares**2).sum().where(total > 0)
