"""A plan as files: the result folder, `plan.json`, and reading it back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from geopandas.testing import assert_geodataframe_equal
from hand_plan import hand_plan, region_of, region_tables
from jsonschema import Draft202012Validator
from pandas.testing import assert_frame_equal
from test_indicators import plan_of, without_any

from clusterplan.errors import Fault, InputError, UsageError
from clusterplan.plan import Plan, read_plan, solve, verify
from clusterplan.plan.document import as_text, document, firms_on_assumed_outside, no_plan_document
from clusterplan.plan.manifest_json import changed_files
from clusterplan.plan.save import save_plan
from clusterplan.plan.schema import plan_schema
from clusterplan.region import TERMS, load_region

KEYS = (
    *("schema", "region", "currency", "sense", "status", "value", "bound", "gap", "weights", "terms"),
    *(
        "amounts",
        "indicators",
        "parks",
        "firms",
        "supply",
        "links",
        "loops",
        "grants",
        "works",
        "assumed",
        "faults",
    ),
)
VALID = Draft202012Validator(plan_schema())


def stand_in(_: Plan, file: Path) -> None:
    """Write a stand-in for the page, whose map takes most of the time; `test_report` tests the page."""
    file.write_text("<p>page</p>", encoding="utf-8")


@pytest.fixture(autouse=True)
def _quick_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Plan, "report", stand_in)


@pytest.fixture(scope="module")
def hand() -> Plan:
    return plan_of(hand_plan())


@pytest.fixture(scope="module")
def solved() -> Plan:
    return solve(load_region("tiny"))


@pytest.fixture(scope="module")
def other(hand: Plan) -> Plan:
    return solve(hand.region)


@pytest.fixture(scope="module")
def folder(hand: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Plan, "report", stand_in)
        return save_plan(hand, tmp_path_factory.mktemp("saved") / "hand")


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, by path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def assert_same(plan: Plan, other: Plan) -> None:
    """Every table, number and note of two plans is the same, to the last digit."""
    for name, table in plan.tables.items():
        if isinstance(table, gpd.GeoDataFrame):
            assert_geodataframe_equal(table, other.tables[name])
        assert_frame_equal(pd.DataFrame(table), pd.DataFrame(other.tables[name]), check_exact=True)
    assert_frame_equal(plan.indicators, other.indicators, check_exact=True)
    for name in ("status", "value", "bound", "gap", "weights", "proof"):
        assert getattr(plan, name) == getattr(other, name), name
    assert document(plan) == document(other)


# --- plan.json


@pytest.mark.parametrize("name", ["hand", "solved"])
def test_plan_json_has_the_keys_of_the_design_in_its_order_and_fits_the_schema(
    name: str, request: pytest.FixtureRequest
) -> None:
    content = document(request.getfixturevalue(name))
    assert tuple(content) == KEYS
    VALID.validate(content)
    assert json.loads(as_text(content)) == content  # plain values, no NaN and no infinity


def test_plan_json_says_what_the_tables_say(hand: Plan) -> None:
    content = document(hand)
    assert content["parks"]["p1"] == {
        "open": True,
        "level": None,
        "used": {"land_ha": 11.0, "power_mw": 5.5, "water_m3_d": 110.0, "workers": 130.0},
    }
    assert content["firms"]["cell_small"] == {
        "park": None,
        "utilisation": 0.0,
        "surplus_m_y": None,
        "grants_m_y": 0.0,
    }
    assert content["firms"]["cell"]["surplus_m_y"] == 0.572918
    assert content["supply"][5] == {
        "from": None,
        "to": "cell",
        "gateway": "g",
        "product": "lithium",
        "quantity_per_y": 4.0,
        "from_park": None,
        "to_park": "p2",
        "freight_m_y": 0.000152,
    }
    assert content["links"][1]["link"] == "tests:cell:lab"
    assert content["grants"][2]["budget"] == "city"
    assert content["indicators"]["years_to_pay_back"] == {"value": None, "unit": "years"}
    assert sum(content["terms"].values()) == pytest.approx(content["value"], abs=1e-9)


def test_coming_on_an_assumed_outside_option_is_counted(hand: Plan) -> None:
    assert firms_on_assumed_outside(hand) == ("cell",)  # not the committed, the platform or those out
    assert document(hand)["assumed"] == {"share": 1.0, "firms_on_assumed_outside": 1}
    tables = region_tables()
    tables["firms"].loc["cell", "provenance"] = "source"
    assert firms_on_assumed_outside(plan_of(hand_plan(region_of(tables)))) == ()


@pytest.mark.parametrize("status", ["infeasible", "no_plan"])
@pytest.mark.parametrize("known", [True, False], ids=["region", "no region"])
def test_without_a_plan_every_key_is_there_with_nothing_in_it(hand: Plan, status: Any, known: bool) -> None:
    fault = Fault("hand", "Land is short.", "Open a park.", rule="infeasible")
    content = no_plan_document(status, region=hand.region if known else None, faults=[fault], bound=3.0)
    assert tuple(content) == KEYS
    VALID.validate(content)
    assert content["value"] is None
    assert content["firms"] == {}
    assert content["faults"] == [fault.as_dict()]
    assert content["region"] == ("hand" if known else None)


def test_the_schema_is_valid_and_describes_every_key() -> None:
    schema = plan_schema()
    Draft202012Validator.check_schema(schema)

    def undescribed(node: Any, path: str) -> list[str]:
        if not isinstance(node, dict):
            return []
        found = [
            f"{path}.{name}" for name, of in node.get("properties", {}).items() if not of.get("description")
        ]
        inner = [("items", node.get("items")), ("*", node.get("additionalProperties"))]
        for name, of in [*node.get("properties", {}).items(), *inner]:
            found += undescribed(of, f"{path}.{name}")
        return found

    assert undescribed(schema, "") == []
    assert tuple(schema["properties"]) == KEYS
    assert tuple(schema["$defs"]["by_term"]["properties"]) == TERMS


@pytest.mark.parametrize("key", KEYS)
def test_a_document_without_one_of_its_keys_does_not_fit_the_schema(hand: Plan, key: str) -> None:
    content = document(hand)
    del content[key]
    assert not VALID.is_valid(content)


# --- saving


@pytest.mark.parametrize("name", ["other", "solved"])
def test_a_plan_is_read_back_as_it_was_saved(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    plan = request.getfixturevalue(name)
    assert_same(plan, read_plan(plan.save(tmp_path / "out")))


def test_a_plan_with_no_firm_placed_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    plan = plan_of(without_any(hand_plan()))
    back = read_plan(plan.save(tmp_path / "out"))
    for name in ("supply", "links", "loops", "grants"):
        assert len(back.tables[name]) == 0
        assert list(back.tables[name].columns) == list(plan.tables[name].columns)
    assert document(back) == document(plan)


def test_a_solved_plan_still_verifies_after_it_was_read_back(solved: Plan, tmp_path: Path) -> None:
    assert verify(read_plan(solved.save(tmp_path / "out"))).empty


def test_the_folder_holds_every_file_of_the_design_and_nothing_else_is_written(
    hand: Plan, tmp_path: Path
) -> None:
    assert hand.save(tmp_path / "deep" / "out") == tmp_path / "deep" / "out"
    tables = (
        "parks",
        "firms",
        "supply",
        "links",
        "loops",
        "grants",
        "works",
        "terms",
        "indicators",
        "stages",
    )
    wanted = {"plan.json", "plan.gpkg", "plan.xlsx", "report.html", "manifest.json", "region", "geojson"}
    there = {path.name for path in (tmp_path / "deep" / "out").iterdir()}
    assert there == wanted | {f"{name}.csv" for name in tables}
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_the_same_plan_gives_the_same_bytes(hand: Plan, folder: Path, tmp_path: Path) -> None:
    again, before = contents(hand.save(tmp_path / "again")), contents(folder)
    del again["manifest.json"], before["manifest.json"]
    assert [name for name in before if before[name] != again[name]] == []


def test_the_setting_of_gdal_is_as_before(hand: Plan, tmp_path: Path) -> None:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2020-02-02T00:00:00Z"})
    try:
        hand.save(tmp_path / "out")
        assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == "2020-02-02T00:00:00Z"
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def test_layers_open_with_ids_geometry_and_crs(hand: Plan, folder: Path) -> None:
    for name in ("parks", "firms", "supply", "links"):
        layer, table = gpd.read_file(folder / "plan.gpkg", layer=name), hand.tables[name]
        assert layer.crs == "EPSG:4326"
        assert len(layer) == len(table)
        for written, known in zip(layer.geometry, table.geometry, strict=True):
            assert (written is None and known is None) or written.equals_exact(known)
    assert list(gpd.read_file(folder / "plan.gpkg", layer="firms")["firm"]) == list(hand.firms.index)


def test_geojson_has_the_layers_and_nothing_that_is_no_json(hand: Plan, folder: Path) -> None:
    for name in ("parks", "firms", "supply", "links"):
        text = (folder / "geojson" / f"{name}.geojson").read_text(encoding="utf-8")
        document = json.loads(text, parse_constant=pytest.fail)
        table = hand.tables[name]
        assert len(document["features"]) == len(table)
        for feature, known in zip(document["features"], table.geometry, strict=True):
            assert (feature["geometry"] is None) == (known is None)
    firms = [
        feature["properties"]["firm"]
        for feature in gpd.read_file(folder / "geojson" / "firms.geojson").iterfeatures()
    ]
    assert firms == list(hand.firms.index)


def test_names_stand_beside_ids_in_tables_for_people(hand: Plan, folder: Path) -> None:
    supply = pd.read_csv(folder / "supply.csv", encoding="utf-8-sig")
    assert list(supply.columns[:8]) == [
        "from",
        "from_name",
        "to",
        "to_name",
        "gateway",
        "gateway_name",
        "product",
        "product_name",
    ]
    called = {id_: name or id_ for id_, name in hand.region.firms["name"].items()}
    sold = supply[supply["from"].notna()]
    assert len(sold)
    assert list(sold["from_name"]) == [called[id_] for id_ in sold["from"]]
    assert supply.loc[supply["from"].isna(), "from_name"].isna().all()
    grants = pd.read_csv(folder / "grants.csv", encoding="utf-8-sig")
    assert list(grants.columns[:4]) == ["firm", "firm_name", "instrument", "instrument_name"]


def test_csv_files_open_in_excel_and_keep_every_digit(hand: Plan, folder: Path) -> None:
    for file in folder.glob("*.csv"):
        assert file.read_bytes().startswith(b"\xef\xbb\xbf"), file.name
    firms = pd.read_csv(folder / "firms.csv", index_col="firm", encoding="utf-8-sig")
    assert list(firms["surplus_m_y"].dropna()) == list(hand.firms["surplus_m_y"].dropna())
    assert "true" in (folder / "parks.csv").read_text(encoding="utf-8-sig")


def test_the_workbook_has_a_sheet_a_table_with_units_and_no_formula(tmp_path: Path) -> None:
    tables = region_tables()
    tables["firms"]["name"] = ["=1+1", "@SUM(1)", "https://example.org", "12", "四川时代", ""]
    hand = hand_plan(region_of(tables))
    hand.firms["name"] = tables["firms"]["name"]
    book = openpyxl.load_workbook(plan_of(hand).save(tmp_path / "out") / "plan.xlsx")
    assert book.sheetnames == [
        *(
            "plan",
            "parks",
            "firms",
            "supply",
            "links",
            "loops",
            "grants",
            "works",
            "terms",
            "indicators",
            "stages",
        )
    ]
    names = [row[1] for row in book["firms"].iter_rows(min_row=2)]
    assert [cell.value for cell in names[:5]] == list(tables["firms"]["name"][:5])
    assert {cell.data_type for cell in names[:5]} == {"s"}
    assert all(cell.hyperlink is None for cell in names)
    heads = {sheet.title: [cell.value for cell in sheet[1]] for sheet in book}
    assert "used_power_mw (MW)" in heads["parks"]
    assert "freight_m_y (m CNY/y)" in heads["supply"]
    assert "amount_pv_m (m CNY)" in heads["grants"]
    assert "value (m CNY/y)" in heads["terms"]
    assert {sheet.freeze_panes for sheet in book} == {"B2"}
    assert book["firms"]["J2"].value is None  # an unknown surplus is an empty cell


def test_the_manifest_says_how_the_plan_was_made(solved: Plan, tmp_path: Path) -> None:
    folder = solved.save(tmp_path / "out")
    made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert made["options"] == dict(solved.proof.options)
    assert made["seed"] == 0
    assert made["inputs"] == solved.region.checksums
    assert made["proof"]["solver"] == solved.proof.solver
    assert {"python", "pulp", "highspy", "numpy", "pandas"} <= made["versions"].keys()
    assert set(made["files"]) == contents(folder).keys() - {"manifest.json"}


def test_files_changed_since_they_were_written_are_named(copy: Path) -> None:
    assert changed_files(copy) == ()
    (copy / "plan.json").write_text("{}", encoding="utf-8")
    (copy / "firms.csv").unlink()
    (copy / "note.txt").write_text("mine", encoding="utf-8")
    assert changed_files(copy) == ("firms.csv", "note.txt", "plan.json")


def test_a_result_is_replaced_only_when_told_to(hand: Plan, copy: Path) -> None:
    before = contents(copy)
    with pytest.raises(UsageError, match="--force"):
        hand.save(copy)
    assert contents(copy) == before
    (copy / "firms.csv").write_text("edited", encoding="utf-8")
    (copy / "plan.gpkg-wal").write_text("left by a GIS", encoding="utf-8")
    hand.save(copy, force=True)
    assert changed_files(copy) == ()
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


@pytest.mark.parametrize("own", ["note.txt", "region/note.txt", "photos/one.jpg"])
def test_a_folder_with_anything_of_ones_own_in_it_is_never_replaced(hand: Plan, copy: Path, own: str) -> None:
    (copy / own).parent.mkdir(exist_ok=True)
    (copy / own).write_text("mine", encoding="utf-8")
    before = contents(copy)
    with pytest.raises(UsageError, match=own):
        hand.save(copy, force=True)
    assert contents(copy) == before


def test_a_folder_that_is_no_result_is_never_replaced(hand: Plan, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.doc").write_text("years of work", encoding="utf-8")
    (tmp_path / "home" / "manifest.json").write_text('{"clusterplan": 1}', encoding="utf-8")
    with pytest.raises(UsageError, match="did not write all"):
        hand.save(tmp_path / "home", force=True)
    assert (tmp_path / "home" / "thesis.doc").exists()


def test_a_file_in_the_place_is_never_replaced(hand: Plan, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    for force in (False, True):
        with pytest.raises(UsageError, match="is a file"):
            hand.save(tmp_path / "out", force=force)


@pytest.mark.parametrize("problem", [KeyboardInterrupt(), ValueError("no"), OSError(28, "No space left")])
def test_nothing_is_left_of_a_save_that_fails(
    hand: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: BaseException
) -> None:
    def fail(*_: Any) -> None:
        raise problem

    monkeypatch.setattr("clusterplan.plan.save.write_workbook", fail)
    wanted = UsageError if isinstance(problem, OSError) else type(problem)
    with pytest.raises(wanted):
        hand.save(tmp_path / "deep" / "er" / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_result_survives_a_save_over_it_that_fails(
    hand: Plan, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, rename = contents(copy), Path.rename

    def fail_at_last(self: Path, to: Path) -> Path:
        if to == copy and not self.name.endswith("-replaced"):
            raise OSError(13, "Permission denied")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", fail_at_last)
    with pytest.raises(UsageError, match="Permission denied"):
        hand.save(copy, force=True)
    assert contents(copy) == before
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_no_plan_is_never_written(hand: Plan, tmp_path: Path) -> None:
    none = Plan(hand.region, "no_plan", 0.0, None, hand.weights, hand.tables, hand.proof)
    with pytest.raises(UsageError, match="no plan to write"):
        none.save(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


# --- reading

Change = Callable[[dict[str, Any]], Any]
WRONG: dict[str, tuple[Change, str, str]] = {
    "format": (lambda c: c.update(schema=2), "other_format", "schema"),
    "missing key": (lambda c: c.pop("grants"), "schema", ""),
    "unknown key": (lambda c: c.update(note="mine"), "schema", ""),
    "text for a number": (lambda c: c["firms"]["cell"].update(utilisation="0.8"), "schema", "firms.cell"),
    "negative quantity": (lambda c: c["supply"][0].update(quantity_per_y=-1), "schema", "supply[0]"),
    "missing term": (lambda c: c["terms"].pop("tax"), "schema", "terms"),
    "value of none": (lambda c: c.update(value=None), "schema", "value"),
    "status": (lambda c: c.update(status="perfect"), "schema", "status"),
    "other region": (lambda c: c.update(region="elsewhere"), "unknown_id", "region"),
    "missing firm": (lambda c: c["firms"].pop("lab"), "unknown_id", "firms"),
    "unknown firm": (lambda c: c["firms"].update(new=c["firms"]["lab"]), "unknown_id", "firms"),
    "missing park": (lambda c: c["parks"].pop("p3"), "unknown_id", "parks"),
    "unknown resource": (lambda c: c["parks"]["p3"]["used"].update(gas=1), "unknown_id", "parks.p3.used"),
    "firm in no park": (lambda c: c["firms"]["lab"].update(park="p9"), "unknown_id", "firms.lab.park"),
    "seller": (lambda c: c["supply"][0].update({"from": "x"}), "unknown_id", "supply[0].from"),
    "product": (lambda c: c["supply"][0].update(product="x"), "unknown_id", "supply[0].product"),
    "gateway": (lambda c: c["supply"][5].update(gateway="x"), "unknown_id", "supply[5].gateway"),
    "three ends": (lambda c: c["supply"][0].update(gateway="g"), "unknown_id", "supply[0]"),
    "one end": (lambda c: c["supply"][5].update(gateway=None), "unknown_id", "supply[5]"),
    "seller in no park": (lambda c: c["supply"][0].update(from_park=None), "unknown_id", "supply[0]"),
    "link": (lambda c: c["links"][0].update(link="x"), "unknown_id", "links[0].link"),
    "instrument": (lambda c: c["grants"][0].update(instrument="x"), "unknown_id", "grants[0].instrument"),
    "budget": (lambda c: c["grants"][0].update(budget="x"), "unknown_id", "grants[0].budget"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_plan_json_that_does_not_fit_is_refused_with_the_place(copy: Path, name: str) -> None:
    change, rule, column = WRONG[name]
    content = json.loads((copy / "plan.json").read_text(encoding="utf-8"))
    change(content)
    (copy / "plan.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_plan(copy)
    faults = caught.value.faults
    assert {fault.rule for fault in faults} == {rule}
    assert {fault.file for fault in faults} == {"plan.json"}
    assert any((fault.column or "").startswith(column) for fault in faults)


@pytest.mark.parametrize("text", ["{", "[1]", '{"value": NaN}', "[" * 100_000, "\udcff"])
def test_a_file_that_is_no_plan_json_is_refused(copy: Path, text: str) -> None:
    (copy / "plan.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError) as caught:
        read_plan(copy)
    assert caught.value.faults[0].file == "plan.json"


@pytest.mark.parametrize("file", ["plan.json", "manifest.json", "region/firms.csv"])
def test_a_missing_file_is_named(copy: Path, file: str) -> None:
    (copy / file).unlink()
    with pytest.raises(InputError) as caught:
        read_plan(copy)
    assert any(fault.file == Path(file).name for fault in caught.value.faults)


@pytest.mark.parametrize("key", ["proof", "files", "options", "seconds"])
def test_a_manifest_without_its_keys_is_refused(copy: Path, key: str) -> None:
    content = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    del content[key]
    (copy / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json"):
        read_plan(copy)


def test_a_folder_that_says_there_is_no_plan_is_refused(copy: Path, hand: Plan) -> None:
    text = as_text(no_plan_document("infeasible", region=hand.region))
    (copy / "plan.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="holds no plan"):
        read_plan(copy)


def test_a_folder_that_is_not_there_is_a_fault_of_the_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no result folder"):
        read_plan(tmp_path / "nowhere")


def test_numbers_are_read_as_they_stand_so_that_verify_finds_a_wrong_one(
    solved: Plan, tmp_path: Path
) -> None:
    folder = solved.save(tmp_path / "out")
    content = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    firm = next(name for name, row in content["firms"].items() if row["surplus_m_y"] is not None)
    content["firms"][firm]["surplus_m_y"] += 1.0
    (folder / "plan.json").write_text(json.dumps(content), encoding="utf-8")
    back = read_plan(folder)
    assert back.firms.loc[firm, "surplus_m_y"] == solved.firms.loc[firm, "surplus_m_y"] + 1.0
    assert firm in set(verify(back)["id"])
    assert changed_files(folder) == ("plan.json",)
