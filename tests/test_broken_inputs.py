"""A broken region is refused with the one fault that was made, where it was made, and how to mend it."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import geopandas as gpd
import pytest
from broken import cells, ids, instruments, loops, phases, sites, space, trade, works
from broken.edits import Case, cell, every, like, manifest, properties, swap
from region_folder import minimal_region_files, write_minimal_region

from clusterplan.errors import Fault, InputError
from clusterplan.region import Region, read_region
from clusterplan.region.files import MAX_MANIFEST_BYTES

CORPUS = [
    pytest.param(case, id=f"{module.__name__.rpartition('.')[2]}: {case.id}")
    for module in (cells, ids, sites, trade, loops, space, instruments, works, phases)
    for case in module.CASES
]


def write(files: dict[str, str], folder: Path) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def faults_of(folder: object) -> tuple[Fault, ...]:
    """Return what reading a folder reports, errors and warnings."""
    try:
        return read_region(folder).warnings  # type: ignore[arg-type]
    except InputError as error:
        return error.faults


def errors_of(folder: object) -> list[Fault]:
    return [fault for fault in faults_of(folder) if fault.level == "error"]


@pytest.mark.parametrize("case", CORPUS)
def test_a_broken_region_reports_the_fault_that_was_made_and_no_other(case: Case, tmp_path: Path) -> None:
    files = minimal_region_files()
    case.edit(files)
    faults = faults_of(write(files, tmp_path))
    found = [fault for fault in faults if fault.level == case.level]
    assert [fault.rule for fault in found] == [case.rule], "\n".join(map(str, faults))
    fault = found[0]
    assert (fault.file, fault.column) == (case.file, case.column)
    # Rows of the manifest are lines, which the edits of the corpus move.
    assert fault.row == case.row or case.file == "region.yaml"
    assert case.says in f"{fault.why} {fault.mend}"
    assert fault.why.endswith((".", "?", ")"))
    assert fault.mend.endswith(".")
    if case.level == "warning":
        assert not [fault for fault in faults if fault.level == "error"]


def test_the_corpus_starts_from_a_region_without_faults(tmp_path: Path) -> None:
    assert faults_of(write_minimal_region(tmp_path / "region")) == ()


def test_faults_of_all_files_are_reported_together(tmp_path: Path) -> None:
    files = minimal_region_files()
    every(
        manifest("planning_crs", "EPSG:3857"),
        properties("parks.geojson", 2, aid_ceiling=30),
        cell("firms.csv", 3, only_parks="east;wset"),
        cell("products.csv", 3, value="40,000"),
        cell("incentives.csv", 2, rate=30),
        cell("links.csv", 2, firm_b="cell_works"),
    )(files)
    with pytest.raises(InputError, match="6 faults in the input") as caught:
        read_region(write(files, tmp_path))
    assert [
        (fault.file, fault.row, fault.rule) for fault in caught.value.faults if fault.level == "error"
    ] == [
        ("region.yaml", 7, "web_mercator"),
        ("parks.geojson", 2, "impossible_share"),
        ("firms.csv", 3, "unknown_park"),
        ("products.csv", 3, "not_a_number"),
        ("links.csv", 2, "self_link"),
        ("incentives.csv", 2, "impossible_share"),
    ]


def test_an_id_that_cannot_be_read_is_not_told_again_for_what_refers_to_it(tmp_path: Path) -> None:
    files = minimal_region_files()
    properties("parks.geojson", 1, park=" east")(files)
    assert [fault.rule for fault in errors_of(write(files, tmp_path))] == ["bad_id"]


def test_many_faults_of_one_kind_are_told_by_number(tmp_path: Path) -> None:
    files = minimal_region_files()
    every(*(like("gateways.geojson", 1, gateway=f"g{i}", extra_km="far") for i in range(60)))(files)
    found = errors_of(write(files, tmp_path))
    assert len(found) == 20
    assert "(And 40 more like this.)" in found[-1].why


def test_a_file_in_gb18030_is_read_with_its_chinese_names_and_a_warning(tmp_path: Path) -> None:
    folder = write_minimal_region(tmp_path / "region")
    text = (folder / "firms.csv").read_text(encoding="utf-8")
    (folder / "firms.csv").write_bytes(text.encode("gb18030"))
    region = read_region(folder)
    assert region.firms.loc["cathode_a", "name"] == "正极甲"
    assert [(fault.file, fault.rule) for fault in region.warnings] == [("firms.csv", "gb18030")]


def test_a_file_with_a_byte_order_mark_is_read_as_if_it_had_none(tmp_path: Path) -> None:
    folder = write_minimal_region(tmp_path / "region")
    for name in ("firms.csv", "parks.geojson", "region.yaml"):
        (folder / name).write_bytes(b"\xef\xbb\xbf" + (folder / name).read_bytes())
    region = read_region(folder)
    assert region.warnings == ()
    assert region.firms.loc["cathode_a", "name"] == "正极甲"


def test_a_file_with_nul_characters_is_refused(tmp_path: Path) -> None:
    folder = write_minimal_region(tmp_path / "region")
    (folder / "firms.csv").write_bytes((folder / "firms.csv").read_bytes().replace(b"lab", b"l\0b"))
    found = errors_of(folder)
    assert [(fault.file, fault.rule) for fault in found] == [("firms.csv", "encoding")]
    assert "NUL" in found[0].why


def test_a_region_without_parks_says_so_once(tmp_path: Path) -> None:
    frames = read_region(write_minimal_region(tmp_path / "region")).given()
    with pytest.raises(InputError) as caught:
        Region.from_frames(**{**frames, "parks": frames["parks"].iloc[:0]})
    assert [fault.rule for fault in caught.value.faults if fault.level == "error"] == ["no_parks"]


def test_frames_are_checked_like_files(tmp_path: Path) -> None:
    region = read_region(write_minimal_region(tmp_path / "region"))
    frames = region.given()
    parks = frames["parks"]
    no_crs = gpd.GeoDataFrame(parks.drop(columns="geometry"), geometry=parks.geometry.to_numpy())
    with pytest.raises(InputError) as caught:
        Region.from_frames(**{**frames, "parks": no_crs, "firms": frames["firms"].assign(stage="cels")})
    found = [fault for fault in caught.value.faults if fault.level == "error"]
    assert {(fault.file, fault.rule) for fault in found} == {("parks", "no_crs"), ("firms", "unknown_stage")}
    assert "Did you mean 'cell'?" in found[-1].why


# --- Files nobody has vouched for


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """Serve on the loopback address; give the address and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def vrt(source: str) -> str:
    """Return a virtual dataset that stands for another source."""
    return (
        f"<OGRVRTDataSource><OGRVRTLayer name='parks'><SrcDataSource>{source}</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    )


def with_layer(folder: Path, name: str, data: bytes | str) -> Path:
    """Write the minimal region with another file in the place of its parks."""
    write_minimal_region(folder)
    (folder / "parks.geojson").unlink()
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


@pytest.mark.parametrize("prefix", ["/vsicurl/", "", "/vsicurl_streaming/"])
@pytest.mark.parametrize("name", ["parks.gpkg", "parks.geojson"])
def test_a_virtual_dataset_under_another_name_is_refused_and_asks_nobody(
    prefix: str, name: str, listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = listener
    folder = with_layer(tmp_path / "region", name, vrt(f"{prefix}{address}/parks.geojson"))
    assert [(fault.file, fault.rule) for fault in errors_of(folder)] == [(name, "broken_layer")]
    assert asked == []


def test_a_virtual_dataset_of_a_file_beside_it_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.geojson"
    secret.write_text(minimal_region_files()["parks.geojson"], encoding="utf-8")
    folder = with_layer(tmp_path / "region", "parks.gpkg", vrt(str(secret)))
    assert [fault.rule for fault in errors_of(folder)] == ["broken_layer"]


@pytest.mark.parametrize("path", ["/", "/region", "/region/parks.geojson"])
def test_an_address_is_no_folder_and_is_not_asked(path: str, listener: tuple[str, list[str]]) -> None:
    address, asked = listener
    for given in (address + path, "/vsicurl/" + address + path):
        assert [fault.rule for fault in errors_of(given)] == ["no_folder"]
    assert asked == []


@pytest.mark.parametrize(
    "given", ['{"type": "FeatureCollection", "features": []}', "name: a\ntitle: b", "a\0b", "x" * 5000]
)
def test_text_in_the_place_of_a_folder_is_refused(given: str) -> None:
    assert [fault.rule for fault in errors_of(given)] == ["no_folder"]


def geopackage(folder: Path, **options: object) -> Path:
    """Write the minimal region with its parks in a GeoPackage and return the GeoPackage."""
    write_minimal_region(folder)
    parks = gpd.read_file(folder / "parks.geojson")
    parks.to_file(folder / "parks.gpkg", layer="parks", driver="GPKG", **options)
    (folder / "parks.geojson").unlink()
    return folder / "parks.gpkg"


def in_database(path: Path, *statements: str) -> None:
    """Change a GeoPackage with SQLite alone."""
    database = sqlite3.connect(path)
    # The triggers of a GeoPackage call functions of the drivers, which SQLite alone does not have.
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{trigger}"')
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


ENDLESS = (
    "CREATE VIEW parks AS WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more) "
    "SELECT n AS fid, (SELECT geom FROM stored LIMIT 1) AS geom, 'p' || n AS park FROM more"
)


def in_time(target: Callable[..., None], *args: object, seconds: float = 60.0) -> None:
    """Run a function in a process of its own, and fail if it has not ended well in time."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=args)
    process.start()
    process.join(seconds)
    hung = process.is_alive()
    if hung:
        process.kill()
        process.join()
    assert not hung
    assert process.exitcode == 0


def must_report(folder: Path, file: str, rule: str) -> None:
    assert [(fault.file, fault.rule) for fault in errors_of(folder)] == [(file, rule)], errors_of(folder)


def test_a_geopackage_with_an_endless_view_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "region")
    in_database(path, "ALTER TABLE parks RENAME TO stored", ENDLESS)
    in_time(must_report, path.parent, path.name, "layer_computes")


def test_a_geopackage_whose_metadata_are_an_endless_view_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "region")
    in_database(
        path,
        "ALTER TABLE gpkg_contents RENAME TO stored",
        "CREATE VIEW gpkg_contents AS WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more) "
        "SELECT stored.* FROM stored, more",
    )
    in_time(must_report, path.parent, path.name, "layer_computes")


def test_a_geopackage_without_a_crs_is_refused(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "region")
    in_database(
        path,
        "UPDATE gpkg_geometry_columns SET srs_id = -1",
        "UPDATE gpkg_contents SET srs_id = -1",
    )
    must_report(path.parent, "parks.gpkg", "no_crs")


def test_a_geopackage_is_read_whatever_its_crs_is(tmp_path: Path) -> None:
    expected = read_region(write_minimal_region(tmp_path / "plain")).parks
    folder = write_minimal_region(tmp_path / "region")
    parks = gpd.read_file(folder / "parks.geojson").to_crs("EPSG:32648")
    parks.to_file(folder / "parks.gpkg", layer="parks", driver="GPKG")
    (folder / "parks.geojson").unlink()
    region = read_region(folder)
    assert region.warnings == ()
    assert region.parks.geometry.geom_equals_exact(expected.geometry, tolerance=1e-8).all()


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = write_minimal_region(tmp_path / "region")
    outside = tmp_path / "elsewhere.csv"
    (folder / "firms.csv").rename(outside)
    (folder / "firms.csv").symlink_to(outside)
    must_report(folder, "firms.csv", "refused_file")


def test_a_pipe_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    folder = write_minimal_region(tmp_path / "region")
    (folder / "firms.csv").unlink()
    os.mkfifo(folder / "firms.csv")
    in_time(must_report, folder, "firms.csv", "refused_file")


def test_a_device_and_a_folder_in_the_place_of_a_file_are_refused(tmp_path: Path) -> None:
    folder = write_minimal_region(tmp_path / "region")
    (folder / "firms.csv").unlink()
    (folder / "firms.csv").symlink_to("/dev/zero")
    (folder / "links.csv").unlink()
    (folder / "links.csv").mkdir()
    found = {(fault.file, fault.rule) for fault in errors_of(folder)}
    assert found == {("firms.csv", "refused_file"), ("links.csv", "refused_file")}


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    folder = write_minimal_region(tmp_path / "region")
    with (folder / "region.yaml").open("ab") as file:
        file.truncate(MAX_MANIFEST_BYTES + 1)
    must_report(folder, "region.yaml", "too_big")


def test_a_manifest_that_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    folder = write_minimal_region(tmp_path / "region")
    bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    bomb += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    (folder / "region.yaml").write_text("\n".join(bomb), encoding="utf-8")
    must_report(folder, "region.yaml", "yaml_too_large")


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system ['touch {}']", "!!python/name:os.system", "!new x"]
)
def test_a_manifest_with_tags_is_refused_and_runs_nothing(tag: str, tmp_path: Path) -> None:
    files = minimal_region_files()
    touched = tmp_path / "touched"
    swap("region.yaml", "A minimal region", tag.format(touched))(files)
    folder = tmp_path / "region"
    folder.mkdir()
    must_report(write(files, folder), "region.yaml", "yaml_tag")
    assert not touched.exists()
