"""Make firms.csv, parks.geojson, gateways.geojson, receptors.geojson and provenance.csv of a region.

What a planner would want to check stands in the tables of `tools/regions/NAME`:

- `economy.yaml`: what a firm would pay elsewhere, taxes, upkeep, the cost of trading (`Economy`)
- `plants.csv`: what a unit of yearly output needs, by kind of plant
- `firms.csv`: who, how big, and what is known of it; a number given here goes before one computed, and
  counts as `source` unless `land_kind`, `investment_kind` or `workers_kind` says otherwise
- `parks.csv`: parks as rectangles of their land around a point (`width_m` and `turn_deg`, or a square)
- `places.csv`: gateways and homes
- `provenance.csv`: where the numbers of files written by hand come from, where they differ from their row

Prices and recipes are read from the region's own products.csv and recipes.csv. Formulas are those of
docs/regions/yibin.md. All other files of the region are written by hand.

A number computed from others is called `derived` only if none of them, the firm's own output
excepted, is assumed; else `assumed`.

Usage: python tools/build_region.py NAME
"""

from __future__ import annotations

import csv
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pyproj import Transformer

ROOT = Path(__file__).resolve().parents[1]
Row = dict[str, str]

FIRM_COLUMNS = (
    *("firm", "name", "stage", "status", "is_anchor", "is_platform", "route", "size", "is_new_entrant"),
    *("park", "only_parks", "variant_group", "product", "output_per_y", "co_products", "min_load"),
    *("land_ha", "power_mw", "energy_mwh_y", "water_m3_d", "workers", "investment_m", "margin_m_y"),
    *("outside_m_y", "tax_m_y", "public_cost_m_y", "provenance", "source"),
)
OPTIONAL = ("lock", "not_parks", "from_year")
"""Columns of firms.csv that are taken over where the table beside this file has them."""


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


@dataclass(frozen=True)
class Elsewhere:
    """What a firm would pay at its best place elsewhere, in the units of the region's parks."""

    land_price_m_ha: float
    power_per_mwh: float
    water_per_m3: float
    wage_per_y: float


class Economy:
    """Prices, recipes and yearly factors that turn a plant into money.

    `economy.yaml` holds: `upkeep` (a year, as a share of the investment); `tax_rate` (on the profit);
    `turnover_tax` (on output less inputs, paid whatever the profit; absent: 0); `trade_loss` (share of
    what is bought and sold that trading costs elsewhere); `elsewhere` (`Elsewhere`).
    """

    def __init__(self, region: Path, tools: Path) -> None:
        manifest = yaml.safe_load((region / "region.yaml").read_text(encoding="utf-8"))
        rate, life = manifest["discount_rate"], manifest["life_y"]
        self.capital_recovery = rate / (1 - (1 + rate) ** -life)
        self.hours = manifest["operating_hours_y"]
        self.water_days = manifest["water_days_y"]
        self.resources = tuple(manifest.get("resources", {}))
        self.planning_crs = manifest["planning_crs"]
        settings = yaml.safe_load((tools / "economy.yaml").read_text(encoding="utf-8"))
        self.upkeep: float = settings["upkeep"]
        self.tax_rate: float = settings["tax_rate"]
        self.turnover_tax: float = settings.get("turnover_tax", 0.0)
        self.trade_loss: float = settings["trade_loss"]
        self.elsewhere = Elsewhere(**settings["elsewhere"])
        self.value = {row["product"]: float(row["value"]) for row in read(region / "products.csv")}
        self.inputs: dict[tuple[str, str, str], float] = {}
        for row in read(region / "recipes.csv"):
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
    for column in ("land_ha", "investment_m", "workers", *economy.resources):
        if firm.get(column):
            needs[column] = float(firm[column])
            kinds[column] = firm.get(column.split("_")[0] + "_kind") or "source"
        elif column in plant or column not in economy.resources:
            needs[column] = rounded(output * float(plant[column]), 3)
            known = plant.get(column.split("_")[0] + "_kind", "assumed")
            kinds[column] = "assumed" if known == "assumed" else "derived"
    energy = rounded(output * float(plant["energy_mwh"]), 3)
    kinds["energy_mwh_y"] = "assumed" if plant["energy_kind"] == "assumed" else "derived"
    water_m3_d = rounded(output * float(plant["water_m3"]) / economy.water_days, 3)

    sold = output * economy.output_value(firm) / 1e6
    bought = output * economy.input_value(firm) / 1e6
    other = sold * float(plant["other_share"]) + needs["investment_m"] * economy.upkeep
    capital = needs["investment_m"] * economy.capital_recovery
    elsewhere = economy.elsewhere
    place = (
        needs["land_ha"] * elsewhere.land_price_m_ha * economy.capital_recovery
        + energy * elsewhere.power_per_mwh / 1e6
        + water_m3_d * economy.water_days * elsewhere.water_per_m3 / 1e6
        + needs["workers"] * elsewhere.wage_per_y / 1e6
    )
    turnover_tax = economy.turnover_tax * max(0.0, sold - bought)
    before_tax = sold - bought - other - capital - turnover_tax
    tax = economy.tax_rate * max(0.0, before_tax - place) + turnover_tax
    margin = before_tax - (tax - turnover_tax)
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
        numbers["outside_m_y"] = rounded(margin - place - economy.trade_loss * (sold + bought) + aid)
    return numbers, kinds


