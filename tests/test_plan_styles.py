"""The GeoPackage of a plan opens styled: each layer has a style in which every feature is drawn."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import geopandas as gpd
import pytest

import clusterplan as cp
from clusterplan.plan.styles import Rule, rules_of
from clusterplan.plan.styles.qml import expression
from clusterplan.plan.styles.table import styles_of
from clusterplan.region import load_region

LAYERS = ("parks", "firms", "supply", "links")
SE = "{http://www.opengis.net/se}"


@pytest.fixture(scope="module")
def plan() -> cp.Plan:
    return cp.solve(load_region("tiny"))


@pytest.fixture(scope="module")
def file(plan: cp.Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plan.save(tmp_path_factory.mktemp("plan") / "out") / "plan.gpkg"


def holds(rule: Rule, feature: Mapping[str, Any]) -> bool:
    compare = {"=": lambda a, b: a == b, "<": lambda a, b: a < b, ">=": lambda a, b: a >= b}
    return all(compare[how](feature[column], value) for column, how, value in rule.conditions)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_feature_is_drawn_by_one_rule(plan: cp.Plan, file: Path, layer: str) -> None:
    features = gpd.read_file(file, layer=layer)
    for _, feature in features.iterrows():
        assert sum(holds(rule, feature) for rule in rules_of(plan)[layer]) == 1


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_has_one_style_that_a_gis_takes_by_itself(file: Path, layer: str) -> None:
    with sqlite3.connect(file) as database:
        rows = database.execute(
            "SELECT styleQML, styleSLD, useAsDefault FROM layer_styles"
            " WHERE f_table_schema = '' AND f_table_catalog = '' AND f_table_name = ?"
            " AND f_geometry_column = (SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?)",
            (layer, layer),
        ).fetchall()
    ((qml, sld, is_default),) = rows
    assert is_default == 1
    root = Xml.fromstring(qml)
    renderer = root.find(
        ".//renderer-v2[@type='RuleRenderer']"
    )  # that of firms stands in one that draws them apart
    assert renderer is not None
    drawn = renderer.findall("symbols/symbol")
    rules = renderer.findall("rules/rule")
    assert [rule.get("symbol") for rule in rules] == [symbol.get("name") for symbol in drawn]
    assert all(symbol.find("layer/Option/Option") is not None for symbol in drawn)
    assert len(Xml.fromstring(sld.encode()).findall(f".//{SE}Rule")) == len(rules)


def test_the_styles_of_a_plan_are_the_same_bytes_every_time(
    plan: cp.Plan, file: Path, tmp_path: Path
) -> None:
    assert (plan.save(tmp_path / "again") / "plan.gpkg").read_bytes() == file.read_bytes()


def test_supply_is_wider_where_it_is_worth_more(plan: cp.Plan) -> None:
    for local in (0, 1):
        widths = [
            rule.symbol.size_mm
            for rule in rules_of(plan)["supply"]
            if ("local", "=", local) in rule.conditions
        ]
        assert widths == sorted(widths)
        assert len(set(widths)) == len(widths) > 1


def test_flags_are_never_compared_with_numbers(plan: cp.Plan, file: Path) -> None:
    """QGIS compares a flag with a number as text: `"open" = 1` holds for no park."""
    flags = {"open", "is_anchor", "local"}
    conditions = [one for rules in rules_of(plan).values() for rule in rules for one in rule.conditions]
    told = {expression(rule) for rules in rules_of(plan).values() for rule in rules}
    assert flags <= {column for column, _, _ in conditions}
    assert all(isinstance(value, bool) == (column in flags) for column, _, value in conditions)
    assert 'NOT "open"' in told
    with sqlite3.connect(file) as database:
        (sld,) = database.execute("SELECT styleSLD FROM layer_styles WHERE f_table_name = 'parks'").fetchone()
    assert "<ogc:PropertyName>open</ogc:PropertyName><ogc:Literal>false</ogc:Literal>" in sld


def test_names_with_quotes_and_signs_stay_what_they_are(plan: cp.Plan) -> None:
    rule = rules_of(plan)["firms"][0]
    odd = replace(rule, conditions=(("stage", "=", "O'Neil \\ <b>"),))
    assert expression(odd) == "\"stage\" = 'O''Neil \\\\ <b>'"


def test_parks_that_are_points_keep_their_names(plan: cp.Plan) -> None:
    region = load_region("tiny")
    parks = region.parks
    points = cp.solve(region.replace(parks=parks.set_geometry(parks.geometry.representative_point())))
    qml = styles_of(points).set_index("f_table_name").at["parks", "styleQML"]
    assert Xml.fromstring(qml).get("labelsEnabled") == "1"
    assert "pointDisplacement" not in qml


def test_a_title_with_a_control_character_is_still_a_style() -> None:
    region = load_region("tiny")
    stages = {**region.manifest.stages, "seat": "Se\x01ats"}
    manifest = {**region.manifest.model_dump(exclude_unset=True), "stages": stages}
    firms = styles_of(cp.solve(region.replace(manifest=manifest))).set_index("f_table_name").loc["firms"]
    for text in (firms["styleQML"], firms["styleSLD"]):
        assert "Seats" in text
        Xml.fromstring(text.encode())
