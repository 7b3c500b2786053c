"""Checks across tables, on drafts given directly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from region_folder import minimal_region_files, write_minimal_region

from clusterplan.errors import Fault
from clusterplan.region import Region, read_region
from clusterplan.region.checks import check
from clusterplan.region.columns import Column
from clusterplan.region.draft import ROW, Draft
from clusterplan.region.suggest import suggest
from clusterplan.region.tables import BY_NAME, TABLES

GIVEN = [table.name for table in TABLES if set(table.files) & set(minimal_region_files())]
REQUIRED = [
    pytest.param(name, column, id=f"{name}.{column.name}")
    for name in GIVEN
    for column in BY_NAME[name].columns
    if column.required
]


def draft_of(region: Region) -> Draft:
    """Return what the reader hands to the checks for a region that is sound."""
    frames = {}
    for table in TABLES:
        frame = getattr(region, table.name)
        flat = frame.reset_index() if len(table.key) == 1 else frame
        frames[table.name] = flat.assign(**{ROW: np.arange(len(flat)) + 2})
    return Draft(region.manifest, frames, {table.name: table.files[0] for table in TABLES}, frozenset(GIVEN))


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    return draft_of(read_region(write_minimal_region(tmp_path_factory.mktemp("region"))))


def with_frame(draft: Draft, table: str, frame: pd.DataFrame) -> Draft:
    return replace(draft, frames={**draft.frames, table: frame})


def with_cell(draft: Draft, table: str, position: int, column: str, value: object) -> Draft:
    frame = draft.frames[table].copy()
    cells = frame[column].tolist()
    cells[position] = value
    frame[column] = pd.Series(cells, index=frame.index, dtype=frame[column].dtype)
    return with_frame(draft, table, frame)


def hole(column: Column) -> object:
    """Return what the reader leaves where a cell could not be read."""
    return np.nan if column.kind in ("number", "integer", "year") else None


def errors(draft: Draft) -> list[Fault]:
    return [fault for fault in check(draft) if fault.level == "error"]


def test_a_sound_region_has_no_faults(draft: Draft) -> None:
    assert check(draft) == []


@pytest.mark.parametrize(("table", "column"), REQUIRED)
def test_a_required_cell_that_could_not_be_read_is_not_told_again(
    table: str, column: Column, draft: Draft
) -> None:
    assert errors(with_cell(draft, table, 0, column.name, hole(column))) == []


def test_checks_leave_their_draft_as_it_was(draft: Draft) -> None:
    before = {name: frame.copy(deep=True) for name, frame in draft.frames.items()}
    check(draft)
    for name, frame in draft.frames.items():
        pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(before[name]))


@pytest.mark.parametrize("table", [name for name in GIVEN if name not in ("provenance", "separations")])
def test_a_table_that_could_not_be_read_is_not_told_again_by_what_refers_to_it(
    table: str, draft: Draft
) -> None:
    empty = with_frame(draft, table, draft.frames[table].iloc[:0])
    assert errors(replace(empty, given=draft.given - {table}, broken=frozenset({table}))) == []


def test_warnings_wait_while_ids_are_wrong(draft: Draft) -> None:
    large = with_cell(draft, "parks", 1, "land_ha", 4000.0)
    assert [fault.rule for fault in check(large)] == ["land_above_area"]
    wrong = with_cell(large, "firms", 1, "stage", "cathod")
    assert [fault.rule for fault in check(wrong)] == ["unknown_stage"]


def test_needs_that_fill_a_park_to_the_last_decimal_fit(draft: Draft) -> None:
    park = with_cell(draft, "parks", 0, "land_ha", 0.3)
    firm = with_cell(park, "firms", 0, "land_ha", 0.1)
    other = with_cell(with_cell(firm, "firms", 1, "land_ha", 0.2), "firms", 1, "status", "committed")
    fixed = with_cell(other, "firms", 1, "only_parks", ("east",))
    assert 0.1 + 0.2 > 0.3
    assert errors(fixed) == []


def test_a_declared_resource_is_checked_like_the_others(tmp_path: Path) -> None:
    region = read_region(write_minimal_region(tmp_path / "region"))
    draft = draft_of(region)
    manifest = region.manifest.model_copy(update={"resources": {"cod_t": "t/y"}})
    parks = draft.frames["parks"].assign(cod_t=[5.0, 3.0])
    firms = draft.frames["firms"].assign(cod_t=[1.0, 6.0, 0.0])
    more = replace(draft, manifest=manifest, frames={**draft.frames, "parks": parks, "firms": firms})
    found = errors(more)
    assert [(fault.rule, fault.row, fault.column) for fault in found] == [("need_too_large", 3, "cod_t")]
    assert "'east'" in found[0].why


@pytest.mark.parametrize(
    ("word", "known", "says"),
    [
        ("cathod", ("cathode", "cell"), " Did you mean 'cathode'?"),
        ("LFP", ("lfp", "nmc"), " Did you mean 'lfp'?"),
        ("xyz", ("cathode", "cell"), ""),
        ("x", (), ""),
    ],
)
def test_a_suggestion_is_the_nearest_known_word_or_none(word: str, known: tuple[str, ...], says: str) -> None:
    assert suggest(word, known) == says
