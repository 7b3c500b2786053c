"""A region in one file: what is written is read back equal, and faults are told by sheet or layer and row."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from region_folder import write_minimal_region
from strategies import seeds, small
from test_region_write import AMOUNTS, WORDS, assert_equal

from clusterplan.distance import region_distances
from clusterplan.errors import InputError, UsageError
from clusterplan.region import (
    Region,
    bundled_regions,
    datapackage_faults,
    load_region,
    read_region,
    write_region,
)
from clusterplan.region.onefile import workbook

FORMATS = ("xlsx", "gpkg")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return read_region(write_minimal_region(tmp_path_factory.mktemp("regions") / "minimal"))


def changed(region: Region, folder: Path, change: Callable[[Any], None]) -> Path:
    """Return a workbook of the region that somebody has worked on."""
    file = folder / "yard.xlsx"
    write_region(region, file)
    book = openpyxl.load_workbook(file)
    change(book)
    book.save(file)
    return file


def faults_of(file: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_region(file)
    return [str(fault) for fault in caught.value.faults]


def place(sheet: Any, row: int, column: str) -> Any:
    """Return the cell of a column by its name."""
    return sheet.cell(row, [cell.value for cell in sheet[1]].index(column) + 1)


LARGE = set(bundled_regions()) - {"tiny", "hardin_ky"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] * (name in LARGE)) for name in bundled_regions()]
)
@pytest.mark.parametrize("ending", FORMATS)
def test_every_bundled_region_is_read_back_equal_from_one_file(
    name: str, ending: str, tmp_path: Path
) -> None:
    bundled = load_region(name)
    write_region(bundled, tmp_path / f"region.{ending}")
    again = read_region(tmp_path / f"region.{ending}")
    assert_equal(again, bundled)
    assert again.notes == bundled.notes
    assert list(again.checksums) == [f"region.{ending}"]


@settings(max_examples=4, deadline=None)
@given(seed=seeds)
def test_small_regions_are_read_back_equal_from_one_file(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = small(seed)
    assert made is not None
    for ending in FORMATS:
        file = tmp_path_factory.mktemp("small") / f"region.{ending}"
        write_region(made, file)
        assert_equal(read_region(file), made)


@settings(max_examples=4, deadline=None)
@given(
    names=st.lists(WORDS, min_size=3, max_size=3),
    amounts=st.lists(AMOUNTS, min_size=6, max_size=6),
    title=WORDS.filter(str.strip),
    stage=st.sampled_from(["a.b", "null", "7", "[x]", "true", "正极 1"]),
    west=st.floats(104.5, 104.7),
)
def test_any_text_and_any_numbers_are_read_back_equal_from_one_file(
    region: Region,
    names: list[str],
    amounts: list[float | None],
    title: str,
    stage: str,
    west: float,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    frames = region.given()
    stages = {**region.manifest.stages, stage: title}
    frames["manifest"] = region.manifest.model_copy(update={"title": title, "stages": stages})
    frames["firms"] = frames["firms"].assign(name=names, margin_m_y=amounts[:3])
    shapes = [region.parks.geometry.iloc[0], shapely.box(west, 28.7, west + 0.03, 28.7 + 0.04)]
    frames["parks"] = frames["parks"].assign(fixed_cost_m_y=amounts[4:], geometry=shapes)
    made = Region.from_frames(**frames)
    for ending in FORMATS:
        file = tmp_path_factory.mktemp("any") / f"region.{ending}"
        write_region(made, file)
        assert_equal(read_region(file), made)


@pytest.mark.parametrize("ending", FORMATS)
def test_scenarios_are_read_back_equal_from_one_file(region: Region, ending: str, tmp_path: Path) -> None:
    lines = ("market.*.buys_at *= 0.8", "firm.cathode_a = gone")
    scenarios = pd.DataFrame(
        {
            "scenario": ["slump", "same"],
            "changes": [lines, None],
            "fulfilment": ["grant:0.5", None],
            "provenance": "assumed",
        }
    )
    made = Region.from_frames(**{**region.given(), "scenarios": scenarios})
    write_region(made, tmp_path / f"region.{ending}")
    again = read_region(tmp_path / f"region.{ending}")
    assert_equal(again, made)
    assert again.scenarios.loc["slump", "changes"] == lines


@pytest.mark.parametrize("ending", FORMATS)
def test_a_region_is_written_in_the_same_bytes_every_time(
    region: Region, ending: str, tmp_path: Path
) -> None:
    for name in "ab":
        write_region(region, tmp_path / f"{name}.{ending}")
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_that_is_there_is_not_written_over(region: Region, ending: str, tmp_path: Path) -> None:
    file = tmp_path / f"mine.{ending}"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is there already"):
        write_region(region, file)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_workbook_is_what_a_planner_would_make(region: Region, tmp_path: Path) -> None:
    write_region(region, tmp_path / "yard.xlsx")
    book = openpyxl.load_workbook(tmp_path / "yard.xlsx")
    assert book.sheetnames[:3] == ["region", "parks", "firms"]
    keys = {row[0].value: row[1].value for row in book["region"].iter_rows(min_row=2)}
    assert keys["bounds.west"] == 104
    assert keys["stages.cathode"] == "正极材料"
    assert place(book["gateways"], 2, "lon").value == 104.75
    assert place(book["parks"], 2, "wkt").value.startswith("POLYGON ((104.")
    assert book["firms"].freeze_panes == "B2"


def test_faults_name_the_sheet_and_the_row_that_it_shows(region: Region, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["firms"].insert_rows(2, 2)  # empty rows are no rows, and rows are counted as they are shown
        place(book["firms"], 5, "stage").value = "cathod"
        place(book["firms"], 6, "land_ha").value = "20,5"
        place(book["firms"], 5, "investment_m").value = datetime(2025, 3, 4)
        place(book["products"], 3, "value").value = "40000"  # a number kept as text is a number
        next(row for row in book["region"] if row[0].value == "discount_rate")[1].value = "0,08"

    told = faults_of(changed(region, tmp_path, change))
    assert [fault.split(":")[0] for fault in told] == [
        "yard.xlsx, sheet region, row 14, column 'discount_rate', value '0,08'",
        "yard.xlsx, sheet firms, row 5, column 'investment_m', value '2025-03-04 00",
        "yard.xlsx, sheet firms, row 6, column 'land_ha', value '20,5'",
    ]
    assert "Write 0.08" in told[0]
    assert "It is a date" in told[1]
    assert "Write 20.5" in told[2]


def test_ids_that_nothing_has_are_told_with_the_sheet(region: Region, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        place(book["firms"], 3, "stage").value = "cathod"
        place(book["recipes"], 2, "input").value = "cathodes"

    told = faults_of(changed(region, tmp_path, change))
    assert told[0].startswith("yard.xlsx, sheet firms, row 3, column 'stage', value 'cathod'")
    assert "Did you mean 'cathode'?" in told[0]
    assert told[1].startswith("yard.xlsx, sheet recipes, row 2, column 'input'")
    assert not any(".csv" in fault or "region.yaml" in fault for fault in told)


def test_spaces_at_the_ends_of_cells_are_left_out_with_a_warning(region: Region, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        place(book["firms"], 2, "firm").value = "cell_works "
        place(book["firms"], 3, "stage").value = "\u00a0cathode"
        place(book["firms"], 1, "land_ha").value = "land_ha "
        book["firms"].title = " Firms"

    read = read_region(changed(region, tmp_path, change))
    assert list(read.firms.index) == list(region.firms.index)
    (warning,) = [fault for fault in read.warnings if fault.rule == "stray_spaces"]
    assert warning.file == "yard.xlsx, sheet firms"
    assert "A2, C3" in warning.why


def test_merged_cells_and_formulas_that_were_never_computed_are_faults(
    region: Region, tmp_path: Path
) -> None:
    def change(book: Any) -> None:
        book["firms"].merge_cells("C2:C3")
        place(book["products"], 2, "value").value = "=2*3"

    told = faults_of(changed(region, tmp_path, change))
    assert any("row 2: The cells C2:C3 are merged" in fault for fault in told)
    assert any("sheet products, row 2: The formula in D2 was never computed" in fault for fault in told)


def test_what_a_spreadsheet_last_showed_for_a_formula_is_read(region: Region, tmp_path: Path) -> None:
    file = tmp_path / "yard.xlsx"
    write_region(region, file)
    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = next(name for name, text in parts.items() if b"<v>400000000</v>" in text)
    parts[sheet] = parts[sheet].replace(b"<v>400000000</v>", b"<f>4*10^8</f><v>400000000</v>")
    with zipfile.ZipFile(file, "w") as new:
        for name, text in parts.items():
            new.writestr(name, text)
    assert read_region(file).products.loc["cell", "value"] == 4e8


def test_sheets_without_cells_and_sheets_for_people_are_left_alone(region: Region, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book.create_sheet("Sheet1")
        book.create_sheet("_my sums").append(["anything"])
        book.create_sheet("columns").append(["anything"])
        book.create_sheet("levels").append(["park", "level"])  # a form that nobody filled in

    assert_equal(read_region(changed(region, tmp_path, change)), region)


def test_a_sheet_that_is_no_table_is_told_with_the_name_it_may_mean(region: Region, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["firms"].title = "frims"

    told = faults_of(changed(region, tmp_path, change))
    assert any("sheet frims: No table" in fault and "Did you mean 'firms'?" in fault for fault in told)
    assert any("The table is missing" in fault and "Add the sheet firms." in fault for fault in told)


def test_places_are_told_by_their_columns(region: Region, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["gateways"]
        place(sheet, 2, "lat").value = None
        place(book["parks"], 2, "wkt").value = "POLYGON ((104.9"
        book["receptors"].delete_cols(1)

    told = faults_of(changed(region, tmp_path, change))
    assert any("sheet gateways, row 2, column 'lat': There is lon without lat" in fault for fault in told)
    assert any("sheet parks, row 2, column 'wkt'" in f and "no well-known text: Expected" in f for f in told)


def test_longitude_and_latitude_swapped_are_told(region: Region, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["gateways"]
        lon, lat = place(sheet, 2, "lon"), place(sheet, 2, "lat")
        lon.value, lat.value = lat.value, lon.value

    told = faults_of(changed(region, tmp_path, change))
    assert any("sheet gateways, row 2" in fault and "swapped" in fault for fault in told)


def test_the_manifest_of_a_sheet_has_its_faults_in_its_rows(region: Region, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["region"]
        sheet.append(["titel", "A"])
        sheet.append(["life_y", 20])
        sheet.append([None, "lost"])
        sheet["B2"].value = None

    told = faults_of(changed(region, tmp_path, change))
    assert "row 2, column 'name': It has no value yet." in told[0]
    assert any("'titel'" in fault and "Did you mean 'title'?" in fault for fault in told)
    assert any("'life_y', value '20': The key stands in another row already" in fault for fault in told)
    assert any("The value has no key" in fault for fault in told)


def test_lists_in_the_manifest_can_be_written_with_semicolons(region: Region, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet = book["region"]
        for row in sheet.iter_rows(min_row=2):
            if row[0].value == "budgets.city.basis":
                row[1].value = "per_year"
            if row[0].value == "budgets.city.amount_m":
                row[0].value, row[1].value = "budgets.city.by_year_m", "50; 60.5"

    assert read_region(changed(region, tmp_path, change)).manifest.budgets["city"].by_year_m == (50, 60.5)


def test_a_geopackage_with_what_qgis_adds_is_read(region: Region, tmp_path: Path) -> None:
    file = tmp_path / "yard.gpkg"
    write_region(region, file)
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, styleQML TEXT)")
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles')"
        )
    assert_equal(read_region(file), region)


def test_a_geopackage_with_a_view_or_a_strange_layer_is_told(region: Region, tmp_path: Path) -> None:
    file = tmp_path / "yard.gpkg"
    write_region(region, file)
    with sqlite3.connect(file) as database:
        database.execute("ALTER TABLE links RENAME TO lnks")
        database.execute("UPDATE gpkg_contents SET table_name = 'lnks' WHERE table_name = 'links'")
    told = faults_of(file)
    assert any("yard.gpkg, layer lnks" in fault and "Did you mean 'links'?" in fault for fault in told)
    with sqlite3.connect(file) as database:
        database.execute("CREATE VIEW looking AS SELECT * FROM firms")
    assert any("It holds a view" in fault for fault in faults_of(file))


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.xlsx", b"PK nothing", "It is no workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0 old", "old or encrypted"),
        ("a.gpkg", b"nothing", "It is no GeoPackage"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    name: str, data: bytes, why: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    assert why in faults_of(tmp_path / name)[0]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "The file is missing" in faults_of(tmp_path / "a.xlsx")[0]


def test_a_workbook_that_would_blow_up_is_refused(
    region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "yard.xlsx"
    write_region(region, file)
    monkeypatch.setattr(workbook, "MAX_CELLS", 50)
    assert "more than 50 cells" in faults_of(file)[0]
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 1000)
    assert "Unpacked it is larger" in faults_of(file)[0]


def test_a_workbook_with_a_document_type_is_refused(region: Region, tmp_path: Path) -> None:
    file = tmp_path / "yard.xlsx"
    write_region(region, file)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/worksheets/sheet99.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    assert "XML that no spreadsheet writes" in faults_of(file)[0]


def test_one_file_has_no_data_package(tmp_path: Path) -> None:
    assert datapackage_faults(tmp_path / "a.xlsx") == ()


def test_what_a_planner_writes_in_a_hurry_is_told_with_what_to_write(region: Region, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        keys = {row[0].value: row[1] for row in book["region"].iter_rows(min_row=2)}
        keys["name"].value = "Hafen Süd 2"
        keys["currency"].value = "yuan"
        keys["budgets.city.amount_m"].value = "1.5 bn"
        firms, products = book["firms"], book["products"]
        place(firms, 2, "investment_m").value = "4 billion"
        place(firms, 3, "investment_m").value = "900 Mio."
        place(firms, 2, "output_per_y").value = "20.000"
        place(products, 2, "value").value = "€ 800"
        place(products, 3, "value").value = "2 thousand"
        for row in (2, 3, 4):
            place(firms, row, "provenance").value = None

    told = {
        fault.split("column ")[1].split(":")[0]: fault
        for fault in faults_of(changed(region, tmp_path, change))
    }
    assert "Write hafen_sud_2;" in told["'name', value 'Hafen Süd 2'"]
    assert "Write EUR, CNY, USD" in told["'currency', value 'yuan'"]
    assert "Write 1500 (m currency)" in told["'budgets.city.amount_m', value '1.5 bn'"]
    assert "Write 4000 (m currency)" in told["'investment_m', value '4 billion'"]
    assert "Write 900 (m currency)" in told["'investment_m', value '900 Mio.'"]
    assert "was read as 20. If 20000 is meant" in told["'output_per_y', value '20.000'"]
    assert "Write 800 if" in told["'value', value '€ 800'"]
    assert "Write 2000 (currency/unit)" in told["'value', value '2 thousand'"]
    assert "empty in all 3 rows" in told["'provenance'"]
    assert "Write one of source, derived, assumed." in told["'provenance'"]
    assert len(told) == 9


def test_ids_split_by_commas_are_told_how_to_be_split(region: Region, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        place(book["parks"], 2, "admits").value = "cathode, cell"

    (told,) = faults_of(changed(region, tmp_path, change))
    assert "Split several ids by ';'." in told


def test_a_hidden_sheet_of_a_table_is_read_and_another_one_left_alone(region: Region, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["incentives"].sheet_state = "hidden"
        book.create_sheet("AddIn").append(["anything"])
        book["AddIn"].sheet_state = "hidden"

    assert_equal(read_region(changed(region, tmp_path, change)), region)


def test_changes_that_qgis_has_not_saved_are_told(region: Region, tmp_path: Path) -> None:
    write_region(region, tmp_path / "yard.gpkg")
    (tmp_path / "yard.gpkg-wal").write_bytes(b"changes")
    assert "Close the project in QGIS" in faults_of(tmp_path / "yard.gpkg")[0]


def by_road(region: Region) -> Region:
    """Return the region with a road that goes a long way round, and a work that shortens nothing."""
    nodes = pd.DataFrame(
        {"node": ["a", "b", "c"], "lon": [104.6, 104.7, 104.65], "lat": [28.75, 28.75, 29.3]}
    )
    edges = pd.DataFrame({"from_node": ["a", "c"], "to_node": ["c", "b"], "km": [70.0, 70.0]})
    points = region.parks.geometry.representative_point()
    nodes.loc[:1, "lon"], nodes.loc[:1, "lat"] = points.x.to_numpy()[:2], points.y.to_numpy()[:2]
    manifest = {**region.manifest.model_dump(exclude_unset=True), "distance": {"method": "network"}}
    work = {"work": "bridge", "name": "Bridge", "from": "east", "to": "west", "km": 900.0, "cost_m": 5.0}
    works = pd.DataFrame([work | {"provenance": "assumed"}])
    return region.replace(manifest=manifest, nodes=nodes, edges=edges, works=works)


@pytest.mark.parametrize("ending", FORMATS)
def test_odd_distances_are_told_with_the_sheet_or_layer_and_the_row_it_shows(
    region: Region, ending: str, tmp_path: Path
) -> None:
    file, word = tmp_path / f"yard.{ending}", {"xlsx": "sheet", "gpkg": "layer"}[ending]
    write_region(by_road(region), file)
    if ending == "xlsx":  # empty rows are no rows, and rows are counted as they are shown
        book = openpyxl.load_workbook(file)
        book["works"].insert_rows(2, 3)
        book.save(file)
    told = {fault.rule: fault for fault in region_distances(read_region(file)).warnings}
    assert told["detour"].file == f"yard.{ending}, {word} edges"
    assert f"give the reason in the {word} detours " in told["detour"].mend
    row = 5 if ending == "xlsx" else 1
    assert str(told["not_shorter"]).startswith(
        f"yard.{ending}, {word} works, row {row}, column 'km': By work 'bridge' "
    )
    write_region(by_road(region), tmp_path / "yard")
    in_folder = {fault.rule: fault for fault in region_distances(read_region(tmp_path / "yard")).warnings}
    assert in_folder["detour"].file == "roads_edges.csv"
    assert "detours.csv" in in_folder["detour"].mend
    assert str(in_folder["not_shorter"]).startswith("works.csv, row 2, column 'km'")


def test_a_way_too_long_in_a_matrix_is_told_with_its_row(tmp_path: Path) -> None:
    tiny = load_region("tiny")
    distances = tiny.distances
    distances.loc[1, "km"] *= 9
    write_region(tiny.replace(distances=distances), tmp_path / "tiny.xlsx")
    (warning,) = region_distances(read_region(tmp_path / "tiny.xlsx")).warnings
    assert str(warning).startswith("tiny.xlsx, sheet distances, row 3: The way from ")


def test_distances_that_cannot_be_are_told_with_the_sheet_and_the_row_it_shows(tmp_path: Path) -> None:
    write_region(load_region("tiny"), tmp_path / "tiny.xlsx")
    book = openpyxl.load_workbook(tmp_path / "tiny.xlsx")
    book["distances"].insert_rows(2, 2)
    place(book["distances"], 6, "km").value = 30_000
    book.save(tmp_path / "tiny.xlsx")
    with pytest.raises(InputError) as caught:
        region_distances(read_region(tmp_path / "tiny.xlsx"))
    (fault,) = caught.value.faults
    assert str(fault).startswith("tiny.xlsx, sheet distances, row 6, column 'km', value '30000")


def test_a_way_that_is_too_long_in_one_direction_is_told_with_the_row_of_that_direction(
    tmp_path: Path,
) -> None:
    tiny = load_region("tiny")
    distances = tiny.distances
    back = distances.iloc[[0]].rename(columns={"origin": "destination", "destination": "origin"})
    distances.loc[0, "km"] *= 9
    both = pd.concat([distances, back], ignore_index=True)
    write_region(tiny.replace(distances=both), tmp_path / "tiny.xlsx")
    told = [str(one) for one in region_distances(read_region(tmp_path / "tiny.xlsx")).warnings]
    assert [one.partition(": ")[0] for one in told] == ["tiny.xlsx, sheet distances, row 2"]
