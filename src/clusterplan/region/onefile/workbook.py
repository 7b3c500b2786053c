"""The sheets of a workbook (Office Open XML, ECMA-376 part 1), looked through before they are read.

A workbook is a zip of XML, and both can be made to blow up: how large it becomes is looked at first, and
document types, which XML needs for nothing here, are refused. Formulas are not computed; what the
spreadsheet last showed is read, and a formula it never computed is a fault.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from openpyxl.reader.excel import ExcelReader

from clusterplan.errors import Fault, InputError
from clusterplan.region.cells import is_empty
from clusterplan.region.files import MIB

MAX_UNPACKED_BYTES = 256 * MIB
MAX_PARTS = 2000
MAX_CELLS = 3_000_000

_AGAIN = "Save it again as an Excel workbook (.xlsx)."
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_UNCOMPUTED = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b[^<]*(?:</(?:\w+:)?f>)?\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_SHOWN = 5
"""Cells named in a message; more are counted."""


@dataclass(frozen=True)
class Sheet:
    """A sheet as found.

    Parameters
    ----------
    name
        Its name, without spaces at the ends.
    records
        Rows with a cell filled: the row as the sheet shows it, and its cells from column A on.
    merged
        Ranges of merged cells, such as ``B2:B5``.
    uncomputed
        Cells with a formula that was never computed.
    hidden
        True for a sheet that a spreadsheet does not show.
    """

    name: str
    records: tuple[tuple[int, tuple[Any, ...]], ...]
    merged: tuple[str, ...] = ()
    uncomputed: tuple[str, ...] = ()
    hidden: bool = False


def read_sheets(data: bytes, file: str) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, in order.

    Parameters
    ----------
    data
        Bytes of the file.
    file
        Name for messages.

    Raises
    ------
    InputError
        If it is no workbook, is too large once unpacked, or holds what no spreadsheet writes.
    """
    parts = _look_through(data, file)
    try:
        reader = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        reader.read()
        book = reader.wb
        xml_of = {sheet.name: parts.get(part.target, b"") for sheet, part in reader.parser.find_sheets()}
    except Exception as error:  # noqa: BLE001 - openpyxl raises what its parts happen to raise
        raise _refused(file, f"It cannot be read as a workbook: {error}.", _AGAIN) from None
    try:
        return tuple(_sheet(sheet, xml_of[sheet.title]) for sheet in book.worksheets)
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001
        raise _refused(file, f"A sheet cannot be read: {error}.", _AGAIN) from None
    finally:
        book.close()


def _look_through(data: bytes, file: str) -> dict[str, bytes]:
    """Return the XML of the sheets by part name, once size and contents are known to be harmless."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        why = "It is an old or encrypted workbook, whatever its name says."
        raise _refused(file, why, "Save it as an Excel workbook (.xlsx), without a password.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
                why = f"Unpacked it is larger than {MAX_UNPACKED_BYTES // MIB} MiB."
                mend = "Leave out sheets and pictures that are not needed."
                raise _refused(file, why, mend, "too_big")
            found: dict[str, bytes] = {}
            cells = 0
            for info in infos:
                if not info.filename.endswith((".xml", ".rels", ".vml")):
                    continue
                text = _unpacked(archive, info, file)
                if b"\0" in text[:200] or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise _refused(file, "It holds XML that no spreadsheet writes.", _AGAIN)
                if info.filename.startswith("xl/worksheets/"):
                    found[info.filename] = text
                    cells += sum(1 for _ in _CELL.finditer(text))
            if cells > MAX_CELLS:
                why = f"It has more than {MAX_CELLS:,} cells."
                mend = "Delete empty rows and columns that are formatted."
                raise _refused(file, why, mend, "too_big")
            return found
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, InputError):
            raise
        raise _refused(file, "It is no workbook, whatever its name says.", _AGAIN) from None


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str) -> bytes:
    """Return a part; what a zip says of its size is held to."""
    with archive.open(info) as part:
        text = part.read(info.file_size + 1)
    if len(text) > info.file_size:
        raise _refused(file, "Its parts are larger than it says.", _AGAIN, "too_big")
    return text


def _sheet(sheet: Any, xml: bytes) -> Sheet:
    sheet.reset_dimensions()  # what a file says of its size is often wrong
    records = [
        (row, cells)
        for row, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
        if not all(map(is_empty, cells))
    ]
    return Sheet(
        str(sheet.title).strip(),
        tuple(records),
        tuple(match[1].decode() for match in _MERGED.finditer(xml)),
        tuple(match[1].decode() for match in _UNCOMPUTED.finditer(xml)),
        hidden=sheet.sheet_state != "visible",
    )


def trimmed(sheet: Sheet, label: str) -> tuple[Sheet, tuple[Fault, ...]]:
    """Return a sheet without spaces at the ends of text, and a warning where there were any."""
    found: list[str] = []
    records = []
    for row, cells in sheet.records:
        kept = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
        found.extend(
            f"{_letters(place)}{row}"
            for place, cell in enumerate(cells)
            if kept[place] and kept[place] != cell
        )
        records.append((row, tuple(kept)))
    if not found:
        return replace(sheet, records=tuple(records)), ()
    why = f"The text in {_named(found)} has spaces at its ends; it was read without them."
    fault = Fault(label, why, "Delete the spaces.", _row(found[0]), rule="stray_spaces", level="warning")
    return replace(sheet, records=tuple(records)), (fault,)


def _letters(place: int) -> str:
    """Return the letters of a column, from 0: A, B, ..., Z, AA, ..."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sheet_faults(sheet: Sheet, label: str) -> Iterator[Fault]:
    """Yield what is wrong with the look of a sheet: merged cells, formulas without a value."""
    for area in sheet.merged:
        why = f"The cells {area} are merged, and only the first of them holds the value."
        mend = "Unmerge them, and write the value into each row it is meant for."
        yield Fault(label, why, mend, _row(area), rule="merged_cells")
    if sheet.uncomputed:
        why = f"The formula in {_named(sheet.uncomputed)} was never computed."
        mend = "Open the workbook in a spreadsheet and save it there, or paste the values in their place."
        yield Fault(label, why, mend, _row(sheet.uncomputed[0]), rule="uncomputed_formula")


def _row(area: str) -> int:
    return int(re.sub(r"\D", "", area.partition(":")[0]))


def _named(cells: Sequence[str]) -> str:
    more = len(cells) - _SHOWN
    return ", ".join(cells[:_SHOWN]) + (f" and {more} more cells" if more > 0 else "")


def _refused(file: str, why: str, mend: str, rule: str = "broken_workbook") -> InputError:
    return InputError([Fault(file, why, mend, rule=rule)])
