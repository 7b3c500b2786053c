"""A `Plan` from decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clusterplan.distance import RegionDistances
from clusterplan.instance import Decisions, Instance
from clusterplan.plan.evaluate import evaluate
from clusterplan.plan.plan import Plan, Proof, Status
from clusterplan.plan.tables import tables
from clusterplan.region import Region


def make_plan(
    region: Region,
    distances: RegionDistances,
    instance: Instance,
    decisions: Decisions,
    *,
    status: Status,
    bound: float | None,
    proof: Proof,
    write_problem: Callable[[], Any] | None = None,
) -> Plan:
    """Return the plan that decisions make, with every number recomputed from them.

    Parameters
    ----------
    region, distances, instance
        What was planned.
    decisions
        What was decided.
    status, bound, proof
        What is known about it; a bound below the value (by the solver's tolerance) is raised to it.
    write_problem
        Returns the `pulp.LpProblem` it is a solution of.
    """
    made = tables(region, instance, decisions, evaluate(instance, decisions))
    value = float(made["terms"]["value"].sum())
    plan = Plan(
        region=region,
        status=status,
        value=value,
        bound=None if bound is None else max(bound, value),
        weights=dict(instance.weights),
        tables=made,
        proof=proof,
        write_problem=write_problem,
    )
    plan.__dict__["distances"] = distances  # known already: fills the cached property
    return plan
