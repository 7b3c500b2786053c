"""The brief for Word: it says what the page says, in two languages, on few pages, and obeys no text."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from chart_pictures import dresden, tiny
from docx.oxml.ns import qn

import clusterplan as cp
from clusterplan.cli import main
from clusterplan.errors import UsageError
from clusterplan.plan.manifest_json import changed_files
from clusterplan.report import write_brief
from clusterplan.report.brief.content import LARGEST, NAMED, Part, content
from clusterplan.report.brief.decides import why_come
from clusterplan.report.brief.widths import _parts, widths
from clusterplan.report.charts import budgets, layout_map, style
from clusterplan.report.onepage.answer import answer
from clusterplan.report.onepage.material import Material, quick_baseline
from clusterplan.report.onepage.risks import found_risks
from clusterplan.report.words import words


def texts(document: docx.document.Document) -> Iterator[str]:
    yield from (paragraph.text for paragraph in document.paragraphs)
    for table in document.tables:
        for row in table.rows:
            yield from (cell.text for cell in row.cells)


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_brief(tiny(), tmp_path_factory.mktemp("brief") / "tiny.docx")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_brief_says_what_the_page_says_in_either_language(lang: str, tmp_path: Path) -> None:
    plan, w = tiny(), words(lang)
    document = docx.Document(str(write_brief(plan, tmp_path / "b.docx", lang=lang)))
    said = list(texts(document))
    assert answer(Material(plan, w, quick_baseline(plan))).said[0] in said
    heads = ("answer", "figures", "map", "brief_firms", "supply", "grants", "risks", "assumed", "proof")
    found = [
        one.text for one in document.paragraphs if one.style is not None and one.style.name == "Heading 1"
    ]
    assert found == [w(f"h.{head}") for head in heads]
    whole = "\n".join(said)
    for name in (plan.region.manifest.title, *plan.firms["name"], *plan.parks["name"]):
        assert name in whole
    assert w("status.optimal") in whole


def test_firms_stand_under_their_park_with_what_decides(english: Path) -> None:
    firms = docx.Document(str(english)).tables[1]
    rows = [list(dict.fromkeys(cell.text for cell in row.cells)) for row in firms.rows]
    assert rows[1:] == [
        ["North park (open already, 30 of 30 ha in use)"],
        ["Valley Cars (chain owner)", "Car assembly", "there already", ""],
        ["Soft Seats", "Seats", "0.30 more than elsewhere", "South park: 0.02 more"],
        ["South park (newly opened, 15 of 30 ha in use)"],
        [
            "Bright Batteries",
            "Batteries",
            "only for collaboration 1.12, grants 0.07",
            "none has room or admits it",
        ],
    ]


def test_what_a_firm_comes_for_it_would_not_come_without(english: Path) -> None:
    """Without grants nobody comes who comes for grants; the others come for what they name, or anyway."""
    plan = tiny()
    material = Material(plan, words("en"))
    for_grants = {firm for firm in plan.firms.index if "grants" in why_come(material, firm)}
    none = cp.solve(plan.region.replace(incentives=None))
    left = set(plan.firms.index[plan.firms["park"].notna()]) - set(
        none.firms.index[none.firms["park"].notna()]
    )
    assert for_grants
    assert for_grants == left


def test_pictures_have_words_and_tables_repeat_their_heads(english: Path) -> None:
    body = docx.Document(str(english)).element.body
    described = [one.get("descr") for one in body.iter(qn("wp:docPr"))]
    assert len(described) == 2
    assert all(described)
    assert all(
        one[0].find(f".//{qn('w:tblHeader')}") is not None for one in map(list_rows, body.iter(qn("w:tbl")))
    )


def test_what_a_table_is_like_stands_in_the_order_that_word_reads(english: Path) -> None:
    """ECMA-376, part 1, section 17.4.59: the children of tblPr are a sequence."""
    order = ["tblStyle", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    tables = list(docx.Document(str(english)).element.body.iter(qn("w:tblPr")))
    assert len(tables) == 5
    for told in tables:
        found = [child.tag.partition("}")[2] for child in told]
        assert found == sorted(found, key=order.index)


def list_rows(table: object) -> list:
    return list(table.iter(qn("w:tr")))


@pytest.fixture(scope="module")
def long() -> tuple[Material, list[Part]]:
    """Return a plan of many firms, and the parts of its brief."""
    material = Material(dresden(), words("en"), quick_baseline(dresden()))
    return material, list(content(material))


def test_a_long_plan_is_cut_to_the_largest_and_says_so(long: tuple[Material, list[Part]]) -> None:
    material, parts = long[0], {part.title: part for part in long[1]}
    supply = parts["Supply"]
    assert supply.table is not None
    assert len(supply.table.rows) == LARGEST < len(dresden().supply)
    assert supply.note == f"The {LARGEST} largest of {len(dresden().supply)}."
    values = [row[3].sort for row in supply.table.rows]
    assert values == sorted(dresden().supply["value_m_y"], reverse=True)[:LARGEST]
    many = {who[0]: who for _, who in found_risks(material) if len(who) > NAMED}
    risks = parts["Risks"].table
    assert risks is not None and many
    for row in risks.rows:
        first = row[2].text.split("; ")[0]
        if first in many and int(row[1].text) == len(many[first]):
            assert row[2].text.endswith(f"and {len(many[first]) - NAMED} more")


def test_text_of_the_region_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    region = cp.load_region("tiny")
    firms = region.firms
    firms.loc["seats", "name"] = "<img onerror=x> & <w:br/>"
    plan = cp.solve(region.replace(firms=firms))
    assert "seats" in firms.index
    said = list(texts(docx.Document(str(write_brief(plan, tmp_path / "b.docx")))))
    assert "<img onerror=x> & <w:br/>" in said


def test_the_command_and_the_plan_write_the_same_bytes_every_time(
    english: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny().save(tmp_path / "out")
    assert main(["report", str(folder), "--format", "docx"]) == 0
    assert capsys.readouterr().out.strip() == str(folder / "brief.docx")
    assert (folder / "brief.docx").read_bytes() == english.read_bytes()
    assert changed_files(folder) == ()
    assert tiny().report(tmp_path / "mine.docx").read_bytes() == english.read_bytes()
    assert main(["report", str(folder), "-o", str(tmp_path / "by_name.docx")]) == 0
    assert (tmp_path / "by_name.docx").read_bytes() == english.read_bytes()
    assert (
        docx.Document(io.BytesIO(english.read_bytes())).core_properties.title == tiny().region.manifest.title
    )


def test_without_python_docx_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.delitem(sys.modules, "clusterplan.report.brief.document", raising=False)
    with pytest.raises(UsageError, match=r"pip install 'clusterplan\[word\]'"):
        write_brief(tiny(), tmp_path / "b.docx")
    folder = tiny().save(tmp_path / "out")
    assert main(["report", str(folder), "--format", "docx"]) == 2
    assert "clusterplan[word]" in capsys.readouterr().err
    assert not (folder / "brief.docx").exists()


def test_a_brief_in_no_known_language_or_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not in 'fr'"):
        write_brief(tiny(), tmp_path / "b.docx", lang="fr")
    with pytest.raises(UsageError, match="Choose another place"):
        write_brief(tiny(), tmp_path / "none" / "b.docx")


def test_columns_share_the_page_and_break_no_number(long: tuple[Material, list[Part]]) -> None:
    for part in long[1]:
        if part.table is None:
            continue
        sizes = widths(part.table, 17.2)
        assert sum(sizes) == pytest.approx(17.2)
        for place, column in enumerate(part.table.columns):
            if column.number:
                longest = max(len(row[place].text) for row in part.table.rows)
                assert sizes[place] > 0.13 * longest


def test_charts_speak_chinese_where_a_font_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "chinese_font", lambda: None)
    assert budgets(tiny(), lang="zh").get_xlabel() == "share of the budget"
    monkeypatch.setattr(style, "chinese_font", lambda: "Noto Sans CJK SC")
    assert budgets(tiny(), lang="zh").get_xlabel() == "占预算的比例"
    legend = layout_map(tiny(), lang="zh").get_legend()
    assert legend is not None
    assert "链主" in [text.get_text() for text in legend.get_texts()]
    assert budgets(tiny()).get_xlabel() == "share of the budget"
    style.plt.close("all")


def test_a_title_may_be_longer_than_word_has_room_for(tmp_path: Path) -> None:
    title = "A region of many words " * 20
    region = cp.load_region("tiny")
    manifest = {**region.manifest.model_dump(exclude_unset=True), "title": title}
    document = docx.Document(
        str(write_brief(cp.solve(region.replace(manifest=manifest)), tmp_path / "b.docx"))
    )
    assert document.paragraphs[0].text.startswith(title.strip())


def test_words_with_an_umlaut_stay_on_one_line_and_chinese_may_be_broken() -> None:
    assert _parts("Gazdasági Övezet") == ["Gazdasági", "Övezet"]
    assert _parts("三江新区东部产业园") == ["三江新区"]
