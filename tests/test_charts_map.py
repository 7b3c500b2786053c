"""Maps: what stands on them is where and what the plan says."""

from __future__ import annotations

import itertools
from dataclasses import replace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from shapely.geometry import Point, box

import clusterplan as cp
from benchmarks.regions import stored_plan
from clusterplan.distance import representative_points
from clusterplan.report.charts.layout_map import side_pt
from clusterplan.report.charts.mapfirms import sign
from clusterplan.report.charts.mapplaces import map_places, rings
from clusterplan.report.charts.mapsupply import supply_width

mpl.use("Agg")


@pytest.fixture(scope="module")
def tiny():
    return cp.solve(cp.load_region("tiny"))


@pytest.fixture(scope="module", params=["yibin", "debrecen", "dresden"])
def plan(request):
    return stored_plan(request.param)


@pytest.fixture(scope="module")
def ax(plan):
    return plan.map()


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def of(ax, word: str) -> dict[str, object]:
    """Return what is drawn for each id: artists whose gid begins with a word."""
    artists = [*ax.collections, *ax.lines, *ax.texts, *ax.patches]
    named = [(artist.get_gid() or "", artist) for artist in artists]
    return {gid.removeprefix(f"{word} "): artist for gid, artist in named if gid.startswith(f"{word} ")}


def test_discs_of_parks_do_not_lie_on_each_other_and_all_are_shown(plan):
    places = map_places([plan], 500.0)
    for a, b in itertools.combinations(places.at, 2):
        assert np.hypot(*np.subtract(places.at[a], places.at[b])) >= places.radius[a] + places.radius[b]
    assert all(
        places.window.contains(Point(at).buffer(places.radius[park])) for park, at in places.at.items()
    )
    assert all(places.window.contains(Point(places.x[park], places.y[park])) for park in places.at)


def test_a_park_with_room_around_it_stands_where_it_is(plan):
    places = map_places([plan], 500.0)
    points = representative_points(plan.parks.geometry).to_crs(plan.region.manifest.planning_crs)
    for park, point in points.items():
        assert (places.x[park], places.y[park]) == pytest.approx((point.x, point.y))
    alone = [
        park
        for park in places.at
        if all(
            np.hypot(places.x[park] - places.x[o], places.y[park] - places.y[o])
            > 3 * (places.radius[park] + places.radius[o])
            for o in places.at
            if o != park
        )
    ]
    assert alone
    assert all(places.at[park] == (places.x[park], places.y[park]) for park in alone)


@pytest.mark.parametrize("count", range(1, 45))
def test_symbols_in_a_disc_do_not_lie_on_each_other(tiny, count):
    assert sum(many for many, _ in rings(count)) == count
    places = map_places([tiny], 500.0)
    at = np.array(places.firms("north", count)) / (11.0 * places.metres_pt)
    apart = [np.hypot(*(a - b)) for a, b in itertools.combinations(at, 2)]
    assert min(apart, default=1.0) > 0.9


def test_each_firm_is_a_symbol_with_the_number_of_its_stage_in_its_park(plan, ax):
    placed = plan.firms[plan.firms["park"].notna()]
    symbols = of(ax, "firm")
    assert set(symbols) == set(placed.index)
    numbers = {tuple(text.get_position()): text.get_text() for text in ax.texts if text.get_text().isdigit()}
    stages = list(plan.region.manifest.stages)
    for firm, symbol in symbols.items():
        at = tuple(symbol.get_offsets()[0])
        assert numbers[at] == str(stages.index(placed.at[firm, "stage"]) + 1)


def test_the_arc_around_a_park_is_its_land_used(plan):
    _, ax = plt.subplots(figsize=(11, 7.5), layout="constrained")
    places = map_places([plan], side_pt(ax))
    arcs = of(plan.map(ax), "land")
    parks = plan.parks[plan.parks["open"]]
    shares = (parks["used_land_ha"] / parks["capacity_land_ha"]).to_dict()
    assert set(arcs) == {park for park, share in shares.items() if share > 0}
    for park, arc in arcs.items():
        x, y = np.asarray(arc.get_xdata()), np.asarray(arc.get_ydata())
        radius = np.hypot(x[0] - places.at[park][0], y[0] - places.at[park][1])
        length = np.hypot(np.diff(x), np.diff(y)).sum()
        assert length / (2 * np.pi * radius) == pytest.approx(shares[park], rel=0.01)
    names = of(ax, "name")
    assert all(f"land {share:.0%}" in names[park].get_text() for park, share in shares.items())


def test_a_park_that_is_opened_and_one_that_is_shut_say_so(plan, ax):
    told = {park: text.get_text() for park, text in of(ax, "name").items()}
    for park, row in plan.parks.iterrows():
        assert ("opened" in told[park]) == (row["open"] and row["status"] != "open")
        assert ("not open" in told[park]) == (not row["open"])


def test_arrows_of_supply_are_as_wide_as_they_are_worth(plan, ax):
    supply = plan.supply
    between = supply[supply["gateway"].isna() & (supply["from_park"] != supply["to_park"])]
    worth = between.groupby(["from_park", "to_park"])["value_m_y"].sum()
    arrows = of(ax, "supply")
    assert {name: arrow.get_linewidth() for name, arrow in arrows.items()} == {
        f"{a} {b}": pytest.approx(supply_width(value, worth.max())) for (a, b), value in worth.items()
    }


