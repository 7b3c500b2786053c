"""`find_phases`: the best plan of all phases found, with its proof, and what looking ahead was worth.

1. Each phase alone, nothing held: no plan of it is worth more, which bounds the whole by Σ w_p · bound_p.
2. Forward, phase by phase, each as good as it can be made with all earlier ones held: what comes of looking
   no further than the phase. A later phase may have no plan then.
3. Backward: the last phase as it is best alone, and each earlier one the best that leads to it.
4. The whole, from the better of both: first with all phases but one held in turn, then with nothing held.

The value is Σ w_p · value_p, a present value. Last, grants are made least with all else held.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from clusterplan.instance import Bools, Decisions, Floats
from clusterplan.region import Manifest
from clusterplan.rules import Written
from clusterplan.solve.find import find
from clusterplan.solve.found import Found
from clusterplan.solve.found_together import FoundTogether
from clusterplan.solve.outcome import CLOSED, Status, relative_gap
from clusterplan.solve.phased.program import PhaseProgram, phased
from clusterplan.solve.phased.ties import same_award
from clusterplan.solve.side_by_side import SideBySide
from clusterplan.solve.within import Limits

ALONE, FORWARD, BACKWARD, ONE_BY_ONE = 0.3, 0.2, 0.1, 0.1
"""Shares of the time for each phase alone, for forward, for backward, and for one phase at a time."""


@dataclass(frozen=True, eq=False)
class FoundPhases:
    """What was found.

    Parameters
    ----------
    status
        ``optimal`` only with a closed gap; ``infeasible`` where no plan of all phases exists; ``no_plan``
        where a limit came first.
    decisions
        What each phase decides; None without a plan.
    value, bound
        Present value of the plan, and of the best there can be, m currency; None if unknown.
    alone
        What was found for each phase with nothing held.
    forward
        What each phase decides that looks no further than itself, as far as plans were found.
    dead_end
        Place of the phase that then has no plan; None where all have one, or where it is not known.
    program
        The program of all phases.
    nodes
        Branch-and-bound nodes of the whole.
    limit
        What stopped the search: ``time``, ``work``, ``gap``, ``interrupt``, or None.
    """

    status: Status
    decisions: tuple[Decisions, ...] | None
    value: float | None
    bound: float | None
    alone: tuple[Found, ...]
    forward: tuple[Decisions, ...]
    dead_end: int | None
    program: SideBySide
    nodes: int | None
    limit: str | None


def find_phases(
    manifest: Manifest,
    phases: Sequence[PhaseProgram],
    limits: Limits,
    *,
    start: Sequence[Decisions] | None = None,
    at_once: bool = False,
) -> FoundPhases:
    """Return the best decisions of all phases.

    Parameters
    ----------
    manifest
        The manifest with the phases and all budgets.
    phases
        The phases, in the order of their years.
    limits
        How long and how hard to search.
    start
        Decisions of each phase to start from, or None.
    at_once
        Whether the whole is solved at once from the start, without the steps that find one and without making
        grants least: for what a choice is worth.
    """
    search = _Search(manifest, tuple(phases), limits, phased(manifest, phases), time.monotonic())
    if at_once:
        return search.told(search.program.solve(start=start, **search.options(1.0)), finish=False)
    return search.run(start)


@dataclass
class _Search:
    """One search."""

    manifest: Manifest
    phases: tuple[PhaseProgram, ...]
    limits: Limits
    program: SideBySide
    begun: float
    alone: tuple[Found, ...] = ()
    forward: tuple[Decisions, ...] = ()
    dead_end: int | None = None
    best: FoundTogether | None = None
    interrupted: bool = False

    def run(self, start: Sequence[Decisions] | None) -> FoundPhases:
        """Go through all steps."""
        count = len(self.phases)
        for left, phase in zip(range(count, 0, -1), self.phases, strict=True):
            self.alone = (*self.alone, self.by_itself(phase, left))
        if any(found.status == "infeasible" for found in self.alone):
            return self.told(None, infeasible=True)
        if not self.interrupted:
            self.ahead()
        if not self.interrupted and count > 1:
            self.back()
        if start is not None:
            self.keep(self.program.solve(start=start, work_limit=0, **self.options(0.05, work=False)))
        if not self.interrupted and count > 1:
            self.one_by_one()
        if self.interrupted or self.closed():
            return self.told(self.best)
        return self.told(self.program.solve(start=self.values(), **self.options(1.0)))

    def by_itself(self, phase: PhaseProgram, left: int) -> Found:
        """Plan a phase with nothing held, in its part of the time that so many phases share."""
        limit = self.limits.time_limit
        if limit is not None:
            limit = max(0.1, ALONE * limit - (time.monotonic() - self.begun)) / left
        one = Limits(limit, self.limits.work_limit, self.limits.gap, self.limits.seed, self.limits.threads)
        found = find(phase.instance, one)
        self.interrupted |= found.limit == "interrupt"
        return found

    def ahead(self) -> None:
        """Plan phase by phase, each with all earlier ones held."""
        first = self.alone[0].decisions
        if first is None:
            return
        decided = [first]
        self.forward = (first,)
        for count in range(2, len(self.phases) + 1):
            program = phased(self.manifest, self.phases[:count])
            held = _all_but(program, count - 1, integers=False)
            begin = [*decided, carried(program.blocks[-2], program.blocks[-1], decided[-1])]
            found = program.holding(begin, held).solve(
                start=begin, **self.options(FORWARD / (len(self.phases) - 1), of_all=True)
            )
            self.interrupted |= found.outcome.interrupted
            if found.decisions is None:
                if found.outcome.status == "infeasible":
                    self.dead_end = count - 1
                return
            least = program.holding(found.values or (), held).finished(found, left=0.0)
            decided.append((least.decisions or found.decisions)[-1])
            self.forward = tuple(decided)
            if self.interrupted:
                break
        if len(decided) == len(self.phases):
            self.keep(self.program.solve(start=decided, work_limit=0, **self.options(0.05, work=False)))

    def back(self) -> None:
        """Plan the last phase as it is best alone, and what leads to it."""
        last = self.alone[-1].decisions
        if last is None:
            return
        count = len(self.phases)
        sited = self.program.blocks[-1].sited
        places = np.concatenate([sited.x, sited.y[sited.firm, sited.park]])
        held = np.zeros(self.program.matrix.n_columns, dtype=bool)
        held[self.program.first[count - 1] + places] = True
        program = self.program.holding([*[None] * (count - 1), last], held)
        self.keep(program.solve(**self.options(BACKWARD, of_all=True)))

    def one_by_one(self) -> None:
        """Improve with all phases but one held in turn."""
        count = len(self.phases)
        for p in range(count):
            values = self.values()
            if values is None or self.interrupted or self.closed():
                return
            program = self.program.holding(values, _all_but(self.program, p, integers=True))
            self.keep(program.solve(start=values, **self.options(ONE_BY_ONE / count, of_all=True)))

    def keep(self, found: FoundTogether) -> None:
        """Keep what was found if it is the best so far."""
        self.interrupted |= found.outcome.interrupted
        if found.value is not None and (self.best is None or found.value > (self.best.value or -math.inf)):
            self.best = found

    def values(self) -> tuple[Floats, ...] | None:
        """Return the column values of the best, or None."""
        return None if self.best is None else self.best.values

    def bound(self) -> float | None:
        """Return what the phases alone bound the whole by, m currency."""
        bounds = [found.bound for found in self.alone]
        if not bounds or any(bound is None for bound in bounds):
            return None
        return float(
            sum(p.weight * bound for p, bound in zip(self.phases, bounds, strict=True) if bound is not None)
        )

    def closed(self) -> bool:
        """Return whether the best is proven."""
        gap = None if self.best is None else relative_gap(self.best.value, self.bound(), "max")
        return gap is not None and gap <= max(CLOSED, self.limits.gap)

    def options(self, share: float, *, work: bool = True, of_all: bool = False) -> dict[str, Any]:
        """Return options of a solve that may take a share of what is left, or of all, of the time."""
        limit = self.limits.time_limit
        if limit is not None:
            left = max(0.1, limit - (time.monotonic() - self.begun))
            limit = min(left, share * limit) if of_all else share * left
        found: dict[str, Any] = {
            "time_limit": limit, "gap": self.limits.gap, "seed": self.limits.seed,
            "threads": self.limits.threads,
        }  # fmt: skip
        return found | ({"work_limit": self.limits.work_limit} if work else {})

    def told(
        self, found: FoundTogether | None, *, infeasible: bool = False, finish: bool = True
    ) -> FoundPhases:
        """Return what is known at the end, with the least grants."""
        outcome = None if found is None else found.outcome
        self.interrupted |= outcome is not None and outcome.interrupted
        best = found if found is not None and found.values is not None else self.best
        bounds = [bound for bound in (self.bound(), outcome.bound if outcome else None) if bound is not None]
        bound = min(bounds, default=None)
        status: Status
        limit = "interrupt" if self.interrupted else "time"
        decisions = value = None
        if best is None or best.value is None:
            infeasible |= outcome is not None and outcome.status == "infeasible"
            status = "infeasible" if infeasible else "no_plan"
        else:
            finish &= not self.interrupted
            last = self.program.finished(best, seed=self.limits.seed) if finish else best
            decisions, value = last.decisions, best.value
            bound = None if bound is None else max(bound, value)
            gap = relative_gap(value, bound, "max")
            status = "optimal" if gap is not None and gap <= CLOSED else "feasible"
            if gap is not None and gap <= self.limits.gap:
                limit = "gap"
        return FoundPhases(
            status=status,
            decisions=decisions,
            value=value,
            bound=bound,
            alone=self.alone,
            forward=self.forward,
            dead_end=self.dead_end,
            program=self.program,
            nodes=None if outcome is None else outcome.nodes,
            limit=None if status in {"optimal", "infeasible"} else limit,
        )


def _all_but(program: SideBySide, block: int, *, integers: bool) -> Bools:
    """Return the columns of all blocks but one: all of them, or whole numbers alone."""
    held = np.zeros(program.matrix.n_columns, dtype=bool)
    for b in range(len(program.blocks)):
        held[program.at(b)] = b != block
    return held & program.matrix.integer if integers else held


def carried(here: Written, there: Written, decisions: Decisions) -> Decisions:
    """Return decisions of one phase in the terms of the next, where firms, parks and trade are the same."""
    award = np.zeros(len(there.instance.awards.firm))
    at = same_award(here.instance, there.instance)
    award[at[at >= 0]] = decisions.award[at >= 0]
    same = len(there.instance.trade.seller) == len(decisions.supply)
    return replace(
        decisions,
        opened=decisions.opened | there.instance.sites.open_always,
        supply=decisions.supply if same else np.zeros(len(there.instance.trade.seller)),
        award=award,
    )
