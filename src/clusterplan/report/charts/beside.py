"""Two maps side by side: two plans of a region, or how it is today and how it would be."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from clusterplan.distance import region_distances
from clusterplan.errors import UsageError
from clusterplan.explore.market.ends import plan_of, traded_today
from clusterplan.instance import instance_of
from clusterplan.plan import Plan, Proof
from clusterplan.region import Region
from clusterplan.report.charts.layout_map import draw_map, side_pt
from clusterplan.report.charts.mapplaces import map_places
from clusterplan.report.charts.mapview import View
from clusterplan.report.charts.style import lettered


def side_by_side(
    first: Plan,
    second: Plan,
    axes: Sequence[Axes] | None = None,
    *,
    words: tuple[str, str] = ("first plan", "second plan"),
) -> tuple[Axes, Axes]:
    """Draw two plans of one region as maps side by side, everything in the same place in both.

    Firms of the first plan that are not in the second, or stand elsewhere there, are crossed out in the
    first; in the second, those that are new, or have come from another park, have a thick edge.

    Parameters
    ----------
    first, second
        Plans of regions with the same parks and stages.
    axes
        Two axes to draw on; new ones if None.
    words
        What stands in the titles.

    Returns
    -------
    (Axes, Axes)
        The maps.

    Raises
    ------
    UsageError
        If the regions differ in their parks or stages.
    """
    here, there = (plan.region for plan in (first, second))
    if list(here.parks.index) != list(there.parks.index) or here.manifest.stages != there.manifest.stages:
        raise UsageError(
            f"Plans of {here.name} and {there.name} can't stand side by side: their parks or stages differ. "
            "Draw each by itself with plan.map()."
        )
    before, after = (plan.firms["park"].dropna().to_dict() for plan in (first, second))
    left = {firm for firm, park in before.items() if after.get(firm) != park}
    came = {firm for firm, park in after.items() if before.get(firm) != park}
    with lettered():
        if axes is None:
            _, axes = plt.subplots(1, 2, figsize=(17.6, 7.2), layout="compressed")
        one, other = axes
        places = map_places([first, second], min(side_pt(one), side_pt(other)))
        draw_map(first, View(places, words[0], left=left, legend=False, beside=second), one)
        draw_map(second, View(places, words[1], came=came, gone=bool(left), beside=first), other)
    return one, other


def before_after(plan: Plan, axes: Sequence[Axes] | None = None) -> tuple[Axes, Axes]:
    """Draw the region as it is today, with what exists, beside the plan; see `side_by_side`.

    Parameters
    ----------
    plan
        The plan.
    axes
        Two axes to draw on; new ones if None.

    Examples
    --------
    >>> import clusterplan as cp
    >>> before, after = cp.charts.before_after(cp.solve(cp.load_region("tiny")))
    >>> before.get_title(loc="left")
    'Tiny valley, a region to compute by hand: today'
    """
    return side_by_side(today(plan.region), plan, axes, words=("today", f"{plan.status} plan"))


def today(region: Region) -> Plan:
    """Return the existing firms, with what they trade, as a plan.

    Raises
    ------
    NoPlanError
        If they can't trade what their least loads ask for.
    """
    distances = region_distances(region)
    instance = instance_of(region, distances)
    return plan_of(region, distances, instance, traded_today(region, instance), Proof("today", 0.0))
