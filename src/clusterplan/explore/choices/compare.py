"""`compare`: what is different between two plans."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from clusterplan.plan import Plan


def compare(first: Plan, second: Plan, *, tolerance: float = 1e-6) -> pd.DataFrame:
    """Return what is different between two plans, line by line.

    The plans may be of different regions; what only one of them knows is None in the other.

    Parameters
    ----------
    first, second
        The plans.
    tolerance
        Numbers that differ by no more than this (relative, or absolute below 1) are the same.

    Returns
    -------
    DataFrame
        Columns ``about`` (``value``, ``term``, ``park``, ``work``, ``firm``, ``grant``, ``indicator``),
        ``id``, ``first``, ``second`` and ``change`` (second − first, NaN where they are no numbers): the open
        state and level of parks, what is built, the park of firms, the yearly amount of grants
        (``firm/instrument``), weighted terms.

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> compare(plan, plan).empty
    True
    """
    told = [_told(plan) for plan in (first, second)]
    rows = []
    for key in dict.fromkeys([*told[0], *told[1]]):
        old, new = (facts.get(key) for facts in told)
        if not _same(old, new, tolerance):
            rows.append((*key, old, new, _change(old, new)))
    frame = pd.DataFrame(rows, columns=["about", "id", "first", "second", "change"])
    return frame.astype({"about": object, "id": object, "first": object, "second": object, "change": float})


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
    amounts = zip(grants["firm"], grants["instrument"], grants["amount_m_y"], strict=True)
    facts |= {("grant", f"{firm}/{instrument}"): float(amount) for firm, instrument, amount in amounts}
    facts |= {("indicator", str(name)): float(value) for name, value in plan.indicators["value"].items()}
    return facts


def _change(old: Any, new: Any) -> float:
    return new - old if isinstance(old, float) and isinstance(new, float) else float("nan")


def _same(old: Any, new: Any, tolerance: float) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return (math.isnan(old) and math.isnan(new)) or abs(new - old) <= tolerance * max(1.0, abs(old))
    return bool(old == new)
