"""A region with an anchor locked in or out, as instances: what `attraction` asks about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from clusterplan.errors import NoPlanError, UsageError
from clusterplan.explore.market.cascade import Cascade, cascade
from clusterplan.explore.market.ends import comers, committed, with_arrivals
from clusterplan.instance import Bools, Instance, Requirement
from clusterplan.region import Region


def anchors_of(region: Region, instance: Instance, anchor: str | Sequence[str] | None) -> Bools:
    """Return the anchors in question, (F,).

    Parameters
    ----------
    region, instance
        What is planned.
    anchor
        Their id or ids; None: the anchors that are candidates or committed, else those that exist.

    Raises
    ------
    UsageError
        If there is no such firm, or it is in no plan.
    """
    firms = region.firms
    can: Bools = np.asarray(instance.sites.admissible.any(axis=1))
    if anchor is None:
        own = firms["is_anchor"].to_numpy(bool) & can
        new = own & (firms["status"] != "existing").to_numpy(bool)
        return np.asarray(new if new.any() else own)
    names = [anchor] if isinstance(anchor, str) else list(anchor)
    unknown = [name for name in names if name not in firms.index]
    if unknown or not names:
        known = ", ".join(firms.index[firms["is_anchor"]])
        raise UsageError(f"There is no firm {', '.join(map(repr, unknown))}. The anchors are: {known}.")
    chosen: Bools = np.asarray(firms.index.isin(names), dtype=bool)
    if not can[chosen].all():
        gone = ", ".join(firms.index[chosen & ~can])
        raise UsageError(f"{gone} can be placed nowhere: change its status, lock or needs first.")
    return chosen


def locked_out(instance: Instance, firms: Bools) -> Instance:
    """Return the instance without some firms, wherever they are now."""
    sites = instance.sites
    return replace(
        instance,
        sites=replace(
            sites, admissible=sites.admissible & ~firms[:, None], must_place=sites.must_place & ~firms
        ),
    )


def locked_in(instance: Instance, firms: Bools) -> Instance:
    """Return the instance in which some firms must be placed; of sizes of one enterprise, one of them."""
    sites = instance.sites
    alone = firms & (sites.variant < 0)
    needed = list(sites.requirements)
    for group in np.unique(sites.variant[firms & ~alone]).tolist():
        sizes = firms & (sites.variant == group)
        if sizes.sum() == 1:
            alone = alone | sizes
            continue
        needed.append(
            Requirement(
                name=f"{sites.variant_names[group]} must come",
                firms=sizes,
                parks=np.ones(instance.n_parks, dtype=bool),
                at_least=1.0,
                at_most=np.inf,
            )
        )
    return replace(
        instance, sites=replace(sites, must_place=sites.must_place | alone, requirements=tuple(needed))
    )


def market_after(region: Region, instance: Instance, anchors: Bools) -> Cascade:
    """Return the cascade with the anchors where each is best, whether they would come by themselves or not.

    Its end is None where they have no room beside what is there, or can't trade.
    """
    sure = committed(region, instance) | (anchors & ~instance.sites.pinned)
    try:
        start = with_arrivals(region, instance, sure)
    except NoPlanError:
        return Cascade(None, (), 0, settled=False)
    assert start.end is not None
    platform = region.firms["is_platform"].to_numpy(bool)
    there = start.end.park >= 0
    may_come = comers(instance) & ~anchors
    may_move = there & ~instance.sites.pinned & ~platform & ~may_come
    return cascade(instance, start.end.park, comers=may_come, movers=may_move)


def steps_of(region: Region, instance: Instance, went: Cascade) -> pd.DataFrame:
    """Return what happened in a cascade, in order; see `clusterplan.explore.Baseline.arrivals`."""
    sites, names = instance.sites, region.firms["name"]
    rows = [
        {
            "round": step.round,
            "firm": sites.firms[step.firm],
            "name": names.iloc[step.firm],
            "what": step.what,
            "park": sites.parks[step.park],
            "surplus_m_y": step.surplus,
            "brought_by": tuple(sites.firms[f] for f in step.brought_by),
        }
        for step in went.steps
    ]
    columns = ["round", "firm", "name", "what", "park", "surplus_m_y", "brought_by"]
    return pd.DataFrame(rows, columns=columns)
