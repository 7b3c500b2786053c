from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from clusterplan.distance.region import RegionDistances, region_distances
from clusterplan.region import Region, datapackage_faults, read_region

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "data" / "regions" / "yibin"

SCHEME = {
    "cell": "sanjiang",
    "separator": "cuiping",
    "structure": "cuiping",
    "cu_foil": "luolong",
    "al_foil": "luolong",
    "precursor": "jiangan",
    "electrolyte": "jiangan",
    "lithium": "jiangan",
    "plating": "gong",
    "anode": "pingshan",
    "recycling": "gaoxian",
    "storage_cell": "changning",
    "auxiliary": "xuzhou",
}
"""Where the city's 1+N scheme puts each stage."""

KNOWN_KM = {
    ("xuzhou", "chengdu"): 255,
    ("xuzhou", "chongqing"): 250,
    ("sanjiang", "luolong"): 13,
    ("jiangan", "luolong"): 32,
}
"""Road lengths from general knowledge."""

DETOURS = {
    frozenset(pair)
    for pair in (
        ("sanjiang", "port"),
        ("cuiping", "port"),
        ("gong", "gaoxian"),
        ("sanjiang", "changning"),
    )
}
"""Ways above 1.6 times the straight line; docs/regions/yibin.md gives the reason of each."""


@pytest.fixture(scope="module")
def region() -> Region:
    return read_region(FOLDER)


@pytest.fixture(scope="module")
def distances(region: Region) -> RegionDistances:
    return region_distances(region)


def tool(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_reads_without_a_warning(region: Region) -> None:
    assert region.warnings == ()
    assert region.name == "yibin"


def test_every_number_says_where_it_comes_from(region: Region) -> None:
    numbers = region.provenance_of()
    assert set(numbers["kind"]) == {"source", "derived", "assumed"}
    assert 0 < region.assumed_share < 1


def test_every_source_starts_with_a_key_of_the_sources_page(region: Region) -> None:
    page = region.sources
    cited = {
        str(row["source"])
        for path in FOLDER.glob("*.csv")
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        if row.get("source")
    } | {
        str(feature["properties"]["source"])
        for path in FOLDER.glob("*.geojson")
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    }
    keys = {re.match(r"[\w+]+", text).group() for text in cited}  # type: ignore[union-attr]
    assert {key for key in keys if f"`{key}`" not in page} <= {"assumed"}


def test_the_data_package_lists_every_file_with_its_checksum_and_licence() -> None:
    package = json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    listed = {resource["path"]: resource for resource in package["resources"]}
    assert set(listed) == {path.name for path in FOLDER.iterdir()} - {"datapackage.json"}
    for name, resource in listed.items():
        data = (FOLDER / name).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
        assert resource["bytes"] == len(data)
    assert {listed[f"roads_{part}.csv"]["licenses"][0]["name"] for part in ("nodes", "edges")} == {"ODbL-1.0"}
    assert datapackage_faults(FOLDER) == ()


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 800 * 1024


def test_the_tool_makes_the_files_that_are_there(tmp_path: Path) -> None:
    tool(ROOT / "tools" / "yibin" / "build.py").make(tmp_path)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == ["firms.csv", "gateways.geojson", "parks.geojson", "provenance.csv", "receptors.geojson"]
    for name in made:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_known_road_lengths_come_out_within_fifteen_percent(distances: RegionDistances) -> None:
    for (start, end), known in KNOWN_KM.items():
        table = distances.parks if end in distances.parks.destinations else distances.gateways
        km = table.km[table.origins.index(start), table.destinations.index(end)]
        assert km == pytest.approx(known, rel=0.15), (start, end)


def test_every_park_reaches_every_park_and_gateway(distances: RegionDistances) -> None:
    assert not np.isnan(distances.parks.km).any()
    assert not np.isnan(distances.gateways.km).any()


def test_detours_above_sixteen_tenths_are_the_explained_ones(
    region: Region, distances: RegionDistances
) -> None:
    found = set()
    for table in (distances.parks, distances.gateways):
        for i, start in enumerate(table.origins):
            for j, end in enumerate(table.destinations):
                extra = region.gateways["extra_km"].get(end, 0.0)
                if start != end and table.km[i, j] - extra > 1.6 * table.straight_km[i, j]:
                    found.add(frozenset((start, end)))
    assert found == DETOURS


def test_nothing_is_drawn_but_points_and_squares_of_the_land(region: Region) -> None:
    assert region.boundary.empty
    assert set(region.gateways.geom_type) == set(region.receptors.geom_type) == {"Point"}
    parks = region.parks.to_crs(region.manifest.planning_crs)
    assert all(len(shape.exterior.coords) == 5 for shape in parks.geometry)
    assert parks.area.to_numpy() / 1e4 == pytest.approx(parks["land_ha"].to_numpy(), rel=1e-3)


def test_the_scheme_of_the_city_is_a_layout_the_region_allows(
    region: Region, distances: RegionDistances
) -> None:
    homes = region.separations.query("from_stage == 'homes'").set_index("stage")["min_km"]
    homes_km = dict(zip(region.parks.index, distances.homes_km, strict=True))
    for stage, park in SCHEME.items():
        assert stage in region.parks.at[park, "admits"]
        assert homes_km[park] >= homes.get(stage, 0.0)


def test_every_candidate_has_a_park_that_admits_and_can_hold_it(region: Region) -> None:
    parks = region.parks
    for firm in region.firms.query("status == 'candidate'").itertuples():
        fits = [
            park.Index
            for park in parks.itertuples()
            if firm.stage in park.admits
            and all(getattr(firm, name) <= getattr(park, name) for name in region.resources)
        ]
        assert fits, firm.Index


def test_margins_leave_a_believable_part_of_the_output(region: Region) -> None:
    firms = region.firms[~region.firms["is_platform"]]
    value = firms["output_per_y"] * region.products["value"].reindex(firms["product"]).to_numpy() / 1e6
    assert (firms["margin_m_y"] / value).between(0.02, 0.4).all()
    assert (firms["tax_m_y"] <= firms["margin_m_y"]).all()
