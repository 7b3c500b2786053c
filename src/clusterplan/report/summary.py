"""A plan as a Markdown summary: for an e-mail, a wiki, or a document of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from clusterplan.explore import Baseline
from clusterplan.plan import Plan
from clusterplan.report.onepage.answer import answer, figures
from clusterplan.report.onepage.dealings import dealings
from clusterplan.report.onepage.layout import layout
from clusterplan.report.onepage.material import Material, quick_baseline
from clusterplan.report.onepage.risks import risks
from clusterplan.report.onepage.table import Cell, Section, Table
from clusterplan.report.put import put
from clusterplan.report.words import words

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")
"""Signs that mean something in Markdown."""
_FIRST = re.compile(r"^(\d*)([-+=.)])")
"""What makes a line a list or a heading where it begins with it."""


def write_summary(plan: Plan, file: str | Path, *, lang: str = "en", beside: Baseline | None = None) -> Path:
    """Write a plan as a Markdown summary.

    Parameters
    ----------
    plan
        The plan.
    file
        Where to write it; replaced if it is there.
    lang, beside
        As of `summary`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        If it can't be written in that language, or not at that place.
    """
    return put(summary(plan, lang=lang, beside=beside).encode(), file, "summary")


def summary(plan: Plan, *, lang: str = "en", beside: Baseline | None = None) -> str:
    """Return a plan as Markdown: the answer, the figures, parks, firms, supply, grants and risks.

    Text of the region is shown, never obeyed: signs that mean something in Markdown are escaped.

    Parameters
    ----------
    plan
        The plan.
    lang
        Language: ``en`` or ``zh``.
    beside
        What would be there without a plan (`clusterplan.baseline`). None: worked out here if quick.

    Raises
    ------
    UsageError
        If it can't be written in that language.
    """
    material = Material(plan, words(lang), quick_baseline(plan) if beside is None else beside)
    sections = (
        answer(material),
        figures(material),
        *layout(material),
        *dealings(material),
        *risks(material),
    )
    lines = [f"# {escaped(plan.region.manifest.title)}", ""]
    for section in sections:
        lines += _section(section)
    return "\n".join(lines)


def _section(section: Section) -> Iterator[str]:
    yield from (f"{'#' * section.level} {escaped(section.title)}", "")
    for said in (*section.said, section.note):
        if said:
            yield from (escaped(said), "")
    for table in section.tables:
        yield from (*_table(table), "")


def _table(table: Table) -> Iterator[str]:
    yield _row([escaped(column.title) for column in table.columns])
    yield _row(["---:" if column.number else "---" for column in table.columns])
    for cells in (*table.rows, *((table.total,) if table.total else ())):
        yield _row([_cell(cell) for cell in cells])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    # A number keeps its sign as it is; in a table it begins no list.
    return cell.text if cell.sort is not None else escaped(cell.text)


def escaped(text: str) -> str:
    """Return text that Markdown shows as it stands, on one line."""
    one_line = " ".join(text.split())
    return _FIRST.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", one_line)).replace("&", "&amp;")
