"""Reading manifests, tables and frames, and what the region then holds."""

from __future__ import annotations

import math
import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from region_folder import MANIFEST, minimal_region_files, write_minimal_region

from clusterplan.errors import Fault, InputError, UsageError
from clusterplan.region import Region, read_region
from clusterplan.region.cells import CellError, reader
from clusterplan.region.columns import Column, Kind
from clusterplan.region.manifest import Manifest
from clusterplan.region.manifest_file import read_manifest, take_manifest
from clusterplan.region.tables import BY_NAME, TABLES
from clusterplan.region.text import decode, read_csv
from clusterplan.region.yamltext import dump, load


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return read_region(write_minimal_region(tmp_path_factory.mktemp("regions") / "minimal"))


def folder_with(tmp_path: Path, **files: str) -> Path:
    """Write the minimal region with other files; the names are given with `_` for the dot."""
    folder = write_minimal_region(tmp_path / "region")
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem}.{suffix}").write_text(text, encoding="utf-8", newline="")
    return folder


def faults_of(folder: Path) -> list[Fault]:
    with pytest.raises(InputError) as caught:
        read_region(folder)
    return list(caught.value.faults)


# --- Text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_text_is_read_by_its_mark(encoding: str) -> None:
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    data = marks.get(encoding, b"") + "firm,名称".encode(encoding)
    assert decode(data, "a.csv") == ("firm,名称", ())


@pytest.mark.parametrize("text", ["宜宾,100㎡,km²", "a正极b", "朱镕基,东部"])
def test_gb18030_text_is_read_with_a_warning(text: str) -> None:
    read, faults = decode(text.encode("gb18030"), "a.csv")
    assert read == text
    assert [(fault.rule, fault.level) for fault in faults] == [("gb18030", "warning")]


@pytest.mark.parametrize(
    "data",
    [
        "Müller,Köln".encode("latin-1"),
        "café,Zoé".encode("cp1252"),
        b"\xff\xff\xff",
        "\N{BYTE ORDER MARK}a,b".encode("utf-16-le")[:-1],
        "a,b".encode("utf-16-le"),
    ],
)
def test_text_whose_encoding_cannot_be_told_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="UTF-8"):
        decode(data, "a.csv")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_by_the_header(delimiter: str) -> None:
    text = f'park{delimiter}admits\r\neast{delimiter}"cell;cathode"\r\n'
    raw, faults = read_csv(text, "a.csv", ["park", "admits"])
    assert faults == ()
    assert raw.cells == {"park": ["east"], "admits": ["cell;cathode"]}


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    text = '\nfirm , name\na,"two\nlines"\n\n,\nb,x\n'
    raw, _ = read_csv(text, "a.csv", ["firm", "name"])
    assert raw.rows == (3, 6)
    assert raw.cells == {"firm": ["a", "b"], "name": ["two\nlines", "x"]}


def test_columns_without_name_and_cells_are_what_spreadsheets_leave_behind() -> None:
    raw, faults = read_csv("firm,name,,\na,x,,\n", "a.csv", ["firm", "name"])
    assert faults == ()
    assert set(raw.cells) == {"firm", "name"}


@pytest.mark.parametrize(
    ("text", "rule", "row"),
    [
        ("", "empty_file", None),
        ("\n \n", "empty_file", None),
        ("firm,,\na,,x\n", "nameless_column", 1),
        ("firm,firm\na,b\n", "repeated_column", 1),
        ("firm,name\na\n", "ragged_row", 2),
        ("firm,name\na,b,c\n", "ragged_row", 2),
        ('firm,name\na,"b\n', "broken_csv", 1),
        ('firm,name\na,"b"c\n', "broken_csv", 1),
        ("firm,name\na," + "x" * 200_000 + "\n", "broken_csv", 1),
        ("firm,name\n" + "," * 2000, "too_big", 2),
    ],
)
def test_a_table_of_the_wrong_shape_is_a_fault(text: str, rule: str, row: int | None) -> None:
    try:
        _, faults = read_csv(text, "a.csv", ["firm", "name"])
    except InputError as error:
        faults = error.faults
    assert [(fault.rule, fault.row) for fault in faults] == [(rule, row)]


def test_the_rows_of_a_table_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clusterplan.region.text.MAX_ROWS", 3)
    assert read_csv("firm\na\nb\n", "a.csv", ["firm"])[1] == ()
    with pytest.raises(InputError, match="more than 3 rows"):
        read_csv("firm\na\nb\nc\n", "a.csv", ["firm"])


