"""What is wrong with the coordinates of a GeoJSON geometry (RFC 7946, section 3.1), in a planner's words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

EXAMPLES: Mapping[str, str] = {
    "Point": "[104.6, 28.7]",
    "MultiPoint": "[[104.6, 28.7], [104.7, 28.8]]",
    "LineString": "[[104.6, 28.7], [104.7, 28.8]]",
    "MultiLineString": "[[[104.6, 28.7], [104.7, 28.8]]]",
    "Polygon": "[[[104.6, 28.7], [104.7, 28.7], [104.7, 28.8], [104.6, 28.7]]]",
    "MultiPolygon": "[[[[104.6, 28.7], [104.7, 28.7], [104.7, 28.8], [104.6, 28.7]]]]",
}
"""Coordinates as each type has them, by type."""
_LISTS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How many lists a position stands in, by type."""
_FEWEST = {"LineString": 2, "MultiLineString": 2, "Polygon": 3, "MultiPolygon": 3}
"""Positions a line or ring takes at least; a ring need not come back to its first one."""
_SHOWN = 40
"""Letters of a bad value that are shown."""


def coordinates_fault(kind: str, geometry: Mapping[str, Any]) -> tuple[str, str]:
    """Return what is wrong with coordinates that make no geometry of their type, and how to mend it.

    Parameters
    ----------
    kind
        Type of the geometry, one of `EXAMPLES`.
    geometry
        The geometry as it was read.

    Returns
    -------
    tuple of str and str
        Two sentences. Where the cause is not found, they say no more than that the coordinates are broken.

    Examples
    --------
    >>> coordinates_fault("Point", {"coordinates": [104.6]})[0]
    'A position of its Point is no pair of numbers: [104.6].'
    """
    mend = f"Write the coordinates of a {kind} as {EXAMPLES[kind]}, or draw the feature anew."
    if geometry.get("coordinates") is None:
        return f"Its {kind} has no coordinates.", mend
    sequences = _sequences(geometry["coordinates"], _LISTS[kind])
    if sequences is None:
        return f"Its coordinates are not nested as those of a {kind} are.", mend
    positions = [position for sequence in sequences for position in sequence]
    if (bad := next((one for one in positions if not _is_position(one)), None)) is not None:
        shown = json.dumps(bad, ensure_ascii=False)
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
        return f"A position of its {kind} is no pair of numbers: {shown}.", mend
    if len({len(position) for position in positions}) > 1:
        why = f"Some positions of its {kind} have a height, and some have none."
        return why, "Export the layer again without heights; they are not needed."
    fewest = _FEWEST.get(kind, 0)
    if (short := min(map(len, sequences), default=fewest)) < fewest:
        what = "ring" if fewest > _FEWEST["LineString"] else "line"
        return f"A {what} of its {kind} has too few positions: {short}.", mend
    return f"Its coordinates make no {kind}.", mend


def _sequences(coordinates: Any, lists: int) -> list[list[Any]] | None:
    """Return every list of positions in coordinates; None where they are nested in another way."""
    if lists == 0:
        coordinates, lists = [coordinates], 1
    level = [coordinates]
    for _ in range(lists - 1):
        if not all(isinstance(part, list) for part in level):
            return None
        level = [part for parts in level for part in parts]
    nested = all(
        isinstance(sequence, list)
        and all(isinstance(position, list) and not _holds_lists(position) for position in sequence)
        for sequence in level
    )
    return level if nested else None


def _holds_lists(position: list[Any]) -> bool:
    return any(isinstance(number, list) for number in position)


def _is_position(position: list[Any]) -> bool:
    """Return whether it is a longitude and a latitude, with a height or without."""
    numbers = all(isinstance(number, int | float) and not isinstance(number, bool) for number in position)
    return numbers and len(position) in (2, 3)
