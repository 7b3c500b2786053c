"""Rows that tighten the relaxation: no plan is lost, none is added, and each rule brings the bound down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_regions import small_tables
from strategies import small

from clusterplan import synthetic
from clusterplan.instance import Instance, instance_of
from clusterplan.region import SECOND, Region, preset_weights
from clusterplan.rules import Written, write
from clusterplan.rules.tighten import Tightened, tighten
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs
from clusterplan.solve.matrix import Matrix
from clusterplan.solve.outcome import Outcome
from clusterplan.solve.violations import violations

PRESETS = ("collaboration", "welfare", "localisation", "fiscal")
RULES = {
    "once": ("together_least", "together_once"),
    "room": ("room_beside",),
    "where": ("grant_split", "grant_there", "aid_ceiling_there", "willing_there"),
}
SEEDS = range(20)
CASES = [(seed, PRESETS[(seed + more) % 4]) for seed in SEEDS for more in (0, 1)]
CLOSE = 1e-6


def in_preset(instance: Instance, preset: str) -> Instance:
    """Return an instance with the weights of a preset."""
    second = SECOND.get(preset)
    return replace(
        instance,
        weights=preset_weights(preset),
        second=None if second is None else preset_weights(second),
    )


def relaxed(problem: Matrix) -> float:
    """Return the optimum of the linear relaxation."""
    found = solve_highs(replace(problem, integer=np.zeros_like(problem.integer)), gap=1e-9)
    assert found.value is not None
    return found.value


@dataclass(frozen=True)
class Both:
    """A program without the rows and with them, and what is best in each."""

    plain: Written
    tight: Tightened
    best: Outcome
    best_tight: Outcome


@cache
def small_instance(seed: int) -> Instance | None:
    region = small(seed)
    return None if region is None else instance_of(region)


@cache
def both(seed: int, preset: str) -> Both | None:
    """Return both programs of a small region, None where a firm fits into no park."""
    found = small_instance(seed)
    return None if found is None else both_of(in_preset(found, preset))


def both_of(instance: Instance) -> Both:
    plain, tight = write(instance), tighten(write(instance))
    best, best_tight = (solve_highs(matrix_of(one), gap=1e-9) for one in (plain, tight.written))
    return Both(plain, tight, best, best_tight)


def assert_no_plan_is_lost(case: Both) -> None:
    assert case.best_tight.status == case.best.status
    if case.best.values is None:
        return
    assert case.best_tight.value == pytest.approx(case.best.value, rel=CLOSE, abs=CLOSE)
    problem = matrix_of(case.tight.written)
    values = case.tight.values(case.plain.decisions(case.best.values))
    assert violations(problem, values) == ()
    assert problem.cost @ values + problem.constant == pytest.approx(case.best.value, rel=CLOSE, abs=CLOSE)


@pytest.mark.parametrize(("seed", "preset"), CASES)
def test_the_best_plan_keeps_all_rows_and_none_is_better(seed, preset) -> None:
    case = both(seed, preset)
    if case is not None:
        assert_no_plan_is_lost(case)


@pytest.mark.parametrize(("seed", "preset"), CASES)
def test_the_relaxation_is_between_the_best_plan_and_the_relaxation_without_the_rows(seed, preset) -> None:
    case = both(seed, preset)
    if case is None or case.best.value is None:
        return
    slack = CLOSE * max(1.0, abs(case.best.value))
    tight, plain = relaxed(matrix_of(case.tight.written)), relaxed(matrix_of(case.plain))
    assert case.best.value - slack <= tight <= plain + slack


def places(instance: Instance) -> np.ndarray:
    """Return (F,) in how many parks each firm may be."""
    return instance.sites.admissible.sum(axis=1)


def test_these_regions_have_all_that_the_rows_must_bear_with() -> None:
    found = {preset: [both(seed, preset) for seed, name in CASES if name == preset] for preset in PRESETS}
    for preset, cases in found.items():
        solved = [one for one in cases if one is not None and one.best.values is not None]
        assert len(solved) >= 6, preset
    planned = [
        one for cases in found.values() for one in cases if one is not None and one.best.values is not None
    ]
    instances = [one.plain.instance for one in planned]
    some = {
        "links of negative weight": lambda i: (i.links.weight < 0).any(),
        "groups": lambda i: len(i.sites.groups) > 0,
        "separations": lambda i: len(i.sites.separations) > 0,
        "requirements": lambda i: len(i.sites.requirements) > 0,
        "variants": lambda i: len(i.sites.variant_names) > 0,
        "exclusive awards": lambda i: len(np.unique(i.awards.group[i.awards.group >= 0])) > 0,
        "ceilings of aid": lambda i: np.isfinite(i.awards.ceiling[i.awards.firm[i.awards.counts]]).any(),
        "firms that have no choice": lambda i: (
            i.sites.must_place & (i.sites.admissible.sum(axis=1) == 1)
        ).any(),
        "willing firms with a choice": lambda i: (
            i.results.willing & (i.sites.admissible.sum(axis=1) > 1)
        ).any(),
    }
    for what, has in some.items():
        assert sum(bool(has(i)) for i in instances) >= 5, what
    awarded = [one.plain.decisions(one.best.values).award.sum() for one in planned]
    assert sum(amount > 0 for amount in awarded) >= 10
    for one in RULES.values():
        for rule in one:
            assert any(
                block.rule == rule for case in planned for block in case.tight.written.program.row_blocks
            ), rule
    assert sum(len(one.tight.by_park.column) > 0 for one in planned) >= 10


@settings(max_examples=15, derandomize=True, deadline=None)
@given(st.sampled_from(SEEDS), st.sampled_from(PRESETS), st.integers(0, 2**32 - 1))
def test_no_plan_is_lost_whatever_is_wanted(seed, preset, wanted) -> None:
    found = small_instance(seed)
    if found is None:
        return
    instance = in_preset(found, preset)
    plain, tight = write(instance), tighten(write(instance))
    problem, random = matrix_of(plain), np.random.default_rng(wanted)
    cost = random.normal(size=problem.n_columns) * (random.random(problem.n_columns) < 0.5)
    cost[plain.linked.z] = 0.0  # a z that is pushed away from its product is no plan
    outcome = solve_highs(replace(problem, cost=cost, constant=0.0))
    if outcome.values is not None:
        assert violations(matrix_of(tight.written), tight.values(plain.decisions(outcome.values))) == ()


@pytest.mark.parametrize("seed", (6, 10))
def test_no_plan_is_lost_where_two_firms_trade_two_products_and_have_no_link(seed) -> None:
    tables = small_tables(seed)
    parts = tables["firms"]["stage"] == "parts"
    tables["firms"]["co_products"] = np.where(parts, "ore:0.1", None)
    tables["links"] = tables["links"].iloc[:1]
    instance = instance_of(Region.from_frames(**tables))
    for preset in ("welfare", "localisation"):
        case = both_of(in_preset(instance, preset))
        assert len(case.tight.together.own) > 0
        assert case.best.values is not None
        assert_no_plan_is_lost(case)


@pytest.mark.parametrize("seed", [7, 8, 9, 12])
def test_what_links_bring_to_a_firm_that_has_one_park_counts_there(seed) -> None:
    """The firm comes only for its links, and a link with it is no product: the other firm tells all."""
    tables = small_tables(seed)
    firms = tables["firms"]
    locked = firms["firm"] == "f1"
    firms["not_parks"] = np.where(locked, None, firms["not_parks"])
    firms["only_parks"] = np.where(locked, "p1", firms["only_parks"])
    firms["lock"] = np.where(locked, "in", None)
    firms["outside_m_y"] = np.where(locked, firms["margin_m_y"], firms["outside_m_y"])
    links = [("f0", "f1"), ("f1", "f2")]
    tables["links"] = pd.DataFrame(
        [
            {
                "link": a + b,
                "kind": "talent",
                "firm_a": a,
                "firm_b": b,
                "value_m_y": 6.0,
                "provenance": "assumed",
            }
            for a, b in links
        ]
    )
    for name in ("incentives", "requirements", "groups", "separations"):
        tables.pop(name, None)
    case = both_of(in_preset(instance_of(Region.from_frames(**tables)), "collaboration"))
    assert case.best.values is not None
    firm = case.plain.instance.sites.firms.index("f1")
    assert case.plain.instance.sites.admissible[firm].tolist()[:2] == [False, True]
    assert case.plain.instance.results.willing[firm]
    assert_no_plan_is_lost(case)
    bare = replace(case.plain.instance, links=replace(case.plain.instance.links, weight=np.zeros(2)))
    assert solve_highs(matrix_of(write(bare))).status == "infeasible"


@pytest.mark.parametrize("seed", range(2))
def test_no_plan_of_a_battery_region_is_lost(seed) -> None:
    assert_no_plan_is_lost(both_of(instance_of(synthetic.region(8, 3, seed))))


def test_columns_and_rows_that_were_there_stay_as_they_are() -> None:
    instance = instance_of(synthetic.region(12, 3, 1))
    before, after = matrix_of(write(instance)), matrix_of(tighten(write(instance)).written)
    n, m = before.n_columns, before.n_rows
    assert after.n_columns > n
    assert after.n_rows > m
    for name in ("cost", "lower", "upper", "integer"):
        assert np.array_equal(getattr(after, name)[:n], getattr(before, name)), name
    assert not after.cost[n:].any()
    assert not after.integer[n:].any()
    for name in ("row_lower", "row_upper"):
        assert np.array_equal(getattr(after, name)[:m], getattr(before, name)), name
    size = before.indptr[-1]
    assert np.array_equal(after.indptr[: m + 1], before.indptr)
    assert np.array_equal(after.indices[:size], before.indices)
    assert np.array_equal(after.values[:size], before.values)


def test_every_row_can_be_told() -> None:
    instance = instance_of(synthetic.region(12, 3, 1))
    written = tighten(write(instance)).written
    told = {rule: 0 for names in RULES.values() for rule in names}
    for block in written.program.row_blocks:
        if block.rule in told:
            told[block.rule] += block.count
            for i in range(block.count):
                assert written.label(f"{block.rule}_{block.first + i}") == f"{block.rule}: {block.name(i)}"
    assert all(told.values()), told


def relaxation(instance: Instance, *without: str) -> float:
    """Return the relaxation's optimum, some of the rules (or kinds of rows) left out."""
    written = tighten(write(instance)).written
    left_out = {rule for name in without for rule in RULES.get(name, (name,))}
    blocks = written.program.row_blocks
    assert left_out <= {block.rule for block in blocks}
    blocks[:] = [block for block in blocks if block.rule not in left_out]
    return relaxed(matrix_of(written))


