"""A small region and a plan for it whose every number was computed by hand, for tests of `verify`.

At a discount rate of 0 and a life of 10 years, one unit of money paid once is 0.1 a year. Road km: p1–p2 10,
p2–p3 35, p1–p3 40; to the gateway g (5 km of its own included) 105, 95, 125. Proximity falls in a line, of
links to 0 at 20 km, of supply to 0 at 40 km.

======== ==== ======================================================================== ======
firm     park land + energy + water + labour + fixed, m a year                         cost
======== ==== ======================================================================== ======
pack     p1   10·0.5·0.1 + 30000·500e-6 + 100·300·2e-6 + 100·60000e-6 + 0.1            21.66
cell     p2   20·0.3·0.1 + 20000·400e-6 + 200·300·2e-6 + 200·50000e-6                  18.72
cell     p3   (its best park) 0.2 + 9 + 0.06 + 8                                       17.26
recycler p3   5·0.1·0.1 + 1000·450e-6 + 20·40000e-6                                    1.3
lab      p1   1·0.5·0.1 + 500·500e-6 + 10·300·2e-6 + 30·60000e-6 + 0.1                 2.206
======== ==== ======================================================================== ======

cell runs at 0.8: surplus = 40·0.8 − 18.72 − 13.8 (outside) − 0.2 (gateway prices) − 0.008332 (freight)
+ 0.4 (links) + 0.15125 (supply collaboration) + 0.75 (grants) = 0.572918, all of it rent.
recycler: 3 − 1.3 − 0.5 − 0.00028 + 0.00125 = 1.20097. pack has no known outside option, lab is a platform.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, Point, box

from clusterplan.plan.plan import Proof
from clusterplan.region import TERMS, Region

MANIFEST: dict[str, Any] = {
    "name": "hand",
    "title": "A region computed by hand",
    "currency": "CNY",
    "price_year": 2025,
    "planning_crs": "EPSG:32648",
    "datum": "WGS84",
    "bounds": {"west": 104.0, "south": 28.0, "east": 106.0, "north": 29.5},
    "discount_rate": 0.0,
    "life_y": 10.0,
    "operating_hours_y": 6000.0,
    "water_days_y": 300.0,
    "stages": {"pack": "Packs", "cell": "Cells", "recycling": "Recycling", "testing": "Testing"},
    "routes": {"lfp": "LFP", "nmc": "NMC"},
    "distance": {"method": "matrix"},
    "proximity": {
        "links": {"shape": "linear", "reach": 20.0},
        "supply": {"shape": "linear", "reach": 40.0},
    },
    "freight": {"per_tkm": 0.4, "co2_kg_per_tkm": 0.1},
    "budgets": {
        "city": {"tier": "city", "amount_m": 10.0},
        "province": {
            "tier": "province",
            "basis": "per_year",
            "by_year_m": [3.0, 2.5, 1.0],
            "cost_of_funds": 0.5,
        },
    },
    "aid_ceiling": {"large": 0.5, "small": 0.2},
    "open_parks": {"at_least": 1, "at_most": 3},
}

HOMES = {"p1": Point(104.60, 28.80), "p2": Point(104.70, 28.80), "p3": Point(105.00, 28.80)}
"""Points the parks stand for: the middles of squares of 0.02 degrees."""
GATEWAY = Point(105.60, 29.00)
WGS84 = "EPSG:4326"


def _square(name: str) -> Any:
    x, y = HOMES[name].x, HOMES[name].y
    return box(x - 0.01, y - 0.01, x + 0.01, y + 0.01)


def region_tables() -> dict[str, pd.DataFrame]:
    """Return the region's tables, to be changed freely, each with its key as the index."""
    parks = pd.DataFrame(
        {
            "park": ["p1", "p2", "p3"],
            "name": ["East", "West", "Hill"],
            "status": ["open", "candidate", "candidate"],
            "lock": [None, None, None],
            "land_ha": [50.0, 40.0, 20.0],
            "power_mw": [20.0, 30.0, None],
            "water_m3_d": [1000.0, None, None],
            "workers": [500.0, 400.0, None],
            "land_price_m_ha": [0.5, 0.3, 0.1],
            "power_price_per_mwh": [500.0, 400.0, 450.0],
            "water_price_per_m3": [2.0, 2.0, 1.0],
            "wage_per_y": [60000.0, 50000.0, 40000.0],
            "fixed_cost_m_y": [0.1, 0.0, 0.0],
            "open_cost_m": [30.0, 20.0, 5.0],
            "open_cost_m_y": [1.0, 0.5, 0.2],
            "admits": [(), ("cell", "testing"), ()],
            "min_investment_m_ha": [0.0, 4.0, 0.0],
            "min_output_m_ha_y": [0.0, 1.5, 0.0],
            "min_tax_m_ha_y": [0.0, 0.1, 0.0],
            "max_energy_mwh_m": [None, None, None],
            "aid_ceiling": [None, 0.3, None],
        }
    )
    parks = gpd.GeoDataFrame(parks, geometry=[_square(name) for name in parks["park"]], crs=WGS84)
    firms = pd.DataFrame(
        {
            "firm": ["pack", "cell", "cell_small", "recycler", "lab", "old"],
            "name": ["Packs", "Cells", "Small cells", "Recycler", "Laboratory", "Old works"],
            "stage": ["pack", "cell", "cell", "recycling", "testing", "pack"],
            "status": ["existing", "candidate", "candidate", "committed", "candidate", "excluded"],
            "is_anchor": [True, False, False, False, False, False],
            "is_platform": [False, False, False, False, True, False],
            "route": ["lfp", "lfp", "lfp", None, None, None],
            "size": ["large", "large", "small", "small", "small", "large"],
            "is_new_entrant": [False, True, True, False, True, True],
            "park": ["p1", None, None, None, None, None],
            "only_parks": [(), (), (), ("p3",), (), ()],
            "not_parks": [(), (), ("p3",), (), (), ()],
            "lock": [None, None, None, None, None, None],
            "variant_group": [None, "cellco", "cellco", None, None, None],
            "product": ["battery", "cell", "cell", "lithium", None, None],
            "output_per_y": [1000.0, 3000.0, 1000.0, 20.0, None, None],
            "co_products": [(), (("scrap", 0.1),), (("scrap", 0.1),), (), (), ()],
            "min_load": [0.5, 0.5, 0.5, 0.0, 0.0, 0.0],
            "land_ha": [10.0, 20.0, 8.0, 5.0, 1.0, 10.0],
            "power_mw": [5.0, 10.0, 4.0, 1.0, 0.5, 5.0],
            "energy_mwh_y": [None, 20000.0, 8000.0, 1000.0, 500.0, 100.0],
            "water_m3_d": [100.0, 200.0, 80.0, 0.0, 10.0, 0.0],
            "workers": [100.0, 200.0, 80.0, 20.0, 30.0, 50.0],
            "investment_m": [200.0, 100.0, 40.0, 15.0, 0.0, 10.0],
            "margin_m_y": [30.0, 40.0, 12.0, 3.0, 0.0, 1.0],
            "outside_m_y": [None, 13.8, 5.0, 0.5, None, None],
            "tax_m_y": [2.0, 3.0, 1.0, 0.3, 0.0, 0.1],
            "public_cost_m_y": [0.0, 0.0, 0.0, 0.0, 1.2, 0.0],
        }
    )
    products = pd.DataFrame(
        {
            "product": ["battery", "cell", "lithium", "scrap"],
            "unit": ["pc", "pc", "t", "t"],
            "value": [60000.0, 10000.0, 100000.0, 2000.0],
            "tonnes_per_unit": [0.5, 0.1, 1.0, 1.0],
            "freight_per_tkm": [None, 0.5, None, None],
            "collaboration_share": [0.0, 0.02, 0.01, 0.0],
            "max_supply_km": [None, 50.0, 100.0, 50.0],
        }
    )
    recipes = pd.DataFrame(
        {
            "stage": ["pack", "cell", "cell", "recycling"],
            "route": [None, "lfp", None, None],
            "product": ["battery", "cell", "cell", "lithium"],
            "input": ["cell", "lithium", "lithium", "scrap"],
            "quantity": [2.0, 0.01, 0.02, 8.0],
        }
    )
    links = pd.DataFrame(
        {
            "link": ["proving", "tests", "staff", "rivals"],
            "kind": ["research", "research", "people", "people"],
            "firm_a": ["pack", None, "pack", "pack"],
            "firm_b": ["lab", None, "recycler", "cell"],
            "stage_a": [None, "cell", None, None],
            "stage_b": [None, "testing", None, None],
            "value_m_y": [2.0, 1.0, 5.0, -0.4],
            "share_a": [None, 1.0, None, None],
            "share_b": [None, 0.0, None, None],
        }
    )
    gateways = gpd.GeoDataFrame(
        {"gateway": ["g"], "name": ["Port"], "extra_km": [5.0]}, geometry=[GATEWAY], crs=WGS84
    )
    markets = pd.DataFrame(
        {
            "gateway": "g",
            "product": ["battery", "cell", "lithium", "scrap"],
            "buys_at": [61000.0, 9500.0, None, 2500.0],
            "buys_up_to_per_y": [None, 500.0, None, None],
            "sells_at": [None, 10500.0, 110000.0, None],
            "sells_up_to_per_y": [None, None, 5.0, None],
        }
    )
    incentives = pd.DataFrame(
        {
            "instrument": ["capex", "land_cut", "keep", "jobs"],
            "budget": ["province", "city", "city", "city"],
            "basis": ["investment", "land", "energy", "jobs"],
            "rate": [0.1, 0.5, 0.1, 10000.0],
            "max_m": [6.0, None, None, None],
            "min_m": [1.0, 0.0, 0.0, 0.0],
            "years": [2.0, None, None, None],
            "exclusive_group": [None, "place", None, "place"],
            "stages": [("cell",), (), (), ()],
            "routes": [("lfp",), (), (), ()],
            "sizes": [("large",), (), (), ()],
            "parks": [("p2",), (), (), ()],
            "firms": [("cell",), (), (), ()],
            "new_entrants_only": [True, False, False, False],
            "min_investment_m": [100.0, 0.0, 0.0, 0.0],
            "min_workers": [200.0, 0.0, 0.0, 0.0],
            "is_retention": [False, False, True, False],
            "counts_as_aid": [True, True, False, True],
            "public_cost": [0.8, 1.0, 1.0, 1.0],
            "worth": [0.9, 1.0, 1.0, 1.0],
            "legal_basis": "a notice",
            "valid_from": [2025.0, None, None, None],
            "valid_until": [2025.0, None, None, None],
        }
    )
    groups = pd.DataFrame({"group": "grid", "park": ["p1", "p2"], "resource": "power_mw", "capacity": 16.0})
    requirements = pd.DataFrame(
        {
            "requirement": ["cells", "labs"],
            "stages": [("cell",), ("testing",)],
            "firms": [(), ("cell",)],
            "parks": [(), ("p1", "p3")],
            "at_least": [1.0, None],
            "at_most": [None, 1.0],
        }
    )
    separations = pd.DataFrame(
        {
            "stage": ["recycling", "recycling", "cell"],
            "from_stage": ["homes", "testing", "recycling"],
            "min_km": [5.0, 0.0, 20.0],
        }
    )
    receptors = gpd.GeoDataFrame({"receptor": ["school"]}, geometry=[Point(104.85, 28.80)], crs=WGS84)
    distances = pd.DataFrame(
        {
            "origin": ["p1", "p2", "p1", "p1", "p2", "p3"],
            "destination": ["p2", "p3", "p3", "g", "g", "g"],
            "km": [10.0, 35.0, 40.0, 100.0, 90.0, 120.0],
        }
    )
    works = pd.DataFrame(
        {
            "work": ["substation", "bridge"],
            "name": ["Substation", "Bridge"],
            "park": ["p2", None],
            "adds": [(("power_mw", 5.0), ("grid", 2.0)), ()],
            "power_price_change_per_mwh": [-10.0, 0.0],
            "from": [None, "p1"],
            "to": [None, "p3"],
            "km": [None, 30.0],
            "cost_m": [5.0, 8.0],
            "cost_m_y": [0.1, 0.2],
            "budget": ["city", None],
        }
    )
    made = {
        "parks": parks,
        "firms": firms,
        "products": products,
        "recipes": recipes,
        "links": links,
        "gateways": gateways,
        "markets": markets,
        "incentives": incentives,
        "groups": groups,
        "works": works,
        "requirements": requirements,
        "separations": separations,
        "receptors": receptors,
        "distances": distances,
    }
    for name, frame in made.items():
        if name != "distances":
            frame["provenance"] = "assumed"
    return {name: frame.set_index(frame.columns[0], drop=False) for name, frame in made.items()}


