"""`loops`: which innovation loops a plan closes, what the others lack, and what would close most of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.explore.chain.fitting import fits
from clusterplan.instance import Bools, Instance, Ints, as_decided, instance_of
from clusterplan.plan import Plan
from clusterplan.plan.start import decisions_of

_PIECES = ("stage", "firm", "park", "fits", "closes", "helps", "worth_m_y", "public_cost_m_y")


@dataclass(frozen=True)
class LoopsFound:
    """The innovation loops of a plan.

    Parameters
    ----------
    producers
        A row for each loop of each producer placed: ``loop``, ``firm``, ``park``, ``closed``, ``value_m_y``
        (what it is worth: 0 while it is open), ``missing`` (stages joined by ``;``) and ``worth_m_y`` (what
        it is worth once closed). Closed ones first, then by worth.
    pieces
        A row for each firm or platform that would help if it were added, the best first: its ``stage``;
        ``firm``, None for a platform that the region does not have; ``park``; ``open`` (whether the plan has
        the park open); ``fits`` (whether there is room for it beside the others); ``closes`` (the number of
        loops it would close by itself, its own among them); ``helps`` (the number of loops that lack it,
        closed by it or not); ``worth_m_y`` (of the loops it would close) and ``public_cost_m_y`` (what it
        costs the public there, where it is a platform of the region; else NaN).
    """

    producers: pd.DataFrame
    pieces: pd.DataFrame


def loops(plan: Plan) -> LoopsFound:
    """Return which innovation loops a plan closes, and which missing piece would close most of the others.

    A piece is one firm or platform more, all others held: a candidate of the region that the plan leaves out,
    in each park that it may be in; or a platform that the region does not have, in each open park. Whether a
    candidate would come, what else its coming changes, and requirements on how many may be placed are not
    looked at: lock it in and solve again to see.

    Parameters
    ----------
    plan
        The plan.

    Examples
    --------
    >>> import clusterplan as cp
    >>> found = cp.loops(cp.solve(cp.load_region("tiny")))
    >>> len(found.producers), len(found.pieces)
    (0, 0)
    """
    instance = instance_of(plan.region, plan.distances)
    table, worth = plan.loops, plan.region.loops["value_m_y"]
    producers = table.assign(worth_m_y=table["loop"].map(worth).astype(float)).sort_values(
        ["closed", "worth_m_y", "loop", "firm"], ascending=[False, False, True, True], ignore_index=True
    )
    decisions = decisions_of(plan, instance)
    park, opened = decisions.park, decisions.opened
    instance = as_decided(instance, decisions.level, decisions.built)
    found = (
        [*_candidates(instance, park), *_platforms(instance, park, opened)] if instance.loops.names else []
    )
    pieces = pd.DataFrame(found, columns=list(_PIECES)).astype(
        {"fits": bool, "closes": int, "helps": int, "worth_m_y": float, "public_cost_m_y": float}
    )
    pieces.insert(3, "open", pieces["park"].map(plan.parks["open"]).astype(bool))
    # a candidate stands before a platform that is only thought of
    order = pieces.assign(thought=pieces["firm"].isna(), firm=pieces["firm"].fillna("")).sort_values(
        ["closes", "worth_m_y", "helps", "thought", "stage", "firm", "park"],
        ascending=[False, False, False, True, True, True, True],
    )
    pieces["firm"] = pieces["firm"].astype(object).where(pieces["firm"].notna(), None)
    return LoopsFound(producers, pieces.loc[order.index].reset_index(drop=True))


def _candidates(instance: Instance, park: Ints) -> Iterator[tuple[Any, ...]]:
    """Yield what each firm that is out would close, in each park that it may be in."""
    loops, sites = instance.loops, instance.sites
    before, lacks = loops.closed(park), loops.lacks(park)
    cost = -instance.results.place_terms["platforms"]
    wanted = loops.piece_firms.any(axis=0)
    for g in np.flatnonzero((park < 0) & wanted & sites.admissible.any(axis=1)):
        stage = loops.piece_stage[int(np.argmax(loops.piece_firms[:, g]))]
        for s in np.flatnonzero(sites.admissible[g]):
            with_it = park.copy()
            with_it[g] = s
            closes = loops.closed(with_it) & ~before
            helps = (lacks & ~loops.lacks(with_it)).any(axis=1)
            if helps.any():
                paid = float(cost[g, s]) if not instance.results.has_surplus[g] and cost[g, s] else np.nan
                named = (stage, sites.firms[g], sites.parks[s], fits(instance, park, int(g), int(s)))
                yield (*named, int(closes.sum()), int(helps.sum()), _worth(instance, closes), paid)


def _platforms(instance: Instance, park: Ints, opened: Bools) -> Iterator[tuple[Any, ...]]:
    """Yield what a platform of each stage would close in each open park; it fits where some land is left."""
    loops, sites = instance.loops, instance.sites
    lacks, at = loops.lacks(park), park[loops.producer]
    land = sites.resources.index("land_ha")
    used = np.bincount(park[park >= 0], weights=sites.needs[land, park >= 0], minlength=len(sites.parks))
    for stage in dict.fromkeys(loops.piece_stage):
        of_stage = np.array([piece == stage for piece in loops.piece_stage])
        for s in np.flatnonzero(opened):
            near = loops.near[loops.piece_loop[None, :], at[:, None], s] & of_stage
            left = lacks & ~near
            closes = lacks.any(axis=1) & ~left.any(axis=1)
            helps = (lacks & near).any(axis=1)
            if helps.any():
                room = bool(used[s] < sites.capacity[land, s])
                named = (stage, None, sites.parks[s], room)
                yield (*named, int(closes.sum()), int(helps.sum()), _worth(instance, closes), np.nan)


def _worth(instance: Instance, closes: Bools) -> float:
    return float(instance.loops.value[instance.loops.loop[closes]].sum())
