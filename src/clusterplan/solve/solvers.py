"""Which other solvers there are: by PuLP's names, and by shorter ones."""

from __future__ import annotations

import re
import subprocess
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, version

import pulp

from clusterplan.errors import SolverError, UsageError
from clusterplan.solve import pulps
from clusterplan.solve.session import highs_version

FAMILIES = {
    "cbc": ("PULP_CBC_CMD", "COIN_CMD"),
    "scip": ("SCIP_PY", "SCIP_CMD", "FSCIP_CMD"),
    "glpk": ("GLPK_CMD", "PYGLPK"),
    "gurobi": ("GUROBI", "GUROBI_CMD"),
    "cplex": ("CPLEX_PY", "CPLEX_CMD"),
    "xpress": ("XPRESS_PY", "XPRESS", "XPRESS_CMD"),
    "copt": ("COPT", "COPT_DLL", "COPT_CMD"),
    "mosek": ("MOSEK",),
}
"""Short names, and PuLP's names in the order they are tried."""

_INSTALL = {
    "cbc": 'pip install "pulp[cbc]", or the system package coinor-cbc',
    "scip": "pip install pyscipopt",
    "glpk": "the system package glpk-utils",
    "gurobi": "pip install gurobipy, and its licence",
    "cplex": "pip install cplex, and its licence",
    "xpress": "pip install xpress, and its licence",
    "copt": "pip install coptpy, and its licence",
    "mosek": "pip install mosek, and its licence",
}

_PACKAGES = {
    "SCIP_PY": "pyscipopt",
    "GUROBI": "gurobipy",
    "CPLEX_PY": "cplex",
    "XPRESS_PY": "xpress",
    "XPRESS": "xpress",
    "COPT": "coptpy",
    "MOSEK": "mosek",
    "CPSAT": "ortools",
    "CyLP": "cylp",
    "PYGLPK": "glpk",
}


def solver_name(asked: str) -> str:
    """Return PuLP's name of an installed solver.

    Parameters
    ----------
    asked
        PuLP's name or a short one of `FAMILIES`, in any case.

    Raises
    ------
    UsageError
        If PuLP knows no such solver.
    SolverError
        If it is not installed.
    """
    known = pulps.solver_names()
    word = asked.casefold()
    wanted = FAMILIES.get(word) or tuple(name for name in known if name.casefold() == word)
    if not wanted:
        near = get_close_matches(word, [*FAMILIES, *(name.casefold() for name in known)], n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise UsageError(
            f"There is no solver {asked!r}.{hint} Give highs, {', '.join(FAMILIES)}, "
            "or PuLP's own name of a solver, such as COIN_CMD."
        )
    installed = pulps.solver_names(installed=True)
    for name in wanted:
        if name in installed:
            return name
    family = next((f for f, names in FAMILIES.items() if wanted[0] in names), "")
    how = _INSTALL.get(family, "see the list of solvers in PuLP's documentation")
    raise SolverError(
        f"The solver {asked!r} is not installed. To install it: {how}. "
        f"Installed are: {', '.join(available_solvers())}."
    )


def available_solvers() -> dict[str, str]:
    """Return the installed solvers by PuLP's names, with versions; HiGHS, the bridge's own, first."""
    found = {"HiGHS": highs_version()}
    for name in pulps.solver_names(installed=True):
        if name not in found:
            found[name] = version_of(pulps.new_solver(name, msg=False))
    return found


def version_of(solver: pulp.LpSolver) -> str:
    """Return the version of a solver or of its Python package, "unknown" if it does not say."""
    if solver.name == "HiGHS":
        return highs_version()
    if solver.name in FAMILIES["cbc"]:
        return _cbc_version(solver.path)
    try:
        return version(_PACKAGES.get(solver.name, solver.name))
    except PackageNotFoundError:
        return "unknown"


def _cbc_version(path: str) -> str:
    try:
        said = subprocess.run([path, "-quit"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    found = re.search(r"Version: *(\S+)", said.stdout)
    return found[1] if found else "unknown"
