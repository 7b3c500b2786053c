"""Several programs side by side as one: phases of a plan, or futures it must stand in.

With blocks b = 1 … n, each a whole program of its own with objective c_b·x_b and rows A_b x_b ≤ d_b,

    most Σ_b w_b (c_b·x_b + constant_b) + g·e
    subject to A_b x_b ≤ d_b                       each block's own rules
               lower ≤ Σ_b L_b x_b + M e ≤ upper    ties between blocks
               x_b within its bounds, e within its own

where e are further columns that belong to no block (such as the tail of a risk measure). The matrix is block
diagonal but for the ties. Source: the deterministic equivalent of a stochastic program in extensive form
(Birge and Louveaux 2011, Introduction to Stochastic Programming, section 3.1); a program over periods has the
same shape.

    both = side_by_side([write(here), write(later)], [1.0, 0.8], [stays])
    found = both.solve(start=[decisions, decisions], time_limit=60)
    found.value, found.bound, found.gap, found.decisions
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from clusterplan.errors import InternalError
from clusterplan.instance import Bools, Decisions, Floats, Ints
from clusterplan.rules import Written
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.finish import EXACT, GRANTS_AT_MOST, SECOND_AT_LEAST, hold
from clusterplan.solve.found_together import FoundTogether
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.kept import Kept
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.outcome import Outcome
from clusterplan.solve.progress import Progress
from clusterplan.solve.tie import Further, Tie, rows_of


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Programs side by side; made by `side_by_side`.

    Parameters
    ----------
    blocks
        The programs.
    weights
        (n,) weight of each block's objective.
    first
        (n + 2,) first column of each block in the whole, of the further columns, and the number of columns.
    matrix
        The whole.
    """

    blocks: tuple[Written, ...]
    weights: Floats
    first: Ints
    matrix: Matrix

    def at(self, block: int) -> slice:
        """Return where the columns of a block stand in the whole; block n: the further columns."""
        return slice(int(self.first[block]), int(self.first[block + 1]))

    def parts(self, values: Floats) -> tuple[Floats, ...]:
        """Return column values of the whole, by block."""
        return tuple(np.array(values[self.at(b)]) for b in range(len(self.blocks)))

    def joined(self, starts: Sequence[Decisions | Floats | None], further: Floats | None = None) -> Floats:
        """Return column values of the whole from those of the blocks, NaN where nothing is known.

        Parameters
        ----------
        starts
            Decisions, or column values, of each block; None where there are none.
        further
            (k,) values of the further columns; None: unknown.
        """
        values = np.full(self.matrix.n_columns, np.nan)
        for b, (written, start) in enumerate(zip(self.blocks, starts, strict=True)):
            if start is not None:
                values[self.at(b)] = written.values(start) if isinstance(start, Decisions) else start
        if further is not None:
            values[self.at(len(self.blocks))] = further
        return values

    def holding(self, values: Sequence[Decisions | Floats | None], held: Bools) -> SideBySide:
        """Return the same with some columns held at their values.

        Parameters
        ----------
        values
            Decisions or column values of each block, None for a block of which none are held.
        held
            (N,) columns that keep the value they have there.
        """
        given = self.joined(values)
        if np.isnan(given[held]).any():
            raise InternalError("Columns are held at a start that does not say their values.")
        at = np.where(self.matrix.integer, np.rint(given), given)
        lower = np.where(held, at, self.matrix.lower)
        upper = np.where(held, at, self.matrix.upper)
        return replace(self, matrix=replace(self.matrix, lower=lower, upper=upper))

    def solve(
        self,
        *,
        start: Sequence[Decisions | Floats | None] | None = None,
        held: Bools | None = None,
        shut: Bools | None = None,
        time_limit: float | None = None,
        work_limit: int | None = None,
        gap: float = 1e-6,
        seed: int = 0,
        threads: int = 1,
        kept: Kept | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> FoundTogether:
        """Solve the whole with HiGHS.

        Parameters
        ----------
        start
            Decisions or column values of each block, None for a block nothing is known of. A start that holds
            is the least that comes back; one that does not is completed where it can be.
        held
            (N,) columns of the whole that keep the value they have in the start; None: none do.
        shut
            (N,) columns of the whole that are 0; None: none are.
        time_limit, work_limit, gap, seed, threads, kept, on_progress
            As of `clusterplan.solve.solve_highs`.
        """
        if held is not None:
            return self.holding(start or (), held).solve(
                start=start,
                shut=shut,
                time_limit=time_limit,
                work_limit=work_limit,
                gap=gap,
                seed=seed,
                threads=threads,
                kept=kept,
                on_progress=on_progress,
            )
        problem = self.matrix
        given = None if start is None else self.joined(start)
        if shut is not None:
            problem = replace(problem, upper=np.where(shut, 0.0, problem.upper))
        if given is not None:
            given = np.clip(given, problem.lower, problem.upper)
        outcome = solve_highs(
            problem,
            time_limit=time_limit,
            work_limit=work_limit,
            gap=gap,
            seed=seed,
            threads=threads,
            start=given,
            kept=kept,
            on_progress=on_progress,
        )
        return self.found(outcome, outcome.values)

    def found(self, outcome: Outcome, values: Floats | None) -> FoundTogether:
        """Return column values of the whole with what they decide."""
        if values is None:
            return FoundTogether(outcome, None, None, None)
        parts = self.parts(values)
        decided = tuple(written.decisions(part) for written, part in zip(self.blocks, parts, strict=True))
        return FoundTogether(outcome, parts, decided, np.array(values[self.at(len(self.blocks))]))

    def finished(self, best: FoundTogether, *, left: float | None = None, **options: Any) -> FoundTogether:
        """Return what is equal in value, best in the second objective, and pays no more than it must.

        As `clusterplan.solve.finish` does for one program: where the preset has a second objective, that is
        made best with the first held; then the sum of all grants, weighted by block, is made least with whole
        numbers and values held, so that none is paid for nothing.

        Parameters
        ----------
        best
            What is best by the first objective.
        left
            Seconds for the second objective (at least `SECOND_AT_LEAST`); None: no limit.
        options
            Seed and threads of the solver.
        """
        if best.values is None:
            return best
        values = self.joined(best.values, best.further)
        held = hold(self.matrix, self.matrix.value(values), "value")
        if any(written.instance.second is not None for written in self.blocks):
            cost = np.zeros(self.matrix.n_columns)
            for b, written in enumerate(self.blocks):
                if written.instance.second is not None:
                    cost[self.at(b)] = self.weights[b] * written.objective(written.instance.second)[0]
            limit = None if left is None else max(left, SECOND_AT_LEAST)
            second = replace(held, cost=cost, constant=0.0)
            outcome = solve_highs(second, time_limit=limit, start=values, **options)
            if outcome.values is not None and outcome.value is not None:
                values, held = np.array(outcome.values), hold(second, outcome.value, "second value")
        return self.found(best.outcome, self._least_grants(held, values, options))

    def _least_grants(self, held: Matrix, values: Floats, options: dict[str, Any]) -> Floats:
        """Return values with whole numbers kept and grants as small as what is held allows."""
        cost, droppable = np.zeros(held.n_columns), np.zeros(held.n_columns, dtype=bool)
        for b, written in enumerate(self.blocks):
            awarded, start = written.awarded, int(self.first[b])
            cost[start + awarded.h] = -self.weights[b] * (1.0 + 1e-3 * written.instance.awards.cost)
            droppable[start + awarded.k[awarded.k >= 0]] = True
        if not (values[cost < 0] > 0).any():
            return values
        lower = np.where(held.integer & ~droppable, values, held.lower)  # an award may be dropped, not made
        upper = np.where(held.integer, values, held.upper)
        least = replace(held, sense="max", cost=cost, constant=0.0, lower=lower, upper=upper)
        outcome = solve_highs(least, time_limit=GRANTS_AT_MOST, gap=EXACT, start=values, **options)
        return values if outcome.values is None else outcome.values


def side_by_side(
    blocks: Sequence[Written],
    weights: Sequence[float],
    ties: Sequence[Tie] = (),
    further: Further | None = None,
) -> SideBySide:
    """Set programs side by side in one.

    Parameters
    ----------
    blocks
        Programs, each written from an instance of its own (`clusterplan.rules.write`).
    weights
        Weight of each one's objective in that of the whole.
    ties
        Rows between their columns; `clusterplan.solve.tie.same_as` and `no_less` make the usual ones.
    further
        Columns that belong to no block; None: there are none.
    """
    further = Further() if further is None else further
    parts = [matrix_of(written) for written in blocks]
    sizes = [*(part.n_columns for part in parts), len(further.cost)]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    below = [rows_of(tie, first) for tie in ties]
    of_further = sparse.csr_array((0, len(further.cost)))
    rows = sparse.vstack(
        [sparse.block_diag([*(part.rows() for part in parts), of_further], format="csr"), *below],
        format="csr",
    )
    rows.sum_duplicates()
    rows.eliminate_zeros()
    rows.sort_indices()
    matrix = Matrix(
        sense="max",
        constant=float(sum(w * part.constant for w, part in zip(weights, parts, strict=True))),
        cost=np.concatenate([*(w * part.cost for w, part in zip(weights, parts, strict=True)), further.cost]),
        lower=np.concatenate([*(part.lower for part in parts), further.lower]),
        upper=np.concatenate([*(part.upper for part in parts), further.upper]),
        integer=np.concatenate([*(part.integer for part in parts), np.zeros(len(further.cost), dtype=bool)]),
        row_lower=np.concatenate([*(part.row_lower for part in parts), *(tie.lower for tie in ties)]),
        row_upper=np.concatenate([*(part.row_upper for part in parts), *(tie.upper for tie in ties)]),
        indptr=rows.indptr,
        indices=rows.indices,
        values=rows.data,
        row_names=_row_names(blocks, ties),
    )
    return SideBySide(tuple(blocks), np.asarray(weights, dtype=float), first, matrix)


def _row_names(blocks: Sequence[Written], ties: Sequence[Tie]) -> tuple[str, ...]:
    own = [
        f"{b}:{block.rule}_{block.first + i}"
        for b, written in enumerate(blocks)
        for block in written.program.row_blocks
        for i in range(block.count)
    ]
    return (*own, *(f"{tie.name}_{i}" for tie in ties for i in range(len(tie.lower))))
