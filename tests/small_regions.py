"""Small random regions that use every rule: up to 3 parks and 5 firms, distances as a matrix."""

from __future__ import annotations

import itertools
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from clusterplan.region import Region

PRESETS = ("collaboration", "welfare", "collaboration", "fiscal", "localisation")


def small_tables(seed: int) -> dict[str, Any]:
    """Return the manifest and frames of a region, the same for the same seed."""
    rng = np.random.default_rng(seed)

    def maybe(share: float) -> bool:
        return bool(rng.random() < share)

    parks = [f"p{s}" for s in range(int(rng.integers(2, 4)))]
    firms = _firms(rng, parks, int(rng.integers(3, 6)))
    tables: dict[str, Any] = {
        "parks": _parks(rng, parks, sum(firm["land_ha"] for firm in firms)),
        "firms": pd.DataFrame(firms),
        "products": pd.DataFrame(
            {
                "product": ["car", "part", "ore"],
                "unit": "t",
                "value": [20_000.0, 5_000.0, 1_000.0],
                "tonnes_per_unit": [1.0, 0.5, 1.0],
                "collaboration_share": [0.0, 0.03, 0.02],
                "max_supply_km": [np.nan, rng.choice([np.nan, 25.0]), np.nan],
            }
        ),
        "recipes": pd.DataFrame(
            {
                "stage": ["assembly", "assembly", "parts"],
                "route": [None, "new" if maybe(0.3) else None, None],
                "product": ["car", "car", "part"],
                "input": ["part", "ore", "ore"],
                "quantity": [1.0, 0.5, 0.8],
            }
        ),
        "links": _links(rng, [firm["firm"] for firm in firms]),
        "gateways": gpd.GeoDataFrame(
            {"gateway": ["port"], "extra_km": [float(rng.choice([0, 30]))]},
            geometry=gpd.points_from_xy([10.2], [50.0]),
            crs="EPSG:4326",
        ),
        "markets": pd.DataFrame(
            {
                "gateway": "port",
                "product": ["car", "part", "ore"],
                "buys_at": [19_900.0, 4_800.0, 950.0],
                "buys_up_to_per_y": [np.nan, rng.choice([np.nan, 600.0]), np.nan],
                "sells_at": [np.nan, 5_300.0, 1_050.0],
                "sells_up_to_per_y": [np.nan, np.nan, rng.choice([np.nan, 900.0])],
            }
        ),
        "incentives": _incentives(rng),
        "distances": _distances(rng, parks),
    }
    if maybe(0.4):
        tables["groups"] = pd.DataFrame(
            {
                "group": "pool",
                "park": parks[:2],
                "resource": "workers",
                "capacity": float(rng.integers(420, 700)),
            }
        )
    if maybe(0.3):
        tables["separations"] = pd.DataFrame({"stage": ["parts"], "from_stage": ["mining"], "min_km": [0.0]})
    if maybe(0.4):
        tables["requirements"] = pd.DataFrame(
            {"requirement": ["suppliers"], "stages": ["parts"], "at_least": [1], "at_most": [2]}
        )
    tables = {name: table.assign(provenance="assumed") for name, table in tables.items() if len(table)}
    tables["distances"] = tables["distances"].drop(columns="provenance")
    if seed % 3 == 0 and seed < 200:
        tables["parks"]["aid_ceiling_medium"] = [0.11] + [None] * (len(parks) - 1)
    return {"manifest": _manifest(rng, seed, tables["parks"]), **tables}


def small_region(seed: int) -> Region:
    """Return the region of `small_tables`."""
    return Region.from_frames(**small_tables(seed))


def _firms(rng: np.random.Generator, parks: list[str], n: int) -> list[dict[str, Any]]:
    firms = []
    for f in range(n):
        stage = ("assembly", "parts", "parts", "mining", "lab")[f]
        product = {"assembly": "car", "parts": "part", "mining": "ore"}.get(stage)
        anchor, platform = f == 0, stage == "lab"
        status = rng.choice(["existing", "committed", "candidate"]) if anchor else "candidate"
        if f == 3 and rng.random() < 0.3:
            status = "committed"
        variant = stage == "parts" and n > 3 and rng.random() < 0.5
        firms.append(
            {
                "firm": f"f{f}",
                "stage": stage,
                "status": status,
                "is_anchor": anchor,
                "is_platform": platform,
                "route": "new" if anchor and rng.random() < 0.5 else None,
                "size": str(rng.choice(["large", "medium"])),
                "is_new_entrant": bool(rng.random() < 0.8),
                "park": parks[0] if status == "existing" else None,
                "only_parks": ";".join(parks[1:]) if f == 2 and rng.random() < 0.3 else None,
                "not_parks": parks[0] if f == 1 and rng.random() < 0.3 else None,
                "lock": "in" if f == 1 and rng.random() < 0.15 else None,
                "variant_group": "twins" if variant else None,
                "product": product,
                "output_per_y": None if product is None else float(rng.integers(4, 12) * 100),
                "co_products": "ore:0.1" if stage == "parts" and rng.random() < 0.2 else None,
                "min_load": float(rng.choice([0.0, 0.4, 1.0])),
                "land_ha": float(rng.integers(2, 12)),
                "power_mw": float(rng.integers(0, 6)),
                "workers": float(rng.integers(20, 200)),
                "investment_m": float(rng.integers(5, 60)),
                "margin_m_y": float(np.round(rng.uniform(0.5, 4.0), 2)),
                "outside_m_y": None if platform else float(np.round(rng.uniform(0.3, 2.6), 2)),
                "tax_m_y": float(np.round(rng.uniform(0.0, 0.8), 2)),
                "public_cost_m_y": 0.4 if platform else 0.0,
            }
        )
    return firms


