"""Why there is no stable plan: the moves that go round, from the best plan that is not asked to be stable."""

from __future__ import annotations

from dataclasses import replace

from clusterplan.errors import Fault
from clusterplan.instance import Instance
from clusterplan.instance.moving import Move, moving
from clusterplan.region import Region
from clusterplan.solve import Limits, find

SHOWN = 12
"""Moves told at most."""


def restless(region: Region, instance: Instance, limits: Limits) -> list[Fault]:
    """Return what shows that a region has no stable plan; nothing where it has no plan at all.

    Parameters
    ----------
    region, instance
        The region, and its instance of which plans must be stable.
    limits
        How long to look for a plan that is not asked to be stable.

    Returns
    -------
    list of Fault
        The first says how the moves end, each of the others is a move: firm, from, to, gain.
    """
    if instance.stable is None:
        return []
    found = find(replace(instance, stable=None), limits)
    if found.decisions is None:
        return []
    after = moving(instance, found.decisions, instance.stable)
    shown = after.cycle or after.moves
    how = {
        "cycle": "From the best plan without that rule firms move round in a circle, and all is as it was",
        "settled": "From the best plan without that rule firms move until all stay, and there the other "
        "rules (willingness, budgets, requirements) can't all hold",
        "unknown": "From the best plan without that rule firms move on and on",
    }[after.end]
    told = f": {'; '.join(_told(region, instance, move) for move in shown[:SHOWN])}" if shown else ""
    enough = 1.001 * max((move.gain for move in shown), default=0.0) + instance.stable.relocation
    head = Fault(
        file=region.name,
        why=f"{region.manifest.title} has no stable plan: in every layout a firm would rather be elsewhere. "
        f"{how}{told}.",
        mend="Plan without stable=True and see clusterplan.stability; or let moving cost something "
        f"(relocation_m_y: {enough:.4g} would end these moves); or offer grants that hold in one park alone.",
        rule="stability",
    )
    return [head, *(_fault(region, instance, move) for move in shown[:SHOWN])]


def _told(region: Region, instance: Instance, move: Move) -> str:
    sites, currency = instance.sites, region.manifest.currency
    return (
        f"{sites.firms[move.firm]} from {sites.parks[move.park]} to {sites.parks[move.to]} "
        f"(gains {move.gain:.4g} m {currency} a year)"
    )


def _fault(region: Region, instance: Instance, move: Move) -> Fault:
    return Fault(
        file=region.name,
        why=f"{_told(region, instance, move)}.",
        mend="Lock its place (only_parks), or make the other park less to its liking.",
        column="firm",
        value=instance.sites.firms[move.firm],
        rule="stability_move",
    )
