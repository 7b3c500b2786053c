"""A region's instance as a layout problem: worth and limits are the plan's but for what is left out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from enumeration import Small
from hypothesis import given, settings
from hypothesis import strategies as st
from small_regions import small_tables

from clusterplan import synthetic
from clusterplan.errors import InputError
from clusterplan.instance import Decisions, Instance, instance_of
from clusterplan.plan.evaluate import evaluate
from clusterplan.region import Region, preset_weights
from clusterplan.rules import write
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.seek import search
from clusterplan.solve.seek.layout import Layout
from clusterplan.solve.seek.measure import keeps_limits, kept, worth
from clusterplan.solve.surrogate import layout_of

PRESETS = ("collaboration", "welfare", "localisation", "fiscal")
some_presets = st.sampled_from(PRESETS)
SEEDS = range(12)
few = settings(max_examples=20, derandomize=True, deadline=None)


@cache
def crowded(seed: int) -> Region | None:
    """Return a small region whose groups have half as much to share, None where a firm fits nowhere."""
    tables = small_tables(seed)
    if "groups" in tables:
        tables["groups"] = tables["groups"].assign(capacity=tables["groups"]["capacity"] / 2)
    try:
        return Region.from_frames(**tables)
    except InputError:
        return None


@cache
def instance(seed: int) -> Instance:
    """Return the instance of a small region, or of the next in which every firm fits into a park."""
    region = crowded(seed)
    return instance(seed + 1000) if region is None else instance_of(region)


def in_preset(given: Instance, preset: str) -> Instance:
    if preset == "mixed":
        weights = dict(preset_weights("welfare")) | {
            "freight": 0.5,
            "gateway_prices": 0.7,
            "local_input_value": 0.01,
        }
        return replace(given, weights=weights, second=None)
    return replace(given, weights=preset_weights(preset), second=None)


def without_supply(given: Instance) -> Instance:
    trade, none = given.trade, np.zeros(0, dtype=np.int64)
    nothing = {name: np.zeros_like(getattr(trade, name)) for name in ("output", "need")}
    return replace(given, trade=replace(trade, seller=none, buyer=none, product=none, **nothing))


def without_grants(given: Instance) -> Instance:
    awards = given.awards
    parts = ("firm", "instrument", "cap", "least", "group", "worth", "cost", "counts", "load_cap", "access")
    parts = (*parts, "shared_row", "shared_award", "shared_use")
    none = {name: getattr(awards, name)[:0] for name in parts}
    return replace(given, awards=replace(awards, **none, budget_use=awards.budget_use[:, :0]))


def without_separations(given: Instance) -> Instance:
    return replace(given, sites=replace(given.sites, separations=()))


def places(given: Instance, random: np.random.Generator) -> np.ndarray:
    """Return a random layout in which each firm is where it may be, or out; limits may be broken."""
    admissible = given.sites.admissible
    return np.array([random.choice([*np.flatnonzero(row), -1]) for row in admissible], dtype=np.int64)


def decisions(given: Instance, park: np.ndarray) -> Decisions:
    """Return a layout at full load, with no trade and no grants."""
    opened = given.sites.open_always.copy()
    opened[park[park >= 0]] = True
    shape = (given.n_firms, len(given.trade.products), len(given.trade.gateways))
    return Decisions(
        opened=opened,
        park=park,
        load=(park >= 0).astype(float),
        supply=np.zeros(len(given.trade.seller)),
        sold=np.zeros(shape),
        bought=np.zeros(shape),
        award=np.zeros(len(given.awards.firm)),
    )


def always(given: Instance) -> float:
    """Return the cost of parks that are open whatever is decided: a layout problem does not count it."""
    return given.weights["parks"] * float(given.sites.opening_cost[given.sites.open_always].sum())


def for_nothing(layout: Layout) -> Layout:
    """Return a layout problem in which winning firms costs nothing."""
    return replace(layout, willing=None)


def close(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


# --- what a layout is worth ---------------------------------------------------------------------------------


@few
@given(st.sampled_from(SEEDS), some_presets, st.integers(0, 2**32 - 1))
def test_without_supply_and_grants_a_layout_is_worth_what_the_plan_is(seed, preset, shuffle) -> None:
    case = in_preset(without_separations(without_grants(without_supply(instance(seed)))), preset)
    layout, random = layout_of(case), np.random.default_rng(shuffle)
    firms = case.results.has_surplus
    for _ in range(10):
        park = places(case, random)
        exact = evaluate(case, decisions(case, park))
        value = sum(weight * exact.amounts[term] for term, weight in case.weights.items())
        assert worth(for_nothing(layout), park) == close(value + always(case))
        if layout.willing is None:
            continue
        known = firms & (park >= 0)
        assert kept(layout, park)[known] == close(exact.surplus[known])
        asks = known & case.results.willing
        short = np.maximum(0.0, -exact.surplus[asks]).sum()
        # no instrument is there, so nothing makes up for it
        assert worth(layout, park) == close(value + always(case) - layout.willing.beyond * short)


def test_of_parks_only_those_that_are_not_open_anyway_cost_something() -> None:
    case = in_preset(without_separations(without_grants(without_supply(instance(0)))), "collaboration")
    layout = layout_of(case)
    nobody = np.full(case.n_firms, -1)
    assert always(case) > 0
    assert worth(layout, nobody) == 0.0
    amounts = evaluate(case, decisions(case, nobody)).amounts
    assert amounts["parks"] == close(-always(case))


# --- limits -------------------------------------------------------------------------------------------------


def layouts_of(case: Instance, random: np.random.Generator) -> list[np.ndarray]:
    """Return all layouts in which each firm is where it may be, a part of them if there are many."""
    choices = [[*np.flatnonzero(row), -1] for row in case.sites.admissible]
    every = [np.array(one, dtype=np.int64) for one in product(*choices)]
    chosen = random.choice(len(every), min(40, len(every)), replace=False)
    return [every[i] for i in chosen]


def test_a_layout_keeps_its_limits_and_no_separation_costs_just_where_the_plan_may_be_so() -> None:
    seen = {False: 0, True: 0}
    for seed in SEEDS:
        region = crowded(seed)
        if region is None:
            continue
        exact, case = Small(region), instance(seed)
        layout, plain = layout_of(case), layout_of(without_separations(case))
        sites, firms = case.sites, exact.firms
        hit_some = False
        for park in layouts_of(case, np.random.default_rng(seed)):
            at = {f: sites.parks[s] for f, s in zip(sites.firms, park, strict=True) if s >= 0}
            placed = all(
                f in at or not (row["status"] in ("existing", "committed") or row["lock"] == "in")
                for f, row in firms.items()
            )
            open_parks = sites.open_always.copy()
            open_parks[park[park >= 0]] = True
            # a plan may open a park for nobody, a layout does not
            enough = open_parks.sum() >= sites.open_min
            allowed = bool(placed and enough and exact.layout_value(at) > -np.inf)
            hit = worth(layout, park) < worth(plain, park) - 1.0
            hit_some |= hit
            assert (keeps_limits(layout, park) and not hit) is allowed, (seed, park)
            seen[allowed] += 1
    assert min(seen.values()) > 100


def test_a_layout_may_not_be_where_a_firm_may_not() -> None:
    for seed in SEEDS:
        case = instance(seed)
        layout, region = layout_of(case), crowded(seed)
        if region is None:
            continue
        may = Small(region).may
        expected = [[may(f, s) for s in case.sites.parks] for f in case.sites.firms]
        assert np.isfinite(layout.linear).tolist() == expected, seed


@pytest.mark.parametrize("limit", ["capacity", "group", "variant", "requirement", "separation"])
def test_each_kind_of_limit_is_seen(limit) -> None:
    """Without it more layouts are allowed: the limits are not there for nothing."""
    changes = 0
    for seed in SEEDS:
        case = instance(seed)
        sites = case.sites
        none = {
            "capacity": {"capacity": np.full_like(sites.capacity, np.inf)},
            "group": {"group_capacity": np.full_like(sites.group_capacity, np.inf)},
            "variant": {"variant": np.full_like(sites.variant, -1)},
            "requirement": {"requirements": ()},
            "separation": {"separations": ()},
        }[limit]
        tight, loose = layout_of(case), layout_of(replace(case, sites=replace(sites, **none)))
        for park in layouts_of(case, np.random.default_rng(seed)):
            kept_by = keeps_limits(tight, park), keeps_limits(loose, park)
            assert kept_by[0] <= kept_by[1]
            changes += kept_by[0] < kept_by[1] or worth(tight, park) < worth(loose, park) - 1.0
    assert changes > 0


# --- supply -------------------------------------------------------------------------------------------------


@cache
def chain(seed: int) -> Instance:
    """Return a chain of three firms, each other's only partners; two gateways trade all without limit."""
    while len(small_tables(seed)["firms"]) < 4 or crowded(seed) is None:
        seed += 100
    tables, random = small_tables(seed), np.random.default_rng(seed)
    firms = ["f0", "f1", "f3"]
    tables["firms"] = tables["firms"].set_index("firm", drop=False).loc[firms].reset_index(drop=True)
    tables["firms"] = tables["firms"].assign(
        status="candidate",
        park=None,
        co_products=None,
        variant_group=None,
        lock=None,
        route=None,
        only_parks=None,
        not_parks=None,
        outside_m_y=1.0,
        output_per_y=random.integers(3, 12, 3) * 100.0,
    )
    links = tables.pop("links")
    here = [set(pair) <= set(firms) for pair in zip(links["firm_a"], links["firm_b"], strict=True)]
    if any(here):
        tables["links"] = links[here]
    for name in ("requirements", "separations", "groups", "incentives"):
        tables.pop(name, None)
    recipes = tables["recipes"]
    tables["recipes"] = recipes[~((recipes["stage"] == "assembly") & (recipes["input"] == "ore"))].assign(
        route=None
    )
    markets = tables["markets"].assign(buys_up_to_per_y=np.nan, sells_up_to_per_y=np.nan)
    second = markets.assign(gateway="rail")
    for name in ("buys_at", "sells_at"):
        second[name] *= random.uniform(0.95, 1.05, len(second))
    tables["markets"] = pd.concat([markets, second], ignore_index=True)
    gateways = tables["gateways"]
    rail = gateways.assign(gateway="rail", geometry=gpd.points_from_xy([10.3], [50.1]))
    tables["gateways"] = pd.concat([gateways, rail], ignore_index=True)
    ways = tables["distances"]
    more = ways[ways["destination"] == "port"].assign(destination="rail", km=random.integers(20, 90))
    tables["distances"] = pd.concat([ways, more], ignore_index=True)
    return instance_of(Region.from_frames(**tables))


