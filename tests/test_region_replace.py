"""`Region.replace`: another region of the same tables, and nothing said of numbers that are gone."""

from __future__ import annotations

import pytest

import clusterplan as cp


@pytest.mark.parametrize("name", ["debrecen", "ningde", "tiny"])
def test_a_table_can_be_dropped_though_provenance_speaks_of_it(name: str) -> None:
    region = cp.load_region(name)
    without = region.replace(incentives=None)
    assert without.incentives.empty
    assert "incentives.csv" not in set(without.provenance["file"])
    kept = region.provenance[region.provenance["file"] != "incentives.csv"]
    assert len(without.provenance) == len(kept)
    assert without.sources == region.sources


def test_rows_and_cells_can_go_though_provenance_speaks_of_them() -> None:
    region = cp.load_region("debrecen")
    notes = region.provenance
    told = notes[(notes["file"] == "incentives.csv") & (notes["id"] != "*")]
    gone = told["id"].iloc[0]
    given = region.given()["incentives"].drop(index=gone)
    fewer = region.replace(incentives=given)
    assert list(fewer.incentives.index) == [name for name in region.incentives.index if name != gone]
    assert gone not in set(fewer.provenance.loc[fewer.provenance["file"] == "incentives.csv", "id"])
    assert len(fewer.provenance) == len(notes) - int((told["id"] == gone).sum())


def test_what_is_not_replaced_stays_as_it_is() -> None:
    region = cp.load_region("debrecen")
    same = region.replace()
    for table in ("parks", "firms", "links", "incentives", "provenance", "markets"):
        assert same.table(table).equals(region.table(table)), table
    assert same.assumed_share == region.assumed_share


def test_faults_of_what_is_given_are_told() -> None:
    region = cp.load_region("tiny")
    with pytest.raises(cp.InputError, match="nowhere"):
        region.replace(firms=region.given()["firms"].assign(only_parks="nowhere"))
    with pytest.raises(cp.UsageError, match="incentives"):
        region.replace(incentive=None)


def test_provenance_that_is_given_is_held_to_its_word() -> None:
    region = cp.load_region("debrecen")
    with pytest.raises(cp.InputError, match="no such file"):
        region.replace(incentives=None, provenance=region.provenance)
