"""Charts: what is drawn is what the plan's tables say."""

from __future__ import annotations

import sys
from dataclasses import replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from second_routes import region_of_two_routes

import clusterplan as cp
from benchmarks.regions import stored_plan
from clusterplan.report import lettering
from clusterplan.report.charts import style
from clusterplan.report.charts.budgetuse import budget_use
from clusterplan.report.charts.stageflows import (
    OUTSIDE,
    columns_of,
    flows_by_stage,
    inputs_by_stage,
    made_nowhere,
)
from clusterplan.report.numbers import share_of

mpl.use("Agg")


@pytest.fixture(scope="module")
def tiny():
    return cp.solve(cp.load_region("tiny"))


@pytest.fixture(scope="module")
def debrecen():
    return stored_plan("debrecen")


@pytest.fixture(scope="module")
def yibin():
    return stored_plan("yibin")


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def widths(ax: Axes, label: str) -> np.ndarray:
    """Return lengths of the horizontal bars of that label."""
    return np.array([bar.get_width() for bars in ax.containers if bars.get_label() == label for bar in bars])


def gaps(ax: Axes) -> set[str]:
    """Return the stages whose boxes are dashed."""
    boxes = {p.get_gid(): p for p in ax.patches if (p.get_gid() or "").startswith("stage ")}
    return {
        gid.removeprefix("stage ") for gid, box in boxes.items() if box.get_linestyle() not in ("-", "solid")
    }


@pytest.mark.parametrize("name", ["budgets", "cash_flow", "chain", "willingness"])
def test_a_chart_draws_on_the_axes_given_and_makes_its_own_where_none_are(tiny, name):
    _, ax = plt.subplots()
    draw = getattr(cp.charts, name)
    assert draw(tiny, ax) is ax
    assert draw(tiny).figure is not ax.figure


def test_local_shares_of_stages_are_those_of_the_indicators(debrecen):
    inputs = inputs_by_stage(debrecen).set_index(["seller", "buyer"])
    supply, stage = debrecen.supply, debrecen.region.firms["stage"]
    cathodes = supply[(supply["to"].map(stage) == "cell") & (supply["product"] == "cathode")]
    assert inputs.at[("cathode", "cell"), "bought_m_y"] == pytest.approx(cathodes["value_m_y"].sum())
    near = cathodes[cathodes["local"] & (cathodes["from"].map(stage) == "cathode")]
    assert inputs.at[("cathode", "cell"), "share"] == pytest.approx(
        near["value_m_y"].sum() / cathodes["value_m_y"].sum()
    )


def test_the_chain_writes_each_share_and_marks_each_gap(yibin):
    ax = cp.charts.chain(yibin)
    told = {text.get_gid(): text.get_text() for text in ax.texts if text.get_gid()}
    bought = inputs_by_stage(yibin).dropna(subset="share")
    assert told == {
        f"share {a} {b}": share_of(s) for a, b, s in bought[["seller", "buyer", "share"]].to_numpy()
    }
    there = set(yibin.firms.loc[yibin.firms["park"].notna(), "stage"])
    assert gaps(ax) == (set(bought["seller"]) | set(bought["buyer"])) - there


def test_a_stage_with_nobody_is_a_gap(tiny):
    ax = cp.charts.chain(tiny)
    assert gaps(ax) == {"glass"}
    assert "gap: none of 1 known" in {text.get_text().strip() for text in ax.texts}


def test_suppliers_stand_left_of_their_buyers_and_a_cycle_is_opened(yibin):
    inputs = inputs_by_stage(yibin)
    pairs = list(zip(inputs["seller"], inputs["buyer"], strict=True))
    stages = [s for s in yibin.region.manifest.stages if any(s in pair for pair in pairs)]
    at = columns_of(stages, pairs)
    assert sum(at[a] >= at[b] for a, b in pairs) == 0
    assert columns_of(["a", "b"], [("a", "b"), ("b", "a")]) == {"a": 0, "b": 1}


def test_inputs_that_nobody_could_make_are_told(tiny):
    assert made_nowhere(tiny) == {stage: [] for stage in tiny.region.manifest.stages}
    without = tiny.region.firms.drop("glass")
    plan = cp.solve(tiny.region.replace(firms=without))
    assert made_nowhere(plan)["assembly"] == ["windscreen"]
    assert any("1 input from outside" in text.get_text() for text in cp.charts.chain(plan).texts)


