"""How futures differ within a bunch: what firms make, sell and buy in each, summed over places.

For each future s of a bunch and each class k of columns j that differ in parks alone (a firm's utilisation;
what it sells through a gateway; supply from one firm to another):

    X[s,k] = Σ_{j in k} x[s,j],    Σ_s ω[s] · X[s,k] = Σ_{j in k} x̄[j]
    Σ_k a[R,k] · X[s,k] + Σ_{i in R} T[s,i] · y ≤ Σ_{i in R} b[s,i]
    V̄ = v̄ · x̄ + constant + Σ_s ω[s] · Σ_k δ[s,k] · X[s,k],    δ[s,k] = max_{j in k} (v[s,j] − v̄[j])

R are rows that differ in parks alone: what is sold and bought, least and most load. Where firms are in one
park each, as in every plan, X with y tells all of x; so where v[s,j] − v̄[j] is the same in all places, as it
is where only prices at gateways, volumes and margins differ, nothing is lost when the mean is made best and
firms come on expected surplus. Elsewhere it is a relaxation: δ is the greatest, and a coefficient that is not
the same in all places is the one that lets most through (columns are not negative).
Surpluses enter as values do. Source: disaggregation as of Birge 1985 (`clusterplan.solve.together.alike`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from clusterplan.instance import Floats, Ints
from clusterplan.solve.together.alike import mean_block, paid_surplus, shares
from clusterplan.solve.together.block import Block

BY_FIRM = ("load_most", "load_least", "second_route")
"""Rules with a row for each firm and park."""
BY_PRODUCT = ("sold", "bought")
"""Rules with a row for each firm, product and park."""
ALONE = ("buys_up_to", "sells_up_to", "award_load", "rationed")
"""Rules whose rows are kept for each future as they are."""
SAME = 1e-12
"""Coefficients that differ by less are the same."""


def bunch(members: Sequence[Block], *, begin: int, number: int, always: Sequence[int] | Ints = ()) -> Block:
    """Return futures that are alike as one block: their mean, and what each makes, sells and buys in all.

    Parameters
    ----------
    members
        The futures.
    begin, number
        Number of the first column of its own, and of the block.
    always
        Firms whose surplus is not to be negative in any of the futures.
    """
    mean = mean_block(members, begin=begin, number=number)
    if len(members) == 1:
        return mean
    kind = _classes(mean)
    rows = _Summed(mean, kind)
    found = np.flatnonzero(kind >= 0)
    n, count = len(mean.at), int(kind.max(initial=-1)) + 1
    own = np.arange(begin, begin + count * len(members)) + int(mean.own.sum())
    into = sparse.csr_array((np.ones(len(found)), (kind[found], found)), shape=(count, n))
    share = shares(members)
    link = sparse.hstack([-into, *(w * sparse.eye_array(count) for w in share)], format="csr")
    each: list[sparse.csr_array] = []
    lower, upper = [mean.row_lower, np.zeros(count)], [mean.row_upper, np.zeros(count)]
    value, surplus, tops = [mean.value], [mean.surplus], [mean.upper]
    for at, (weight, block) in enumerate(zip(share, members, strict=True)):
        before, after = count * at, count * (len(members) - 1 - at)
        for part, low, high in (rows.of(block), _asked(block, kind, count, always)):
            none = (sparse.csr_array((part.shape[0], size)) for size in (before, after))
            first, last = none
            each.append(sparse.hstack([part[:, :n], first, part[:, n:], last], format="csr"))
            lower.append(low)
            upper.append(high)
        tops.append(np.minimum(1.0, into @ block.upper))
        value.append(weight * _most(sparse.csr_array([_own_value(block, mean)]), kind, count).toarray()[0])
        surplus.append(weight * _most(paid_surplus(block) - mean.surplus, kind, count))
    more = count * len(members)
    return replace(
        mean,
        at=np.concatenate([mean.at, own]),
        share=np.ones(n + more),
        own=np.concatenate([mean.own, np.ones(more, dtype=bool)]),
        places=np.concatenate([mean.places, np.tile(_firms_of(mean, kind, count), len(members))], axis=1),
        value=np.concatenate(value),
        lower=np.concatenate([mean.lower, np.zeros(more)]),
        upper=np.concatenate(tops),
        rows=sparse.vstack(
            [sparse.hstack([mean.rows, sparse.csr_array((mean.rows.shape[0], more))]), link, *each],
            format="csr",
        ),
        row_lower=np.concatenate(lower),
        row_upper=np.concatenate(upper),
        row_rule=np.concatenate([mean.row_rule, np.full(sum(map(len, lower[1:])), "of_futures")]),
        beside=sparse.hstack([mean.beside, sparse.csr_array((mean.beside.shape[0], more))], format="csr"),
        surplus=sparse.hstack(surplus, format="csr"),
    )


def _own_value(block: Block, mean: Block) -> Floats:
    return np.where(mean.own, block.value - mean.value, 0.0)


def _asked(
    block: Block, kind: Ints, count: int, always: Sequence[int] | Ints
) -> tuple[sparse.csr_array, Floats, Floats]:
    """Return rows that the surplus of firms is not negative in a future, at the best places."""
    firms = np.asarray(always, dtype=np.int64)
    surplus = paid_surplus(block)[firms]
    rows = sparse.hstack([_first(surplus, kind), _most(surplus, kind, count)], format="csr")
    return rows, np.zeros(len(firms)), np.full(len(firms), np.inf)


class _Summed:
    """Rows of a future, summed over those that differ in parks alone."""

    def __init__(self, mean: Block, kind: Ints) -> None:
        rule, own = mean.row_rule, mean.own
        seller, buyer, product = _of_trade(mean)
        pattern = mean.rows.tocoo()
        inside = own[pattern.col]
        row, column = pattern.row[inside], pattern.col[inside]

        def most(of: Ints) -> Ints:
            found = np.full(len(rule), -1)
            np.maximum.at(found, row, of[column])
            return found

        firm = np.where(rule == "bought", most(buyer), most(seller))
        told = np.where(np.isin(rule, BY_PRODUCT), most(product), -1)
        kept = np.isin(rule, BY_PRODUCT) | np.isin(rule, BY_FIRM) | np.isin(rule, ALONE)
        kept &= ~(np.isin(rule, BY_PRODUCT) & (told < 0))  # nothing is traded of it
        alone = np.where(np.isin(rule, ALONE), np.arange(len(rule)), -1)
        number = np.unique(rule, return_inverse=True)[1]
        keys = np.stack([number, firm, told, alone])[:, kept]
        _, entry = np.unique(keys, axis=1, return_inverse=True)
        entry = entry.ravel()
        at = np.flatnonzero(kept)
        self.sums = sparse.csr_array(
            (np.ones(len(at)), (entry, at)), shape=(int(entry.max(initial=-1)) + 1, len(rule))
        )
        self.kind, self.count = kind, int(kind.max(initial=-1)) + 1

    def of(self, block: Block) -> tuple[sparse.csr_array, Floats, Floats]:
        """Return the rows in the columns of the block and the sums, with their bounds."""
        rows = sparse.csr_array(self.sums @ block.rows)
        rows = sparse.csr_array(
            (rows.data * block.share[rows.indices], rows.indices, rows.indptr), shape=rows.shape
        )
        least = -_most(-rows, self.kind, self.count)
        most = _most(rows, self.kind, self.count)
        low, high = (_total(self.sums, bound) for bound in (block.row_lower, block.row_upper))
        same = np.asarray(abs(most - least).sum(axis=1)).ravel() <= SAME
        first = _first(rows, self.kind)
        below = np.flatnonzero(np.isfinite(high) | (np.isfinite(low) & same))
        above = np.flatnonzero(np.isfinite(low) & ~same)
        parts = [sparse.hstack([first[which], of[which]]) for which, of in ((below, least), (above, most))]
        return (
            sparse.vstack(parts, format="csr"),
            np.concatenate([np.where(same, low, -np.inf)[below], low[above]]),
            np.concatenate([high[below], np.full(len(above), np.inf)]),
        )


def _total(sums: sparse.csr_array, bound: Floats) -> Floats:
    """Return sums of bounds, infinite where one of them is."""
    finite = np.isfinite(bound)
    total = np.asarray(sums @ np.where(finite, bound, 0.0))
    sign = np.asarray(sums @ np.where(finite, 0.0, np.sign(bound)))
    return np.where(sign > 0, np.inf, np.where(sign < 0, -np.inf, total))


def _of_trade(block: Block) -> tuple[Ints, Ints, Ints]:
    """Return who sells, who buys and which product, by column; −1 where a column tells none."""
    written = block.written
    seller, buyer, product = (np.full(len(block.own), -1) for _ in range(3))
    sited, traded = written.sited, written.traded
    trade, between = written.instance.trade, traded.between
    for firm in (seller, buyer):
        firm[sited.q[sited.firm, sited.park]] = sited.firm
        firm[traded.second.column] = traded.second.firm
    seller[between.column] = trade.seller[between.pair]
    buyer[between.column] = trade.buyer[between.pair]
    product[between.column] = trade.product[between.pair]
    for firm, through in ((seller, traded.sold), (buyer, traded.bought)):
        firm[through.column] = through.firm
        product[through.column] = through.product
    return seller, buyer, product


def _classes(block: Block) -> Ints:
    """Return a number for each column: the same for those that differ in parks alone; −1 for others' own."""
    written, own = block.written, block.own
    traded = written.traded
    kind, gateway = np.full(len(own), -1), np.full(len(own), -1)
    alone = np.arange(len(own))
    named = (traded.between.column, traded.sold.column, traded.bought.column, traded.second.column)
    q = written.sited.q[written.sited.firm, written.sited.park]
    for number, columns in enumerate((*named, q)):
        kind[columns], alone[columns] = number, -1
    for through in (traded.sold, traded.bought):
        gateway[through.column] = through.gateway
    keys = np.stack([kind, *_of_trade(block), gateway, alone])[:, own]
    found = np.full(len(own), -1)
    found[own] = np.unique(keys, axis=1, return_inverse=True)[1].ravel()
    return found


