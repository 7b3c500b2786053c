"""Writing a region: what is written is read back equal, and twice the same bytes."""

from __future__ import annotations

import math
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from region_folder import MANIFEST, minimal_region_files, write_minimal_region

from clusterplan.errors import UsageError
from clusterplan.region import Region, load_region, read_region, region_files, write_region
from clusterplan.region.tables import TABLES


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return read_region(write_minimal_region(tmp_path_factory.mktemp("regions") / "minimal"))


def assert_equal(one: Region, other: Region) -> None:
    assert one.manifest == other.manifest
    assert one.manifest.model_fields_set == other.manifest.model_fields_set
    for table in TABLES:
        left, right = one.table(table.name), other.table(table.name)
        if table.geometry:
            assert list(left.geometry) == list(right.geometry)
            left, right = pd.DataFrame(left), pd.DataFrame(right)
        pd.testing.assert_frame_equal(left, right)
    pd.testing.assert_frame_equal(one.provenance_of(), other.provenance_of())
    assert one.assumed_share == other.assumed_share
    assert one.sources == other.sources


def test_a_region_that_was_written_is_read_back_equal(region: Region, tmp_path: Path) -> None:
    write_region(region, tmp_path / "new" / "region")
    again = read_region(tmp_path / "new" / "region")
    assert_equal(again, region)
    assert again.warnings == ()


def test_a_region_is_written_in_the_same_bytes_every_time(region: Region, tmp_path: Path) -> None:
    write_region(region, tmp_path / "a")
    write_region(read_region(tmp_path / "a"), tmp_path / "b")
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / x).iterdir()} for x in "ab")
    assert first == second
    assert first == {name: text.encode() for name, text in region_files(region).items()}
    assert read_region(tmp_path / "a").checksums == read_region(tmp_path / "b").checksums


def test_numbers_and_words_are_written_as_a_planner_would(region: Region) -> None:
    files = region_files(region)
    assert files["separations.csv"] == "stage,from_stage,min_km,provenance\ncathode,homes,0.5,assumed\n"
    assert "cathode_a,正极甲,cathode,candidate,false,false" in files["firms.csv"]
    assert "life_y: 15\n" in files["region.yaml"]
    assert "正极材料" in files["region.yaml"]
    assert '"admits": "cathode;cell;testing"' in files["parks.geojson"]
    assert "distances.csv" not in files


def test_what_is_in_the_way_is_not_written_over(region: Region, tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="new or empty"):
        write_region(region, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["firms.csv"]


def test_resources_roads_a_matrix_and_lists_are_read_back_equal(tmp_path: Path) -> None:
    files = minimal_region_files()
    firms = (
        files["firms.csv"]
        .replace("workers,", "workers,steam_t_h,")
        .replace("cell,20,,", "cell,20,cathode:0.1,")
    )
    firms = (
        firms.replace("4000,3000,", "4000,3000,12.5,")
        .replace("1500,600,", "1500,600,,")
        .replace("20,60,", "20,60,0,")
    )
    files |= {
        "region.yaml": MANIFEST + "resources:\n  steam_t_h: t/h\n",
        "firms.csv": firms,
        "roads_nodes.csv": "node,lon,lat\na,104.6,28.75\nb,104.9,28.8\n",
        "roads_edges.csv": "from_node,to_node,km,speed_kmh,oneway\na,b,31.5,,yes\nb,a,33.25,60,1\n",
        "provenance.csv": files["provenance.csv"]
        + "roads_nodes.csv,*,*,source,\nroads_edges.csv,*,*,source,\n",
    }
    folder = tmp_path / "region"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text.replace("geodesic", "network"), encoding="utf-8")
    region = read_region(folder)
    assert region.firms.loc["cell_works", "co_products"] == (("cathode", 0.1),)
    write_region(region, tmp_path / "again")
    again = read_region(tmp_path / "again")
    assert_equal(again, region)
    assert again.edges["oneway"].tolist() == [True, True]
    assert math.isnan(again.edges["speed_kmh"].iloc[0])


def test_a_region_made_of_frames_is_read_back_from_its_folder(region: Region, tmp_path: Path) -> None:
    frames = region.given()
    del frames["provenance"]
    bare = Region.from_frames(**{**frames, "firms": frames["firms"].drop(columns="provenance")})
    write_region(bare, tmp_path / "region")
    again = read_region(tmp_path / "region")
    assert_equal(again, bare)
    assert again.warnings == ()


def test_a_layer_from_a_geopackage_is_written_as_geojson_and_keeps_its_provenance(tmp_path: Path) -> None:
    folder = write_minimal_region(tmp_path / "region")
    parks = gpd.read_file(folder / "parks.geojson").to_crs("EPSG:32648")
    parks.to_file(folder / "parks.gpkg", driver="GPKG")
    (folder / "parks.geojson").unlink()
    with (folder / "provenance.csv").open("a", encoding="utf-8") as file:
        file.write("parks.gpkg,east,land_ha,derived,measured\n")
    region = read_region(folder)
    write_region(region, tmp_path / "again")
    again = read_region(tmp_path / "again")
    assert list(again.parks.geometry) == list(region.parks.geometry)
    kinds = again.provenance_of().set_index(["file", "id", "column"])["kind"]
    assert kinds["parks.geojson", "east", "land_ha"] == "derived"


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters="\n\t,;\"'=正"),
    max_size=20,
)
AMOUNTS = st.floats(min_value=0, max_value=1e12, allow_nan=False) | st.none()


@settings(max_examples=8, deadline=None)
@given(
    names=st.lists(WORDS, min_size=3, max_size=3),
    amounts=st.lists(AMOUNTS, min_size=6, max_size=6),
    title=WORDS.filter(str.strip),
    west=st.floats(104.5, 104.7),
)
def test_any_text_and_any_numbers_are_read_back_equal(
    region: Region,
    names: list[str],
    amounts: list[float | None],
    title: str,
    west: float,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    frames = region.given()
    frames["manifest"] = region.manifest.model_copy(update={"title": title})
    frames["firms"] = frames["firms"].assign(name=names, margin_m_y=amounts[:3])
    shapes = [region.parks.geometry.iloc[0], shapely.box(west, 28.7, west + 0.03, 28.7 + 0.04)]
    frames["parks"] = frames["parks"].assign(fixed_cost_m_y=amounts[4:], geometry=shapes)
    made = Region.from_frames(**frames)
    folder = tmp_path_factory.mktemp("any") / "region"
    write_region(made, folder)
    assert_equal(read_region(folder), made)


def test_sources_and_licences_go_where_the_data_go(tmp_path: Path) -> None:
    write_region(load_region("yibin"), tmp_path / "copy")
    for name in ("SOURCES.md", "LICENSE-roads.md"):
        assert (tmp_path / "copy" / name).read_text(encoding="utf-8") == load_region("yibin").notes[name]