def test_names_stand_inside_the_map_and_not_on_each_other(ax):
    ax.figure.draw_without_rendering()
    back = ax.transData.inverted()
    boxes = [box(*back.transform_bbox(text.get_window_extent()).extents) for text in of(ax, "name").values()]
    window = box(*np.array([ax.get_xlim(), ax.get_ylim()]).T.ravel())
    assert all(window.covers(name) for name in boxes)
    assert all(a.intersection(b).area < 0.02 * a.area for a, b in itertools.combinations(boxes, 2))


def test_a_ring_shows_where_the_proximity_of_supply_is_one_half(plan, ax):
    rings_drawn = of(ax, "half")
    (km,) = {float(gid.split()[0]) for gid in rings_drawn}
    assert km == plan.region.manifest.proximity.supply.half_distance
    ring = next(iter(rings_drawn.values()))
    x, y = ring.get_xdata(), ring.get_ydata()
    assert np.ptp(x) == pytest.approx(2000 * km, rel=1e-3)
    anchors = plan.firms[plan.firms["is_anchor"] & plan.firms["park"].notna()]
    places = map_places([plan], 500.0)
    middles = [(places.x[park], places.y[park]) for park in anchors["park"]]
    assert any(np.allclose(((x.max() + x.min()) / 2, (y.max() + y.min()) / 2), m, atol=60) for m in middles)


def test_the_legend_names_each_stage_with_its_number(plan, ax):
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    used = set(plan.firms.loc[plan.firms["park"].notna(), "stage"])
    for stage in used:
        assert any(text.startswith(f"{sign(plan, stage)[2]}  ") for text in texts)
    assert "park that the plan opens" in texts


def test_before_and_after_stand_in_the_same_place_and_mark_who_came(tiny):
    before, after = cp.charts.before_after(tiny)
    assert before.get_xlim() == after.get_xlim()
    assert set(of(before, "firm")) == {"carmaker"}
    assert set(of(after, "new firm")) == {"seats", "batteries"}
    assert set(of(after, "firm")) == {"carmaker"}
    assert not of(before, "gone")


def test_two_plans_side_by_side_cross_out_who_is_not_in_the_other(tiny):
    without = cp.solve(tiny.region.replace(incentives=None))
    first, second = cp.charts.side_by_side(tiny, without, words=("with", "without grants"))
    gone = {
        f
        for f in tiny.firms.index[tiny.firms["park"].notna()]
        if tiny.firms.at[f, "park"] != without.firms.at[f, "park"]
    }
    assert gone
    assert set(of(first, "gone")) == gone
    assert "crossed out: not there in the other" in {t.get_text() for t in second.get_legend().get_texts()}
    assert second.get_title(loc="left").endswith("without grants")


def test_plans_of_different_regions_are_not_set_side_by_side(tiny):
    with pytest.raises(cp.UsageError, match=r"Draw each by itself with plan\.map\(\)"):
        cp.charts.side_by_side(tiny, stored_plan("debrecen"))


def test_a_region_of_one_park_is_drawn(tiny):
    tables = tiny.region.given()
    distances = tables["distances"].query("origin != 'south' and destination != 'south'")
    region = tiny.region.replace(
        parks=tables["parks"].iloc[:1],
        firms=tables["firms"].query("firm == 'carmaker'"),
        distances=distances,
        links=None,
        incentives=None,
    )
    ax = cp.solve(region).map()
    assert set(of(ax, "firm")) == {"carmaker"}
    assert ax.get_xlim()[1] - ax.get_xlim()[0] == pytest.approx(2500.0)


def test_where_no_chain_owner_is_there_no_reach_is_told(tiny):
    firms = tiny.region.firms.assign(is_anchor=False)
    firms.loc["glass", "is_anchor"] = True
    plan = cp.solve(tiny.region.replace(firms=firms))
    assert plan.firms.at["glass", "park"] is None
    ax = plan.map()
    assert not any("reach of supply" in text.get_text() for text in ax.texts)
    assert not of(ax, "half")


def test_two_plans_side_by_side_are_told_by_one_legend_and_drawn_to_one_scale(tiny):
    without = cp.solve(tiny.region.replace(incentives=None))
    one, other = cp.charts.side_by_side(tiny, without)
    told = [text.get_text() for text in other.get_legend().get_texts()]
    assert any(text.endswith("Batteries") for text in told)  # in the first plan alone
    assert any(text.startswith("supply; widest: 50 m EUR") for text in told)
    assert one.get_legend() is None
    half = tiny.supply
    half.loc[half["from_park"] != half["to_park"], "value_m_y"] /= 2
    less = replace(tiny, tables={**tiny.tables, "supply": half})
    widths = [
        next(patch.get_linewidth() for patch in ax.patches if str(patch.get_gid()).startswith("supply "))
        for ax in cp.charts.side_by_side(tiny, less)
    ]
    assert widths[0] - 0.6 == pytest.approx(2 * (widths[1] - 0.6))
