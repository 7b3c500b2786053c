"""The tables of a random region, and its manifest."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from clusterplan.synthetic.roles import MILLION, ROLES, TESTING, Member, Role

REACH_KM = 60.0
CIRCUITY = 1.3
SIDE_KM = REACH_KM / CIRCUITY / 0.44
"""Side of the square in which 40 % of random pairs are in reach: the distance between two random
points of a unit square is below 0.44 with probability 0.40 (πr² − 8r³/3 + r⁴/2)."""
CENTRE = (104.6, 28.8)


def draw_firms(rng: np.random.Generator, members: list[Member]) -> pd.DataFrame:
    """Return firms, sized by the cell maker of their chain."""
    sizes = rng.uniform(10_000, 40_000, size=len(members))  # MWh/y of the chain's cell maker
    need = _needed_per_cell()
    rows = []
    for i, member in enumerate(members):
        role, platform = member.role, member.number == TESTING
        share = rng.uniform(0.4, 0.6) if role.stage == "cathode" else rng.uniform(0.6, 0.9)
        of_cell = 1.0 if member.number == 0 else share * need[role.stage]
        output = 0.0 if platform else round(sizes[member.chain * len(ROLES)] * of_cell, 0)
        land, energy = output * role.ha, output * role.mwh
        workers, investment = output * role.workers, output * role.investment * MILLION
        # What the place takes at usual prices, and a profit of 3 to 9 % of sales on top.
        usual = land * 3.0 * 0.149 + energy * 450 * MILLION + workers * 90_000 * MILLION
        profit = output * role.value * MILLION * rng.uniform(0.03, 0.09)
        outside = profit * rng.uniform(0.7, 1.25)
        first = i == 0
        rows.append(
            {
                "firm": member.firm,
                "name": f"{role.stage.capitalize()} {member.chain}",
                "stage": role.stage,
                "status": "existing" if first else "candidate",
                "is_anchor": member.number == 0,
                "is_platform": platform,
                "is_new_entrant": not first,
                "park": "park_0" if first else None,
                "product": member.product,
                "output_per_y": None if platform else output,
                "min_load": 0.0 if platform else 0.5,
                "land_ha": 3.0 if platform else round(land, 2),
                "power_mw": round(energy / 6000.0, 3),
                "water_m3_d": round(output * role.m3_d, 1),
                "workers": 60.0 if platform else round(workers),
                "investment_m": 80.0 if platform else round(investment, 2),
                "margin_m_y": round(usual + profit, 3),
                "outside_m_y": None if platform else round(outside, 3),
                "tax_m_y": round(0.3 * profit, 3),
                "public_cost_m_y": 6.0 if platform else 0.0,
            }
        )
    return pd.DataFrame(rows)


def _needed_per_cell() -> dict[str, float]:
    """Return units of each stage's product behind one MWh of cells."""
    need: dict[str, float] = {"cell": 1.0, "pack": 1.0, "testing": 0.0}
    for role in ROLES:
        for name, quantity in role.inputs.items():
            if role.stage in need and name not in ("cell",):
                need[name] = max(need.get(name, 0.0), need[role.stage] * quantity)
    return need


def draw_products(members: list[Member]) -> pd.DataFrame:
    """Return products, one of each role and chain."""
    used: dict[str, Role] = {}
    by_stage = {role.stage: role for role in ROLES}
    for member in members:
        if member.product is None:
            continue
        used[member.product] = member.role
        used |= {f"{name}_{member.chain}": by_stage[name] for name in member.role.inputs}
    return pd.DataFrame(
        {
            "product": name,
            "unit": "MWh" if role.stage in ("cell", "pack") else "t",
            "value": role.value,
            "tonnes_per_unit": 6.0 if role.stage in ("cell", "pack") else 1.0,
            "collaboration_share": 0.02,
        }
        for name, role in used.items()
    )


def draw_recipes(members: list[Member]) -> pd.DataFrame:
    """Return recipes."""
    rows = {
        (member.role.stage, member.product, f"{name}_{member.chain}", quantity)
        for member in members
        for name, quantity in member.role.inputs.items()
    }
    return pd.DataFrame(sorted(rows), columns=["stage", "product", "input", "quantity"])


