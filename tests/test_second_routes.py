"""A firm that serves two routes: split as is best, told exactly, and held to what it makes and needs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from enumeration import Small
from second_routes import region_of_two_routes, second_route_tables

import clusterplan as cp
from clusterplan.explore.money.parts import surplus_parts
from clusterplan.instance import instance_of
from clusterplan.plan.checks.case import case_of
from clusterplan.plan.serving import second_route_of
from clusterplan.plan.start import decisions_of
from clusterplan.rules import write
from clusterplan.rules.tighten import tighten
from clusterplan.solve.direct import matrix_of
from clusterplan.solve.highs import solve_highs

SPLIT = (2, 8, 16, 20)
"""Seeds of regions whose plan has a firm at work by both routes."""


@cache
def planned(seed: int) -> cp.Plan:
    return cp.solve(region_of_two_routes(seed), gap=1e-9)


@pytest.mark.parametrize(
    "seed", [0, 2, 3, 6, 7, 8, 16, 20, *(pytest.param(s, marks=pytest.mark.long) for s in range(21, 60))]
)
def test_a_plan_with_second_routes_is_worth_what_the_best_of_all_layouts_is_worth(seed):
    made = region_of_two_routes(seed)
    best = Small(made).best()
    if best == -np.inf:
        with pytest.raises(cp.NoPlanError):
            cp.solve(made, gap=1e-9)
        return
    plan = cp.solve(made, gap=1e-9)
    assert plan.value == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert cp.verify(plan).empty


@pytest.mark.parametrize("seed", SPLIT)
def test_some_plans_serve_both_routes_and_the_check_of_a_plan_reads_the_same_split(seed):
    plan = planned(seed)
    spent, load = second_route_of(plan)["f0"], plan.firms.at["f0", "utilisation"]
    assert 0.01 < spent < load - 0.01
    assert case_of(plan, 1e-6).second[0] == pytest.approx(spent, abs=1e-7)
    given = second_route_tables(seed)["recipes"]
    bought = plan.supply[plan.supply["to"] == "f0"].groupby("product")["quantity_per_y"].sum()
    for route, part in (("new", load - spent), ("old", spent)):
        rows = given[(given["stage"] == "assembly") & (given["route"] == route)]
        needed = rows.set_index("input")["quantity"] * part * plan.region.firms.at["f0", "output_per_y"]
        bought = bought.sub(needed, fill_value=0.0)
    assert bought.to_numpy() == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("seed", SPLIT)
def test_a_plan_that_buys_what_no_split_of_its_routes_needs_is_found_out(seed):
    plan = planned(seed)
    supply = plan.supply.copy()
    row = supply.index[supply["to"] == "f0"][0]
    supply.loc[row, "quantity_per_y"] *= 1.01
    found = cp.verify(replace(plan, tables={**plan.tables, "supply": supply}))
    assert {"supply.met", "supply.sold"} & set(found["rule"])


def test_a_second_route_never_makes_a_plan_worse_and_makes_some_better():
    gained = []
    for seed in SPLIT:
        tables = second_route_tables(seed)
        others = [name for name in tables["firms"].columns if name.startswith("other_")]
        one = cp.Region.from_frames(**{**tables, "firms": tables["firms"].drop(columns=others)})
        try:
            gained.append(planned(seed).value - cp.solve(one, gap=1e-9).value)
        except cp.NoPlanError:  # it could not even run
            gained.append(np.inf)
    assert min(gained) > -1e-6
    assert max(gained) > 0.01


@pytest.mark.parametrize("seed", SPLIT)
def test_what_a_firm_hangs_on_is_split_over_its_routes(seed):
    plan = planned(seed)
    part = second_route_of(plan)["f0"] / plan.firms.at["f0", "utilisation"]
    found = cp.routes(plan)
    assert found.firms.loc["f0", ["new", "old"]].tolist() == pytest.approx([1 - part, part])
    there = plan.firms[plan.firms["park"].notna() & ~plan.firms["is_platform"]]
    assert found.exposure["firms"].sum() == pytest.approx(len(there))


@pytest.mark.parametrize("seed", SPLIT)
def test_surpluses_stand_by_their_parts_and_a_plan_starts_the_next_solve(seed):
    plan = planned(seed)
    parts = surplus_parts(plan)
    told = plan.firms.loc[parts.index, "surplus_m_y"]
    assert parts.sum(axis=1)[told.notna()].to_numpy() == pytest.approx(told.dropna().to_numpy(), abs=1e-6)
    instance = instance_of(plan.region)
    written = write(instance)
    values = written.values(decisions_of(plan, instance))
    coefficients, constant = written.objective(instance.weights)
    assert coefficients @ values + constant == pytest.approx(plan.value, abs=1e-6)
    for block in written.program.row_blocks:
        sums = np.bincount(block.row, weights=block.coefficient * values[block.column], minlength=block.count)
        over = {"<=": sums - block.rhs, ">=": block.rhs - sums, "==": np.abs(sums - block.rhs)}[block.sense]
        assert over.max(initial=0.0) < 1e-6, block.rule


def test_a_plan_with_second_routes_is_stable_and_read_back_as_it_was_saved(tmp_path):
    plan = cp.solve(region_of_two_routes(16), stable=True)
    assert cp.stability(plan).is_stable
    back = cp.read_plan(plan.save(tmp_path / "plan"))
    assert cp.verify(back).empty
    assert second_route_of(back).to_numpy() == pytest.approx(second_route_of(plan).to_numpy(), abs=1e-9)


def test_the_market_lets_a_firm_trade_by_both_routes_once_it_is_there():
    for seed in (3, 16, 20):
        found = cp.baseline(region_of_two_routes(seed))
        broken = found.unmet[found.unmet["end"] == "market"]["rule"]
        assert not broken.str.startswith(("supply", "terms", "willingness.surplus_m_y")).any()


@pytest.mark.parametrize("seed", [8, 13])
def test_rows_that_tighten_count_what_a_second_route_earns_where_it_is(seed):
    instance = instance_of(region_of_two_routes(seed))
    plain = solve_highs(matrix_of(write(instance)))
    tight = solve_highs(matrix_of(tighten(write(instance)).written))
    assert tight.value == pytest.approx(plain.value, rel=1e-6, abs=1e-6)
