"""Supply: outputs are sold, needs are met, and nothing else is made.

u[a,b,p,s,t] ≥ 0 from firm a in park s to firm b in park t; e[a,p,s,g] ≥ 0 sold and m[b,p,t,g] ≥ 0
bought through gateway g.

    Σ_{b,t} u[a,b,p,s,t] + Σ_g e[a,p,s,g] = output[a,p] · q[a,s]      sold
    Σ_{a,s} u[a,b,p,s,t] + Σ_g m[b,p,t,g] = need[b,p] · q[b,t]        bought
    Σ_{a,s} e[a,p,s,g] ≤ buys_up_to[g,p],  Σ_{b,t} m[b,p,t,g] ≤ sells_up_to[g,p]

Since q is 0 where a firm is not, so is what it sells and buys there. A column exists only where
both firms may be, a way is known, and it is no longer than `max_supply_km`. Quantities are in
shares of the product's largest output or need in the region (``scale``), so that tonnes and square
metres stand in the program with like sizes. The seller pays freight on u and e, the buyer on m.
Source: design section 3; multi-commodity flow with recipes (process network).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Floats, Instance, Ints
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited


@dataclass(frozen=True)
class Traded:
    """Columns of supply, each array as long as its columns.

    Parameters
    ----------
    scale
        P, units of product in one unit of a column.
    u, u_pair, u_from, u_to
        Column, supply pair, park of the seller and of the buyer.
    e, e_firm, e_product, e_park, e_gateway
        Column, seller, product, its park, gateway.
    m, m_firm, m_product, m_park, m_gateway
        Column, buyer, product, its park, gateway.
    """

    scale: Floats
    u: Ints
    u_pair: Ints
    u_from: Ints
    u_to: Ints
    e: Ints
    e_firm: Ints
    e_product: Ints
    e_park: Ints
    e_gateway: Ints
    m: Ints
    m_firm: Ints
    m_product: Ints
    m_park: Ints
    m_gateway: Ints


def add(program: Program, instance: Instance, sited: Sited) -> Traded:
    """Add the columns, rows, terms and surpluses of supply."""
    trade = instance.trade
    scale = np.maximum(trade.output.max(axis=0, initial=0.0), trade.need.max(axis=0, initial=0.0))
    scale = np.where(scale > 0, scale, 1.0)
    pair, s, t = _between_firms(program, instance)
    a, b, p = trade.seller[pair], trade.buyer[pair], trade.product[pair]
    most = np.minimum(trade.output[a, p], trade.need[b, p]) / scale[p]
    u = program.columns("u", len(pair), upper=most)
    sold = _through_gateways(program, instance, "e", scale)
    bought = _through_gateways(program, instance, "m", scale)
    traded = Traded(scale, u, pair, s, t, *sold, *bought)
    _balance(program, instance, sited, traded, "sold")
    _balance(program, instance, sited, traded, "bought")
    _volumes(program, instance, traded)
    _terms(program, instance, traded)
    return traded


def _between_firms(program: Program, instance: Instance) -> tuple[Ints, Ints, Ints]:
    trade, admissible = instance.trade, instance.sites.admissible
    near = trade.km[None, :, :] <= trade.max_km[:, None, None]  # a NaN is never near
    possible = admissible[trade.seller][:, :, None] & admissible[trade.buyer][:, None, :]
    allowed = possible & near[trade.product]
    program.leave_out("supply beyond max_supply_km or with no way", int(possible.sum() - allowed.sum()))
    pair, s, t = np.nonzero(allowed)
    return pair, s, t


def _through_gateways(
    program: Program, instance: Instance, symbol: str, scale: Floats
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    trade = instance.trade
    amount, gain = (trade.output, trade.buys_gain) if symbol == "e" else (trade.need, trade.sells_gain)
    known = np.isfinite(instance.trade.gateway_km)
    trades = np.isfinite(gain)
    firm, product = np.nonzero(amount > 0)
    possible = instance.sites.admissible[firm][:, :, None] & trades[:, product].T[:, None, :]
    row, park, gateway = np.nonzero(possible & known[None, :, :])
    program.leave_out("trade with a gateway to which there is no way", int(possible.sum() - len(row)))
    f, p = firm[row], product[row]
    column = program.columns(symbol, len(row), upper=amount[f, p] / scale[p])
    return column, f, p, park, gateway


def _balance(program: Program, instance: Instance, sited: Sited, traded: Traded, side: str) -> None:
    """Add one row for each firm, product and park: traded amounts equal what q makes or needs."""
    trade, sites = instance.trade, instance.sites
    if side == "sold":
        amount, firm_of_pair, park_of_pair = trade.output, trade.seller, traded.u_from
        gateway = (traded.e_firm, traded.e_product, traded.e_park, traded.e)
    else:
        amount, firm_of_pair, park_of_pair = trade.need, trade.buyer, traded.u_to
        gateway = (traded.m_firm, traded.m_product, traded.m_park, traded.m)
    f, p, s = np.nonzero((amount > 0)[:, :, None] & sites.admissible[:, None, :])
    row_of = np.full((*amount.shape, len(sites.parks)), -1)
    row_of[f, p, s] = np.arange(len(f))
    rows_u = row_of[firm_of_pair[traded.u_pair], trade.product[traded.u_pair], park_of_pair]
    program.rows(
        side,
        len(f),
        [
            (rows_u, traded.u, 1.0),
            (row_of[gateway[0], gateway[1], gateway[2]], gateway[3], 1.0),
            (np.arange(len(f)), sited.q[f, s], -amount[f, p] / traded.scale[p]),
        ],
        "==",
        0.0,
        lambda i: f"{trade.products[p[i]]} of {sites.firms[f[i]]} in {sites.parks[s[i]]}",
    )


def _volumes(program: Program, instance: Instance, traded: Traded) -> None:
    trade = instance.trade
    sides = (
        ("buys_up_to", trade.buys_up_to, traded.e_gateway, traded.e_product, traded.e),
        ("sells_up_to", trade.sells_up_to, traded.m_gateway, traded.m_product, traded.m),
    )
    for rule, limit, gateway, product, column in sides:
        g, p = np.nonzero(np.isfinite(limit))
        row_of = np.full(limit.shape, -1)
        row_of[g, p] = np.arange(len(g))
        row = row_of[gateway, product]
        program.rows(
            rule,
            len(g),
            [(row[row >= 0], column[row >= 0], 1.0)],
            "<=",
            limit[g, p] / traded.scale[p],
            lambda i, g=g, p=p: f"{trade.products[p[i]]} at {trade.gateways[g[i]]}",  # type: ignore[misc]
        )


def _terms(program: Program, instance: Instance, traded: Traded) -> None:
    trade, own = instance.trade, instance.results.has_surplus
    a, b, p = trade.seller[traded.u_pair], trade.buyer[traded.u_pair], trade.product[traded.u_pair]
    s, t = traded.u_from, traded.u_to
    scale = traded.scale[p]
    freight = trade.freight[p] * trade.km[s, t] * scale
    worth = trade.collaboration[p] * trade.proximity[s, t] * scale
    local = trade.is_anchor[b] & (trade.proximity[s, t] > 0)
    program.terms["freight"].add(0, traded.u, -freight)
    program.terms["supply_collaboration"].add(0, traded.u, worth)
    program.terms["local_input_value"].add(0, traded.u, trade.value[p] * scale * local)
    program.surplus.add(a, traded.u, (trade.share_seller * worth - freight) * own[a])
    program.surplus.add(b, traded.u, trade.share_buyer * worth * own[b])
    sides = (
        (traded.e, traded.e_firm, traded.e_product, traded.e_park, traded.e_gateway, trade.buys_gain),
        (traded.m, traded.m_firm, traded.m_product, traded.m_park, traded.m_gateway, trade.sells_gain),
    )
    for column, firm, product, park, gateway, gain in sides:
        won = gain[gateway, product] * traded.scale[product]
        paid = trade.freight[product] * trade.gateway_km[park, gateway] * traded.scale[product]
        program.terms["gateway_prices"].add(0, column, won)
        program.terms["freight"].add(0, column, -paid)
        program.surplus.add(firm, column, (won - paid) * own[firm])
