"""Make firms.csv, parks.geojson, gateways.geojson, receptors.geojson and provenance.csv of `yibin`.

What a planner would want to check stands in the tables beside this file: `plants.csv` (what a unit
of yearly output needs, by kind of plant), `firms.csv` (who, how big, and what is known of it),
`parks.csv` and `places.csv`. Prices and recipes are read from the region's own products.csv and
recipes.csv. Formulas are those of docs/regions/yibin.md. All other files of the region are written
by hand.

A number computed from others is called `derived` only if none of them, the firm's own output
excepted, is assumed; else `assumed`.

Usage: python tools/yibin/build.py
"""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import yaml
from pyproj import Transformer

HERE = Path(__file__).parent
REGION = HERE.parents[1] / "data" / "regions" / "yibin"
Row = dict[str, str]

UPKEEP = 0.03
"""Upkeep a year as a share of the investment."""
TAX_RATE = 0.25
"""Statutory corporate income tax; the western rate is an instrument of incentives.csv."""
ELSEWHERE = {"land_price_m_ha": 3.6, "power_per_mwh": 470.0, "water_per_m3": 3.2, "wage_per_y": 95_000.0}
"""What a firm would pay at its best place elsewhere (assumed)."""
TRADE_LOSS = 0.005
"""Share of the value of what it buys and sells that trading costs it there (assumed): half of it
goes through markets with a spread of 2 %."""

FIRM_COLUMNS = (
    *("firm", "name", "stage", "status", "is_anchor", "is_platform", "route", "size", "is_new_entrant"),
    *("park", "only_parks", "variant_group", "product", "output_per_y", "co_products", "min_load"),
    *("land_ha", "power_mw", "energy_mwh_y", "water_m3_d", "workers", "investment_m", "margin_m_y"),
    *("outside_m_y", "tax_m_y", "public_cost_m_y", "provenance", "source"),
)


def read(path: Path) -> list[Row]:
    """Return the rows of a CSV file as dictionaries of text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """Write rows to a CSV file with line feeds only."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def rounded(number: float, digits: int = 4) -> float:
    """Return the number to so many significant digits."""
    if number == 0:
        return 0.0
    return round(number, digits - 1 - math.floor(math.log10(abs(number))))


class Economy:
    """Prices, recipes and yearly factors that turn a plant into money."""

    def __init__(self) -> None:
        manifest = yaml.safe_load((REGION / "region.yaml").read_text(encoding="utf-8"))
        rate, life = manifest["discount_rate"], manifest["life_y"]
        self.capital_recovery = rate / (1 - (1 + rate) ** -life)
        self.hours = manifest["operating_hours_y"]
        self.water_days = manifest["water_days_y"]
        self.value = {row["product"]: float(row["value"]) for row in read(REGION / "products.csv")}
        self.inputs: dict[tuple[str, str, str], float] = {}
        for row in read(REGION / "recipes.csv"):
            made = (row["stage"], row["route"], row["product"])
            bought = float(row["quantity"]) * self.value[row["input"]]
            self.inputs[made] = self.inputs.get(made, 0.0) + bought

    def input_value(self, firm: Row) -> float:
        """Value of what one unit of the firm's product takes, in currency."""
        by_route = (firm["stage"], firm["route"], firm["product"])
        return self.inputs.get(by_route, self.inputs.get((firm["stage"], "", firm["product"]), 0.0))

    def output_value(self, firm: Row) -> float:
        """Value of one unit of the firm's product with its co-products, in currency."""
        total = self.value[firm["product"]]
        for part in filter(None, firm["co_products"].split(";")):
            product, quantity = part.split(":")
            total += float(quantity) * self.value[product]
        return total


