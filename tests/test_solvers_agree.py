"""HiGHS, SCIP and CBC, and PuLP 3.3 and 4, agree on status and value, and each plan verifies.

The values stand in ``data/small_values.json``, so that a run with either PuLP must reproduce what the
other found. `python tests/test_solvers_agree.py` writes them anew, with HiGHS.
"""

from __future__ import annotations

import json
from pathlib import Path

import pulp
import pytest
from small_regions import small_region

import clusterplan as cp
from clusterplan.solve.other import available_solvers
from clusterplan.solve.solvers import FAMILIES

VALUES = Path(__file__).parent / "data" / "small_values.json"
NAMES = ("tiny", *(f"small_{seed}" for seed in range(200, 216)))
HAS_CBC = bool(set(FAMILIES["cbc"]) & set(available_solvers()))
PULP_BRINGS_CBC = int(pulp.__version__.split(".")[0]) < 4
SOLVERS = ["HiGHS", "SCIP", *(["CBC"] if HAS_CBC or PULP_BRINGS_CBC else [])]


def region_of(name: str) -> cp.Region:
    """Return the region of a name in the file of values: a bundled one, or ``small_<seed>``."""
    seed = name.removeprefix("small_")
    return small_region(int(seed)) if seed.isdigit() else cp.load_region(name)


def value_of(region: cp.Region, solver: str | None) -> float | None:
    """Return the value of the optimal plan, None where none exists."""
    try:
        plan = cp.solve(region, solver=solver, gap=1e-9)
    except cp.NoPlanError:
        return None
    assert plan.status == "optimal"
    assert cp.verify(plan).empty
    assert solver is None or plan.proof.solver.casefold().startswith(prefixes(solver))
    return plan.value


def prefixes(solver: str) -> tuple[str, ...]:
    """Return how the names of a solver may start in a proof, so that no other can stand in for it."""
    return tuple(name.casefold() for name in FAMILIES.get(solver.casefold(), (solver,)))


def written() -> dict[str, float | None]:
    return json.loads(VALUES.read_text(encoding="utf-8"))


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", NAMES)
def test_every_solver_and_every_pulp_finds_the_same_value(name, solver):
    expected = written()[name]
    found = value_of(region_of(name), solver)
    if expected is None or found is None:
        assert found is expected
    else:
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_some_of_the_regions_have_a_plan_and_some_have_none():
    values = list(written().values())
    assert sum(value is not None for value in values) >= 12
    assert None in values


def test_the_solvers_compared_are_installed():
    """SCIP comes with the extra `test`, and PuLP 3 brings a CBC."""
    installed = available_solvers()
    for solver in SOLVERS:
        assert solver in installed or set(FAMILIES[solver.casefold()]) & set(installed), (
            f"{solver} is not installed, so that there is nothing to compare with: install the extra `test`."
        )


if __name__ == "__main__":
    VALUES.parent.mkdir(exist_ok=True)
    values = {name: value_of(region_of(name), None) for name in NAMES}
    VALUES.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
