"""A region to begin with: every column is there and explained, and a blank says what to fill in first."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from test_region_one_file import faults_of
from test_region_write import assert_equal

from clusterplan.cli import main
from clusterplan.errors import UsageError
from clusterplan.region import FORMATS, TABLES, Manifest, init_region, load_region, read_region
from clusterplan.region.blank.keys import EXAMPLES, NEEDED, keys

NAMES = {"folder": "new", "xlsx": "new.xlsx", "gpkg": "new.gpkg"}


@pytest.mark.parametrize("form", FORMATS)
def test_a_blank_says_in_plain_words_what_to_fill_in(form: str, tmp_path: Path) -> None:
    written = init_region(tmp_path / "new", form=form)
    assert written.name == NAMES[form]
    told = faults_of(written)
    assert "It has no value yet. Id of the region. Fill it in." in told[0]
    assert any("column 'bounds" in fault for fault in told)
    assert any("stages" in fault and "no value yet" in fault for fault in told)
    for table in ("parks", "firms"):
        assert sum(table in fault.split(":")[0] and "It has no rows yet." in fault for fault in told) == 1
    assert all(
        "no value yet" in fault or "no rows yet" in fault or "half_distance" in fault for fault in told
    )


@pytest.mark.parametrize("form", FORMATS)
def test_a_copy_is_the_region_it_was_made_from(form: str, tmp_path: Path) -> None:
    tiny = load_region("tiny")
    again = read_region(init_region(tmp_path / "new", like=tiny, form=form))
    assert_equal(again, tiny)
    assert again.notes == tiny.notes


def test_a_blank_folder_has_every_file_and_every_column(tmp_path: Path) -> None:
    folder = init_region(tmp_path / "new")
    for table in TABLES:
        (file,) = [folder / name for name in table.files if (folder / name).exists()]
        if file.suffix == ".csv":
            assert file.read_text(encoding="utf-8-sig").splitlines()[0].split(",") == list(table.names)
        elif file.suffix == ".gpkg":
            assert [name for name in gpd.read_file(file).columns if name != "geometry"] == list(table.names)
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{column.name}` |" in text for table in TABLES for column in table.columns)
    assert all(column.about in text for table in TABLES for column in table.columns)
    assert all(f"`{name}`" in text for name in Manifest.model_fields)


def test_a_blank_workbook_explains_its_columns_and_offers_choices(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(init_region(tmp_path / "new.xlsx"))
    assert book.sheetnames[:4] == ["read me", "region", "parks", "firms"]
    for table in TABLES:
        head = [cell.value for cell in book[table.name][1]]
        assert head[: len(table.names)] == list(table.names)
        assert all(cell.comment is not None for cell in book[table.name][1])
    status = next(cell for cell in book["firms"][1] if cell.value == "status")
    assert "Must be filled in" in status.comment.text
    offered = {check.formula1: str(check.sqref) for check in book["firms"].data_validations.dataValidation}
    assert offered['"existing,committed,candidate,excluded"'].startswith(f"{status.column_letter}2:")
    assert book["columns"].max_row - 1 >= sum(len(table.columns) for table in TABLES)


def test_every_key_a_region_needs_is_asked_for_with_an_example() -> None:
    asked = {key.dotted: key for key in keys()}
    needed = {name for name, field in Manifest.model_fields.items() if field.is_required()}
    assert needed <= {name.partition(".")[0] for name in NEEDED}
    assert all(asked[name].needed for name in NEEDED)
    assert all(name in EXAMPLES for name in NEEDED if name != "stages")
    assert set(EXAMPLES) <= set(asked)


def test_a_blank_with_the_least_filled_in_is_a_region(tmp_path: Path) -> None:
    folder = init_region(tmp_path / "new")
    lines = (folder / "region.yaml").read_text(encoding="utf-8").splitlines()
    given = {key.rpartition(".")[2]: value.partition(" (")[0] for key, value in EXAMPLES.items()}
    filled = [
        f"{name}: {given[name.strip()]}" if name.strip() in given and not name.startswith("#") else line
        for name, line in ((line.split(":")[0], line) for line in lines)
    ]
    text = "\n".join(filled).replace("first_stage:", "first_stage: Cells")
    (folder / "region.yaml").write_text(text, encoding="utf-8")
    parks = gpd.GeoDataFrame(
        {"park": ["a"], "status": ["open"], "land_ha": [10.0], "provenance": ["assumed"]},
        geometry=gpd.points_from_xy([10.0], [53.5]),
        crs="EPSG:4326",
    )
    (folder / "parks.gpkg").unlink()
    parks.to_file(folder / "parks.gpkg", driver="GPKG", layer="parks")
    head = (folder / "firms.csv").read_text(encoding="utf-8-sig").strip()
    own = {"firm": "works", "stage": "first_stage", "status": "committed", "is_anchor": "true"}
    own |= {"land_ha": "2", "investment_m": "5", "provenance": "assumed"}
    row = ",".join(own.get(name, "") for name in head.split(","))
    (folder / "firms.csv").write_text(f"{head}\n{row}\n", encoding="utf-8-sig")
    assert read_region(folder).firms.index.tolist() == ["works"]


def test_what_is_there_is_replaced_only_with_force_and_only_if_it_is_a_region(tmp_path: Path) -> None:
    folder = init_region(tmp_path / "new")
    with pytest.raises(UsageError, match="is there already"):
        init_region(folder)
    init_region(folder, like=load_region("tiny"), force=True)
    assert read_region(folder).name == "tiny"
    (folder / "thesis.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"thesis\.docx"):
        init_region(folder, force=True)
    assert read_region(folder).name == "tiny"
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    book = init_region(tmp_path / "new.xlsx")
    with pytest.raises(UsageError, match="is there already"):
        init_region(book)
    init_region(book, like=load_region("tiny"), force=True)
    assert read_region(book).name == "tiny"


@pytest.mark.parametrize(("name", "form"), [("a.gpkg", "xlsx"), ("a.xlsx", "folder"), ("a", "shp")])
def test_a_name_that_denies_the_format_is_refused(name: str, form: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        init_region(tmp_path / name, form=form)
    assert not list(tmp_path.iterdir())


def test_the_command_writes_a_copy_that_validates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "mine")
    assert main(["init", target, "--from", "tiny", "--format", "xlsx", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"written": f"{target}.xlsx"}
    assert main(["validate", f"{target}.xlsx"]) == 0
    assert main(["init", f"{target}.xlsx"]) == 2
    capsys.readouterr()
    assert main(["init", target]) == 0
    assert "README.md in it says how to fill it in." in capsys.readouterr().out.replace("\n", " ")
    assert main(["validate", target, "--json"]) == 3
