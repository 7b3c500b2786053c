"""Supply: who may trade what with whom, that all made is sold and all needed is met."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import FloatArray, IntArray
from clusterplan.plan.checks.breach import Breach, named
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.cells import numbers, texts
from clusterplan.plan.checks.decided import two_ends
from clusterplan.plan.checks.trade import Trade, market


def supply(case: Case, found: Trade) -> Iterator[Breach]:
    """Yield what is wrong with the rows of supply, their sums and their columns."""
    yield from _rows(case, found)
    yield from _balances(case)
    yield from _gateways(case, found)
    yield from _columns(case, found)


def _rows(case: Case, found: Trade) -> Iterator[Breach]:
    """Check that a row joins two ends that are there, once, with what one makes and the other needs."""
    gauge, rows, table = case.gauge, case.decided.trades, case.plan.supply
    ends = [table[column].notna().to_numpy() for column in ("from", "to", "gateway")]
    yield from gauge.holds("supply.ends", list(table.index), two_ends(*ends))
    keys = pd.DataFrame({"a": rows.seller, "b": rows.buyer, "g": rows.gateway, "p": rows.product})
    yield from gauge.holds("supply.repeated", found.ids, ~keys.duplicated())
    yield from gauge.holds("supply.itself", found.ids, rows.seller != rows.buyer)
    sells, buys = rows.seller >= 0, rows.buyer >= 0
    yield from gauge.holds("supply.seller_placed", found.ids, ~sells | (found.start >= 0))
    yield from gauge.holds("supply.buyer_placed", found.ids, ~buys | (found.end >= 0))
    makes = np.maximum(case.output, case.other_output)[rows.seller, rows.product]
    takes = np.maximum(case.need, case.other_need)[rows.buyer, rows.product]
    yield from gauge.holds("supply.made", found.ids, ~sells | (makes > 0))
    yield from gauge.holds("supply.needed", found.ids, ~buys | (takes > 0))
    size = np.fmax(np.where(sells, makes, 0.0), np.where(buys, takes, 0.0))
    yield from gauge.at_least("supply.negative", found.ids, rows.quantity, 0.0, size)
    both_in = (~sells | (found.start >= 0)) & (~buys | (found.end >= 0))
    yield from gauge.holds("supply.way", found.ids, ~both_in | np.isfinite(found.km))
    reach = case.products["max_supply_km"].astype(float).fillna(np.inf).to_numpy()[rows.product]
    km = np.where(np.isnan(found.km) | (rows.gateway >= 0), 0.0, found.km)
    yield from gauge.at_most("supply.max_supply_km", found.ids, km, reach)


def _balances(case: Case) -> Iterator[Breach]:
    """Σ sold = output × utilisation and Σ bought = need × utilisation, by firm and product.

    What goes to a second route counts by its output and need; it is no less than 0 and no more than the
    utilisation.

    They are compared at the scale of the firm's full output or need of the product.
    """
    rows = case.decided.trades
    load = np.where(case.decided.placed, case.decided.load, 0.0)
    second = case.second
    two = np.flatnonzero(case.firms["other_route"].notna())
    yield from case.gauge.at_least("supply.second_route", case.firms.index[two], second[two], 0.0)
    yield from case.gauge.at_most("supply.second_route", case.firms.index[two], second[two], load[two])
    for rule, firm, full, other in (
        ("supply.sold", rows.seller, case.output, case.other_output),
        ("supply.met", rows.buyer, case.need, case.other_need),
    ):
        moved = _sums(full.shape, firm, rows.product, rows.quantity)
        most = np.maximum(full, other)
        f, p = np.nonzero(most > 0)
        ids = named(case.firms.index[f], case.products.index[p])
        due = full[f, p] * (load[f] - second[f]) + other[f, p] * second[f]
        yield from case.gauge.equal(rule, ids, moved[f, p], due, most[f, p])


def _gateways(case: Case, found: Trade) -> Iterator[Breach]:
    """Check that a gateway trades what it has a price for, up to its volume."""
    rows = case.decided.trades
    every = np.vstack([case.output, case.need, case.other_output, case.other_need])
    largest = every.max(axis=0, initial=0.0)
    for verb, firm in (("buys", rows.seller), ("sells", rows.buyer)):
        through = (rows.gateway >= 0) & (firm >= 0)
        ids = [found.ids[i] for i in np.flatnonzero(through)]
        yield from case.gauge.holds(f"supply.gateway_{verb}", ids, ~np.isnan(found.price_gain[through]))
        limit = market(case, f"{verb}_up_to_per_y")
        moved = _sums(limit.shape, np.where(through, rows.gateway, -1), rows.product, rows.quantity)
        g, p = np.nonzero(~np.isnan(limit))
        names = named(case.region.gateways.index[g], case.products.index[p])
        scale = np.maximum(1.0, np.maximum(limit[g, p], largest[p]))
        yield from case.gauge.at_most(f"supply.gateway_{verb}_up_to", names, moved[g, p], limit[g, p], scale)


def _columns(case: Case, found: Trade) -> Iterator[Breach]:
    """Check what a row says beside its ends and quantity."""
    gauge, table = case.gauge, case.plan.supply.iloc[case.decided.trades.row]
    for column, park in (("from_park", found.start), ("to_park", found.end)):
        told = texts(table[column])
        true = np.array([*case.parks.index, ""], dtype=object)[park]
        yield from gauge.holds(f"supply.{column}", found.ids, told == true)
    for column, amount in (
        ("distance_km", found.km),
        ("freight_m_y", found.freight),
        ("value_m_y", found.value),
    ):
        told = numbers(table[column])
        yield from gauge.equal(f"supply.{column}", found.ids, told, amount)
    yield from gauge.holds("supply.local", found.ids, table["local"].eq(True).to_numpy() == found.local)


def _sums(shape: tuple[int, ...], row: IntArray, column: IntArray, amount: FloatArray) -> FloatArray:
    """Add amounts up by row and column, those at row −1 left out."""
    total = np.zeros(shape)
    there = row >= 0
    np.add.at(total, (row[there], column[there]), amount[there])
    return total