def test_cells_of_a_ragged_row_are_not_judged(tmp_path: Path) -> None:
    text = minimal_region_files()["recipes.csv"].replace("2200", "2,200")
    assert [fault.rule for fault in faults_of(folder_with(tmp_path, recipes_csv=text))] == ["ragged_row"]


# --- Cells


def value_of(cell: Any, kind: Kind, **own: Any) -> Any:
    return reader(Column("column", kind, "About.", **own))(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1.5", 1.5),
        (" -2 ", -2.0),
        ("1e-3", 0.001),
        (".5", 0.5),
        ("5.", 5.0),
        ("+7", 7.0),
        (3, 3.0),
        (np.float32(0.5), 0.5),
        (np.int64(4), 4.0),
        (Decimal("1.25"), 1.25),
    ],
)
def test_plain_numbers_are_read(cell: Any, value: float) -> None:
    assert value_of(cell, "number") == value


@pytest.mark.parametrize(
    ("cell", "mend"),
    [
        ("1,000", "Write 1000 without"),
        ("1 000.5", "Write 1000.5 without"),
        ("12,5", "Write 12.5 "),
        ("1.000,5", "Write 1000.5 "),
        ("12 ha", "Write 12 if"),
        ("1.2e3 t", "Write 1.2e3 if"),
        ("8%", "Write the share: 0.08."),
        ("5‰", "Write the share: 0.005."),
        ("１２．５", "Write 12.5 in"),
        ("n/a", "Leave the cell empty."),
        ("—", "Leave the cell empty."),
        ("无", "Leave the cell empty."),
        ("#DIV/0!", "Leave the cell empty."),
        ("=1+1", "Paste the value"),
        ("1.5.3", "plain number in ha, such as 1.5, or leave"),
        ("1_000", "plain number"),
        ("0x10", "plain number"),
        ("12m3/d", "Write 12 if"),
        ("1.5万", "Write 15000 (ha)."),
        ("2亿元", "Write 200000000, converted"),
        ("about 5", "plain number"),
        (True, "plain number"),
        ([1], "plain number"),
        ("inf", "finite"),
        ("-Infinity", "finite"),
        (math.inf, "finite"),
        ("1e999", "finite"),
        (10**400, "finite"),
    ],
)
def test_what_is_no_number_is_told_how_to_write_it(cell: Any, mend: str) -> None:
    with pytest.raises(CellError) as caught:
        value_of(cell, "number", unit="ha")
    assert mend in caught.value.mend


def test_a_word_for_nothing_in_a_required_cell_asks_for_a_number() -> None:
    with pytest.raises(CellError) as caught:
        value_of("n/a", "number", required=True)
    assert "assume one" in caught.value.mend


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("3", "integer", 3.0),
        (3.0, "integer", 3.0),
        ("2024", "year", 2024.0),
        ("TRUE", "flag", True),
        ("No", "flag", False),
        (1, "flag", True),
        (0.0, "flag", False),
        (np.True_, "flag", True),
        ("east", "id", "east"),
        ("宜宾-1.b", "id", "宜宾-1.b"),
        ("two words", "id", "two words"),
        (7, "id", "7"),
        (7.0, "id", "7"),
        (" text ", "text", "text"),
        ("a\r\nb\rc", "text", "a\nb\nc"),
        ("=1+1", "text", "=1+1"),
        (2024, "text", "2024"),
        ("a; b", "ids", ("a", "b")),
        (["a", 2], "ids", ("a", "2")),
        (np.array(["a"]), "ids", ("a",)),
        ("slag:0.4; heat : 2", "amounts", (("slag", 0.4), ("heat", 2.0))),
        ({"slag": 0.4}, "amounts", (("slag", 0.4),)),
        ((("slag", 0.4),), "amounts", (("slag", 0.4),)),
    ],
)
def test_cells_of_every_kind_are_read(cell: Any, kind: Kind, value: Any) -> None:
    assert value_of(cell, kind) == value


