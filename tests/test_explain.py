"""`explain` forces every other choice; `alternatives` and `tradeoff` solve again with rows of their own."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import clusterplan as cp
from clusterplan import synthetic
from clusterplan.explore import distance
from clusterplan.instance import instance_of


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


@pytest.fixture(scope="module")
def small():
    return cp.solve(synthetic.region(6, 3, 2))


def forced(plan, firm, park):
    """Return the value of the best plan with a firm held to a park (None: out), by a row of one's own."""
    problem = cp.build(plan.region)
    place = problem.model.place
    if park is None:
        may = instance_of(plan.region).sites
        row = may.admissible[may.firms.index(firm)]
        problem += sum(place(firm, s) for s, allowed in zip(may.parks, row, strict=True) if allowed) == 0
    else:
        problem += place(firm, park) == 1
    return cp.solve(plan.region, problem=problem).value


def test_each_choice_is_worth_what_the_changed_region_is(plan):
    found = cp.explain(plan, firm="seats")
    assert found.chosen == "north"
    assert found.choices.index[0] == "north"
    assert found.choices.loc["south", "value"] == pytest.approx(forced(plan, "seats", "south"), abs=1e-6)
    assert found.choices.loc["out", "value"] == pytest.approx(forced(plan, "seats", None), abs=1e-6)
    assert found.choices["loss_m_y"].iloc[0] == 0
    assert (found.choices["loss_m_y"].diff().dropna() >= 0).all()
    other = found.swept.plan("south")
    assert other.firms.loc["seats", "park"] == "south"
    changed = found.terms.loc["south"].sum()
    assert changed == pytest.approx(other.value - plan.value, abs=1e-9)
    assert "links" in found.choices.loc["south", "because"]


def test_choices_on_a_random_region_are_worth_what_the_changed_regions_are(small):
    candidates = small.region.firms.index[small.region.firms["status"] == "candidate"]
    firm = candidates[0]
    found = cp.explain(small, firm=firm)
    for choice, row in found.choices.iterrows():
        if row["status"] == "not admissible" or choice == found.chosen:
            continue
        try:
            expected = forced(small, firm, None if choice == "out" else choice)
        except cp.NoPlanError:
            assert row["status"] == "no plan"
        else:
            assert row["value"] == pytest.approx(expected, rel=1e-6)
            assert row["loss_m_y"] >= -1e-6


def test_a_choice_that_no_rule_leaves_is_told(plan):
    choices = cp.explain(plan, firm="batteries").choices
    assert choices.loc["north", "status"] == "no plan"
    south = cp.explain(plan, firm="carmaker").choices.loc["south"]
    assert south["status"] == "not admissible"
    assert south["because"] == "an existing firm stays where it is"


@pytest.mark.parametrize(
    ("line", "because"),
    [
        ("firm.seats.not_parks = south", "not to go there"),
        ("firm.seats.only_parks = north", "other parks only"),
        ("park.south.admits = battery;glass", "does not admit its stage"),
        ("park.south.min_tax_m_ha_y = 1000", "min_tax_m_ha_y"),
        ("park.south.land_ha = 9", "more than the park has"),
    ],
)
def test_why_a_firm_may_not_be_in_a_park_is_told(plan, line, because):
    held = "firm.batteries.lock ="
    other = cp.solve(cp.change(plan.region, [line, held]))
    choice = cp.explain(other, firm="seats").choices.loc["south"]
    assert choice["status"] == "not admissible"
    assert because in choice["because"]


def test_a_park_is_explained_by_shutting_or_opening_it(plan):
    found = cp.explain(plan, park="south")
    assert found.chosen == "open"
    problem = cp.build(plan.region)
    problem += problem.model.opening("south") == 0
    shut = cp.solve(plan.region, problem=problem)
    assert found.choices.loc["shut", "value"] == pytest.approx(shut.value, abs=1e-6)
    assert cp.explain(plan, park="north").choices.loc["shut", "status"] == "not admissible"


@pytest.mark.parametrize("given", [{}, {"firm": "seats", "park": "south"}, {"firm": "seets"}, {"park": "no"}])
def test_what_cannot_be_explained_is_told(plan, given):
    with pytest.raises(cp.UsageError):
        cp.explain(plan, **given)