def firms(economy: Economy, tools: Path) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Return the rows of firms.csv and, for cells better known than their row, those of provenance.csv."""
    plants = {row["plant"]: row for row in read(tools / "plants.csv")}
    rows, cells = [], []
    for firm in read(tools / "firms.csv"):
        given = tuple(column for column in OPTIONAL if column in firm)
        columns = (*FIRM_COLUMNS[:-2], *given, *economy.resources, *FIRM_COLUMNS[-2:])
        row: dict[str, Any] = {column: firm.get(column, "") for column in columns}
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
            row["public_cost_m_y"] = rounded(invested * (economy.capital_recovery + economy.upkeep))
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


def rectangle(row: Row, to_plane: Transformer) -> dict[str, Any]:
    """Return a rectangle of the park's land around its point: a stand-in, no legal boundary.

    `width_m` is its width (empty: a square's), `turn_deg` how far it is turned counter-clockwise.
    """
    area = float(row["land_ha"]) * 10_000
    width = float(row.get("width_m") or math.sqrt(area))
    half, deep = width / 2, area / width / 2
    turn = math.radians(float(row.get("turn_deg") or 0))
    x, y = to_plane.transform(float(row["lon"]), float(row["lat"]))
    ring = [
        (x + a * math.cos(turn) - b * math.sin(turn), y + a * math.sin(turn) + b * math.cos(turn))
        for a, b in ((-half, -deep), (half, -deep), (half, deep), (-half, deep))
    ]
    corners = [to_plane.transform(*corner, direction="INVERSE") for corner in [*ring, ring[0]]]
    return {"type": "Polygon", "coordinates": [[[round(lon, 6), round(lat, 6)] for lon, lat in corners]]}


def typed(row: Row, leave_out: tuple[str, ...]) -> dict[str, Any]:
    """Return the row with numbers as numbers, without some columns and without empty cells."""
    words = {"park", "gateway", "receptor", "name", "status", "lock", "admits", "provenance", "source"}
    return {
        key: value if key in words else float(value)
        for key, value in row.items()
        if key not in leave_out and value != ""
    }


def make(name: str, target: Path | None = None) -> list[str]:
    """Write the files of a region.

    Parameters
    ----------
    name
        Region in `data/regions`, with a folder of its own in `tools/regions`.
    target
        Where to write; the region's folder if None.

    Returns
    -------
    list of str
        Names of the files written.
    """
    region, tools = ROOT / "data" / "regions" / name, ROOT / "tools" / "regions" / name
    target = region if target is None else target
    economy = Economy(region, tools)
    rows, cells = firms(economy, tools)
    columns = tuple(rows[0])
    write(target / "firms.csv", columns, rows)
    by_hand = read(tools / "provenance.csv")
    write(target / "provenance.csv", ("file", "id", "column", "kind", "source"), [*by_hand, *cells])

    to_plane = Transformer.from_crs("EPSG:4326", economy.planning_crs, always_xy=True)
    parks = read(tools / "parks.csv")
    named = [
        typed(
            {**row, "provenance": row.get("provenance") or "assumed"}, ("lon", "lat", "width_m", "turn_deg")
        )
        for row in parks
    ]
    text = features(named, [rectangle(row, to_plane) for row in parks])
    (target / "parks.geojson").write_text(text, encoding="utf-8")
    made = ["firms.csv", "parks.geojson", "provenance.csv"]
    for table, key in (("gateways", "gateway"), ("receptors", "receptor")):
        places = [row for row in read(tools / "places.csv") if row["file"] == table]
        if not places:
            continue
        named = [typed({key: row["id"], **row}, ("file", "id", "lon", "lat")) for row in places]
        text = features(named, [point(row) for row in places])
        (target / f"{table}.geojson").write_text(text, encoding="utf-8")
        made.append(f"{table}.geojson")
    return sorted(made)


def main() -> None:
    """Make the region named on the command line."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    print("wrote", ", ".join(make(sys.argv[1])))


if __name__ == "__main__":
    main()
