"""What was found for several futures, told as tables and checked."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
import pandas as pd

from clusterplan.errors import InternalError
from clusterplan.explore.futures.comparison import Worth
from clusterplan.explore.futures.laters import Futures
from clusterplan.explore.futures.planned import Robust
from clusterplan.explore.futures.scenarios import cvar
from clusterplan.instance import Decisions, Floats, Ints
from clusterplan.plan import Plan, Proof
from clusterplan.plan.checks.futures import Together as Claimed
from clusterplan.plan.checks.futures import verify_together
from clusterplan.plan.make import make_plan
from clusterplan.solve.session import highs_version
from clusterplan.solve.together import Asked, Together, finished


def told(ready: Futures, asked: Asked, found: Together, worth: Worth | None, begun: float) -> Robust:
    """Return what was found as tables, checked.

    Raises
    ------
    InternalError
        If the plan fails its own check: a fault of ours.
    """
    columns = finished(found)
    program = found.shared
    once = program.once(columns)
    plans = {
        name: _plan(ready, found, program.in_future(columns, n), n) for n, name in enumerate(ready.names)
    }
    values = np.array([plan.value for plan in plans.values()])
    chance = np.array([later.chance for later in ready.laters])
    value = asked.score(values, chance)
    bound = None if found.bound is None else max(found.bound, value)
    awards, sites = ready.today.awards, ready.today.sites
    given = np.flatnonzero(once.award > 0)
    grants = pd.DataFrame(
        {
            "firm": [sites.firms[f] for f in awards.firm[given]],
            "instrument": [awards.instruments[i] for i in awards.instrument[given]],
            "amount_m_y": once.award[given],
        }
    )
    parks = pd.DataFrame({"open": once.opened}, index=pd.Index(sites.parks, name="park"))
    firms = _firms(
        ready, plans, chance, once.park, np.bincount(awards.firm, once.award, len(sites.firms)).astype(float)
    )
    today = make_plan(
        ready.region, ready.distances, ready.today, once, status="feasible", bound=None, proof=_proof(found)
    )
    wrong = verify_together(
        Claimed(
            today,
            plans,
            chance,
            value,
            asked.aim,
            asked.rho,
            asked.alpha,
            asked.willing,
            ready.changed,
            grants,
        )
    )
    if len(wrong):
        raise InternalError(
            "The plan for several futures fails its own check; please report this with the region:\n"
            + wrong.head(20).to_string()
        )
    return Robust(
        region=ready.region,
        status=found.status,
        aim=asked.aim,
        rho=asked.rho,
        alpha=asked.alpha,
        willing=asked.willing,
        value=value,
        bound=bound,
        expected=float(chance @ values),
        worst=float(values.min()),
        cvar=cvar(values, chance, asked.alpha),
        futures=_futures(ready, plans, chance, once.park, worth),
        firms=firms,
        parks=parks,
        grants=grants,
        plans=plans,
        of_mean=None if worth is None else worth.of_mean,
        value_of_planning=None if worth is None else worth.planning(value, bound),
        value_of_knowing=None if worth is None else worth.knowing(asked, chance, value, bound),
        how=found.how,
        layouts=found.layouts,
        columns=program.size,
        seconds=time.monotonic() - begun,
    )


def _proof(found: Together) -> Proof:
    return Proof(solver=f"HiGHS {highs_version()}", seconds=found.seconds)


def _plan(ready: Futures, found: Together, decided: Decisions, number: int) -> Plan:
    name = ready.names[number]
    itself = ready.laters[number].itself
    return make_plan(
        ready.regions[name],
        ready.reach[name],
        itself,
        decided,
        status="feasible",
        bound=None,
        proof=_proof(found),
    )


def _firms(
    ready: Futures, plans: Mapping[str, Plan], chance: Floats, park: Ints, awarded: Floats
) -> pd.DataFrame:
    sites = ready.today.sites
    surplus = np.array([plan.firms["surplus_m_y"].to_numpy(float) for plan in plans.values()])
    known = ~np.isnan(surplus).all(axis=0)
    filled = np.nan_to_num(surplus)  # a firm that is gone earns and forgoes nothing
    firms = pd.Index(sites.firms, name="firm")
    return pd.DataFrame(
        {
            "park": pd.Series([None if s < 0 else sites.parks[s] for s in park], firms, dtype=object),
            "expected_surplus_m_y": np.where(known, chance @ filled, np.nan),
            "worst_surplus_m_y": np.where(
                known, np.where(np.isnan(surplus), np.inf, surplus).min(axis=0), np.nan
            ),
            "awarded_m_y": awarded,
        },
        index=firms,
    )


def _futures(
    ready: Futures, plans: Mapping[str, Plan], chance: Floats, park: Ints, worth: Worth | None
) -> pd.DataFrame:
    rows = []
    for n, (name, plan) in enumerate(plans.items()):
        firms = plan.firms
        makes = (ready.laters[n].itself.trade.output > 0).any(axis=1)
        placed = firms["park"].notna().to_numpy()
        idle = placed & makes & (firms["utilisation"].to_numpy(float) <= 1e-9)
        rows.append(
            (
                chance[n],
                plan.value,
                np.nan if worth is None else worth.known[name],
                np.nan if worth is None else worth.known_bound[name],
                int((firms["surplus_m_y"] < -1e-6).sum()),
                int(idle.sum()),
                int(((park >= 0) & ~placed).sum()),
                _local_rate(plan),
            )
        )
    columns = ["probability", "value", "known", "known_bound", "short", "idle", "gone", "local_rate"]
    return pd.DataFrame(rows, index=pd.Index(list(plans), name="scenario"), columns=columns)


def _local_rate(plan: Plan) -> float:
    rates = plan.indicators["value"]
    return float(rates.to_dict()["localisation_rate"])
