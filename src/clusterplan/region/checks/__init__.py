"""Checks across the rows and tables of a region, and of what they mean: one kind of check a file.

Cells by themselves (kind, limits, choices, required) are the reader's. A check takes what is known and yields
faults; it passes over holes left by cells that could not be read, so that one cause gives one fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from clusterplan.errors import Fault
from clusterplan.region.checks.areas import check_areas
from clusterplan.region.checks.crs import check_crs
from clusterplan.region.checks.firms import check_firms
from clusterplan.region.checks.geometry import check_geometry
from clusterplan.region.checks.groups import check_groups
from clusterplan.region.checks.incentives import check_incentives
from clusterplan.region.checks.instruments import check_instruments
from clusterplan.region.checks.keys import check_keys
from clusterplan.region.checks.known import Known
from clusterplan.region.checks.links import check_links
from clusterplan.region.checks.locks import check_locks
from clusterplan.region.checks.loops import check_loops
from clusterplan.region.checks.markets import check_markets
from clusterplan.region.checks.matrix import check_matrix
from clusterplan.region.checks.method import check_method
from clusterplan.region.checks.names import check_names
from clusterplan.region.checks.needs import check_needs
from clusterplan.region.checks.phases import check_phases
from clusterplan.region.checks.places import check_places
from clusterplan.region.checks.pools import check_pools
from clusterplan.region.checks.presence import check_presence
from clusterplan.region.checks.recipes import check_recipes
from clusterplan.region.checks.references import check_references
from clusterplan.region.checks.requirements import check_requirements
from clusterplan.region.checks.roads import check_roads
from clusterplan.region.checks.scenarios import check_scenarios
from clusterplan.region.checks.second_routes import check_second_routes
from clusterplan.region.checks.separations import check_separations
from clusterplan.region.checks.works import check_works
from clusterplan.region.draft import Draft

__all__ = ["check"]

_IDS: tuple[Callable[[Known], Iterator[Fault]], ...] = (check_keys, check_references)
_MEANING: tuple[Callable[[Known], Iterator[Fault]], ...] = (
    check_presence,
    check_crs,
    check_names,
    check_geometry,
    check_places,
    check_areas,
    check_firms,
    check_locks,
    check_needs,
    check_recipes,
    check_second_routes,
    check_links,
    check_loops,
    check_markets,
    check_incentives,
    check_instruments,
    check_groups,
    check_works,
    check_pools,
    check_requirements,
    check_separations,
    check_phases,
    check_method,
    check_roads,
    check_matrix,
    check_scenarios,
)


def check(draft: Draft) -> list[Fault]:
    """Return every fault of a region's tables taken together.

    Parameters
    ----------
    draft
        Tables as read: cells typed, not yet checked against each other.

    Returns
    -------
    list of Fault
        Errors and warnings, in the order of the checks. While ids are wrong, warnings are kept back: most
        would only say in other words that an id was not found.
    """
    known = Known(draft)
    ids = [fault for run in _IDS for fault in run(known)]
    meaning = [fault for run in _MEANING for fault in run(known)]
    if ids:
        meaning = [fault for fault in meaning if fault.level == "error"]
    return [*ids, *meaning]
