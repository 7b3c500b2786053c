"""Bars in SVG: what speaks for coming, and what against, firm by firm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from clusterplan.report.charts.style import COLOURS, width_of
from clusterplan.report.numbers import written

WIDTH, NAMES, ROW = 1000, 300, 26
"""Width of the drawing, room for names, height of a row."""
LETTERS = 37
"""How wide a name may be, in Latin letters."""
ROOM = 90
"""Room for the amount at the end of a row."""


def bars(
    names: Sequence[str], parts: Mapping[str, Sequence[float]], totals: Sequence[float], label: str
) -> Markup:
    """Return stacked bars around zero, with a mark at each total, as an SVG element.

    Parameters
    ----------
    names
        What each row is called.
    parts
        By name, an amount a row; positive ones are stacked to the right, negative ones to the left.
    totals
        The sum of each row.
    label
        What the picture shows, for those who can't see it.
    """
    least = min(
        (sum(min(amounts[n], 0.0) for amounts in parts.values()) for n in range(len(names))), default=0.0
    )
    most = max(
        (sum(max(amounts[n], 0.0) for amounts in parts.values()) for n in range(len(names))), default=0.0
    )
    scale = (WIDTH - NAMES - ROOM) / max(most - least, 1e-9)
    zero = NAMES - least * scale
    legend = list(_legend(list(parts)))
    top = 14 + 24 * (1 + max((line for line, _ in legend), default=0))
    height = top + ROW * len(names) + 6
    drawn = [
        Markup('<svg class="bars" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            WIDTH, height, label
        ),
        *(mark for _, mark in legend),
    ]
    for n, name in enumerate(names):
        drawn += _row(top + ROW * n, _cut(name), [amounts[n] for amounts in parts.values()], zero, scale)
        drawn += _total(top + ROW * n, totals[n], [a[n] for a in parts.values()], zero, scale)
    line = Markup('<path class="zero" d="M{:.1f} {}V{}"/>').format(zero, top - 4, height - 2)
    return Markup("\n").join([*drawn, line, Markup("</svg>")])


def _cut(name: str) -> str:
    """Return a name as far as there is room for it; the browser has the letters for it."""
    if width_of(name) <= LETTERS:
        return name
    kept = next(n for n in range(len(name)) if width_of(name[: n + 1]) >= LETTERS)
    return f"{name[:kept]}…"


def _legend(parts: list[str]) -> Iterator[tuple[int, Markup]]:
    """Yield each part's square and name, with the line it stands in."""
    x, line = 8.0, 0
    for number, part in enumerate(parts):
        wide = 30 + 8.5 * width_of(part)
        if x + wide > WIDTH:
            x, line = 8.0, line + 1
        yield (
            line,
            Markup(
                '<rect class="bar" x="{:.0f}" y="{}" width="14" height="14" fill="{}"/>'
                '<text x="{:.0f}" y="{}">{}</text>'
            ).format(x, 6 + 24 * line, COLOURS[number % len(COLOURS)], x + 20, 18 + 24 * line, part),
        )
        x += wide


def _row(top: float, name: str, amounts: list[float], zero: float, scale: float) -> Iterator[Markup]:
    yield Markup('<text class="row" x="{}" y="{:.1f}">{}</text>').format(NAMES - 12, top + 17, name)
    ahead = behind = zero
    for number, amount in enumerate(amounts):
        wide = abs(amount) * scale
        if wide < 0.05:
            continue
        left = ahead if amount > 0 else behind - wide
        yield Markup('<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="17" fill="{}"/>').format(
            left, top + 4, wide, COLOURS[number % len(COLOURS)]
        )
        ahead, behind = (ahead + wide, behind) if amount > 0 else (ahead, behind - wide)


def _total(top: float, total: float, amounts: list[float], zero: float, scale: float) -> Iterator[Markup]:
    end = zero + scale * sum(max(amount, 0.0) for amount in amounts)
    yield Markup('<path class="mark" transform="translate({:.1f} {:.1f})" d="M0,-6L6,0L0,6L-6,0Z"/>').format(
        zero + total * scale, top + 12.5
    )
    yield Markup('<text x="{:.1f}" y="{:.1f}">{}</text>').format(end + 8, top + 17, written(total))
