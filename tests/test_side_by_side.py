"""Programs side by side: what stands alone is worth its sum, what is tied agrees."""

from __future__ import annotations

import numpy as np
import pytest
from small_regions import small_region

import clusterplan as cp
from clusterplan.instance import instance_of
from clusterplan.rules import write
from clusterplan.solve import Further, Tie, no_less, same_as, side_by_side

SEEDS = (1, 4, 7)  # regions that have a plan


def _written(seed: int, *changes: str):
    region = small_region(seed)
    return write(instance_of(cp.change(region, changes) if changes else region))


def _places(written):
    return np.concatenate([written.sited.x, written.sited.y[written.sited.y >= 0]])


@pytest.mark.parametrize("seed", SEEDS)
def test_programs_that_are_not_tied_are_worth_the_weighted_sum_of_their_plans(seed):
    region = small_region(seed)
    other = cp.change(region, "market.*.buys_at *= 1.01")
    values = [cp.solve(r, time_limit=20).value for r in (region, other)]
    both = side_by_side([write(instance_of(region)), write(instance_of(other))], [1.0, 0.6])
    found = both.solve(time_limit=20)
    assert found.outcome.status == "optimal"
    assert found.value == pytest.approx(values[0] + 0.6 * values[1], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_program_tied_to_itself_is_worth_its_plan_times_the_weights(seed):
    written = _written(seed)
    columns = _places(written)
    both = side_by_side([written, written], [1.0, 0.5], [same_as("stays", (0, columns), (1, columns))])
    found = both.solve(time_limit=20)
    value = cp.solve(small_region(seed), time_limit=20).value
    assert found.value == pytest.approx(1.5 * value, rel=1e-6, abs=1e-6)
    first, second = found.decisions
    assert np.array_equal(first.park, second.park)


def test_what_may_not_shrink_does_not():
    here, later = _written(4), _written(4, "firm.*.margin_m_y -= 50")
    free = side_by_side([here, later], [1.0, 1.0]).solve(time_limit=20)
    columns = _places(here)
    tied = side_by_side([here, later], [1.0, 1.0], [no_less("stays", (1, columns), (0, columns))])
    found = tied.solve(time_limit=20)
    first, second = found.decisions
    assert (second.park[first.park >= 0] == first.park[first.park >= 0]).all()
    assert found.value <= free.value + 1e-6


def test_a_start_that_holds_is_the_least_that_comes_back():
    written = _written(1)
    pair = side_by_side([written, written], [1.0, 1.0])
    best = pair.solve(time_limit=20)
    again = pair.solve(start=best.decisions, work_limit=0, time_limit=5)
    assert again.value == pytest.approx(best.value)
    held = np.zeros(pair.matrix.n_columns, dtype=bool)
    held[pair.at(0)] = True
    kept = pair.solve(start=best.values, held=held, time_limit=20)
    assert kept.value == pytest.approx(best.value)
    assert np.array_equal(kept.decisions[0].park, best.decisions[0].park)


def test_further_columns_make_the_worst_block_count():
    seeds = (1, 4)
    blocks = [_written(seed) for seed in seeds]
    values = [cp.solve(small_region(seed), time_limit=20).value for seed in seeds]
    ties = []
    for b, written in enumerate(blocks):  # worst ≤ value of block b
        cost, constant = written.objective(written.instance.weights)
        column = np.arange(len(cost))
        ties.append(
            Tie(
                "worst",
                row=np.zeros(len(cost) + 1, dtype=np.int64),
                block=np.append(np.full(len(cost), b), len(blocks)),
                column=np.append(column, 0),
                coefficient=np.append(cost, -1.0),
                lower=np.array([-constant]),
                upper=np.array([np.inf]),
            )
        )
    worst = Further(np.array([-np.inf]), np.array([np.inf]), np.array([1.0]))
    found = side_by_side(blocks, [0.0, 0.0], ties, worst).solve(time_limit=20)
    assert found.value == pytest.approx(min(values), rel=1e-6, abs=1e-6)
    assert found.further[0] == pytest.approx(min(values), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_more_is_granted_side_by_side_than_alone(seed):
    written = _written(seed)
    plan = cp.solve(small_region(seed), time_limit=20)
    pair = side_by_side([written, written], [1.0, 1.0])
    found = pair.finished(pair.solve(time_limit=20))
    assert found.value == pytest.approx(2 * plan.value, rel=1e-6, abs=1e-6)
    paid = [float(decided.award.sum()) for decided in found.decisions]
    alone = float(plan.grants["amount_m_y"].sum())
    placed = set(plan.firms.index[plan.firms["park"].notna()])
    for decided, amount in zip(found.decisions, paid, strict=True):
        here = {written.instance.sites.firms[f] for f in np.flatnonzero(decided.park >= 0)}
        if here == placed:
            assert amount == pytest.approx(alone, rel=1e-5, abs=1e-5)


def test_shut_columns_are_nothing():
    written = _written(1)
    one = side_by_side([written], [1.0])
    best = one.solve(time_limit=20)
    candidates = np.flatnonzero(~written.instance.sites.must_place & (best.decisions[0].park >= 0))
    f = int(candidates[0])
    columns = written.sited.y[f][written.sited.y[f] >= 0]
    shut = np.zeros(one.matrix.n_columns, dtype=bool)
    shut[columns] = True
    without = one.solve(start=best.decisions, shut=shut, time_limit=20)
    assert without.decisions[0].park[f] == -1
    assert without.value <= best.value + 1e-9


def test_rows_are_named_by_block_and_tie():
    written = _written(1)
    columns = _places(written)
    pair = side_by_side([written, written], [1.0, 1.0], [same_as("stays", (0, columns), (1, columns))])
    names = pair.matrix.row_names
    assert names[0].startswith("0:") and names[-1].startswith("stays_")
    assert pair.matrix.n_rows == len(names)
