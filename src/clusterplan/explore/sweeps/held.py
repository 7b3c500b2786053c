"""Whether a plan keeps the conditions of its task, read from its tables and not from the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from clusterplan.plan import Plan
from clusterplan.rules import Condition

TOLERANCE = 1e-6
"""How far a sum may be beyond its bound, relative to 1 or to the sizes in it."""


def broken(conditions: Sequence[Condition], plan: Plan) -> list[str]:
    """Return a line for each condition that a plan does not keep.

    Parameters
    ----------
    conditions
        The conditions; see `clusterplan.rules.conditions`.
    plan
        The plan.
    """
    lines = []
    for condition in conditions:
        parts = [weight * _KINDS[amount[0]](plan, *amount[1:]) for amount, weight in condition.of.items()]
        total, crumb = sum(parts), TOLERANCE * max(1.0, *map(abs, parts))
        if condition.at_least is not None and total < condition.at_least - crumb:
            lines.append(f"{dict(condition.of)} is {total}, at least {condition.at_least} was asked for.")
        if condition.at_most is not None and total > condition.at_most + crumb:
            lines.append(f"{dict(condition.of)} is {total}, at most {condition.at_most} was asked for.")
    return lines


def _surplus(plan: Plan, firm: str) -> float:
    placed = plan.firms["park"].notna()[firm]
    return float(plan.firms.loc[firm, "surplus_m_y"]) if placed else 0.0


def _grant(plan: Plan, firm: str, instrument: str) -> float:
    grants = plan.grants
    own = (grants["firm"] == firm) & (grants["instrument"] == instrument)
    return float(grants.loc[own, "amount_m_y"].sum())


_KINDS: Mapping[str, Callable[..., float]] = {
    "value": lambda plan: float(plan.value),
    "term": lambda plan, term: float(plan.terms.loc[term, "amount"]),
    "open": lambda plan, park: float(plan.parks.loc[park, "open"]),
    "place": lambda plan, firm, park: float(plan.firms.loc[firm, "park"] == park),
    "comes": lambda plan, firm: float(plan.firms["park"].notna()[firm]),
    "surplus": _surplus,
    "grant": _grant,
}
