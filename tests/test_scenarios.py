"""Plans in futures that are not known: held there, scored over all, and without firms that may be lost."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from small_regions import small_region

import clusterplan as cp
from clusterplan import synthetic
from clusterplan.explore import cvar, cycle, losses
from clusterplan.explore.futures.settled import settled
from clusterplan.instance import instance_of
from clusterplan.plan.start import decisions_of


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


@pytest.fixture(scope="module")
def small():
    return cp.solve(synthetic.region(7, 3, 3))


def held_value(plan, lines):
    """Return the best value with every firm held to its place and nobody asked, by rows of one's own."""
    free = [f"firm.{firm}.status = committed" for firm, park in plan.firms["park"].items() if park]
    region = cp.change(plan.region, lines)
    candidates = region.firms.index[region.firms["status"] == "candidate"]
    asked = [line for line in free if line.split(".")[1] in set(candidates)]
    region = cp.change(region, asked)
    problem = cp.build(region)
    for firm, park in plan.firms["park"].items():
        if park is not None and region.firms.loc[firm, "status"] != "excluded":
            problem += problem.model.place(firm, park) == 1
        elif region.firms.loc[firm, "status"] == "candidate":
            places = [problem.model.place(firm, s) for s in region.parks.index]
            problem += sum(places) == 0
    return cp.solve(region, problem=problem).value


def test_a_plan_held_in_its_own_future_is_worth_what_it_is(plan, small):
    for one in (plan, small):
        instance = instance_of(one.region)
        found = settled(instance, decisions_of(one, instance))
        assert found.value == pytest.approx(one.value, rel=1e-6)
        known = one.firms["surplus_m_y"].to_numpy()
        assert found.surplus == pytest.approx(known, abs=1e-5, nan_ok=True)
        rate = one.indicators.loc["localisation_rate", "value"]
        assert found.local_rate == pytest.approx(rate, abs=1e-6, nan_ok=True)


def test_a_held_plan_is_worth_what_the_model_says_with_its_places_fixed(plan):
    lines = ["market.*.buys_at *= 0.97"]
    found = cp.scenarios(plan, [cp.Scenario("slump", lines)])
    less_grants = plan.terms.loc["grants", "value"]
    assert found.values.loc["plan", "slump"] == pytest.approx(held_value(plan, lines) + less_grants, abs=1e-5)


def test_scores_are_the_mean_and_the_mean_of_the_worst(plan):
    futures = [
        cp.Scenario("as it is", probability=3),
        cp.Scenario("slump", "market.*.buys_at *= 0.9"),
        cp.Scenario("boom", "market.*.buys_at *= 1.1"),
    ]
    found = cp.scenarios(plan, futures, rho=0.5, alpha=0.6)
    assert found.futures["probability"].tolist() == pytest.approx([0.6, 0.2, 0.2])
    for name, row in found.candidates.iterrows():
        values = found.values.loc[name].to_numpy()
        mean = 0.6 * values[0] + 0.2 * values[1] + 0.2 * values[2]
        worst = sorted(zip(values, [0.6, 0.2, 0.2], strict=True))
        tail = worst[0][0] * 0.5 + worst[1][0] * 0.5  # 40 %: the slump and half of what comes next
        assert row["expected"] == pytest.approx(mean)
        assert row["cvar"] == pytest.approx(tail)
        assert row["score"] == pytest.approx(0.5 * mean + 0.5 * tail)
    assert found.best == found.candidates.index[0]
    assert found.candidates["score"].is_monotonic_decreasing
    assert found.value_of_choosing >= 0
    assert found.value_of_knowing >= -1e-9


def turns(region):
    """Return futures of a small region: rationed, with other prices, with less paid, and without a firm."""
    firms = region.firms
    lost = firms.index[(firms["status"] == "candidate") & ~firms["is_anchor"]][-1]
    free = "firm.*.min_load = 0"
    return [
        cp.Scenario("as it is"),
        cp.Scenario("rationed", [free, "park.*.power_mw *= 0.6"]),
        cp.Scenario("slump", [free, "market.*.buys_at *= 0.95"], fulfilment={"grant": 0.5}),
        cp.Scenario("boom", ["market.*.buys_at *= 1.05"]),
        cp.Scenario("lost", [free, f"firm.{lost} = gone"]),
    ]