def region_of(tables: dict[str, pd.DataFrame], manifest: dict[str, Any] = MANIFEST) -> Region:
    """Return the region that tables make."""
    return Region.from_frames(
        manifest, **{name: frame.reset_index(drop=True) for name, frame in tables.items()}
    )


NO_LOOPS = pd.DataFrame(
    {
        **{name: pd.Series(dtype=object) for name in ("loop", "firm", "park")},
        "closed": pd.Series(dtype=bool),
        "value_m_y": pd.Series(dtype=float),
        "missing": pd.Series(dtype=object),
    }
)


@dataclass(frozen=True)
class HandPlan:
    """What `verify` reads of a plan, to be changed freely."""

    region: Region
    parks: gpd.GeoDataFrame
    firms: gpd.GeoDataFrame
    supply: gpd.GeoDataFrame
    links: gpd.GeoDataFrame
    grants: pd.DataFrame
    works: pd.DataFrame
    terms: pd.DataFrame
    indicators: pd.DataFrame
    weights: dict[str, float]
    loops: pd.DataFrame = field(default_factory=NO_LOOPS.copy)
    status: str = "feasible"
    value: float = -14.393112
    bound: float | None = -14.0
    gap: float | None = 0.393112 / 14.393112
    proof: Proof = field(default_factory=lambda: Proof(solver="by hand", seconds=0.0))


