"""`Again`: one model solved many times, with other costs and upper bounds, without being written anew."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from clusterplan.instance import Floats, Ints
from clusterplan.rules import Model
from clusterplan.solve.columns import Columns
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.matrix import Matrix, matrix
from clusterplan.solve.outcome import Outcome


@dataclass(frozen=True)
class Again:
    """A model as arrays, ready to be solved again and again.

    Parameters
    ----------
    model
        The model.
    written
        Its problem as arrays.
    columns
        Which column is which.
    """

    model: Model
    written: Matrix
    columns: Columns

    @classmethod
    def of(cls, model: Model) -> Again:
        """Take a model."""
        written = matrix(model.problem)
        return cls(model, written, Columns.of(model, written))

    def most(
        self,
        cost: Floats,
        *,
        upper: Floats | None = None,
        one_of: Ints | None = None,
        time_limit: float | None = None,
        gap: float = 1e-6,
    ) -> Outcome:
        """Make a weighted sum of columns largest, within the model's rows.

        Parameters
        ----------
        cost
            (n,) coefficients by column of the model.
        upper
            (n,) upper bounds by column of the model, NaN where they stay; None: all stay.
        one_of
            Columns of the model whose sum is at least 1; None: no such row.
        time_limit
            Seconds; None: no limit.
        gap
            Relative gap at which to stop.
        """
        problem = replace(
            self.written,
            sense="max",
            constant=0.0,
            cost=self.columns.spread(cost, fill=0.0),
            upper=self._upper(upper),
        )
        if one_of is not None:
            sum_of = np.zeros(len(cost))
            sum_of[one_of] = 1.0
            row = self.columns.spread(sum_of, fill=0.0)
            problem = problem.with_row(row, 1.0, np.inf, "clusterplan_one_of")
        return solve_highs(problem, time_limit=time_limit, gap=gap)

    def _upper(self, given: Floats | None) -> Floats:
        own = self.written.upper
        if given is None:
            return own
        other = self.columns.spread(given, fill=np.nan)
        return np.where(np.isnan(other), own, other)
