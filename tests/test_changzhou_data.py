"""What is special to the region `changzhou`: two cores, several cell makers, one set of suppliers."""

from __future__ import annotations

import pytest

from clusterplan.region import Region, load_region

LIYANG = {"liyang_hz", "nandu", "bieqiao"}
JINTAN = {"jintan_edz", "hualuogeng", "jintan_nm", "zhiqian"}


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("changzhou")


def test_both_cores_have_anchors_of_several_makers(region: Region) -> None:
    anchors = region.firms[region.firms["is_anchor"]]
    at = anchors["park"].fillna(anchors["only_parks"].map(lambda parks: parks[0] if len(parks) else None))
    assert len(set(at) & LIYANG) >= 1
    assert len(set(at) & JINTAN) >= 2
    assert set(anchors["stage"]) == {"cell"}


def test_every_candidate_supplier_but_car_parts_may_choose_between_the_cores(region: Region) -> None:
    suppliers = region.firms.query("status == 'candidate' and not is_platform")
    for stage in set(suppliers["stage"]):
        admitting = {park for park, admits in region.parks["admits"].items() if stage in admits}
        assert admitting & LIYANG, stage
        assert admitting & JINTAN, stage


def test_anchors_together_want_more_of_most_inputs_than_candidates_and_others_make(region: Region) -> None:
    cells = region.firms[region.firms["is_anchor"]].set_index("route", append=True)["output_per_y"]
    made = region.firms[region.firms["variant_group"].isna() | ~region.firms.index.str.endswith("_half")]
    supply = made.groupby("product")["output_per_y"].sum()
    recipes = region.recipes.reset_index().query("stage == 'cell'")
    short = set()
    for product, rows in recipes.groupby("input"):
        wanted = sum(cells.xs(row.route, level="route").sum() * row.quantity for row in rows.itertuples())
        if wanted > supply.get(product, 0.0):
            short.add(product)
    assert short == {"cathode_lfp", "cathode_nmc", "graphite", "cu_foil", "al_foil", "cans"}


def test_rivals_lose_by_being_close(region: Region) -> None:
    assert (region.links.query("kind == 'rivalry'")["value_m_y"] < 0).all()
    assert (region.links.query("kind != 'rivalry'")["value_m_y"] > 0).all()


def test_the_western_tax_rate_does_not_hold_here(region: Region) -> None:
    assert (region.incentives["basis"] != "tax").all()


def test_districts_pay_single_firms_only_until_the_fair_competition_rules(region: Region) -> None:
    grants = region.incentives[region.incentives.index.str.endswith("_grant")]
    assert (grants["valid_until"] == 2024).all()
    assert len(grants) == 5