@pytest.mark.parametrize(
    ("cell", "kind", "rule"),
    [
        ("1.5", "integer", "not_whole"),
        ("1e17", "integer", "not_whole"),
        ("24", "year", "not_a_year"),
        ("maybe", "flag", "not_a_flag"),
        (2, "flag", "not_a_flag"),
        ("a;b", "id", "bad_id"),
        ("a/b", "id", "bad_id"),
        ("a：b", "id", "bad_id"),
        ("*", "id", "bad_id"),
        (" a", "id", "bad_id"),
        ("a\u200bb", "id", "bad_id"),
        ("a\u00a0b", "id", "bad_id"),
        ("a\tb", "id", "bad_id"),
        ("x" * 200, "id", "bad_id"),
        (1.5, "id", "bad_id"),
        (True, "id", "bad_id"),
        ("a\x07", "text", "bad_text"),
        ("\ud800", "text", "bad_text"),
        (["a"], "text", "bad_text"),
        ("a;;b", "ids", "bad_list"),
        ("a;", "ids", "bad_list"),
        ("a;b;a", "ids", "repeated_entry"),
        ("a；b", "ids", "bad_id"),
        ("slag", "amounts", "bad_amounts"),
        ("slag:1:2", "amounts", "bad_amounts"),
        ("slag:", "amounts", "bad_amounts"),
        ("slag:x", "amounts", "not_a_number"),
        ("slag:1;slag:2", "amounts", "repeated_entry"),
    ],
)
def test_cells_that_break_their_kind_are_refused(cell: Any, kind: Kind, rule: str) -> None:
    with pytest.raises(CellError) as caught:
        value_of(cell, kind)
    assert caught.value.rule == rule


def test_limits_of_amounts_hold_for_each_of_them(tmp_path: Path) -> None:
    text = minimal_region_files()["firms.csv"].replace("cell,20,,", "cell,20,cathode:-1,")
    (fault,) = faults_of(folder_with(tmp_path, firms_csv=text))
    assert (fault.row, fault.column, fault.rule, fault.value) == (2, "co_products", "negative", "cathode:-1")


# --- The manifest


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: NO", {"a": "NO"}),
        ("a: 010", {"a": 10}),
        ("a: 1:30", {"a": "1:30"}),
        ("a: 1e-3", {"a": 0.001}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: '1'", {"a": "1"}),
        ("a: ~\nb:\nc: true", {"a": None, "b": None, "c": True}),
        ("a: 2024-01-01", {"a": "2024-01-01"}),
        ("a: [1, {b: x}]", {"a": [1, {"b": "x"}]}),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
    ],
)
def test_yaml_words_mean_what_yaml_1_2_says(text: str, value: Any) -> None:
    assert load(text, "a.yaml").value == value


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a: !!python/object/apply:os.system [x]", "yaml_tag"),
        ("a: !!binary aGk=", "yaml_tag"),
        ("a: [", "broken_yaml"),
        ("a: b: c", "broken_yaml"),
        ("a: 1\n---\nb: 2", "broken_yaml"),
        ("? [a]\n: 1", "broken_yaml"),
        ("a: \x07", "broken_yaml"),
        ("a: " + "[" * 3000, "yaml_too_large"),
        ("&a [*a]", "yaml_too_large"),
        ("[" + "1," * 20_001 + "]", "yaml_too_large"),
        ("x0: &x0 [1,1,1,1,1,1,1,1]\n" + "\n".join(
            f"x{i}: &x{i} [{','.join([f'*x{i - 1}'] * 8)}]" for i in range(1, 12)
        ), "yaml_too_large"),
    ],
)  # fmt: skip
def test_yaml_that_is_more_than_plain_values_is_refused(text: str, rule: str) -> None:
    with pytest.raises(InputError) as caught:
        load(text, "a.yaml")
    assert caught.value.faults[0].rule == rule


@pytest.mark.parametrize(
    "word", ["1e3", "NO", "010", "1:30", "~", "", "x: y", "=1", "true", "1_0", " x ", "a\nb", "正", "😀"]
)
def test_text_written_as_yaml_is_read_back_as_text(word: str) -> None:
    assert load(dump({"a": word, "b": [1, 2.5, None, True, 1e-9]}), "a.yaml").value == {
        "a": word,
        "b": [1, 2.5, None, True, 1e-9],
    }


