"""Helpers in processes of their own: what one finds is heard, and what one dies with is not missed."""

from __future__ import annotations

import os
import signal
import time

import numpy as np
import pytest

from clusterplan import synthetic
from clusterplan.instance import instance_of
from clusterplan.plan.evaluate import evaluate
from clusterplan.solve import Limits, find
from clusterplan.solve import prove as proving
from clusterplan.solve import stages as solve_stages
from clusterplan.solve.crew import Crew
from clusterplan.solve.improve import first_plan

SECONDS = 60.0
"""More than a helper needs to start and to find something better than nobody."""


@pytest.fixture(scope="module")
def instance():
    return instance_of(synthetic.region(20, 5, 0))


def value_of(instance, decisions) -> float:
    amounts = evaluate(instance, decisions).amounts
    return sum(instance.weights[term] * amount for term, amount in amounts.items())


def heard_from(crew: Crew):
    """Return the first plan that a crew sends."""
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        plan = crew.heard(wait=0.2)
        if plan is not None:
            return plan
    raise AssertionError("Nothing was heard of the helpers.")


def test_a_crew_of_none_is_silent(instance) -> None:
    with Crew(instance, 0, 0, None) as crew:
        assert crew.heard() is None
        assert not crew.busy()


def test_a_helper_sends_better_plans(instance) -> None:
    first = first_plan(instance, None)
    with Crew(instance, 1, 0, SECONDS) as crew:
        crew.send(first.decisions, first.value)
        decisions, value = heard_from(crew)
    assert value > first.value
    assert value == pytest.approx(value_of(instance, decisions))
    assert not crew.busy()  # they end with the crew


def test_a_killed_helper_loses_nothing_and_is_replaced(instance) -> None:
    first = first_plan(instance, None)
    with Crew(instance, 1, 0, SECONDS) as crew:
        crew.send(first.decisions, first.value)
        before = heard_from(crew)
        (killed,) = crew.processes
        os.kill(killed, signal.SIGKILL)
        ends = time.monotonic() + SECONDS
        while crew.processes == (killed,) and time.monotonic() < ends:
            time.sleep(0.05)
            crew.heard()
        assert crew.busy()
        assert crew.processes != (killed,)
        # the new one goes on from the best that is known, and ends like any other
        crew.send(first.decisions, first.value)
        after = heard_from(crew)
    assert before[1] > first.value
    assert after[1] > first.value


def test_a_killed_helper_does_not_stop_solve(instance, monkeypatch) -> None:
    monkeypatch.setattr(solve_stages, "AT_ONCE", 0)  # small as it is, it is treated as large
    monkeypatch.setattr(proving, "AT_ONCE", 0)
    monkeypatch.setattr(proving, "WHOLE", 0)
    hired = []
    enter = Crew.__enter__

    def noted(crew: Crew) -> Crew:
        hired.append(enter(crew))
        os.kill(crew.processes[0], signal.SIGKILL)
        return crew

    monkeypatch.setattr(Crew, "__enter__", noted)
    found = find(instance, Limits(time_limit=25.0, threads=2))
    assert len(hired) == 1
    assert found.status in {"optimal", "feasible"}
    assert found.bound >= value_of(instance, found.decisions) - 1e-6
    assert not hired[0].busy()
    assert np.isfinite(found.bound)
