"""One plan for several futures: worth what trying every layout says, and what the words promise."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from enumeration_together import best_together
from small_regions import small_region

import clusterplan as cp
from clusterplan.explore import robust
from clusterplan.explore.futures.laters import futures_ready
from clusterplan.instance import instance_of
from clusterplan.plan.checks.futures import Together, verify_together
from clusterplan.solve.together import Asked, bound_anywhere_together

AIMS = [
    {"aim": "mean"},
    {"aim": "worst"},
    {"aim": "cvar", "rho": 0.6, "alpha": 0.5},
    {"aim": "mean", "willing": "always"},
]


def futures_for(region, seed):
    """Return three futures of a small region, and what the enumeration needs of them."""
    rng = np.random.default_rng(seed)
    candidates = list(region.firms.index[region.firms["status"] == "candidate"])
    gone = [str(rng.choice(candidates))] if candidates and seed % 2 else []
    price, volume = rng.uniform(0.9, 1.1), rng.uniform(0.6, 1.0)
    lines = [
        [],
        [
            f"market.*.buys_at *= {price}",
            f"market.*.buys_up_to_per_y *= {volume}",
            f"firm.*.margin_m_y *= {rng.uniform(0.85, 1.0)}",
            "firm.*.min_load = 0",
        ],
        [
            *(f"firm.{firm} = gone" for firm in gone),
            "park.*.power_price_per_mwh *= 1.2",
            "firm.*.min_load = 0",
        ],
    ]
    chances, paid = [0.5, 0.3, 0.2], [{}, {"grant": 0.5}, {}]
    scenarios = [
        cp.Scenario(name, change, chance, fulfilment=share)
        for name, change, chance, share in zip("abc", lines, chances, paid, strict=True)
    ]
    told = [
        (
            chance,
            cp.change(region, [line for line in change if "gone" not in line]),
            tuple(gone) if n == 2 else (),
            share,
        )
        for n, (chance, change, share) in enumerate(zip(chances, lines, paid, strict=True))
    ]
    return scenarios, told


@pytest.mark.parametrize("seed", [3, 34, *(pytest.param(seed, marks=pytest.mark.long) for seed in (0, 36))])
@pytest.mark.parametrize("options", AIMS, ids=["mean", "worst", "cvar", "always"])
def test_a_plan_for_all_futures_is_worth_what_the_best_of_all_layouts_is_worth(seed, options):
    region = small_region(seed)
    scenarios, told = futures_for(region, seed)
    expected = best_together(region, told, **options)
    if expected == -math.inf:
        with pytest.raises(cp.NoPlanError):
            robust(region, scenarios, compare=False, **options)
        return
    found = robust(region, scenarios, compare=False, **options)
    assert found.status == "optimal"
    assert found.value == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.fixture(scope="module")
def futures():
    return [
        cp.Scenario("as it is", probability=2),
        cp.Scenario("slump", "market.*.buys_at *= 0.97"),
        cp.Scenario("no batteries", ["firm.batteries = gone", "firm.*.min_load = 0"]),
    ]


@pytest.fixture(scope="module")
def found(futures):
    return cp.robust(cp.load_region("tiny"), futures)


@pytest.mark.parametrize("seed", [0, 2, 6, 8])
def test_for_one_future_like_today_it_is_the_plan_of_today(seed):
    region = small_region(seed)
    alone = cp.robust(region, [cp.Scenario("as it is")], compare=False)
    assert alone.status == "optimal"
    assert alone.value == pytest.approx(cp.solve(region).value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", [4, pytest.param(9, marks=pytest.mark.long)])
def test_the_second_objective_of_a_preset_is_followed(seed):
    region = small_region(seed)
    second = instance_of(region).second
    assert second is not None

    def followed(plan):
        return sum(weight * plan.terms["amount"].to_dict()[term] for term, weight in second.items())

    alone = cp.robust(region, [cp.Scenario("as it is")], compare=False)
    plan = cp.solve(region)
    assert alone.value == pytest.approx(plan.value, rel=1e-6, abs=1e-6)
    assert followed(alone.plans["as it is"]) == pytest.approx(followed(plan), rel=1e-5, abs=1e-5)


def test_places_and_awards_are_the_same_in_every_future(found):
    for name, plan in found.plans.items():
        assert plan.parks["open"].tolist() == found.parks["open"].tolist()
        here = plan.firms["park"].where(plan.firms["park"].notna(), None)
        gone = ["batteries"] if name == "no batteries" else []
        kept = [firm for firm in here.index if firm not in gone]
        assert here[kept].fillna("out").tolist() == found.firms.loc[kept, "park"].fillna("out").tolist()
        assert here[gone].isna().all()


def test_the_value_is_the_mean_of_the_plans(found):
    chance = found.futures["probability"].to_numpy()
    values = np.array([plan.value for plan in found.plans.values()])
    assert chance.tolist() == [0.5, 0.25, 0.25]
    assert found.value == found.expected == pytest.approx(float(chance @ values))
    assert found.worst == values.min()
    assert found.futures["value"].tolist() == values.tolist()


def test_firms_come_on_their_surplus_over_all_futures(found):
    region = found.region
    candidates = region.firms.index[(region.firms["status"] == "candidate") & ~region.firms["is_platform"]]
    placed = candidates[found.firms.loc[candidates, "park"].notna()]
    assert len(placed)
    assert (found.firms.loc[placed, "expected_surplus_m_y"] >= -1e-6).all()


def test_who_must_be_willing_always_never_loses(futures):
    always = cp.robust(cp.load_region("tiny"), futures[:2], willing="always")
    candidates = always.region.firms["status"] == "candidate"
    surplus = always.firms.loc[candidates & always.firms["park"].notna(), "worst_surplus_m_y"]
    assert (surplus >= -1e-6).all()
    expected = cp.robust(cp.load_region("tiny"), futures[:2], compare=False)
    assert always.value <= expected.value + 1e-6


@pytest.mark.parametrize("seed", [2, 6, 8])
def test_the_mean_is_worth_less_than_the_plan_for_all_and_that_less_than_knowing(seed):
    region = small_region(seed)
    scenarios, _ = futures_for(region, seed)
    told = cp.robust(region, scenarios, willing="always")
    assert told.status == "optimal"
    if told.of_mean is not None:
        assert told.of_mean <= told.value + 1e-6
        assert told.value_of_planning == pytest.approx((told.value - told.of_mean,) * 2, abs=1e-5)
    known = float(told.futures["probability"] @ told.futures["known"])
    assert known >= told.value - 1e-6
    assert told.value_of_knowing == pytest.approx((known - told.value,) * 2, abs=1e-5)


@pytest.mark.parametrize("seed", [2, 8])
def test_layouts_held_in_all_futures_find_what_the_whole_finds(seed):
    region = small_region(seed)
    scenarios, _ = futures_for(region, seed)
    whole = cp.robust(region, scenarios, compare=False)
    by_layouts = cp.robust(region, scenarios, compare=False, whole=False, time_limit=6)
    assert by_layouts.how == "layouts"
    assert by_layouts.layouts > 0
    assert by_layouts.value <= whole.value + 1e-6
    assert by_layouts.bound >= whole.value - 1e-6
    assert by_layouts.value == pytest.approx(whole.value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(0, 10, 2))
def test_no_plan_is_worth_more_than_the_bound_with_places_left_out(seed):
    region = small_region(seed)
    scenarios, _ = futures_for(region, seed)
    ready = futures_ready(region, scenarios)
    bound = bound_anywhere_together(ready.today, ready.laters, Asked(), None)
    try:
        value = cp.robust(region, scenarios, compare=False).value
    except cp.NoPlanError:
        return
    assert bound is None or bound >= value - 1e-6 * max(1.0, abs(value))


def test_power_that_is_rationed_limits_what_firms_make_and_not_where_they_are():
    region = cp.load_region("tiny")
    given = region.given()
    firms, parks = given["firms"].assign(power_mw=10.0), given["parks"].assign(power_mw=100.0)
    region = region.replace(firms=firms, parks=parks)
    lines = ["park.*.power_mw = 12", "firm.*.min_load = 0"]
    told = cp.robust(region, [cp.Scenario("today"), cp.Scenario("rationed", lines)], compare=False)
    load = told.plans["rationed"].firms
    need = region.firms["power_mw"]
    for park in region.parks.index:
        here = load["park"] == park
        assert (load["utilisation"] * need)[here].sum() <= 12 + 1e-6
    assert told.plans["rationed"].firms["park"].tolist() == told.plans["today"].firms["park"].tolist()
    assert told.plans["today"].firms["utilisation"].max() == 1.0


def test_the_check_finds_what_is_claimed_wrongly(found):
    without = cp.change(found.region, "firm.batteries = gone")
    right = Together(
        today=cp.solve(found.region),
        plans=found.plans,
        chance=found.futures["probability"].to_numpy(),
        value=found.value,
        aim="mean",
        rho=0.5,
        alpha=0.8,
        willing="expected",
        changed=dict.fromkeys(found.plans, found.region) | {"no batteries": without},
        grants=found.grants,
    )
    assert "futures.value" in set(verify_together(replace(right, value=found.value + 1)).rule)
    none = pd.DataFrame(columns=["firm", "instrument", "amount_m_y"])
    if len(found.grants):
        assert "futures.paid" in set(verify_together(replace(right, grants=none)).rule)
    moved = dict(right.changed) | {"no batteries": found.region}
    assert "futures.same_places" in set(verify_together(replace(right, changed=moved)).rule) or (
        found.firms.loc["batteries", "park"] is None
    )


@pytest.mark.parametrize(
    "lines", ["budget.county.amount_m *= 0.5", "objective = welfare"], ids=["budgets", "weights"]
)
def test_a_future_that_changes_what_is_decided_once_is_refused(lines):
    region = cp.load_region("tiny")
    budget = next(iter(region.manifest.budgets))
    lines = lines.replace("county", budget)
    with pytest.raises(cp.UsageError, match="holds for all scenarios"):
        cp.robust(region, [cp.Scenario("a", lines)])


@pytest.mark.parametrize(
    "options", [{"aim": "best"}, {"willing": "never"}, {"rho": 2}, {"alpha": 1}, {"futures": []}]
)
def test_what_cannot_be_meant_is_told(options):
    futures = options.pop("futures", [cp.Scenario("a")])
    with pytest.raises(cp.UsageError):
        cp.robust(cp.load_region("tiny"), futures, **options)


def test_a_region_without_scenarios_asks_for_some():
    with pytest.raises(cp.UsageError, match=r"scenarios\.yaml"):
        cp.robust(cp.load_region("tiny"))