def _firms_of(block: Block, kind: Ints, count: int) -> Ints:
    """Return (4, K) the firms of each class as `Block.places` has them, with −1 for their parks."""
    places = np.full((4, count), -1)
    mine = np.flatnonzero(kind >= 0)
    places[0, kind[mine]] = block.places[0, mine]
    places[2, kind[mine]] = block.places[2, mine]
    return places


def _first(rows: sparse.csr_array, kind: Ints) -> sparse.csr_array:
    """Return rows with the columns of what is decided once alone."""
    found = rows.copy()
    found.data[kind[found.indices] >= 0] = 0.0
    found.eliminate_zeros()
    return found


def _most(rows: sparse.csr_array, kind: Ints, count: int) -> sparse.csr_array:
    """Return (m, K) the greatest coefficient of each row in each class, 0 where one has none counted."""
    entries = rows.copy()
    entries.sum_duplicates()
    entries = entries.tocoo()
    inside = kind[entries.col] >= 0
    row, of, amount = entries.row[inside], kind[entries.col[inside]], entries.data[inside]
    key, entry, told = np.unique(row.astype(np.int64) * count + of, return_inverse=True, return_counts=True)
    most = np.full(len(key), -np.inf)
    np.maximum.at(most, entry, amount)
    size = np.bincount(kind[kind >= 0], minlength=count)
    i, k = np.divmod(key, max(count, 1))
    most = np.where(told < size[k], np.maximum(most, 0.0), most)
    most[np.abs(most) <= SAME] = 0.0
    found = sparse.coo_array((most, (i, k)), shape=(rows.shape[0], count)).tocsr()
    found.eliminate_zeros()
    return found