def at_full_load(case: Instance, park: np.ndarray) -> Decisions | None:
    """Return the best trade of a layout at full load, whether firms would come or not."""
    written = write(case)
    rules = ("sold", "bought", "links_most", "links_least", "buys_up_to", "sells_up_to")
    blocks = written.program.row_blocks
    blocks[:] = [block for block in blocks if block.rule in rules]
    problem, fixed = matrix_of(written), written.values(decisions(case, park))
    held = np.concatenate([written.sited.x, written.sited.y.ravel(), written.sited.q.ravel()])
    held = np.unique(held[held >= 0])
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[held] = upper[held] = fixed[held]
    found = solve_highs(replace(problem, lower=lower, upper=upper), gap=1e-9)
    return None if found.values is None else written.decisions(found.values)


@pytest.mark.parametrize("preset", [*PRESETS, "mixed"])
@pytest.mark.parametrize("seed", range(3))
def test_of_firms_that_are_each_others_only_partners_supply_is_exact(seed, preset) -> None:
    case = in_preset(chain(seed), preset)
    assert len(case.trade.seller) == 2
    layout = layout_of(case)
    traded = 0
    for park in (np.array(one) for one in product(range(-1, case.n_parks), repeat=3)):
        if not all(s < 0 or case.sites.admissible[f, s] for f, s in enumerate(park)):
            continue
        plan = at_full_load(case, park)
        assert plan is not None
        exact = evaluate(case, plan)
        value = sum(weight * exact.amounts[term] for term, weight in case.weights.items())
        assert worth(for_nothing(layout), park) == pytest.approx(value + always(case), rel=1e-6, abs=1e-6)
        traded += plan.supply.sum() > 0
        if preset in (
            "collaboration",
            "welfare",
            "mixed",
        ):  # elsewhere plans of one value let firms keep more or less
            known = (park >= 0) & case.results.has_surplus
            assert kept(layout, park)[known] == pytest.approx(exact.surplus[known], rel=1e-6, abs=1e-6)
    if preset in ("collaboration", "welfare"):
        assert traded > 0


