"""Pictures of a brief: charts as PNG."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from clusterplan.report.charts.budgets import budgets
from clusterplan.report.charts.layout_map import layout_map
from clusterplan.report.charts.style import lettered
from clusterplan.report.onepage.material import Material

DPI = 180
"""Dots an inch: sharp on paper."""
WIDE = 9.5
"""Width, inches: letters shrink to about two thirds on paper."""


@dataclass(frozen=True)
class Picture:
    """A picture: PNG, what it shows in words, and how much of the width of the page it takes."""

    png: bytes
    alt: str
    share: float = 1.0


def map_picture(material: Material) -> Picture:
    """Return the layout map."""
    return Picture(_drawn(layout_map, material, 5.6), material.words("map.picture"))


def budget_picture(material: Material) -> Picture:
    """Return how full each budget is."""
    return Picture(
        _drawn(budgets, material, 1.6 + 0.24 * max(2, len(material.manifest.budgets))),
        material.words("brief.budgets"),
        0.75,
    )


def _drawn(draw: Callable[..., Axes], material: Material, high: float) -> bytes:
    """Return a chart, so high in inches: lower than by itself, for the height of a page is scarce."""
    with lettered():
        figure, ax = plt.subplots(figsize=(WIDE, high), layout="constrained")
    file = io.BytesIO()
    try:
        draw(material.plan, ax, lang=material.words.lang)
        figure.savefig(file, dpi=DPI, format="png", metadata={"Software": None})
    finally:
        plt.close(figure)
    return file.getvalue()
