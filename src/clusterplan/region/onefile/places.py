"""Where things are, in the columns of a sheet: `lon` and `lat` of a point, or `wkt` of any shape.

Well-known text is that of OGC 06-103r4, section 7; numbers are written with as many digits as tell them
apart. A cell of a workbook holds 32,767 characters: longer text goes on in `wkt_2`, `wkt_3`, ...
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import shapely

from clusterplan.errors import Fault
from clusterplan.region.cells import CellError, is_empty, reader
from clusterplan.region.columns import Column
from clusterplan.region.raw import Raw

LON = Column("lon", "number", "Longitude of a point, WGS 84.", "degrees")
LAT = Column("lat", "number", "Latitude of a point, WGS 84.", "degrees")
WKT = Column("wkt", "text", "Shape as well-known text, longitude first, WGS 84; instead of lon and lat.")
PLACE_COLUMNS = (LON, LAT, WKT)
MOST_CHARACTERS = 32_000
"""Characters written into one cell of well-known text; a workbook allows a few more."""
_MORE = re.compile(r"wkt(_\d+)?")


def with_places(raw: Raw) -> tuple[Raw, tuple[Fault, ...]]:
    """Return a sheet with the geometry that its place columns say, and without these columns.

    Returns
    -------
    tuple of Raw and tuple of Fault
        The layer in EPSG:4326, and the cells that say no place.
    """
    faults: list[Fault] = []
    texts = sorted((name for name in raw.cells if _MORE.fullmatch(name)), key=_place_of)
    columns = {name: raw.cells[name] for name in (LON.name, LAT.name, *texts) if name in raw.cells}
    shapes: list[Any] = []
    for place, row in enumerate(raw.rows):
        cells = {name: column[place] for name, column in columns.items()}
        try:
            shapes.append(_shape(cells, texts))
        except _PlaceError as error:
            shapes.append(None)
            shown = None if is_empty(cells.get(error.column)) else str(cells[error.column])[:80]
            faults.append(Fault(raw.file, error.why, error.mend, row, error.column, shown, error.rule))
    rest = {name: cells for name, cells in raw.cells.items() if name not in columns}
    return replace(raw, cells=rest, geometry=shapes, crs="EPSG:4326"), tuple(faults)


class _PlaceError(CellError):
    def __init__(self, column: str, rule: str, why: str, mend: str) -> None:
        super().__init__(rule, why, mend)
        self.column = column


def _place_of(name: str) -> int:
    return int(name.partition("_")[2] or 1)


def _shape(cells: dict[str, Any], texts: Sequence[str]) -> Any:
    numbers = [name for name in (LON.name, LAT.name) if not is_empty(cells.get(name))]
    text = "".join(str(cells[name]) for name in texts if not is_empty(cells[name])).strip()
    if text and numbers:
        why, mend = "The row has both lon, lat and wkt.", "Keep one of the two."
        raise _PlaceError("wkt", "two_places", why, mend)
    if text:
        return _from_text(text)
    if not numbers:
        return None
    if len(numbers) == 1:
        missing = LAT.name if numbers == [LON.name] else LON.name
        why = f"There is {numbers[0]} without {missing}."
        raise _PlaceError(missing, "half_a_place", why, "Fill in both, in degrees, such as 104.62 and 28.77.")
    lon, lat = (_degrees(cells[column.name], column) for column in (LON, LAT))
    return shapely.Point(lon, lat)


def _degrees(cell: Any, column: Column) -> float:
    try:
        return float(reader(column)(cell))
    except CellError as error:
        raise _PlaceError(column.name, error.rule, error.why, error.mend) from None


def _from_text(text: str) -> Any:
    try:
        return shapely.from_wkt(text)
    except shapely.errors.ShapelyError as error:
        mend = "Copy it again (in QGIS: geom_to_wkt($geometry)), such as POLYGON ((104.6 28.7, ...))."
        # GEOS names its own kind of error first, which says nothing to a planner.
        why = f"It is no well-known text: {str(error).splitlines()[0].partition(': ')[2]}."
        raise _PlaceError("wkt", "bad_geometry", why, mend) from None


def as_text(shape: Any) -> str:
    """Return a shape as well-known text that reads back the very same numbers."""
    mapping = shapely.geometry.mapping(shape)
    nested = _nested(mapping["coordinates"])
    return f"{mapping['type'].upper()} {nested if nested.startswith('(') else f'({nested})'}"


def _nested(coordinates: Any) -> str:
    if isinstance(coordinates[0], float):
        return " ".join(repr(float(number)) for number in coordinates)
    return f"({', '.join(map(_nested, coordinates))})"


def columns_of(shapes: Sequence[Any]) -> dict[str, list[Any]]:
    """Return the place columns of a sheet: `lon` and `lat` where all are points, else `wkt` and more."""
    if all(shape is not None and shape.geom_type == "Point" and not shape.is_empty for shape in shapes):
        return {"lon": [shape.x for shape in shapes], "lat": [shape.y for shape in shapes]}
    parts = [list(_pieces(as_text(shape))) for shape in shapes]
    width = max(len(part) for part in parts)
    return {
        ("wkt" if place == 0 else f"wkt_{place + 1}"): [
            part[place] if place < len(part) else None for part in parts
        ]
        for place in range(width)
    }


def _pieces(text: str) -> Iterator[str]:
    """Yield text cut before numbers, so that no piece begins or ends with a space that may get lost."""
    while len(text) > MOST_CHARACTERS:
        cut = text.rfind(",", 0, MOST_CHARACTERS) + 1
        yield text[:cut]
        text = text[cut:].lstrip()
    yield text
