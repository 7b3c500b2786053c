"""Where PuLP 3 and PuLP 4 differ, for the solver bridge. All of it is here.

PuLP 3 keeps variables and expressions as Python objects, an expression being a dict by variable.
PuLP 4 keeps the model in Rust: what it gives out are handles, told apart by their number. Its
wrappers make a Python object a coefficient, so the handles below them are read instead.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import chain
from operator import attrgetter, methodcaller
from typing import Any, Literal

import numpy as np
import pulp

from clusterplan.instance import Floats, Ints

Verdict = Literal["optimal", "infeasible", "unbounded", "stopped"]

_PULP_4 = hasattr(pulp.LpAffineExpression, "from_list")


def variables(problem: pulp.LpProblem) -> tuple[Any, ...]:
    """Return the variables in the order of ``problem.variables()``.

    PuLP 3 walks through every constraint for that call, which takes longer than all the rest. What it has
    noted before lacks only what the objective alone has, and rows that ``problem.extend`` brought.
    """
    if _PULP_4:
        return tuple(problem.variables())
    return tuple(sorted(problem._variables, key=attrgetter("name")))


def keys(variables: Sequence[Any]) -> Ints:
    """Return a number for each variable that no other variable of its problem has."""
    number = map(attrgetter("id"), variables) if _PULP_4 else map(id, variables)
    return np.fromiter(number, dtype=np.int64, count=len(variables))


def named_rows(problem: pulp.LpProblem) -> tuple[list[str], list[Any]]:
    """Return the names of the constraints, and the constraints."""
    if _PULP_4:
        constraints = problem.constraints()
        return [row.name for row in constraints], constraints
    # A constraint that was added without a name has one in the problem only.
    return list(problem._constraints.keys()), list(problem._constraints.values())


def terms(problem: pulp.LpProblem, constraints: Sequence[Any]) -> tuple[Ints, Ints, Floats]:
    """Return the coefficients of the objective (as the first row) and of the constraints.

    Returns
    -------
    tuple
        Number of terms of each row; key (`keys`) and coefficient of each term, row by row.
    """
    objective = problem.objective
    if _PULP_4:
        handles = [] if objective is None else [objective._expr]
        count, ids, coefficients = [0] if objective is None else [], [], []
        for handle in chain(handles, (row._constr for row in constraints)):
            pairs = handle.items()  # not kept: the garbage collector would walk through all of them
            count.append(len(pairs))
            for variable, coefficient in pairs:
                ids.append(variable.id())
                coefficients.append(coefficient)
        return np.array(count), np.array(ids, dtype=np.int64), np.array(coefficients, dtype=float)
    rows = [{} if objective is None else objective, *[row.expr for row in constraints]]
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    number = np.fromiter(map(id, chain.from_iterable(rows)), dtype=np.int64)
    values = chain.from_iterable(map(methodcaller("values"), rows))
    return lengths, number, np.fromiter(values, dtype=float, count=len(number))


def has_sos(problem: pulp.LpProblem) -> bool:
    """Return whether the problem has special ordered sets."""
    return bool(problem.has_sos() if _PULP_4 else problem.sos1 or problem.sos2)


def expression(pairs: list[tuple[Any, float]]) -> Any:
    """Return Σ coefficient × variable."""
    return pulp.LpAffineExpression.from_list(pairs) if _PULP_4 else pulp.LpAffineExpression(pairs)


def solver_names(*, installed: bool = False) -> list[str]:
    """Return the names of the solvers this PuLP knows, or of those that are installed."""
    with warnings.catch_warnings():  # some solvers warn when they are looked for
        warnings.simplefilter("ignore")
        return list(pulp.listSolvers(onlyAvailable=installed))


def new_solver(name: str, **options: Any) -> pulp.LpSolver:
    """Return a solver of this PuLP by its exact name."""
    with warnings.catch_warnings():  # PuLP 3.3 warns that 4.0 will have no CBC of its own
        warnings.simplefilter("ignore", DeprecationWarning)
        return pulp.getSolver(name, **options)


def verdict(problem: pulp.LpProblem, answer: Any) -> Verdict:
    """Return what the solver claims, given what ``problem.solve`` returned.

    PuLP 3 has the status 1, "Optimal", for a limit too; its ``sol_status`` tells the two apart.
    """
    status = int(getattr(answer, "status", answer))
    if status == 1 and getattr(problem, "sol_status", 1) == 1:
        return "optimal"
    claims: dict[int, Verdict] = {-1: "infeasible", -2: "unbounded"}
    return claims.get(status, "stopped")


def bound(problem: pulp.LpProblem, answer: Any) -> float | None:
    """Return the bound the solver proved, None where it does not say."""
    said = getattr(answer, "best_bound", None)
    if said is None and hasattr(problem.solverModel, "getDualbound"):  # PySCIPOpt
        said = problem.solverModel.getDualbound()
    if said is None and hasattr(problem.solverModel, "ObjBound"):  # gurobipy
        said = problem.solverModel.ObjBound
    return None if said is None or not abs(said) < 1e20 else float(said)
