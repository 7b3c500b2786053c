"""Stability, where a plan was asked for it: no firm would earn more in another park with room for it.

The firm's partners, quantities, gateways, utilisation and links are held. What can't reach its partner or
gateway from there goes through the best gateway without a limit; grants are cut to what the other park
allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.distance import SUPPLY
from clusterplan.distance.arrays import BoolArray, FloatArray
from clusterplan.plan.checks.breach import Breach
from clusterplan.plan.checks.capacity import used_of
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.costs import MILLION
from clusterplan.plan.checks.incentives import ceiling
from clusterplan.plan.checks.instruments import Grants, most_in
from clusterplan.plan.checks.labour import drawn
from clusterplan.plan.checks.ledger import Ledger, margins
from clusterplan.plan.checks.realised import linked
from clusterplan.plan.checks.trade import market
from clusterplan.region import HOMES

_GIVEN_UP = 0.01 * 0.99
"""Share of full outputs and needs, added up, that a firm does not give up, less a hair for solvers."""
_LACKING = 0.5e-5
"""Share of what there is that a firm may lack and still be asked; half of what the model allows."""


def stability(case: Case, money: Ledger, given: Grants) -> Iterator[Breach]:
    """Yield firms that would gain by moving alone, if the plan was asked to have none."""
    options = case.plan.proof.options
    if not options.get("stable"):
        return
    relocation = float(options.get("relocation_m_y", 0.0))
    weighing = _Weighing.of(case, given)
    existing = (case.firms["status"] == "existing").to_numpy()
    for f in np.flatnonzero(case.decided.placed & ~existing & ~case.is_platform).tolist():
        here = int(case.decided.park[f])
        now, _ = weighing.earned(f, here)
        size = max(1.0, abs(float(money.earned[f])), float(case.at_place[f]))
        for t in np.flatnonzero(case.admissible[f] & case.decided.opened).tolist():
            if t == here or not _room(case, f, t):
                continue
            then, lost = weighing.earned(f, t)
            if lost < _GIVEN_UP:
                ids = [f"{case.firms.index[f]}/{case.parks.index[t]}"]
                yield from case.gauge.at_most("stability.move", ids, then - now, relocation, size)


@dataclass(frozen=True)
class _Weighing:
    """What a firm would earn by its place, all else held.

    Parameters
    ----------
    case, given
        The plan, and its grants.
    links
        Row of the region's links and both firms, for links between firms that are placed.
    rate
        Freight of a unit of each product, m currency a km.
    close
        What a unit traded in the same place is worth, m currency, by product.
    most_km
        Farthest each product is supplied between firms.
    prices
        What gateways pay (first) and ask (second), currency a unit, gateways × products; NaN: not traded.
    free
        The same, NaN also where the gateway has a limit.
    """

    case: Case
    given: Grants
    links: pd.DataFrame
    rate: FloatArray
    close: FloatArray
    most_km: FloatArray
    prices: tuple[FloatArray, FloatArray]
    free: tuple[FloatArray, FloatArray]

    @classmethod
    def of(cls, case: Case, given: Grants) -> _Weighing:
        """Read what does not depend on the firm."""
        products = case.products
        per_tkm = products["freight_per_tkm"].astype(float).fillna(case.region.manifest.freight.per_tkm)
        prices = (market(case, "buys_at"), market(case, "sells_at"))
        limits = (market(case, "buys_up_to_per_y"), market(case, "sells_up_to_per_y"))
        return cls(
            case=case,
            given=given,
            links=linked(case),
            rate=(MILLION * products["tonnes_per_unit"] * per_tkm).to_numpy(dtype=float),
            close=(MILLION * products["collaboration_share"] * products["value"]).to_numpy(dtype=float),
            most_km=products["max_supply_km"].fillna(np.inf).to_numpy(dtype=np.float64),
            prices=prices,
            free=(
                np.where(np.isnan(limits[0]), prices[0], np.nan),
                np.where(np.isnan(limits[1]), prices[1], np.nan),
            ),
        )

    def earned(self, f: int, s: int) -> tuple[float, float]:
        """Return what a firm would earn in a park, and the shares of outputs and needs it would lose."""
        margin = float(margins(self.case)[f])
        traded, lost = self._traded(f, s)
        cost = float(self.case.costs.total[f, s] + self.case.public.change[f, s])
        return margin - cost + traded + self._linked(f, s) + self._looped(f, s) + self._granted(f, s), lost

    def _traded(self, f: int, s: int) -> tuple[float, float]:
        case, rows = self.case, self.case.decided.trades
        shares, here = case.region.manifest.shares, case.decided.park
        km_of, out_km = np.asarray(case.distances.parks.km), np.asarray(case.distances.gateways.km)
        near = np.asarray(case.distances.proximity(SUPPLY))
        earned = lost = 0.0
        for i in np.flatnonzero((rows.seller == f) | (rows.buyer == f)).tolist():
            a, b, g, p = (int(ids[i]) for ids in (rows.seller, rows.buyer, rows.gateway, rows.product))
            quantity = float(rows.quantity[i])
            sells = a == f
            if g >= 0:
                km = float(out_km[s, g])
                if np.isfinite(km):
                    earned += quantity * (self._gain(sells, self.prices, g, p) - self.rate[p] * km)
                    continue
            else:
                start, end = (s, int(here[b])) if sells else (int(here[a]), s)
                km = float(km_of[start, end])
                if np.isfinite(km) and km <= self.most_km[p]:
                    own = shares.a if sells else shares.b
                    earned += quantity * own * self.close[p] * float(near[start, end])
                    earned -= quantity * self.rate[p] * km if sells else 0.0
                    continue
            best = [
                self._gain(sells, self.free, h, p) - self.rate[p] * float(out_km[s, h])
                for h in range(out_km.shape[1])
            ]
            known = [amount for amount in best if np.isfinite(amount)]
            if known:
                earned += quantity * max(known)
            else:
                full = (case.output, case.other_output) if sells else (case.need, case.other_need)
                lost += quantity / float(max(full[0][f, p], full[1][f, p]))
        return earned, lost

    def _gain(self, sells: bool, prices: tuple[FloatArray, FloatArray], g: int, p: int) -> float:
        value = float(self.case.products["value"].iloc[p])
        return MILLION * (float(prices[0][g, p]) - value if sells else value - float(prices[1][g, p]))

    def _linked(self, f: int, s: int) -> float:
        here, total = self.case.decided.park, 0.0
        for row in self.links[(self.links["a"] == f) | (self.links["b"] == f)].to_dict("records"):
            near = np.asarray(self.case.distances.proximity(row["kind"]))
            first = row["a"] == f
            proximity = near[s, here[row["b"]]] if first else near[here[row["a"]], s]
            total += (row["share_a"] if first else row["share_b"]) * row["value_m_y"] * float(proximity)
        return total

    def _looped(self, f: int, s: int) -> float:
        """Return what it keeps of its innovation loops, each of their stages within reach of the park."""
        case, firm, total = self.case, self.case.firms.iloc[f], 0.0
        way, proximity = np.asarray(case.distances.parks.measure), np.asarray(case.distances.proximity())
        stage, placed = case.firms["stage"].to_numpy(), case.decided.placed.copy()
        placed[f] = False
        for row in case.region.loops.to_dict("records"):
            mine = firm["stage"] == row["stage"] and (row["route"] is None or firm["route"] == row["route"])
            near = proximity[s] > 0 if pd.isna(row["reach"]) else way[s] <= row["reach"]
            parks = [case.decided.park[placed & (stage == needed)] for needed in row["needs"]]
            if mine and all(near[there].any() for there in parks):
                total += float(row["share"]) * float(row["value_m_y"])
        return total

    def _granted(self, f: int, s: int) -> float:
        """Grants cut to the park's caps, then aid to its ceiling, what is worth least going first."""
        case, given = self.case, self.given
        mine = np.flatnonzero(given.firm == f)
        if not len(mine):
            return 0.0
        left = np.minimum(given.amount, most_in(case, given, s))[mine]
        worth = given.terms["worth"].to_numpy(dtype=float)[mine]
        aid = given.terms["counts_as_aid"].to_numpy(dtype=bool)[mine]
        total = float((worth * left)[~aid].sum())
        room = ceiling(case, f, s) * case.region.manifest.capital_recovery
        room = np.inf if np.isnan(room) else room
        for amount, of_one in sorted(zip(left[aid], worth[aid], strict=True), key=lambda pair: -pair[1]):
            kept = min(float(amount), room)
            total, room = total + kept * float(of_one), room - kept
        return total


