"""Which files of a folder are opened, and how layers in them are read."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from region_folder import minimal_region_files, write_minimal_region

from clusterplan.errors import Fault, InputError, UsageError
from clusterplan.region import bundled, datapackage_faults, read_region
from clusterplan.region import read as reading
from clusterplan.region.files import list_folder, open_folder, read_file
from clusterplan.region.geojson import read_geojson
from clusterplan.region.geopackage import read_geopackage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_minimal_region(tmp_path / "region")


def faults_of(folder: Path) -> list[Fault]:
    with pytest.raises(InputError) as caught:
        read_region(folder)
    return list(caught.value.faults)


def rules_of(folder: Path) -> list[tuple[str, str]]:
    return [(fault.file, fault.rule) for fault in faults_of(folder)]


# --- The folder


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "notes.md",
        "SOURCES.md",
        "LICENSE",
        "LICENSE.txt",
        "datapackage.json",
        ".DS_Store",
        "region.qgz",
        "parks.qmd",
        "map.png",
        "build.py",
        "~$firms.xlsx",
        ".~lock.firms.csv#",
    ],
)
def test_files_that_are_no_inputs_are_left_alone(name: str, folder: Path) -> None:
    (folder / name).write_text("{}", encoding="utf-8")
    assert read_region(folder).warnings == ()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("frims.csv", "Did you mean 'firms.csv'?"),
        ("Links.CSV", "Did you mean 'links.csv'?"),
        ("region.yml", "Did you mean 'region.yaml'?"),
        ("firms.xlsx", "Did you mean 'firms.csv'?"),
        ("parks.shp", "Did you mean 'parks"),
        ("parks.json", "Did you mean 'parks.geojson'?"),
        ("extra.gpkg", "No table"),
    ],
)
def test_a_file_that_looks_like_an_input_and_is_none_is_an_error(name: str, says: str, folder: Path) -> None:
    (folder / name).write_text("", encoding="utf-8")
    (fault,) = faults_of(folder)
    assert (fault.file, fault.rule) == (name, "unknown_file")
    assert says in fault.why


@pytest.mark.parametrize("name", ["phases.yaml", "phases.csv"])
def test_a_file_of_a_later_version_says_that_this_one_does_not_plan_with_it(name: str, folder: Path) -> None:
    (folder / name).write_text("", encoding="utf-8")
    (fault,) = faults_of(folder)
    assert fault.rule == "later_file"
    assert f"does not plan with {name.partition('.')[0]}" in fault.why


def test_a_table_in_two_files_is_an_error_and_neither_is_read(folder: Path) -> None:
    (folder / "parks.gpkg").write_bytes(b"")
    assert rules_of(folder) == [("parks.gpkg", "file_twice")]


def test_a_folder_inside_the_folder_is_left_alone(folder: Path) -> None:
    (folder / "old").mkdir()
    (folder / "old" / "firms.csv").write_text("x", encoding="utf-8")
    assert read_region(folder).warnings == ()


def test_changes_that_another_program_keeps_beside_a_geopackage_are_an_error(folder: Path) -> None:
    (folder / "parks.gpkg-wal").write_bytes(b"")
    assert read_region(folder).warnings == ()
    (folder / "parks.gpkg-wal").write_bytes(b"pages")
    assert rules_of(folder) == [("parks.gpkg-wal", "unsaved_layer")]


def test_a_file_is_read_up_to_its_largest_size(folder: Path) -> None:
    size = (folder / "firms.csv").stat().st_size
    assert len(read_file(folder, "firms.csv", size)) == size
    with pytest.raises(InputError, match="larger than"):
        read_file(folder, "firms.csv", size - 1)


def test_sizes_of_all_kinds_of_files_are_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAX_MANIFEST_BYTES", "MAX_TEXT_BYTES", "MAX_LAYER_BYTES", "MAX_NOTES_BYTES"):
        monkeypatch.setattr(reading, name, 10)
    found = faults_of(folder)
    assert {fault.rule for fault in found} == {"too_big"}
    assert {fault.file for fault in found} == set(minimal_region_files())


def test_a_link_to_a_file_in_the_same_folder_is_followed(folder: Path) -> None:
    (folder / "firms.csv").rename(folder / "chosen.txt")
    (folder / "firms.csv").symlink_to("chosen.txt")
    assert len(read_region(folder).firms) == 3


def test_a_loop_of_links_is_refused(folder: Path) -> None:
    (folder / "groups.csv").unlink()
    (folder / "groups.csv").symlink_to("groups.csv")
    assert rules_of(folder) == [("groups.csv", "refused_file")]


def test_the_folder_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert read_region(tmp_path / "link").name == "minimal"
    assert open_folder(tmp_path / "link") == folder.resolve()
    assert "firms" in list_folder(folder).tables


# --- GeoJSON


def collection(**members: object) -> bytes:
    feature = {
        "type": "Feature",
        "properties": {"gateway": "port"},
        "geometry": {"type": "Point", "coordinates": [104.75, 28.9, 300.0]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature], **members}).encode()


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326", "EPSG:32648"]
)
def test_a_geojson_that_names_its_crs_is_taken_at_its_word(name: str) -> None:
    raw, faults = read_geojson(collection(crs={"type": "name", "properties": {"name": name}}), "a.geojson")
    assert faults == ()
    assert raw.crs.to_epsg() == (32648 if name.endswith("32648") else 4326)


@pytest.mark.parametrize("crs", [{"type": "link"}, {"properties": {"name": "local"}}, "EPSG:4326", 4326])
def test_a_crs_that_is_not_understood_is_refused(crs: object) -> None:
    with pytest.raises(InputError, match="`crs` member is not understood"):
        read_geojson(collection(crs=crs), "a.geojson")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"type": "Feature"}', "no GeoJSON feature collection"),
        ("[1, 2]", "no GeoJSON feature collection"),
        ('{"type": "FeatureCollection", "features": {}}', "no list"),
        ('{"type": "FeatureCollection", "features": [', "no JSON"),
        ("[" * 200_000, "nested too deeply"),
        ('{"type": "FeatureCollection", "x": NaN, "features": []}', "NaN"),
        ('{"type": "FeatureCollection", "features": [], "features": []}', "'features'"),
        ('{"a": ' + "9" * 5000 + "}", "no JSON"),
    ],
)
def test_what_is_no_geojson_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read_geojson(text.encode(), "a.geojson")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Polygon", "coordinates": [[0, 0]]},
        {"type": "Polygon"},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Circle", "coordinates": [0, 0]},
        [1, 2],
        "POINT (1 2)",
    ],
)
def test_a_geometry_that_cannot_be_read_is_told_with_its_feature(geometry: object) -> None:
    features = [{"type": "Feature", "properties": {}, "geometry": geometry}, 7]
    raw, faults = read_geojson(collection(features=features), "a.geojson")
    assert [(fault.row, fault.column) for fault in faults] == [(1, "geometry"), (2, "geometry")]
    assert list(raw.geometry or ()) == [None, None]


@pytest.mark.parametrize(
    ("kind", "coordinates", "says", "mend"),
    [
        ("Polygon", [104.9, 28.7], "not nested as those of a Polygon", "[[[104.6, 28.7]"),
        ("Polygon", [[[0, 0], [1, 1]]], "ring of its Polygon has too few positions: 2", "Polygon as [[["),
        ("LineString", [[0, 0]], "line of its LineString has too few positions: 1", "as [[104.6, 28.7],"),
        ("MultiPolygon", [[[0, 0], [0, 1], [1, 1]]], "not nested as those of a MultiPolygon", "[[[[104.6"),
        ("MultiPoint", [1, 2], "not nested as those of a MultiPoint", "[[104.6"),
        ("Point", 7, "not nested as those of a Point", "Point as [104.6, 28.7]"),
        ("Point", [1], "no pair of numbers: [1]", "Point as [104.6, 28.7]"),
        ("Point", ["a", "b"], 'no pair of numbers: ["a", "b"]', "Point as [104.6, 28.7]"),
        ("Point", [1, "x" * 99], "xxx...", "Point as [104.6, 28.7]"),
        ("Polygon", [[[0, 0], [0, 1], [1, 1, 2]]], "some have none", "without heights"),
        ("Point", None, "has no coordinates", "Point as [104.6, 28.7]"),
        ("Point", [10**400, 1], "make no Point", "Point as [104.6, 28.7]"),
        (["Point"], [1, 2], "has no type", "export the layer again"),
        ("Circle", [1, 2], "is a Circle, not one of", "export the layer again"),
    ],
)
def test_a_broken_geometry_is_told_in_plain_words_with_how_to_write_it(kind, coordinates, says, mend) -> None:
    geometry = {"type": kind} if coordinates is None else {"type": kind, "coordinates": coordinates}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    _, (fault,) = read_geojson(collection(features=[feature]), "a.geojson")
    assert says in fault.why
    assert mend in fault.mend
    raw = r"object|float|\bint\b|iterable|convert|Exception|gufunc|dimension"
    assert not re.search(raw, f"{fault.why} {fault.mend}")


def test_a_broken_geometry_is_one_fault_of_the_region(folder: Path) -> None:
    layer = json.loads((folder / "parks.geojson").read_text(encoding="utf-8"))
    layer["features"][1]["geometry"]["coordinates"] = [["a"]]
    (folder / "parks.geojson").write_text(json.dumps(layer), encoding="utf-8")
    assert [(fault.row, fault.rule) for fault in faults_of(folder)] == [(2, "bad_geometry")]


def test_heights_are_left_out(folder: Path) -> None:
    (folder / "receptors.geojson").write_bytes(
        collection().replace(b'{"gateway": "port"}', b'{"receptor": "a", "provenance": "source"}')
    )
    receptors = read_region(folder).receptors
    assert not receptors.geometry.has_z.any()
    assert receptors.geometry.iloc[0] == shapely.Point(104.75, 28.9)


def test_a_layer_in_a_projected_crs_is_brought_to_degrees(folder: Path) -> None:
    plain = read_region(folder).parks.geometry
    moved = plain.to_crs("EPSG:32648")
    layer = json.loads((folder / "parks.geojson").read_text(encoding="utf-8"))
    layer["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32648"}}
    for feature, shape in zip(layer["features"], moved, strict=True):
        feature["geometry"] = shapely.geometry.mapping(shape)
    (folder / "parks.geojson").write_text(json.dumps(layer), encoding="utf-8")
    parks = read_region(folder).parks
    assert parks.crs.to_epsg() == 4326
    assert parks.geometry.geom_equals_exact(plain, tolerance=1e-8).all()


# --- GeoPackage


def layer(name: str = "gateways", kind: str = "Point", crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    point = shapely.Point(104.75, 28.9)
    shape = shapely.MultiPoint([point]) if kind == "MultiPoint" else point
    return gpd.GeoDataFrame({"gateway": ["port"], "extra_km": [5]}, geometry=[shape], crs=crs)


def package(path: Path, *names: str, **options: str | None) -> bytes:
    for name in names:
        layer(**options).to_file(path, layer=name, driver="GPKG")  # type: ignore[arg-type]
    return path.read_bytes()


def changed(path: Path, *statements: str) -> bytes:
    database = sqlite3.connect(path)
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{trigger}"')
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()
    return path.read_bytes()


def refused(data: bytes, table: str = "gateways") -> Fault:
    with pytest.raises(InputError) as caught:
        read_geopackage(data, "a.gpkg", table)
    (fault,) = caught.value.faults
    return fault


def test_a_single_layer_of_a_geopackage_may_have_any_name(tmp_path: Path) -> None:
    raw = read_geopackage(package(tmp_path / "a.gpkg", "export 2024"), "a.gpkg", "gateways")
    assert raw.cells == {"gateway": ["port"], "extra_km": [5]}
    assert raw.crs.to_epsg() == 4326


def test_of_several_layers_the_one_named_like_the_table_is_read(tmp_path: Path) -> None:
    data = package(tmp_path / "a.gpkg", "gateways", "other")
    assert list(read_geopackage(data, "a.gpkg", "gateways").cells["gateway"]) == ["port"]
    fault = refused(data, "parks")
    assert fault.rule == "which_layer"
    assert "gateways, other" in fault.why


def test_a_geopackage_of_qgis_with_single_points_as_multipoints_is_read(folder: Path) -> None:
    (folder / "gateways.geojson").unlink()
    frame = layer(kind="MultiPoint").assign(provenance="assumed")
    frame.to_file(folder / "gateways.gpkg", layer="gateways", driver="GPKG")
    assert read_region(folder).gateways.geometry.iloc[0] == shapely.Point(104.75, 28.9)


def test_whole_numbers_in_a_layer_may_be_ids(folder: Path) -> None:
    (folder / "receptors.geojson").unlink()
    frame = layer().drop(columns=["gateway", "extra_km"]).assign(receptor=[7], provenance="source")
    frame.to_file(folder / "receptors.gpkg", layer="receptors", driver="GPKG")
    assert list(read_region(folder).receptors.index) == ["7"]


@pytest.mark.parametrize("srs_id", [-1, 0])
def test_a_geopackage_whose_crs_is_not_known_has_none(srs_id: int, tmp_path: Path) -> None:
    package(tmp_path / "a.gpkg", "gateways")
    data = changed(
        tmp_path / "a.gpkg",
        f"UPDATE gpkg_geometry_columns SET srs_id = {srs_id}",
        f"UPDATE gpkg_contents SET srs_id = {srs_id}",
    )
    assert read_geopackage(data, "a.gpkg", "gateways").crs is None


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW other AS SELECT 1",
        "CREATE VIRTUAL TABLE other USING fts5(a)",
        "CREATE VIRTUAL TABLE rtree_other USING fts5(a)",
        "ALTER TABLE gateways ADD COLUMN big TEXT AS (hex(zeroblob(1000000)))",
    ],
)
def test_a_geopackage_that_computes_is_refused(statement: str, tmp_path: Path) -> None:
    package(tmp_path / "a.gpkg", "gateways")
    fault = refused(changed(tmp_path / "a.gpkg", statement))
    assert fault.rule == "layer_computes"


def test_a_layer_that_is_not_registered_is_not_read(tmp_path: Path) -> None:
    package(tmp_path / "a.gpkg", "gateways")
    fault = refused(changed(tmp_path / "a.gpkg", "DELETE FROM gpkg_contents"))
    assert fault.rule == "no_layer"


def test_what_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    data = package(tmp_path / "a.gpkg", "gateways")
    plain = tmp_path / "plain.gpkg"
    sqlite3.connect(plain).execute("CREATE TABLE gateways (a)").connection.close()
    for broken in (b"", b"SQLite format 3\0", data[: len(data) // 2], data[:100] + b"\xff" * 4000):
        assert refused(broken).rule == "broken_layer"
    assert refused(plain.read_bytes()).rule == "broken_layer"


# --- What comes with the package, and what is said about files


def test_a_bundled_region_that_is_not_there_is_told_with_the_nearest_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_minimal_region(tmp_path / "minimal")
    (tmp_path / "no region").mkdir()
    monkeypatch.setattr(bundled, "_root", lambda: tmp_path)
    assert bundled.bundled_regions() == ("minimal",)
    assert bundled.load_region("minimal").name == "minimal"
    with pytest.raises(UsageError, match="Did you mean 'minimal'\\? Bundled: minimal\\."):
        bundled.load_region("minmal")
    with pytest.raises(UsageError, match="no bundled region"):
        bundled.load_region("../minimal")


def test_a_file_that_is_not_as_the_data_package_says_is_a_warning(folder: Path) -> None:
    digests = read_region(folder).checksums
    resources = [
        {"name": "firms", "path": "firms.csv", "hash": f"sha256:{digests['firms.csv']}"},
        {"name": "links", "path": "links.csv", "hash": "sha256:" + "0" * 64},
        {"name": "groups", "path": "groups.csv", "bytes": 1},
        {"name": "gone", "path": "gone.csv"},
        {"name": "outside", "path": "../firms.csv"},
    ]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    found = datapackage_faults(folder)
    assert [(fault.file, fault.rule) for fault in found] == [
        ("links.csv", "checksum"),
        ("groups.csv", "checksum"),
        ("gone.csv", "missing_file"),
        ("datapackage.json", "broken_package"),
    ]
    assert {fault.level for fault in found} == {"warning"}
    assert read_region(folder).warnings == ()


def test_a_data_package_that_is_missing_or_broken_stops_nothing(folder: Path) -> None:
    assert datapackage_faults(folder) == ()
    for text in ("", "[]", '{"resources": [7]}', "[" * 100_000):
        (folder / "datapackage.json").write_text(text, encoding="utf-8")
        assert [fault.rule for fault in datapackage_faults(folder)] == ["broken_package"]
