"""Supply: outputs are sold, needs are met, and nothing else is made.

u[a,b,p,s,t] ≥ 0 from firm a in park s to firm b in park t; e[a,p,s,g] ≥ 0 sold and m[b,p,t,g] ≥ 0
bought through gateway g.

    Σ_{b,t} u[a,b,p,s,t] + Σ_g e[a,p,s,g] = output[a,p] · q[a,s]      sold
    Σ_{a,s} u[a,b,p,s,t] + Σ_g m[b,p,t,g] = need[b,p] · q[b,t]        bought
    Σ_{a,s} e[a,p,s,g] ≤ buys_up_to[g,p],  Σ_{b,t} m[b,p,t,g] ≤ sells_up_to[g,p]

Since q is 0 where a firm is not, so is what it sells and buys there. A column exists only where
both firms may be, a way is known, and it is no longer than `max_supply_km`; by a way that a work shortens,
it exists a second time (see `clusterplan.rules.works`). A column counts in the
most it can be (``unit``), and a row of a firm in the firm's full output or need, so that tonnes and
square metres, pilot lines and large works stand in the program with like sizes. The seller pays
freight on u and e, the buyer on m. Source: multi-commodity flow with recipes
(process network).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from clusterplan.instance import Floats, Instance, Ints
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited
from clusterplan.rules.works import Built, Uses, on_shortest

NOTHING = 1e-9
"""A share of a firm's full output or need that solvers take for 0: a column with it would be free there."""


@dataclass(frozen=True)
class Between:
    """Columns u of supply between firms, each array as long as its columns.

    Parameters
    ----------
    column
        Column.
    pair, seller_park, buyer_park
        Supply pair, and the parks of its two firms.
    unit
        Units of product in one unit of the column.
    way
        The way by a work that it uses, −1 for the way as it is without.
    """

    column: Ints
    pair: Ints
    seller_park: Ints
    buyer_park: Ints
    unit: Floats
    way: Ints


@dataclass(frozen=True)
class Through:
    """Columns of trade through gateways (e sold or m bought), each array as long as its columns.

    Parameters
    ----------
    column
        Column.
    firm, product, park, gateway
        Firm, its product, its park, and the gateway.
    unit
        Units of product in one unit of the column.
    way
        The way by a work that it uses, −1 for the way as it is without.
    """

    column: Ints
    firm: Ints
    product: Ints
    park: Ints
    gateway: Ints
    unit: Floats
    way: Ints


@dataclass(frozen=True)
class Traded:
    """Columns of supply: between firms, and sold and bought through gateways."""

    between: Between
    sold: Through
    bought: Through


class _Side(NamedTuple):
    """One end of all trade: rule, amounts (F×P), firm by supply pair, park by column u, gateways."""

    rule: str
    amount: Floats
    firm: Ints
    park: Ints
    through: Through


def add(program: Program, instance: Instance, sited: Sited, built: Built) -> Traded:
    """Add the columns, rows, terms and surpluses of supply."""
    traded = Traded(
        between=_between_firms(program, instance),
        sold=_through_gateways(program, instance, "e"),
        bought=_through_gateways(program, instance, "m"),
    )
    trade = instance.trade
    between = traded.between
    sellers = _Side("sold", trade.output, trade.seller, between.seller_park, traded.sold)
    buyers = _Side("bought", trade.need, trade.buyer, between.buyer_park, traded.bought)
    for side in (sellers, buyers):
        _balance(program, instance, sited, between, side)
    _volumes(program, instance, "buys_up_to", trade.buys_up_to, traded.sold)
    _volumes(program, instance, "sells_up_to", trade.sells_up_to, traded.bought)
    _worth_between(program, instance, between)
    _worth_through(program, instance, traded.sold, trade.buys_gain)
    _worth_through(program, instance, traded.bought, trade.sells_gain)
    _by_way(program, instance, built, traded)
    return traded


def _between_firms(program: Program, instance: Instance) -> Between:
    trade, admissible, ways = instance.trade, instance.sites.admissible, instance.works.ways
    near = trade.km[None, :, :] <= trade.max_km[:, None, None]  # a NaN is never near
    possible = admissible[trade.seller][:, :, None] & admissible[trade.buyer][:, None, :]
    allowed = possible & near[trade.product]
    program.leave_out("supply beyond max_supply_km or with no way", int(possible.sum() - allowed.sum()))
    output = trade.output[trade.seller, trade.product]
    need = trade.need[trade.buyer, trade.product]
    unit = np.minimum(output, need)
    something = unit > NOTHING * np.maximum(output, need)
    told = allowed & something[:, None, None]
    program.leave_out("supply that is nothing to one of the two firms", int(allowed.sum() - told.sum()))
    pair, s, t = np.nonzero(told)
    way = np.full(len(pair), -1)
    if len(ways.work):
        by_work = possible[:, ways.start, ways.end] & (ways.km <= trade.max_km[trade.product][:, None])
        more, by = np.nonzero(by_work & something[:, None])
        pair, way = np.concatenate([pair, more]), np.concatenate([way, by])
        s, t = np.concatenate([s, ways.start[by]]), np.concatenate([t, ways.end[by]])
    return Between(program.columns("u", len(pair)), pair, s, t, unit[pair], way)


