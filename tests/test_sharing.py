"""`sharing` and `shapley` of a plan, against a game valued by loops over who is in business."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from enumeration import Inner, Small
from loop_regions import loop_region
from regions_with_works import region_with_works
from shapely.geometry import Point
from small_regions import small_region

import clusterplan as cp
from benchmarks.regions import NAMES, stored_plan
from clusterplan.cli import main
from clusterplan.explore.money.game import Game
from clusterplan.explore.money.parts import gains
from clusterplan.explore.money.sharing import NOT_SHARED, receivers

SEEDS = tuple(seed for seed in range(200, 216) if seed not in {201, 207})
"""Small regions that have a plan."""
WITH_LOOPS = [(loop_region, 1), (loop_region, 10), (loop_region, 12)]
"""Small regions whose plan closes innovation loops."""
WITH_WORKS = [(region_with_works, 3), (region_with_works, 8), (region_with_works, 10)]
"""Small regions whose plan builds works or larger sizes of parks."""


class Tried:
    """The game of a small region's plan, by trying everyone in and out of business."""

    def __init__(self, plan: cp.Plan) -> None:
        self.plan, self.small = plan, Small(plan.region)
        firms = plan.firms[plan.firms["park"].notna()]
        self.at = {str(firm): str(park) for firm, park in firms["park"].items()}
        self.players = [f for f in self.at if not self.small.firms[f]["is_platform"]]
        self.markets = self.small.markets
        shares = plan.region.manifest.shares
        zero = dict.fromkeys(self.small.weight, 0.0)
        self.small.weight = {
            **zero,
            "freight": 1.0,
            "gateway_prices": 1.0,
            "supply_collaboration": shares.a + shares.b,
        }
        worth = plan.grants["instrument"].map(plan.region.incentives["worth"]) * plan.grants["amount_m_y"]
        self.granted = worth.groupby(plan.grants["firm"]).sum().to_dict()

    def value(self, group: set[str]) -> float:
        self.small.markets = [self._left(market, group) for market in self.markets]
        platforms = {f: s for f, s in self.at.items() if f not in self.players}
        best = 0.0
        for size in range(len(group) + 1):
            for members in itertools.combinations(sorted(group), size):
                best = max(best, self._in_business({f: self.at[f] for f in members} | platforms))
        return best

    def _left(self, market: dict, group: set[str]) -> dict:
        """Return a market with the volumes that firms outside the group use taken off."""
        supply = self.plan.supply
        here = supply[(supply["gateway"] == market["gateway"]) & (supply["product"] == market["product"])]
        sold = here[here["from"].notna() & ~here["from"].isin(group)]["quantity_per_y"].sum()
        bought = here[here["to"].notna() & ~here["to"].isin(group)]["quantity_per_y"].sum()
        return {
            **market,
            "buys_up_to_per_y": market["buys_up_to_per_y"] - sold,
            "sells_up_to_per_y": market["sells_up_to_per_y"] - bought,
        }

    def _in_business(self, at: dict[str, str]) -> float:
        inner, fixed = Inner(), 0.0
        q = {}
        for f, s in at.items():
            firm = self.small.firms[f]
            q[f] = inner.variable(firm["min_load"], 1.0)
            if f in self.players:
                inner.gain[q[f]] += firm["margin_m_y"]
                outside = 0.0 if np.isnan(firm["outside_m_y"]) else firm["outside_m_y"]
                fixed += self.granted.get(f, 0.0) - self.small.cost(f, s) - outside
        for a, b, worth, to_a, to_b in self.small.realised(at):
            fixed += worth * (to_a * (a in self.players) + to_b * (b in self.players))
        fixed += sum(kept for f, _, kept in self.small.closed(at) if f in self.players)
        self.small.trade(inner, at, q, {f: {} for f in at})
        return fixed + inner.best()


@pytest.mark.parametrize(("region", "seed"), [(small_region, seed) for seed in SEEDS[::2]] + WITH_LOOPS)
def test_a_group_is_worth_what_trying_everybody_finds(region: Callable[[int], cp.Region], seed: int) -> None:
    plan = cp.solve(region(seed))
    game, tried = Game.of(plan), Tried(plan)
    assert list(game.players) == tried.players
    values = {}
    for number in range(1 << game.n):
        group = np.array([number >> i & 1 for i in range(game.n)], dtype=bool)
        names = {f for f, inside in zip(game.players, group, strict=True) if inside}
        values[number] = tried.value(names)
        assert game.value(group) == pytest.approx(values[number], abs=1e-5), names
    if game.n > 1:
        split = gains(plan).to_numpy()
        rng = np.random.default_rng(seed)
        for x in (split, split + rng.normal(0.0, 1.0, game.n), np.zeros(game.n)):
            group, wants = game.most_wanting(x)
            lacks = {
                number: value - sum(x[i] for i in range(game.n) if number >> i & 1)
                for number, value in values.items()
                if 0 < number < (1 << game.n) - 1
            }
            assert wants == pytest.approx(max(lacks.values()), abs=1e-5)
            assert lacks[sum(1 << int(i) for i in np.flatnonzero(group))] == pytest.approx(wants, abs=1e-5)


