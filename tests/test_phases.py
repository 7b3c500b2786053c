"""Plans of phases: what they are worth, what stays, when money is paid, and what looking ahead is worth."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from phase_enumeration import best_of_phases, phase_region
from regions_with_works import region_with_works
from small_regions import small_region

import clusterplan as cp
from clusterplan.cli import main
from clusterplan.region import phase_regions
from clusterplan.report.phases import show_phases

mpl.use("Agg")

TWO: list[dict[str, Any]] = [
    {"id": "now", "from_year": 2025},
    {"id": "later", "from_year": 2029, "years": 8},
]
AHEAD, DEAD_END = 10, 23
"""Regions where looking ahead is worth something, and where not looking leads nowhere."""


def in_phases(region: cp.Region, *changes: str, **second: Any) -> cp.Region:
    region = cp.change(region, {"phases": [TWO[0], {**TWO[1], **second}]})
    return cp.change(region, changes) if changes else region


@cache
def found(seed: int) -> cp.Phases | None:
    try:
        return cp.phases(phase_region(seed), time_limit=60)
    except cp.NoPlanError:
        return None


@cache
def tiny() -> cp.Phases:
    return cp.phases(in_phases(cp.load_region("tiny"), "firm.seats.from_year = 2029"))


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=[] if seed in {AHEAD, 14, 22} else [pytest.mark.long])
        for seed in (0, 1, 6, 8, AHEAD, 11, 14, 17, 20, 21, 22, DEAD_END, 26, 29, 30, 31)
    ],
)
def test_phases_are_worth_what_the_best_of_all_pairs_of_layouts_is_worth(seed):
    expected = best_of_phases(phase_region(seed))
    if expected == -math.inf:
        assert found(seed) is None
        return
    assert found(seed).status == "optimal"
    assert found(seed).value_m == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", [1, 4])
def test_one_phase_is_worth_the_plan_in_each_of_its_discounted_years(seed):
    region = small_region(seed)
    one = cp.change(region, {"phases": [{"id": "now", "from_year": 2025, "years": 6}]})
    alone, plan = cp.phases(one, time_limit=30), cp.solve(region, time_limit=30)
    rate = region.manifest.discount_rate
    assert alone.frame["weight_y"].item() == pytest.approx(sum((1 + rate) ** -t for t in range(6)))
    assert alone.value_m == pytest.approx(alone.frame["weight_y"].item() * plan.value, rel=1e-6, abs=1e-6)
    paid = alone.plans["now"].grants["amount_m_y"].sum()
    assert paid == pytest.approx(plan.grants["amount_m_y"].sum(), rel=1e-4, abs=1e-4)


def test_phases_in_which_nothing_changes_are_the_plan_in_each():
    region = small_region(4).replace(incentives=None)
    both, plan = cp.phases(in_phases(region), time_limit=30), cp.solve(region, time_limit=30)
    assert both.value_m == pytest.approx(both.frame["weight_y"].sum() * plan.value, rel=1e-6, abs=1e-6)
    assert both.looking_ahead_m == pytest.approx(0.0, abs=1e-5)


def test_more_money_in_a_phase_is_never_worse():
    values = []
    for amount in (0.0, 4.0):
        region = cp.change(
            small_region(1),
            {"phases": [{**TWO[0], "budgets": {"city": amount}}, {**TWO[1], "budgets": {"city": 1.0}}]},
        )
        values.append(cp.phases(region, time_limit=30).value_m)
    assert values[1] >= values[0] - 1e-6 * max(1.0, abs(values[0]))


def test_levels_and_works_stay_and_are_paid_for_once():
    """One budget for all phases, which pays for what is built: the plans pass the check of budgets."""
    for seed in (3,):
        region = in_phases(region_with_works(seed))
        try:
            both = cp.phases(region, time_limit=40)
        except cp.NoPlanError:
            continue
        built = [set(plan.works.index[plan.works["built"]]) for plan in both.plans.values()]
        assert built[0] <= built[1]
        assert cp.verify_phases(region, both.plans, both.value_m).empty


def test_who_comes_later_is_in_no_earlier_plan():
    road = tiny().roadmap.set_index("id")
    assert road["phase"]["seats"] == "later"
    assert road["could_come"]["seats"] == "later"
    assert road["waits"]["seats"] == 0
    assert road["could_come"].isna()["carmaker"]
    assert "seats" not in tiny().plans["now"].firms["park"].dropna().index
    assert list(tiny().frame["came"]) == [1, 1]
    assert tiny().frame["present_m"].sum() == pytest.approx(tiny().value_m)


def test_looking_ahead_is_worth_what_is_lost_without():
    ahead = found(AHEAD)
    assert ahead.looking_ahead_m == pytest.approx(ahead.value_m - ahead.forward_m)
    assert ahead.looking_ahead_m > 0.1
    assert (ahead.frame["alone_m_y"] >= ahead.frame["value_m_y"] - 1e-6).all()
    assert ahead.frame["forward_m_y"].iloc[0] == pytest.approx(ahead.frame["alone_m_y"].iloc[0], abs=1e-5)


def test_a_phase_that_looks_no_further_can_lead_nowhere():
    blind = found(DEAD_END)
    assert blind.status == "optimal"
    assert blind.dead_end == "later"
    assert blind.forward_m is None
    assert blind.looking_ahead_m is None


def test_no_plans_name_the_phase_that_has_none():
    with pytest.raises(cp.NoPlanError, match=r"'later' .* even by itself"):
        cp.phases(phase_region(14), time_limit=30)
    with pytest.raises(cp.UsageError, match="has no phases"):
        cp.phases(cp.load_region("tiny"))


def test_what_was_awarded_stays_although_its_instrument_ends():
    region = in_phases(cp.load_region("tiny"), "instrument.start_grant.valid_until = 2026")
    both = cp.phases(region)
    paid = [plan.grants.set_index("firm")["amount_m_y"] for plan in both.plans.values()]
    assert paid[0]["batteries"] > 0
    assert paid[1]["batteries"] == pytest.approx(paid[0]["batteries"])
    later = cp.phases(cp.change(region, "firm.batteries.from_year = 2029"))
    assert "batteries" not in later.roadmap["id"].tolist()  # it does not come without a grant


def test_a_phase_is_a_region_that_can_be_planned_by_itself():
    first, second = phase_regions(tiny().region)
    assert (first.weight_y, second.weight_y) == (4.0, 8.0)  # nothing is discounted
    assert first.region.firms["status"]["seats"] == "excluded"
    assert second.region.firms["status"]["seats"] == "candidate"
    assert not first.region.manifest.phases
    assert cp.solve(second.region).value == pytest.approx(tiny().frame["alone_m_y"]["later"])


def told(phases: cp.Phases, plans: dict[str, cp.Plan] | None = None, more_m: float = 0.0) -> set[str]:
    given = phases.plans if plans is None else plans
    return set(cp.verify_phases(phases.region, given, phases.value_m + more_m)["rule"])


def with_table(plan: cp.Plan, name: str, table: pd.DataFrame) -> cp.Plan:
    return replace(plan, tables={**plan.tables, name: table})


def test_the_check_finds_a_value_that_is_not_theirs():
    assert told(tiny()) == set()
    assert told(tiny(), more_m=0.01) == {"phases.value"}


def test_the_check_finds_who_leaves_and_what_closes():
    both = cp.phases(in_phases(cp.load_region("tiny")))
    lonely = cp.solve(cp.change(cp.load_region("tiny"), "firm.batteries.status = excluded"))
    rules = _over(both, {"now": both.plans["now"], "later": lonely})
    assert {"phases.firm_stays", "phases.park_stays", "phases.award_stays"} <= rules


def test_the_check_finds_money_that_is_paid_again():
    """The whole budget in each phase, where there is one amount for both."""
    region = in_phases(cp.load_region("tiny"))
    both = cp.phases(region)
    poor = cp.change(region, "budget.town.amount_m = 0.5")
    assert "phases.budget_total" in set(cp.verify_phases(poor, both.plans, both.value_m)["rule"])
    named = {"phases": [{**TWO[0], "budgets": {"town": 0.1}}, {**TWO[1], "budgets": {"town": 9}}]}
    wrong = cp.verify_phases(cp.change(region, named), both.plans, both.value_m)
    assert wrong.set_index("rule")["id"]["phases.budget_phase"] == "town/now"
    town = "budgets.town"
    yearly = {f"{town}.basis": "per_year", f"{town}.amount_m": None, f"{town}.by_year_m": [0.2]}
    wrong = cp.verify_phases(cp.change(region, yearly), both.plans, both.value_m)
    assert wrong.set_index("rule")["id"]["phases.budget_year"] == "town/0"


def test_the_check_finds_awards_out_of_their_time():
    region = in_phases(cp.load_region("tiny"), "firm.batteries.from_year = 2029")
    both = cp.phases(region)
    assert len(both.plans["later"].grants)
    ended = cp.change(region, "instrument.start_grant.valid_until = 2026")
    assert "phases.awarded_when_open" in set(cp.verify_phases(ended, both.plans, both.value_m)["rule"])
    early = cp.phases(in_phases(cp.load_region("tiny")))
    late = cp.change(early.region, "firm.batteries.from_year = 2029")
    assert "phases.there" in set(cp.verify_phases(late, early.plans, early.value_m)["rule"])
    fewer = with_table(
        early.plans["now"], "grants", early.plans["now"].grants.iloc[:0]
    )  # its firm came without, and is paid later
    rules = _over(early, {"now": fewer, "later": early.plans["later"]})
    assert "phases.awarded_on_coming" in rules


def _over(phases: cp.Phases, plans: dict[str, cp.Plan]) -> set[str]:
    """Return what is wrong from phase to phase, though the plans be wrong by themselves."""
    from clusterplan.plan.checks.breach import Gauge
    from clusterplan.plan.checks.case import case_of
    from clusterplan.plan.checks.instruments import grants
    from clusterplan.plan.checks.phases import PhaseCase, over_phases

    cases = []
    for phase in phases.region.manifest.phases:
        case = case_of(plans[phase.id], 1e-6)
        cases.append(PhaseCase(phase.id, phase.from_year, phase.years or 4, case, grants(case)))
    return {breach.rule for breach in over_phases(phases.region, cases, phases.value_m, Gauge(1e-6))}


@pytest.mark.parametrize("seed", [AHEAD, pytest.param(1, marks=pytest.mark.long)])
def test_a_choice_is_worth_what_is_lost_when_it_can_come_later_at_the_earliest(seed):
    ahead = found(seed)
    second = ahead.region.manifest.phases[1].from_year
    choices = cp.commitments(ahead)
    without = choices["status"] == "infeasible"  # no plan at all, so that no loss is known
    assert (choices["loss_at_least_m"] <= choices["loss_m"] + 1e-5)[~without].all()
    assert choices.loc[without, "loss_m"].isna().all()
    for row in choices[choices["choice"] == "comes"].itertuples():
        try:
            other = cp.phases(cp.change(ahead.region, f"firm.{row.id}.from_year = {second}"), time_limit=30)
        except cp.NoPlanError:
            assert row.status == "infeasible"
            continue
        assert row.loss_m == pytest.approx(ahead.value_m - other.value_m, abs=1e-4)


def test_choices_of_a_phase_that_is_not_there_are_refused():
    with pytest.raises(cp.UsageError, match="now, later"):
        cp.commitments(tiny(), "never")


def test_the_command_tells_phases_and_writes_their_plans(tmp_path, capsys):
    home = tmp_path / "region"
    cp.write_region(tiny().region, home)
    out = tmp_path / "plans"
    assert main(["phases", str(home), "-o", str(out), "--choices", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["value_m"] == pytest.approx(tiny().value_m)
    assert [row["phase"] for row in answer["phases"]] == ["now", "later"]
    assert {row["id"]: row["year"] for row in answer["roadmap"]}["seats"] == 2029
    assert answer["choices"][0]["loss_m"] >= answer["choices"][-1]["loss_m"]
    assert cp.read_plan(out / "later").value == pytest.approx(tiny().plans["later"].value)
    assert main(["phases", str(home), "-o", str(out)]) == 2  # it is not replaced unasked
    capsys.readouterr()
    show_phases(tiny())
    words = " ".join(capsys.readouterr().out.split())
    assert "Soft Seats" in words
    assert "Looking ahead is worth" in words


def test_the_road_map_is_drawn_as_it_is():
    ax = cp.charts.roadmap(tiny())
    rows = tiny().roadmap[tiny().roadmap["could_come"].notna()]
    assert [label.get_text() for label in ax.get_yticklabels()] == rows["name"].tolist()
    bars = {round(bar.get_y() + bar.get_height() / 2): bar for bar in ax.patches}
    assert [bars[at].get_x() for at in range(len(rows))] == rows["year"].tolist()
    plt.close(ax.figure)