@pytest.fixture(scope="module")
def layouts(plan):
    """Every layout that holds, with its parks by firm and its value: by brute force over places."""
    region, firms = plan.region, list(plan.firms.index)
    candidates = [firm for firm in firms if region.firms.loc[firm, "status"] == "candidate"]
    found = []
    for places in itertools.product([None, *region.parks.index], repeat=len(candidates)):
        problem = cp.build(region)
        for firm, park in zip(candidates, places, strict=True):
            there = [problem.model.place(firm, s) for s in region.parks.index if park in {None, s}]
            problem += sum(there) == (park is not None)
        try:
            found.append(cp.solve(region, problem=problem))
        except cp.NoPlanError:
            continue
    return [(other.firms["park"], other.value) for other in found]


def best_of_each(layouts, about):
    """Return the value of the best plan of each different choice."""
    best = {}
    for park, value in layouts:
        key = tuple(park if about == "places" else park.notna())
        best[key] = max(best.get(key, -np.inf), value)
    return sorted(best.values(), reverse=True)


@pytest.mark.parametrize("about", ["places", "firms"])
def test_alternatives_are_the_next_best_of_all_layouts(plan, layouts, about):
    expected = best_of_each(layouts, about)
    found = cp.alternatives(plan, 5, slack=30.0, about=about)
    values = found.frame["value"].to_numpy()
    assert values == pytest.approx(expected[: len(values)], abs=1e-5)
    assert found.ended == ("n" if len(expected) > 5 else "slack")
    assert all(len(cp.verify(other)) == 0 for other in found.plans)


def test_alternatives_keep_the_slack_and_the_distance(small):
    found = cp.alternatives(small, 3, slack=0.5, apart=2)
    least = small.value - 0.5 * abs(small.value)
    assert (found.frame["value"] >= least - 1e-6).all()
    for one, other in itertools.combinations(found.plans, 2):
        assert distance(one, other) >= 2
    share = found.firms["plans"] / len(found.plans)
    assert share.equals(found.firms["share"])
    assert ((found.firms["how"] == "all") == (share == 1)).all()


def test_alternatives_may_differ_in_open_parks(small):
    found = cp.alternatives(small, 2, slack=5.0, about="parks")
    opened = [tuple(other.parks["open"]) for other in found.plans]
    assert len(set(opened)) == len(opened)


def test_no_alternative_within_the_slack_is_an_answer(plan):
    found = cp.alternatives(plan, 3, slack=0.0)
    assert found.ended == "slack"
    assert len(found.plans) == 1


@pytest.mark.parametrize("wrong", [{"n": 0}, {"slack": -1.0}, {"apart": 0}, {"about": "colours"}])
def test_alternatives_that_cannot_be_meant_are_told(plan, wrong):
    with pytest.raises(cp.UsageError):
        cp.alternatives(plan, **{"n": 2, **wrong})


def test_no_plan_of_a_front_is_better_in_everything(small):
    found = cp.tradeoff(small.region, "value", "freight", n=4)
    front = found.front
    assert len(front) >= 2
    assert (front["value"].diff().dropna() < 0).all()
    assert (front["freight"].diff().dropna() > 0).all()
    assert front["value"].iloc[0] == pytest.approx(small.value, rel=1e-5)
    assert front["knee"].sum() == 1
    assert len(found.plans) == len(front)
    for row, other in zip(front.itertuples(), found.plans, strict=True):
        assert row.freight == pytest.approx(other.terms.loc["freight", "amount"])
        least = cp.Condition({("term", "freight"): 1.0}, at_least=row.freight - 1e-5)
        best = cp.sweep([cp.Task("a", small.region, conditions=(least,))], executor="serial").plan("a")
        assert row.value == pytest.approx(best.value, rel=1e-4, abs=1e-4)


def test_the_ends_of_a_front_are_best_in_each_aim(plan):
    front = cp.tradeoff(plan.region, "value", "grants", n=3).front
    assert front["value"].max() == pytest.approx(plan.value, abs=1e-5)
    assert front["grants"].max() == 0


