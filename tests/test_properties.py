"""What must hold of every region: more of what is optional is never worse, words and units do not matter."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import (
    EXACT,
    EXAMPLES,
    Tables,
    few,
    in_currency,
    in_units,
    planned,
    region_of,
    renamed,
    reordered,
    seeds,
    shuffles,
    small,
    solved,
    tables_of,
    with_money,
)

import clusterplan as cp
from clusterplan.instance import instance_of
from clusterplan.plan.evaluate import evaluate
from clusterplan.plan.start import decisions_of
from clusterplan.solve.matrix import matrix

CLOSE = 1e-6
every_seed = pytest.mark.parametrize("seed", range(4 * EXAMPLES))


def close(value: float) -> object:
    return pytest.approx(value, rel=CLOSE, abs=CLOSE)


def assert_not_worse(new: cp.Plan | None, value: float) -> None:
    assert new is not None, "there was a plan before there was more to choose from"
    assert new.value >= value - CLOSE * max(1.0, abs(value))


def assert_same(new: cp.Plan | None, old: cp.Plan | None, factor: float = 1.0) -> None:
    assert (new is None) == (old is None)
    if new is not None and old is not None:
        assert new.value == close(factor * old.value)


def worth_in(plan: cp.Plan, region: cp.Region) -> float:
    """Return what the decisions of a plan are worth in another region that allows them."""
    instance = instance_of(region)
    amounts = evaluate(instance, decisions_of(plan, instance)).amounts
    return sum(weight * amounts[term] for term, weight in instance.weights.items())


def counts_fit_alone(region: cp.Region) -> bool:
    """Whether a firm's best park is a yardstick that the value depends on (else it cancels out)."""
    weights = instance_of(region).weights
    return weights["fit"] != weights["results"]


# --- more of what is optional is never worse ---------------------------------------------------------------


@few
@given(seeds, st.lists(st.floats(1.0, 4.0), min_size=3, max_size=3))
def test_more_budget_is_never_worse(seed, factors):
    plan = planned(seed)
    if plan is None:
        return
    tables = tables_of(plan.region)
    budgets = tables["manifest"]["budgets"]
    more = {name: with_money(budgets[name], by) for name, by in zip(budgets, factors, strict=True)}
    tables["manifest"]["budgets"] = more
    assert_not_worse(solved(region_of(tables)), plan.value)


@few
@given(seeds, shuffles)
def test_more_land_is_never_worse_by_the_same_yardstick(seed, shuffle):
    """`fit` is measured from a firm's best admissible park, and with more land that may be a better one."""
    plan = planned(seed)
    if plan is None:
        return
    tables = tables_of(plan.region)
    factors = np.random.default_rng(shuffle).choice([1.0, 1.4, 3.0], len(tables["parks"]))
    tables["parks"] = tables["parks"].assign(land_ha=tables["parks"]["land_ha"] * factors)
    larger = region_of(tables)
    same = worth_in(plan, larger)
    assert_not_worse(solved(larger), same)
    more_places = instance_of(larger).sites.admissible.sum() > instance_of(plan.region).sites.admissible.sum()
    if not (more_places and counts_fit_alone(larger)):
        assert same == close(plan.value)


@few
@given(seeds)
def test_an_optional_park_is_never_worse_by_the_same_yardstick(seed):
    plan = planned(seed)
    if plan is None:
        return
    larger = region_of(with_park(tables_of(plan.region)))
    same = worth_in(plan, larger)
    assert_not_worse(solved(larger), same)
    if not counts_fit_alone(larger):
        assert same == close(plan.value)


def with_park(tables: Tables) -> Tables:
    """Return the tables with a candidate park that is cheap, and near all others."""
    parks = tables["parks"]
    new = parks.iloc[[-1]].rename(index={parks.index[-1]: "new"})
    new = new.assign(status="candidate", lock=None, admits=None, land_price_m_ha=0.05, open_cost_m=1.0)
    km = [(name, "new", 8.0) for name in parks.index] + [("new", "port", 40.0)]
    ways = pd.DataFrame(km, columns=["origin", "destination", "km"])
    return tables | {
        "parks": pd.concat([parks, new]),
        "distances": pd.concat([tables["distances"], ways], ignore_index=True),
    }


def two_parks(cheap_ha: float) -> cp.Region:
    """A firm that needs 10 ha, a dear open park, and a cheap one that costs much to open."""
    parks = {
        "park": ["dear", "cheap"],
        "status": ["open", "candidate"],
        "land_ha": [10.0, cheap_ha],
        "land_price_m_ha": [2.0, 1.0],
        "open_cost_m_y": [0.0, 5.0],
    }
    firm = {
        "firm": ["works"],
        "stage": "making",
        "status": "committed",
        "is_anchor": True,
        "land_ha": 10.0,
        "investment_m": 20.0,
        "margin_m_y": 3.0,
    }
    manifest = {
        "name": "two_parks",
        "title": "Two parks",
        "currency": "EUR",
        "price_year": 2025,
        "planning_crs": "EPSG:32632",
        "bounds": {"west": 9.5, "south": 49.5, "east": 11.5, "north": 50.5},
        "discount_rate": 0.0,
        "life_y": 10,
        "stages": {"making": "Making"},
        "proximity": {"links": {"shape": "linear", "reach": 40}},
    }
    points = gpd.points_from_xy([10.0, 10.1], [50.0, 50.0])
    return cp.Region.from_frames(
        manifest,
        parks=gpd.GeoDataFrame(parks, geometry=points, crs="EPSG:4326").assign(provenance="assumed"),
        firms=pd.DataFrame(firm).assign(provenance="assumed"),
        products=pd.DataFrame({"product": ["thing"], "unit": "t", "value": 1.0, "provenance": "assumed"}),
    )