@pytest.mark.parametrize(("region", "seed"), [(small_region, seed) for seed in SEEDS[:6]] + WITH_WORKS)
def test_together_all_earn_at_least_what_the_plan_gives_them(
    region: Callable[[int], cp.Region], seed: int
) -> None:
    plan = cp.solve(region(seed))
    found = cp.sharing(plan)
    assert found.together_m_y >= found.gain_m_y - 1e-6
    assert found.gain_m_y == pytest.approx(gains(plan).sum())


@pytest.mark.parametrize("seed", (200, 202, 205, 206))
def test_with_the_others_there_a_group_is_worth_what_it_adds_to_them(seed: int) -> None:
    plan = cp.solve(small_region(seed))
    whole = Game.of(plan)
    assert whole.n > 1
    chosen = whole.players[:-1]
    part = Game.of(plan, chosen, others="there")
    rest = np.array([f not in chosen for f in whole.players])
    for number in range(1 << part.n):
        group = np.array([number >> i & 1 for i in range(part.n)], dtype=bool)
        with_rest = rest.copy()
        with_rest[: part.n] |= group
        assert part.value(group) == pytest.approx(whole.value(with_rest) - whole.value(rest), abs=1e-5)


@pytest.mark.parametrize("name", [*NAMES, 200, 212, 213])
def test_what_everybody_gets_sums_to_the_terms_of_the_plan(name: str | int) -> None:
    plan = stored_plan(name) if isinstance(name, str) else cp.solve(small_region(name))
    gain = plan.terms["amount"].drop(list(NOT_SHARED)).sum()
    assert receivers(plan)["amount_m_y"].sum() == pytest.approx(gain, abs=1e-6, rel=1e-9)


@pytest.mark.parametrize("name", ["debrecen", 200, 212, 213, "works 3", "works 8"])
def test_stages_and_parks_gain_what_their_firms_do(name: str | int) -> None:
    if isinstance(name, int):
        plan = cp.solve(small_region(name))
    elif name in NAMES:
        plan = stored_plan(name)
    else:
        plan = cp.solve(region_with_works(int(name.removeprefix("works "))))
    found = cp.sharing(plan)
    public = found.split["amount_m_y"].filter(like="public").sum()
    parks = found.groups[found.groups["kind"] == "park"]
    others = plan.parks.index[plan.parks["open"] & ~plan.parks.index.isin(parks["id"])]
    roads = plan.works["built"] & plan.works["park"].isna()
    if others.empty and not roads.any():
        assert parks["public_m_y"].sum() == pytest.approx(public, abs=1e-6)
    assert found.tiers["grants_m_y"].sum() == pytest.approx(found.split.at["public.grants", "amount_m_y"])
    assert found.tiers["net_m_y"].sum() == pytest.approx(public)
    for kind in ("firm", "stage", "park"):
        of_kind = found.groups[found.groups["kind"] == kind]
        assert of_kind["gain_m_y"].sum() == pytest.approx(found.gain_m_y)
    assert (found.groups["adds_m_y"] <= found.together_m_y + 1e-6).all()


def test_tiers_get_their_shares_of_the_tax_and_pay_their_grants() -> None:
    region = cp.load_region("tiny")
    given = region.manifest.model_dump(exclude_unset=True)
    plan = cp.solve(region.replace(manifest={**given, "tax_shares": {"town": 0.5, "state": 0.3}}))
    tiers = cp.sharing(plan).tiers
    assert tiers["tax_m_y"].to_dict() == pytest.approx({"town": 2.9, "state": 1.74, "no tier": 1.16})
    assert tiers["grants_m_y"].to_dict() == pytest.approx({"town": -0.065, "state": 0.0, "no tier": 0.0})
    assert tiers.at["no tier", "others_m_y"] == pytest.approx(0.75 - 0.5)
    assert tiers["net_m_y"].sum() == pytest.approx(5.8 + 0.75 - 0.5 - 0.065)


