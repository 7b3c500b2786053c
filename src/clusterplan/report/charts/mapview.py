"""How a plan is shown on a map."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from clusterplan.plan import Plan
from clusterplan.report.charts.mapplaces import MapPlaces
from clusterplan.report.charts.style import chart_words
from clusterplan.report.words import Words


@dataclass(frozen=True)
class View:
    """How a plan is shown on a map.

    Parameters
    ----------
    places
        Where things stand.
    words
        What stands in the title after the region; None: the plan's status.
    came, left
        Firms that are marked as new, and those that are crossed out: that are not there in the other plan.
    gone
        Whether the legend tells what is crossed out.
    legend
        Whether it has a legend.
    beside
        The plan that it is set beside: arrows are drawn to one scale, and the legend tells what is in either.
    lang
        Language of the words.
    """

    places: MapPlaces
    words: str | None = None
    came: Collection[str] = field(default_factory=frozenset)
    left: Collection[str] = field(default_factory=frozenset)
    gone: bool = False
    legend: bool = True
    beside: Plan | None = None
    lang: str = "en"

    @property
    def spoken(self) -> Words:
        """The words of the map."""
        return chart_words(self.lang)
