"""Willing where it is, over several futures: rows that every plan keeps and the relaxation does not.

With each award split by the park of its firm, h[f,i] = Σ_s g[f,i,s], as in `clusterplan.rules.tighten.where`,
and p[c], the probabilities of bunches c,

    Σ_c p[c] · surplus[c,f in s] + d[f,s] + Σ_i worth[f,i] · g[f,i,s] ≥ 0      each park s
    Σ_s d[f,s] = how the surplus of f differs, by the futures within bunches, from that in their means
    −low[f] · y[f,s] ≤ d[f,s] ≤ high[f] · y[f,s]

A firm is in one park: there the row is its willingness, elsewhere it is 0 ≥ 0. Where firms must be willing in
every future, the rows hold for each bunch alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from clusterplan.instance import Floats, Ints
from clusterplan.rules.tighten.where import places_of_surplus
from clusterplan.solve.together.block import Block
from clusterplan.solve.together.shared import Shared


def willing_there(program: Shared) -> Shared:
    """Return the program of several futures, or bunches, with the rows and their columns.

    Parameters
    ----------
    program
        The program; its futures may be bunches of `clusterplan.solve.together.sums`.
    """
    sites, results = program.today.sites, program.today.results
    firms = np.flatnonzero(results.willing & sites.admissible.any(axis=1))
    if not len(firms):
        return program
    chance = np.array([block.later.chance for block in program.blocks])
    adding = _Adding(program)
    granted = adding.grants(firms)
    if program.asked.willing == "expected":
        adding.rows_of(firms, list(program.blocks), chance / chance.sum(), granted)
    else:
        for block in program.blocks:
            adding.rows_of(firms, [block], np.ones(1), granted)
    return adding.done()


class _Adding:
    """Columns and rows that are added to a program."""

    def __init__(self, program: Shared) -> None:
        self.program, self.size = program, program.size
        self.upper: list[Floats] = []
        self.lower: list[Floats] = []
        self.places: list[Ints] = []
        self.entries: list[tuple[Ints, Ints, Floats]] = []
        self.row_lower: list[Floats] = []
        self.row_upper: list[Floats] = []
        self.n_rows = 0

    def columns(self, firm: Ints, park: Ints, lower: Floats, upper: Floats) -> Ints:
        """Add columns of firms in parks."""
        none = np.full(len(firm), -1)
        self.places.append(np.stack([firm, park, none, none]))
        self.lower.append(lower)
        self.upper.append(upper)
        first = self.size
        self.size += len(firm)
        return np.arange(first, self.size)

    def rows(self, count: int, parts: list[tuple[Ints, Ints, Floats]], lower: float, upper: float) -> None:
        """Add rows; parts are row (from 0), column and coefficient."""
        self.entries += [(row + self.n_rows, column, amount) for row, column, amount in parts]
        self.row_lower.append(np.full(count, lower))
        self.row_upper.append(np.full(count, upper))
        self.n_rows += count

    def grants(self, firms: Ints) -> tuple[Ints, Ints, Ints]:
        """Add awards by park; return column, award and park of each."""
        program = self.program
        awards, sites, first = program.today.awards, program.today.sites, program.first.written
        award, park = np.nonzero(
            (awards.cap > 0) & sites.admissible[awards.firm] & np.isin(awards.firm, firms)[:, None]
        )
        cap, firm = awards.cap[award, park], awards.firm[award]
        g = self.columns(firm, park, np.zeros(len(award)), cap)
        here, one = np.arange(len(award)), np.ones(len(award))
        y = program.at[first.sited.y]
        split, row = np.unique(award, return_inverse=True)
        h = program.at[first.awarded.h[split]]
        self.rows(len(split), [(np.arange(len(split)), h, np.ones(len(split))), (row, g, -one)], 0.0, 0.0)
        self.rows(len(award), [(here, g, one), (here, y[firm, park], -cap)], -np.inf, 0.0)
        aid = awards.counts[award] & np.isfinite(awards.ceiling[firm, park])
        at, row = np.unique(firm[aid] * len(sites.parks) + park[aid], return_inverse=True)
        f, s = np.divmod(at, len(sites.parks))
        ceiling = (np.arange(len(at)), y[f, s], -awards.ceiling[f, s])
        self.rows(len(at), [(row, g[aid], one[aid]), ceiling], -np.inf, 0.0)
        return g, award, park

    def rows_of(
        self, firms: Ints, blocks: list[Block], weight: Floats, granted: tuple[Ints, Ints, Ints]
    ) -> None:
        """Add that firms are willing where they are, over some of the futures."""
        program = self.program
        sites, first = program.today.sites, program.first.written
        y = program.at[first.sited.y]
        asked = np.isin(np.arange(len(sites.firms)), firms)[:, None]
        f, s = np.nonzero(asked & sites.admissible)
        number = np.full(sites.admissible.shape, -1)
        number[f, s] = np.arange(len(f))
        parts: list[tuple[Ints, Ints, Floats]] = []
        differs: list[tuple[Ints, Ints, Floats]] = []
        low, high = np.zeros(len(sites.firms)), np.zeros(len(sites.firms))
        worth = np.zeros(len(program.today.awards.firm))
        for share, block in zip(weight, blocks, strict=True):
            of_mean = block.written.program.n_columns
            surplus = block.surplus.tocoo()
            told = np.isin(surplus.row, firms)
            firm, column, amount = surplus.row[told], surplus.col[told], share * surplus.data[told]
            mine = column < of_mean
            place = np.full(len(firm), -1)
            place[mine] = places_of_surplus(block.written, firm[mine], column[mine])
            there = place >= 0
            parts.append((number[firm[there], place[there]], block.at[column[there]], amount[there]))
            differs.append((firm[~mine], block.at[column[~mine]], amount[~mine]))
            np.add.at(high, firm[~mine], np.maximum(amount[~mine], 0.0))
            np.add.at(low, firm[~mine], np.maximum(-amount[~mine], 0.0))
            award_of = np.full(of_mean, -1)
            award_of[block.written.awarded.h] = np.arange(len(worth))
            paid = award_of[column[mine]]
            np.add.at(worth, paid[paid >= 0], amount[mine][paid >= 0])
        g, award, park = granted
        parts.append((number[program.today.awards.firm[award], park], g, worth[award]))
        swings = (low + high)[f] > 0
        if swings.any():
            sf, ss = f[swings], s[swings]
            d = self.columns(sf, ss, -low[sf], high[sf])
            at, row = np.unique(sf, return_inverse=True)
            place_of = np.full(len(sites.firms), -1)
            place_of[at] = np.arange(len(at))
            each = [(place_of[firm], column, -amount) for firm, column, amount in differs]
            self.rows(len(at), [(row, d, np.ones(len(d))), *each], 0.0, 0.0)
            here = np.arange(len(d))
            for sign, most in ((1.0, high[sf]), (-1.0, low[sf])):
                self.rows(len(d), [(here, d, np.full(len(d), sign)), (here, y[sf, ss], -most)], -np.inf, 0.0)
            parts.append((number[sf, ss], d, np.ones(len(d))))
        self.rows(len(f), parts, 0.0, np.inf)

    def done(self) -> Shared:
        """Return the program with what was added."""
        program, more = self.program, self.size - self.program.size
        row, column, amount = (np.concatenate([part[k] for part in self.entries]) for k in range(3))
        added = sparse.coo_array((amount, (row, column)), shape=(self.n_rows, self.size)).tocsr()
        added.eliminate_zeros()
        before = sparse.csr_array(
            (program.rows.data, program.rows.indices, program.rows.indptr),
            shape=(program.rows.shape[0], self.size),
        )
        return replace(
            program,
            lower=np.concatenate([program.lower, *self.lower]),
            upper=np.concatenate([program.upper, *self.upper]),
            integer=np.concatenate([program.integer, np.zeros(more, dtype=bool)]),
            places=np.concatenate([program.places, *self.places], axis=1),
            future=np.concatenate([program.future, np.full(more, -1)]),
            rows=sparse.vstack([before, added], format="csr"),
            row_lower=np.concatenate([program.row_lower, *self.row_lower]),
            row_upper=np.concatenate([program.row_upper, *self.row_upper]),
        )
