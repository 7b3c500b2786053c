"""A linear problem as arrays: what solvers take in one piece.

Minimise or maximise constant + cost·x subject to row_lower ≤ A·x ≤ row_upper, lower ≤ x ≤ upper,
and x whole where ``integer``. `matrix` reads it out of a `pulp.LpProblem`.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pulp
from scipy import sparse

from clusterplan.errors import InternalError, UsageError
from clusterplan.instance import Bools, Floats, Ints
from clusterplan.solve import pulps
from clusterplan.solve.outcome import Sense

Ints32 = npt.NDArray[np.int32]

_TYPES: dict[str, type] = {"integer": np.bool_, "indptr": np.int32, "indices": np.int32}


@dataclass(frozen=True, eq=False)
class Matrix:
    """A linear problem as arrays. n columns, m rows; A is held row by row (CSR).

    Change one with `dataclasses.replace` (bounds or cost for a sweep, for instance) or `with_row`.

    Parameters
    ----------
    sense
        ``max`` or ``min``.
    constant
        Constant of the objective.
    cost, lower, upper
        (n,) coefficients of the objective and bounds of the columns, ±inf where there is none.
    integer
        (n,) whether a column is whole.
    row_lower, row_upper
        (m,) bounds of the rows, ±inf where there is none.
    indptr, indices, values
        (m + 1,), (nnz,), (nnz,) A in compressed rows: columns ascending in a row, none twice, no zeros.
    column_names, row_names
        Names of variables and constraints in the problem; may be empty.
    variables
        PuLP variable of each column, in the order of ``problem.variables()``; may be empty. Those of PuLP 4
        are of use only as long as their problem lives.

    Raises
    ------
    InternalError
        If the lengths do not fit.
    """

    sense: Sense
    constant: float
    cost: Floats
    lower: Floats
    upper: Floats
    integer: Bools
    row_lower: Floats
    row_upper: Floats
    indptr: Ints32
    indices: Ints32
    values: Floats
    column_names: tuple[str, ...] = ()
    row_names: tuple[str, ...] = ()
    variables: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        for item in fields(self):
            given = getattr(self, item.name)
            if isinstance(given, np.ndarray):
                held: npt.NDArray[Any] = np.ascontiguousarray(given, dtype=_TYPES.get(item.name, np.float64))
                held = held.view()
                held.setflags(write=False)
                object.__setattr__(self, item.name, held)
        object.__setattr__(self, "constant", float(self.constant))
        n, m = self.n_columns, self.n_rows
        names, variables = self.column_names or self.cost, self.variables or self.cost
        by_column = (self.lower, self.upper, self.integer, names, variables)
        by_row = (self.row_upper, self.indptr[1:], self.row_names or self.row_lower)
        if {n} != {len(a) for a in by_column} or {m} != {len(a) for a in by_row}:
            raise InternalError("The arrays of a Matrix do not fit each other.")

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.cost)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    @property
    def n_nonzeros(self) -> int:
        """Number of coefficients in the rows."""
        return len(self.values)

    @property
    def direction(self) -> float:
        """1.0 for a maximum, −1.0 for a minimum: what turns "more" into "better"."""
        return 1.0 if self.sense == "max" else -1.0

    def column_name(self, column: int) -> str:
        """Return the name of a column."""
        return self.column_names[column] if self.column_names else f"column {column}"

    def row_name(self, row: int) -> str:
        """Return the name of a row."""
        return self.row_names[row] if self.row_names else f"row {row}"

    def rows(self) -> sparse.csr_array:
        """Return A, (m, n)."""
        return sparse.csr_array((self.values, self.indices, self.indptr), shape=(self.n_rows, self.n_columns))

    def value(self, values: Floats) -> float:
        """Return the objective of column values, constant included."""
        return self.constant + float(self.cost @ values)

    def magnitude(self, values: Floats) -> float:
        """Return |constant| + Σ |cost × value|, at least 1: what rounding errors of `value` grow with."""
        return max(1.0, abs(self.constant) + float(np.abs(self.cost) @ np.abs(values)))

    def with_row(self, coefficients: Floats, lower: float, upper: float, name: str) -> Matrix:
        """Return the problem with one more row.

        Parameters
        ----------
        coefficients
            (n,) coefficients by column, zeros included.
        lower, upper
            Bounds of the row.
        name
            Its name.
        """
        used = np.flatnonzero(coefficients)
        return replace(
            self,
            row_lower=np.append(self.row_lower, lower),
            row_upper=np.append(self.row_upper, upper),
            indptr=np.append(self.indptr, self.n_nonzeros + len(used)),
            indices=np.append(self.indices, used),
            values=np.append(self.values, coefficients[used]),
            row_names=(*map(self.row_name, range(self.n_rows)), name),
        )

    def column_numbers(self, variables: Sequence[Any]) -> Ints:
        """Return the column of each PuLP variable, −1 where the problem does not use it.

        PuLP 3 knows a variable only once a constraint or the objective has it.
        """
        return _positions(pulps.keys(variables), pulps.keys(self.variables))


def matrix(problem: pulp.LpProblem) -> Matrix:
    """Return a PuLP problem as arrays. The problem is not changed.

    A variable set to the category "Binary" later than when it was made is whole and within 0 and 1, as
    PuLP 4 has it. A constraint without variables stays, as an empty row.

    Parameters
    ----------
    problem
        Any problem, with variables and constraints of the user's own.

    Raises
    ------
    UsageError
        If the problem has special ordered sets, or a number that is not finite; the message names it.

    Warns
    -----
    UserWarning
        If variables or constraints share a name. It does no harm here; PuLP's own ``problem.solve()``
        reads results back by name and would mix them up.
    """
    if not isinstance(problem, pulp.LpProblem):
        raise UsageError(f"Give a pulp.LpProblem, not {type(problem).__name__}.")
    if pulps.has_sos(problem):
        raise UsageError(
            "The problem has special ordered sets (SOS), which are not supported. "
            "Write them with binary variables instead."
        )
    variables = pulps.variables(problem)
    names, constraints = pulps.named_rows(problem)
    lengths, number, coefficient = pulps.terms(problem, constraints)
    column = _positions(number, pulps.keys(variables))
    if (column < 0).any():
        variables = tuple(problem.variables())
        column = _positions(number, pulps.keys(variables))
    column_names = tuple(v.name for v in variables)
    _tell_shared_names("variables", column_names)
    _tell_shared_names("constraints", names)
    lower, upper, integer = _columns(variables)
    # scipy adds up repeated entries; the objective is the first row
    all_rows = sparse.csr_array(
        (coefficient, column, np.concatenate(([0], np.cumsum(lengths)))),
        shape=(len(lengths), len(variables)),
    )
    all_rows.sum_duplicates()
    all_rows.eliminate_zeros()
    cost, rows = all_rows[[0]].toarray()[0], all_rows[1:]
    rhs = 0.0 - np.array([row.constant for row in constraints], dtype=float)
    sense = np.array([row.sense for row in constraints], dtype=int)
    result = Matrix(
        sense="max" if problem.sense == pulp.LpMaximize else "min",
        constant=0.0 if problem.objective is None else float(problem.objective.constant),
        cost=cost,
        lower=lower,
        upper=upper,
        integer=integer,
        row_lower=np.where(sense >= 0, rhs, -np.inf),
        row_upper=np.where(sense <= 0, rhs, np.inf),
        indptr=rows.indptr,
        indices=rows.indices,
        values=rows.data,
        column_names=column_names,
        row_names=tuple(names),
        variables=variables,
    )
    _check_finite(result, rhs)
    return result


def _columns(variables: Sequence[Any]) -> tuple[Floats, Floats, Bools]:
    category = [v.cat for v in variables]
    strange = set(category) - {pulp.LpContinuous, pulp.LpInteger, pulp.LpBinary}
    if strange:
        raise UsageError(f"Variables may be Continuous, Integer or Binary, not {sorted(map(str, strange))}.")
    lower = _bounds(variables, [v.lowBound for v in variables], -np.inf)
    upper = _bounds(variables, [v.upBound for v in variables], np.inf)
    integer = np.array([c != pulp.LpContinuous for c in category], dtype=bool)
    binary = np.array([c == pulp.LpBinary for c in category], dtype=bool)
    lower[binary], upper[binary] = np.maximum(lower[binary], 0.0), np.minimum(upper[binary], 1.0)
    return lower, upper, integer


def _bounds(variables: Sequence[Any], given: list[float | None], none: float) -> Floats:
    bounds = np.array(given, dtype=float)  # None becomes NaN
    missing = np.flatnonzero(np.isnan(bounds))
    for j in missing.tolist():
        if given[j] is not None:
            raise UsageError(f"A bound of variable {variables[j]} is not a number.")
    bounds[missing] = none
    return bounds


def _check_finite(problem: Matrix, rhs: Floats) -> None:
    where = None
    if not np.isfinite(problem.constant):
        where = "the constant of the objective"
    elif len(bad := np.flatnonzero(~np.isfinite(problem.cost))):
        where = f"the objective's coefficient of {problem.column_name(bad[0])}"
    elif len(bad := np.flatnonzero(~np.isfinite(rhs))):
        where = f"the right-hand side of constraint {problem.row_name(bad[0])}"
    elif len(bad := np.flatnonzero(~np.isfinite(problem.values))):
        row = int(np.searchsorted(problem.indptr, bad[0], side="right")) - 1
        column = problem.column_name(problem.indices[bad[0]])
        where = f"the coefficient of {column} in constraint {problem.row_name(row)}"
    if where:
        raise UsageError(f"Not a finite number: {where}. Leave the term out, or give it a number.")


def _tell_shared_names(what: str, names: Sequence[str]) -> None:
    if len(set(names)) == len(names):
        return
    shared = sorted(name for name, count in Counter(names).items() if count > 1)
    some = ", ".join(shared[:5]) + (", ..." if len(shared) > 5 else "")
    warnings.warn(
        f"Several {what} share a name: {some} (PuLP writes '-', '/' and spaces as '_'). The solver bridge "
        "tells them apart, but PuLP's own problem.solve() would mix up their values. Rename them.",
        UserWarning,
        stacklevel=3,
    )


def _positions(wanted: Ints, among: Ints) -> Ints:
    """Return where each wanted key stands among others, −1 where it does not."""
    if not len(among):
        return np.full(len(wanted), -1)
    order = np.argsort(among)
    found = order[np.minimum(np.searchsorted(among, wanted, sorter=order), len(among) - 1)]
    return np.where(among[found] == wanted, found, -1)