def test_bars_of_willingness_sum_to_the_surplus_beside_them(debrecen):
    ax = cp.charts.willingness(debrecen)
    short = cp.willingness(debrecen).short
    newcomers = debrecen.firms.loc[short.index, "status"] == "candidate"
    total = sum(np.array([bar.get_width() for bar in bars]) for bars in ax.containers)
    assert total == pytest.approx(short.loc[newcomers, "surplus"].to_numpy(), abs=1e-6)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        style.fit(name) for name in debrecen.firms.loc[short.index[newcomers], "name"]
    ]


def test_where_nobody_comes_the_chart_says_so(tiny):
    alone = cp.solve(
        tiny.region.replace(firms=tiny.region.firms.loc[["carmaker"]], links=None, incentives=None)
    )
    assert [t.get_text() for t in cp.charts.willingness(alone).texts] == ["No candidate comes in this plan."]
    bare = tiny.region.manifest.model_copy(update={"budgets": {}})
    without = cp.solve(tiny.region.replace(manifest=bare, incentives=None))
    assert [t.get_text() for t in cp.charts.budgets(without).texts] == ["This region has no budgets."]
    assert "No stage" in cp.charts.chain(cp.solve(tiny.region.replace(recipes=None))).texts[0].get_text()


def test_what_is_taken_from_a_budget_is_what_its_grants_cost_it(yibin):
    used = budget_use(yibin)
    grants = yibin.grants
    cost = grants["amount_pv_m"] * grants["instrument"].map(yibin.region.incentives["public_cost"])
    for budget in ("province", "state"):
        taken = used.loc[used["budget"] == budget, "amount_m"].sum()
        assert taken == pytest.approx(cost[grants["budget"] == budget].sum())
    city = used[used["budget"] == "city"]
    paid = cp.payments(yibin).query("budget == 'city'").groupby("year")["public_m"].sum()
    limits = yibin.region.manifest.budgets["city"].by_year_m
    share = {year: amount / limits[min(year, len(limits) - 1)] for year, amount in paid.items()}
    assert city["amount_m"].sum() / city["limit_m"].iloc[0] == pytest.approx(max(share.values()))


def test_works_sizes_and_platforms_take_from_the_budget_that_pays_them():
    region = cp.load_region("tiny")
    firms = region.firms
    firms.loc["lab"] = firms.loc["glass"]
    firms.loc["lab", ["name", "status", "stage", "is_platform"]] = ["Lab", "existing", "glass", True]
    firms.loc["lab", ["park", "public_cost_m_y", "budget"]] = ["north", 0.001, "town"]
    firms.loc["lab", ["product", "output_per_y", "margin_m_y", "outside_m_y", "tax_m_y", "investment_m"]] = [
        None,
        np.nan,
        0.0,
        np.nan,
        0.0,
        0.0,
    ]
    plan = cp.solve(region.replace(firms=firms))
    used = budget_use(plan).set_index("use")["amount_m"]
    assert used["platforms"] == pytest.approx(0.001 / region.manifest.capital_recovery)


def test_budget_bars_are_shares_of_the_budget(yibin):
    ax = cp.charts.budgets(yibin)
    used = budget_use(yibin).query("budget == 'province'")
    assert widths(ax, f"_{used['use'].iloc[0]}")[0] == pytest.approx(
        used["amount_m"].iloc[0] / used["limit_m"].iloc[0]
    )


def test_the_cash_flow_ends_at_the_net_present_value(debrecen):
    ax = cp.charts.cash_flow(debrecen)
    lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    assert lines["their present values"][-1] == pytest.approx(cp.fiscal(debrecen).npv_m())
    bars = sum(np.array([bar.get_height() for bar in bars]) for bars in ax.containers)
    assert bars == pytest.approx(cp.fiscal(debrecen).years()["net_m"].to_numpy())


def test_the_front_marks_its_knee_and_tells_what_is_not_proven(tiny):
    found = cp.tradeoff(tiny.region, "value", "grants", n=2)
    ax = cp.charts.tradeoff(found)
    points = np.vstack([c.get_offsets() for c in ax.collections[:2] if len(c.get_offsets())])
    assert sorted(map(tuple, points)) == sorted(map(tuple, found.front[["grants", "value"]].to_numpy()))
    star = ax.collections[2].get_offsets()[0]
    assert tuple(star) == tuple(found.front.loc[found.front["knee"], ["grants", "value"]].iloc[0])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "knee: gives most of all aims",
        "proven",
    ]


def test_progress_ends_at_value_and_bound():
    told = []
    plan = cp.solve(cp.load_region("tiny"), on_progress=told.append)
    ax = cp.charts.progress(told)
    ends = {line.get_label().split(":")[0]: line.get_ydata()[-1] for line in ax.lines[::2]}
    assert ends["best plan so far"] == pytest.approx(plan.value, abs=1e-4)
    assert ends["bound"] == pytest.approx(plan.bound, abs=1e-4)
    assert "no plan" in cp.charts.progress([]).texts[0].get_text()


