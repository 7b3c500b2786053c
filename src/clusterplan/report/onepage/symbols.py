"""Colour, shape and number of each stage on map and picture: told apart by any eyes, and in grey."""

from __future__ import annotations

from dataclasses import dataclass

from clusterplan.report.charts.style import COLOURS, MARKERS
from clusterplan.report.onepage.material import Material

SHAPES = {
    "o": "M0,-6A6,6 0 1 1 0,6A6,6 0 1 1 0,-6Z",
    "s": "M-5.3,-5.3H5.3V5.3H-5.3Z",
    "D": "M0,-7L7,0L0,7L-7,0Z",
    "^": "M0,-6.5L6.5,5.5H-6.5Z",
    "v": "M0,6.5L6.5,-5.5H-6.5Z",
    "P": "M-2.2,-6.5H2.2V-2.2H6.5V2.2H2.2V6.5H-2.2V2.2H-6.5V-2.2H-2.2Z",
    "X": "M-6,-3.6L-3.6,-6L0,-2.4L3.6,-6L6,-3.6L2.4,0L6,3.6L3.6,6L0,2.4L-3.6,6L-6,3.6L-2.4,0Z",
}
"""Outlines of the markers of the map, as SVG paths around 0, 0."""
STAR = "M0,-9L2.3,-3.1L8.6,-2.8L3.7,1.2L5.3,7.3L0,3.8L-5.3,7.3L-3.7,1.2L-8.6,-2.8L-2.3,-3.1Z"
"""Outline of a chain owner."""


@dataclass(frozen=True)
class Symbol:
    """How a stage is drawn: its id, name, colour, outline, number in the chain, and the ink of the number."""

    stage: str
    name: str
    colour: str
    path: str
    number: int
    ink: str


def symbols(material: Material) -> dict[str, Symbol]:
    """Return the symbol of each stage that has a firm placed, in the order of the chain."""
    used = set(material.placed["stage"])
    return {
        stage: Symbol(
            stage,
            name or stage,
            COLOURS[number % len(COLOURS)],
            SHAPES[MARKERS[number // len(COLOURS) % len(MARKERS)]],
            number + 1,
            _ink(COLOURS[number % len(COLOURS)]),
        )
        for number, (stage, name) in enumerate(material.manifest.stages.items())
        if stage in used
    }


def _ink(colour: str) -> str:
    """Return black or white, whichever stands out from a colour (relative luminance of WCAG 2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (light + 0.05) ** 2 > 0.05 * 1.05 else "#ffffff"