def crowded(outside: float, harm: float, pull: float = 0.0) -> cp.Region:
    """Return a region in which one works is there and another comes, which costs the two ``harm`` a year."""
    parks = gpd.GeoDataFrame(
        {"park": ["p"], "status": ["open"], "land_ha": [10.0], "provenance": ["assumed"]},
        geometry=[Point(10.0, 50.0)],
        crs="EPSG:4326",
    )
    firms = pd.DataFrame(
        {
            "firm": ["old", "new"],
            "stage": ["works", "yard"],
            "status": ["existing", "candidate"],
            "is_anchor": [True, False],
            "park": ["p", None],
            "lock": [None, "in"],
            "land_ha": [1.0, 1.0],
            "investment_m": [1.0, 1.0],
            "margin_m_y": [5.0, 4.0],
            "outside_m_y": [0.0, outside],
            "provenance": ["assumed", "assumed"],
        }
    )
    links = pd.DataFrame(
        {
            "link": ["noise", "labour"],
            "kind": ["noise", "noise"],
            "firm_a": ["old", "old"],
            "firm_b": ["new", "new"],
            "value_m_y": [-harm, pull],
            "provenance": ["assumed", "assumed"],
        }
    )
    manifest = {
        "name": "crowded",
        "title": "A crowded valley",
        "currency": "EUR",
        "price_year": 2025,
        "planning_crs": "EPSG:32632",
        "datum": "WGS84",
        "bounds": {"west": 9.0, "south": 49.0, "east": 11.0, "north": 51.0},
        "discount_rate": 0.0,
        "life_y": 10,
        "stages": {"works": "Works", "yard": "Yard"},
        "proximity": {"links": {"shape": "linear", "reach": 20}},
        "freight": {"per_tkm": 1.0, "co2_kg_per_tkm": 0.1},
    }
    return cp.Region.from_frames(manifest, parks=parks, firms=firms, links=links)


def bound_to_sell() -> cp.Region:
    """Return a region in which a maker of parts forgoes 1 m a year so that a yard next door gains 2."""
    tables = crowded(outside=0.0, harm=0.0).given()
    firms = tables["firms"].assign(
        product=["part", "boat"], output_per_y=[10_000.0, 100.0], min_load=1.0, margin_m_y=[5.0, 4.0]
    )
    return cp.Region.from_frames(
        {
            **tables["manifest"].model_dump(exclude_unset=True),
            "shares": {"a": 0.0, "b": 1.0},
            "distance": {"method": "matrix"},
        },
        parks=tables["parks"],
        firms=firms,
        products=pd.DataFrame(
            {
                "product": ["part", "boat"],
                "unit": "pc",
                "value": [1000.0, 500_000.0],
                "collaboration_share": [0.2, 0.0],
                "provenance": "assumed",
            }
        ),
        recipes=pd.DataFrame(
            {"stage": ["yard"], "product": ["boat"], "input": ["part"], "quantity": [100.0]}
        ).assign(provenance="assumed"),
        gateways=gpd.GeoDataFrame(
            {"gateway": ["port"], "provenance": ["assumed"]}, geometry=[Point(10.1, 50.0)], crs="EPSG:4326"
        ),
        markets=pd.DataFrame(
            {
                "gateway": "port",
                "product": ["part", "boat"],
                "buys_at": [1100.0, 500_000.0],
                "sells_at": [1100.0, None],
                "provenance": "assumed",
            }
        ),
        distances=pd.DataFrame({"origin": ["p"], "destination": ["port"], "km": [10.0]}),
    )


def test_who_forgoes_a_better_price_pays_for_who_is_served() -> None:
    found = cp.sharing(cp.solve(bound_to_sell()))
    groups = found.groups.set_index(["kind", "id"])
    columns = ["gain_m_y", "alone_m_y", "adds_m_y"]
    assert groups.loc[("firm", "old"), columns].to_list() == pytest.approx([5.0, 6.0, 8.0])
    assert groups.loc[("firm", "new"), columns].to_list() == pytest.approx([6.0, 3.0, 5.0])
    assert groups.at[("firm", "old"), "verdict"] == "pays for others"
    assert groups.at[("stage", "works"), "verdict"] == "pays for others"
    assert groups.at[("firm", "new"), "verdict"] == "paid for by others"
    assert groups.at[("park", "p"), "verdict"] == "pays its way"
    assert (found.blocking, found.wants_m_y) == (("old",), pytest.approx(1.0))
    assert not found.is_in_core