AMOUNTS = {
    "links": 2.0 + 0.5 - 0.2,
    "loops": 0.0,
    "supply_collaboration": 0.02 * 20 * 0.75 + 0.01 * 2 * 0.125,
    "fit": (17.26 - 18.72) - 40 * 0.2,
    "results": (30 - 21.66) + (40 - 17.26 - 13.8) + (3 - 1.3 - 0.5),
    "gateway_prices": -0.2 + 0.04 - 0.04 + 1.0,
    "freight": -(0.001 + 0.00224 + 0.00028 + 0.0019 + 0.00304 + 0.000152 + 0.021),
    "parks": -(1.0 + (2.0 + 0.5) + (0.5 + 0.2)),
    "works": 0.0,
    "platforms": -(2.206 + 1.2),
    "grants": -(0.5 * 0.8 * 0.5 + 0.3 + 0.2),
    "grants_worth": 0.9 * 0.5 + 0.3 + 0.2,
    "tax": 2.0 + 3.0 * 0.8 + 0.3,
    "land_income": 0.5 + 0.6 + 0.05,
    "wages": 6.0 + 10.0 + 0.8 + 1.8,
    "local_input_value": 20.0,
}
INDICATORS = {
    "parks_open": 3.0,
    "firms": 3.0,
    "firms.existing": 1.0,
    "firms.committed": 1.0,
    "firms.candidate": 1.0,
    "platforms": 1.0,
    "utilisation": 2.8 / 3,
    "jobs": 350.0,
    "jobs_new": 250.0,
    "investment": 115.0,
    "stages_present": 4.0,
    "stages_missing": 0.0,
    "freight_cost": 0.029612,
    "freight_tonne_km": 2000.0 + 5600 + 700 + 3800 + 7600 + 380 + 52500,
    "freight_co2": 7.258,
    "localisation_rate": 1.0,
    "localisation_rate.pack": 1.0,
    "local_supply": 22.32,
    "local_supply_share": 22.32 / 22.72,
    "collaboration_value": 2.6025,
    "collaboration_value.links": 2.3,
    "collaboration_value.supply": 0.3025,
    "public_cost": 4.2 + 3.406 + 0.7,
    "grants": 1.0,
    "grants_pv": 10.0,
    "grants.city": 0.5,
    "grants.province": 0.5,
    "tax": 4.7,
    "used.land_ha": 36.0,
    "used.power_mw": 16.5,
    "used.water_m3_d": 310.0,
    "used.workers": 350.0,
    "used_share.land_ha": 36 / 110,
    "used_share.power_mw": 15.5 / 50,
    "used_share.water_m3_d": 0.11,
    "used_share.workers": 330 / 900,
    "years_to_pay_back": float("nan"),
}
NOT_WEIGHTED = {"results", "grants_worth", "tax", "land_income", "wages", "local_input_value"}


