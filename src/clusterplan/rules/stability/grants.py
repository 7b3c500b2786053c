"""What is left of a firm's grants in another park, from above: the least of what each limit leaves.

    left[f,i,t] ≥ min(h[f,i], cap[f,i,t])
    total[f,t] ≥ min_k (level[k] · ceiling[f,t] + Σ_{i that is aid} max(0, worth[i] − level[k]) · left[f,i,t])

each minimum with a binary that says which alternative holds. They are columns only where the data leave a
choice: a cap that is 0, or no lower than anywhere else, and a ceiling that no grants can reach, leave none.
Where an instrument gives access to a platform, `left` may be less by the most of the award times
1 − served[k,t], served ∈ [0,1] being no less than whether a platform is within reach of t
(`clusterplan.rules.stability.access`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from clusterplan.instance import Bools, Floats, Instance, Ints
from clusterplan.rules.incentives import Awarded
from clusterplan.rules.program import Program
from clusterplan.rules.stability.access import NEVER, SURE, Served
from clusterplan.rules.stability.moves import Moves

_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Grants:
    """Columns of what is left of grants elsewhere.

    Parameters
    ----------
    left, award, cap, served
        Columns of what is left of an award; column of the award; the cap; column that says whether a platform
        is within reach, −1 where none is asked for, or one is for sure.
    cut, cut_of
        Columns of whether a cap cuts what is left, and the positions in ``left`` of these.
    total
        Columns of what is left of all aid of a firm in a park, in what it is worth.
    chosen, of_total, constant
        Columns of its alternatives, the number of their total, and what does not depend on awards.
    row, column, amount
        Alternative by number, column and coefficient of what depends on awards.
    """

    left: Ints
    award: Ints
    cap: Floats
    served: Ints
    cut: Ints
    cut_of: Ints
    total: Ints
    chosen: Ints
    of_total: Ints
    constant: Floats
    row: Ints
    column: Ints
    amount: Floats

    @property
    def binaries(self) -> Ints:
        """Columns that choose among alternatives."""
        return np.concatenate([self.cut, self.chosen])

    def fill(self, values: Floats) -> None:
        """Set the columns to the least that awards allow."""
        there = np.where(self.served >= 0, values[self.served], 1.0)
        values[self.left] = np.minimum(values[self.award], self.cap) * there
        values[self.cut] = (values[self.award] > self.cap)[self.cut_of]
        if not len(self.total):
            return
        amount = self.constant + np.bincount(
            self.row, weights=self.amount * values[self.column], minlength=len(self.chosen)
        )
        least = np.full(len(self.total), np.inf)
        np.minimum.at(least, self.of_total, amount)
        order = np.lexsort((amount, self.of_total))
        first = order[np.unique(self.of_total[order], return_index=True)[1]]
        values[self.chosen] = 0.0
        values[self.chosen[first]] = 1.0
        values[self.total] = least


def add_grants(  # noqa: PLR0917  (what the rules before it have made)
    program: Program, moves: Moves, instance: Instance, awarded: Awarded, served: Served, asked: Bools
) -> Grants:
    """Add the columns and rows, and what grants lose to the moves."""
    awards, admissible = instance.awards, instance.sites.admissible
    here = awards.cap * admissible[awards.firm]
    i, t = np.nonzero(asked[awards.firm])
    # the most of an award in a park other than t
    order = np.sort(here, axis=1)
    second = order[:, -2] if here.shape[1] > 1 else np.zeros(len(here))
    top = here.max(axis=1, initial=0.0)
    most = np.where(here[i, t] >= top[i], second[i], top[i]) if len(i) else np.zeros(0)
    cap = awards.cap[i, t]
    by = served.column[awards.access[i], t] if len(served.column) else np.full(len(i), SURE)
    by = np.where(awards.access[i] >= 0, by, SURE)
    whole = cap >= most * (1 - 1e-12)
    gone = (~whole & (cap <= 0)) | (by == NEVER)
    part = ~gone & (~whole | (by >= 0))
    some = _Some(i[part], t[part], cap[part])
    left, cut, cut_of = _caps(program, instance, awarded, some, most[part], by[part])
    stays = np.full(len(i), -1)
    stays[whole & ~gone] = awarded.h[i[whole & ~gone]]
    stays[part] = left
    worth = awards.worth[i]
    reach = np.minimum(cap, most)
    limited, total = _ceilings(program, instance, asked, _Some(i, t, reach), stays)
    # an award that counts under a ceiling is in its total, the others count by themselves
    under = (
        np.zeros(len(i), dtype=bool)
        if not limited
        else np.array(
            [
                bool(awards.counts[n]) and (int(awards.firm[n]), int(park)) in limited
                for n, park in zip(i, t, strict=True)
            ]
        )
    )
    firm = awards.firm[i]
    alone = (stays >= 0) & ~under
    moves.add(firm[alone], t[alone], stays[alone], worth[alone])
    moves.add(firm, t, awarded.h[i], -worth)
    if limited:
        f, s = (np.array(side, dtype=np.int64) for side in zip(*limited, strict=True))
        moves.add(f, s, total.total, np.ones(len(f)))
    return Grants(
        left, awarded.h[i[part]], cap[part], np.maximum(by[part], SURE), cut, cut_of, *total.arrays()
    )


class _Some(NamedTuple):
    """Awards in parks, and how much of each there can be there."""

    award: Ints
    park: Ints
    reach: Floats


def _caps(  # noqa: PLR0917  (what `add_grants` has at hand)
    program: Program, instance: Instance, awarded: Awarded, some: _Some, most: Floats, by: Ints
) -> tuple[Ints, Ints, Ints]:
    """Add left ≥ min(h, cap), and less where no platform is within reach."""
    awards, sites = instance.awards, instance.sites
    i, t, cap = some
    left = program.columns("left", len(i), upper=cap)
    cuts = np.flatnonzero(cap < most * (1 - 1e-12))
    cut = program.columns("cut", len(cuts), integer=True)
    row, ask = np.arange(len(i)), np.flatnonzero(by >= 0)

    def name(n: int) -> str:
        instrument = awards.instruments[awards.instrument[i[n]]]
        return f"{instrument} to {sites.firms[awards.firm[i[n]]]} in {sites.parks[t[n]]}"

    program.rows(
        "stability_grants",
        len(i),
        [
            (row, left, 1.0),
            (row, awarded.h[i], -1.0),
            (cuts, cut, most[cuts]),
            (ask, by[ask], -most[ask]),
        ],
        ">=",
        np.where(by >= 0, -most, 0.0),
        name,
    )
    asks = by[cuts] >= 0
    at = np.flatnonzero(asks)
    program.rows(
        "stability_grants",
        len(cuts),
        [
            (np.arange(len(cuts)), left[cuts], 1.0),
            (np.arange(len(cuts)), cut, -cap[cuts]),
            (at, by[cuts[at]], -cap[cuts[at]]),
        ],
        ">=",
        np.where(asks, -cap[cuts], 0.0),
        lambda n: name(int(cuts[n])),
    )
    return left, cut, cuts


@dataclass
class _Totals:
    """Totals under ceilings, in the making."""

    total: Ints = field(default_factory=lambda: _NONE)
    chosen: Ints = field(default_factory=lambda: _NONE)
    of_total: list[int] = field(default_factory=list)
    constant: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    columns: list[Ints] = field(default_factory=list)
    amounts: list[Floats] = field(default_factory=list)

    def arrays(self) -> tuple[Ints, Ints, Ints, Floats, Ints, Ints, Floats]:
        """Return the last seven arrays of `Grants`."""
        sizes = [len(columns) for columns in self.columns]
        return (
            self.total,
            self.chosen,
            np.array(self.of_total, dtype=np.int64),
            np.array(self.constant),
            np.repeat(np.arange(len(sizes)), sizes),
            np.concatenate([_NONE, *self.columns]),
            np.concatenate([np.zeros(0), *self.amounts]),
        )


def _ceilings(
    program: Program, instance: Instance, asked: Bools, some: _Some, stays: Ints
) -> tuple[list[tuple[int, int]], _Totals]:
    """Add total ≥ the least alternative, for each firm and park whose ceiling aid could pass."""
    i, t, reach = some
    awards, admissible = instance.awards, instance.sites.admissible
    made, totals, firm = list[tuple[int, int]](), _Totals(), awards.firm[i]
    for f in np.unique(firm[awards.counts[i]]).tolist():
        for s in np.flatnonzero(asked[f]).tolist():
            n = np.flatnonzero((firm == f) & (t == s) & awards.counts[i] & (stays >= 0))
            others = np.flatnonzero(admissible[f])
            elsewhere = awards.ceiling[f, others[others != s]].max(initial=0.0)
            ceiling = float(awards.ceiling[f, s])
            if not len(n) or ceiling >= min(float(reach[n].sum()), elsewhere) * (1 - 1e-12):
                continue
            worth = awards.worth[i[n]]
            for level in np.unique([0.0, *worth.tolist()]).tolist():
                amount = np.maximum(0.0, worth - level)
                totals.of_total.append(len(made))
                totals.constant.append(level * ceiling)
                totals.most.append(level * ceiling + float((amount * reach[n]).sum()))
                totals.columns.append(stays[n])
                totals.amounts.append(amount)
            made.append((f, s))
    upper = np.zeros(len(made))
    np.maximum.at(upper, np.array(totals.of_total, dtype=np.int64), np.array(totals.most))
    totals.total = program.columns("aid_left", len(made), upper=upper)
    totals.chosen = program.columns("least", len(totals.of_total), integer=True)
    _, chosen, of_total, constant, row, column, amount = totals.arrays()
    count, sites = len(chosen), instance.sites

    def name(n: int) -> str:
        f, s = made[n]
        return f"aid to {sites.firms[f]} in {sites.parks[s]}"

    at, most = np.arange(count), np.array(totals.most)
    program.rows(
        "stability_aid",
        count,
        [(at, totals.total[of_total], 1.0), (row, column, -amount), (at, chosen, -most)],
        ">=",
        constant - most,
        lambda n: name(int(of_total[n])),
    )
    program.rows("stability_aid", len(made), [(of_total, chosen, 1.0)], "==", 1.0, name)
    return made, totals
