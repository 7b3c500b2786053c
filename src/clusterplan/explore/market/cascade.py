"""The cascade: firms come, move and stay as suits each, round by round, with no public money.

In a round every player in turn looks at all parks with room (`Room`) as they are at that moment
(`Prospects`). A firm that is out comes to the best one if its prospect is not negative, and was not without
those who came in the same round: who is drawn by them waits for the next, so that rounds are waves. One that
is there moves if another park promises more than this one, and more than it earned last. Sizes of one
enterprise are one player and only one of them is in. Then trade is settled again among all (`traded`), once,
and firms whose surplus came out negative leave. Who was disappointed in a park does not try it again in the
same company, that is while everybody else is where they were. The end is a fixed point: a round in which
nobody comes, moves or leaves. A state that returns without anyone having learned anything is a cycle.

Ties are decided by id: among parks worth the same the lowest, among sizes likewise.

Source: best-response dynamics; the cascade in which one arrival makes the next worth while, and which can
stop short or tip, is Schelling 1978 (Micromotives and Macrobehavior, ch. 3).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from clusterplan.explore.market.brought import brought_by
from clusterplan.explore.market.prospects import Prospects, without
from clusterplan.explore.market.room import Room
from clusterplan.instance import Bools, Decisions, Floats, Instance, Ints
from clusterplan.plan.evaluate import evaluate
from clusterplan.solve import traded

EVEN = 1e-6
"""Surpluses that differ by no more than this, m currency/y, are the same; so much below 0 counts as 0."""
ROUNDS = 100
"""Rounds after which a cascade is called unsettled."""

What = Literal["comes", "moves", "leaves"]


@dataclass(frozen=True)
class Step:
    """One thing that a firm did.

    Parameters
    ----------
    round
        From 1.
    firm, park
        Who, and to (or from) where.
    what
        ``comes``, ``moves`` or ``leaves``.
    surplus
        m currency/y: what it promised itself, for one that leaves what it earned.
    brought_by
        Of one that comes: the firms that brought it (`clusterplan.explore.market.brought`).
    """

    round: int
    firm: int
    park: int
    what: What
    surplus: float
    brought_by: tuple[int, ...] = ()


@dataclass(frozen=True)
class Cascade:
    """How a cascade went and where it ended.

    Parameters
    ----------
    end
        The state at the end, trade settled; None if what is there at the start can't trade.
    steps
        What happened, in order.
    rounds
        Rounds, the last quiet one included.
    settled
        True for a fixed point.
    cycle
        Firms that come, move and leave without end, if it was one.
    tried
        (firm, park, company) that disappointed; the company is the others' parks as bytes.
    """

    end: Decisions | None
    steps: tuple[Step, ...]
    rounds: int
    settled: bool
    cycle: tuple[int, ...] = ()
    tried: frozenset[tuple[int, int, bytes]] = frozenset()


@dataclass
class _Running:
    """A cascade under way."""

    state: Decisions
    earned: Floats
    steps: list[Step] = field(default_factory=list)
    tried: set[tuple[int, int, bytes]] = field(default_factory=set)
    hoped: dict[int, float] = field(default_factory=dict)
    fresh: list[int] = field(default_factory=list)


def cascade(
    instance: Instance,
    start: Ints,
    *,
    comers: Bools,
    movers: Bools,
    order: Ints | None = None,
    told: bool = True,
) -> Cascade:
    """Let firms come, move and stay as suits them until nothing changes.

    Parameters
    ----------
    instance
        What is planned.
    start
        (F,) park of each firm at the start, −1 for one that is out.
    comers
        (F,) firms that may come and leave.
    movers
        (F,) firms that stay in the region whatever happens, and may move.
    order
        Firms in the order of their turns; None: by id.
    told
        Whether to find out who brought each firm.
    """
    by_id = np.argsort(np.array(instance.sites.firms, dtype=object), kind="stable")
    players = _players(instance, comers | movers, by_id if order is None else order, by_id)
    market = _Market(instance, comers, movers, told=told)
    first = traded(instance, start)
    if first is None:
        return Cascade(None, (), 0, settled=False)
    run = _Running(first, evaluate(instance, first).surplus)
    seen: dict[tuple[bytes, int], int] = {}
    for number in range(1, ROUNDS + 1):
        before = len(run.steps)
        run.hoped.clear()
        run.fresh.clear()
        for player in players:
            market.turn(run, player, number)
        market.settle(run, number)
        if len(run.steps) == before:
            return Cascade(run.state, tuple(run.steps), number, settled=True, tried=frozenset(run.tried))
        key = (run.state.park.tobytes(), len(run.tried))
        if key in seen:
            again = {step.firm for step in run.steps[seen[key] :]}
            return market.stopped(run, number, tuple(sorted(again)))
        seen[key] = len(run.steps)
    return market.stopped(run, ROUNDS, ())


def _players(instance: Instance, firms: Bools, order: Ints, by_id: Ints) -> list[Ints]:
    """Return who decides together: the sizes of one enterprise, else each firm for itself."""
    variant = instance.sites.variant
    players, done = [], set()
    for f in order.tolist():
        group = int(variant[f])
        if not firms[f] or (group >= 0 and group in done):
            continue
        done.add(group)
        members = by_id[firms[by_id] & (variant[by_id] == group)] if group >= 0 else np.array([f])
        players.append(members)
    return players


class _Market:
    """The rules of a cascade, apart from its state."""

    def __init__(self, instance: Instance, comers: Bools, movers: Bools, *, told: bool) -> None:
        self.instance, self.comers, self.movers, self.told = instance, comers, movers, told
        # a firm weighs a park by its own route; once there, it trades by both
        self.prospects = Prospects(replace(instance, trade=instance.trade.by_own_route()))
        self.room = Room(instance)
        self._by_id = np.argsort(np.array(instance.sites.parks, dtype=object), kind="stable")

    def turn(self, run: _Running, player: Ints, number: int) -> None:
        """Let a player come, move or stay."""
        state = run.state
        inside = player[state.park[player] >= 0]
        now = int(inside[0]) if len(inside) else -1
        if now < 0 and self._taken(player, state.park):
            return
        base = without(self.instance, state, now) if now >= 0 else state
        sizes = player if now < 0 or self.comers[now] else inside
        firm, park, hoped, kept = -1, -1, -np.inf, -np.inf
        for f in sizes.tolist():
            surplus = self.prospects.of(f, base).surplus
            if f == now:
                kept = max(float(surplus[state.park[f]]), _known(run.earned[f]))
            worth = np.where(self._open_to(run, f, base.park), surplus, -np.inf)
            s = self._best(worth)
            if worth[s] > hoped + EVEN:
                firm, park, hoped = f, s, float(worth[s])
        if firm < 0 or (hoped < -EVEN and now < 0):
            return
        if (now >= 0 and not hoped > kept + EVEN) or (now < 0 and self._waits(run, firm)):
            return
        brought: tuple[int, ...] = ()
        if self.told and now < 0:
            brought = brought_by(self.prospects, self.room, firm, base, run.fresh, EVEN)
        run.hoped[firm] = kept
        if now < 0:
            run.fresh.append(firm)
        run.state = self.prospects.come(firm, park, base)
        run.earned[firm] = np.nan
        run.steps.append(Step(number, firm, park, "comes" if now < 0 else "moves", hoped, brought))

    def settle(self, run: _Running, number: int) -> None:
        """Settle trade among all, and let those who earn too little leave."""
        park = run.state.park
        settled = traded(self.instance, park)
        if settled is None:  # the newcomers can't all trade what they must
            settled = traded(self.instance, park, may_idle=self.comers | self.movers)
        if settled is None:  # those who were there before can't, with them
            settled = run.state
        run.state = settled
        run.earned = evaluate(self.instance, settled).surplus
        least = self.instance.results.min_load
        for firm in self._by_firm(np.flatnonzero(park >= 0)):
            earned = run.earned[firm]
            idle = settled.load[firm] < least[firm] - EVEN
            key = (firm, int(park[firm]), _company(park, self._group(firm)))
            if self.comers[firm] and (earned < -EVEN or idle):
                run.tried.add(key)
                run.steps.append(Step(number, firm, int(park[firm]), "leaves", float(earned)))
                run.state = without(self.instance, run.state, firm)
            elif earned < run.hoped.get(firm, -np.inf) - EVEN:
                run.tried.add(key)

    def stopped(self, run: _Running, number: int, cycle: tuple[int, ...]) -> Cascade:
        """Return a cascade that has no end: the firms that earn enough at this moment, trade settled."""
        while True:
            before = len(run.steps)
            self.settle(run, number)
            if len(run.steps) == before:
                return Cascade(
                    run.state,
                    tuple(run.steps),
                    number,
                    settled=False,
                    cycle=cycle,
                    tried=frozenset(run.tried),
                )

    def _waits(self, run: _Running, firm: int) -> bool:
        """Return whether the firm would come to those who came this round alone."""
        if not run.fresh:
            return False
        park = np.array(run.state.park)
        room = self._open_to(run, firm, park)
        park[run.fresh] = -1
        surplus = self.prospects.of(firm, replace(run.state, park=park)).surplus
        return bool(np.where(room, surplus, -np.inf).max() < -EVEN)

    def _taken(self, player: Ints, park: Ints) -> bool:
        """Return whether another size of the enterprise is there, that is no player's."""
        group = int(self.instance.sites.variant[player[0]])
        return group >= 0 and bool((park[self.instance.sites.variant == group] >= 0).any())

    def _group(self, firm: int) -> Ints:
        group = int(self.instance.sites.variant[firm])
        return np.array([firm]) if group < 0 else np.flatnonzero(self.instance.sites.variant == group)

    def _open_to(self, run: _Running, firm: int, park: Ints) -> Bools:
        """Return the parks with room in which the firm was not disappointed in this company."""
        room = self.room.of(firm, park)
        if run.tried:
            company = _company(park, self._group(firm))
            for s in np.flatnonzero(room).tolist():
                room[s] = (firm, s, company) not in run.tried
        return room

    def _best(self, worth: Floats) -> int:
        """Return the best park, the lowest id among equals."""
        ordered = worth[self._by_id]
        most = ordered.max()
        return int(self._by_id[np.flatnonzero(ordered >= most - EVEN)[0]]) if most > -np.inf else 0

    def _by_firm(self, firms: Ints) -> list[int]:
        return sorted(firms.tolist(), key=lambda f: self.instance.sites.firms[f])


def _known(earned: float) -> float:
    return float(earned) if np.isfinite(earned) else -np.inf


def _company(park: Ints, own: Ints) -> bytes:
    """Return where everybody else is."""
    others = np.array(park)
    others[own] = -1
    return others.tobytes()
