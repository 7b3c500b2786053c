"""Supply: outputs are sold, needs are met, and nothing else is made.

u[a,b,p,s,t] ≥ 0 from firm a in park s to firm b in park t; e[a,p,s,g] ≥ 0 sold and m[b,p,t,g] ≥ 0
bought through gateway g.

    Σ_{b,t} u[a,b,p,s,t] + Σ_g e[a,p,s,g] = output[a,p] · q[a,s]      sold
    Σ_{a,s} u[a,b,p,s,t] + Σ_g m[b,p,t,g] = need[b,p] · q[b,t]        bought
    Σ_{a,s} e[a,p,s,g] ≤ buys_up_to[g,p],  Σ_{b,t} m[b,p,t,g] ≤ sells_up_to[g,p]

A firm with a second route spends d[f,s] of its utilisation on it,

    0 ≤ d[f,s] ≤ q[f,s]                                               second_route
    Σ_{b,t} u + Σ_g e = output[f,p] · (q[f,s] − d[f,s]) + other_output[f,p] · d[f,s]        sold

and likewise of what is bought; `fit` and its surplus gain other[f] · d[f,s], what its margin is more by that
route. `fit` is still measured from the best park by its own route, so that what the second brings counts as a
gain.

Since q is 0 where a firm is not, so is what it sells and buys there. A column exists only where
both firms may be, a way is known, and it is no longer than `max_supply_km`; by a way that a work shortens,
it exists a second time (see `clusterplan.rules.works`). A column counts in the
most it can be (``unit``), and a row of a firm in the firm's full output or need, so that tonnes and
square metres, pilot lines and large works stand in the program with like sizes. The seller pays
freight on u and e, the buyer on m. Source: multi-commodity flow with recipes
(process network).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from clusterplan.instance import Floats, Instance, Ints
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited
from clusterplan.rules.traded import Between, Second, Through, Traded
from clusterplan.rules.works import Built, Uses, on_shortest

NOTHING = 1e-9
"""A share of a firm's full output or need that solvers take for 0: a column with it would be free there."""


class _Side(NamedTuple):
    """One end of all trade: rule, amounts (F×P), the most of them and what a second route has more of.

    And the firm by supply pair, the park by column u, and trade through gateways.
    """

    rule: str
    amount: Floats
    most: Floats
    more: Floats | None
    firm: Ints
    park: Ints
    through: Through


def add(program: Program, instance: Instance, sited: Sited, built: Built) -> Traded:
    """Add the columns, rows, terms and surpluses of supply."""
    traded = Traded(
        between=_between_firms(program, instance),
        sold=_through_gateways(program, instance, "e"),
        bought=_through_gateways(program, instance, "m"),
        second=_second_routes(program, instance, sited),
    )
    trade = instance.trade
    between = traded.between
    more = (
        None if trade.other_output is None else trade.other_output - trade.output,
        None if trade.other_need is None else trade.other_need - trade.need,
    )
    sellers = _Side(
        "sold", trade.output, trade.most_output, more[0], trade.seller, between.seller_park, traded.sold
    )
    buyers = _Side(
        "bought", trade.need, trade.most_need, more[1], trade.buyer, between.buyer_park, traded.bought
    )
    for side in (sellers, buyers):
        _balance(program, instance, sited, traded, side)
    _volumes(program, instance, "buys_up_to", trade.buys_up_to, traded.sold)
    _volumes(program, instance, "sells_up_to", trade.sells_up_to, traded.bought)
    _worth_between(program, instance, between)
    _worth_through(program, instance, traded.sold, trade.buys_gain)
    _worth_through(program, instance, traded.bought, trade.sells_gain)
    _by_way(program, instance, built, traded)
    return traded


def _second_routes(program: Program, instance: Instance, sited: Sited) -> Second:
    """Add the columns d, their rows, and what is earned by second routes."""
    sites, results, trade = instance.sites, instance.results, instance.trade
    two = trade.second_routes
    row, park = np.nonzero(sites.admissible[two])
    firm = two[row]
    d = program.columns("d", len(firm))
    rows = np.arange(len(firm))
    program.rows(
        "second_route",
        len(firm),
        [(rows, d, 1.0), (rows, sited.q[firm, park], -1.0)],
        "<=",
        0.0,
        lambda i: f"{sites.firms[firm[i]]} in {sites.parks[park[i]]}",
    )
    if results.other is not None:
        program.terms["fit"].add(0, d, results.other[firm])
        program.surplus.add(firm, d, results.other[firm] * results.has_surplus[firm])
    return Second(d, firm, park)


def _between_firms(program: Program, instance: Instance) -> Between:
    trade, admissible, ways = instance.trade, instance.sites.admissible, instance.works.ways
    near = trade.km[None, :, :] <= trade.max_km[:, None, None]  # a NaN is never near
    possible = admissible[trade.seller][:, :, None] & admissible[trade.buyer][:, None, :]
    allowed = possible & near[trade.product]
    program.leave_out("supply beyond max_supply_km or with no way", int(possible.sum() - allowed.sum()))
    output = trade.most_output[trade.seller, trade.product]
    need = trade.most_need[trade.buyer, trade.product]
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
    sells = symbol == "e"
    amount = trade.most_output if sells else trade.most_need
    gain = trade.buys_gain if sells else trade.sells_gain
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
    traded: Traded,
    side: _Side,
) -> None:
    """Add one row for each firm, product and park: traded amounts equal what q, and d, make or need."""
    trade, sites, between, second = instance.trade, instance.sites, traded.between, traded.second
    amount, through = side.most, side.through
    f, p, s = np.nonzero((amount > 0)[:, :, None] & sites.admissible[:, None, :])
    row_of = np.full((*amount.shape, len(sites.parks)), -1)
    row_of[f, p, s] = np.arange(len(f))
    firm, product = side.firm[between.pair], trade.product[between.pair]
    by_second = []
    if side.more is not None:
        at, made = np.nonzero(amount[second.firm] > 0)
        firms, parks = second.firm[at], second.park[at]
        share = -side.more[firms, made] / amount[firms, made]
        by_second = [(row_of[firms, made, parks], second.column[at], share)]
    program.rows(
        side.rule,
        len(f),
        [
            (row_of[firm, product, side.park], between.column, between.unit / amount[firm, product]),
            (row_of[through.firm, through.product, through.park], through.column, 1.0),
            (np.arange(len(f)), sited.q[f, s], -side.amount[f, p] / amount[f, p]),
            *by_second,
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
