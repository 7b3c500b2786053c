"""`Columns`: the columns of a model beside those of its problem as a solver gets it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.instance import Floats, Ints
from clusterplan.rules import Model, Written
from clusterplan.solve.matrix import Matrix


@dataclass(frozen=True)
class Columns:
    """Columns of a model beside those of its problem as a solver gets it.

    PuLP 3 hands over only variables that some row or the objective uses, and a user may have added
    variables; ``at`` is the place of each column of the model there, −1 for none.
    """

    model: Written
    written: Matrix
    at: Ints

    @classmethod
    def of(cls, model: Model, written: Matrix) -> Columns:
        """Match a model with its problem as arrays."""
        return cls(model, written, written.column_numbers(model.variables))

    def gather(self, values: Floats) -> Floats:
        """Return values by column of the model; what the problem does not use is at its lower bound."""
        lower = np.concatenate([block.lower for block in self.model.program.column_blocks])
        return np.where(self.at >= 0, np.append(values, np.nan)[self.at], lower)

    def spread(self, values: Floats, *, fill: float) -> Floats:
        """Return values by column of the problem; ``fill`` for variables the model does not know."""
        every = np.full(self.written.n_columns, fill)
        used = self.at >= 0
        every[self.at[used]] = values[used]
        return every

    def check_objective(self) -> None:
        """Raise UsageError if the problem's objective is no longer the model's."""
        cost, constant = self.model.objective(self.model.instance.weights)
        same = np.allclose(self.written.cost, self.spread(cost, fill=0.0), rtol=1e-12, atol=1e-15)
        if not (same and np.isclose(self.written.constant, constant) and self.written.sense == "max"):
            raise UsageError(
                "The objective of the problem was changed. Its terms and weights are what the plan's numbers "
                "mean: set weights in the manifest (objective, weights), and add constraints only."
            )
