"""CSV files as planners have them: which encoding, which delimiter, which cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from clusterplan.errors import Fault, InputError
from clusterplan.region.raw import Raw

MAX_ROWS = 1_000_000
MAX_COLUMNS = 1000
_DELIMITERS = (",", ";", "\t")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# What accented letters of a Western encoding become when read as GB18030: "ü" and the letter
# after it turn into one rare Chinese character that has a Latin letter beside it.
_BESIDE_LATIN = re.compile(r"[A-Za-z]([^\x00-\x7f])|([^\x00-\x7f])[A-Za-z]")


def decode(data: bytes, file: str) -> tuple[str, tuple[Fault, ...]]:
    """Return a file's text, read as UTF-8, as UTF-16 where it says so, or else as GB18030.

    Returns
    -------
    tuple of str and tuple of Fault
        The text, and a warning if it was taken for GB18030.

    Raises
    ------
    InputError
        If the file is none of these, or could be something else.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding, file), ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _strict(data, "gb18030", file)
        doubtful = _doubtful(text)
        if doubtful:
            raise _unreadable(
                file, f"The encoding cannot be told (read as GB18030 it says {doubtful!r})."
            ) from None
        warning = Fault(
            file,
            "It is not UTF-8 and was read as GB18030.",
            "Look at the names; to be sure, save it as UTF-8 (in Excel: CSV UTF-8).",
            rule="gb18030",
            level="warning",
        )
        return _without_nul(text, file), (warning,)
    return _without_nul(text, file), ()


def _strict(data: bytes, encoding: str, file: str) -> str:
    try:
        return _without_nul(data.decode(encoding), file)
    except UnicodeDecodeError:
        raise _unreadable(file, "It is neither UTF-8 nor GB18030 text.") from None


def _without_nul(text: str, file: str) -> str:
    if "\0" in text:
        raise _unreadable(file, "It holds NUL characters, so it is no text or UTF-16 without its mark.")
    return text


def _unreadable(file: str, why: str) -> InputError:
    mend = "Save it as UTF-8 (in Excel: CSV UTF-8; in LibreOffice: character set Unicode UTF-8)."
    return InputError([Fault(file, why, mend, rule="encoding")])


def _doubtful(text: str) -> str | None:
    """Return a word of text that was hardly written in GB18030, or None.

    An accented letter and the plain letter after it make a character whose second byte is ASCII;
    such characters are rare, and rarer still beside a Latin letter.
    """
    for match in _BESIDE_LATIN.finditer(text):
        code = (match[1] or match[2]).encode("gb18030")
        if len(code) == 2 and code[1] < 0x80:
            return text[max(0, match.start() - 5) : match.end() + 5].strip()
    return None


def read_csv(text: str, file: str, names: Iterable[str]) -> tuple[Raw, tuple[Fault, ...]]:
    """Split the text of a CSV file into cells.

    Parameters
    ----------
    text
        The text, decoded.
    file
        Name for messages.
    names
        Columns the table may have; they tell the delimiter.

    Returns
    -------
    tuple of Raw and tuple of Fault
        The cells by column, and what is wrong with the shape of the table. Rows without any cell
        filled are left out; rows are counted as a spreadsheet counts them.

    Raises
    ------
    InputError
        If there is no header, or quotes do not pair.
    """
    records = _records(text, file, _delimiter(text, frozenset(names)))
    if not records:
        mend = "Write the column names into the first row."
        raise InputError([Fault(file, "The file is empty.", mend, rule="empty_file")])
    (first, titles), body = records[0], records[1:]
    header = [title.strip() for title in titles]
    faults = list(header_faults(header, body, file, first))
    cells: dict[str, list[object]] = {name: [] for name in header if name}
    ragged: set[int] = set()
    columns = {name: header.index(name) for name in cells}
    for row, record in body:
        if _is_ragged(record, len(header)):
            ragged.add(row)
            faults.append(_ragged(file, row, len(record), len(header)))
        for name, place in columns.items():
            cells[name].append(record[place] if place < len(record) else None)
    return Raw(file, cells, tuple(row for row, _ in body), ragged=frozenset(ragged)), tuple(faults)


def _delimiter(text: str, names: frozenset[str]) -> str:
    """Return the delimiter under which the first filled line names most of the known columns."""
    line = next((line for line in text.splitlines() if line.strip()), "")

    def known(delimiter: str) -> int:
        return len(names.intersection(title.strip().strip('"') for title in line.split(delimiter)))

    return max(_DELIMITERS, key=known)


def _records(text: str, file: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    row = 0
    try:
        for row, record in enumerate(reader, start=1):
            if any(cell.strip() for cell in record):
                records.append((row, record))
            if len(records) > MAX_ROWS or len(record) > MAX_COLUMNS:
                why = f"It has more than {MAX_ROWS:,} rows, or more than {MAX_COLUMNS:,} columns."
                raise InputError([Fault(file, why, "Leave out what is not needed.", row, rule="too_big")])
    except csv.Error as error:
        why = (
            f"The row after it cannot be split into cells ({error})."
            if row
            else f"It cannot be split ({error})."
        )
        mend = 'Close every quote; write a quote inside a quoted cell twice ("").'
        raise InputError([Fault(file, why, mend, row=row or None, rule="broken_csv")]) from None
    return records


def _is_ragged(record: Sequence[str], width: int) -> bool:
    return len(record) < width or any(cell.strip() for cell in record[width:])


def _ragged(file: str, row: int, found: int, width: int) -> Fault:
    why = f"The row has {found} cells, the header has {width}."
    mend = "Quote cells that hold the delimiter, and leave no cell out (an empty one is two delimiters)."
    return Fault(file, why, mend, row=row, rule="ragged_row")


def header_faults(
    header: Sequence[str], body: Sequence[tuple[int, Sequence[str]]], file: str, first: int
) -> Iterable[Fault]:
    """Yield the faults of column names: a column of cells without one, a name that stands twice."""
    for place, name in enumerate(header):
        if not name and any(place < len(record) and record[place].strip() for _, record in body):
            why = f"Column {place + 1} has cells but no name."
            yield Fault(file, why, "Name the column, or delete it.", row=first, rule="nameless_column")
        if name and name in header[:place]:
            why = "Two columns have this name."
            yield Fault(file, why, "Keep one of them.", row=first, column=name, rule="repeated_column")
