"""A future in the program of several: its columns, and its rows in columns of the whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from clusterplan.errors import UsageError
from clusterplan.instance import Bools, Floats, Ints, Later
from clusterplan.rules import Written
from clusterplan.rules.collaboration import ByWay, Linked
from clusterplan.rules.tighten import Tightened
from clusterplan.rules.tighten.once import Together
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.together.ration import rationed

OF_FUTURES = ("sold", "bought", "buys_up_to", "sells_up_to", "load_most", "load_least", "award_load")
"""Rules that hold in each future, even where none of a row's columns is the future's own."""
BESIDE = "room_beside"
"""The rule of the rows of `clusterplan.rules.tighten.room`."""

Rules = np.ndarray[tuple[int], np.dtype[np.str_]]
"""The rule of each row."""


@dataclass(frozen=True, eq=False)
class Block:
    """A future in the whole of N columns.

    Parameters
    ----------
    number
        Which of the futures it is.
    later
        The future.
    written
        Its program.
    at, share
        (n,) the column of the whole for each of its own, and what that is multiplied by (awards: what is
        paid).
    own
        (n,) which columns are the future's own.
    places
        (4, n) firm, park, other firm and other park of each column, −1 for none.
    value, constant
        (n,) and one: V[s] = value · columns + constant.
    lower, upper
        (n,) bounds.
    rows, row_lower, row_upper, row_rule
        (m, n) rows that hold in the future, with their bounds and their rule (``rationed`` for what is
        rationed).
    beside
        Rows of `clusterplan.rules.tighten.room` that hold too, ≤ 0: for bounds alone.
    surplus
        (F, n) the surplus of each firm, m currency/y.
    """

    number: int
    later: Later
    written: Written
    at: Ints
    share: Floats
    own: Bools
    places: Ints
    value: Floats
    constant: float
    lower: Floats
    upper: Floats
    rows: sparse.csr_array
    row_lower: Floats
    row_upper: Floats
    row_rule: Rules
    beside: sparse.csr_array
    surplus: sparse.csr_array

    def into(self, size: int) -> sparse.csr_array:
        """Return (n, N) what each of its columns is in columns of the whole."""
        n = len(self.at)
        return sparse.csr_array((self.share, (np.arange(n), self.at)), shape=(n, size))


def block(first: Tightened, at: Ints, tight: Tightened, later: Later, *, begin: int, number: int) -> Block:
    """Return a future as a block.

    Parameters
    ----------
    first, at
        Today's program, and the column of the whole for each of its columns.
    tight, later
        The future's program, and the future.
    begin
        Number of the first column of its own.
    number
        Number of the future.

    Raises
    ------
    UsageError
        If the future makes something worth money that is worth nothing today, for which there is no column.
    """
    written = tight.written
    problem, own = matrix_of(written), own_columns(tight)
    mapped, share = _mapped(first, at, tight, later)
    own |= mapped < 0
    mapped[own] = np.arange(begin, begin + int(own.sum()))
    rows, rule = problem.rows(), rules_of(written)
    gone = _stands(written, later)
    mine = np.isin(rule, OF_FUTURES) | (abs(rows) @ own.astype(float) > 0)
    kept = mine & (rule != BESIDE) & ~((rule == "load_least") & (abs(rows) @ gone.astype(float) > 0))
    less, limit = rationed(written, later)
    return Block(
        number=number,
        later=later,
        written=written,
        at=mapped,
        share=share,
        own=own,
        places=places_of(tight),
        value=problem.cost,
        constant=problem.constant,
        lower=problem.lower,
        upper=np.where(gone, 0.0, problem.upper),
        rows=sparse.vstack([rows[kept], less], format="csr"),
        row_lower=np.concatenate([problem.row_lower[kept], np.full(len(limit), -np.inf)]),
        row_upper=np.concatenate([problem.row_upper[kept], limit]),
        row_rule=np.concatenate([rule[kept], np.full(len(limit), "rationed")]),
        beside=sparse.csr_array(rows[mine & (rule == BESIDE)]),
        surplus=_surplus(written),
    )


def _surplus(written: Written) -> sparse.csr_array:
    firm, column, amount = written.program.surplus.arrays()
    shape = (written.instance.n_firms, written.program.n_columns)
    return sparse.coo_array((amount, (firm, column)), shape=shape).tocsr()


def rules_of(written: Written) -> Rules:
    """Return the rule of each row."""
    blocks = written.program.row_blocks
    return np.repeat([part.rule for part in blocks], [part.count for part in blocks])


def own_columns(tight: Tightened) -> Bools:
    """Return which columns are decided again in each future: utilisation, supply, loops."""
    written = tight.written
    own = np.zeros(written.program.n_columns, dtype=bool)
    sited, traded, looped = written.sited, written.traded, written.looped
    y, q = sited.y[sited.firm, sited.park], sited.q[sited.firm, sited.park]
    own[q[q != y]] = True
    trades = (traded.between.column, traded.sold.column, traded.bought.column, traded.second.column)
    for columns in (*trades, looped.o, looped.c):
        own[columns] = True
    return own


def places_of(tight: Tightened) -> Ints:
    """Return (4, n) firm, park, other firm and other park that each column needs there, −1 for none."""
    written = tight.written
    sited, linked, between, built = written.sited, written.linked, written.traded.between, written.built
    trade, ways, together = written.instance.trade, written.instance.works.ways, tight.together
    places = np.full((4, written.program.n_columns), -1)

    def tell(columns: Ints, *of: Ints) -> None:
        for k, part in enumerate(of):
            places[k, columns] = part

    tell(sited.q[sited.firm, sited.park], sited.firm, sited.park)
    tell(sited.y[sited.firm, sited.park], sited.firm, sited.park)
    tell(built.saved, built.firm, built.park)
    tell(together.column[together.own_at], *(part[together.own_at] for part in _of(together)))
    for columns, of in ((linked.z, linked), (linked.by_way.column, linked.by_way)):
        tell(columns, *_of(of))
    for through in (written.traded.sold, written.traded.bought, written.traded.second):
        tell(through.column, through.firm, through.park)
    seller, buyer = trade.seller[between.pair], trade.buyer[between.pair]
    tell(between.column, seller, between.seller_park, buyer, between.buyer_park)
    looped = written.looped
    tell(looped.o, written.instance.loops.producer[looped.pair], looped.park)
    tell(looped.c, *places[:2, looped.o[looped.c_of]])
    for near in (looped.near, written.awarded.brought):
        tell(near.column, near.firm, ways.end[near.way])
    return places


def _of(pairs: Linked | ByWay | Together) -> tuple[Ints, ...]:
    return pairs.firm_a, pairs.park_a, pairs.firm_b, pairs.park_b


def _mapped(first: Tightened, at: Ints, tight: Tightened, later: Later) -> tuple[Ints, Floats]:
    """Return the column of the whole that stands for each column today, −1 where none does; and its share."""
    written, its = tight.written, first.written
    found, share = np.full(written.program.n_columns, -1), np.ones(written.program.n_columns)
    there = its.sited.y >= 0
    for mine, of_today in (
        (written.sited.x, its.sited.x),
        (written.sited.y[there], its.sited.y[there]),
        (written.built.level, its.built.level),
        (written.built.work, its.built.work),
        (written.awarded.h, its.awarded.h),
        (written.awarded.k[written.awarded.k >= 0], its.awarded.k[its.awarded.k >= 0]),
    ):
        found[mine] = at[of_today]
    for (column, *names), known, may_lack in zip(_keyed(tight), _keyed(first), _LACK, strict=True):
        place = _matched([part.tolist() for part in known], [part.tolist() for part in names])
        if (place < 0).any() and not may_lack:
            raise UsageError(
                f"The scenario {later.name!r} makes links or works worth something where they are worth "
                "nothing today. Give them a small value in the region, or leave them as they are."
            )
        found[column[place >= 0]] = at[place[place >= 0]]
    share[written.awarded.h] = later.paid
    return found, share


_LACK = (False, False, False, True, True, True)
"""Of the kinds of `_keyed`, those that a future may have of its own."""


def _keyed(tight: Tightened) -> tuple[tuple[Ints, ...], ...]:
    """Return columns whose number depends on what is worth something, each with what names it."""
    written = tight.written
    built, linked, together = written.built, written.linked, tight.together
    by_way, near, brought = linked.by_way, written.looped.near, written.awarded.brought
    return (
        (built.saved, built.firm, built.park, built.by),
        (linked.z, *_of(linked)),
        (by_way.column, *_of(by_way), by_way.way),
        (near.column, near.firm, near.way),
        (brought.column, brought.firm, brought.way),
        (together.column[together.own_at], *(part[together.own_at] for part in _of(together))),
    )


def _matched(known: list[list[int]], names: list[list[int]]) -> Ints:
    """Return the column of today with the same names, −1 where there is none."""
    at = dict(zip(zip(*known[1:], strict=True), known[0], strict=True))
    return np.array([at.get(key, -1) for key in zip(*names, strict=True)], dtype=np.int64)


def _stands(written: Written, later: Later) -> Bools:
    """Return the columns of utilisation where a firm, or its park, is gone."""
    stands = np.zeros(written.program.n_columns, dtype=bool)
    sited = written.sited
    f, s = sited.firm, sited.park
    gone = ~later.there[f, s] & (sited.q[f, s] != sited.y[f, s])
    stands[sited.q[f[gone], s[gone]]] = True
    return stands
