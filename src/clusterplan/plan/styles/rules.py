"""What the layers of a plan look like, as rules: which features, which colour and size, which words.

Colours are those of Okabe and Ito, Color Universal Design (2008): the colour-blind can tell them apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from clusterplan.plan.plan import Plan

Comparison = Literal["=", "<", ">="]
Condition = tuple[str, Comparison, str | float | bool]
"""A column, how it is compared, and with what; a flag is compared with True or False, never with 1 or 0."""
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#000000")
GREY, DARK, LINE = "#bbbbbb", "#444444", "#a6a6a6"
FILLS = (("less than a third used", 0.0, "#deebf7"), ("a third to two thirds", 1 / 3, "#9ecae1"))
LAST_FILL = ("more than two thirds used", 2 / 3, "#3182bd")
WIDTHS_MM = (0.3, 0.9, 1.8, 3.0)
LABELS = {"parks": "name", "firms": "name"}
"""Column that labels a layer."""


@dataclass(frozen=True)
class Symbol:
    """How a feature is drawn.

    Parameters
    ----------
    kind
        What it is: an area, a point or a line.
    colour
        Fill of an area or a point, colour of a line, as ``#rrggbb``.
    size_mm
        Diameter of a point, width of a line, millimetres.
    shape
        Shape of a point.
    dashed
        True for a dashed line.
    """

    kind: Literal["fill", "marker", "line"]
    colour: str
    size_mm: float = 0.3
    shape: Literal["circle", "square", "star"] = "circle"
    dashed: bool = False


@dataclass(frozen=True)
class Rule:
    """Features drawn alike: those for which every condition (column, comparison, value) holds."""

    label: str
    conditions: tuple[Condition, ...]
    symbol: Symbol

    def __post_init__(self) -> None:
        # control characters of a title are no XML
        object.__setattr__(self, "label", "".join(part for part in self.label if part.isprintable()))


def rules_of(plan: Plan) -> dict[str, tuple[Rule, ...]]:
    """Return the rules of each layer of a plan, in the order in which they are drawn."""
    return {
        "parks": tuple(_parks(plan)),
        "firms": tuple(_firms(plan)),
        "supply": tuple(_supply(plan)),
        "links": (Rule("collaboration link", (), Symbol("line", COLOURS[3], 0.5, dashed=True)),),
    }


def _parks(plan: Plan) -> Iterator[Rule]:
    points = set(plan.parks.geom_type) <= {"Point"}
    kind: Literal["fill", "marker"] = "marker" if points else "fill"

    def symbol(colour: str) -> Symbol:
        return Symbol(kind, colour, 6.0, "square")

    is_open: Condition = ("open", "=", True)
    yield Rule("not open", (("open", "=", False),), symbol("#ffffff"))
    ends = [share for _, share, _ in (*FILLS[1:], LAST_FILL)]
    for (label, least, colour), end in zip(FILLS, ends, strict=True):
        conditions: tuple[Condition, ...] = (is_open, ("used_share", ">=", least), ("used_share", "<", end))
        yield Rule(label, conditions, symbol(colour))
    label, least, colour = LAST_FILL
    yield Rule(label, (is_open, ("used_share", ">=", least)), symbol(colour))


def _firms(plan: Plan) -> Iterator[Rule]:
    names = plan.region.manifest.stages
    present = set(plan.firms["stage"])
    for place, stage in enumerate(stage for stage in names if stage in present):
        colour = COLOURS[place % len(COLOURS)]
        # Where colours run out, shapes go on.
        shape: Literal["circle", "square"] = "circle" if place < len(COLOURS) else "square"
        label = names[stage] or stage
        of_stage: Condition = ("stage", "=", stage)
        owner, other = Symbol("marker", colour, 5.0, "star"), Symbol("marker", colour, 3.0, shape)
        yield Rule(f"{label} (chain owner)", (of_stage, ("is_anchor", "=", True)), owner)
        yield Rule(label, (of_stage, ("is_anchor", "=", False)), other)


def _supply(plan: Plan) -> Iterator[Rule]:
    ends = _classes(float(plan.supply["value_m_y"].max()) if len(plan.supply) else 0.0)
    unit = f"m {plan.region.manifest.currency} a year"
    for local, told, colour in ((True, "within reach", COLOURS[0]), (False, "from or to afar", LINE)):
        for place, width in enumerate(WIDTHS_MM[: len(ends) + 1]):
            conditions: list[Condition] = [("local", "=", local)]
            words = []
            if place:
                conditions.append(("value_m_y", ">=", ends[place - 1]))
                words.append(f"from {ends[place - 1]:g}")
            if place < len(ends):
                conditions.append(("value_m_y", "<", ends[place]))
                words.append(f"below {ends[place]:g}")
            label = f"{told}, {' '.join((*words, unit))}"
            # What comes from afar is long and would hide the rest.
            yield Rule(label, tuple(conditions), Symbol("line", colour, width if local else 0.5 * width))


def _classes(largest: float) -> tuple[float, ...]:
    """Return where a wider line begins: about 1, 10 and 50 % of the largest value, as round numbers."""
    if not largest > 0:
        return ()
    return tuple(dict.fromkeys(_round(largest * share) for share in (0.01, 0.1, 0.5)))


def _round(value: float) -> float:
    """Return a number of one digit that counts."""
    unit = 10.0 ** math.floor(math.log10(value))
    return float(f"{max(1, round(value / unit)) * unit:.6g}")
