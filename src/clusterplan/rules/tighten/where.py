"""Willing where it is: a firm's surplus is not negative in the park that it is in, nor in any other.

Every part of a surplus but grants belongs to one park of the firm: y, q, o, its side of z and u, and what
goes through gateways. With each grant split by the park of its firm, h[f,i] = Σ_s g[f,i,s],

    g[f,i,s] ≤ cap[f,i,s] · y[f,s],   Σ_{i that is aid} g[f,i,s] ≤ ceiling[f,s] · y[f,s]
    surplus of f in s ≥ 0            for each firm that must be willing, and each park

In a plan all but one of these are 0 ≥ 0. In a relaxation the sum over parks lets what a firm would earn in
one park pay for being in another. Source: disaggregation, as of y ≤ x in `clusterplan.rules.siting`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Ints
from clusterplan.rules.written import Written


@dataclass(frozen=True)
class ByPark:
    """Columns g of grants by park, each array as long as the columns.

    Parameters
    ----------
    column, award, park
        Column, the award it is a part of, and the park.
    """

    column: Ints
    award: Ints
    park: Ints


_none = np.zeros(0, dtype=np.int64)
NONE = ByPark(_none, _none, _none)
"""No such columns."""


def add(written: Written) -> ByPark:
    """Add the columns and rows."""
    instance, program, y = written.instance, written.program, written.sited.y
    awards, sites, willing = instance.awards, instance.sites, instance.results.willing
    award, park = np.nonzero((awards.cap > 0) & sites.admissible[awards.firm] & willing[awards.firm, None])
    firm = awards.firm[award]
    g = program.columns("g", len(award), upper=awards.cap[award, park])
    split = np.unique(award)
    number = np.full(len(awards.firm), -1)
    number[split] = np.arange(len(split))
    h = written.awarded.h
    program.rows(
        "grant_split",
        len(split),
        [(np.arange(len(split)), h[split], 1.0), (number[award], g, -1.0)],
        "==",
        0.0,
        lambda i: f"{awards.instruments[awards.instrument[split[i]]]} by park",
    )
    rows = np.arange(len(award))
    program.rows(
        "grant_there",
        len(award),
        [(rows, g, 1.0), (rows, y[firm, park], -awards.cap[award, park])],
        "<=",
        0.0,
        lambda i: f"{sites.firms[firm[i]]} in {sites.parks[park[i]]}",
    )
    by_park = ByPark(g, award, park)
    _ceilings(written, by_park)
    _surpluses(written, by_park)
    return by_park


def _ceilings(written: Written, by_park: ByPark) -> None:
    awards, sites = written.instance.awards, written.instance.sites
    aid = awards.counts[by_park.award]
    firm, park = awards.firm[by_park.award[aid]], by_park.park[aid]
    limited = np.isfinite(awards.ceiling[firm, park])
    at, row = np.unique(firm[limited] * len(sites.parks) + park[limited], return_inverse=True)
    f, s = np.divmod(at, len(sites.parks))
    written.program.rows(
        "aid_ceiling_there",
        len(at),
        [
            (row, by_park.column[aid][limited], 1.0),
            (np.arange(len(at)), written.sited.y[f, s], -awards.ceiling[f, s]),
        ],
        "<=",
        0.0,
        lambda i: f"{sites.firms[f[i]]} in {sites.parks[s[i]]}",
    )


def _surpluses(written: Written, by_park: ByPark) -> None:
    instance, program = written.instance, written.program
    awards, sites, willing = instance.awards, instance.sites, instance.results.willing
    f, s = np.nonzero(willing[:, None] & sites.admissible)
    number = np.full(sites.admissible.shape, -1)
    number[f, s] = np.arange(len(f))
    firm, column, amount = program.surplus.arrays()
    place = places_of_surplus(written, firm, column)
    told = willing[firm] & (place >= 0)
    granted = awards.firm[by_park.award]
    program.rows(
        "willing_there",
        len(f),
        [
            (number[firm[told], place[told]], column[told], amount[told]),
            (number[granted, by_park.park], by_park.column, awards.worth[by_park.award]),
        ],
        ">=",
        0.0,
        lambda i: f"{sites.firms[f[i]]} in {sites.parks[s[i]]}",
    )


def places_of_surplus(written: Written, firm: Ints, column: Ints) -> Ints:
    """Return the firm's own park in each entry of the surpluses; −1 for grants, which are split.

    Parameters
    ----------
    written
        The program.
    firm, column
        Whose surplus an entry belongs to, and its column.
    """
    sited, linked, between = written.sited, written.linked, written.traded.between
    looped = written.looped
    trade = written.instance.trade
    n = written.program.n_columns
    first, second, first_park, second_park = (np.full(n, -1) for _ in range(4))

    def tell(columns: Ints, a: Ints, s: Ints) -> None:
        first[columns], first_park[columns] = a, s

    tell(sited.q[sited.firm, sited.park], sited.firm, sited.park)
    tell(sited.y[sited.firm, sited.park], sited.firm, sited.park)
    for through in (written.traded.sold, written.traded.bought):
        tell(through.column, through.firm, through.park)
    second_route = written.traded.second
    tell(second_route.column, second_route.firm, second_route.park)
    tell(looped.o, written.instance.loops.producer[looped.pair], looped.park)
    tell(written.built.saved, written.built.firm, written.built.park)
    by_way = linked.by_way
    for columns, of in ((linked.z, linked), (by_way.column, by_way)):
        tell(columns, of.firm_a, of.park_a)
        second[columns], second_park[columns] = of.firm_b, of.park_b
    tell(between.column, trade.seller[between.pair], between.seller_park)
    second[between.column], second_park[between.column] = trade.buyer[between.pair], between.buyer_park
    place = np.where(first[column] == firm, first_park[column], -1)
    place = np.where(second[column] == firm, second_park[column], place)
    # a link with a firm that is in one park for sure is the other firm's y: to the former it is at home
    foreign = (place < 0) & (first[column] >= 0)
    home = np.argmax(written.instance.sites.admissible, axis=1)
    return np.where(foreign, home[firm], place)