def _room(case: Case, f: int, t: int) -> bool:
    """Return whether a firm, once it has left its park, has what it needs in another, and may be there."""
    placed: BoolArray = case.decided.placed.copy()
    placed[f] = False
    here = case.decided.park
    for resource in case.region.resources:
        need = case.firms[resource].to_numpy(dtype=float)
        capacity = float(np.nan_to_num(case.public.capacity[resource][t], nan=np.inf))
        if not _fits(float(need[placed & (here == t)].sum()), float(need[f]), capacity):
            return False
        groups = case.region.groups
        for group, members in groups[groups["resource"] == resource].groupby("group", sort=False):
            inside = case.parks.index.isin(members["park"])
            used = float(need[placed & (here >= 0) & inside[here]].sum())
            there = float(members["capacity"].iloc[0]) + case.public.added_to(str(group))
            if inside[t] and not _fits(used, float(need[f]), there):
                return False
    return _apart(case, f, t, placed) and _staffed(case, f, t)


def _staffed(case: Case, f: int, t: int) -> bool:
    """Return whether the labour pools could send all workers of all firms, were one in another park."""
    workers = float(case.firms["workers"].iloc[f])
    if case.region.pools.empty or workers <= 0:
        return True
    need = used_of(case, "workers")
    need[case.decided.park[f]] -= workers
    need[t] += workers
    need = np.maximum(need, 0.0)
    return float(need.sum()) - drawn(case, need) < _LACKING * workers


def _fits(others: float, need: float, capacity: float) -> bool:
    if need <= 0 or not np.isfinite(capacity):
        return True
    return others < capacity - need + _LACKING * max(capacity, need)


def _apart(case: Case, f: int, t: int, placed: BoolArray) -> bool:
    stage, separations = case.firms["stage"].to_numpy(), case.region.separations
    edge_km = np.asarray(case.distances.edge_km)
    for one, other, km in zip(
        separations["stage"], separations["from_stage"], separations["min_km"], strict=True
    ):
        if other == HOMES:
            continue
        for mine, theirs in ((one, other), (other, one)):
            if stage[f] != mine:
                continue
            parks = case.decided.park[placed & (stage == theirs)]
            away = edge_km[t, parks] if mine == one else edge_km[parks, t]
            if ((parks == t) | (away < float(km))).any():
                return False
    return True
