"""`baseline`: what would be there without a plan, and what the plan adds to it."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.distance import region_distances
from clusterplan.errors import UsageError
from clusterplan.explore.market.beside import beside, change
from clusterplan.explore.market.cascade import cascade
from clusterplan.explore.market.drivers import candidates_of, drivers_of
from clusterplan.explore.market.ends import (
    breaches,
    comers,
    committed,
    plan_of,
    traded_today,
    with_arrivals,
)
from clusterplan.explore.market.landing import steps_of
from clusterplan.explore.market.orders import in_orders
from clusterplan.explore.market.plainly import plain
from clusterplan.instance import instance_of
from clusterplan.plan import Plan, Proof, verify
from clusterplan.region import Region

ORDERS = 10
"""Random orders tried besides that by id."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """What would be there without a plan.

    Parameters
    ----------
    region
        The region.
    today, anchor_alone, market
        Three ends, each a plan without grants: existing firms alone; with committed firms and candidate
        anchors, nobody else; and the end of the cascade. Indicators, maps and `compare` work on them.
        Their status is ``feasible`` without a bound, for nobody planned them.
    arrivals
        What happened in the cascade, in order: ``round``, ``firm``, ``name``, ``what`` (comes, moves,
        leaves), ``park``, ``surplus_m_y`` (as the firm saw it then, of one that leaves what it earned) and
        ``brought_by`` (ids; empty for one that would have come without anybody).
    drivers
        By firm that brought others: ``name``, ``brings`` (how many it is among those who brought),
        ``batch`` (how many in all, with those whom the brought ones brought in turn) and ``firms``, their
        ids.
    candidates
        By firm, candidates that are enterprises: ``name``, ``park`` in the market (None: out),
        ``surplus_m_y``, ``share`` (of the orders tried in which it is there at the end) and ``comes``
        (``always``, ``mostly``, ``seldom``, ``never``).
    orders
        One row an order of turns (the first is by id): ``order``, ``settled``, ``rounds``, ``firms`` that
        came and ``end``, the number of the end it came to (equal numbers: the same firms in the same parks).
    unmet
        What the ends do not keep of the region's rules, as `verify` tells it, with ``end`` in front.
        A market knows no requirements, no least number of open parks and no locks, and today has no
        committed firms yet.
    settled
        Whether the cascade by id came to a fixed point.
    cycle
        Firms that come, move and leave without end where it did not.
    seconds
        Time of the cascade by id, of trade settled within it included.
    """

    region: Region
    today: Plan
    anchor_alone: Plan
    market: Plan
    arrivals: pd.DataFrame
    drivers: pd.DataFrame
    candidates: pd.DataFrame
    orders: pd.DataFrame
    unmet: pd.DataFrame
    settled: bool
    cycle: tuple[str, ...]
    seconds: float

    @property
    def depends_on_order(self) -> bool:
        """Whether some order of turns tried led to another end."""
        return bool(self.orders["end"].nunique() > 1)

    @property
    def _ends(self) -> dict[str, Plan]:
        return {"today": self.today, "anchor_alone": self.anchor_alone, "market": self.market}

    def coordination(self, plan: Plan) -> pd.DataFrame:
        """Return what the plan is worth against the market: the value of coordination.

        Parameters
        ----------
        plan
            A plan of the same region.

        Returns
        -------
        DataFrame
            As `clusterplan.explore.market.beside.beside`: by measure ``today``, ``anchor_alone``, ``market``,
            ``plan``, ``change`` (plan less market) and ``unit``.

        Raises
        ------
        UsageError
            If the plan is of another region.
        """
        self._check(plan)
        return change(beside({**self._ends, "plan": plan}), "market", "plan")

    def additionality(self, plan: Plan) -> pd.DataFrame:
        """Return what comes with the plan and not with the market, against the money spent.

        Parameters
        ----------
        plan
            A plan of the same region.

        Returns
        -------
        DataFrame
            By ``firms``, ``jobs_new``, ``investment``, ``tax`` and ``collaboration_value``: ``market``,
            ``plan``, ``added`` and ``per_grant_m`` (added per million of grants, present value; NaN without
            grants).

        Raises
        ------
        UsageError
            If the plan is of another region.
        """
        self._check(plan)
        names = ["firms", "jobs_new", "investment", "tax", "collaboration_value"]
        market, planned = (p.indicators["value"].reindex(names) for p in (self.market, plan))
        spent = float(plan.grants["amount_pv_m"].sum())
        added = planned - market
        frame = pd.DataFrame({"market": market, "plan": planned, "added": added})
        frame.index.name = "measure"
        return frame.assign(per_grant_m=added / spent if spent > 0 else math.nan)

    def added(self, plan: Plan) -> pd.DataFrame:
        """Return the firms that are in one of plan and market alone.

        Parameters
        ----------
        plan
            A plan of the same region.

        Returns
        -------
        DataFrame
            By firm: ``name``, ``only_in`` (``plan`` or ``market``), ``park`` there, ``grants_pv_m``.
        """
        self._check(plan)
        firms, market = plan.firms, self.market.firms
        here, there = firms["park"].notna(), market["park"].notna()
        paid = plan.grants.groupby("firm")["amount_pv_m"].sum()
        frame = pd.DataFrame(
            {
                "name": firms["name"],
                "only_in": np.where(here, "plan", "market"),
                "park": firms["park"].where(here, market["park"]),
                "grants_pv_m": paid.reindex(firms.index).fillna(0.0),
            }
        )
        return frame[[bool(one) for one in here != there]]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON; unknown numbers are None."""
        return {
            "region": self.region.name,
            "settled": self.settled,
            "cycle": list(self.cycle),
            "ends": int(self.orders["end"].nunique()),
            "measures": plain(beside(self._ends).reset_index()),
            **{
                name: plain(frame)
                for name, frame in (
                    ("arrivals", self.arrivals),
                    ("drivers", self.drivers.reset_index()),
                    ("candidates", self.candidates.reset_index()),
                    ("orders", self.orders),
                    ("unmet", self.unmet),
                )
            },
        }

    def _check(self, plan: Plan) -> None:
        if plan.region.name != self.region.name:
            raise UsageError(
                f"The plan is of the region {plan.region.name}, the baseline of {self.region.name}: compare "
                "a plan of the same region."
            )