def test_kinds_of_things_differ_by_colour_or_by_hatch():
    looks = [tuple(style.look(n).values()) for n in range(64)]
    assert len(set(looks)) == 64
    assert len({style.look(n)["hatch"] for n in range(8)}) == 8


def test_names_are_cut_by_how_wide_they_are():
    assert style.fit("罗龙工业园区", 7) in ("罗龙工…", "?")
    assert style.width_of("罗龙 a") == 6
    assert style.fit("x" * 40, 10) == "x" * 9 + "…"


def test_a_dollar_in_a_name_is_no_formula(tiny):
    firms = tiny.region.firms
    firms.loc["seats", "name"] = r"$\frac{$ Seats $"
    ax = cp.charts.willingness(cp.solve(tiny.region.replace(firms=firms)))
    ax.figure.draw_without_rendering()
    assert ax.get_yticklabels()[0].get_text() == r"$\frac{$ Seats $"


def test_flows_between_stages_sum_to_the_supply_of_the_plan(yibin):
    flows = flows_by_stage(yibin)
    assert flows["value_m_y"].sum() == pytest.approx(yibin.supply["value_m_y"].sum())
    local = yibin.supply.loc[yibin.supply["local"], "value_m_y"].sum()
    assert flows["local_m_y"].sum() == pytest.approx(local)
    sold = yibin.supply.loc[yibin.supply["to"].isna(), "value_m_y"].sum()
    assert flows.loc[flows["buyer"] == OUTSIDE, "value_m_y"].sum() == pytest.approx(sold)


def test_flows_are_as_wide_as_their_value(debrecen):
    ax = cp.charts.supply(debrecen)
    high = {
        kind: sum(_height(p) for p in ax.patches if p.get_label() == f"_{kind}")
        for kind in ("near", "far", "bought", "sold")
    }
    supply = debrecen.supply
    bought, sold = (supply.loc[supply[end].isna(), "value_m_y"].sum() for end in ("from", "to"))
    near = supply.loc[supply["local"], "value_m_y"].sum()
    assert high["bought"] / high["sold"] == pytest.approx(bought / sold, rel=1e-6)
    assert high["near"] / high["sold"] == pytest.approx(near / sold, rel=1e-6)
    bars = {p.get_gid()[6:]: p.get_height() for p in ax.patches if (p.get_gid() or "").startswith("stage ")}
    flows = flows_by_stage(debrecen)
    made = flows.loc[flows["seller"] == "cell", "value_m_y"].sum()
    assert bars["cell"] / high["sold"] == pytest.approx(made / sold, rel=1e-6)


def _height(ribbon) -> float:
    points = ribbon.get_path().vertices
    return points[4][1] - points[3][1]


def test_without_supply_the_chart_says_so(tiny):
    alone = cp.solve(tiny.region.replace(firms=tiny.region.firms.assign(min_load=0.0), markets=None))
    assert alone.supply.empty
    assert [text.get_text() for text in cp.charts.supply(alone).texts] == [
        "Nobody supplies anybody in this plan."
    ]


def test_the_cascade_draws_each_step_and_a_line_from_each_who_brought_it():
    found = cp.baseline(cp.load_region("debrecen"), orders=0)
    ax = cp.charts.cascade(found)
    lines = [p.get_gid() for p in ax.patches if (p.get_gid() or "").startswith("brought ")]
    assert lines == [
        f"brought {by} {step.firm}" for step in found.arrivals.itertuples() for by in step.brought_by
    ]
    before = {by for firms in found.arrivals["brought_by"] for by in firms} - set(found.arrivals["firm"])
    assert len(ax.collections) == len(found.arrivals) + len(before)


def test_a_market_to_which_nobody_comes_says_so(tiny):
    firms = tiny.region.firms.assign(outside_m_y=100.0)
    ax = cp.charts.cascade(cp.baseline(tiny.region.replace(firms=firms), orders=0))
    assert [text.get_text() for text in ax.texts] == ["Nobody comes without public money."]


def test_a_firm_that_comes_and_leaves_stands_twice(tiny):
    found = cp.baseline(tiny.region, orders=0)
    again = found.arrivals.assign(what="leaves", round=2)
    both = replace(found, arrivals=pd.concat([found.arrivals, again], ignore_index=True))
    ax = cp.charts.cascade(both)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "there before",
        "comes",
        "leaves again",
    ]
    assert sum(text.get_text().startswith("Soft Seats") for text in ax.texts) == 2