@pytest.fixture(scope="module", params=[7, *(pytest.param(n, marks=pytest.mark.long) for n in (0, 34))])
def turned(request):
    plan = cp.solve(small_region(request.param))
    return plan, cp.scenarios(plan, turns(plan.region))


def test_what_is_known_of_a_future_is_never_above_its_bound(turned):
    known, bound = (turned[1].futures[name].to_numpy() for name in ("known", "known_bound"))
    assert not np.isnan(known).any()
    assert (known <= bound + 1e-6 * np.maximum(1.0, np.abs(bound))).all()


def test_a_held_plan_is_above_the_bound_only_with_firms_that_would_not_come_or_stand_still(turned):
    futures = turned[1].futures
    above = futures["plan"] > futures["known_bound"] + 1e-6
    assert ((futures["short"] + futures["idle"])[above] > 0).all()


@pytest.mark.long
def test_what_is_known_of_a_future_is_what_planning_for_all_compares_with():
    plan = cp.solve(small_region(7))
    futures = [one for one in turns(plan.region) if one.name in {"as it is", "rationed", "lost"}]
    mine, others = cp.scenarios(plan, futures).futures, cp.robust(plan.region, futures).futures
    for column in ("known", "known_bound"):
        assert mine[column].to_numpy() == pytest.approx(others[column].to_numpy(), abs=1e-5)


def test_rationing_limits_what_firms_of_a_held_plan_make(turned):
    plan, found = turned
    lines = turns(plan.region)[1].changes
    instance = instance_of(cp.change(plan.region, lines))
    held = settled(instance, decisions_of(plan, instance)).decisions
    sites = instance.sites
    there = np.flatnonzero(held.park >= 0)
    used = np.zeros_like(sites.capacity)
    for firm in there:
        used[:, held.park[firm]] += sites.needs[:, firm] * held.load[firm]
    assert (used <= sites.capacity + 1e-6 * np.maximum(1.0, sites.capacity)).all()
    free = instance_of(cp.change(plan.region, lines[:1]))
    without = settled(free, decisions_of(plan, free)).value
    assert found.values.loc["plan", "rationed"] <= without + 1e-6


def test_rationing_makes_a_held_plan_worth_less():
    plan = cp.solve(small_region(7))
    found = cp.scenarios(plan, turns(plan.region)[:2])
    assert found.values.loc["plan", "rationed"] < found.values.loc["plan", "as it is"] - 0.1
    assert found.futures.loc["rationed", "regret_m_y"] > 0.1


def test_the_mean_of_the_worst_of_equal_chances_is_plain():
    values, chance = np.array([4.0, 1.0, 2.0, 3.0]), np.full(4, 0.25)
    assert cvar(values, chance, 0.5) == pytest.approx(1.5)
    assert cvar(values, chance, 0.0) == pytest.approx(2.5)
    assert cvar(values, chance, 0.9) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("futures", "options"),
    [
        ([], {}),
        ([cp.Scenario("a"), cp.Scenario("a")], {}),
        ([cp.Scenario("plan")], {}),
        ([cp.Scenario("a", probability=0)], {}),
        ([cp.Scenario("a", fulfilment={"grant": 2})], {}),
        (None, {}),
        ([cp.Scenario("a")], {"rho": 2}),
        ([cp.Scenario("a")], {"alpha": 1}),
    ],
)
def test_futures_that_cannot_be_meant_are_told(plan, futures, options):
    with pytest.raises(cp.UsageError):
        cp.scenarios(plan, futures, **options)


