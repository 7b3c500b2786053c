"""What holds of `dresden` alone; tests/test_bundled_regions.py has what holds of every real region."""

from __future__ import annotations

from pathlib import Path

import pytest

from clusterplan.region import Region, read_region

FOLDER = Path(__file__).parents[1] / "data" / "regions" / "dresden"
NORTH = ["airportpark", "wilschdorf", "klotzsche"]


@pytest.fixture(scope="module")
def region() -> Region:
    return read_region(FOLDER)


def test_no_stage_or_product_is_of_the_battery_chain(region: Region) -> None:
    batteries = {"cell", "cathode", "anode", "electrolyte", "separator", "cu_foil", "precursor"}
    assert not batteries & (set(region.manifest.stages) | set(region.products.index))


def test_every_input_can_be_bought_without_a_candidate(region: Region) -> None:
    here = region.firms[region.firms["status"].isin(["existing", "committed", "candidate"])]
    sure = set(here.loc[(here["status"] != "candidate") | (here.index == "esmc"), "product"].dropna())
    sold = set(region.markets.loc[region.markets["sells_at"].notna(), "product"])
    assert set(region.recipes["input"]) <= sure | sold


def test_every_output_can_be_sold_outside_or_is_for_the_neighbours_alone(region: Region) -> None:
    made = set(region.firms["product"].dropna())
    bought = set(region.markets.loc[region.markets["buys_at"].notna(), "product"])
    assert made - bought == {"bulk_gas"}


def test_large_firms_get_no_regional_aid_in_the_city(region: Region) -> None:
    assert region.manifest.aid_ceiling.large == 0
    assert region.parks.loc[NORTH, "aid_ceiling"].isna().all()
    assert (region.parks.drop(index=NORTH)["aid_ceiling"] > 0).all()


def test_aid_under_the_chips_act_is_outside_the_regional_ceilings(region: Region) -> None:
    chips = region.incentives.loc[["chips_esmc", "chips_call"]]
    assert not chips["counts_as_aid"].any()
    assert chips.at["chips_esmc", "firms"] == ("esmc",)


def test_the_water_of_2022_is_not_enough_for_the_chip_plants_to_come(region: Region) -> None:
    fabs = region.firms[region.firms["stage"] == "front_end"]
    held = region.groups.query("group == 'north_water'")["capacity"].unique()
    assert fabs["water_m3_d"].sum() > 42_000
    assert fabs["water_m3_d"].sum() < held[0] < 120_000