@cache
def battery() -> Instance:
    return instance_of(synthetic.region(20, 5, 0))


@cache
def bound(*without: str) -> float:
    return relaxation(battery(), *without)


def test_with_no_rule_the_bound_is_that_of_the_program() -> None:
    assert bound(*RULES) == pytest.approx(relaxed(matrix_of(write(battery()))))


def test_the_bound_of_a_battery_region_comes_down_by_much() -> None:
    assert bound() < bound(*RULES) - 100.0


# what the bound loses without each: M EUR a year, a good part of what it is
WITHOUT = {
    "once": 0.2,
    "room": 100.0,
    "where": 0.15,
    "together_least": 0.1,
    "together_once": 0.08,
}


@pytest.mark.parametrize("rule", WITHOUT)
def test_without_one_of_the_rules_the_bound_is_worse(rule) -> None:
    assert bound(rule) > bound() + WITHOUT[rule]


@pytest.mark.parametrize(
    ("rule", "seed", "preset", "least"),
    [("grant_there", 13, "fiscal", 0.03), ("aid_ceiling_there", 22, "welfare", 0.015)],
)
def test_without_limits_of_grants_by_park_the_bound_of_a_small_region_is_worse(
    rule, seed, preset, least
) -> None:
    instance = in_preset(small_instance(seed), preset)
    assert relaxation(instance, rule) > relaxation(instance) + least
