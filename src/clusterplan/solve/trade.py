"""Trade with places fixed and no public money: how supply settles among firms that are there already.

The rules of supply and utilisation as they stand in the program, with every firm where it is:

    most of  Σ_f margin[f] · q[f] + gateway prices − freight + (shares of a and b) · supply collaboration

subject to `sold`, `bought`, volumes of gateways and min_load ≤ q ≤ 1; no park is opened or shut, no grant is
made, nobody is asked whether it would come. Places are constants, so it is a linear program. Whatever the
region's objective weighs, firms that take prices settle for what earns them most together: at given prices
that is the outcome of competition. Source: Samuelson 1952 (Spatial price equilibrium and linear programming).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clusterplan.instance import (
    NO_LOOPS,
    Bools,
    Decisions,
    Instance,
    Ints,
    Levels,
    Links,
    Spending,
    Works,
)
from clusterplan.region.weights import TERMS, Term
from clusterplan.rules import Written, write
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.improve import nobody, solve_part
from clusterplan.solve.matrix import Matrix


def traded(
    instance: Instance,
    park: Ints,
    *,
    may_idle: Bools | None = None,
    as_planned: bool = False,
    rationed: bool = False,
) -> Decisions | None:
    """Return what firms make, buy and sell where they are; None if some can't trade what they must.

    Parameters
    ----------
    instance
        What is planned; its objective does not matter unless it is settled as planned.
    park
        (F,) park of each firm, −1 for a firm that is out.
    may_idle
        (F,) firms that may run below their least load; None: nobody.
    as_planned
        Whether trade settles as the objective weighs it, and not as it earns firms most.
    rationed
        Whether what firms make may need no more than parks and groups have: Σ_f need[r,f] · q[f] ≤ capacity.
    """
    held = _held(instance, park, may_idle)
    written = write(replace(held, weights=instance.weights) if as_planned else held)
    problem = _rationed(written, instance, park) if rationed else matrix_of(written)
    outcome = solve_highs(replace(problem, integer=np.zeros_like(problem.integer)))
    if outcome.values is None or outcome.status != "optimal":
        return None
    decided = written.decisions(outcome.values)
    opened = np.array(instance.sites.open_always)
    opened[park[park >= 0]] = True
    return replace(
        decided,
        opened=opened,
        award=np.zeros(len(instance.awards.firm)),
        level=np.zeros(len(instance.levels.names), dtype=bool),
        built=np.zeros(len(instance.works.names), dtype=bool),
    )


def settled_in(instance: Instance, firms: Bools, time_limit: float | None = None) -> Ints | None:
    """Return parks in which some firms all have room, (F,) with −1 for the others; None if there are none.

    Parks are opened as needed, but no level is added and no work built. Nobody is asked whether it would
    come, and nobody else is there.

    Parameters
    ----------
    instance
        What is planned.
    firms
        (F,) the firms to be placed.
    time_limit
        Seconds; None: no limit but on the size of the search tree.
    """
    sites, results = instance.sites, instance.results
    part = replace(
        _nothing_built(instance),
        sites=replace(
            sites,
            admissible=sites.admissible & firms[:, None],
            must_place=np.array(firms),
            requirements=(),
            open_min=0,
        ),
        results=replace(results, willing=np.zeros_like(results.willing)),
    )
    found = solve_part(part, nobody(part), time_limit)
    return None if found.decisions is None else found.decisions.park


def _rationed(written: Written, instance: Instance, park: Ints) -> Matrix:
    """Return the program with rows for what firms where they are need more of than there is at full load."""
    sites, firms = instance.sites, np.flatnonzero(park >= 0)
    at, columns = park[firms], written.sited.q[firms, park[firms]]
    needs = sites.needs[:, firms]
    places = [(r, at == s, sites.capacity[r, s]) for r in range(len(needs)) for s in np.unique(at)]
    places += [
        (int(r), sites.group_parks[g, at], sites.group_capacity[g])
        for g, r in enumerate(sites.group_resource)
    ]
    short = [
        (columns[inside], needs[r, inside], limit)
        for r, inside, limit in places
        if needs[r, inside].sum() > limit + 1e-9 * max(1.0, abs(limit))
    ]
    problem = matrix_of(written)
    for own, need, limit in short:
        coefficients = np.zeros(problem.n_columns)
        coefficients[own] = need
        problem = problem.with_row(coefficients, -np.inf, float(limit), "rationed")
    return problem


def _held(instance: Instance, park: Ints, may_idle: Bools | None) -> Instance:
    """Return the instance in which only trade is left to decide."""
    sites, results, trade, awards = instance.sites, instance.results, instance.trade, instance.awards
    n_firms, n_parks = sites.admissible.shape
    placed = np.flatnonzero(park >= 0)
    admissible = np.zeros((n_firms, n_parks), dtype=bool)
    admissible[placed, park[placed]] = True
    weights: dict[Term, float] = dict.fromkeys(TERMS, 0.0)
    weights |= {"fit": 1.0, "gateway_prices": 1.0, "freight": 1.0}
    weights["supply_collaboration"] = trade.share_seller + trade.share_buyer
    return replace(
        _nothing_built(instance),
        sites=replace(
            sites,
            admissible=admissible,
            must_place=park >= 0,
            capacity=np.full_like(sites.capacity, np.inf),
            open_always=np.ones(n_parks, dtype=bool),
            open_never=np.zeros(n_parks, dtype=bool),
            open_min=0,
            open_max=n_parks,
            group_capacity=np.full_like(sites.group_capacity, np.inf),
            variant=np.full(n_firms, -1),
            variant_names=(),
            separations=(),
            requirements=(),
        ),
        results=replace(
            results,
            willing=np.zeros(n_firms, dtype=bool),
            min_load=results.min_load if may_idle is None else np.where(may_idle, 0.0, results.min_load),
        ),
        links=_no_links(instance.links),
        loops=NO_LOOPS,
        awards=replace(awards, cap=np.zeros_like(awards.cap)),
        weights=weights,
        second=None,
    )


def _nothing_built(instance: Instance) -> Instance:
    """Return the instance as it is today, with no level or work to decide."""
    return replace(instance, levels=Levels(), works=Works(), spending=Spending())


def _no_links(links: Links) -> Links:
    """Return links without any: with places fixed they are worth what they are."""
    none = {name: getattr(links, name)[:0] for name in ("a", "b", "weight", "kind", "share_a", "share_b")}
    return replace(links, names=(), **none)
