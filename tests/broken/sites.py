"""Parks and firms that contradict themselves or have no room."""

from __future__ import annotations

from .edits import Case, cell, every, header_only, manifest, properties, record, without

COMMITTED = {"stage": "testing", "status": "committed", "land_ha": 1, "investment_m": 100}


def east_alone_takes(**asks: object):
    """Leave the candidate only the park east, which asks for something of it."""
    return every(
        properties("parks.geojson", 1, **asks), cell("firms.csv", 3, status="committed", only_parks="east")
    )


CASES = (
    Case("no park to use", every(properties("parks.geojson", 1, status="excluded"),
                                 properties("parks.geojson", 2, lock="out")),
         "no_parks", "parks.geojson", None, None, "excluded or locked out"),
    Case("no firms", every(header_only("firms.csv"), without("provenance.csv", 4)),
         "no_firms", "firms.csv"),
    Case("no anchor", cell("firms.csv", 2, is_anchor="false"),
         "no_anchor", "firms.csv", None, "is_anchor"),
    Case("anchor excluded", cell("firms.csv", 2, status="excluded", park=""),
         "anchor_out", "firms.csv", 2, "status"),
    Case("anchor locked out", every(cell("firms.csv", 2, is_anchor="false"),
                                    cell("firms.csv", 3, is_anchor="true", lock="out")),
         "anchor_out", "firms.csv", 3, "lock"),
    Case("one of two anchors excluded", cell("firms.csv", 3, is_anchor="true", status="excluded"),
         "anchor_out", "firms.csv", 3, "status", level="warning"),
    Case("existing firm locked out",
         every(cell("firms.csv", 2, lock="out"), cell("firms.csv", 3, is_anchor="true")),
         "contradictory_lock", "firms.csv", 2, "lock", "existing"),
    Case("committed firm locked out", cell("firms.csv", 4, status="committed", lock="out"),
         "contradictory_lock", "firms.csv", 4, "lock", "committed"),
    Case("excluded firm locked in", cell("firms.csv", 3, status="excluded", lock="in"),
         "contradictory_lock", "firms.csv", 3, "lock"),
    Case("open park locked out", properties("parks.geojson", 1, lock="out"),
         "contradictory_lock", "parks.geojson", 1, "lock"),
    Case("excluded park locked in", properties("parks.geojson", 2, status="excluded", lock="in"),
         "contradictory_lock", "parks.geojson", 2, "lock"),
    Case("existing firm without park", cell("firms.csv", 2, park=""),
         "existing_without_park", "firms.csv", 2, "park"),
    Case("candidate with a park", cell("firms.csv", 3, park="west"),
         "park_of_other", "firms.csv", 3, "park", "only_parks"),
    Case("existing firm in an excluded park", properties("parks.geojson", 1, status="excluded"),
         "existing_in_excluded_park", "firms.csv", 2, "park", "excluded"),
    Case("existing firm where it may not be", cell("firms.csv", 2, only_parks="west"),
         "existing_elsewhere", "firms.csv", 2, "only_parks"),
    Case("lists of parks that leave none", cell("firms.csv", 3, only_parks="east", not_parks="east;west"),
         "no_park_left", "firms.csv", 3, "not_parks"),
    Case("committed firm with excluded parks only",
         every(properties("parks.geojson", 2, status="excluded"),
               cell("firms.csv", 3, status="committed", only_parks="west")),
         "no_park_left", "firms.csv", 3, "only_parks", "must be placed"),
    Case("candidate with excluded parks only",
         every(properties("parks.geojson", 2, status="excluded"), cell("firms.csv", 3, only_parks="west")),
         "no_park_left", "firms.csv", 3, "only_parks", "never placed", level="warning"),
    Case("two variants that must both be placed",
         every(cell("firms.csv", 2, variant_group="v"), cell("firms.csv", 3, variant_group="v", lock="in")),
         "contradictory_variants", "firms.csv", 3, "variant_group", "'cell_works'"),
    Case("firm larger than any park", cell("firms.csv", 3, land_ha=2000),
         "need_too_large", "firms.csv", 3, "land_ha", "units"),
    Case("committed firm that no park admits", every(
            properties("parks.geojson", 1, admits="cell;testing"),
            properties("parks.geojson", 2, admits="testing"),
            cell("firms.csv", 3, status="committed")),
         "no_admissible_park", "firms.csv", 3, "firm", "does not admit stage 'cathode'"),
    Case("candidate that no park admits", every(
            properties("parks.geojson", 1, admits="cell;testing"),
            properties("parks.geojson", 2, admits="testing")),
         "no_admissible_park", "firms.csv", 3, "firm", level="warning"),
    Case("committed firm below the least investment", east_alone_takes(min_investment_m_ha=46),
         "no_admissible_park", "firms.csv", 3, "firm", "min_investment_m_ha is 46"),
    Case("committed firm below the least output", east_alone_takes(min_output_m_ha_y=61),
         "no_admissible_park", "firms.csv", 3, "firm", "min_output_m_ha_y is 61"),
    Case("committed firm below the least tax", east_alone_takes(min_tax_m_ha_y=2),
         "no_admissible_park", "firms.csv", 3, "firm", "min_tax_m_ha_y is 2"),
    Case("committed firm that uses too much energy", east_alone_takes(max_energy_mwh_m=99),
         "no_admissible_park", "firms.csv", 3, "firm", "max_energy_mwh_m is 99"),
    Case("existing firm larger than its park", cell("firms.csv", 2, land_ha=101),
         "over_capacity", "firms.csv", 2, "land_ha", "100 of land_ha"),
    Case("firms that exceed a park together",
         cell("firms.csv", 3, status="committed", only_parks="east", land_ha=41),
         "over_capacity", "parks.geojson", 1, "land_ha", "'cell_works', 'cathode_a'"),
    Case("firms that exceed a group together", every(
            cell("groups.csv", 2, capacity=3500), cell("groups.csv", 3, capacity=3500),
            cell("firms.csv", 3, status="committed")),
         "over_capacity", "groups.csv", 2, "capacity", "group 'labour'"),
    Case("firms that exceed the region together", every(
            cell("firms.csv", 3, status="committed", land_ha=90, investment_m=900),
            record("firms.csv", firm="big", route="lfp", **COMMITTED | {"land_ha": 60, "investment_m": 900})),
         "over_capacity", "parks.geojson", None, "land_ha", "the region"),
    Case("uneven capacity in a group", cell("groups.csv", 3, capacity=6000),
         "uneven_capacity", "groups.csv", 3, "capacity", "5000"),
    Case("requirement without bounds", cell("requirements.csv", 2, at_most=""),
         "empty_requirement", "requirements.csv", 2, "at_least"),
    Case("requirement that counts nobody", cell("requirements.csv", 2, stages=""),
         "empty_requirement", "requirements.csv", 2, "stages"),
    Case("requirement with crossed bounds", cell("requirements.csv", 2, at_least=3),
         "crossed_bounds", "requirements.csv", 2, "at_least"),
    Case("requirement for more firms than there are", cell("requirements.csv", 2, at_least=2, at_most=2),
         "unreachable_requirement", "requirements.csv", 2, "at_least", "only 1 firm"),
    Case("requirement that forbids an existing firm", cell("requirements.csv", 2, stages="cell", at_most=0),
         "broken_requirement", "requirements.csv", 2, "at_most", "'cell_works'"),
    Case("more open parks than parks", manifest("open_parks.at_least", 3),
         "unreachable_open_parks", "region.yaml", None, "open_parks.at_least"),
    Case("fewer open parks than are open", manifest("open_parks", {"at_least": 0, "at_most": 0}),
         "broken_open_parks", "region.yaml", None, "open_parks.at_most", "'east'"),
    Case("aid scale that goes down",
         manifest("aid_scale", [{"up_to_m": 9, "share": 1}, {"up_to_m": 5, "share": 1}]),
         "inconsistent_keys", "region.yaml", None, "aid_scale"),
)  # fmt: skip