def test_the_futures_of_the_region_are_taken_where_none_are_given(plan):
    frame = pd.DataFrame(
        {
            "scenario": ["as_it_is", "slump"],
            "probability": [3.0, 1.0],
            "changes": [(), ("market.*.buys_at *= 0.97",)],
            "provenance": ["assumed", "assumed"],
        }
    )
    held = cp.solve(plan.region.replace(scenarios=frame))
    found = cp.scenarios(held)
    given = cp.scenarios(
        plan, [cp.Scenario("as_it_is", probability=3), cp.Scenario("slump", "market.*.buys_at *= 0.97")]
    )
    assert found.values.to_numpy() == pytest.approx(given.values.to_numpy())
    assert found.futures["probability"].tolist() == [0.75, 0.25]


def test_an_award_of_which_half_is_paid_costs_half(plan):
    names = dict.fromkeys(plan.grants["instrument"], 0.5)
    found = cp.scenarios(plan, [cp.Scenario("whole"), cp.Scenario("half", fulfilment=names)])
    whole, half = found.values.loc["plan"]
    assert half == pytest.approx(whole - 0.5 * plan.terms.loc["grants", "value"])
    assert half > whole


def test_a_cycle_repeats_with_its_seed_and_swings_prices(small):
    one, again, other = (cycle(small.region, 4, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one != other
    calm = cycle(small.region, 4, noise=0.0, price=0.2, demand=0.0)
    factors = [float(future.changes[0].split("*= ")[1]) for future in calm]
    phases = np.sin(2 * np.pi * (np.arange(4) + 0.5) / 4)
    assert factors == pytest.approx(np.exp(0.2 * phases).tolist())
    changed = cp.change(small.region, calm[0].changes).markets["buys_at"].dropna()
    assert changed.to_numpy() == pytest.approx(small.region.markets["buys_at"].dropna() * factors[0])


def test_a_region_without_markets_has_no_cycle(small):
    with pytest.raises(cp.UsageError, match="no markets"):
        cycle(SimpleNamespace(name="bare", markets=small.region.markets.iloc[:0]))


def test_the_loss_of_a_firm_is_that_of_the_region_without_it(plan):
    found = cp.outages(plan)
    assert set(found.index) == {"seats", "batteries"}
    row = found.loc["batteries"]
    instance = instance_of(plan.region)
    before = dict(zip(instance.sites.firms, plan.firms["surplus_m_y"], strict=True))
    gone = cp.change(plan.region, "firm.batteries = gone")
    left = instance_of(gone)
    after = settled(left, decisions_of(plan, left))
    later = dict(zip(left.sites.firms, after.surplus, strict=True))
    lose = {firm: before[firm] - later[firm] for firm in ("carmaker", "seats")}
    assert row["others_lose_m_y"] == pytest.approx(sum(lose.values()), abs=1e-5)
    assert row["hit_most"] == max(lose, key=lose.get)
    assert row["local_rate"] == pytest.approx(after.local_rate)
    assert found["local_lost"].is_monotonic_decreasing


def test_two_firms_are_lost_at_once(plan):
    found = cp.outages(plan, 2)
    assert list(found.index) == ["seats and batteries"] or list(found.index) == ["batteries and seats"]
    assert found["local_rate"].iloc[0] == 0
    assert found["others_lose_m_y"].iloc[0] >= cp.outages(plan)["others_lose_m_y"].max() - 1e-6


def test_a_second_source_costs_what_the_plan_with_one_more_is_worth_less(small):
    found = cp.outages(small, second_source=True)
    for firm, cost in found["second_m_y"].dropna().items():
        instance = instance_of(small.region)
        names, output = instance.sites.firms, instance.trade.output
        mine = output[names.index(firm)] > 0
        same = [name for name, row in zip(names, output, strict=True) if (row[mine] > 0).any()]
        there = small.firms.loc[same, "park"].notna().sum()
        problem = cp.build(small.region)
        places = [
            problem.model.place(name, park)
            for name in same
            for park, may in zip(
                instance.sites.parks, instance.sites.admissible[names.index(name)], strict=True
            )
            if may
        ]
        problem += sum(places) >= there + 1
        assert cost == pytest.approx(small.value - cp.solve(small.region, problem=problem).value, abs=1e-4)


@pytest.mark.parametrize("k", [0, 3])
def test_only_one_or_two_firms_are_lost_at_once(plan, k):
    with pytest.raises(cp.UsageError):
        losses(plan, k)