def _through_gateways(program: Program, instance: Instance, symbol: str) -> Through:
    trade, gates = instance.trade, instance.works.gates
    amount, gain = (trade.output, trade.buys_gain) if symbol == "e" else (trade.need, trade.sells_gain)
    known = np.isfinite(trade.gateway_km)
    trades = np.isfinite(gain)
    firm, product = np.nonzero(amount > 0)
    possible = instance.sites.admissible[firm][:, :, None] & trades[:, product].T[:, None, :]
    row, park, gateway = np.nonzero(possible & known[None, :, :])
    program.leave_out("trade with a gateway to which there is no way", int(possible.sum() - len(row)))
    way = np.full(len(row), -1)
    if len(gates.work):
        more, by = np.nonzero(possible[:, gates.start, gates.end])
        row, way = np.concatenate([row, more]), np.concatenate([way, by])
        park = np.concatenate([park, gates.start[by]])
        gateway = np.concatenate([gateway, gates.end[by]])
    f, p = firm[row], product[row]
    return Through(program.columns(symbol, len(row)), f, p, park, gateway, amount[f, p], way)


def _by_way(program: Program, instance: Instance, built: Built, traded: Traded) -> None:
    """Add that what is traded takes the shortest way that is built."""
    trade, sites, works, between = instance.trade, instance.sites, instance.works, traded.between

    def pair(i: int) -> str:
        n = between.pair[i]
        seller, buyer = sites.firms[trade.seller[n]], sites.firms[trade.buyer[n]]
        return f"{trade.products[trade.product[n]]} from {seller} to {buyer}"

    on_shortest(
        program,
        works.ways,
        built.work,
        Uses(between.column, between.way, between.seller_park, between.buyer_park, pair),
    )
    for through in (traded.sold, traded.bought):

        def firm(i: int, through: Through = through) -> str:
            gateway = trade.gateways[through.gateway[i]]
            return f"{trade.products[through.product[i]]} of {sites.firms[through.firm[i]]} at {gateway}"

        uses = Uses(through.column, through.way, through.park, through.gateway, firm)
        on_shortest(program, works.gates, built.work, uses)


def _balance(
    program: Program,
    instance: Instance,
    sited: Sited,
    between: Between,
    side: _Side,
) -> None:
    """Add one row for each firm, product and park: traded amounts equal what q makes or needs."""
    trade, sites = instance.trade, instance.sites
    amount, through = side.amount, side.through
    f, p, s = np.nonzero((amount > 0)[:, :, None] & sites.admissible[:, None, :])
    row_of = np.full((*amount.shape, len(sites.parks)), -1)
    row_of[f, p, s] = np.arange(len(f))
    firm, product = side.firm[between.pair], trade.product[between.pair]
    program.rows(
        side.rule,
        len(f),
        [
            (row_of[firm, product, side.park], between.column, between.unit / amount[firm, product]),
            (row_of[through.firm, through.product, through.park], through.column, 1.0),
            (np.arange(len(f)), sited.q[f, s], -1.0),
        ],
        "==",
        0.0,
        lambda i: f"{trade.products[p[i]]} of {sites.firms[f[i]]} in {sites.parks[s[i]]}",
    )


def _volumes(program: Program, instance: Instance, rule: str, limit: Floats, through: Through) -> None:
    """Add one row for each gateway and product with a limit, in shares of the largest firm's amount."""
    trade = instance.trade
    largest = np.zeros(len(trade.products))
    np.maximum.at(largest, through.product, through.unit)
    largest[largest == 0] = 1.0
    g, p = np.nonzero(np.isfinite(limit))
    row_of = np.full(limit.shape, -1)
    row_of[g, p] = np.arange(len(g))
    row = row_of[through.gateway, through.product]
    used = row >= 0
    share = through.unit / largest[through.product]
    program.rows(
        rule,
        len(g),
        [(row[used], through.column[used], share[used])],
        "<=",
        limit[g, p] / largest[p],
        lambda i: f"{trade.products[p[i]]} at {trade.gateways[g[i]]}",
    )


def _worth_between(program: Program, instance: Instance, between: Between) -> None:
    trade, own = instance.trade, instance.results.has_surplus
    u, unit, s, t = between.column, between.unit, between.seller_park, between.buyer_park
    a, b, p = trade.seller[between.pair], trade.buyer[between.pair], trade.product[between.pair]
    km, proximity = trade.km[s, t], trade.proximity[s, t]
    by = np.flatnonzero(between.way >= 0)
    km[by] = instance.works.ways.km[between.way[by]]
    proximity[by] = instance.works.ways.proximity[between.way[by]]
    freight = trade.freight[p] * km * unit
    worth = trade.collaboration[p] * proximity * unit
    local = trade.is_anchor[b] & (proximity > 0)
    program.terms["freight"].add(0, u, -freight)
    program.terms["supply_collaboration"].add(0, u, worth)
    program.terms["local_input_value"].add(0, u, trade.value[p] * unit * local)
    program.surplus.add(a, u, (trade.share_seller * worth - freight) * own[a])
    program.surplus.add(b, u, trade.share_buyer * worth * own[b])


def _worth_through(program: Program, instance: Instance, through: Through, gain: Floats) -> None:
    trade, own = instance.trade, instance.results.has_surplus
    won = gain[through.gateway, through.product] * through.unit
    rate = trade.freight[through.product]
    km = trade.gateway_km[through.park, through.gateway]
    by = np.flatnonzero(through.way >= 0)
    km[by] = instance.works.gates.km[through.way[by]]
    paid = rate * km * through.unit
    program.terms["gateway_prices"].add(0, through.column, won)
    program.terms["freight"].add(0, through.column, -paid)
    program.surplus.add(through.firm, through.column, (won - paid) * own[through.firm])
