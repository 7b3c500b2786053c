"""`attraction`: what landing an anchor is worth, who follows it, and where it tips."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.distance import RegionDistances, region_distances
from clusterplan.errors import Fault, InternalError, NoPlanError, TimeLimitError, UsageError
from clusterplan.explore.market.beside import beside, change
from clusterplan.explore.market.cascade import Cascade
from clusterplan.explore.market.followers import followers_of
from clusterplan.explore.market.landing import anchors_of, locked_in, locked_out, market_after, steps_of
from clusterplan.explore.market.plainly import plain
from clusterplan.instance import Bools, Decisions, Instance, Ints, instance_of
from clusterplan.plan import Plan, Proof, verify
from clusterplan.plan.make import make_plan
from clusterplan.region import Region
from clusterplan.solve import Least, Limits, find, least_budgets, least_paid

DENIED = ("siting.existing", "siting.committed", "siting.locked_in_firm")
"""What a plan without the anchor may break: that the anchor is there."""


@dataclass(frozen=True, eq=False)
class Attraction:
    """What landing an anchor is worth.

    Parameters
    ----------
    region
        The region.
    anchors
        Ids of the anchors in question; of several sizes of one enterprise one is landed.
    without, landed
        Plans with the anchors locked out and locked in; None if there is none.
    status
        Of ``without`` and ``landed``: ``optimal``, ``feasible``, ``infeasible`` (no plan exists) or
        ``no_plan`` (time ran out before one was found).
    measures
        Both side by side (`clusterplan.explore.market.beside.beside`): ``without``, ``landed``,
        ``change``; one alone if the other is missing.
    followers
        By firm, those in one of two and not in the other, anchors left out: ``name``, ``in_plan``
        (``landed``, ``without``, or None for no difference), ``in_market`` (likewise, in the cascade),
        ``park`` in the plan, ``round`` and ``brought_by`` in the cascade, ``grants_pv_m`` in the plan.
    arrivals
        The cascade with the anchors in place; see `clusterplan.explore.Baseline`. Empty where they have no
        room beside what is there.
    tipping
        The least money: rows ``what`` (``grant``: annual equivalent to the anchors, m currency/y;
        ``budgets``: times all budgets) and ``who`` (``anchor``; ``batch``: with the followers of the landed
        plan), with ``least`` (found, NaN: none), ``at_least`` (proven: less does not do; infinite: no money
        does) and ``proven`` (the two meet).
    frugal
        Plans that need no more than what ``tipping`` says, by (what, who).
    """

    region: Region
    anchors: tuple[str, ...]
    without: Plan | None
    landed: Plan | None
    status: dict[str, str]
    measures: pd.DataFrame
    followers: pd.DataFrame
    arrivals: pd.DataFrame
    tipping: pd.DataFrame
    frugal: dict[tuple[str, str], Plan]

    @property
    def worth_m_y(self) -> float:
        """Value of the plan with the anchors less that without, m currency/y; NaN if one is missing."""
        if self.landed is None or self.without is None:
            return math.nan
        return self.landed.value - self.without.value

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON; unknown and infinite numbers are None."""
        return {
            "region": self.region.name,
            "anchors": list(self.anchors),
            "worth_m_y": None if math.isnan(self.worth_m_y) else self.worth_m_y,
            **{
                name: {"status": self.status[name], "gap": None if plan is None else plan.gap}
                for name, plan in (("without", self.without), ("landed", self.landed))
            },
            "measures": plain(self.measures.reset_index()),
            "followers": plain(self.followers.reset_index()),
            "arrivals": plain(self.arrivals),
            "tipping": plain(self.tipping),
        }


def attraction(
    region: Region,
    anchor: str | Sequence[str] | None = None,
    *,
    time_limit: float | None = 60.0,
    seed: int = 0,
) -> Attraction:
    """Return what landing an anchor is worth: the region planned with it locked out, and locked in.

    Parameters
    ----------
    region
        The region.
    anchor
        Id of the anchor, or ids of several that land together; None: the anchors that are candidates or
        committed, else those that exist.
    time_limit
        Seconds for each of the two plans, and for the least money in all; None: no limit.
    seed
        Seed of search and solver.

    Returns
    -------
    Attraction
        The difference, the followers, and the least grant and budgets at which the batch can come. Whether a
        follower is one is a matter of two best plans: where they are not proven, it may be otherwise.

    Raises
    ------
    UsageError
        If there is no such anchor, or the limit is negative.
    NoPlanError
        If no plan exists with the anchor or without it.
    TimeLimitError
        If time ran out before any plan was found with the anchor or without it.

    Examples
    --------
    >>> import clusterplan as cp
    >>> found = cp.attraction(cp.load_region("tiny"))
    >>> found.anchors, sorted(found.followers.index)
    (('carmaker',), ['batteries', 'seats'])
    """
    if time_limit is not None and not time_limit >= 0:
        raise UsageError(f"The time limit is in seconds, 0 or more, not {time_limit!r}.")
    distances = region_distances(region)
    instance = instance_of(region, distances)
    anchors = anchors_of(region, instance, anchor)
    outside, inside = locked_out(instance, anchors), locked_in(instance, anchors)
    ask = _Asking(region, distances, instance, Limits(time_limit=time_limit, seed=seed))
    status: dict[str, str] = {}
    (status["without"], without), (status["landed"], landed) = ask.plan(outside), ask.plan(inside)
    if without is None and landed is None:
        raise _no_plan(region, proven=set(status.values()) == {"infeasible"})
    followers = anchors & False
    if without is not None and landed is not None:
        followers = ((landed[1].park >= 0) & (without[1].park < 0)) & ~anchors
    tipping, frugal = _tipping(ask, inside, anchors, followers, None if landed is None else landed[1])
    plans = {name: made[0] for name, made in (("without", without), ("landed", landed)) if made is not None}
    measures = beside(plans)
    crowd = market_after(region, instance, anchors)
    in_market = _there(instance, crowd) - _there(instance, market_after(region, outside, anchors & False))
    arrivals = steps_of(region, instance, crowd)
    return Attraction(
        region=region,
        anchors=tuple(instance.sites.firms[f] for f in np.flatnonzero(anchors)),
        without=plans.get("without"),
        landed=plans.get("landed"),
        status=status,
        measures=change(measures, "without", "landed") if len(plans) == 2 else measures,
        followers=followers_of(
            region, plans, pd.Series(in_market, index=region.firms.index), arrivals, anchors
        ),
        arrivals=arrivals,
        tipping=tipping,
        frugal=frugal,
    )


