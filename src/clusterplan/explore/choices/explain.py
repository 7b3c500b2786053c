"""`explain`: why a firm is where it is, or a park as it is: every other choice, forced and solved again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.explore.choices.conflicts import conflict_of
from clusterplan.explore.choices.forced import Limit, forced
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.choices.yardstick import difference
from clusterplan.explore.obstacles.barred import reason
from clusterplan.explore.sweeps import Sweep
from clusterplan.instance import instance_of
from clusterplan.instance.bars import bars
from clusterplan.plan import Plan
from clusterplan.plan.limits import limits
from clusterplan.region.suggest import suggest
from clusterplan.rules import Condition

OUT = "out"
"""The choice of a firm that is in no park."""
UNKNOWN = "not known"
"""Status of a choice for which neither a plan was found in time, nor that there is none."""
NO_TIME = "Time ran out before it was known which rules leave no plan with it."
TOLD = 3
"""Terms told as the reason of a loss, the largest first."""
NOTHING = 1e-6
"""Changes of a term below this, m currency/y, are rounding."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """What each choice about a firm or a park would be worth.

    Parameters
    ----------
    about
        The firm or park.
    chosen
        What the plan chose: a park or ``out`` for a firm, ``open`` or ``shut`` for a park.
    choices
        By choice, the plan's own first, then the runner-up and so on: ``status`` (of the plan with the choice
        forced; ``not admissible`` where the firm may not be there at all; ``not known`` where time ran out
        before a plan was found, or that there is none; ``no plan`` where the rules leave none), ``value`` and
        ``loss_m_y`` (the plan's value less it), ``least_loss_m_y`` and ``most_loss_m_y`` (between which the
        loss lies as far as is proven), ``surplus_m_y`` and ``grants_m_y`` of the firm there, ``moved`` (other
        firms that would be elsewhere), ``because`` (the terms that change most, or why the firm may not be
        there).
    terms
        Choice × term: change of the weighted term against the plan, m currency/y.
    swept
        The solves, of each choice that is not certain to leave no plan.
    plans
        By choice, the best plan found with it: what is told of it is of this plan.
    binding
        Limits of the plan that bind and are of the firm (its surplus, grants and budgets they come from), of
        its park or of the park that is asked about: rows of `clusterplan.plan.limits.limits`.
    conflicts
        By choice that leaves no plan: the smallest set of rules found that can't hold together with it, as
        `clusterplan.diagnose` tells it; ``because`` says them in words.
    """

    about: str
    chosen: str
    choices: pd.DataFrame
    terms: pd.DataFrame
    swept: Sweep
    plans: Mapping[str, Plan]
    binding: pd.DataFrame
    conflicts: Mapping[str, pd.DataFrame]


def explain(
    plan: Plan,
    *,
    firm: str | None = None,
    park: str | None = None,
    time_limit: float | None = 60.0,
    runs: Runs | None = None,
) -> Explanation:
    """Return why a plan puts a firm where it does (or leaves it out), or opens a park (or does not).

    Each other choice is forced, and the whole region solved again under it: what is lost is what the plan's
    choice is worth, with everything else chosen anew. Where a solve ends at its limit, or the plan itself is
    not proven, the loss is between the two ends that are told.

    Parameters
    ----------
    plan
        The plan.
    firm, park
        What to explain: one of them.
    time_limit
        Seconds for all choices together; None: no limit. A choice that is certain to leave no plan takes none
        of it.
    runs
        How the solves are run (`clusterplan.explore.Runs`); None: one after the other.

    Raises
    ------
    UsageError
        If not just one of firm and park is given, or the region has none of that name.

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> cp.explain(plan, firm="seats").choices["loss_m_y"].round(3).to_dict()
    {'north': 0.0, 'south': 0.055, 'out': 1.55}
    """
    if (firm is None) == (park is None):
        raise UsageError("Give the firm or the park to explain: explain(plan, firm=...) or park=... .")
    if time_limit is not None and not time_limit >= 0:
        raise UsageError(f"The time limit is in seconds, 0 or more, not {time_limit!r}.")
    limit = Limit(time_limit)
    runs = runs or Runs()
    return _park(plan, str(park), runs, limit) if firm is None else _firm(plan, firm, runs, limit)


def _firm(plan: Plan, firm: str, runs: Runs, limit: Limit) -> Explanation:
    if firm not in plan.firms.index:
        raise UsageError(f"There is no firm {firm!r}.{suggest(firm, plan.firms.index)}")
    sites = instance_of(plan.region).sites
    at = sites.firms.index(firm)
    may = dict(zip(sites.parks, sites.admissible[at].tolist(), strict=True))
    here = plan.firms.loc[firm, "park"]
    chosen = OUT if here is None else str(here)
    rest = [park for park, allowed in may.items() if allowed and park != chosen]
    rows = {park: Condition({("place", firm, park): 1.0}, at_least=1) for park in rest}
    if chosen != OUT and not sites.must_place[at]:
        rows[OUT] = Condition({("comes", firm): 1.0}, at_most=0)
    barred = _why_not(plan, firm, [park for park, allowed in may.items() if not allowed])
    return _explained(plan, firm, chosen, rows, barred, runs, limit)


def _why_not(plan: Plan, firm: str, parks: list[str]) -> dict[str, str]:
    """Return, by park, why a firm may not be there at all."""
    if plan.region.firms.loc[firm, "status"] == "existing":
        return dict.fromkeys(parks, "an existing firm stays where it is")
    region = plan.region
    f, at = list(region.firms.index).index(firm), list(region.parks.index)
    found = bars(region, plan.distances, instance_of(region, plan.distances).sites.admissible)
    why: dict[str, list[str]] = {park: [] for park in parks}
    for bar in found:
        words = reason(bar.rule)
        for park in parks:
            if bar.barred[f, at.index(park)]:
                why[park].append(words)
    return {park: ", ".join(words) or "it alone needs more than the park has" for park, words in why.items()}


def _park(plan: Plan, park: str, runs: Runs, limit: Limit) -> Explanation:
    if park not in plan.parks.index:
        raise UsageError(f"There is no park {park!r}.{suggest(park, plan.parks.index)}")
    sites = instance_of(plan.region).sites
    at = sites.parks.index(park)
    is_open = bool(plan.parks.loc[park, "open"])
    chosen, other = ("open", "shut") if is_open else ("shut", "open")
    fixed = sites.open_always[at] if is_open else sites.open_never[at]
    count = Condition({("open", park): 1.0}, at_most=0) if is_open else Condition({("open", park): 1.0}, 1)
    rows = {} if fixed else {other: count}
    barred = {other: "its status or lock says so"} if fixed else {}
    return _explained(plan, park, chosen, rows, barred, runs, limit)


def _explained(  # noqa: PLR0917
    plan: Plan,
    about: str,
    chosen: str,
    asked: dict[str, Condition],
    barred: dict[str, str],
    runs: Runs,
    limit: Limit,
) -> Explanation:
    found = forced(plan, about, asked, runs, limit)
    swept = found.swept
    conflicts: dict[str, pd.DataFrame] = {}
    rows: dict[str, dict[str, Any]] = {chosen: _row(plan, plan, about, plan.status)}
    terms = {chosen: plan.terms["value"] * 0.0}
    solved = [choice for choice in asked if choice not in found.certain]
    none = [choice for choice in asked if choice not in solved or swept.result(choice).status == "infeasible"]
    for choice in solved:
        if choice not in found.plans:
            rows[choice] = {"status": UNKNOWN}
            continue
        other = found.plans[choice]
        rows[choice] = _row(plan, other, about, other.status)
        terms[choice] = other.terms["value"] - plan.terms["value"]
        rows[choice]["because"] = because(terms[choice])
    for number, choice in enumerate(none):
        left = limit.left()
        each = None if left is None else left / (len(none) - number)
        conflicts[choice] = conflict_of(plan, about, choice, each)
        why = " ".join(conflicts[choice]["what"]) or found.certain.get(choice, NO_TIME)
        rows[choice] = {"status": "no plan", "because": why}
    rows |= {choice: {"status": "not admissible", "because": why} for choice, why in barred.items()}
    losses = ["loss_m_y", "least_loss_m_y", "most_loss_m_y"]
    columns = ["status", "value", *losses, "surplus_m_y", "grants_m_y", "moved", "because"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    frame = frame.astype(dict.fromkeys(columns[1:7], float))
    frame["because"] = frame["because"].fillna("").astype(object)
    order = np.lexsort((np.arange(len(frame)), frame["loss_m_y"].fillna(np.inf), frame.index != chosen))
    frame = frame.iloc[order].rename_axis("choice")
    changed = pd.DataFrame(terms).T.rename_axis("choice")
    plans = {chosen: plan, **found.plans}
    return Explanation(about, chosen, frame, changed, swept, plans, _binding(plan, about), conflicts)


def _binding(plan: Plan, about: str) -> pd.DataFrame:
    """Return the limits that bind and are of a firm, its park, its grants' budgets, or of a park."""
    found, ids = limits(plan), {about}
    if about in plan.firms.index:
        ids |= {str(plan.firms.loc[about, "park"])}
        ids |= set(plan.grants.loc[plan.grants["firm"] == about, "budget"])
    groups = plan.region.groups
    ids |= set(groups.loc[groups["park"].isin(ids), "group"])
    of = np.array([bool(ids & set(str(one).split("/"))) for one in found["id"]], dtype=bool)
    others = found["rule"].str.startswith("willingness.") & (found["id"] != about)
    told: pd.DataFrame = found[found["binds"] & of & ~others].reset_index(drop=True)
    return told


def _row(plan: Plan, other: Plan, about: str, status: str) -> dict[str, Any]:
    """Return what is told of a plan in which a choice is forced."""
    apart = difference(plan, other)
    row: dict[str, Any] = {"status": status, "value": other.value, "loss_m_y": 0.0 - apart.change}
    is_own = other is plan
    row["least_loss_m_y"] = 0.0 if is_own else 0.0 - apart.most
    row["most_loss_m_y"] = 0.0 if is_own else 0.0 - apart.least
    firms = other.firms
    if about in firms.index:
        row |= {name: firms.loc[about, name] for name in ("surplus_m_y", "grants_m_y")}
    before, now = (one.firms["park"].drop(about, errors="ignore") for one in (plan, other))
    row["moved"] = sum(was != here for was, here in zip(before, now, strict=True))
    return row


def because(change: pd.Series) -> str:
    """Return the terms that change most, in words."""
    told = change[change.abs() > NOTHING].sort_values(key=lambda amounts: -amounts.abs())[:TOLD]
    return ", ".join(f"{term} {amount:+.3g}" for term, amount in told.items())