@pytest.mark.parametrize(
    ("old", "new", "key", "line", "rule"),
    [
        ("life_y: 15", "life_y: '15'", "life_y", 15, "not_a_number"),
        ("life_y: 15", "life_y: true", "life_y", 15, "not_a_number"),
        ("price_year: 2024", "price_year: 2024.5", "price_year", 5, "not_a_number"),
        ("life_y: 15", "life_y: .inf", "life_y", 15, "bad_value"),
        ("life_y: 15", "life_y: 0", "life_y", 15, "bad_value"),
        ("life_y: 15", "life_y: [15]", "life_y", 15, "not_a_number"),
        ("country: CN", "country: China", "country", 3, "bad_country"),
        ("country: CN", "country: no", "country", 3, "bad_country"),
        ("  cell: Battery", "  'ce/ll': Battery", "stages.ce/ll", 20, "bad_id"),
        ("    half_distance", "    half_distanse", "proximity.links.half_distanse", 30, "unknown_key"),
        ("    shape: exponential", "    shape: linear", "proximity.links", 28, "inconsistent_keys"),
        ("objective: collaboration", "weights: {linkz: 1}", "weights.linkz", 17, "unknown_word"),
        ("life_y: 15", "life_y: 15\nlevels: 3", "levels", 16, "later_key"),
        ("life_y: 15", "life_y: 15\nphases: 3", "phases", 16, "bad_value"),
    ],
)
def test_a_fault_of_the_manifest_names_its_key_and_its_line(
    old: str, new: str, key: str, line: int, rule: str
) -> None:
    assert old in MANIFEST
    read = read_manifest(MANIFEST.replace(old, new).encode(), "region.yaml")
    assert read.manifest is None
    assert (key, line, rule) in [(fault.column, fault.row, fault.rule) for fault in read.faults]


def test_a_manifest_of_no_keys_is_refused() -> None:
    for text in ("", "7", "- a", "name"):
        assert [fault.rule for fault in read_manifest(text.encode(), "region.yaml").faults] == ["broken_yaml"]


def test_with_a_broken_manifest_the_tables_are_still_read(tmp_path: Path) -> None:
    files = minimal_region_files()
    folder = folder_with(
        tmp_path,
        region_yaml=files["region.yaml"].replace("CNY", "yuan") + "resources:\n  steam_t_h: t/h\n",
        firms_csv=files["firms.csv"].replace("30000", "30,000x").replace("workers", "workers"),
        products_csv=files["products.csv"].replace("400000000", "many"),
    )
    assert [(fault.file, fault.rule) for fault in faults_of(folder)] == [
        ("region.yaml", "bad_value"),
        ("firms.csv", "ragged_row"),
        ("products.csv", "not_a_number"),
    ]


def test_what_cannot_be_seen_is_shown_as_an_escape_and_never_obeyed(tmp_path: Path) -> None:
    text = (
        minimal_region_files()["groups.csv"]
        .replace("west", "we\x1b[31mst")
        .replace(",source\n", ",so\x07urce\n")
    )
    found = faults_of(folder_with(tmp_path, groups_csv=text))
    assert [fault.column for fault in found] == ["so\\x07urce", "park"]
    assert found[1].value == "we\\x1b[31mst"


def test_faults_stand_in_the_order_of_files_and_rows(tmp_path: Path) -> None:
    files = minimal_region_files()
    folder = folder_with(
        tmp_path,
        links_csv=files["links.csv"].replace("0.6,0.2", "6,x"),
        firms_csv=files["firms.csv"].replace("candidate", "maybe"),
        extra_csv="",
    )
    found = [(fault.file, fault.row) for fault in faults_of(folder) if fault.level == "error"]
    assert found == [
        ("firms.csv", 3),
        ("firms.csv", 4),
        ("links.csv", 2),
        ("links.csv", 2),
        ("extra.csv", None),
    ]


def test_a_region_that_may_lie_in_china_must_say_its_datum(tmp_path: Path) -> None:
    abroad = MANIFEST.replace("country: CN\n", "").replace("currency: CNY", "currency: EUR")
    silent = abroad.replace("datum: WGS84\n", "")
    (fault,) = faults_of(folder_with(tmp_path, region_yaml=silent))
    assert (fault.column, fault.rule) == ("datum", "missing_datum")
    assert read_region(folder_with(tmp_path, region_yaml=abroad)).warnings == ()
    said = silent.replace("currency", "country: VN\ncurrency")
    assert read_region(folder_with(tmp_path, region_yaml=said)).warnings == ()


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09"])
def test_a_shifted_datum_is_refused_with_the_way_to_convert(datum: str, tmp_path: Path) -> None:
    (fault,) = faults_of(folder_with(tmp_path, region_yaml=MANIFEST.replace("WGS84", datum)))
    assert (fault.row, fault.rule) == (8, "shifted_datum")
    assert "QGIS" in fault.mend