class _Asking:
    """Solves instances of one region, and makes plans of what is found."""

    def __init__(
        self, region: Region, distances: RegionDistances, instance: Instance, limits: Limits
    ) -> None:
        self.region, self.distances, self.instance, self.limits = region, distances, instance, limits

    def plan(self, asked: Instance) -> tuple[str, tuple[Plan, Decisions] | None]:
        """Return the status and the best plan found for an instance of the region, with its decisions."""
        begun = time.monotonic()
        found = find(asked, self.limits)
        if found.decisions is None:
            return found.status, None
        proof = Proof(
            solver=found.solver,
            seconds=time.monotonic() - begun,
            nodes=found.nodes,
            limit=found.limit,
            options=asdict(self.limits),
        )
        made = make_plan(
            self.region,
            self.distances,
            self.instance,
            found.decisions,
            status="optimal" if found.status == "optimal" else "feasible",
            bound=found.bound,
            proof=proof,
        )
        return made.status, (self.checked(made, DENIED), found.decisions)

    def frugal(self, decisions: Decisions, words: str, *, beyond: bool) -> Plan:
        """Return the plan of decisions that need least money; ``beyond``: more than the budgets hold."""
        made = make_plan(
            self.region,
            self.distances,
            self.instance,
            decisions,
            status="feasible",
            bound=None,
            proof=Proof(solver=words, seconds=0.0),
        )
        return self.checked(made, ("incentives.budget_",) if beyond else ())

    def checked(self, plan: Plan, but: tuple[str, ...]) -> Plan:
        """Return a plan that holds in every rule but some."""
        wrong = verify(plan)
        wrong = wrong[~wrong["rule"].str.startswith(but)]
        if len(wrong):
            raise InternalError(
                "The plan fails its own check; please report this with the region:\n"
                + wrong.head(20).to_string()
            )
        return plan


def _tipping(
    ask: _Asking, inside: Instance, anchors: Bools, followers: Bools, start: Decisions | None
) -> tuple[pd.DataFrame, dict[tuple[str, str], Plan]]:
    """Return the least money for the anchors and for the batch, and the plans that show it."""
    asked = [("anchor", inside)]
    if followers.any():
        asked.append(("batch", locked_in(inside, followers)))
    seconds = ask.limits.time_limit
    limit = None if seconds is None else seconds / (2 * len(asked))
    rows, plans = [], {}
    for who, instance in asked:
        found: dict[str, Least] = {
            "grant": least_paid(instance, anchors, start, limit),
            "budgets": least_budgets(instance, start, limit),
        }
        for what, least in found.items():
            value = math.nan if least.value is None else least.value
            rows.append((what, who, value, least.bound, least.proven))
            if least.decisions is not None:
                beyond = what == "budgets" and value > 1.0
                plans[what, who] = ask.frugal(least.decisions, f"least {what}, {who}", beyond=beyond)
    return pd.DataFrame(rows, columns=["what", "who", "least", "at_least", "proven"]), plans


def _there(instance: Instance, went: Cascade) -> Ints:
    """Return 1 for firms that are there at the end of a cascade, (F,)."""
    return np.zeros(instance.n_firms, dtype=np.int64) if went.end is None else 1 * (went.end.park >= 0)


def _no_plan(region: Region, *, proven: bool) -> NoPlanError | TimeLimitError:
    """Return what to say where there is no plan, with the anchor or without it."""
    if proven:
        why, mend = (
            "No plan exists with the anchor or without it.",
            "Look at what `solve` says of the region.",
        )
        return NoPlanError(f"{why} {mend}", [Fault(file=region.name, why=why, mend=mend, rule="infeasible")])
    why, mend = f"No plan was found for {region.manifest.title} in time.", "Give it longer (time_limit)."
    return TimeLimitError(f"{why} {mend}", [Fault(file=region.name, why=why, mend=mend, rule="no_plan")])
