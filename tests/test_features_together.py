"""Parts of the model that came one by one, together: labour pools, works, stability and conditions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from enumeration import Small
from instrument_regions import instrument_region, instrument_tables
from regions_with_works import region_with_works, tables_with_works
from steady import steady_region

import clusterplan as cp
from clusterplan.explore.futures.settled import settled
from clusterplan.explore.sweeps.work import solved
from clusterplan.instance import instance_of
from clusterplan.plan.certain import certain_faults
from clusterplan.plan.start import decisions_of
from clusterplan.rules import write


@pytest.mark.parametrize("seed", [1, 3, 5])
def test_works_and_pools_together_are_planned_as_the_best_of_all_layouts(seed):
    tables = tables_with_works(seed)
    most = 0.6 * float(tables["firms"]["workers"].sum())
    tables["pools"] = pd.DataFrame(
        {
            "pool": ["a", "b"], "lon": [10.0, 10.02], "lat": 50.0, "workers": most, "reach_km": 4.0,
            "provenance": "assumed",
        }
    )  # fmt: skip
    region = cp.Region.from_frames(**tables)
    instance = instance_of(region)
    assert instance.works.group_capacity.shape[1] == len(instance.sites.groups)
    assert instance.most_group_capacity.shape == instance.sites.group_capacity.shape
    expected = Small(region).best()
    if not np.isfinite(expected):
        with pytest.raises(cp.NoPlanError):
            cp.solve(region, time_limit=30)
        return
    plan = cp.solve(region, time_limit=30)
    assert plan.value == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert cp.verify(plan).empty


@pytest.mark.parametrize("seed", [0, 2, 5, 13])
def test_a_firm_that_would_find_no_workers_elsewhere_does_not_make_a_plan_unstable(seed):
    region = steady_region(seed)
    n, total = len(region.parks), float(region.firms["workers"].sum())
    pools = pd.DataFrame(
        {
            "pool": [f"pool{s}" for s in range(n)],
            "lon": [10.0 + 0.02 * s for s in range(n)],
            "lat": 50.0,
            "workers": np.round(total * np.random.default_rng(seed).uniform(0.3, 0.7, n)),
            "reach_km": 0.9,
            "provenance": "assumed",
        }
    )
    plan = cp.solve(region.replace(pools=pools), stable=True, time_limit=30)
    assert cp.verify(plan).empty
    assert cp.stability(plan).moves.empty


@pytest.mark.parametrize("seed", [7, 18])
def test_links_are_held_down_where_a_work_may_shorten_the_way_between_their_firms(seed):
    region = region_with_works(seed)
    assert len(write(instance_of(region)).linked.by_way.column)
    for most in (0.05, 0.0):
        condition = cp.Condition({("term", "links"): 1.0}, at_most=most)
        plan = solved(cp.Task("one", region, {"time_limit": 30}, conditions=(condition,)))
        assert plan.terms.at["links", "amount"] <= most + 1e-6


def test_a_park_without_workers_is_laid_to_the_pools():
    pools = pd.DataFrame(
        {
            "pool": ["far"], "lon": [10.1], "lat": 50.0, "workers": 9000, "reach_km": 0.0,
            "provenance": "assumed",
        }
    )  # fmt: skip
    with pytest.raises(cp.NoPlanError) as error:
        cp.solve(cp.load_region("tiny").replace(pools=pools))
    assert ("pools.csv", "workers") in {(fault.file, fault.column) for fault in error.value.faults}


@pytest.mark.parametrize("seed", [3, 56])
def test_a_layout_with_works_is_worth_as_much_as_its_plan_where_nothing_has_changed(seed):
    region = region_with_works(seed)
    plan, instance = cp.solve(region, time_limit=30), instance_of(region)
    assert plan.works["built"].any()
    found = settled(instance, decisions_of(plan, instance))
    assert found is not None
    assert found.value == pytest.approx(plan.value, abs=1e-6)


def test_a_firm_that_idles_in_a_bad_future_gets_no_relief_from_tax_that_it_does_not_pay():
    for seed in range(1, 40, 2):
        region = instrument_region(seed)
        if "holiday" not in region.incentives.index:
            continue
        plan = cp.solve(region, time_limit=30)
        if (plan.grants["instrument"] == "holiday").any():
            break
    firms = region.given()["firms"].copy()
    firms["margin_m_y"] -= np.where(firms["is_platform"].eq(True), 0.0, 50.0)
    instance = instance_of(region.replace(firms=firms))
    held = decisions_of(plan, instance)
    found = settled(instance, held)
    awards = instance.awards
    tied = np.isfinite(awards.load_cap)
    assert held.award[tied].any()
    assert found is not None
    load = found.decisions.load[awards.firm]
    assert (found.decisions.award[tied] <= awards.load_cap[tied] * load[tied] + 1e-9).all()
    assert found.decisions.award[tied].sum() < held.award[tied].sum() - 1e-6


def access_by_a_bridge(seed: int) -> cp.Region:
    """A region in which firms have access to the platform in another park by a bridge alone."""
    tables = instrument_tables(seed)
    parks = tables["parks"]["park"]
    tables["incentives"] = tables["incentives"][tables["incentives"]["basis"] == "access"].assign(rate=2.0)
    tables["works"] = pd.DataFrame(
        {
            "work": ["bridge"], "from": parks[:1], "to": [parks[1]], "km": 0.4, "cost_m": 0.01,
            "provenance": "assumed",
        }
    )  # fmt: skip
    manifest, firms = tables["manifest"], tables["firms"]
    near = {"links": {"shape": "linear", "reach": 1.0}}
    tables["manifest"] = {**manifest, "proximity": near, "weights": {"grants_worth": 1.3}}
    platform = firms["is_platform"].to_numpy(bool)
    open_to = np.where(platform, parks[1], np.where(firms["status"] == "candidate", parks[0], None))
    tables["firms"] = firms.assign(only_parks=open_to, not_parks=None)
    return cp.Region.from_frames(**tables)


@pytest.mark.parametrize("seed", [9, 10])
def test_a_platform_that_a_work_brings_within_reach_gives_access(seed):
    region = access_by_a_bridge(seed)
    plan = cp.solve(region, time_limit=30)
    assert plan.value == pytest.approx(Small(region).best(), rel=1e-6, abs=1e-6)
    assert cp.verify(plan).empty
    assert plan.works.at["bridge", "built"]
    assert len(plan.grants)
    instance = instance_of(region)
    written = write(instance)
    values = written.values(decisions_of(plan, instance))
    assert values[written.awarded.brought.column].any()


def test_a_firm_that_comes_for_its_innovation_loop_is_not_said_never_to_come():
    tiny = cp.load_region("tiny")
    firms = tiny.given()["firms"].copy()
    glass = firms.index == "glass"
    firms["lock"] = np.where(glass, "in", None)
    firms["outside_m_y"] += np.where(glass, 3.0, 0.0)
    alone = tiny.replace(firms=firms)
    assert [fault.rule for fault in certain_faults(alone, instance_of(alone))] == ["never_willing"]
    loops = pd.DataFrame(
        {
            "loop": ["glazing"], "stage": "glass", "needs": "assembly", "value_m_y": 5.0, "share": 1.0,
            "reach": 1000.0, "provenance": "assumed",
        }
    )  # fmt: skip
    region = alone.replace(loops=loops)
    assert not certain_faults(region, instance_of(region))
    assert cp.solve(region).firms.at["glass", "park"]
