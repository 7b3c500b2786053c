"""The map and the page."""

from __future__ import annotations

import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.collections import PathCollection
from matplotlib.patches import FancyArrowPatch
from shapely.geometry import box

import clusterplan as cp
from clusterplan.report import lettering, terminal
from clusterplan.report.charts.layout_map import layout_map
from clusterplan.report.meanings import term_meanings
from clusterplan.report.numbers import counted, decimals, significant, written

mpl.use("Agg")


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


def test_the_map_draws_on_the_axes_given_and_names_every_park(plan):
    _, ax = plt.subplots()
    assert layout_map(plan, ax) is ax
    assert {"North park", "South park"} <= {text.get_text().split("\n")[0] for text in ax.texts}
    plt.close("all")


def test_the_map_draws_a_symbol_for_each_firm_and_the_supply_between_parks(plan):
    ax = plan.map()
    placed = int(plan.firms["park"].notna().sum())
    symbols = [c for c in ax.collections if isinstance(c, PathCollection) and c.get_zorder() >= 4]
    assert len(symbols) == placed
    arrows = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    assert len(arrows) == 1  # batteries from south to north
    plt.close("all")


def test_a_name_without_a_font_keeps_its_latin_part(monkeypatch):
    monkeypatch.setattr(lettering, "chinese_font", lambda: None)
    assert lettering.legible("Luolong Park (罗龙)") == "Luolong Park"
    assert lettering.legible("North park") == "North park"
    assert lettering.legible("罗龙") == "?"


def test_the_names_of_parks_stand_outside_their_polygons_and_inside_the_map(plan):
    ax = plan.map()
    ax.figure.draw_without_rendering()
    shapes = plan.parks.to_crs(plan.region.manifest.planning_crs).geometry
    for text in ax.texts:
        if text.get_text().split("\n")[0] in set(plan.parks["name"]):
            place = box(*ax.transData.inverted().transform_bbox(text.get_window_extent()).extents)
            assert not shapes.intersects(place).any()
            assert box(ax.get_xlim()[0], ax.get_ylim()[0], ax.get_xlim()[1], ax.get_ylim()[1]).covers(place)
    plt.close("all")


def test_numbers_are_written_without_negative_zero_and_with_the_decimals_they_deserve():
    assert written(-1e-12) == "0.00"
    assert written(float("nan"), unknown="unknown") == "unknown"
    assert (decimals([0.925, -0.1]), decimals([166.3, 0.1]), decimals([])) == (3, 2, 3)
    assert (significant(421011202.6), significant(0.24109), significant(-0.0)) == (
        "421,011,203",
        "0.2411",
        "0",
    )
    assert (counted(1, "firm"), counted(2, "firm")) == ("1 firm", "2 firms")


def test_every_term_of_the_value_has_a_meaning(plan):
    assert set(term_meanings()) == set(plan.terms.index)


def test_the_terminal_says_which_park_is_new_and_what_each_term_is(plan, monkeypatch):
    told = _printed(monkeypatch, "out", 120, terminal.show_plan, plan, None)
    for words in ("South park (newly opened)", "Valley Cars (there)", "0.925 m EUR a year", "600 new jobs"):
        assert words in told
    assert term_meanings()["freight"] in told
    assert "-0.00" not in told


def test_the_terminal_says_which_firm_stands_idle(monkeypatch):
    region = cp.load_region("tiny")
    tables = {
        name: getattr(region, name) for name in ("parks", "products", "recipes", "gateways", "distances")
    }
    tables |= {
        "markets": region.markets.query("product == 'car'"),
        "firms": region.firms.assign(min_load=0.0),
    }
    idle = cp.solve(cp.Region.from_frames(manifest=region.manifest, **tables))
    told = _printed(monkeypatch, "out", 120, terminal.show_plan, idle, None)
    assert "Valley Cars (there, idle)" in told
    assert "it stands idle" in told


def test_faults_are_a_list_where_the_terminal_is_narrow(monkeypatch):
    fault = cp.Fault("firms.csv", "It has a decimal comma.", "Write 12.5.", 4, "land_ha", "12,5")
    told = _printed(monkeypatch, "err", 60, terminal.show_faults, [fault])
    assert "firms.csv, row 4, column 'land_ha', value '12,5'" in told
    assert "┃" not in told
    assert "┃" in _printed(monkeypatch, "err", 100, terminal.show_faults, [fault])


def _printed(monkeypatch, name, width, show, *given):
    console, written = getattr(terminal, name), io.StringIO()
    monkeypatch.setattr(console, "_file", written)
    monkeypatch.setattr(console, "_width", width)
    show(*given)
    return written.getvalue()
