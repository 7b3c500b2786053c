"""The states a baseline tells of, and the plans they make."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clusterplan.distance import RegionDistances
from clusterplan.errors import Fault, NoPlanError
from clusterplan.explore.market.cascade import Cascade, cascade
from clusterplan.explore.market.prospects import Prospects, without
from clusterplan.explore.market.room import Room
from clusterplan.instance import Bools, Decisions, Instance, Ints
from clusterplan.plan import Plan
from clusterplan.plan.make import make_plan
from clusterplan.plan.plan import Proof
from clusterplan.region import Region
from clusterplan.solve import settled_in, traded


def there_today(instance: Instance) -> Ints:
    """Return parks of existing firms, (F,), −1 for all others."""
    sites = instance.sites
    here = sites.pinned & sites.admissible.any(axis=1)
    return np.where(here, sites.admissible.argmax(axis=1), -1)


def committed(region: Region, instance: Instance) -> Bools:
    """Return which firms are coming whatever happens."""
    status = (region.firms["status"] == "committed").to_numpy(bool)
    return status & instance.sites.admissible.any(axis=1)


def comers(instance: Instance) -> Bools:
    """Return the firms that come if it suits them: candidates that are enterprises.

    Platforms are paid for by the public, so none comes to a market. A lock is the planner's wish, so a firm
    that is locked in comes only if it suits it.
    """
    return np.asarray(instance.results.willing & instance.sites.admissible.any(axis=1))


def traded_today(region: Region, instance: Instance) -> Decisions:
    """Return the existing firms with what they trade among each other.

    Raises
    ------
    NoPlanError
        If they can't trade what their least loads ask for.
    """
    decided = traded(instance, there_today(instance))
    if decided is None:
        raise _none(
            region,
            "The existing firms can't all sell and buy what their least loads ask for.",
            "Look at their min_load, and at what gateways buy and sell (markets).",
        )
    return decided


def with_arrivals(region: Region, instance: Instance, firms: Bools) -> Cascade:
    """Return what is there today with some firms placed where it suits each best.

    One after another, by id, they take the best open park with room; then they move as long as one gains,
    with trade settled between. Of several sizes of one enterprise the one with the best prospect is placed.
    If in this order one finds no room, parks in which all have room are taken instead, opened if need be.

    Parameters
    ----------
    region, instance
        What is planned.
    firms
        (F,) the firms that come whatever happens; platforms among them stay where they are put.

    Raises
    ------
    NoPlanError
        If they have no room together, or can't trade.
    """
    state = traded_today(region, instance)
    prospects, room = Prospects(instance), Room(instance)
    park_order = np.argsort(np.array(instance.sites.parks, dtype=object), kind="stable")
    chosen = _one_size(instance, firms, prospects, state)
    for firm in sorted(np.flatnonzero(chosen).tolist(), key=lambda f: instance.sites.firms[f]):
        worth = np.where(room.of(firm, state.park), prospects.of(firm, state).surplus, -np.inf)[park_order]
        if worth.max() == -np.inf:
            break
        state = prospects.come(firm, int(park_order[worth.argmax()]), state)
    start = state.park
    if (start[chosen] < 0).any():
        found = settled_in(instance, instance.sites.pinned | chosen)
        if found is None:
            raise _none(
                region,
                "The firms that are there and those that are committed have no room together.",
                "Look at their needs against land, power, water, labour and groups of parks, as these are.",
            )
        start = np.array(found)
    platform = region.firms["is_platform"].to_numpy(bool)
    nobody = np.zeros(instance.n_firms, dtype=bool)
    done = cascade(instance, start, comers=nobody, movers=chosen & ~platform, told=False)
    if done.end is None:
        raise _none(
            region,
            "The firms that are there and those that are committed can't all sell and buy what their least "
            "loads ask for.",
            "Look at their min_load, and at what gateways buy and sell (markets).",
        )
    return done


def plan_of(
    region: Region, distances: RegionDistances, instance: Instance, end: Decisions, proof: Proof
) -> Plan:
    """Return the plan that a state is: no bound is known, and nobody proved or planned it."""
    return make_plan(region, distances, instance, end, status="feasible", bound=None, proof=proof)


def _one_size(instance: Instance, firms: Bools, prospects: Prospects, state: Decisions) -> Bools:
    """Return the firms with at most one of each variant group, that with the best prospect."""
    chosen = np.array(firms)
    best: dict[int, tuple[float, int]] = {}
    for f in np.flatnonzero(firms & (instance.sites.variant >= 0)).tolist():
        group = int(instance.sites.variant[f])
        if (state.park[instance.sites.variant == group] >= 0).any():
            chosen[f] = False
            continue
        can = instance.sites.admissible[f]
        most = float(np.where(can, prospects.of(f, without(instance, state, f)).surplus, -np.inf).max())
        if group not in best or most > best[group][0]:
            if group in best:
                chosen[best[group][1]] = False
            best[group] = (most, f)
        else:
            chosen[f] = False
    return chosen


def _none(region: Region, why: str, mend: str) -> NoPlanError:
    fault = Fault(file=region.name, why=why, mend=mend, rule="infeasible")
    return NoPlanError(f"{why} {mend}", [fault])


def breaches(plans: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what `verify` found in several ends as one frame, with the end in front."""
    parts = [frame.assign(end=name) for name, frame in plans.items() if len(frame)]
    columns = ["end", "rule", "id", "amount", "limit", "excess"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]
