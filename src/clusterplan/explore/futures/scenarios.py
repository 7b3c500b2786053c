"""`scenarios`: plans in futures that are not known, and which of them to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.choices.yardstick import yardstick
from clusterplan.explore.futures.future import Scenario, chances, check_futures, futures_of
from clusterplan.explore.futures.known import Known, known_futures
from clusterplan.explore.futures.settled import settled
from clusterplan.instance import Floats, Instance, instance_of
from clusterplan.plan import Plan
from clusterplan.plan.start import decisions_of
from clusterplan.region import Region
from clusterplan.region import change as changed_region

BASE = "plan"
"""Name of the plan itself among the candidates."""


@dataclass(frozen=True, eq=False)
class Scenarios:
    """Plans in futures.

    Parameters
    ----------
    futures
        By scenario: ``probability``, ``known`` (value of the best plan found for that future alone, its firms
        willing to come knowing it, m currency/y; NaN where none was found), ``known_bound`` (no such plan is
        worth more; NaN where unknown), ``plan`` (value of the plan held there, whose firms are not asked
        again), ``regret_m_y`` (``known`` less ``plan``; less than 0 where the plan holds firms that would
        not come, or not keep their least load, knowing that future), ``short`` (firms of the plan with a
        negative surplus there), ``idle`` (that make nothing), ``local_rate``.
    values
        Candidate × scenario: value of each candidate plan held in each future; −inf where it can't be held.
    candidates
        By candidate: ``expected``, ``worst``, ``cvar`` (mean of the worst share of futures), ``score``
        ((1−ρ)·expected + ρ·cvar), ``largest_regret_m_y``; the best score first.
    plans
        The candidate plans by name.
    best
        Name of the candidate with the best score.
    value_of_choosing
        Score of the best candidate less that of the plan: what is lost by planning for one future (of the
        candidates looked at), m currency/y.
    value_of_knowing
        Expected ``known`` less the expected value of the best candidate: what it would be worth if planner
        and firms knew the future, as far as these candidates show, m currency/y. It may be less than 0, since
        a firm that knows a bad year will not come for the sake of the good ones.
    """

    futures: pd.DataFrame
    values: pd.DataFrame
    candidates: pd.DataFrame
    plans: Mapping[str, Plan]
    best: str
    value_of_choosing: float
    value_of_knowing: float


def scenarios(
    plan: Plan,
    futures: Sequence[Scenario] | None = None,
    *,
    rho: float = 0.0,
    alpha: float = 0.8,
    time_limit: float | None = 30.0,
    runs: Runs | None = None,
) -> Scenarios:
    """Return how a plan fares in several futures, and whether another would fare better over all of them.

    Places, openings and awards are chosen once; utilisation and supply again in each future. Candidates are
    the plan and the best plan of each future by itself; each is held in every future. The best candidate is
    the best of these, which need not be the best there is. Where a future has less capacity than today, what
    firms make is rationed by it, for candidates held as for the plan of that future.

    Parameters
    ----------
    plan
        The plan.
    futures
        At least one scenario; names must differ. None: those of the region (``scenarios.yaml``).
    rho, alpha
        Weight of the bad futures, 0 (the mean alone) to 1, and what share of futures is not among them: the
        score is (1−ρ)·mean + ρ·CVaR_α, where CVaR_α is the mean of the worst 1−α.
    time_limit
        Seconds to plan each future; None: no limit.
    runs
        How they are solved (`clusterplan.explore.Runs`).

    Raises
    ------
    UsageError
        If names repeat, a number cannot be meant, or there are no futures given and none in the region.
    InputError
        If the changes of a scenario make no region.

    References
    ----------
    Birge and Louveaux 2011, Introduction to Stochastic Programming (value of the stochastic solution, of
    perfect information); Rockafellar and Uryasev 2000, Optimization of conditional value-at-risk; Savage 1951
    (regret).

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> futures = [cp.Scenario("as it is"), cp.Scenario("slump", "market.*.buys_at *= 0.97")]
    >>> found = cp.scenarios(plan, futures)
    >>> list(found.futures.index), found.best
    (['as it is', 'slump'], 'plan')
    """
    futures = futures_of(plan.region) if futures is None else futures
    _check(futures, rho, alpha)
    base = plan.region.replace(scenarios=None) if len(plan.region.scenarios) else plan.region
    regions = {future.name: changed_region(base, future.changes) for future in futures}
    paid = {future.name: future.fulfilment for future in futures}
    instances = {name: instance_of(region) for name, region in regions.items()}
    alone = known_futures(plan, base, futures, regions, instances, runs=(runs or Runs()).within(time_limit))
    plans = {BASE: plan} | {name: one.plan for name, one in alone.items() if one.plan is not None}
    chance = chances(futures)
    values, known, details = _held(plans, regions, instances, paid, alone)
    candidates = _scored(values, known["known"].to_numpy(), chance, rho, alpha)
    best = str(candidates.index[0])
    expected_known = _mean(known["known"].to_numpy(), chance)
    return Scenarios(
        futures=_futures(chance, known, values, details),
        values=values,
        candidates=candidates,
        plans=plans,
        best=best,
        value_of_choosing=float(candidates["score"].iloc[0] - candidates["score"][BASE]),
        value_of_knowing=expected_known - float(candidates["expected"].iloc[0]),
    )


def cvar(values: Floats, chance: Floats, alpha: float) -> float:
    """Return the mean of the worst 1 − α of values.

    Parameters
    ----------
    values
        (N,) values, more is better.
    chance
        (N,) probabilities that sum to 1.
    alpha
        Share that is not counted, from 0 (the mean) to below 1.
    """
    order = np.argsort(values, kind="stable")
    left, total = 1.0 - alpha, 0.0
    for n in order:
        part = min(float(chance[n]), left)
        if part > 0:
            total += part * float(values[n])
        left -= part
    return total / (1.0 - alpha)


def _check(futures: Sequence[Scenario], rho: float, alpha: float) -> None:
    check_futures(futures, rho, alpha)
    if BASE in [future.name for future in futures]:
        raise UsageError(f"A scenario can't be called {BASE!r}: that is what the plan itself is called.")


def _held(
    plans: Mapping[str, Plan],
    regions: Mapping[str, Region],
    instances: Mapping[str, Instance],
    paid: Mapping[str, Mapping[str, float]],
    alone: Mapping[str, Known],
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, tuple[int, int, float]]]:
    """Return the value of each plan held in each future, what is known of these, and how the first fares.

    Where a future has other capacities, firms are measured against the parks that may take them where places
    are judged, as in the plan for that future alone.
    """
    values = pd.DataFrame(-np.inf, index=list(plans), columns=list(instances), dtype=float)
    known = pd.DataFrame(np.nan, index=list(instances), columns=["known", "known_bound"], dtype=float)
    details: dict[str, tuple[int, int, float]] = {}
    for future, instance in instances.items():
        names = (instance.awards.instruments[i] for i in instance.awards.instrument)
        shares = np.array([paid[future].get(name, 1.0) for name in names])
        one = alone[future]
        best = np.nan if one.plan is None else one.plan.value
        measured = yardstick(one.region, regions[future])
        for name, plan in plans.items():
            found = settled(instance, decisions_of(plan, instance), paid=shares)
            if found is None:
                details.setdefault(future, (0, 0, np.nan))
                continue
            value = found.value - measured.of(plan)
            values.loc[name, future] = value
            # a candidate held counts as a plan for this future alone only where it is one
            if not value <= best + 1e-9 * abs(best) and one.is_plan(found.decisions):
                best = value
            if name == BASE:
                placed = found.decisions.park >= 0
                makes = (instance.trade.output > 0).any(axis=1)
                idle = placed & makes & (found.decisions.load <= 1e-9)
                details[future] = (int((found.surplus < -1e-6).sum()), int(idle.sum()), found.local_rate)
        known.loc[future] = (best, one.bound)
    return values, known, details


def _futures(
    chance: Floats,
    known: pd.DataFrame,
    values: pd.DataFrame,
    details: Mapping[str, tuple[int, int, float]],
) -> pd.DataFrame:
    held = values.loc[BASE]
    frame = pd.DataFrame({"probability": chance}, index=pd.Index(values.columns, name="scenario"))
    frame["known"], frame["known_bound"] = known["known"].to_numpy(), known["known_bound"].to_numpy()
    frame["plan"] = held.to_numpy()
    frame["regret_m_y"] = frame["known"] - frame["plan"]
    for number, name in enumerate(("short", "idle", "local_rate")):
        frame[name] = [details[str(future)][number] for future in frame.index]
    return frame


def _scored(values: pd.DataFrame, known: Floats, chance: Floats, rho: float, alpha: float) -> pd.DataFrame:
    rows = {}
    for name, row in values.iterrows():
        held = row.to_numpy(float)
        expected, worst_share = _mean(held, chance), cvar(held, chance, alpha)
        score = expected if rho == 0 else (1 - rho) * expected + rho * worst_share
        rows[name] = (expected, held.min(), worst_share, score, np.fmax.reduce(known - held))
    columns = ["expected", "worst", "cvar", "score", "largest_regret_m_y"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    order = np.lexsort((np.arange(len(frame)), -frame["score"].to_numpy()))
    return frame.iloc[order].rename_axis("candidate")


def _mean(values: Floats, chance: Floats) -> float:
    return float((values * chance).sum())
