"""How wide the columns of a table are on paper."""

from __future__ import annotations

from clusterplan.report.charts.style import width_of
from clusterplan.report.onepage.table import Table

LETTER_CM, SIDES_CM = 0.145, 0.4
"""Width of a letter of the size of tables, and the room a cell leaves at its sides."""
BOLD = 1.12
"""How much wider letters of heads are."""
MOST = 70
"""Letters beyond which a column of text is not made wider for them."""


def widths(table: Table, whole_cm: float) -> list[float]:
    """Return the width of each column, cm, which sum to the whole.

    Numbers and single words are never broken; what is left goes to text, by how much of it there is.

    Parameters
    ----------
    table
        The table.
    whole_cm
        What there is to share.
    """
    lines = [*table.rows, *([table.total] if table.total else [])]
    least, wanted = [], []
    for place, column in enumerate(table.columns):
        texts = [cells[place].text for cells in lines]
        whole = max((width_of(text) for text in texts), default=1)
        head = max((BOLD * width_of(part) for part in _parts(column.title)), default=1.0)
        word = max([head, *(width_of(part) for text in texts for part in _parts(text))])
        two_lines = BOLD * (width_of(column.title) / 2 + 1)  # a head of numbers takes two lines at most
        narrow = max(word, whole, two_lines) if column.number else word
        least.append(narrow * LETTER_CM + SIDES_CM)
        wanted.append(max(narrow, min(whole, MOST)) * LETTER_CM + SIDES_CM)
    left = whole_cm - sum(least)
    more = [want - low for want, low in zip(wanted, least, strict=True)]
    if left <= 0 or not any(more):
        scale = whole_cm / sum(least)
        return [low * scale for low in least]
    return [low + left * extra / sum(more) for low, extra in zip(least, more, strict=True)]


def _parts(text: str) -> list[str]:
    """Return what of a text stays on one line: its words; of Chinese, a few letters."""
    return [part if width_of(part) == len(part) else part[:4] for part in text.split()]
