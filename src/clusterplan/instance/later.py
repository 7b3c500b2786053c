"""A future as the program of today sees it: places are those of today, what they bring is the future's."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.instance.frozen import Bools, Floats, Ints
from clusterplan.instance.instance import Instance
from clusterplan.instance.links import Links
from clusterplan.instance.loops import Loops
from clusterplan.instance.same import same
from clusterplan.instance.trade import Trade


@dataclass(frozen=True, eq=False)
class Later:
    """A future.

    Parameters
    ----------
    name
        What it is called.
    chance
        Its probability; those of all futures sum to 1.
    instance
        The future with the sites and awards of today: who may be where is decided once. What is gone makes
        and needs nothing, earns and costs nothing, and works with nobody. Nobody is asked whether it would
        come.
    itself
        The future as it is read for itself.
    paid
        (A,) share of each award of today that is paid.
    award
        (A,) the award of `itself` that it is, −1 where there is none.
    there
        (F, S) True where a firm that may be placed there is still there.
    capacity, group_capacity, needs
        (R, S), (G,) and (R, F): what parks and groups have in it, and what firms need at full load.
    """

    name: str
    chance: float
    instance: Instance
    itself: Instance
    paid: Floats
    award: Ints
    there: Bools
    capacity: Floats
    group_capacity: Floats
    needs: Floats

    def within(self, admissible: Bools, must_place: Bools) -> Later:
        """Return the future in which firms may be in some of their places alone."""
        sites = replace(self.instance.sites, admissible=admissible, must_place=must_place)
        return replace(self, instance=replace(self.instance, sites=sites), there=self.there & admissible)


def later(
    today: Instance,
    itself: Instance,
    *,
    name: str,
    chance: float,
    firms_there: Bools,
    parks_there: Bools,
    rationed: Instance | None = None,
    fulfilment: dict[str, float] | None = None,
) -> Later:
    """Return a future as the program of today sees it.

    Parameters
    ----------
    today
        The region as it is.
    itself
        The future, with the capacities of today.
    name, chance
        What it is called, and its probability.
    firms_there, parks_there
        (F,) and (S,) False for what is gone.
    rationed
        The future with its own capacities, where they differ.
    fulfilment
        By instrument: share of an award that is paid. Of others it is the least share, over the parks where a
        firm may be, that what the instrument gives there has of what it gives today, at most 1.

    Raises
    ------
    UsageError
        If the future changes what is decided once, or what firms and parks there are.
    """
    _check(today, itself, name)
    there = today.sites.admissible & firms_there[:, None] & parks_there[None, :]
    alive: Bools = np.asarray(there.any(axis=1))
    award = _award_of(today, itself)
    paid, load_cap = _paid(today, itself, award, there, fulfilment or {})
    own = rationed or itself
    missing = (there != today.sites.admissible).any(axis=1)
    results = itself.results
    instance = replace(
        today,
        sites=replace(today.sites, opening_cost=itself.sites.opening_cost),
        results=replace(
            results,
            place_terms={term: amount * there for term, amount in results.place_terms.items()},
            load_terms={term: amount * alive for term, amount in results.load_terms.items()},
            place=results.place * there,
            load=results.load * alive,
            other=None if results.other is None else results.other * alive,
            willing=np.zeros_like(results.willing),
            min_load=np.where(missing, np.minimum(results.min_load, _BELOW), results.min_load),
        ),
        trade=_trade(itself.trade, alive),
        links=_links(today, itself, alive, parks_there, name),
        loops=_loops(itself, alive, parks_there),
        awards=replace(
            today.awards,
            load_cap=load_cap,
            cost=_of_award(itself.awards.cost, today.awards.cost, award),
            worth=_of_award(itself.awards.worth, today.awards.worth, award),
        ),
        stable=None,
    )
    return Later(
        name=name,
        chance=chance,
        instance=instance,
        itself=itself,
        paid=paid,
        award=award,
        there=there,
        capacity=own.sites.capacity,
        group_capacity=own.sites.group_capacity,
        needs=own.sites.needs,
    )


_BELOW = 1.0 - 1e-9
"""A least load that leaves utilisation a decision of its own, so that a firm may stand still where it is
gone."""


def _of_award(its: Floats, mine: Floats, award: Ints) -> Floats:
    """Return an amount of each award in the future, that of today where there is none."""
    found = np.array(mine)
    found[award >= 0] = its[award[award >= 0]]
    return found


def _check(today: Instance, itself: Instance, name: str) -> None:
    """Refuse a future that changes what is decided once."""
    told = {
        "the weights of the objective": (today.weights, itself.weights),
        "levels": (today.levels, itself.levels),
        "works": (today.works, itself.works),
        "requirements": (today.sites.requirements, itself.sites.requirements),
        "separations": (today.sites.separations, itself.sites.separations),
        "budgets": (today.awards.budget_limit, itself.awards.budget_limit),
        "aid ceilings": (today.awards.ceiling, itself.awards.ceiling),
        "firms": (today.sites.firms, itself.sites.firms),
        "parks": (today.sites.parks, itself.sites.parks),
        "products": (today.trade.products, itself.trade.products),
    }
    other = [what for what, (one, later_one) in told.items() if not same(one, later_one)]
    if other:
        raise UsageError(
            f"The scenario {name!r} changes {', '.join(other)}, which holds for all scenarios, since "
            "places and grants are decided once. Change it in the region, or plan that future for itself."
        )


def _award_of(today: Instance, itself: Instance) -> Ints:
    at = {
        (f, itself.awards.instruments[i]): n
        for n, (f, i) in enumerate(
            zip(itself.awards.firm.tolist(), itself.awards.instrument.tolist(), strict=True)
        )
    }
    mine = zip(today.awards.firm.tolist(), today.awards.instrument.tolist(), strict=True)
    return np.array([at.get((f, today.awards.instruments[i]), -1) for f, i in mine], dtype=np.int64)


def _paid(
    today: Instance, itself: Instance, award: Ints, there: Bools, fulfilment: dict[str, float]
) -> tuple[Floats, Floats]:
    """Return the share of each award that is paid, and what it gives at full load."""
    mine = today.awards
    paid, load_cap = np.zeros(len(mine.firm)), np.array(mine.load_cap)
    for n, (firm, at) in enumerate(zip(mine.firm, award, strict=True)):
        here = there[firm] & (mine.cap[n] > 0)
        if at < 0 or not here.any():
            continue
        left = float(min(1.0, (itself.awards.cap[at, here] / mine.cap[n, here]).min()))
        paid[n] = min(left, fulfilment.get(mine.instruments[mine.instrument[n]], left))
        load_cap[n] = itself.awards.load_cap[at]
    return paid, load_cap


def _trade(trade: Trade, alive: Bools) -> Trade:
    """Return trade in which firms that are gone make and need nothing."""
    there = alive[:, None]
    return replace(
        trade,
        output=trade.output * there,
        need=trade.need * there,
        serves_two=None if trade.serves_two is None else trade.serves_two & alive,
        other_output=None if trade.other_output is None else trade.other_output * there,
        other_need=None if trade.other_need is None else trade.other_need * there,
    )


def _links(today: Instance, itself: Instance, alive: Bools, parks_there: Bools, name: str) -> Links:
    """Return the links of today with what they are worth in the future; of firms that are gone nothing."""
    mine, its = today.links, itself.links

    def keys(links: Links) -> list[tuple[str, int, int]]:
        return list(zip(links.names, links.a.tolist(), links.b.tolist(), strict=True))

    at = {key: n for n, key in enumerate(keys(its))}
    if not at.keys() <= set(keys(mine)):
        raise UsageError(
            f"The scenario {name!r} makes links that are not there today. Add them to the region."
        )
    found = np.array([at.get(key, -1) for key in keys(mine)], dtype=np.int64)
    known = found >= 0

    def of(amount: str) -> Floats:
        values = np.array(getattr(mine, amount))
        values[known] = getattr(its, amount)[found[known]]
        return values

    kernels = np.array(its.kernels if its.kinds == mine.kinds else mine.kernels)
    kernels[:, ~parks_there, :] = 0.0
    kernels[:, :, ~parks_there] = 0.0
    return replace(
        mine,
        weight=of("weight") * known * alive[mine.a] * alive[mine.b],
        share_a=of("share_a"),
        share_b=of("share_b"),
        kernels=kernels,
    )


def _loops(itself: Instance, alive: Bools, parks_there: Bools) -> Loops:
    loops = itself.loops
    if not loops.names:
        return loops
    near = np.array(loops.near)
    near[:, ~parks_there, :] = False
    near[:, :, ~parks_there] = False
    kept = alive[loops.producer]
    return replace(
        loops,
        near=near,
        producer=loops.producer[kept],
        loop=loops.loop[kept],
        piece_firms=loops.piece_firms & alive[None, :],
    )