def test_the_yardstick_of_fit_moves_with_the_land_of_a_park_that_nobody_uses():
    """What `by the same yardstick` is for: with 1 ha more the plan is the same, and worth less."""
    small, large = cp.solve(two_parks(cheap_ha=9.0)), cp.solve(two_parks(cheap_ha=10.0))
    assert small.firms.loc["works", "park"] == large.firms.loc["works", "park"] == "dear"
    assert small.value == pytest.approx(0.0)
    assert large.value == pytest.approx(-10.0 * (2.0 - 1.0) / 10)  # 10 ha, 1 m a hectare, over 10 years
    welfare = [
        small.terms["amount"][["fit", "results"]].sum(),
        large.terms["amount"][["fit", "results"]].sum(),
    ]
    assert welfare == pytest.approx(
        [1.0, 1.0]
    )  # 3.0 of margin less 2.0 of land: together they know no yardstick


@few
@given(seeds, shuffles)
def test_an_optional_candidate_more_is_never_worse(seed, shuffle):
    plan = planned(seed)
    if plan is not None:
        assert_not_worse(solved(region_of(with_firm(tables_of(plan.region), shuffle))), plan.value)


def with_firm(tables: Tables, shuffle: int) -> Tables:
    """Return the tables with a candidate more, which is like another firm, with links of either sign."""
    rng = np.random.default_rng(shuffle)
    firms = tables["firms"]
    like = rng.choice(firms.index)
    new = firms.loc[[like]].rename(index={like: "new"})
    platform = bool(new["is_platform"].iloc[0])
    new = new.assign(
        status="candidate",
        park=None,
        lock=None,
        is_anchor=False,
        land_ha=2.0,
        margin_m_y=0.0 if platform else rng.uniform(0, 5),
        outside_m_y=None if platform else rng.uniform(0, 2),
    )
    links = pd.DataFrame(
        {
            "link": [f"new_{firm}" for firm in firms.index],
            "kind": "talent",
            "firm_a": "new",
            "firm_b": firms.index,
            "value_m_y": rng.uniform(-0.5, 1.0, len(firms)),
            "provenance": "assumed",
        }
    ).set_index("link")
    if "links" in tables:
        links = pd.concat([tables["links"], links])
    return tables | {"firms": pd.concat([firms, new]), "links": links}


# --- names, orders and units do not matter -----------------------------------------------------------------


@few
@given(seeds, shuffles)
def test_other_ids_make_no_other_plan(seed, shuffle):
    assert_same(solved(region_of(renamed(tables_of(small(seed)), shuffle))), planned(seed))


@few
@given(seeds, shuffles)
def test_other_orders_of_rows_make_no_other_plan(seed, shuffle):
    assert_same(solved(region_of(reordered(tables_of(small(seed)), shuffle))), planned(seed))


@few
@given(seeds, st.tuples(*[st.sampled_from([0.001, 1.0, 7.0, 1000.0])] * 3))
def test_other_units_of_products_make_no_other_plan(seed, factors):
    factor = dict(zip(("car", "part", "ore"), factors, strict=True))
    assert_same(solved(region_of(in_units(tables_of(small(seed)), factor))), planned(seed))


@few
@given(seeds, st.sampled_from([0.1, 7.5, 10.0, 150.0]))
def test_in_another_currency_the_plan_is_worth_the_same_money(seed, factor):
    assert_same(solved(region_of(in_currency(tables_of(small(seed)), factor))), planned(seed), factor)


# --- what a plan says of itself ----------------------------------------------------------------------------


@every_seed
def test_every_plan_verifies_and_its_terms_sum_to_its_value(seed):
    plan = planned(seed)
    if plan is None:
        return
    assert cp.verify(plan).empty
    terms = plan.terms
    assert terms["value"].sum() == pytest.approx(plan.value, abs=1e-12)
    assert (terms["amount"] * terms["weight"]).to_numpy() == pytest.approx(terms["value"].to_numpy())
    assert plan.bound is not None
    assert plan.bound >= plan.value


@every_seed
def test_no_grant_could_be_smaller(seed):
    """Where the gain from grants does not count, a firm gets what it needs to come, or the least there is."""
    plan = planned(seed)
    if plan is None or plan.weights["grants_worth"]:
        return
    firms, incentives = plan.firms, plan.region.incentives
    crf = plan.region.manifest.capital_recovery
    for grant in plan.grants.itertuples():
        firm, instrument = firms.loc[grant.firm], incentives.loc[grant.instrument]
        assert firm["status"] == "candidate", "who is there anyway needs no grant"
        above_least = grant.amount_m_y > instrument["min_m"] * crf + CLOSE
        spare = instrument["worth"] * grant.amount_m_y
        assert firm["surplus_m_y"] < CLOSE or (not above_least and firm["surplus_m_y"] < spare)


