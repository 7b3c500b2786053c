"""Together but once: two firms are in one pair of parks, for all they do with each other.

For firms a and b that are linked or trade, let w[a,b,s,t] stand for y[a,s] · y[b,t]. Where there is a column
z of the link, w is z: its coefficients are not negative, or rows from below make it the product. Elsewhere
the supply between the two, u[a,b,p,s,t] in shares of the most it can be, is w itself, or below it. Then

    u[a,b,p,s,t] ≤ w[a,b,s,t],   Σ_t w[a,b,s,t] ≤ y[a,s],   Σ_s w[a,b,s,t] ≤ y[b,t]

Where one of the two is in one park in every plan, w is the other's y. In the program alone, supply is held by
what its seller makes and its buyer needs, which lets a large firm serve a small one from many parks at once.
Source: Adams and Sherali (1986), as for links.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.instance import Bools, Floats, Instance, Ints
from clusterplan.rules.written import Written


@dataclass(frozen=True)
class Together:
    """Columns that stand for two firms in two parks, each array as long as the columns; a < b.

    Parameters
    ----------
    column
        Column w.
    firm_a, firm_b, park_a, park_b
        The firms and their parks.
    own
        Columns among them that were added here.
    own_at
        Their places in the arrays.
    """

    column: Ints
    firm_a: Ints
    firm_b: Ints
    park_a: Ints
    park_b: Ints
    own: Ints
    own_at: Ints


def sure(instance: Instance) -> Bools:
    """Return (F,) which firms are in one park in every plan: nothing about them is a product."""
    sites = instance.sites
    return np.asarray(sites.must_place & (sites.admissible.sum(axis=1) == 1))


def add(written: Written) -> Together:
    """Add the columns and rows; return which column stands for which two firms and parks."""
    program, linked = written.program, written.linked
    n_parks = written.instance.n_parks
    u, trades, rest = _supply(written)
    at = np.concatenate(
        [np.stack([linked.firm_a, linked.firm_b, linked.park_a, linked.park_b]), trades], axis=1
    )
    code = ((at[0] * written.instance.n_firms + at[1]) * n_parks + at[2]) * n_parks + at[3]
    _, first, entry, count = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    columns = np.concatenate([linked.z, u])
    n_z = len(linked.z)
    # links come first, so the first of an entry is its z if it has one
    is_link = first < n_z
    own_at = np.flatnonzero(~is_link & (count > 1))
    column = columns[first]
    own = program.columns("w", len(own_at))
    column[own_at] = own
    below = np.flatnonzero(column[entry[n_z:]] != u)
    here = np.arange(len(below))
    program.rows(
        "together_least",
        len(below),
        [(here, u[below], 1.0), (here, column[entry[n_z:]][below], -1.0)],
        "<=",
        0.0,
        lambda _: "supply only between firms that are there",
    )
    a, b, s, t = at[:, first]
    together = Together(column, a, b, s, t, own, own_at)
    known = np.ones((2, len(first)), dtype=bool)
    for side in (0, 1):
        np.logical_and.at(known[side], entry[n_z:], rest[side])
    _once(written, together, implied=known & ~is_link & (count == 1))
    _beside_sure(written)
    return together


def _beside_sure(written: Written) -> None:
    """Add u ≤ y for supply between a firm that is in one park in every plan and one that has a choice."""
    trade, between, y = written.instance.trade, written.traded.between, written.sited.y
    fixed = sure(written.instance)
    seller, buyer = trade.seller[between.pair], trade.buyer[between.pair]
    product = trade.product[between.pair]
    sides = (
        (seller, between.seller_park, fixed[buyer] & ~fixed[seller], trade.most_output[seller, product]),
        (buyer, between.buyer_park, fixed[seller] & ~fixed[buyer], trade.most_need[buyer, product]),
    )
    for firm, park, beside, amount in sides:
        # a share of the firm's own full amount is below its utilisation already
        at = np.flatnonzero(beside & (between.unit < amount * (1 - 1e-12)))
        here = np.arange(len(at))
        sites = written.instance.sites
        written.program.rows(
            "together_least",
            len(at),
            [(here, between.column[at], 1.0), (here, y[firm[at], park[at]], -1.0)],
            "<=",
            0.0,
            lambda i, firm=firm, park=park, at=at, sites=sites: (
                f"{sites.firms[firm[at[i]]]} in {sites.parks[park[at[i]]]}"
            ),  # type: ignore[misc]
        )


def _supply(written: Written) -> tuple[Ints, Ints, Bools]:
    """Return supply columns between firms that have a choice; (4, n) firms and parks; and what is known.

    The last, (2, n), tells of either firm whether the column is a share of its own full amount: then its
    balance holds the sum already.
    """
    trade, between = written.instance.trade, written.traded.between
    fixed = sure(written.instance)
    seller, buyer = trade.seller[between.pair], trade.buyer[between.pair]
    product = trade.product[between.pair]
    used = ~fixed[seller] & ~fixed[buyer]
    shares: Floats = np.stack([trade.most_output[seller, product], trade.most_need[buyer, product]])
    whole = between.unit >= shares * (1 - 1e-12)
    at = np.stack([seller, buyer, between.seller_park, between.buyer_park])
    turned = seller > buyer
    at[:, turned] = at[[1, 0, 3, 2]][:, turned]
    whole[:, turned] = whole[::-1][:, turned]
    return between.column[used], at[:, used], whole[:, used]


def _once(written: Written, together: Together, implied: Bools) -> None:
    """Add Σ w ≤ y for either firm, but where the program has that row already."""
    instance, y = written.instance, written.sited.y
    n, m = instance.n_firms, instance.n_parks
    pair = together.firm_a * n + together.firm_b
    linked_only = ~np.isin(pair, pair[~np.isin(together.column, written.linked.z)])
    sides = (
        (together.firm_a, together.park_a, together.firm_b),
        (together.firm_b, together.park_b, together.firm_a),
    )
    for side, (firm, park, other) in enumerate(sides):
        key = (firm * n + other) * m + park
        _, first, row = np.unique(key, return_index=True, return_inverse=True)
        known = np.ones(len(first), dtype=bool)
        np.logical_and.at(known, row, implied[side] | linked_only)
        keep = np.flatnonzero(~known)
        number = np.full(len(first), -1)
        number[keep] = np.arange(len(keep))
        used = number[row] >= 0
        firms, parks, others = firm[first[keep]], park[first[keep]], other[first[keep]]
        program, names = written.program, instance.sites
        program.rows(
            "together_once",
            len(keep),
            [(number[row[used]], together.column[used], 1.0), (np.arange(len(keep)), y[firms, parks], -1.0)],
            "<=",
            0.0,
            lambda i, firms=firms, parks=parks, others=others, names=names: (  # type: ignore[misc]
                f"{names.firms[firms[i]]} in {names.parks[parks[i]]} with {names.firms[others[i]]}"
            ),
        )