# --- What a region holds


def test_every_table_has_every_declared_column_of_its_kind(region: Region) -> None:
    for table in TABLES:
        frame = region.table(table.name)
        names = [name for name in table.names if (name,) != table.key]
        assert list(frame.columns) == ([*names, "geometry"] if table.geometry else names)
        assert frame.index.name == (table.key[0] if len(table.key) == 1 else None)
        assert isinstance(frame, gpd.GeoDataFrame) == bool(table.geometry)
        if table.geometry:
            assert frame.crs.to_epsg() == 4326
        for name in names:
            kind = table.column(name).kind
            if kind in ("number", "integer", "year"):
                assert frame[name].dtype == np.float64
            elif kind == "flag":
                assert frame[name].dtype == bool
            else:
                expected = tuple if kind in ("ids", "amounts") else str
                assert all(cell is None or type(cell) is expected for cell in frame[name])
        pd.testing.assert_frame_equal(pd.DataFrame(getattr(region, table.name)), pd.DataFrame(frame))


def test_empty_cells_hold_their_defaults(region: Region) -> None:
    assert math.isnan(region.parks.loc["west", "power_mw"])
    assert region.parks.loc["west", "fixed_cost_m_y"] == 0.0
    assert region.parks.loc["west", "lock"] is None
    assert region.parks.loc["west", "admits"] == ("cathode", "cell", "testing")
    assert region.firms.loc["lab", "route"] is None
    assert region.firms.loc["lab", "only_parks"] == ()
    assert region.incentives.loc["grant", "public_cost"] == 1.0
    assert region.incentives.loc["grant", "counts_as_aid"]
    assert math.isnan(region.firms.loc["lab", "outside_m_y"])


def test_energy_is_power_times_hours_where_it_is_not_given(region: Region) -> None:
    assert region.firms["energy_mwh_y"].to_dict() == {
        "cell_works": 80 * 6000,
        "cathode_a": 120_000,
        "lab": 6000,
    }


def test_declared_resources_are_columns_of_parks_and_firms(tmp_path: Path) -> None:
    files = minimal_region_files()
    firms = files["firms.csv"].replace("workers,", "workers,steam_t_h,").splitlines()
    firms[1] = firms[1].replace("4000,3000,", "4000,3000,12,")
    firms[2] = firms[2].replace("1500,600,", "1500,600,,")
    firms[3] = firms[3].replace("20,60,", "20,60,,")
    region = read_region(
        folder_with(
            tmp_path,
            region_yaml=MANIFEST + "resources:\n  steam_t_h: t/h\n",
            firms_csv="\n".join(firms),
            parks_geojson=files["parks.geojson"].replace(
                '"workers": 4000', '"workers": 4000, "steam_t_h": 50', 1
            ),
        )
    )
    assert region.resources == ("land_ha", "power_mw", "water_m3_d", "workers", "steam_t_h")
    assert region.firms["steam_t_h"].tolist() == [12.0, 0.0, 0.0]
    assert region.parks["steam_t_h"].isna().tolist() == [False, True]
    columns = list(region.firms.columns)
    assert columns.index("steam_t_h") == columns.index("workers") + 1


def test_a_region_cannot_be_changed_through_what_it_hands_out(region: Region) -> None:
    firms, parks, kinds = region.firms, region.parks, region.provenance_of()
    firms.loc["lab", "workers"] = 1e6
    firms.index.name = "other"
    parks.loc["east", "geometry"] = shapely.Point(0, 0)
    parks.geometry.array[1] = shapely.Point(0, 0)
    kinds["kind"] = "source"
    region.checksums.clear()
    assert region.firms.loc["lab", "workers"] == 60
    assert region.firms.index.name == "firm"
    assert region.parks.geom_type.tolist() == ["Polygon", "Polygon"]
    assert "assumed" in set(region.provenance_of()["kind"])
    assert "firms.csv" in region.checksums
    with pytest.raises(AttributeError):
        region.settled = None  # type: ignore[misc, assignment]


def test_a_region_survives_the_way_to_another_process(region: Region) -> None:
    other = pickle.loads(pickle.dumps(region))
    pd.testing.assert_frame_equal(other.firms, region.firms)
    assert other.manifest == region.manifest


