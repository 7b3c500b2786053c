"""The address of a task changes with every number, and with nothing that says the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import clusterplan as cp
from clusterplan.explore.sweeps import address as addressing
from clusterplan.explore.sweeps.address import address, made_with, region_checksum
from clusterplan.region import Region


@pytest.fixture(scope="module")
def tiny():
    return cp.load_region("tiny")


def with_manifest(region, change):
    given = region.given()
    manifest = given["manifest"].model_dump(exclude_unset=True)
    change(manifest)
    return Region.from_frames(**{**given, "manifest": manifest})


def number_cells(region):
    for table, frame in region.settled.tables.items():
        for column in frame.columns:
            if frame[column].dtype.kind == "f":
                for row in range(len(frame)):
                    if not np.isnan(frame[column].iloc[row]):
                        yield table, column, row


def moved(region, table, column, row):
    """Return the region with the last bit of one number changed, unchecked: for its address alone."""
    frame = region.settled.tables[table].copy()
    at = frame.columns.get_loc(column)
    frame.iloc[row, at] = np.nextafter(frame.iloc[row, at], np.inf)
    return Region(replace(region.settled, tables={**region.settled.tables, table: frame}))


def test_the_last_bit_of_any_number_in_a_table_changes_the_address(tiny):
    cells = list(number_cells(tiny))
    assert len(cells) > 100
    found = {region_checksum(moved(tiny, *cell)) for cell in cells}
    assert len(found | {region_checksum(tiny)}) == len(cells) + 1


def test_any_number_of_the_manifest_changes_the_address(tiny):
    changes = [
        lambda m: m.update(discount_rate=m["discount_rate"] + 1e-12),
        lambda m: m.update(life_y=m["life_y"] + 1),
        lambda m: m["freight"].update(per_tkm=m["freight"]["per_tkm"] * 1.001),
        lambda m: m["budgets"][next(iter(m["budgets"]))].update(amount_m=0.123),
        lambda m: m.update(weights={"freight": 1.0}),
    ]
    found = {region_checksum(with_manifest(tiny, change)) for change in changes}
    assert len(found | {region_checksum(tiny)}) == len(changes) + 1


def test_the_place_of_a_park_and_the_word_in_a_cell_change_the_address(tiny):
    parks = tiny.parks
    parks.geometry = parks.geometry.translate(xoff=1e-9)
    firms = tiny.firms.assign(name="another")
    found = {
        region_checksum(Region.from_frames(**{**tiny.given(), **table}))
        for table in ({"parks": parks}, {"firms": firms})
    }
    assert len(found | {region_checksum(tiny)}) == 3


def test_the_order_of_keys_and_columns_does_not_change_the_address(tiny):
    def turned(value):
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return value

    given = tiny.given()
    other = {"manifest": turned(given["manifest"].model_dump(exclude_unset=True))}
    other |= {name: table[table.columns[::-1]] for name, table in given.items() if name != "manifest"}
    assert region_checksum(Region.from_frames(**other)) == region_checksum(Region.from_frames(**given))


def test_options_count_by_what_they_say(tiny):
    def of(**options):
        return address(cp.Task("a", tiny, options))

    assert of() == of(time_limit=60) == of(seed=0, time_limit=60.0) == of(time_limit=60.0, seed=0)
    different = [of(), of(seed=1), of(time_limit=None), of(gap=1e-3), of(threads=2), of(solver="SCIP")]
    assert len(set(different)) == len(different)


def test_names_and_families_do_not_count_and_conditions_and_weights_do(tiny):
    base = cp.Task("a", tiny)
    condition = cp.Condition({("comes", "seats"): 1.0, ("comes", "glass"): 2.0}, at_most=1)
    turned = cp.Condition({("comes", "glass"): 2, ("comes", "seats"): 1}, at_most=1.0)
    other = cp.Condition({("comes", "glass"): 2, ("comes", "seats"): 1}, at_least=1.0)
    assert address(base) == address(cp.Task("b", tiny, family="c"))
    assert address(cp.Task("a", tiny, conditions=(condition,))) == address(
        cp.Task("a", tiny, conditions=(turned,))
    )
    tasks = [
        base,
        cp.Task("a", tiny, conditions=(condition,)),
        cp.Task("a", tiny, conditions=(other,)),
        cp.Task("a", tiny, weights={"freight": 2.0}),
    ]
    assert len({address(task) for task in tasks}) == len(tasks)


def test_a_region_read_twice_has_one_address():
    assert region_checksum(cp.load_region("yibin")) == region_checksum(cp.load_region("yibin"))


def test_a_region_has_the_address_of_what_it_says_whatever_file_says_it(tiny, tmp_path):
    cp.write_region(tiny, tmp_path / "tiny.xlsx")
    assert region_checksum(cp.read_region(tmp_path / "tiny.xlsx")) == region_checksum(tiny)


def test_another_version_of_the_solver_or_of_the_code_is_another_address(tiny, monkeypatch):
    before = address(cp.Task("a", tiny))
    assert {"clusterplan", "code", "highspy", "pulp"} <= made_with().keys()
    with monkeypatch.context() as patch:
        patch.setattr(addressing, "made_with", lambda solver: {**made_with(solver), "highspy": "0.0"})
        assert address(cp.Task("a", tiny)) != before
    with monkeypatch.context() as patch:
        patch.setattr(addressing, "code_checksum", lambda: "another")
        assert address(cp.Task("a", tiny)) != before


def test_what_has_no_address_is_refused():
    with pytest.raises(TypeError, match="no content"):
        addressing.checksum({"a": object()})
    assert addressing.checksum({"a": [0.0, None]}) == addressing.checksum({"a": (-0.0, None)})
    frame = pd.DataFrame({"a": [1.0, np.nan]})
    assert addressing.checksum({"t": frame}) != addressing.checksum({"t": frame.fillna(0.0)})