def baseline(region: Region, *, seed: int = 0, orders: int = ORDERS) -> Baseline:
    """Return what would be there without a plan: today, the anchor alone, and the market alone.

    The market is a cascade with no public money (`clusterplan.explore.market.cascade`): from what is
    there today and what is committed, round by round each candidate comes, moves or stays as suits it. It
    takes only parks that are open, or that open at no public cost.

    Parameters
    ----------
    region
        The region.
    seed
        Seed of the random orders.
    orders
        How many random orders of turns to try besides that by id.

    Returns
    -------
    Baseline
        Ends, arrivals, and how far the end depends on the order.

    Raises
    ------
    NoPlanError
        If what exists and is committed has no room, or can't trade, by itself.
    UsageError
        If the number of orders is negative.

    Examples
    --------
    >>> import clusterplan as cp
    >>> found = cp.baseline(cp.load_region("tiny"))
    >>> int(found.market.firms["park"].notna().sum())
    2
    """
    if orders < 0:
        raise UsageError(f"The number of orders is 0 or more, not {orders!r}.")
    distances = region_distances(region)
    instance = instance_of(region, distances)
    begun = time.monotonic()
    now = traded_today(region, instance)
    sure = committed(region, instance)
    anchors = region.firms["is_anchor"].to_numpy(bool) & instance.sites.admissible.any(axis=1)
    alone = with_arrivals(region, instance, sure | (anchors & ~instance.sites.pinned))
    start = with_arrivals(region, instance, sure)
    platform = region.firms["is_platform"].to_numpy(bool)
    may_come, may_move = comers(instance), sure & ~platform
    started = time.monotonic()
    assert start.end is not None and alone.end is not None
    went = cascade(instance, start.end.park, comers=may_come, movers=may_move)
    took = time.monotonic() - started
    tried = in_orders(instance, start.end.park, went, may_come, may_move, orders=orders, seed=seed)
    assert went.end is not None
    seconds = time.monotonic() - begun
    made = {
        name: plan_of(region, distances, instance, end, Proof(f"cascade: {name}", seconds))
        for name, end in (("today", now), ("anchor_alone", alone.end), ("market", went.end))
    }
    return Baseline(
        region=region,
        **made,
        arrivals=steps_of(region, instance, went),
        drivers=drivers_of(region, instance, went),
        candidates=candidates_of(region, made["market"], tried),
        orders=tried.table,
        unmet=breaches({name: verify(plan) for name, plan in made.items()}),
        settled=went.settled,
        cycle=tuple(instance.sites.firms[f] for f in went.cycle),
        seconds=took,
    )