def test_checksums_name_every_file_read(region: Region) -> None:
    assert set(region.checksums) == set(minimal_region_files())
    assert region.sources.startswith("# Sources")
    assert repr(region) == "<Region 'minimal': 2 parks, 3 firms>"


def test_an_unknown_table_is_told_with_the_nearest_name(region: Region) -> None:
    with pytest.raises(UsageError, match="Did you mean 'firms'"):
        region.table("firm")


# --- Frames


def test_frames_make_the_same_region_as_files(region: Region) -> None:
    other = Region.from_frames(**region.given())
    for table in TABLES:
        pd.testing.assert_frame_equal(
            pd.DataFrame(other.table(table.name)), pd.DataFrame(region.table(table.name))
        )
    pd.testing.assert_frame_equal(other.provenance_of(), region.provenance_of())
    assert other.assumed_share == region.assumed_share
    assert other.checksums == {}


def test_ids_may_stand_in_a_column_or_in_the_index(region: Region) -> None:
    given = region.given()
    links = given["links"].assign(note=1).drop(columns="note")
    as_columns = Region.from_frames(
        **{
            **given,
            "firms": given["firms"].reset_index(),
            "links": links.reset_index(),
            "recipes": given["recipes"].set_index(["stage", "product"]),
        }
    )
    pd.testing.assert_frame_equal(as_columns.firms, region.firms)
    pd.testing.assert_frame_equal(as_columns.recipes, region.recipes)


def test_given_frames_are_not_changed(region: Region) -> None:
    given = region.given()
    before = {name: frame.copy() for name, frame in given.items() if name != "manifest"}
    Region.from_frames(**given)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(pd.DataFrame(given[name]), pd.DataFrame(frame))


def test_the_manifest_may_be_a_dict(region: Region) -> None:
    values = region.manifest.model_dump(exclude_unset=True)
    values["life_y"] = np.float64(20)
    values["budgets"] = dict(region.manifest.budgets)
    other = Region.from_frames(**{**region.given(), "manifest": values})
    assert other.manifest.life_y == 20
    assert other.manifest.budgets == region.manifest.budgets
    with pytest.raises(InputError, match="Did you mean 'life_y'"):
        Region.from_frames(**{**region.given(), "manifest": {**values, "life": 3}})
    assert take_manifest({**values, "life_y": object()}, "region.yaml").faults[0].rule == "bad_value"
    assert take_manifest({**values, "life_y": math.nan}, "region.yaml").manifest is None


def test_a_name_that_is_no_table_and_a_table_that_is_no_frame_are_misuse(region: Region) -> None:
    with pytest.raises(UsageError, match="Did you mean 'firms'"):
        Region.from_frames(region.manifest, firm=region.firms)
    with pytest.raises(UsageError, match="firms is a list"):
        Region.from_frames(region.manifest, firms=[1])  # type: ignore[arg-type]


def test_faults_of_frames_name_the_table_and_the_row(region: Region) -> None:
    given = region.given()
    firms = given["firms"].astype({"workers": object})
    firms.loc["lab", "workers"] = "1,000"
    parks = pd.DataFrame(given["parks"].drop(columns="geometry"))
    twice = pd.concat([given["links"], given["links"][["kind"]]], axis=1)
    with pytest.raises(InputError) as caught:
        Region.from_frames(**{**given, "firms": firms, "parks": parks, "links": twice})
    found = [(fault.file, fault.row, fault.rule) for fault in caught.value.faults if fault.level == "error"]
    assert found == [
        ("parks", None, "no_geometry"),
        ("firms", 4, "not_a_number"),
        ("links", None, "repeated_column"),
    ]


def test_a_geometry_where_none_belongs_is_a_fault(region: Region) -> None:
    firms = gpd.GeoDataFrame(region.given()["firms"], geometry=[None] * 3, crs="EPSG:4326")
    with pytest.raises(InputError, match="has a geometry"):
        Region.from_frames(**{**region.given(), "firms": firms})


def test_a_frame_may_call_its_geometry_as_it_likes_and_be_in_any_crs(region: Region) -> None:
    parks = region.given()["parks"].to_crs("EPSG:32648").rename_geometry("shape")
    other = Region.from_frames(**{**region.given(), "parks": parks})
    assert other.parks.geometry.name == "geometry"
    assert other.parks.geom_equals_exact(region.parks.geometry, tolerance=1e-8).all()


