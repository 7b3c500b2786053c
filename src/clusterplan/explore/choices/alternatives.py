"""`alternatives`: plans that are nearly as good and differ in what matters."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from clusterplan.errors import ClusterplanError, UsageError
from clusterplan.explore.choices.options import Runs
from clusterplan.explore.sweeps import Task
from clusterplan.plan import Plan
from clusterplan.rules import Condition
from clusterplan.rules.conditions import Amount


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Plans that are nearly as good as one.

    Parameters
    ----------
    plans
        The plan, then the others, the best first.
    frame
        By number (0: the plan): ``value``, ``loss_m_y``, ``distance`` (to the nearest plan before it),
        ``firms``, ``parks`` (how many come, are open), ``status``.
    firms, parks
        In how many of the plans each candidate comes, and where (``all``, ``most``, ``few`` or ``none``; by
        firm: ``plans``, ``share``, ``how``, ``where``); how often each park is open.
    ended
        Why there are no more: ``n`` as many as were asked for; ``slack`` none within the slack; ``time`` a
        solve ended without a plan at its limit.
    """

    plans: tuple[Plan, ...]
    frame: pd.DataFrame
    firms: pd.DataFrame
    parks: pd.DataFrame
    ended: str


def distance(first: Plan, second: Plan) -> int:
    """Return by how many choices two plans of a region differ: firms elsewhere (out counts as a place).

    Parks that are open are not counted: which are follows from the firms, but for empty ones.
    """
    here, there = first.firms["park"], second.firms["park"].reindex(first.firms.index)
    return sum(one != other for one, other in zip(here, there.where(there.notna(), None), strict=True))


def alternatives(
    plan: Plan,
    n: int = 5,
    *,
    slack: float = 0.02,
    apart: int = 1,
    about: str = "places",
    time_limit: float | None = 30.0,
    runs: Runs | None = None,
) -> Alternatives:
    """Return up to n plans within a slack of the value that differ from it and from each other.

    Each is the best plan that differs from all before by at least ``apart`` choices, which is solved for with
    one further row for each plan before it.

    Parameters
    ----------
    plan
        The plan.
    n
        How many others, at least 1.
    slack
        How much less they may be worth, as a share of the size of the plan's value.
    apart
        By how many choices they must differ.
    about
        What choices are counted: ``places`` (which firm in which park), ``firms`` (which firms come) or
        ``parks`` (which parks are open).
    time_limit
        Seconds for each solve; None: no limit.
    runs
        How they are solved (`clusterplan.explore.Runs`).

    Raises
    ------
    UsageError
        If a number or a word cannot be meant.

    References
    ----------
    Brill, Chang and Hopkins 1982, Modeling to generate alternatives: the HSJ approach (alternatives that are
    good and differ); Tsai, Lin and Hwang 2008, Finding multiple solutions to general integer linear programs
    (a row for each plan before).

    Examples
    --------
    >>> import clusterplan as cp
    >>> plan = cp.solve(cp.load_region("tiny"))
    >>> cp.alternatives(plan, 2, slack=1.0).frame["loss_m_y"].round(3).tolist()
    [0.0, 0.055]
    """
    if n < 1 or apart < 1 or not slack >= 0:
        raise UsageError(f"n and apart are 1 or more and slack is not negative, not {n}, {apart}, {slack}.")
    if about not in {"places", "firms", "parks"}:
        raise UsageError(f"Alternatives differ in 'places', 'firms' or 'parks', not in {about!r}.")
    runs = (runs or Runs()).within(time_limit)
    least = Condition({("value",): 1.0}, at_least=plan.value - slack * max(1e-9, abs(plan.value)))
    plans, ended = [plan], "n"
    while len(plans) <= n:
        cuts = tuple(_differs(before, apart, about) for before in plans)
        task = Task(f"alternative {len(plans)}", plan.region, runs.options, conditions=(least, *cuts))
        swept = runs.sweep([task])
        try:
            plans.append(swept.plan(task.name))
        except ClusterplanError:
            ended = "slack" if swept.result(task.name).status == "infeasible" else "time"
            break
    return Alternatives(tuple(plans), _frame(plans), _firms(plans), _parks(plans), ended)


def _differs(plan: Plan, apart: int, about: str) -> Condition:
    """Return the condition of differing from a plan by so many choices."""
    weights: dict[Amount, float] = {}
    same = 0
    if about == "parks":
        for park, is_open in plan.parks["open"].items():
            weights["open", str(park)] = -1.0 if is_open else 1.0
            same += bool(is_open)
    else:
        for firm, park in plan.firms["park"].items():
            if park is None:
                weights["comes", str(firm)] = 1.0
                continue
            key = ("place", str(firm), str(park)) if about == "places" else ("comes", str(firm))
            weights[key] = -1.0
            same += 1
    return Condition(weights, at_least=apart - same)


def _frame(plans: list[Plan]) -> pd.DataFrame:
    rows = [
        {
            "value": plan.value,
            "loss_m_y": plans[0].value - plan.value,
            "distance": min((distance(before, plan) for before in plans[:number]), default=0),
            "firms": int(plan.firms["park"].notna().sum()),
            "parks": int(plan.parks["open"].sum()),
            "status": plan.status,
        }
        for number, plan in enumerate(plans)
    ]
    return pd.DataFrame(rows).rename_axis("plan")


def _firms(plans: list[Plan]) -> pd.DataFrame:
    places = pd.DataFrame({number: plan.firms["park"] for number, plan in enumerate(plans)})
    comes = places.notna()
    frame = pd.DataFrame({"plans": comes.sum(axis=1), "share": comes.mean(axis=1)})
    frame["how"] = _words(frame["share"])
    frame["where"] = [
        ", ".join(f"{park} ({count})" for park, count in row.dropna().value_counts().items())
        for _, row in places.iterrows()
    ]
    others = plans[0].firms.index[plans[0].firms["status"] != "candidate"]
    candidates: pd.DataFrame = frame.drop(others)
    return candidates.rename_axis("firm")


def _parks(plans: list[Plan]) -> pd.DataFrame:
    opened = pd.DataFrame({number: plan.parks["open"] for number, plan in enumerate(plans)})
    frame = pd.DataFrame({"plans": opened.sum(axis=1), "share": opened.mean(axis=1)})
    frame["how"] = _words(frame["share"])
    return frame.rename_axis("park")


def _words(share: pd.Series) -> list[str]:
    return ["all" if s == 1 else "none" if s == 0 else "most" if s > 0.5 else "few" for s in share]