def test_each_plan_stands_in_each_future_with_its_expected_value(tiny):
    futures = [cp.Scenario("as it is", probability=3), cp.Scenario("slump", "market.*.buys_at *= 0.97")]
    found = cp.scenarios(tiny, futures)
    ax = cp.charts.robustness(found)
    expected = {line.get_gid(): line.get_xdata()[0] for line in ax.lines if line.get_gid()}
    for name, value in found.candidates["expected"].items():
        assert expected[f"expected {name}"] == pytest.approx(value)
    drawn = np.sort([c.get_offsets()[0][0] for c in ax.collections])
    assert drawn == pytest.approx(np.sort([*found.values.to_numpy().ravel(), *found.futures["known"]]))


def test_marks_of_one_value_do_not_hide_each_other(tiny):
    found = cp.scenarios(tiny, [cp.Scenario("as it is"), cp.Scenario("also so"), cp.Scenario("and so")])
    ax = cp.charts.robustness(found)
    places = [tuple(np.round(c.get_offsets()[0], 6)) for c in ax.collections]
    assert len(places) == 3 * (len(found.candidates) + 1)
    assert len(set(places)) == len(places)


def test_a_plan_that_cannot_be_held_in_a_future_says_so(tiny):
    futures = [cp.Scenario("as it is"), cp.Scenario("slump", "market.*.buys_at *= 0.97")]
    found = cp.scenarios(tiny, futures)
    values = found.values.copy()
    values.loc["slump", "slump"] = -np.inf
    ax = cp.charts.robustness(replace(found, values=values))
    assert "can't be held in 1 of 2 futures" in {text.get_text() for text in ax.texts}
    assert "expected slump" not in {line.get_gid() for line in ax.lines}


def test_letters_that_no_font_has_are_left_out_and_it_is_said(tiny, monkeypatch):
    monkeypatch.setattr(lettering, "chinese_font", lambda: None)
    firms = tiny.region.firms
    firms.loc["seats", "name"] = "Soft \U0001fa91\nSeats (座椅)"
    ax = cp.charts.willingness(cp.solve(tiny.region.replace(firms=firms)))
    ax.figure.draw_without_rendering()  # a letter without a font would be a warning, and so an error
    assert ax.get_yticklabels()[0].get_text() == "Soft Seats"
    assert lettering.MISSING in {text.get_text() for text in ax.texts}
    assert lettering.legible("Hajdúböszörmény, Ősz") == "Hajdúböszörmény, Ősz"
    assert lettering.legible("turned\u202e round") == "turned round"  # a mark that writes backwards


def test_a_long_title_is_cut_to_the_width_of_the_chart(tiny):
    manifest = tiny.region.manifest.model_copy(update={"title": "T" * 200})
    plan = cp.solve(tiny.region.replace(manifest=manifest))
    for draw in (cp.charts.chain, cp.charts.willingness, cp.charts.supply):
        ax = draw(plan)
        ax.figure.draw_without_rendering()
        right = (
            ax.title.get_window_extent().x1 if ax.title.get_text() else ax._left_title.get_window_extent().x1
        )
        assert right <= ax.figure.bbox.x1
        assert "…" in ax.get_title(loc="left")


def test_a_notebook_that_shows_the_first_chart_shows_the_next(monkeypatch, tiny):
    loaded = []

    def load(*args, **kwargs):
        loaded.append(args)
        mpl.interactive(True)  # as the backend of notebooks does when the first picture loads it
        return subplots(*args, **kwargs)

    subplots = plt.subplots
    monkeypatch.setattr(plt, "subplots", load)
    monkeypatch.setitem(mpl.rcParams, "interactive", False)
    cp.charts.budgets(tiny)
    assert loaded
    assert mpl.is_interactive()


def test_what_a_firm_makes_or_needs_by_its_second_route_stands_in_the_chain(monkeypatch):
    region = region_of_two_routes(0)
    plan = cp.solve(region, time_limit=20)
    inputs = inputs_by_stage(plan)
    assert ("assembly", "parts") in set(zip(inputs["seller"], inputs["buyer"], strict=True))  # by "old" alone
    two = region.firms["other_route"].notna() & plan.firms["park"].notna()
    assert two.any()
    for spent in (0.0, 0.5):
        parts = pd.Series(np.where(two, spent, 0.0), index=region.firms.index)
        monkeypatch.setattr(
            sys.modules["clusterplan.report.charts.chain"], "second_route_of", lambda _, parts=parts: parts
        )
        told = " ".join(text.get_text() for text in cp.charts.chain(plan).texts)
        assert ("old" in told) == (spent > 0)