def hand_plan(region: Region | None = None) -> HandPlan:
    """Return the plan computed by hand, for its region or one that was changed."""
    rows = region_tables()
    parks = gpd.GeoDataFrame(
        {
            "name": ["East", "West", "Hill"],
            "status": ["open", "candidate", "candidate"],
            "open": [True, True, True],
            "level": pd.Series([None] * 3, dtype=object),
            "used_land_ha": [11.0, 20.0, 5.0],
            "capacity_land_ha": [50.0, 40.0, 20.0],
            "used_power_mw": [5.5, 10.0, 1.0],
            "capacity_power_mw": [20.0, 30.0, float("nan")],
            "used_water_m3_d": [110.0, 200.0, 0.0],
            "capacity_water_m3_d": [1000.0, float("nan"), float("nan")],
            "used_workers": [130.0, 200.0, 20.0],
            "capacity_workers": [500.0, 400.0, float("nan")],
        },
        geometry=list(rows["parks"].geometry),
        crs=WGS84,
    )
    parks.index = pd.Index(["p1", "p2", "p3"], name="park")
    firms = gpd.GeoDataFrame(
        {
            "name": ["Packs", "Cells", "Small cells", "Recycler", "Laboratory", "Old works"],
            "stage": ["pack", "cell", "cell", "recycling", "testing", "pack"],
            "status": ["existing", "candidate", "candidate", "committed", "candidate", "excluded"],
            "is_anchor": [True, False, False, False, False, False],
            "is_platform": [False, False, False, False, True, False],
            "park": ["p1", "p2", None, "p3", "p1", None],
            "utilisation": [1.0, 0.8, 0.0, 1.0, 1.0, 0.0],
            "surplus_m_y": [float("nan"), 0.572918, float("nan"), 1.20097, float("nan"), float("nan")],
            "grants_m_y": [0.2, 0.8, 0.0, 0.0, 0.0, 0.0],
        },
        geometry=[HOMES["p1"], HOMES["p2"], None, HOMES["p3"], HOMES["p1"], None],
        crs=WGS84,
    )
    firms.index = pd.Index(["pack", "cell", "cell_small", "recycler", "lab", "old"], name="firm")
    supply = gpd.GeoDataFrame(
        [
            ("cell", "pack", None, "cell", 2000.0, "p2", "p1", 10.0, 0.001, 20.0, True),
            ("cell", "recycler", None, "scrap", 160.0, "p2", "p3", 35.0, 0.00224, 0.32, True),
            ("recycler", "cell", None, "lithium", 20.0, "p3", "p2", 35.0, 0.00028, 2.0, True),
            ("cell", None, "g", "cell", 400.0, "p2", None, 95.0, 0.0019, 4.0, False),
            ("cell", None, "g", "scrap", 80.0, "p2", None, 95.0, 0.00304, 0.16, False),
            (None, "cell", "g", "lithium", 4.0, None, "p2", 95.0, 0.000152, 0.4, False),
            ("pack", None, "g", "battery", 1000.0, "p1", None, 105.0, 0.021, 60.0, False),
        ],
        columns=[
            *("from", "to", "gateway", "product", "quantity_per_y", "from_park", "to_park"),
            *("distance_km", "freight_m_y", "value_m_y", "local"),
        ],
        geometry=[
            LineString([HOMES["p2"], HOMES["p1"]]),
            LineString([HOMES["p2"], HOMES["p3"]]),
            LineString([HOMES["p3"], HOMES["p2"]]),
            LineString([HOMES["p2"], GATEWAY]),
            LineString([HOMES["p2"], GATEWAY]),
            LineString([GATEWAY, HOMES["p2"]]),
            LineString([HOMES["p1"], GATEWAY]),
        ],
        crs=WGS84,
    )
    links = gpd.GeoDataFrame(
        [
            ("proving", "research", "pack", "lab", "p1", "p1", 0.0, 1.0, 2.0),
            ("tests:cell:lab", "research", "cell", "lab", "p2", "p1", 10.0, 0.5, 0.5),
            ("rivals", "people", "pack", "cell", "p1", "p2", 10.0, 0.5, -0.2),
        ],
        columns=[
            *("link", "kind", "from", "to", "from_park", "to_park", "distance_km", "proximity", "value_m_y")
        ],
        geometry=[
            LineString([HOMES["p1"], HOMES["p1"]]),
            LineString([HOMES["p2"], HOMES["p1"]]),
            LineString([HOMES["p1"], HOMES["p2"]]),
        ],
        crs=WGS84,
    )
    grants = pd.DataFrame(
        [
            ("cell", "capex", "province", 0.5, 5.0, 0.572918 * 0.45 / 0.75),
            ("cell", "land_cut", "city", 0.3, 3.0, 0.572918 * 0.30 / 0.75),
            ("pack", "keep", "city", 0.2, 2.0, 0.0),
        ],
        columns=["firm", "instrument", "budget", "amount_m_y", "amount_pv_m", "rent_m_y"],
    )
    works = pd.DataFrame(
        {
            "name": ["Substation", "Bridge"],
            "park": pd.Series(["p2", None], dtype=object),
            "built": [False, False],
            "budget": pd.Series(["city", None], dtype=object),
            "public_cost_m_y": [0.0, 0.0],
        }
    )
    works.index = pd.Index(["substation", "bridge"], name="work")
    weights = {term: 0.0 if term in NOT_WEIGHTED else 1.0 for term in TERMS}
    terms = pd.DataFrame({"amount": pd.Series(AMOUNTS), "weight": pd.Series(weights)})
    terms["value"] = terms["amount"] * terms["weight"]
    terms.index.name = "term"
    indicators = pd.DataFrame({"value": pd.Series(INDICATORS), "unit": "a unit", "definition": "A sentence."})
    return HandPlan(
        region=region or region_of(rows),
        parks=parks,
        firms=firms,
        supply=supply,
        links=links,
        grants=grants,
        works=works,
        terms=terms,
        indicators=indicators,
        weights=weights,
    )