def test_a_product_is_shared_among_all_that_could_trade_it() -> None:
    for case in (*map(instance, SEEDS), instance_of(synthetic.region(24, 4, 0))):
        trade, first = case.trade, len(case.links.a)
        here = slice(first, first + len(trade.seller))
        alone, shared, half = (layout_of(case, part).link_weight[here] for part in (0.0, 1.0, 0.5))
        output, need = trade.output[trade.seller, trade.product], trade.need[trade.buyer, trade.product]
        assert alone == close(np.minimum(output, need))
        assert (shared <= half * (1 + 1e-12)).all()
        assert (half <= alone * (1 + 1e-12)).all()
        for firm, amount in ((trade.seller, trade.output), (trade.buyer, trade.need)):
            total = np.zeros_like(amount)
            np.add.at(total, (firm, trade.product), shared)
            assert (total <= amount * (1 + 1e-9)).all()


def test_what_no_gateway_trades_is_lost() -> None:
    case = chain(0)
    trade = replace(
        case.trade,
        buys_gain=np.full_like(case.trade.buys_gain, np.nan),
        sells_gain=np.full_like(case.trade.sells_gain, np.nan),
    )
    before, after = layout_of(case), layout_of(replace(case, trade=trade))
    plain = layout_of(without_supply(case))
    lost = (trade.output + trade.need) @ trade.value
    finite = np.isfinite(plain.linear)
    expected = plain.linear - lost[:, None]
    assert after.linear[finite] == close(expected[finite])
    assert (after.linear[finite] < before.linear[finite]).all()