# --- limits, starts and repetition -------------------------------------------------------------------------


@cache
def larger() -> tuple[cp.Region, cp.Plan]:
    """Return a region whose proof takes a few nodes, and its plan."""
    region = cp.synthetic.region(14, 3, seed=0)
    plan = solved(region)
    assert plan is not None
    return region, plan


def test_a_plan_stopped_before_its_proof_is_feasible_and_says_how_far_it_may_be_off():
    region, best = larger()
    plan = cp.solve(region, time_limit=None, work_limit=1)
    assert (plan.status, plan.proof.limit) == ("feasible", "work")
    assert plan.gap is not None
    assert plan.gap > CLOSE
    assert plan.value <= best.value + CLOSE
    assert plan.bound >= best.value - CLOSE


@few
@given(seeds, st.integers(0, 2), st.sampled_from([0.0, 1e-6, 0.2, 5.0]))
def test_whatever_the_limit_nothing_is_called_optimal_that_is_not(seed, nodes, gap):
    best = planned(seed)
    try:
        plan = cp.solve(small(seed), time_limit=None, work_limit=nodes, gap=gap)
    except cp.TimeLimitError:
        return
    except cp.NoPlanError:
        assert best is None
        return
    assert best is not None
    assert plan.value <= best.value + CLOSE
    assert plan.bound is None or plan.bound >= best.value - CLOSE
    assert (plan.status == "optimal") == (plan.gap is not None and plan.gap <= CLOSE)
    if plan.status == "optimal":
        assert plan.value == close(best.value)


def test_the_same_call_makes_the_same_plan():
    region, _ = larger()
    first, second = (cp.solve(region, time_limit=None, work_limit=3, seed=4) for _ in range(2))
    assert (first.value, first.bound, first.status) == (second.value, second.bound, second.status)
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(pd.DataFrame(table), pd.DataFrame(second.tables[name]))


def test_a_plan_to_start_from_is_taken_even_where_there_is_no_time_to_search():
    region, best = larger()
    plan = cp.solve(region, time_limit=None, work_limit=0, start=best)
    assert plan.value == close(best.value)
    pd.testing.assert_series_equal(plan.firms["park"], best.firms["park"])


@few
@given(seeds)
def test_a_solve_from_a_poor_plan_ends_no_worse(seed):
    if planned(seed) is None:
        return
    region = small(seed)
    poor = cp.solve(region, gap=5.0)
    assert_not_worse(cp.solve(region, start=poor, **EXACT), max(poor.value, planned(seed).value))


# --- arguments and problems --------------------------------------------------------------------------------


def test_solving_changes_neither_the_region_nor_the_problem_nor_the_start():
    region, start = small(1), planned(1)
    problem = cp.build(region)
    tables = {name: table for name, table in region.given().items() if name != "manifest"}
    started = {name: table.copy() for name, table in start.tables.items()}
    before = matrix(problem)
    first = cp.solve(region, problem=problem, start=start, **EXACT)
    second = cp.solve(region, problem=problem, start=start, **EXACT)
    assert first.value == second.value == close(start.value)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(region.given()[name], table)
    for name, table in started.items():
        pd.testing.assert_frame_equal(start.tables[name], table)
    after = matrix(problem)
    for part in ("cost", "lower", "upper", "row_lower", "row_upper", "values", "indices"):
        np.testing.assert_array_equal(getattr(after, part), getattr(before, part))
    assert after.row_names == before.row_names


@few
@given(seeds)
def test_a_constraint_of_the_users_own_holds_and_never_makes_the_plan_better(seed):
    plan = planned(seed)
    if plan is None:
        return
    movable = plan.firms.query("park.notna() and status == 'candidate'")
    problem = cp.build(plan.region)
    for firm, park in movable["park"].items():
        problem += problem.model.place(firm, park) == 0
    try:
        other = cp.solve(plan.region, problem=problem, **EXACT)
    except cp.NoPlanError:
        return
    assert other.value <= plan.value + CLOSE
    assert (other.firms.loc[movable.index, "park"] != movable["park"]).all()


def test_a_firm_the_user_wants_somewhere_is_there():
    region, best = larger()
    wanted = next(park for park in region.parks.index if park != best.firms.loc["testing_0", "park"])
    problem = cp.build(region)
    problem += problem.model.place("testing_0", wanted) == 1
    plan = cp.solve(region, problem=problem, **EXACT)
    assert plan.firms.loc["testing_0", "park"] == wanted
    assert plan.value < best.value


def test_a_problem_whose_objective_was_changed_is_refused():
    region = small(1)
    problem = cp.build(region)
    problem.setObjective(problem.objective + problem.model.opening("p0"))
    with pytest.raises(cp.UsageError, match="objective of the problem was changed"):
        cp.solve(region, problem=problem)
