"""Synthetic regions repeat, and are believable enough to measure with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import clusterplan as cp
from clusterplan import synthetic
from clusterplan.distance import region_distances
from clusterplan.instance import instance_of


def tables(region: cp.Region) -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame(table) for name, table in region.given().items() if name != "manifest"}


def test_the_same_seed_makes_the_same_region():
    first, second = (synthetic.region(30, 6, seed=5) for _ in range(2))
    assert first.manifest == second.manifest
    for name, table in tables(first).items():
        pd.testing.assert_frame_equal(table, tables(second)[name])


def test_another_seed_makes_another_region():
    first, second = (synthetic.region(30, 6, seed=seed) for seed in (5, 6))
    assert not first.firms["output_per_y"].equals(second.firms["output_per_y"])
    assert not first.parks["land_ha"].equals(second.parks["land_ha"])


@pytest.mark.parametrize(("firms", "parks"), [(1, 1), (2, 9), (13, 1), (70, 12)])
def test_a_region_of_any_size_has_so_many_firms_and_parks_and_nothing_wrong(firms, parks):
    region = synthetic.region(firms, parks)
    assert (len(region.firms), len(region.parks)) == (firms, parks)
    told = {fault.rule for fault in region.warnings}
    assert told <= {"no_provenance", "nobody_eligible"}  # the latter of a lone anchor


@pytest.mark.parametrize(("firms", "parks"), [(0, 3), (3, 0)])
def test_a_region_of_nothing_is_refused(firms, parks):
    with pytest.raises(cp.UsageError, match="at least one firm and one park"):
        synthetic.region(firms, parks)


def test_every_chain_has_an_anchor_and_the_first_is_there():
    firms = synthetic.region(40, 9).firms
    assert list(firms.index[firms["is_anchor"]]) == ["cell_0", "cell_1", "cell_2", "cell_3"]
    assert firms["status"].value_counts().to_dict() == {"candidate": 39, "existing": 1}
    assert firms.loc["cell_0", "park"] == "park_0"


@pytest.mark.parametrize("seed", range(3))
def test_a_firm_has_about_five_links_and_at_most_six_supply_pairs(seed):
    instance = instance_of(synthetic.region(70, 12, seed))
    assert len(instance.links.names) == 5 * 70
    pairs = np.bincount(np.concatenate([instance.trade.seller, instance.trade.buyer]), minlength=70)
    assert pairs.max() <= 6
    assert pairs.mean() > 2


def test_firms_have_as_many_links_as_are_asked_for_and_the_rest_stays_as_it_is():
    regions = {links: synthetic.region(24, 4, 3, links_per_firm=links) for links in (0, 0.5, 5, 8, 99)}
    counted = {links: len(instance_of(region).links.names) for links, region in regions.items()}
    assert counted == {0: 0, 0.5: 12, 5: 120, 8: 192, 99: 24 * 23 // 2}
    usual = tables(synthetic.region(24, 4, 3))
    pd.testing.assert_frame_equal(tables(regions[5])["links"], usual["links"])
    for name in usual.keys() - {"links"}:
        pd.testing.assert_frame_equal(tables(regions[8])[name], usual[name])
    assert regions[0.5].manifest.name == "synthetic_24_4_3_links_0_5"
    assert regions[5].manifest.name == "synthetic_24_4_3"


@pytest.mark.parametrize("links", [-1, float("nan"), float("inf")])
def test_a_number_of_links_that_cannot_be_is_refused(links):
    with pytest.raises(cp.UsageError, match="links"):
        synthetic.region(4, 2, links_per_firm=links)


def test_two_parks_in_five_are_in_reach_of_each_other():
    shares = []
    for seed in range(8):
        near = region_distances(synthetic.region(12, 30, seed)).proximity() > 0
        shares.append(near[np.triu_indices(30, 1)].mean())
    assert np.mean(shares) == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize(("firms", "parks"), [(20, 5), (40, 9), (70, 12), (200, 30)])
def test_land_does_not_suffice_for_all_and_every_firm_fits_into_every_park(firms, parks):
    region = synthetic.region(firms, parks)
    needed, there = region.firms["land_ha"], region.parks["land_ha"]
    assert there.sum() == pytest.approx(0.9 * needed.sum(), rel=0.01)
    assert there.min() > needed.max()


def test_some_candidates_come_only_with_a_grant_and_some_without():
    plan = cp.solve(synthetic.region(12, 3, seed=1))
    came = plan.firms.query("park.notna() and status == 'candidate' and not is_platform")
    without_grants = came["surplus_m_y"] - came["grants_m_y"]
    assert (without_grants < -1e-6).any()
    assert (came["grants_m_y"] == 0).any()
    assert plan.grants["firm"].isin(came.index).all()
