"""Labour pools: all workers of a plan can be drawn from within reach, as trying every layout finds."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from enumeration import Small
from region_folder import minimal_region_files
from scipy.optimize import linprog
from small_regions import small_tables

import clusterplan as cp
from clusterplan.distance import region_distances
from clusterplan.errors import InputError
from clusterplan.instance import instance_of
from clusterplan.instance.pools import labour_cuts
from clusterplan.region import read_region


def pool_tables(seed: int) -> dict[str, Any]:
    """Return tables of a small region with two to four labour pools, the same for the same seed."""
    tables = small_tables(seed)
    rng = np.random.default_rng(3000 + seed)
    parks, firms = tables["parks"], tables["firms"]
    n = int(rng.integers(2, 5))
    total = float(firms["workers"].sum())
    tables["pools"] = pd.DataFrame(
        {
            "pool": [f"town{i}" for i in range(n)],
            "lon": 10.0 + 0.02 * rng.uniform(-0.5, len(parks) - 0.5, n),
            "lat": 50.0 + 0.01 * rng.uniform(-1, 1, n),
            "workers": np.round(total * rng.uniform(0.15, 0.6, n)),
            "reach_km": rng.choice([1.5, 2.5, 4.0], n),
            "provenance": "assumed",
        }
    )
    limit = [None] * (len(parks) - 1) + [float(rng.choice([100.0, 3000.0, 30000.0]))]
    tables["parks"] = parks.assign(max_energy_mwh_m=limit)
    tables["firms"] = firms.assign(outside_m_y=firms["outside_m_y"] * 0.6)
    return tables


def pool_region(seed: int) -> cp.Region | None:
    """Return the region of `pool_tables`, None where firms that must be placed find no workers or no park."""
    try:
        return cp.Region.from_frames(**pool_tables(seed))
    except InputError:
        return None


SEEDS = [seed for seed in range(40) if pool_region(seed) is not None]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_is_worth_what_the_best_of_all_layouts_is_worth(seed: int) -> None:
    region = pool_region(seed)
    assert region is not None
    expected = Small(region).best()
    if expected == -math.inf:
        with pytest.raises(cp.NoPlanError):
            cp.solve(region, time_limit=30)
        return
    plan = cp.solve(region, time_limit=30)
    assert plan.value == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert cp.verify(plan).empty


def test_pools_change_what_is_planned_in_these_regions() -> None:
    changed = 0
    for seed in SEEDS[:15]:
        tables = pool_tables(seed)
        with_pools, without = Small(pool_region(seed)).best(), 0.0
        del tables["pools"]
        without = Small(cp.Region.from_frames(**tables)).best()
        assert with_pools <= without + 1e-6
        changed += with_pools < without - 1e-6
    assert changed >= 3


@pytest.mark.parametrize("seed", range(30))
def test_the_cuts_say_what_a_flow_says(seed: int) -> None:
    tables = pool_tables(seed)
    firms = tables["firms"]
    tables["firms"] = firms.assign(status="candidate", park=None, lock=None, outside_m_y=1.0)
    region = cp.Region.from_frames(**tables)
    distances = region_distances(region)
    cuts, near = labour_cuts(region, distances), distances.pool_km <= region.pools["reach_km"].to_numpy()
    rng = np.random.default_rng(seed)
    have = region.pools["workers"].to_numpy()
    told = set()
    for _ in range(60):
        need = rng.uniform(0, 1, len(near)) * have.sum() * rng.uniform(0.1, 0.8)
        need[rng.random(len(need)) < 0.3] = 0.0
        fits = bool((cuts.parks @ need <= cuts.workers + 1e-9).all())
        ways = np.argwhere(near)
        into = np.array([[s == park for s, _ in ways] for park in range(len(near))], dtype=float)
        out = np.array([[p == pool for _, p in ways] for pool in range(len(have))], dtype=float)
        flow = (
            linprog(np.zeros(len(ways)), A_ub=out, b_ub=have, A_eq=into, b_eq=need).status == 0
            if len(ways)
            else not need.any()
        )
        assert fits == flow
        told.add(fits)
    assert told


def test_a_firm_more_than_there_are_workers_for_is_told() -> None:
    tables = pool_tables(SEEDS[0])
    tables["pools"] = tables["pools"].assign(workers=1e6, reach_km=50.0)
    plan = cp.solve(cp.Region.from_frames(**tables))
    assert cp.verify(plan).empty
    need = plan.indicators.at["jobs", "value"]
    for workers, rules in ((need, set()), (need - 1.0, {"labour.pools"})):
        per_pool = [workers, *[0.0] * (len(tables["pools"]) - 1)]
        try:
            tight = cp.Region.from_frames(**{**tables, "pools": tables["pools"].assign(workers=per_pool)})
        except InputError as error:
            assert [fault.rule for fault in error.faults if fault.level == "error"] == ["too_few_workers"]
            continue
        parts = {name: getattr(plan, name) for name in plan.__dataclass_fields__} | {"region": tight}
        # what the plan says of the use of pools was said of others
        assert set(cp.verify(cp.Plan(**parts))["rule"]) - {"indicators.value"} == rules


@pytest.mark.long
def test_of_each_pool_the_least_is_told_that_must_come_from_it() -> None:
    shown = 0
    for seed in SEEDS:
        try:
            plan = cp.solve(pool_region(seed))
        except cp.NoPlanError:
            continue
        pools, told = plan.region.pools, plan.indicators["value"]
        near = plan.distances.pool_km <= pools["reach_km"].to_numpy(float)[None, :]
        used, have = plan.parks["used_workers"].to_numpy(), pools["workers"].to_numpy(float)
        assert told["used_share.pools"] == pytest.approx(used.sum() / have[near.any(axis=0)].sum())
        for p, name in enumerate(pools.index):
            # what parks need that other pools around them can't send, the worst of all sets of parks
            sets = itertools.product([False, True], repeat=len(used))
            others = np.delete(have, p), np.delete(near, p, axis=1)
            least = max(
                used[list(some)].sum() - others[0][others[1][list(some)].any(axis=0)].sum() for some in sets
            )
            assert told[f"used_share.pool.{name}"] == pytest.approx(max(0.0, least) / have[p], abs=1e-7)
            shown += least > 0
        assert cp.verify(plan).empty
    assert shown


def test_a_park_beyond_all_pools_is_warned_of_and_takes_no_workers() -> None:
    tables = pool_tables(SEEDS[0])
    tables["pools"] = tables["pools"].assign(lon=10.0, lat=50.0, workers=1e6, reach_km=1.0)
    tables["firms"] = tables["firms"].assign(only_parks=None, not_parks=None)
    region = cp.Region.from_frames(**tables)
    warned = [fault for fault in region_distances(region).warnings if fault.rule == "park_without_pool"]
    assert len(warned) == len(region.parks) - 1
    sites = instance_of(region).sites
    none = sites.groups.index("no pool")
    assert sites.group_capacity[none] == 0
    assert list(np.flatnonzero(sites.group_parks[none])) == list(range(1, len(region.parks)))


def test_ways_to_pools_follow_the_roads_where_there_are_roads() -> None:
    region = cp.load_region("ningde")
    home = region.parks.geometry.representative_point().iloc[0]
    pools = pd.DataFrame(
        {
            "pool": ["here", "longan"],
            "lon": [home.x, region.parks.geometry.representative_point()["longan"].x],
            "lat": [home.y, region.parks.geometry.representative_point()["longan"].y],
            "workers": 1e6,
            "reach_km": 500.0,
            "provenance": "assumed",
        }
    )
    known = region_distances(cp.Region.from_frames(**{**region.given(), "pools": pools}))
    longan = list(region.parks.index).index("longan")
    assert known.pool_km[0, 0] == pytest.approx(0.0, abs=0.01)
    assert known.pool_km[0, 1] == pytest.approx(known.parks.km[0, longan], abs=0.5)


POOLS = "pool,name,lon,lat,workers,reach_km,provenance,source\ntown,Town,104.8,28.8,9000,60,assumed,\n"


@pytest.mark.parametrize(
    ("text", "rule", "column"),
    [
        (POOLS, None, None),
        (POOLS.replace("9000", "900"), "too_few_workers", "workers"),
        (POOLS.replace("104.8,28.8", "28.8,76.8"), "pool_far_away", "lon"),
        (POOLS.replace(",60,", ",-1,"), "negative", "reach_km"),
        (POOLS.replace("9000", ""), "empty_cell", "workers"),
    ],
)
def test_pools_that_cannot_be_meant_are_told(
    text: str, rule: str | None, column: str | None, tmp_path: Path
) -> None:
    files = minimal_region_files() | {"pools.csv": text}
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    if rule is None:
        assert read_region(tmp_path).warnings == ()
        return
    with pytest.raises(InputError) as caught:
        read_region(tmp_path)
    assert [(fault.file, fault.rule, fault.column) for fault in caught.value.faults] == [
        ("pools.csv", rule, column)
    ]


def test_emissions_of_two_parks_share_a_quota(tmp_path: Path) -> None:
    """A resource of the manifest, shared by a group, is a pollution quota."""
    tables = small_tables(1)
    manifest = tables["manifest"]
    manifest["resources"] = {"cod_t_y": "t/y"}
    firms, parks = tables["firms"], tables["parks"]
    tables["firms"] = firms.assign(cod_t_y=10.0, outside_m_y=firms["outside_m_y"] * 0.2)
    quota = pd.DataFrame(
        {
            "group": "river",
            "park": list(parks["park"]),
            "resource": "cod_t_y",
            "capacity": 20.0,
            "provenance": "assumed",
        }
    )
    others = [tables["groups"]] if "groups" in tables else []
    tables["groups"] = pd.concat([*others, quota])
    region = cp.Region.from_frames(**tables)
    plan = cp.solve(region)
    assert plan.value == pytest.approx(Small(region).best(), rel=1e-6, abs=1e-6)
    assert plan.indicators.at["used.cod_t_y", "value"] <= 20.0
    loose = cp.Region.from_frames(**{**tables, "groups": tables["groups"].assign(capacity=1e6)})
    assert cp.solve(loose).indicators.at["used.cod_t_y", "value"] > 20.0
    back = cp.read_plan(plan.save(tmp_path / "out"))
    assert cp.verify(back).empty
    assert json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))["parks"]
