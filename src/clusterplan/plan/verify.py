"""The check of a plan: every rule and every term, recomputed from its tables and its region's."""

from __future__ import annotations

import pandas as pd

from clusterplan.plan.checks.admission import admission
from clusterplan.plan.checks.breach import Breach, Gauge
from clusterplan.plan.checks.capacity import capacity
from clusterplan.plan.checks.case import Case, PlanLike, case_of
from clusterplan.plan.checks.geometry import geometry
from clusterplan.plan.checks.incentives import budgets, incentives
from clusterplan.plan.checks.indicators import indicators
from clusterplan.plan.checks.instruments import grants
from clusterplan.plan.checks.labour import labour
from clusterplan.plan.checks.ledger import ledger
from clusterplan.plan.checks.links import links
from clusterplan.plan.checks.loops import closed_loops, loops
from clusterplan.plan.checks.proof import proof
from clusterplan.plan.checks.realised import realised
from clusterplan.plan.checks.requirements import requirements
from clusterplan.plan.checks.siting import siting
from clusterplan.plan.checks.stability import stability
from clusterplan.plan.checks.supply import supply
from clusterplan.plan.checks.tables import columns, tables
from clusterplan.plan.checks.terms import terms
from clusterplan.plan.checks.trade import trade
from clusterplan.plan.checks.willingness import willingness
from clusterplan.plan.checks.works import works


def verify(plan: PlanLike, tolerance: float = 1e-6) -> pd.DataFrame:
    """Check a plan against its region, without the model it came from.

    The decisions (open parks, places, utilisation, quantities, grants) are read from the plan's tables;
    everything else in them is recomputed from these decisions and the region, and compared.

    Parameters
    ----------
    plan
        The plan.
    tolerance
        A number may be off by this much times ``max(1, |limit|)``; traded quantities by this much times
        the firm's full output or need.

    Returns
    -------
    DataFrame
        One row for each thing that does not hold: rule (``family.rule``), id (of what it does not hold
        for), amount, limit, excess. Empty when all holds. Where columns are missing, only these are told;
        indicators, which follow from the other tables, are checked only where all else holds.
    """
    breaches = list(columns(plan, Gauge(tolerance)))
    if not breaches:
        breaches = checks(case_of(plan, tolerance))
    frame = pd.DataFrame(breaches, columns=list(Breach._fields))
    return frame.astype({"rule": object, "id": object, "amount": float, "limit": float, "excess": float})


def checks(case: Case) -> list[Breach]:
    """Return what the gauge of a case finds, rule by rule; indicators only where it finds nothing."""
    bought, made, closed, given = trade(case), realised(case), closed_loops(case), grants(case)
    money = ledger(case, bought, made, closed, given)
    breaches = [
        *tables(case),
        *siting(case),
        *works(case.region, case.plan, case.gauge, case.public),
        *capacity(case),
        *labour(case),
        *admission(case),
        *requirements(case),
        *supply(case, bought),
        *links(case, made),
        *loops(case, closed),
        *incentives(case, given),
        *budgets(case, given),
        *willingness(case, money, given),
        *stability(case, money, given),
        *terms(case, money),
        *proof(case),
        *geometry(case, bought, made),
    ]
    return breaches or list(indicators(case, bought, closed, given, money))
