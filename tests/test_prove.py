"""The proof: never below what brute force finds, closed where it ends, and divided without a gap."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from enumeration import Small
from small_regions import small_region

from clusterplan import synthetic
from clusterplan.instance import instance_of
from clusterplan.plan.evaluate import evaluate
from clusterplan.rules import write
from clusterplan.solve import prove as proving
from clusterplan.solve.anywhere import bound_anywhere
from clusterplan.solve.begin import begin
from clusterplan.solve.cases import Case, by_firm, by_park
from clusterplan.solve.prove import prove
from clusterplan.solve.sizes import columns_of

SEEDS = (1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 17, 18)
"""Small regions that brute force is through with in a second or two; 5 and 14 have no plan."""


@cache
def best_of_all(seed: int) -> float:
    """Return the value of the best of all layouts."""
    return Small(small_region(seed)).best()


@pytest.fixture
def divided(monkeypatch) -> None:
    """Have cases divided that would be given to a solver whole."""
    monkeypatch.setattr(proving, "AT_ONCE", 0)
    monkeypatch.setattr(proving, "WHOLE", 0)
    monkeypatch.setattr(proving, "SMALL", 0)


def value_of(instance, decisions) -> float:
    amounts = evaluate(instance, decisions).amounts
    return sum(instance.weights[term] * amount for term, amount in amounts.items())


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_is_better_than_the_bound_with_places_left_out(seed) -> None:
    region = small_region(seed)
    expected = best_of_all(seed)
    bound = bound_anywhere(instance_of(region), None)
    if expected > -math.inf:
        assert bound >= expected - 1e-6 * max(1.0, abs(expected))


def test_the_bound_with_places_left_out_tells_something() -> None:
    # the sum of all that could be had, wherever, is far above it
    instance = instance_of(synthetic.region(20, 5, 0))
    links = instance.links.weight[instance.links.weight > 0].sum()
    assert bound_anywhere(instance, None) < links


@pytest.mark.parametrize("seed", SEEDS)
def test_divided_to_the_end_it_is_worth_what_the_best_of_all_layouts_is_worth(seed, divided) -> None:
    region = small_region(seed)
    expected = best_of_all(seed)
    found = prove(instance_of(region), decisions=None, value=-math.inf)
    if expected == -math.inf:
        assert found.status == "infeasible"
        assert found.decisions is None
        return
    assert found.status == "closed"
    assert found.value == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert found.bound == pytest.approx(expected, rel=1e-5, abs=1e-5)
    assert value_of(instance_of(region), found.decisions) == pytest.approx(found.value, abs=1e-6)


@pytest.mark.parametrize("work", [1, 3, 10])
@pytest.mark.parametrize("seed", SEEDS[::3])
def test_stopped_early_its_bound_is_never_below_the_best_of_all_layouts(seed, work, divided) -> None:
    region = small_region(seed)
    expected = best_of_all(seed)
    found = prove(instance_of(region), decisions=None, value=-math.inf, work_limit=work)
    if expected > -math.inf:
        assert found.bound >= expected - 1e-6 * max(1.0, abs(expected))


def test_a_plan_heard_of_meanwhile_is_kept() -> None:
    instance = instance_of(synthetic.region(12, 3, 0))
    best = begin(instance, time_limit=None, seed=0)
    found = prove(
        instance,
        decisions=None,
        value=-math.inf,
        work_limit=1,
        tell=lambda value, bound, nodes: (best.decisions, best.value),
    )
    assert found.value >= best.value


def test_with_a_work_limit_it_repeats(divided) -> None:
    instance = instance_of(synthetic.region(12, 3, 1))
    runs = [prove(instance, decisions=None, value=-math.inf, work_limit=12) for _ in range(2)]
    assert runs[0].bound == runs[1].bound
    assert runs[0].nodes == runs[1].nodes
    assert runs[0].limit == runs[1].limit == "work"


def test_cases_cover_what_they_were_divided_from() -> None:
    instance = instance_of(synthetic.region(12, 3, 0))
    sites = instance.sites
    root = Case(sites.admissible, sites.must_place, sites.open_always, sites.open_never)
    opened, shut = by_park(root, 1)
    assert opened.opened[1]
    assert not shut.admissible[:, 1].any()
    assert np.array_equal(np.delete(shut.admissible, 1, axis=1), np.delete(root.admissible, 1, axis=1))
    here, elsewhere = by_firm(root, 2, np.array([0.2, 0.5, 0.3]))
    assert here.must_place[2]
    assert here.admissible[2].tolist() == [False, True, False]
    assert not elsewhere.must_place[2]
    assert (here.admissible[2] | elsewhere.admissible[2]).tolist() == root.admissible[2].tolist()


@pytest.mark.parametrize("shape", [(20, 5, 0), (24, 6, 3)])
def test_the_number_of_columns_is_known_before_they_are_written(shape) -> None:
    instance = instance_of(synthetic.region(*shape))
    assert columns_of(instance) == pytest.approx(write(instance).program.n_columns, rel=0.1)
