"""Numbers: requirements and open parks that no plan can meet, whoever comes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clusterplan.errors import Fault
from clusterplan.instance import Bools, Instance, Requirement
from clusterplan.plan.certain.room import ROUNDING
from clusterplan.region import Region


def counts(region: Region, instance: Instance) -> Iterator[Fault]:
    """Yield a fault for each requirement, and each bound on open parks, that no plan can meet."""
    sites = instance.sites
    for required in sites.requirements:
        places = sites.admissible & required.firms[:, None] & required.parks[None, :]
        able: Bools = np.asarray(places.any(axis=1))
        sure = sites.must_place & able & ~(sites.admissible & ~places).any(axis=1)
        if required.at_least > _different(instance, able):
            yield _asks(required, "at_least", f"only {_different(instance, able)} can be placed so")
        elif (lacking := _lacking(instance, required, able, sure)) is not None:
            yield _asks(required, "at_least", f"there is not enough {lacking} even for the smallest")
        if sure.sum() > required.at_most:
            yield _asks(required, "at_most", f"{int(sure.sum())} must be")
    occupied = sites.open_always | sites.admissible[
        sites.must_place & (sites.admissible.sum(axis=1) == 1)
    ].any(axis=0)
    if occupied.sum() > sites.open_max:
        yield _parks("at_most", sites.open_max, f"{int(occupied.sum())} must be")
    if (~sites.open_never).sum() < sites.open_min:
        yield _parks("at_least", sites.open_min, f"only {int((~sites.open_never).sum())} can be")


def _different(instance: Instance, firms: Bools) -> int:
    """Return how many of some firms can be placed, where at most one of a variant group is."""
    variant = instance.sites.variant[firms]
    return int((variant < 0).sum()) + len(set(variant[variant >= 0].tolist()))


def _lacking(instance: Instance, required: Requirement, able: Bools, sure: Bools) -> str | None:
    """Return the resource of which a requirement's parks have too little for its smallest firms."""
    sites = instance.sites
    n = round(required.at_least) - int(sure.sum())
    if n <= 0:
        return None
    for r, resource in enumerate(sites.resources):
        smallest = np.sort(sites.needs[r, able & ~sure])[:n].sum()
        inside = (
            sites.must_place
            & sites.admissible.any(axis=1)
            & ~(sites.admissible & ~required.parks).any(axis=1)
        )
        taken = sites.needs[r, inside & ~(able & ~sure)].sum()
        if smallest + taken > sites.capacity[r, required.parks].sum() * (1 + ROUNDING):
            return resource
    return None


def _asks(required: Requirement, side: str, but: str) -> Fault:
    asked = required.at_least if side == "at_least" else required.at_most
    words = "At least" if side == "at_least" else "At most"
    return Fault(
        file="requirements.csv",
        why=f"{words} {asked:.0f} of '{required.name}' are asked for, but {but}.",
        mend="Lower at_least, add candidates or room." if side == "at_least" else "Raise at_most.",
        column=side,
        value=f"{asked:.0f}",
        rule="unreachable_requirement" if side == "at_least" else "broken_requirement",
    )


def _parks(side: str, bound: int, but: str) -> Fault:
    words = "At least" if side == "at_least" else "At most"
    return Fault(
        file="region.yaml",
        why=f"{words} {bound} parks may be open, but {but}.",
        mend="Change the bound, or the status or lock of parks.",
        column=f"open_parks.{side}",
        value=str(bound),
        rule="unreachable_open_parks" if side == "at_least" else "broken_open_parks",
    )
