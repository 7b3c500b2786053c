"""Parts of the model that came one by one, together: labour pools, works, stability and conditions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from enumeration import Small
from regions_with_works import region_with_works, tables_with_works
from steady import steady_region

import clusterplan as cp
from clusterplan.explore.sweeps.work import solved
from clusterplan.instance import instance_of
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