def test_a_crs_without_an_exact_way_to_wgs84_is_a_warning(region: Region) -> None:
    def rules(crs: str) -> list[str]:
        parks = region.given()["parks"].to_crs(crs)
        return [fault.rule for fault in Region.from_frames(**{**region.given(), "parks": parks}).warnings]

    xian_1980, beijing_1954, cgcs2000 = "EPSG:4610", "EPSG:4214", "EPSG:4544"
    assert rules(xian_1980) == ["rough_crs"]
    assert rules(beijing_1954) == []
    assert rules(cgcs2000) == []


def test_frames_without_provenance_count_as_assumed_and_say_so(region: Region) -> None:
    given = region.given()
    del given["provenance"]
    given["firms"] = given["firms"].drop(columns="provenance")
    other = Region.from_frames(**given)
    assert [(fault.file, fault.rule, fault.level) for fault in other.warnings] == [
        ("region.yaml", "no_provenance", "warning"),
        ("firms", "no_provenance", "warning"),
    ]
    numbers = other.provenance_of()
    assert set(numbers[numbers["file"].isin(["firms.csv", "region.yaml"])]["kind"]) == {"assumed"}
    assert set(other.firms["provenance"]) == {"assumed"}
    assert other.provenance[["file", "id", "column", "kind"]].values.tolist() == [
        ["region.yaml", "*", "*", "assumed"]
    ]


# --- Provenance


def kind_of(region: Region, file: str, row_id: str, column: str) -> tuple[str, str]:
    numbers = region.provenance_of().set_index(["file", "id", "column"])
    kind, source = numbers.loc[(file, row_id, column), ["kind", "source"]]
    return kind, source


def test_every_number_has_one_kind_and_the_closest_word_about_it_counts(region: Region) -> None:
    assert kind_of(region, "firms.csv", "cathode_a", "land_ha") == ("source", "tender notice")
    assert kind_of(region, "firms.csv", "cathode_a", "outside_m_y") == ("assumed", "judgement")
    assert kind_of(region, "products.csv", "cell", "collaboration_share") == ("assumed", "judgement")
    assert kind_of(region, "products.csv", "cell", "value") == ("source", "price index")
    assert kind_of(region, "recipes.csv", "cell/lfp/cell/cathode", "quantity")[0] == "source"
    assert kind_of(region, "region.yaml", "*", "bounds.west") == ("derived", "extent of the parks")
    assert kind_of(region, "region.yaml", "*", "discount_rate") == ("assumed", "")
    numbers = region.provenance_of()
    assert not numbers.duplicated(["file", "id", "column"]).any()
    assert numbers["kind"].isin(["source", "derived", "assumed"]).all()
    assert region.assumed_share == (numbers["kind"] == "assumed").mean()


def test_defaults_and_computed_numbers_are_not_listed(region: Region) -> None:
    numbers = region.provenance_of()
    firms = numbers[numbers["file"] == "firms.csv"].groupby("column")["id"].agg(set)
    assert firms["energy_mwh_y"] == {"cathode_a"}
    assert firms["min_load"] == {"cell_works", "cathode_a"}
    assert "operating_hours_y" in set(numbers["column"])
    assert "water_days_y" not in set(numbers["column"])


def test_a_list_in_the_manifest_is_one_number(tmp_path: Path) -> None:
    budget = "    basis: per_year\n    by_year_m: [100, 50]"
    manifest = MANIFEST.replace("    basis: total_pv\n    amount_m: 500", budget)
    steps = "    shape: steps\n    steps: [{reach: 0, value: 1}, {reach: 30, value: 0.5}]\n"
    shape = "    shape: exponential\n    half_distance: 20\n    reach: 80\n"
    numbers = read_region(folder_with(tmp_path, region_yaml=manifest.replace(shape, steps))).provenance_of()
    keys = list(numbers[numbers["file"] == "region.yaml"]["column"])
    assert keys.count("budgets.city.by_year_m") == 1
    assert "proximity.links.steps.1.reach" in keys


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("frims.csv,*,*,source,", "file", "Did you mean 'firms.csv'?"),
        ("roads_nodes.csv,*,*,source,", "file", "no such file"),
        ("firms.csv,cathode_b,land_ha,source,", "id", "Did you mean 'cathode_a'?"),
        ("firms.csv,cathode_a,land,source,", "column", "no such column"),
        ("firms.csv,lab,margin_m_y,source,", "column", "empty"),
        ("firms.csv,*,co_products,source,", "column", "empty"),
        ("region.yaml,*,discont_rate,source,", "column", "Did you mean 'discount_rate'?"),
        ("region.yaml,*,water_days_y,source,", "column", "no such number"),
        ("region.yaml,lab,life_y,source,", "id", "no id"),
    ],
)
def test_a_row_of_provenance_that_refers_to_nothing_is_a_fault(
    row: str, column: str, says: str, tmp_path: Path
) -> None:
    text = minimal_region_files()["provenance.csv"] + row + "\n"
    (fault,) = faults_of(folder_with(tmp_path, provenance_csv=text))
    assert (fault.file, fault.row, fault.column, fault.rule) == (
        "provenance.csv",
        6,
        column,
        "unknown_number",
    )
    assert says in fault.why


