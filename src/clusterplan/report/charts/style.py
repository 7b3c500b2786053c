"""What all charts have in common: colours, hatches, markers, letters, and words where there is nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation

from clusterplan.plan import Plan
from clusterplan.region import Region
from clusterplan.report.lettering import MISSING, chinese_font, families, leaves_out, legible
from clusterplan.report.words import Words, words

COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#999999")
"""Colours that all kinds of colour sight tell apart (Okabe and Ito 2008)."""
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "oo", "++")
"""Fillings in the order of the colours: in grey, colours of one brightness differ by these."""
MARKERS = ("o", "s", "D", "^", "v", "P", "X")
BLUE, ORANGE, VERMILION = "#0072B2", "#E69F00", "#D55E00"
INK, GREY, PALE, PAPER = "#222222", "#767676", "#dddddd", "#f4f4f4"
SMALL, TEXT, TITLE = 7.0, 8.5, 11.0
"""Sizes of letters, points."""
LINES: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.6}
"""Edges of bars and boxes."""


@contextmanager
def lettered() -> Iterator[None]:
    """Draw with the letters of all charts; a dollar sign in a name is one, and no formula."""
    with mpl.rc_context(
        {
            "font.family": families(),
            "text.parse_math": False,
            "hatch.linewidth": 0.5,
            "font.size": TEXT,
            "axes.titlesize": TITLE,
            "axes.labelsize": TEXT,
            "xtick.labelsize": TEXT,
            "ytick.labelsize": TEXT,
            "legend.fontsize": TEXT,
        }
    ):
        yield
        interactive = mpl.is_interactive()
    # The first picture loads the backend. A notebook's then turns interactive drawing on, without which it
    # shows no further picture; the context would turn it off again.
    mpl.interactive(interactive)


def axes_of(ax: Axes | None, width: float = 9.0, height: float = 5.5) -> Axes:
    """Return the axes given, or new ones on a figure of that size, inches."""
    if ax is None:
        _, ax = plt.subplots(figsize=(width, height), layout="constrained")
    return ax


def chart_words(lang: str) -> Words:
    """Return the words of a chart: English ones where no font here has the letters of the language."""
    asked = words(lang)
    return asked if lang == "en" or chinese_font() is not None else words("en")


def look(number: int) -> dict[str, Any]:
    """Return colour and hatch of the n-th kind of thing, from 0; 64 in a row all differ."""
    turn = number // len(COLOURS)
    return {"facecolor": COLOURS[number % len(COLOURS)], "hatch": HATCHES[(number + turn) % len(HATCHES)]}


def width_of(text: str) -> int:
    """Return how wide a text is, in Latin letters: a Chinese one counts as two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def fit(text: str, most: int = 30) -> str:
    """Return a text as it can be drawn, cut off with … where it is wider than so many letters.

    Examples
    --------
    >>> fit("Surface treatment", 10), fit("Anode", 10)
    ('Surface t…', 'Anode')
    """
    drawn = legible(text)
    if width_of(drawn) <= most:
        return drawn
    kept = ""
    for letter in drawn:
        if width_of(kept + letter) > most - 1:
            break
        kept += letter
    return f"{kept.rstrip()}…"


def title(ax: Axes, words: str, of: Plan | Region | None = None) -> None:
    """Write the title; the name of the region it is of in front, if any, cut to the width of the axes."""
    name = ""
    if of is not None:
        region = of.region if isinstance(of, Plan) else of
        figure = ax.figure.get_figure(root=True)
        assert figure is not None
        wide = ax.get_position(original=True).width * figure.bbox.width / figure.dpi  # whatever its aspect
        room = 72 * wide * 1.1 / (0.6 * TITLE)
        name = f"{fit(region.manifest.title, max(12, int(room) - width_of(words) - 2))}: "
    ax.set_title(f"{name}{words}", loc="left", fontsize=TITLE, color=INK)


def say_left_out(ax: Axes, texts: Iterable[object]) -> None:
    """Write below the axes that letters are left out, if some of the texts can't be drawn whole."""
    if leaves_out([str(text) for text in texts]):
        ax.annotate(
            MISSING, (1.0, 0.0), (0, -30), "axes fraction", "offset points", ha="right", va="top", fontsize=6
        ).set_color(GREY)


def empty(ax: Axes, words: str) -> Axes:
    """Write in the middle of empty axes why nothing is drawn."""
    ax.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
    ax.spines[:].set_color(PALE)
    ax.text(0.5, 0.5, words, ha="center", va="center", fontsize=TEXT + 1, color=GREY, wrap=True)
    return ax


def plain(ax: Axes, grid: str = "x") -> None:
    """Take away what is not needed, and draw a pale grid behind: of "x", of "y" or of neither, ""."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)
    if grid:
        ax.grid(axis="x" if grid == "x" else "y", color=PALE, linewidth=0.6)


def name_rows(ax: Axes, names: Sequence[str]) -> None:
    """Name the rows of a chart, the first on top; row n lies at n."""
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)


def money_a_year(plan: Plan) -> str:
    """Return the unit of yearly money in words."""
    return f"m {plan.region.manifest.currency} a year"


def patch(number: int, label: str) -> Patch:
    """Return an entry of a legend for the n-th kind of thing, as `look` has it."""
    return Patch(**look(number), **LINES, label=label)


def below(ax: Axes, handles: list[Any], columns: int = 3, under: float = 12.0) -> None:
    """Put a legend so many points below the axes."""
    lower = ScaledTranslation(0.0, -under / 72, ax.figure.dpi_scale_trans)
    ax.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0.0, 0.0),
        bbox_transform=ax.transAxes + lower,
        borderaxespad=0.0,
        ncols=columns,
        frameon=False,
    )