def draw_parks(rng: np.random.Generator, parks: int, firms: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return parks, with land that is scarce."""
    east, north = rng.uniform(0, SIDE_KM, (2, parks))
    lon = CENTRE[0] + (east - SIDE_KM / 2) / (111.32 * np.cos(np.radians(CENTRE[1])))
    lat = CENTRE[1] + (north - SIDE_KM / 2) / 110.8
    share = rng.dirichlet(np.full(parks, 4.0))
    land = _spread(0.9 * firms["land_ha"].sum(), share, least=1.1 * firms["land_ha"].max())
    power = _spread(1.2 * firms["power_mw"].sum(), share, least=1.1 * firms["power_mw"].max())
    is_open = np.arange(parks) % 3 == 0
    table = {
        "park": [f"park_{s}" for s in range(parks)],
        "name": [f"Park {s}" for s in range(parks)],
        "status": np.where(is_open, "open", "candidate"),
        "land_ha": land.round(1),
        "power_mw": power.round(1),
        "land_price_m_ha": rng.uniform(2.0, 4.0, parks).round(2),
        "power_price_per_mwh": rng.uniform(420, 480, parks).round(0),
        "water_price_per_m3": rng.uniform(2.0, 4.0, parks).round(2),
        "wage_per_y": rng.uniform(80_000, 100_000, parks).round(-2),
        "open_cost_m": np.where(is_open, 0.0, rng.uniform(50, 200, parks).round(0)),
        "open_cost_m_y": rng.uniform(1, 4, parks).round(1),
    }
    points = gpd.points_from_xy(lon.round(5), lat.round(5))
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def _spread(total: float, share: npt.NDArray[np.float64], least: float) -> npt.NDArray[np.float64]:
    """Return a total spread over the parks by share, where each gets at least what any firm needs."""
    above = np.maximum(total * share - least, 0.0)
    rest = max(0.0, total - least * len(share))
    return np.asarray(least + rest * above / max(above.sum(), 1e-9))


def draw_links(rng: np.random.Generator, members: list[Member], wanted: int) -> pd.DataFrame:
    """Draw so many links, within chains and across; one in ten is a rivalry."""
    chain = np.array([member.chain for member in members])
    a, b = np.triu_indices(len(members), 1)
    wanted = min(wanted, len(a))
    if not wanted:
        return pd.DataFrame()
    same, other = chain[a] == chain[b], chain[a] != chain[b]
    odds = same / max(1, same.sum()) + other / max(1, other.sum())  # as often within a chain as across
    drawn = np.sort(rng.choice(len(a), wanted, replace=False, p=odds / odds.sum()))
    worth = rng.uniform(0.5, 8.0, wanted) * np.where(rng.random(wanted) < 0.1, -0.4, 1.0)
    return pd.DataFrame(
        {
            "link": [f"link_{i}" for i in range(wanted)],
            "kind": np.where((a[drawn] + b[drawn]) % 2 == 0, "engineering", "talent"),
            "firm_a": [members[i].firm for i in a[drawn]],
            "firm_b": [members[i].firm for i in b[drawn]],
            "value_m_y": worth.round(2),
        }
    )


def draw_gateways() -> gpd.GeoDataFrame:
    """Return gateways."""
    points = gpd.points_from_xy([CENTRE[0] - 0.5, CENTRE[0] + 1.9], [CENTRE[1] + 1.8, CENTRE[1] + 0.8])
    table = {
        "gateway": ["city", "river_port"],
        "name": ["City market", "River port"],
        "extra_km": [0.0, 300.0],
    }
    return gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4326")


def draw_markets(rng: np.random.Generator, products: pd.DataFrame) -> pd.DataFrame:
    """Return what gateways buy and sell."""
    rows = []
    for gateway in ("city", "river_port"):
        spread = rng.uniform(0.01, 0.04, (2, len(products)))
        rows.append(
            pd.DataFrame(
                {
                    "gateway": gateway,
                    "product": products["product"],
                    "buys_at": (products["value"] * (1 - spread[0])).round(0),
                    "sells_at": (products["value"] * (1 + spread[1])).round(0),
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def draw_incentives() -> pd.DataFrame:
    """Return instruments."""
    basis = "assumed: no law, a fictional region"
    rows: list[dict[str, Any]] = [
        {"instrument": "capital_grant", "budget": "city", "basis": "investment", "rate": 0.08, "min_m": 1.0},
        {"instrument": "land_discount", "budget": "county", "basis": "land", "rate": 0.5},
        {"instrument": "tax_holiday", "budget": "county", "basis": "tax", "rate": 0.5, "years": 5},
    ]
    groups = {"capital_grant": "capital", "land_discount": "capital"}
    return pd.DataFrame(
        [row | {"legal_basis": basis, "exclusive_group": groups.get(row["instrument"])} for row in rows]
    )


def draw_manifest(name: str, aid: float) -> dict[str, Any]:
    """Return the manifest, with so much aid in all, m currency."""
    half = SIDE_KM / 2 / 90.0
    return {
        "name": name,
        "title": f"Synthetic region {name}",
        "currency": "CNY",
        "price_year": 2023,
        "planning_crs": "EPSG:32648",
        "datum": "WGS84",
        "bounds": {
            "west": CENTRE[0] - half,
            "east": CENTRE[0] + half,
            "south": CENTRE[1] - half,
            "north": CENTRE[1] + half,
        },
        "discount_rate": 0.08,
        "life_y": 10,
        "stages": {role.stage: role.stage.capitalize() for role in ROLES},
        "distance": {"method": "geodesic", "circuity": CIRCUITY},
        "proximity": {"links": {"shape": "exponential", "half_distance": 20, "reach": REACH_KM}},
        "freight": {"per_tkm": 0.5, "co2_kg_per_tkm": 0.07},
        "aid_ceiling": {"large": 0.1, "medium": 0.15, "small": 0.2},
        "budgets": {
            "city": {"tier": "city", "amount_m": round(aid, 1)},
            "county": {"tier": "county", "basis": "per_year", "by_year_m": [round(aid / 4, 1)]},
        },
    }