# --- aid ----------------------------------------------------------------------------------------------------


def most_awarded(case: Instance, f: int, s: int) -> float:
    """Return the most that grants can be worth to a firm in a park, by the rules of incentives."""
    written = write(case)
    rules = ("award_cap", "award_least", "award_taken", "exclusive", "aid_ceiling")
    blocks = written.program.row_blocks
    blocks[:] = [block for block in blocks if block.rule in rules]
    problem = matrix_of(written)
    cost = np.zeros(problem.n_columns)
    own = case.awards.firm == f
    cost[written.awarded.h[own]] = case.awards.worth[own]
    lower, upper = problem.lower.copy(), problem.upper.copy()
    y = written.sited.y[written.sited.firm, written.sited.park]
    upper[y] = 0.0
    lower[written.sited.y[f, s]] = upper[written.sited.y[f, s]] = 1.0
    found = solve_highs(replace(problem, cost=cost, constant=0.0, lower=lower, upper=upper), gap=1e-9)
    assert found.value is not None
    return found.value


def assert_aid_is_enough(case: Instance, firms: int = 2) -> int:
    """Check the bound of some firms; return how many got something."""
    willing = layout_of(case).willing
    aided = 0
    if willing is None:
        return 0
    for f in np.flatnonzero(case.results.willing & np.isin(np.arange(case.n_firms), case.awards.firm))[
        :firms
    ]:
        for s in np.flatnonzero(case.sites.admissible[f]):
            most = most_awarded(case, f, s)
            assert willing.aid_most[f, s] >= most - 1e-7, (f, s)
            aided += most > 0
    return aided


