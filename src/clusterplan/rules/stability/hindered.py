"""What is in the way of a move: a binary for each reason that can be one.

    (level − least) · hindered ≤ Σ_j amount[j] · column[j] − least

with both sides divided by what there is, so that hectares and workers stand in the program with like sizes.
What levels and works add to a capacity stands in the sum with a minus; `least` is what they take off at most,
0 where they add nothing. Which partners a firm would lose depends on the ways that are built, so that these
reasons hold in one case of them (`clusterplan.instance.roadworks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from clusterplan.instance import Bools, Floats, Instance, Ints, Trade
from clusterplan.instance.elsewhere import spot
from clusterplan.instance.roadworks import Roads
from clusterplan.instance.stable import FITS, LOST
from clusterplan.rules.program import Program
from clusterplan.rules.siting import Sited
from clusterplan.rules.traded import Traded
from clusterplan.rules.works import Built

_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Hindered:
    """Columns that tell what is in the way of moves.

    Parameters
    ----------
    column, firm, park, case
        Column, who would move, where to, and the case that it holds in, −1 for all; one a reason.
    level
        What must be reached for it to be a reason.
    row, other, amount
        Reason by number, column and coefficient of what must reach the level.
    """

    column: Ints
    firm: Ints
    park: Ints
    case: Ints
    level: Floats
    row: Ints
    other: Ints
    amount: Floats

    def fill(self, values: Floats) -> None:
        """Set the columns of reasons that there are."""
        there = np.bincount(self.row, weights=self.amount * values[self.other], minlength=len(self.column))
        values[self.column] = there >= self.level - 1e-9


@dataclass
class _Reasons:
    """Reasons in the making."""

    firm: list[int] = field(default_factory=list)
    park: list[int] = field(default_factory=list)
    case: list[int] = field(default_factory=list)
    level: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    columns: list[Ints] = field(default_factory=list)
    amounts: list[Floats] = field(default_factory=list)

    def add(
        self,
        move: tuple[int, int],
        level: float,
        columns: Ints,
        amounts: Floats,
        name: str,
        *,
        least: float = 0.0,
        case: int = -1,
    ) -> None:
        """Add a reason."""
        self.firm.append(move[0])
        self.park.append(move[1])
        self.case.append(case)
        self.level.append(level)
        self.least.append(least)
        self.name.append(name)
        self.columns.append(columns)
        self.amounts.append(amounts)


def add_hindered(
    program: Program,
    instance: Instance,
    *,
    sited: Sited,
    traded: Traded,
    built: Built,
    asked: Sequence[tuple[Roads, Bools]],
) -> tuple[Hindered, Bools]:
    """Add the columns and rows; return them, and (F×S) which moves are never possible.

    Parameters
    ----------
    program, instance
        The program, and what it is written from.
    sited, traded, built
        Its columns.
    asked
        The cases of ways, and (F×S) the moves that matter in each.
    """
    reasons = _Reasons()
    every = np.logical_or.reduce([moves for _, moves in asked])
    never = np.zeros(every.shape, dtype=bool)
    _resources(reasons, never, instance, sited, built, every)
    _separations(reasons, instance, sited, every)
    for case, (roads, moves) in enumerate(asked):
        _trade(reasons, roads.there.trade, traded, moves, case)
    count = len(reasons.firm)
    column = program.columns("hindered", count, integer=True)
    sizes = [len(columns) for columns in reasons.columns]
    found = Hindered(
        column=column,
        firm=np.array(reasons.firm, dtype=np.int64),
        park=np.array(reasons.park, dtype=np.int64),
        case=np.array(reasons.case, dtype=np.int64),
        level=np.array(reasons.level),
        row=np.repeat(np.arange(count), sizes),
        other=np.concatenate([_NONE, *reasons.columns]),
        amount=np.concatenate([np.zeros(0), *reasons.amounts]),
    )
    least = np.array(reasons.least)
    program.rows(
        "stability_hindered",
        count,
        [(np.arange(count), column, found.level - least), (found.row, found.other, -found.amount)],
        "<=",
        -least,
        lambda i: (
            f"{instance.sites.firms[found.firm[i]]} to {instance.sites.parks[found.park[i]]}: "
            f"{reasons.name[i]}"
        ),
    )
    return found, never


class _Limit(NamedTuple):
    """A capacity: the resource, how much there is, the parks that share it, and what is built to raise it."""

    resource: int
    capacity: float
    inside: Bools
    name: str
    columns: Ints
    added: Floats
    most: float


def _limits(instance: Instance, built: Built) -> Iterator[_Limit]:
    sites, levels, works = instance.sites, instance.levels, instance.works
    parks = np.arange(len(sites.parks))
    for r, resource in enumerate(sites.resources):
        for s in parks.tolist():
            sizes, here = np.flatnonzero(levels.park == s), np.flatnonzero(works.park == s)
            larger = levels.extra[sizes, r] if len(sizes) else np.zeros(0)
            added = works.capacity[here, r] if len(here) else np.zeros(0)
            yield _Limit(
                r,
                float(sites.capacity[r, s]),
                parks == s,
                f"{resource} of {sites.parks[s]}",
                np.concatenate([built.level[sizes], built.work[here]]),
                np.concatenate([larger, added]),
                float(larger.max(initial=0.0) + added.sum()),
            )
    for g, r in enumerate(sites.group_resource.tolist()):
        added = works.group_capacity[:, g] if len(works.names) else np.zeros(0)
        yield _Limit(
            r,
            float(sites.group_capacity[g]),
            sites.group_parks[g],
            f"{sites.resources[r]} of {sites.groups[g]}",
            built.work,
            added,
            float(added.sum()),
        )


def _resources(  # noqa: PLR0917  (what `add_hindered` has at hand)
    reasons: _Reasons, never: Bools, instance: Instance, sited: Sited, built: Built, asked: Bools
) -> None:
    for limit in _limits(instance, built):
        need, capacity, inside = instance.sites.needs[limit.resource], limit.capacity, limit.inside
        if not np.isfinite(capacity):
            continue
        at = np.flatnonzero(inside[sited.park] & (need[sited.firm] > 0))
        could = np.zeros(len(need))
        could[sited.firm[at]] = need[sited.firm[at]]
        for f in np.flatnonzero((need > 0) & asked[:, inside].any(axis=1)).tolist():
            scale = max(capacity, float(need[f]))
            level = capacity - float(need[f]) + FITS * scale
            if could.sum() - could[f] < level:
                continue
            parks = np.flatnonzero(inside & asked[f])
            most = (1.0 + FITS) * limit.most
            if level + most <= 0:
                never[f, parks] = True
                continue
            others = at[sited.firm[at] != f]
            columns = np.concatenate([sited.y[sited.firm[others], sited.park[others]], limit.columns])
            amounts = np.concatenate([need[sited.firm[others]], -(1.0 + FITS) * limit.added]) / scale
            for t in parks.tolist():
                reasons.add((f, t), level / scale, columns, amounts, limit.name, least=-most / scale)


def _separations(reasons: _Reasons, instance: Instance, sited: Sited, asked: Bools) -> None:
    sites = instance.sites
    close: dict[tuple[int, int], list[Ints]] = {}
    for separation in sites.separations:
        for firms, others, near in (
            (separation.firms_a, separation.firms_b, separation.near),
            (separation.firms_b, separation.firms_a, separation.near.T),
        ):
            for f in firms.tolist():
                rest = others[others != f]
                for t in np.flatnonzero(asked[f]).tolist():
                    columns = sited.y[rest][:, near[t]].ravel()
                    columns = columns[columns >= 0]
                    if len(columns):
                        close.setdefault((f, t), []).append(columns)
    for move, found in close.items():
        columns = np.unique(np.concatenate(found))
        reasons.add(move, 1.0, columns, np.ones(len(columns)), "a firm that it must keep apart from")


def _trade(reasons: _Reasons, trade: Trade, traded: Traded, asked: Bools, case: int) -> None:
    """Add moves after which outputs and needs would find nobody, by the ways of a case."""
    between = traded.between
    p = trade.product[between.pair]
    lost: dict[tuple[int, int], list[tuple[Ints, Floats]]] = {}
    for sold, firm, own, there, amount, through in (
        (
            True,
            trade.seller[between.pair],
            between.seller_park,
            between.buyer_park,
            trade.most_output,
            traded.sold,
        ),
        (
            False,
            trade.buyer[between.pair],
            between.buyer_park,
            between.seller_park,
            trade.most_need,
            traded.bought,
        ),
    ):
        nobody = spot(trade, sold=sold).gateway < 0
        for t in np.flatnonzero(asked.any(axis=0)).tolist():
            km = trade.km[t, there] if sold else trade.km[there, t]
            u = np.flatnonzero(~(km <= trade.max_km[p]) & nobody[t, p] & asked[firm, t] & (own != t))
            _by_firm(lost, t, firm[u], between.column[u], between.unit[u] / amount[firm[u], p[u]])
            no_way = ~np.isfinite(trade.gateway_km[t, through.gateway]) & nobody[t, through.product]
            e = np.flatnonzero(no_way & asked[through.firm, t] & (through.park != t))
            _by_firm(lost, t, through.firm[e], through.column[e], np.ones(len(e)))
    for move, found in lost.items():
        columns, shares = (np.concatenate(parts) for parts in zip(*found, strict=True))
        reasons.add(move, 1.0, columns, shares / LOST, "partners that it would lose", case=case)


def _by_firm(
    lost: dict[tuple[int, int], list[tuple[Ints, Floats]]], t: int, firm: Ints, column: Ints, share: Floats
) -> None:
    """Keep columns by the firm that would lose them in moving to a park."""
    for f in np.unique(firm).tolist():
        mine = firm == f
        lost.setdefault((f, t), []).append((column[mine], share[mine]))
