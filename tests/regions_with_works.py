"""Small random regions with levels of parks and public works of every kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from small_regions import small_tables

from clusterplan.region import Region


def tables_with_works(seed: int) -> dict[str, Any]:
    """Return the tables of a small region of up to four firms, with up to two levels and two works."""
    tables = _without(small_tables(seed), "f3")
    rng = np.random.default_rng(10_000 + seed)
    parks, firms = tables["parks"], tables["firms"]
    # what a level brings should matter: parks are small without
    parks["land_ha"] = (parks["land_ha"] * 0.7).clip(lower=8.0).round()
    firms["budget"] = [str(rng.choice(["city", "county"])) if p else None for p in firms["is_platform"]]
    tables["levels"] = pd.DataFrame(
        [_level(rng, parks) for _ in range(int(rng.integers(1, 3)))]
    ).drop_duplicates(["park", "level"])
    kinds = rng.permutation(["room", "group", "price", "dearer", "road", "road", "bridge", "gate", "gate"])
    works = [_work(rng, str(kind), i, tables) for i, kind in enumerate(kinds[: int(rng.integers(1, 3))])]
    tables["works"] = pd.DataFrame([work for work in works if work is not None])
    if rng.random() < 0.5:
        tables["loops"] = pd.DataFrame([_loop(rng)])
    for name in ("levels", "works", "loops"):
        if name not in tables:
            continue
        tables[name]["provenance"] = "assumed"
    return {name: table for name, table in tables.items() if len(table)}


def region_with_ways(seed: int) -> Region:
    """Return the region of `tables_with_works` in which its first work shortens two ways more."""
    tables = tables_with_works(seed)
    rng = np.random.default_rng(20_000 + seed)
    parks = list(tables["parks"]["park"])
    ends = [tuple(rng.choice(parks, 2, replace=False)), (str(rng.choice(parks)), "port")]
    ways = [
        {"work": tables["works"]["work"].iloc[0], "from": a, "to": b, "km": float(rng.integers(1, 12))}
        for a, b in ends
    ]
    tables["ways"] = pd.DataFrame(ways).assign(provenance="assumed")
    return Region.from_frames(**tables)


def _without(tables: dict[str, Any], firm: str) -> dict[str, Any]:
    """Return the tables without a firm, so that trying everything takes seconds."""
    firms, links = tables["firms"], tables.get("links", pd.DataFrame())
    kept = {**tables, "firms": firms[firms["firm"] != firm].reset_index(drop=True)}
    links = links.reindex(columns=dict.fromkeys([*links.columns, "firm_a", "firm_b"]))
    kept["links"] = links[(links["firm_a"] != firm) & (links["firm_b"] != firm)].reset_index(drop=True)
    return {name: table for name, table in kept.items() if len(table)}


def region_with_works(seed: int) -> Region:
    """Return the region of `tables_with_works`."""
    return Region.from_frames(**tables_with_works(seed))


def _loop(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "loop": "loop",
        "stage": "assembly",
        "needs": str(rng.choice(["parts", "lab"])),
        "reach": float(rng.choice([np.nan, 8.0, 15.0])),
        "value_m_y": float(np.round(rng.uniform(0.5, 2.0), 2)),
        "share": float(rng.choice([1.0, 0.4])),
    }


def _budget(rng: np.random.Generator) -> str | None:
    return [None, "city", "county", "state"][int(rng.integers(4))]


def _cost(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "once": float(np.round(rng.uniform(0, 0.6), 1)),
        "yearly": float(np.round(rng.uniform(0, 0.05), 2)),
    }


def _level(rng: np.random.Generator, parks: pd.DataFrame) -> dict[str, Any]:
    s = int(rng.integers(len(parks)))
    power, cost = parks["power_mw"].iloc[s], _cost(rng)
    return {
        "park": parks["park"].iloc[s],
        "level": "large",
        "open_cost_m": cost["once"],
        "open_cost_m_y": cost["yearly"],
        "land_ha": parks["land_ha"].iloc[s] + float(rng.integers(5, 25)),
        "power_mw": None if power is None or np.isnan(power) or rng.random() < 0.5 else power + 5.0,
        "budget": _budget(rng),
    }


def _work(rng: np.random.Generator, kind: str, i: int, tables: dict[str, Any]) -> dict[str, Any] | None:
    parks, cost = list(tables["parks"]["park"]), _cost(rng)
    s, t = rng.choice(len(parks), 2, replace=False)
    work: dict[str, Any] = {
        "work": f"w{i}",
        "cost_m": cost["once"],
        "cost_m_y": cost["yearly"],
        "budget": _budget(rng),
        "park": None,
        "from": None,
        "to": None,
        "km": None,
        "adds": None,
        "fixed_cost_change_m_y": 0.0,
        "power_price_change_per_mwh": 0.0,
    }
    if kind == "room":
        work |= {"park": parks[s], "adds": f"land_ha:{rng.integers(4, 20)}"}
    elif kind == "group":
        if "groups" not in tables:
            return None
        work |= {"adds": f"pool:{rng.integers(50, 300)}"}
    elif kind == "price":
        work |= {
            "park": parks[s],
            "fixed_cost_change_m_y": -float(np.round(rng.uniform(0, 0.3), 2)),
            "power_price_change_per_mwh": -float(rng.integers(1, 20)),
        }
    elif kind == "dearer":  # room at a price that each firm pays
        work |= {"park": parks[s], "adds": "land_ha:15", "fixed_cost_change_m_y": 0.05}
    else:
        end = "port" if kind == "gate" else parks[t]
        work |= {"from": parks[s], "to": end, "km": float(rng.integers(2, 20))}
    return work
