"""The market cascade: prospects, trade, order of arrival, ends, against loops on small regions."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from enumeration import Inner, Small
from loop_regions import loop_region
from market_loops import Loops, Now
from small_regions import small_region

from clusterplan.errors import NoPlanError
from clusterplan.explore.market.cascade import EVEN, cascade
from clusterplan.explore.market.ends import comers, committed, there_today, with_arrivals
from clusterplan.explore.market.prospects import Prospects, without
from clusterplan.explore.market.room import Room
from clusterplan.instance import Decisions, Instance, instance_of
from clusterplan.plan.evaluate import evaluate
from clusterplan.region import Region
from clusterplan.solve import traded

LOOPS = 10_000
"""From here on seeds are those of regions with innovation loops."""
SEEDS = (*range(20), *range(LOOPS, LOOPS + 6))
EVENTFUL = (26, 31, 70, 115, 170, 196, 212, 224, 236, 294, 353)
"""Regions in which somebody moves or leaves."""
CASCADES = (*range(20), *EVENTFUL, *range(LOOPS, LOOPS + 12))


class Case:
    """A small region, its instance, and the loops that mirror it."""

    def __init__(self, seed: int) -> None:
        self.region: Region = loop_region(seed - LOOPS) if seed >= LOOPS else small_region(seed)
        self.instance: Instance = instance_of(self.region)
        self.small = Small(self.region)
        self.loops = Loops(self.small, self.settle)

    def park(self, at: dict[str, str]) -> np.ndarray:
        sites = self.instance.sites
        return np.array([sites.parks.index(at[f]) if f in at else -1 for f in sites.firms])

    def at(self, park: np.ndarray) -> dict[str, str]:
        sites = self.instance.sites
        return {f: sites.parks[s] for f, s in zip(sites.firms, park, strict=True) if s >= 0}

    def settle(self, at: dict[str, str], may_idle: bool) -> Now | None:
        idle = (comers(self.instance) | committed(self.region, self.instance)) if may_idle else None
        found = traded(self.instance, self.park(at), may_idle=idle)
        return None if found is None else self.now(found)

    def now(self, state: Decisions) -> Now:
        sites, trade = self.instance.sites, self.instance.trade
        firms, products, gateways = sites.firms, trade.products, trade.gateways
        return Now(
            self.at(state.park),
            {f: float(q) for f, q, s in zip(firms, state.load, state.park, strict=True) if s >= 0},
            {
                (firms[a], firms[b], products[p]): float(n)
                for a, b, p, n in zip(trade.seller, trade.buyer, trade.product, state.supply, strict=True)
                if n > 0
            },
            *(
                {
                    (firms[f], products[p], gateways[g]): float(side[f, p, g])
                    for f, p, g in np.argwhere(side > 0)
                }
                for side in (state.sold, state.bought)
            ),
        )

    def start(self) -> np.ndarray | None:
        """Return where firms are before anybody decides; None where they can't be there together."""
        try:
            found = with_arrivals(self.region, self.instance, committed(self.region, self.instance))
        except NoPlanError:
            return None
        assert found.end is not None
        return found.end.park


@cache
def case_of(seed: int) -> Case:
    return Case(seed)


def cascade_of(case: Case, start: np.ndarray, **options):
    sure = committed(case.region, case.instance)
    platform = case.region.firms["is_platform"].to_numpy(bool)
    return cascade(case.instance, start, comers=comers(case.instance), movers=sure & ~platform, **options)


