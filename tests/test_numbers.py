"""How numbers are written for people."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from chart_pictures import tiny

import clusterplan
from clusterplan import charts
from clusterplan.explore import baseline
from clusterplan.region import Region
from clusterplan.report import terminal
from clusterplan.report.numbers import share_of
from clusterplan.report.page import page
from clusterplan.report.summary import summary


@pytest.mark.parametrize(
    ("share", "places", "text"),
    [
        (0.0, 0, "0%"),
        (1e-9, 0, "0%"),
        (0.0002, 0, "<0.1%"),
        (0.0002, 1, "<0.1%"),
        (9e-7, 4, "0.0001%"),
        (0.004, 0, "0.4%"),
        (0.5, 0, "50%"),
        (0.994, 0, "99%"),
        (0.996, 0, "99.6%"),
        (0.9998, 0, ">99.9%"),
        (0.9998, 1, ">99.9%"),
        (0.9998, 2, "99.98%"),
        (0.99999, 2, ">99.99%"),
        (1 - 1e-9, 0, "100%"),
        (1.0, 1, "100.0%"),
        (1.004, 0, "100.4%"),
        (-0.25, 1, "-25.0%"),
    ],
)
def test_a_share_is_all_only_of_all_and_nothing_only_of_nothing(share, places, text):
    assert share_of(share, places) == text


def test_a_change_and_what_is_more_than_all_are_written_by_the_same_rule():
    assert share_of(0.1, signed=True) == "+10%"
    assert share_of(-0.0002, signed=True) == ">-0.1%"
    assert share_of(-1e-9, signed=True) == "0%"
    assert share_of(1.0002) == ">100%"


def test_nobody_writes_a_percentage_but_by_the_one_rule():
    """Shares in every reporter, message and page of the docs; the axes of charts have whole ones."""
    root = Path(clusterplan.__file__).parent
    places = [*root.rglob("*.py"), *root.rglob("*.html"), root / "report/assets/map.js"]
    places += (Path(__file__).parents[1] / "docs/_ext").glob("*.py")
    by_hand = re.compile(r":[-+,.\d]*%\}|\* ?100(\.0)?\b[^\n]*%|%[-+.\d]*f ?%%")
    found = [
        f"{path.name}: {line.strip()}"
        for path in places
        if path.name != "percent.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if by_hand.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("share", "told"), [(0.9996, ">99.9%"), (0.0004, "<0.1%"), (0.996, "99.6%"), (1.0, "100%"), (0.0, "0%")]
)
def test_every_reporter_of_the_assumed_share_writes_it_by_the_rule(share, told, monkeypatch, capsys):
    monkeypatch.setattr(Region, "assumed_share", share)
    plan = tiny()
    beside = baseline(plan.region, orders=0)
    reports = {
        "page": html.unescape(page(plan, beside=beside)),
        "page in Chinese": html.unescape(page(plan, lang="zh", beside=beside)),
        "summary": html.unescape(summary(plan, beside=beside)).replace("\\", ""),
    }
    for name, show in (
        ("regions", lambda: terminal.show_regions([plan.region])),
        ("region", lambda: terminal.show_region(plan.region)),
        ("plan", lambda: terminal.show_plan(plan, None)),
    ):
        show()
        reports[name] = capsys.readouterr().out
    for name, text in reports.items():
        assert re.search(rf"(?<![\d.]){re.escape(told)}", text), f"{name} does not write {told}"


def test_a_gap_that_is_not_closed_does_not_read_so():
    plan = tiny()
    plan = replace(plan, status="feasible", bound=plan.value * 1.00003)
    assert "0.00%" not in repr(plan)
    assert "<0.01%" in repr(plan)
    assert "&lt;0.1%" in page(plan, beside=baseline(plan.region, orders=0))


@pytest.mark.parametrize(("used", "told"), [(0.9996, ">99.9%"), (0.0004, "<0.1%")])
def test_the_map_writes_the_land_in_use_by_the_rule(used, told):
    plan = tiny()
    parks = plan.parks
    parks.loc[parks["open"], "used_land_ha"] = used * parks.loc[parks["open"], "capacity_land_ha"]
    changed = replace(plan, tables={**plan.tables, "parks": parks})
    ax = charts.layout_map(changed)
    assert any(f"land {told}" in text.get_text() for text in ax.texts)
    plt.close("all")