def test_provenance_may_speak_of_geometry_and_words(tmp_path: Path) -> None:
    text = minimal_region_files()["provenance.csv"]
    text += "parks.geojson,*,geometry,source,map\nfirms.csv,lab,status,assumed,\nfirms,lab,*,derived,survey\n"
    region = read_region(folder_with(tmp_path, provenance_csv=text))
    assert kind_of(region, "firms.csv", "lab", "workers") == ("derived", "survey")


def test_a_number_without_provenance_is_a_fault_of_a_folder(tmp_path: Path) -> None:
    text = "file,id,column,kind,source\nregion.yaml,*,bounds.*,derived,\n"
    found = faults_of(folder_with(tmp_path, provenance_csv=text))
    assert {(fault.file, fault.rule) for fault in found} == {("region.yaml", "no_provenance")}
    assert ("discount_rate", 14) in [(fault.column, fault.row) for fault in found]
    (tmp_path / "region" / "provenance.csv").unlink()
    assert [(fault.rule, fault.column) for fault in faults_of(tmp_path / "region")] == [
        ("no_provenance", None)
    ]


def test_a_kind_that_is_no_kind_is_told_once(tmp_path: Path) -> None:
    text = minimal_region_files()["provenance.csv"].replace(
        "region.yaml,*,*,assumed", "region.yaml,*,*,guess"
    )
    assert [fault.rule for fault in faults_of(folder_with(tmp_path, provenance_csv=text))] == ["unknown_word"]


def test_distances_say_where_they_come_from_in_provenance_and_do_not_count(tmp_path: Path) -> None:
    files = minimal_region_files()
    manifest = MANIFEST.replace("method: geodesic", "method: matrix")
    matrix = "origin,destination,km\neast,west,40\neast,port,60\nwest,port,50\n"
    folder = folder_with(tmp_path, region_yaml=manifest, distances_csv=matrix)
    (fault,) = [fault for fault in faults_of(folder) if fault.level == "error"]
    assert (fault.file, fault.rule) == ("distances.csv", "no_provenance")
    assert "'distances.csv,*,*,source,...'" in fault.mend
    text = files["provenance.csv"] + "distances.csv,*,*,source,map\ndistances.csv,east/west,km,assumed,\n"
    (folder / "provenance.csv").write_text(text, encoding="utf-8")
    region = read_region(folder)
    assert kind_of(region, "distances.csv", "east/port", "km") == ("source", "map")
    assert kind_of(region, "distances.csv", "east/west", "km") == ("assumed", "")
    numbers = region.provenance_of()
    counted = numbers[numbers["file"] != "distances.csv"]
    assert region.assumed_share == (counted["kind"] == "assumed").mean()


def test_a_manifest_given_as_an_object_is_checked_for_its_names(region: Region) -> None:
    manifest = region.manifest.model_copy(update={"resources": {"land_ha": "ha"}})
    assert [fault.rule for fault in take_manifest(manifest, "region.yaml").faults] == ["bad_resource"]
    broken = region.manifest.model_copy(update={"life_y": "long"})
    assert [fault.column for fault in take_manifest(broken, "region.yaml").faults] == ["life_y"]
    taken = take_manifest(region.manifest, "region.yaml").manifest
    assert isinstance(taken, Manifest)
    assert taken.stages == region.manifest.stages
    assert taken.stages is not region.manifest.stages
    assert BY_NAME["firms"].required