def test_three_aims_are_sampled(plan):
    found = cp.tradeoff(plan.region, "value", "grants", "freight", n=3)
    assert found.aims == ("value", "grants", "freight")
    points = found.front[list(found.aims)].to_numpy()
    for one, other in itertools.permutations(points, 2):
        assert not ((other >= one).all() and (other > one + 1e-5).any())


@pytest.mark.parametrize("aims", [("value", "value"), ("value", "colour"), ("value", {"colour": 1.0})])
def test_aims_that_are_none_are_told(plan, aims):
    with pytest.raises(cp.UsageError):
        cp.tradeoff(plan.region, *aims)


def test_a_front_has_two_points_at_least(plan):
    with pytest.raises(cp.UsageError, match="at least 2"):
        cp.tradeoff(plan.region, n=1)


def test_a_choice_that_leaves_no_plan_says_which_rules_conflict_with_it(plan):
    found = cp.explain(plan, firm="batteries")
    rules = found.conflicts["north"]
    assert found.choices.loc["north", "status"] == "no plan"
    assert len(rules) > 0
    assert found.choices.loc["north", "because"] == " ".join(rules["what"])


def test_limits_that_bind_at_the_choice_are_told(plan):
    binding = cp.explain(plan, firm="batteries").binding
    assert ("willingness.surplus", "batteries") in set(zip(binding["rule"], binding["id"], strict=True))
    full = cp.explain(plan, park="north").binding
    assert ("capacity.land_ha", "north") in set(zip(full["rule"], full["id"], strict=True))


def test_what_is_certain_to_leave_no_plan_takes_no_solve(plan):
    found = cp.explain(plan, firm="batteries")
    assert found.choices.loc["north", "status"] == "no plan"
    assert "north" not in [task.name for task in found.swept.tasks]


def test_one_limit_is_shared_by_all_choices_and_the_rules_that_leave_none(small):
    """Without time nothing is known of choices that are not certain, and nothing is made up."""
    candidates = small.region.firms.index[small.region.firms["status"] == "candidate"]
    found = cp.explain(small, firm=candidates[0], time_limit=0)
    others = found.choices.iloc[1:]
    told = others.loc[others["status"] == "not known"]
    assert told["loss_m_y"].isna().all()
    assert set(others["status"]) <= {"not known", "not admissible", "no plan", "feasible", "optimal"}
    spent = cp.explain(small, firm=candidates[0], time_limit=6).swept
    assert sum(task.options["time_limit"] for task in spent.tasks) <= 6


def test_a_loss_lies_between_its_ends_and_the_plan_itself_loses_nothing(small):
    candidates = small.region.firms.index[small.region.firms["status"] == "candidate"]
    choices = cp.explain(small, firm=candidates[0]).choices
    assert choices[["loss_m_y", "least_loss_m_y", "most_loss_m_y"]].iloc[0].tolist() == [0, 0, 0]
    known = choices.dropna(subset="loss_m_y")
    assert (known["least_loss_m_y"] <= known["loss_m_y"] + 1e-9).all()
    assert (known["loss_m_y"] <= known["most_loss_m_y"] + 1e-9).all()


def test_an_anchor_that_is_left_out_is_solved_for_though_its_lock_would_be_no_region(plan):
    """That no anchor is left is a fault of an input, and no rule of a plan."""
    committed = cp.change(
        plan.region,
        ["firm.carmaker.status = candidate", "firm.carmaker.park =", "firm.carmaker.outside_m_y = -50"],
    )
    found = cp.explain(cp.solve(committed), firm="carmaker")
    assert found.choices.loc["out", "status"] == "optimal"


def test_a_solve_that_is_cut_short_is_no_worse_than_the_old_layout_with_that_one_change(small):
    from clusterplan.explore.choices.nearby import nearby

    candidates = small.region.firms.index[small.region.firms["status"] == "candidate"]
    instance = instance_of(small.region)
    found = cp.explain(small, firm=candidates[0], time_limit=2)
    assert len(found.plans) > 1
    for choice, other in found.plans.items():
        start = nearby(small, instance, candidates[0], choice, None)
        if choice == found.chosen or start is None:
            continue
        assert cp.verify(start).empty
        assert start.value <= other.value + 1e-6
        here = start.firms.loc[candidates[0], "park"]
        assert here == (None if choice == "out" else choice)