def plan_firm(firm: Row, plant: Row, economy: Economy) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a row of firms.csv and the kind of each of its numbers."""
    output = float(firm["output_per_y"])
    kinds = {"output_per_y": firm["output_kind"]}
    needs: dict[str, float] = {}
    for column in ("land_ha", "investment_m", "workers"):
        if firm[column]:
            needs[column], kinds[column] = float(firm[column]), "source"
        else:
            needs[column] = rounded(output * float(plant[column]), 3)
            known = plant[column.split("_")[0] + "_kind"]
            kinds[column] = "assumed" if known == "assumed" else "derived"
    energy = rounded(output * float(plant["energy_mwh"]), 3)
    kinds["energy_mwh_y"] = "assumed" if plant["energy_kind"] == "assumed" else "derived"
    water_m3_d = rounded(output * float(plant["water_m3"]) / economy.water_days, 3)

    sold = output * economy.output_value(firm) / 1e6
    bought = output * economy.input_value(firm) / 1e6
    other = sold * float(plant["other_share"]) + needs["investment_m"] * UPKEEP
    capital = needs["investment_m"] * economy.capital_recovery
    place = (
        needs["land_ha"] * ELSEWHERE["land_price_m_ha"] * economy.capital_recovery
        + energy * ELSEWHERE["power_per_mwh"] / 1e6
        + water_m3_d * economy.water_days * ELSEWHERE["water_per_m3"] / 1e6
        + needs["workers"] * ELSEWHERE["wage_per_y"] / 1e6
    )
    before_tax = sold - bought - other - capital
    tax = TAX_RATE * max(0.0, before_tax - place)
    margin = before_tax - tax
    numbers: dict[str, Any] = {
        **needs,
        "power_mw": rounded(energy / economy.hours, 3),
        "energy_mwh_y": energy,
        "water_m3_d": water_m3_d,
        "margin_m_y": rounded(margin),
        "tax_m_y": rounded(tax),
    }
    if firm["status"] == "candidate":
        aid = float(firm["rival_share"]) * needs["investment_m"] * economy.capital_recovery
        numbers["outside_m_y"] = rounded(margin - place - TRADE_LOSS * (sold + bought) + aid)
    return numbers, kinds


def firms(economy: Economy) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Return the rows of firms.csv and, for cells better known than their row, those of provenance.csv."""
    plants = {row["plant"]: row for row in read(HERE / "plants.csv")}
    rows, cells = [], []
    for firm in read(HERE / "firms.csv"):
        row: dict[str, Any] = {column: firm.get(column, "") for column in FIRM_COLUMNS}
        row["provenance"] = "assumed"
        if firm["plant"]:
            numbers, kinds = plan_firm(firm, plants[firm["plant"]], economy)
            row.update(numbers)
            plant_source = plants[firm["plant"]]["source"]
            for column, kind in kinds.items():
                if kind != "assumed":
                    source = firm["source"] if kind == "source" or column == "output_per_y" else plant_source
                    cells.append(
                        {
                            "file": "firms.csv",
                            "id": firm["firm"],
                            "column": column,
                            "kind": kind,
                            "source": source,
                        }
                    )
        else:
            invested = float(firm["investment_m"])
            row["public_cost_m_y"] = rounded(invested * (economy.capital_recovery + UPKEEP))
        rows.append(row)
    return rows, cells


def features(rows: list[dict[str, Any]], geometries: list[dict[str, Any]]) -> str:
    """Return a GeoJSON text, one feature a line."""
    lines = [
        json.dumps({"type": "Feature", "properties": row, "geometry": shape}, ensure_ascii=False)
        for row, shape in zip(rows, geometries, strict=True)
    ]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"


def point(row: Row) -> dict[str, Any]:
    """Return the point of a place."""
    return {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]}


def square(row: Row, to_plane: Transformer) -> dict[str, Any]:
    """Return the square of the park's land around its point: a stand-in, no legal boundary."""
    half = math.sqrt(float(row["land_ha"]) * 10_000) / 2
    x, y = to_plane.transform(float(row["lon"]), float(row["lat"]))
    ring = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    corners = [to_plane.transform(*corner, direction="INVERSE") for corner in [*ring, ring[0]]]
    return {"type": "Polygon", "coordinates": [[[round(lon, 6), round(lat, 6)] for lon, lat in corners]]}


def typed(row: Row, leave_out: tuple[str, ...]) -> dict[str, Any]:
    """Return the row with numbers as numbers, without some columns and without empty cells."""
    words = {"park", "gateway", "receptor", "name", "status", "admits", "provenance", "source"}
    return {
        key: value if key in words else float(value)
        for key, value in row.items()
        if key not in leave_out and value != ""
    }


def make(target: Path) -> None:
    """Write the files to a folder."""
    rows, cells = firms(Economy())
    write(target / "firms.csv", FIRM_COLUMNS, rows)
    by_hand = read(HERE / "provenance.csv")
    write(target / "provenance.csv", ("file", "id", "column", "kind", "source"), [*by_hand, *cells])

    manifest = yaml.safe_load((REGION / "region.yaml").read_text(encoding="utf-8"))
    to_plane = Transformer.from_crs("EPSG:4326", manifest["planning_crs"], always_xy=True)
    parks = read(HERE / "parks.csv")
    named = [typed({**row, "provenance": "assumed"}, ("lon", "lat")) for row in parks]
    text = features(named, [square(row, to_plane) for row in parks])
    (target / "parks.geojson").write_text(text, encoding="utf-8")
    for table, key in (("gateways", "gateway"), ("receptors", "receptor")):
        places = [row for row in read(HERE / "places.csv") if row["file"] == table]
        named = [typed({key: row["id"], **row}, ("file", "id", "lon", "lat")) for row in places]
        text = features(named, [point(row) for row in places])
        (target / f"{table}.geojson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    make(REGION)
