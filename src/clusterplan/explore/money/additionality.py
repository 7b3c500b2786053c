"""`additionality`: what comes with the money that would not have come without it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.errors import NoPlanError
from clusterplan.plan import Plan, solve
from clusterplan.region import Region

MEASURES: dict[str, str] = {
    "firms": "candidates that come",
    "investment_m": "investment of candidates that come, m currency",
    "jobs": "jobs of candidates that come",
    "tax_m_y": "tax of all firms placed, m currency/y",
    "local_input_value_m_y": "value of the anchors' inputs from within reach, m currency/y",
    "localisation_rate": "share by value of the anchors' inputs that is local",
    "collaboration_m_y": "links, loops and supply collaboration, m currency/y",
    "value_m_y": "value of the plan, m currency/y",
}
"""What is compared, and what each is."""
STABILITY = ("stable", "relocation_m_y")
"""Options of a plan that the plan without money gets too."""


@dataclass(frozen=True, eq=False)
class Additionality:
    """The plan with the region's instruments beside the best plan without any.

    Parameters
    ----------
    plan
        The plan with money.
    without
        The best plan without; None where none exists: then nothing would stand, and all is additional.
    measures
        By measure (`MEASURES`): ``with_money``, ``without``, ``additional`` (the difference) and
        ``per_million`` of grants, present value (NaN where none are paid, and for the rate).
    firms
        By candidate (platforms left out) that comes in either plan: ``name``, ``status`` (``only with
        money``, ``in both``, ``only without``), ``park`` and ``park_without``, ``grants_m_y``.
    grants_pv_m
        Grants of the plan, present value, m currency.
    deadweight_pv_m
        Those of them to firms that come without money too.
    value_range_m_y
        Least and most that the money adds to the value, given how far each plan is proven; the most is NaN
        where no bound is known.
    """

    plan: Plan
    without: Plan | None
    measures: pd.DataFrame
    firms: pd.DataFrame
    grants_pv_m: float
    deadweight_pv_m: float
    value_range_m_y: tuple[float, float]


def additionality(
    region_or_plan: Region | Plan,
    *,
    time_limit: float | None = 60.0,
    work_limit: int | None = None,
    gap: float = 1e-6,
    seed: int = 0,
    threads: int = 1,
) -> Additionality:
    """Return what comes with the region's instruments that would not have come without them.

    The region is planned again with its table of incentives dropped: the same planner, the same parks and
    firms, and no money (and stable, if the plan was asked to be). Of each measure,

        additional = with money − without,

    deadweight is grants to firms that come in both. A firm that comes only without money is displaced. This
    compares two coordinated plans; a market without a planner is another comparison. Source: gross and net
    effects of public intervention (deadweight, displacement) as in HM Treasury's Green Book.

    Parameters
    ----------
    region_or_plan
        A plan, or a region to be planned with money first.
    time_limit, work_limit, gap, seed, threads
        Of each solve, as in `clusterplan.solve`.

    Raises
    ------
    NoPlanError
        If no plan exists with the money.
    TimeLimitError
        If a limit came before a plan was found.

    Examples
    --------
    >>> import clusterplan as cp
    >>> found = cp.additionality(cp.load_region("tiny"))
    >>> found.measures["additional"].round(2)[["firms", "jobs"]].to_dict()
    {'firms': 1.0, 'jobs': 400.0}
    """
    limits = {
        "time_limit": time_limit,
        "work_limit": work_limit,
        "gap": gap,
        "seed": seed,
        "threads": threads,
    }
    plan = region_or_plan if isinstance(region_or_plan, Plan) else solve(region_or_plan, **limits)  # type: ignore[arg-type]
    asked = {name: plan.proof.options[name] for name in STABILITY if name in plan.proof.options}
    without: Plan | None = None
    with contextlib.suppress(NoPlanError):
        without = solve(plan.region.replace(incentives=None), **limits, **asked)  # type: ignore[arg-type]
    grants = plan.grants
    comes = _coming(plan)
    stays = pd.Series(dtype=object) if without is None else _coming(without)
    paid_for_nothing = grants["firm"].isin(stays.index)
    least = plan.value - _most(without)
    most = float("nan") if plan.bound is None else plan.bound - (0.0 if without is None else without.value)
    return Additionality(
        plan=plan,
        without=without,
        measures=_measures(plan, without),
        firms=_firms(plan, comes, stays),
        grants_pv_m=float(grants["amount_pv_m"].sum()),
        deadweight_pv_m=float(grants.loc[paid_for_nothing, "amount_pv_m"].sum()),
        value_range_m_y=(least, most),
    )


def _most(without: Plan | None) -> float:
    """Return the most that a plan without money can be worth; 0 where none exists."""
    if without is None:
        return 0.0
    return float("nan") if without.bound is None else without.bound


def _coming(plan: Plan) -> pd.Series:
    """Return the parks of candidates that come, platforms left out, by firm."""
    firms = plan.firms
    coming = (firms["status"] == "candidate") & ~firms["is_platform"] & firms["park"].notna()
    parks: pd.Series = firms.loc[coming, "park"]
    return parks


def _measures(plan: Plan, without: Plan | None) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "with_money": _measured(plan),
            "without": dict.fromkeys(MEASURES, 0.0) if without is None else _measured(without),
        },
        index=pd.Index(MEASURES, name="measure"),
        dtype=float,
    )
    frame["additional"] = frame["with_money"] - frame["without"]
    paid = float(plan.grants["amount_pv_m"].sum())
    frame["per_million"] = frame["additional"] / paid if paid > 0 else np.nan
    frame.loc["localisation_rate", "per_million"] = np.nan
    return frame


def _measured(plan: Plan) -> dict[str, float]:
    coming = _coming(plan).index
    firms, amounts = plan.region.firms.loc[coming], plan.terms["amount"]
    return {
        "firms": float(len(coming)),
        "investment_m": float(firms["investment_m"].sum()),
        "jobs": float(firms["workers"].sum()),
        "tax_m_y": float(amounts["tax"]),
        "local_input_value_m_y": float(amounts["local_input_value"]),
        "localisation_rate": float(plan.indicators["value"].get("localisation_rate", np.nan)),
        "collaboration_m_y": float(amounts[["links", "loops", "supply_collaboration"]].sum()),
        "value_m_y": plan.value,
    }


def _firms(plan: Plan, comes: pd.Series, stays: pd.Series) -> pd.DataFrame:
    either = plan.firms.index[plan.firms.index.isin(comes.index.union(stays.index))]
    here, there = either.isin(comes.index), either.isin(stays.index)
    return pd.DataFrame(
        {
            "name": plan.firms.loc[either, "name"],
            "status": np.select([here & there, here], ["in both", "only with money"], "only without"),
            "park": comes.reindex(either).astype(object).where(here, None),
            "park_without": stays.reindex(either).astype(object).where(there, None),
            "grants_m_y": plan.firms.loc[either, "grants_m_y"],
        },
        index=either,
    )