def test_neighbours_who_harm_each_other_are_in_each_others_way() -> None:
    found = cp.sharing(cp.solve(crowded(outside=1.0, harm=2.0)))
    groups = found.groups.set_index(["kind", "id"])
    columns = ["gain_m_y", "alone_m_y", "adds_m_y"]
    assert groups.loc[("firm", "old"), columns].to_list() == pytest.approx([4.0, 5.0, 3.0])
    assert groups.loc[("firm", "new"), columns].to_list() == pytest.approx([2.0, 3.0, 1.0])
    assert groups.at[("firm", "old"), "verdict"] == "in each other's way"


def test_where_all_gain_by_each_other_the_split_is_in_the_core() -> None:
    found = cp.sharing(cp.solve(crowded(outside=1.0, harm=0.0, pull=2.0)))
    assert found.is_in_core
    assert set(found.groups["verdict"]) == {"pays its way"}


def test_shares_of_two_firms_halve_what_they_gain_by_each_other() -> None:
    found = cp.shapley(cp.solve(crowded(outside=1.0, harm=0.0, pull=2.0)))
    assert found.together_m_y == pytest.approx(10.0)
    assert found.firms["alone_m_y"].to_list() == pytest.approx([5.0, 3.0])
    assert found.firms["shapley_m_y"].to_list() == pytest.approx([6.0, 4.0])
    assert found.verdict == "in the core"
    assert found.samples is None


def test_a_split_that_another_would_better_is_told_from_one_that_none_could() -> None:
    bound = cp.shapley(cp.solve(bound_to_sell()))
    assert bound.verdict == "blocked"  # the yard could pay: 7 and 4 would hold
    assert bound.blocking == ("old",)
    assert bound.firms["shapley_m_y"].to_list() == pytest.approx([7.0, 4.0])
    harmed = cp.shapley(cp.solve(crowded(outside=1.0, harm=2.0)))
    assert harmed.verdict == "core is empty"
    assert harmed.least_core_m_y == pytest.approx(1.0)


def test_shares_of_a_chosen_group_sum_to_what_it_earns_alone() -> None:
    plan = stored_plan("debrecen")
    chosen = ["catl_1", "anode_a_60", "cans_a", "cufoil_a"]
    found = cp.shapley(plan, chosen)
    game = Game.of(plan, chosen)
    assert set(found.firms.index) == set(chosen)
    assert found.firms["shapley_m_y"].sum() == pytest.approx(game.value(np.ones(4, dtype=bool)), rel=1e-6)
    assert found.firms["core_m_y"].sum() == pytest.approx(found.together_m_y, rel=1e-6)
    there = cp.shapley(plan, chosen, others="there")
    assert there.verdict == "not asked"
    assert there.blocking == ()


def test_many_firms_are_sampled_with_errors() -> None:
    plan = stored_plan("debrecen")
    chosen = [str(f) for f in Game.of(plan).players[:11]]
    found = cp.shapley(plan, chosen, samples=4, seed=1, time_limit=1.0)
    assert found.samples == 4
    assert (found.firms["error_m_y"] >= 0).all()
    assert (found.firms["error_m_y"] > 0).any()
    assert found.firms["shapley_m_y"].sum() == pytest.approx(found.together_m_y, rel=1e-6)


def test_what_cannot_be_meant_is_told() -> None:
    plan = cp.solve(cp.load_region("tiny"))
    with pytest.raises(cp.UsageError, match="seats"):
        cp.shapley(plan, ["seat"])
    with pytest.raises(cp.UsageError, match="at least one"):
        cp.shapley(plan, [])
    with pytest.raises(cp.UsageError, match="2 orders"):
        cp.shapley(plan, samples=1)


def test_the_command_prints_the_same_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = cp.solve(cp.load_region("tiny"))
    plan.save(tmp_path / "tiny")
    assert main(["sharing", str(tmp_path / "tiny"), "--firms", "carmaker,batteries", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    found = cp.sharing(plan)
    assert told["together_m_y"] == pytest.approx(found.together_m_y)
    assert [row["gain_m_y"] for row in told["groups"]] == pytest.approx(list(found.groups["gain_m_y"]))
    shares = cp.shapley(plan, ["carmaker", "batteries"])
    assert [row["shapley_m_y"] for row in told["shapley"]["firms"]] == pytest.approx(
        list(shares.firms["shapley_m_y"])
    )
    assert main(["sharing", str(tmp_path / "tiny")]) == 0
    assert "public" in capsys.readouterr().out
