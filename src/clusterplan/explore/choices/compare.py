"""`compare`: what is different between plans, side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.explore.choices.yardstick import yardstick
from clusterplan.plan import Plan

SAME_YARDSTICK = ("value", "by the same yardstick")
"""Kind and id of the line that tells values by the yardstick of `fit` of the first plan's region."""
KINDS = ("value", "term", "park", "work", "firm", "surplus", "grant", "tier", "use", "indicator")
"""What a line is about."""


def compare(
    first: Plan,
    second: Plan,
    *others: Plan,
    names: Sequence[str] | None = None,
    tolerance: float = 1e-6,
) -> pd.DataFrame:
    """Return what is different between two plans or more, line by line.

    The plans may be of different regions; what one of them does not know is None there.

    Parameters
    ----------
    first, second, *others
        The plans.
    names
        What the plans are called in the columns; None: ``first`` and ``second`` of two, ``plan 1``,
        ``plan 2`` ... of more.
    tolerance
        Numbers that differ by no more than this (relative, or absolute below 1) are the same.

    Returns
    -------
    DataFrame
        Columns ``about``, ``id`` and one a plan; of two plans also ``change`` (second − first), of more
        ``spread`` (largest − least), NaN where they are no numbers. Lines are about

        - the ``value``; where the plans' regions measure `fit` by different parks, also the values ``by the
          same yardstick``, that of the first (`clusterplan.explore.choices.yardstick`), even where they agree
        - weighted terms (``term``); indicators (``indicator``)
        - what is decided: the open state and level of parks (``park``), what is built (``work``), the park of
          firms (``firm``), the yearly amount of grants (``grant``, ``firm/instrument``)
        - who gains and who loses: what firms earn beyond their outside option (``surplus``, NaN where they
          are out), what each tier of government grants a year (``tier``), what is used of each park (``use``,
          ``park/resource``)

    Raises
    ------
    UsageError
        If names are not as many as plans, or not different.

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> compare(plan, plan).empty
    True
    """
    plans = (first, second, *others)
    usual = ["first", "second"] if len(plans) == 2 else [f"plan {n}" for n in range(1, len(plans) + 1)]
    columns = _columns(usual if names is None else list(names), len(plans))
    told = [_told(plan) for plan in plans]
    _by_one_yardstick(told, plans)
    rows = []
    for key in dict.fromkeys(key for facts in told for key in facts):
        values = [facts.get(key) for facts in told]
        if key == SAME_YARDSTICK or not all(_same(values[0], value, tolerance) for value in values[1:]):
            rows.append((*key, *values, _apart(values)))
    last = "change" if len(plans) == 2 else "spread"
    frame = pd.DataFrame(rows, columns=["about", "id", *columns, last])
    return frame.astype({**dict.fromkeys(["about", "id", *columns], object), last: float})


def _columns(names: list[str], n: int) -> list[str]:
    taken = {"about", "id", "change", "spread"}
    if len(names) != n or len(set(names)) != n or taken & set(names):
        raise UsageError(
            f"Give each of the {n} plans a name of its own, none of {', '.join(sorted(taken))}; not {names}."
        )
    return names


def _told(plan: Plan) -> dict[tuple[str, str], Any]:
    """Return what a plan says, one fact a key; a firm that is out is in no park."""
    grants = plan.grants
    facts: dict[tuple[str, str], Any] = {("value", plan.region.name): plan.value}
    facts |= {("term", str(term)): float(value) for term, value in plan.terms["value"].items()}
    parks = plan.parks
    facts |= {
        ("park", str(park)): f"open at level {level}" if level else "open" if is_open else "closed"
        for park, is_open, level in zip(parks.index, parks["open"], parks["level"], strict=True)
    }
    facts |= {
        ("work", str(work)): "built" if is_built else "not built"
        for work, is_built in plan.works["built"].items()
    }
    facts |= {("firm", str(firm)): park for firm, park in plan.firms["park"].items()}
    facts |= {("surplus", str(firm)): float(amount) for firm, amount in plan.firms["surplus_m_y"].items()}
    amounts = zip(grants["firm"], grants["instrument"], grants["amount_m_y"], strict=True)
    facts |= {("grant", f"{firm}/{instrument}"): float(amount) for firm, instrument, amount in amounts}
    budgets = plan.region.manifest.budgets
    tier = grants["budget"].map({name: budget.tier for name, budget in budgets.items()})
    for name in dict.fromkeys(budget.tier for budget in budgets.values()):
        facts["tier", name] = float(grants.loc[tier == name, "amount_m_y"].sum())
    for resource in plan.region.resources:
        used = parks[f"used_{resource}"]
        facts |= {("use", f"{park}/{resource}"): float(amount) for park, amount in used.items()}
    facts |= {("indicator", str(name)): float(value) for name, value in plan.indicators["value"].items()}
    return facts


def _by_one_yardstick(told: list[dict[tuple[str, str], Any]], plans: Sequence[Plan]) -> None:
    """Add the values by the yardstick of the first plan's region, if another's region has another."""
    moved = [yardstick(plans[0].region, plan.region) for plan in plans]
    if all(one.is_same for one in moved):
        return
    for at, (plan, one) in enumerate(zip(plans, moved, strict=True)):
        value, *rest = told[at].items()
        told[at] = dict([value, (SAME_YARDSTICK, plan.value - one.of(plan)), *rest])


def _apart(values: Sequence[Any]) -> float:
    """Return second − first of two numbers, largest − least of more; NaN where one is none."""
    if not all(isinstance(value, float) and not math.isnan(value) for value in values):
        return float("nan")
    return float(values[1] - values[0] if len(values) == 2 else max(values) - min(values))


def _same(old: Any, new: Any, tolerance: float) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return (math.isnan(old) and math.isnan(new)) or abs(new - old) <= tolerance * max(1.0, abs(old))
    return bool(old == new)