def some_states(case: Case, seed: int) -> list[Decisions]:
    """Return states with firms at random places in which trade is settled."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(3):
        park = there_today(case.instance).copy()
        for f in np.flatnonzero(park < 0):
            places = np.flatnonzero(case.instance.sites.admissible[f])
            if len(places) and rng.random() < 0.5:
                park[f] = rng.choice(places)
        state = traded(case.instance, park)
        if state is not None:
            found.append(state)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_prospects_are_those_of_the_loops(seed):
    case, compared = case_of(seed), 0
    sites, prospects = case.instance.sites, Prospects(case.instance)
    for state in some_states(case, seed):
        for f, firm in enumerate(sites.firms):
            base = without(case.instance, state, f)
            found = prospects.of(f, base).surplus
            told = [case.loops.prospect(firm, s, case.now(base)) for s in sites.parks]
            assert found == pytest.approx(told, abs=1e-7)
            compared += 1
    assert compared == len(some_states(case, seed)) * case.instance.n_firms


@pytest.mark.parametrize("seed", SEEDS)
def test_room_is_that_of_the_loops(seed):
    case = case_of(seed)
    room = Room(case.instance)
    for state in some_states(case, seed):
        for f, firm in enumerate(case.instance.sites.firms):
            if case.instance.sites.pinned[f]:
                continue
            told = [case.loops.room(firm, s, case.now(state)) for s in case.instance.sites.parks]
            assert room.of(f, state.park).tolist() == told


@pytest.mark.parametrize("seed", SEEDS)
def test_coming_takes_what_the_prospect_counted_on(seed):
    case = case_of(seed)
    instance, prospects = case.instance, Prospects(case.instance)
    for state in some_states(case, seed):
        for f in np.flatnonzero(instance.results.has_surplus):
            base = without(instance, state, int(f))
            surplus = prospects.of(int(f), base).surplus
            for s in np.flatnonzero(np.isfinite(surplus) & instance.sites.admissible[f]):
                after = prospects.come(int(f), int(s), base)
                assert evaluate(instance, after).surplus[f] == pytest.approx(surplus[s], abs=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_trade_earns_as_much_as_a_program_written_by_hand(seed):
    case = case_of(seed)
    small, shares = case.small, case.region.manifest.shares
    small.weight = dict.fromkeys(small.weight, 0.0) | {"gateway_prices": 1.0, "freight": 1.0}
    small.weight["supply_collaboration"] = shares.a + shares.b
    for state in some_states(case, seed):
        inner, at = Inner(), case.at(state.park)
        loads = {f: inner.variable(small.firms[f]["min_load"], 1.0) for f in at}
        for f, column in loads.items():
            inner.gain[column] = small.firms[f]["margin_m_y"] * (not small.firms[f]["is_platform"])
        small.trade(inner, at, loads, {f: {} for f in at})
        amounts = evaluate(case.instance, state).amounts
        earned = float(case.instance.results.load @ state.load)
        earned += amounts["gateway_prices"] + amounts["freight"]
        earned += (shares.a + shares.b) * amounts["supply_collaboration"]
        assert earned == pytest.approx(inner.best(), abs=1e-6)


@pytest.mark.parametrize("seed", CASCADES)
def test_the_cascade_is_that_of_the_loops(seed):
    case = case_of(seed)
    start = case.start()
    if start is None:
        return
    for order in (None, np.random.default_rng(seed).permutation(case.instance.n_firms)):
        found = cascade_of(case, start, order=order)
        names = None if order is None else [case.instance.sites.firms[f] for f in order]
        steps, end, settled = case.loops.cascade(case.at(start), names)
        sites = case.instance.sites
        told = [(s.round, sites.firms[s.firm], s.what, sites.parks[s.park]) for s in found.steps]
        assert found.settled == settled
        if settled:
            assert told == [step[:4] for step in steps]
            assert [s.surplus for s in found.steps] == pytest.approx([step[4] for step in steps], abs=1e-6)
            assert case.at(found.end.park) == end.at


@pytest.mark.parametrize("seed", CASCADES)
def test_at_the_end_nobody_gains_by_coming_moving_or_leaving(seed):
    case = case_of(seed)
    start = case.start()
    if start is None:
        return
    found = cascade_of(case, start)
    instance, end = case.instance, found.end
    surplus = evaluate(instance, end).surplus
    inside = (end.park >= 0) & instance.results.willing
    assert (surplus[inside] >= -EVEN).all()
    if not found.settled:
        return
    prospects, room = Prospects(instance), Room(instance)
    may, variant = comers(instance), instance.sites.variant
    for f in np.flatnonzero(may).tolist():
        own = {f} | set(np.flatnonzero((variant == variant[f]) & (variant[f] >= 0)).tolist())
        there = [g for g in own if end.park[g] >= 0]
        if there and not may[there[0]]:
            continue
        base = without(instance, end, there[0]) if there else end
        worth = prospects.of(f, base).surplus
        company = np.array(end.park)
        company[list(own)] = -1
        best = max(
            (
                float(worth[s])
                for s in np.flatnonzero(room.of(f, base.park)).tolist()
                if (f, s, company.tobytes()) not in found.tried
            ),
            default=-math.inf,
        )
        has = float(surplus[there[0]]) if there else 0.0
        if there:
            has = max(has, float(prospects.of(there[0], base).surplus[end.park[there[0]]]))
        assert best <= has + 2 * EVEN