def _parks(rng: np.random.Generator, parks: list[str], land: float) -> gpd.GeoDataFrame:
    n = len(parks)
    return gpd.GeoDataFrame(
        {
            "park": parks,
            "status": ["open", *rng.choice(["open", "candidate"], n - 1)],
            "lock": [None] * (n - 1) + ["in" if rng.random() < 0.1 else None],
            "land_ha": [max(12.0, float(np.round(land * rng.uniform(0.3, 0.8)))) for _ in parks],
            "power_mw": [float(rng.integers(6, 20)) if rng.random() < 0.5 else None for _ in parks],
            "land_price_m_ha": rng.uniform(0.1, 0.6, n).round(2),
            "power_price_per_mwh": rng.uniform(20, 60, n).round(0),
            "wage_per_y": rng.uniform(800, 2000, n).round(0),
            "fixed_cost_m_y": rng.uniform(0, 0.1, n).round(2),
            "open_cost_m": rng.uniform(0, 6, n).round(1),
            "open_cost_m_y": rng.uniform(0, 0.3, n).round(2),
            "admits": [None] * (n - 1) + ["parts;mining;lab" if rng.random() < 0.3 else None],
            "min_investment_m_ha": [0.0] * (n - 1) + [float(rng.choice([0.0, 1.5]))],
            "aid_ceiling": [None] * (n - 1) + [0.08 if rng.random() < 0.3 else None],
        },
        geometry=gpd.points_from_xy([10.0 + 0.02 * s for s in range(n)], [50.0] * n),
        crs="EPSG:4326",
    )


def _links(rng: np.random.Generator, firms: list[str]) -> pd.DataFrame:
    rows = [
        {
            "link": f"l{a}{b}",
            "kind": str(rng.choice(["talent", "engineering"])),
            "firm_a": a,
            "firm_b": b,
            "value_m_y": float(np.round(rng.uniform(-0.8, 1.6), 2)),
            "share_a": float(rng.choice([np.nan, 0.2])),
        }
        for a, b in itertools.combinations(firms, 2)
        if rng.random() < 0.5
    ]
    if rng.random() < 0.4:
        rows.append(
            {"link": "rule", "kind": "talent", "stage_a": "parts", "stage_b": "parts", "value_m_y": 0.5}
        )
    return pd.DataFrame(rows)


def _incentives(rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"instrument": "grant", "budget": "city", "basis": "investment", "rate": 0.1, "min_m": 0.5,
             "exclusive_group": "capital", "years": int(rng.choice([1, 3]))},
            {"instrument": "land", "budget": "county", "basis": "land", "rate": 0.6,
             "exclusive_group": "capital"},
            {"instrument": "holiday", "budget": "county", "basis": "tax", "rate": 0.5, "years": 4,
             "is_retention": bool(rng.random() < 0.5), "max_m": 1.0},
            {"instrument": "power", "budget": "state", "basis": "energy", "rate": 0.3, "worth": 0.8,
             "counts_as_aid": False, "new_entrants_only": True},
            {"instrument": "jobs", "budget": "city", "basis": "jobs", "rate": 2000.0, "min_workers": 50,
             "sizes": "medium", "public_cost": 1.1},
            {"instrument": "late", "budget": "city", "basis": "fixed", "rate": 5.0, "valid_from": 2040},
        ]
    ).assign(legal_basis="assumed")  # fmt: skip


def _distances(rng: np.random.Generator, parks: list[str]) -> pd.DataFrame:
    pairs = [
        (a, b, float(rng.integers(5, 60))) for a, b in itertools.combinations(parks, 2) if rng.random() < 0.9
    ]
    pairs += [(s, "port", float(rng.integers(40, 120))) for s in parks]
    return pd.DataFrame(pairs, columns=["origin", "destination", "km"])


def _manifest(rng: np.random.Generator, seed: int, parks: pd.DataFrame) -> dict[str, Any]:
    sure = int(((parks["status"] == "open") | (parks["lock"] == "in")).sum())
    return {
        "name": f"small_{seed}",
        "title": f"Small region {seed}",
        "currency": "EUR",
        "price_year": 2025,
        "planning_crs": "EPSG:32632",
        "datum": "WGS84",
        "bounds": {"west": 9.5, "south": 49.5, "east": 11.5, "north": 50.5},
        "discount_rate": float(rng.choice([0.0, 0.05])),
        "life_y": 10,
        "objective": PRESETS[seed % len(PRESETS)],
        "stages": {"assembly": "Cars", "parts": "Parts", "mining": "Ore", "lab": "Laboratory"},
        "routes": {"new": "New"},
        "distance": {"method": "matrix"},
        "proximity": {
            "links": {"shape": "linear", "reach": 40},
            "supply": {"shape": "exponential", "half_distance": 12, "reach": 30},
            "kinds": {"talent": {"shape": "exponential", "half_distance": 10, "reach": 50}},
        },
        "freight": {"per_tkm": 1.5, "co2_kg_per_tkm": 0.1},
        "aid_ceiling": {"large": 0.09, "medium": 0.15},
        "aid_scale": [{"up_to_m": 12, "share": 1}, {"share": 0.5}] if seed % 2 and seed < 200 else [],
        "budgets": {
            "city": {"tier": "city", "amount_m": float(np.round(rng.uniform(0.5, 8.0), 1))},
            "county": {"tier": "county", "basis": "per_year", "by_year_m": [0.8, 0.2], "cost_of_funds": 0.9},
            "state": {"tier": "state", "amount_m": 3.0, "cost_of_funds": 0.0},
        },
        "open_parks": {
            "at_least": int(rng.integers(0, 3)),
            "at_most": int(rng.integers(max(2, sure), len(parks) + 1)),
        },
    }
