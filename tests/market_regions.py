"""Regions made by hand in which a market goes wrong in a known way."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from clusterplan.region import Region


def _manifest(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": name.capitalize(),
        "currency": "EUR",
        "price_year": 2025,
        "planning_crs": "EPSG:32632",
        "datum": "WGS84",
        "bounds": {"west": 9.5, "south": 49.5, "east": 11.5, "north": 50.5},
        "discount_rate": 0.0,
        "life_y": 10,
        "objective": "welfare",
        "stages": {"mining": "Ore", "smelting": "Metal", "casting": "Parts", "assembly": "Cars"},
        "distance": {"method": "matrix"},
        "proximity": {"links": {"shape": "linear", "reach": 40}},
        "freight": {"per_tkm": 0.0},
    }


def _firm(firm: str, stage: str, product: str, **more: Any) -> dict[str, Any]:
    return {
        "firm": firm,
        "stage": stage,
        "status": "candidate",
        "product": product,
        "output_per_y": 100.0,
        "min_load": 1.0,
        "land_ha": 1.0,
        "investment_m": 10.0,
        "margin_m_y": 2.0,
        "outside_m_y": 1.0,
        "is_anchor": False,
        **more,
    }


def _region(
    name: str, firms: list[dict[str, Any]], markets: dict[str, tuple[bool, bool]], **more: Any
) -> Region:
    """Return a region of two parks 10 km apart; markets: product → (bought, sold) at its gateway."""
    products = sorted({firm["product"] for firm in firms})
    value = 1000.0
    tables: dict[str, Any] = {
        "parks": gpd.GeoDataFrame(
            {
                "park": ["east", "west"],
                "status": "open",
                "land_ha": 10.0,
                "land_price_m_ha": [0.0, 1.0],
            },
            geometry=gpd.points_from_xy([10.1, 10.0], [50.0, 50.0]),
            crs="EPSG:4326",
        ),
        "firms": pd.DataFrame(firms),
        "products": pd.DataFrame({"product": products, "unit": "t", "value": value, "tonnes_per_unit": 1.0}),
        "gateways": gpd.GeoDataFrame(
            {"gateway": ["port"]}, geometry=gpd.points_from_xy([10.2], [50.0]), crs="EPSG:4326"
        ),
        "markets": pd.DataFrame(
            {
                "gateway": "port",
                "product": list(markets),
                "buys_at": [value if bought else None for bought, _ in markets.values()],
                "sells_at": [value if sold else None for _, sold in markets.values()],
            }
        ),
        **more,
    }
    tables = {key: table.assign(provenance="assumed") for key, table in tables.items()}
    tables["distances"] = pd.DataFrame(
        {
            "origin": ["east", "east", "west"],
            "destination": ["west", "port", "port"],
            "km": [10.0, 20.0, 30.0],
        }
    )
    return Region.from_frames(manifest=_manifest(name), **tables)


def rivals() -> Region:
    """Two smelters who each need all the ore of the one mine; no gateway sells it: who comes first has it."""
    firms = [
        _firm("mine", "mining", "ore", status="existing", park="east", is_anchor=True, min_load=0.0),
        _firm("smelter_a", "smelting", "metal"),
        _firm("smelter_b", "smelting", "metal"),
    ]
    recipes = pd.DataFrame({"stage": ["smelting"], "product": "metal", "input": "ore", "quantity": 1.0})
    return _region("rivals", firms, {"ore": (True, False), "metal": (True, False)}, recipes=recipes)


def pair() -> Region:
    """A caster and a smelter of whom neither can do without the other: both would come, neither begins."""
    firms = [
        _firm("carmaker", "assembly", "car", status="existing", park="east", is_anchor=True),
        _firm("caster", "casting", "part"),
        _firm("smelter", "smelting", "metal"),
    ]
    recipes = pd.DataFrame({"stage": ["casting"], "product": "part", "input": "metal", "quantity": 1.0})
    return _region("pair", firms, {"car": (True, False), "part": (True, False)}, recipes=recipes)


def chain() -> Region:
    """Three in a row, of whom each comes only to the one before: introduce one, drive a batch."""
    firms = [
        _firm("a_caster", "casting", "part", outside_m_y=2.3),
        _firm("b_smelter", "smelting", "metal", outside_m_y=2.3),
        _firm("c_miner", "mining", "ore", outside_m_y=2.3),
        _firm("d_carmaker", "assembly", "car", status="committed", is_anchor=True),
    ]
    links = pd.DataFrame(
        {
            "link": ["cd", "bc", "ab"],
            "kind": "talent",
            "firm_a": ["c_miner", "b_smelter", "a_caster"],
            "firm_b": ["d_carmaker", "c_miner", "b_smelter"],
            "value_m_y": 1.0,
        }
    )
    markets = dict.fromkeys(("car", "part", "metal", "ore"), (True, False))
    return _region("chain", firms, markets, links=links)