def test_a_firm_is_never_thought_to_get_less_aid_than_it_can() -> None:
    cases = [*map(instance, range(10))]
    assert sum(map(assert_aid_is_enough, cases)) > 20


def test_aid_by_hand() -> None:
    """A ceiling limits amounts and not their worth; of a group, what is no aid is not below the ceiling."""
    case = instance(0)
    f, m = int(np.flatnonzero(case.results.willing)[0]), case.n_parks

    def most(worth: list[float], counts: list[bool], group: list[int], cap: float = 10.0) -> float:
        n = len(worth)
        awards = replace(
            case.awards,
            firm=np.full(n, f),
            instrument=np.zeros(n, dtype=np.int64),
            cap=np.full((n, m), cap),
            least=np.zeros(n),
            group=np.array(group),
            group_names=("one",),
            worth=np.array(worth),
            cost=np.ones(n),
            counts=np.array(counts),
            ceiling=np.full((case.n_firms, m), 3.0),
            budget_use=np.zeros((0, n)),
            budget_rows=(),
            budget_limit=np.zeros(0),
            load_cap=np.full(n, np.inf),
            access=np.full(n, -1),
        )
        given = replace(case, awards=awards)
        s = int(np.flatnonzero(case.sites.admissible[f])[0])
        told = layout_of(given).willing.aid_most[f, s]
        assert told >= most_awarded(given, f, s) - 1e-9
        return told

    assert most([1.0], [True], [-1]) == 3.0
    assert most([1.0], [False], [-1]) == 10.0
    assert most([2.0], [True], [-1]) == 6.0
    assert most([0.5], [True], [-1]) == 1.5
    assert most([1.0, 1.0], [True, False], [-1, -1]) == 13.0
    assert most([1.0, 0.8], [True, False], [0, 0]) == 10.0  # 8, or 3 of the other; never thought less
    assert most([0.8, 1.0], [False, True], [0, 0]) == 10.0
    assert most([1.0, 0.8], [True, True], [0, 0], cap=2.0) == 2.0


@settings(max_examples=12, derandomize=True, deadline=None)
@given(st.sampled_from(range(8)), st.integers(0, 2**32 - 1))
def test_nor_with_any_worth_and_any_groups(seed, shuffle) -> None:
    case, random = instance(seed), np.random.default_rng(shuffle)
    n = len(case.awards.firm)
    awards = replace(
        case.awards,
        worth=random.choice([0.0, 0.5, 1.0, 1.6], n),
        counts=random.random(n) < 0.6,
        group=random.integers(-1, 2, n),
        group_names=("one", "other"),
        ceiling=case.awards.ceiling * random.choice([0.2, 1.0]),
    )
    assert_aid_is_enough(replace(case, awards=awards), firms=1)


# --- search -------------------------------------------------------------------------------------------------


def test_search_finds_a_layout_that_the_region_allows() -> None:
    for seed in range(6):
        region = crowded(seed)
        if region is None:
            continue
        exact, case = Small(region), instance(seed)
        layout = layout_of(case)
        found = search(layout, work_limit=20_000)
        if not found.feasible:
            continue
        at = {f: case.sites.parks[s] for f, s in zip(case.sites.firms, found.park, strict=True) if s >= 0}
        assert exact.layout_value(at) > -np.inf
