"""How a brief is set: A4, headings, tables that repeat their head, pictures with their text alternative."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph

from clusterplan.region.fixed_date import FIXED_DATE
from clusterplan.report.brief.content import Part
from clusterplan.report.brief.pictures import Picture
from clusterplan.report.brief.widths import widths
from clusterplan.report.onepage.table import Cell, Column
from clusterplan.report.words import Words

WIDE_CM, HIGH_CM, MARGIN_CM = 21.0, 29.7, 1.7
INSIDE_CM = WIDE_CM - 2 * MARGIN_CM
"""Width of what is written."""
TEXT_PT, SMALL_PT, TABLE_PT = 10.0, 8.0, 8.0
INK, GREY, HEAD, GROUP, LINE = (
    RGBColor(0x22, 0x22, 0x22),
    RGBColor(0x59, 0x59, 0x59),
    "DDE6EC",
    "F1F4F6",
    "BFC7CC",
)
LATIN, CHINESE = "Calibri", "Microsoft YaHei"
"""Letters; Word takes others where these are not installed."""
LONGEST = 255
"""Most letters of a property of a Word file."""
LANGUAGE = {"en": "en-GB", "zh": "zh-CN"}


class Document:
    """A Word document that is being written.

    Parameters
    ----------
    title
        Its title.
    words
        Its language.
    made_by
        What its foot says.
    """

    def __init__(self, title: str, words: Words, made_by: str) -> None:
        self._words = words
        self._made = docx.Document()
        properties = self._made.core_properties
        properties.title, properties.author, properties.comments = shown(title)[:LONGEST], made_by, ""
        properties.language = LANGUAGE[words.lang]
        properties.created = properties.modified = FIXED_DATE
        self._set_page(made_by)
        self._set_styles()
        self._made.add_heading(shown(title), level=0)
        self._small(words("brief.about"))

    def add(self, part: Part) -> None:
        """Write a part at the end."""
        if part.title:
            self._made.add_heading(shown(part.title), level=1)
        for said in part.said:
            self._made.add_paragraph(shown(said))
        if part.note:
            self._small(part.note)
        if part.picture is not None:
            self._picture(part.picture)
        if part.table is not None:
            self._table(part)

    def as_bytes(self) -> bytes:
        """Return the document as a file."""
        file = io.BytesIO()
        self._made.save(file)
        return file.getvalue()

    def _set_page(self, made_by: str) -> None:
        section = self._made.sections[0]
        section.page_width, section.page_height = Cm(WIDE_CM), Cm(HIGH_CM)
        section.left_margin = section.right_margin = Cm(MARGIN_CM)
        section.top_margin = section.bottom_margin = Cm(1.4)
        foot = section.footer.paragraphs[0]
        _written(foot, f"{made_by}\t\t", SMALL_PT, GREY)  # stops of its style: in the middle, at the right
        run = foot.add_run()
        run.font.size, run.font.color.rgb = Pt(SMALL_PT), GREY
        for kind, instruction in (("begin", ""), ("", "PAGE"), ("end", "")):
            run._r.append(_field(kind, instruction))

    def _set_styles(self) -> None:
        sizes = {"Normal": TEXT_PT, "Title": 18.0, "Heading 1": 12.5}
        for name, size in sizes.items():
            style: Any = self._made.styles[name]
            style.font.size, style.font.color.rgb = Pt(size), INK
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for attribute in list(fonts.attrib):
                if attribute.endswith("Theme"):
                    del fonts.attrib[attribute]
            for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", CHINESE), ("cs", LATIN)):
                fonts.set(qn(f"w:{script}"), font)
        normal: Any = self._made.styles["Normal"]
        normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(3), 1.0
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-GB")
        language.set(qn("w:eastAsia"), "zh-CN")
        normal.element.get_or_add_rPr().append(language)
        heading: Any = self._made.styles["Heading 1"]
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(8), Pt(2)

    def _small(self, text: str) -> None:
        paragraph = self._made.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        _written(paragraph, shown(text), SMALL_PT, GREY)

    def _picture(self, picture: Picture) -> None:
        drawn = self._made.add_picture(io.BytesIO(picture.png), width=Cm(picture.share * INSIDE_CM))
        properties = drawn._inline.docPr
        properties.set("descr", picture.alt)
        properties.set("title", picture.alt)

    def _table(self, part: Part) -> None:
        table = part.table
        assert table is not None
        lines = [*table.rows, *([table.total] if table.total else [])]
        made = self._made.add_table(1, len(table.columns), style="Normal Table")
        made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        _rule(made)
        sizes = widths(table, INSIDE_CM)
        self._row(made, 0, [Cell(column.title) for column in table.columns], table.columns, bold=True)
        _shade(made, 0, HEAD)
        _repeat(made, 0)
        above = {}
        at = 0
        for words, count in part.groups:
            above[at] = words
            at += count
        for place, cells in enumerate(lines):
            if place in above:
                self._group(made, above[place])
            made.add_row()
            is_total = table.total is not None and place == len(lines) - 1
            self._row(made, len(made.rows) - 1, list(cells), table.columns, bold=is_total)
        for column, size in enumerate(sizes):
            made.columns[column].width = Cm(size)
        for row in made.rows:
            _keep_whole(row)
            for cell, size in zip(row._tr.tc_lst, sizes, strict=False):
                if cell.grid_span == 1:
                    cell.width = Cm(size)

    def _row(
        self, made: WordTable, at: int, cells: list[Cell], columns: tuple[Column, ...], *, bold: bool
    ) -> None:
        for place, cell, column in zip(made.rows[at].cells, cells, columns, strict=True):
            _fill(place, shown(cell.text), bold=bold, right=column.number)

    def _group(self, made: WordTable, words: str) -> None:
        """Write a line over all columns, that stays with the row below it."""
        row = made.add_row()
        merged = row.cells[0].merge(row.cells[-1])
        _fill(merged, shown(words), bold=True)
        merged.paragraphs[0].paragraph_format.keep_with_next = True
        _shade(made, len(made.rows) - 1, GROUP)


def shown(text: str) -> str:
    r"""Return text as a document can hold it: on one line, without letters that control.

    Examples
    --------
    >>> shown("Cell\u0000s\nand <b>")
    'Cells and <b>'
    """
    line = " ".join(text.split())
    return "".join(letter for letter in line if unicodedata.category(letter) not in ("Cc", "Cs", "Co", "Cn"))


def _written(paragraph: Paragraph, text: str, size: float, colour: RGBColor = INK) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(size), colour


def _fill(cell: WordCell, text: str, *, bold: bool = False, right: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = 2
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(TABLE_PT), bold


def _shade(made: WordTable, at: int, colour: str) -> None:
    for cell in made.rows[at]._tr.tc_lst:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
            shade.set(qn(f"w:{name}"), value)
        cell.get_or_add_tcPr().append(shade)


def _rule(made: WordTable) -> None:
    """Draw pale lines between rows, and none between columns."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    made._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def _repeat(made: WordTable, at: int) -> None:
    """Let a row stand at the top of each page that the table goes on on."""
    made.rows[at]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_whole(row: Any) -> None:
    """Let no page end within a row."""
    row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))


def _field(kind: str, instruction: str) -> Any:
    if not kind:
        field = OxmlElement("w:instrText")
        field.text = instruction
        return field
    field = OxmlElement("w:fldChar")
    field.set(qn("w:fldCharType"), kind)
    return field
