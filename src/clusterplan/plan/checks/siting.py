"""Siting: who is placed, which parks are open, how hard firms run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clusterplan.plan.checks.breach import Breach, named
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.cells import at


def siting(case: Case) -> Iterator[Breach]:
    """Yield what is wrong with places, openings and loads."""
    yield from _firms(case)
    yield from _parks(case)
    yield from _loads(case)


def _firms(case: Case) -> Iterator[Breach]:
    firms, gauge, placed = case.firms, case.gauge, case.decided.placed
    home = at(case.parks.index, firms["park"])
    existing = np.flatnonzero(firms["status"] == "existing")
    yield from gauge.holds(
        "siting.existing", firms.index[existing], case.decided.park[existing] == home[existing]
    )
    for rule, must in (
        ("siting.committed", firms["status"] == "committed"),
        ("siting.locked_in_firm", firms["lock"] == "in"),
    ):
        here = np.flatnonzero(must)
        yield from gauge.holds(rule, firms.index[here], placed[here])
    variants = firms["variant_group"][placed].dropna().value_counts()
    yield from gauge.at_most("siting.variants", list(variants.index), variants.to_numpy(dtype=float), 1.0)


def _parks(case: Case) -> Iterator[Breach]:
    parks, gauge, opened = case.parks, case.gauge, case.decided.opened
    at_park = np.flatnonzero(case.decided.placed)
    here = case.decided.park[at_park]
    yield from gauge.holds("siting.open", named(case.firms.index[at_park], parks.index[here]), opened[here])
    for rule, chosen, holds in (
        ("siting.stays_open", parks["status"] == "open", opened),
        ("siting.locked_in_park", parks["lock"] == "in", opened),
        ("siting.stays_closed", (parks["status"] == "excluded") | (parks["lock"] == "out"), ~opened),
    ):
        rows = np.flatnonzero(chosen)
        yield from gauge.holds(rule, parks.index[rows], holds[rows])
    bounds, count = case.region.manifest.open_parks, float(opened.sum())
    yield from gauge.at_least("siting.least_open", ["open_parks"], count, bounds.at_least)
    if bounds.at_most is not None:
        yield from gauge.at_most("siting.most_open", ["open_parks"], count, bounds.at_most)


def _loads(case: Case) -> Iterator[Breach]:
    """min_load ≤ utilisation ≤ 1 where placed, 0 where not."""
    placed, load, ids = case.decided.placed, case.decided.load, case.firms.index
    least = case.firms["min_load"].to_numpy(dtype=float)
    yield from case.gauge.at_least("siting.min_load", ids[placed], load[placed], least[placed])
    yield from case.gauge.at_most("siting.full_load", ids[placed], load[placed], 1.0)
    yield from case.gauge.equal("siting.load_when_out", ids[~placed], load[~placed], 0.0)
