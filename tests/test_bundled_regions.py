"""What holds of every real region that comes with clusterplan: its data, its sources, its roads."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from clusterplan.distance.region import DETOUR, RegionDistances, region_distances
from clusterplan.region import Region, datapackage_faults, read_region

ROOT = Path(__file__).parents[1]
REGIONS = ROOT / "data" / "regions"
TOOLS = ROOT / "tools" / "regions"
NAMES = sorted(path.name for path in TOOLS.iterdir() if path.is_dir())
MOST_BYTES = 5 * 1024 * 1024
"""Of all bundled regions together."""


@pytest.fixture(scope="module", params=NAMES)
def region(request: pytest.FixtureRequest) -> Region:
    return read_region(REGIONS / request.param)


@pytest.fixture(scope="module")
def folder(region: Region) -> Path:
    return REGIONS / region.name


@pytest.fixture(scope="module")
def distances(region: Region) -> RegionDistances:
    return region_distances(region)


def tool(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def noted(region: Region, file: str) -> list[dict[str, str]]:
    """Return the rows of one of the tables that say how the roads were looked at."""
    return list(csv.DictReader((TOOLS / region.name / file).read_text(encoding="utf-8").splitlines()))


def test_all_bundled_regions_but_the_smallest_are_looked_at():
    assert {path.name for path in REGIONS.iterdir()} - set(NAMES) == {"tiny"}


def test_they_are_small_together():
    assert sum(path.stat().st_size for path in REGIONS.rglob("*")) < MOST_BYTES


def test_it_reads_without_a_warning(region: Region, folder: Path) -> None:
    assert region.warnings == ()
    assert region.name == folder.name


def test_every_number_says_where_it_comes_from(region: Region) -> None:
    numbers = region.provenance_of()
    assert set(numbers["kind"]) <= {"source", "derived", "assumed"}
    assert (numbers["kind"] == "source").any()
    assert 0 < region.assumed_share < 1


def test_every_source_starts_with_a_key_of_the_sources_page(region: Region, folder: Path) -> None:
    cited = {
        str(row["source"])
        for path in folder.glob("*.csv")
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        if row.get("source")
    } | {
        str(feature["properties"]["source"])
        for path in folder.glob("*.geojson")
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    }
    keys = {re.match(r"[\w+]+", text).group() for text in cited}  # type: ignore[union-attr]
    assert {key for key in keys if f"`{key}`" not in region.sources} <= {"assumed"}


def test_every_sourced_number_names_its_source(region: Region) -> None:
    numbers = region.provenance_of()
    roads = numbers["file"].str.startswith("roads_")
    assert (numbers.loc[(numbers["kind"] == "source") & ~roads, "source"] != "").all()


def test_the_data_package_lists_every_file_with_its_checksum_and_licence(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    listed = {resource["path"]: resource for resource in package["resources"]}
    assert set(listed) == {path.name for path in folder.iterdir()} - {"datapackage.json"}
    for name, resource in listed.items():
        data = (folder / name).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest(), name
        assert resource["bytes"] == len(data), name
    assert {listed[f"roads_{part}.csv"]["licenses"][0]["name"] for part in ("nodes", "edges")} == {"ODbL-1.0"}
    assert (folder / "LICENSE-roads.md").is_file()
    assert datapackage_faults(folder) == ()


def test_the_tool_makes_the_files_that_are_there(region: Region, folder: Path, tmp_path: Path) -> None:
    for name in tool(ROOT / "tools" / "build_region.py").make(region.name, tmp_path):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


@pytest.mark.parametrize("name", [name for name in NAMES if (TOOLS / name / "local_roads.csv").exists()])
def test_roads_that_were_added_are_those_of_the_tool(name: str) -> None:
    nodes, roads = tool(ROOT / "tools" / "add_roads.py").additions(name)
    assert nodes and roads
    for file, added in (("roads_nodes.csv", nodes), ("roads_edges.csv", roads)):
        lines = (REGIONS / name / file).read_text(encoding="utf-8").splitlines()
        assert {",".join(row) for row in added} <= set(lines)


def test_known_road_lengths_come_out_within_fifteen_percent(
    region: Region, distances: RegionDistances
) -> None:
    known = noted(region, "known_km.csv")
    assert len(known) >= 3
    for row in known:
        end = row["destination"]
        table = distances.parks if end in distances.parks.destinations else distances.gateways
        km = table.km[table.origins.index(row["origin"]), table.destinations.index(end)]
        km -= region.gateways["extra_km"].get(end, 0.0)
        assert km == pytest.approx(float(row["km"]), rel=0.15), row


def test_every_park_reaches_every_park_and_gateway(distances: RegionDistances) -> None:
    assert not np.isnan(distances.parks.km).any()
    assert not np.isnan(distances.gateways.km).any()


def test_detours_are_the_explained_ones(region: Region, distances: RegionDistances) -> None:
    assert distances.warnings == ()
    found = set()
    for table in (distances.parks, distances.gateways):
        for i, start in enumerate(table.origins):
            for j, end in enumerate(table.destinations):
                extra = region.gateways["extra_km"].get(end, 0.0)
                if start != end and table.km[i, j] - extra > DETOUR * table.straight_km[i, j]:
                    found.add(frozenset((start, end)))
    explained = zip(region.detours["origin"], region.detours["destination"], strict=True)
    assert {frozenset(ends) for ends in explained} == found


def test_every_candidate_has_a_park_that_admits_and_can_hold_it(region: Region) -> None:
    parks = region.parks[region.parks["status"] != "excluded"]
    for firm in region.firms.query("status == 'candidate'").itertuples():
        fits = [
            park.Index
            for park in parks.itertuples()
            if (not park.admits or firm.stage in park.admits)
            and all(
                np.isnan(getattr(park, name)) or getattr(firm, name) <= getattr(park, name)
                for name in region.resources
            )
        ]
        assert fits, firm.Index


def test_margins_leave_a_believable_part_of_the_output(region: Region) -> None:
    firms = region.firms[~region.firms["is_platform"] & region.firms["product"].notna()]
    value = firms["output_per_y"] * region.products["value"].reindex(firms["product"]).to_numpy() / 1e6
    assert (firms["margin_m_y"] / value).between(0.0, 0.5).all()


def test_no_outline_of_china_or_its_provinces_is_drawn(region: Region) -> None:
    if region.manifest.country == "CN":
        assert region.boundary.empty


def test_every_instrument_says_its_legal_basis_and_how_long_it_holds(region: Region) -> None:
    incentives = region.incentives
    assert (incentives["legal_basis"] != "").all()
    assert incentives["valid_from"].notna().any()
