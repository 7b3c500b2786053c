"""Fill the column rival_share of firms.csv: what the best place elsewhere offers, a share of the investment.

`offer_share` is the aid of another state. To it the production credit of section 45X is added, since it is
paid there too: present value of what the plan could award the firm, over the investment.

A firm that would otherwise serve the anchors from abroad gets no credit there. Its plant is cheaper and its
way to the market longer (`abroad` in economy.yaml): with K the investment, V the value of output and CRF the
capital recovery factor, the share is (cheaper · (CRF + upkeep) · K − way · V) / (CRF · K).

Usage: python tools/regions/hardin_ky/rivals.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import yaml

TOOLS = Path(__file__).resolve().parent
REGION = TOOLS.parents[2] / "data" / "regions" / TOOLS.name
Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def credit_pv_m(firm: Row, incentives: list[Row], discount_rate: float) -> float:
    """Return the present value of the federal credit of a firm at full output, m USD."""
    total = 0.0
    for row in incentives:
        if row["budget"] == "federal" and firm["stage"] in row["stages"].split(";"):
            years = range(int(row["start_y"]), int(row["start_y"]) + int(row["years"]))
            worth = sum((1 + discount_rate) ** -year for year in years)
            total += float(row["rate"]) * float(firm["output_per_y"]) * worth / 1e6
    return total


def shares() -> dict[str, float]:
    """Return the share by firm, candidates alone."""
    manifest = yaml.safe_load((REGION / "region.yaml").read_text(encoding="utf-8"))
    economy = yaml.safe_load((TOOLS / "economy.yaml").read_text(encoding="utf-8"))
    rate, abroad = manifest["discount_rate"], economy["abroad"]
    recovery = rate / (1 - (1 + rate) ** -manifest["life_y"])
    incentives = read(REGION / "incentives.csv")
    value = {row["product"]: float(row["value"]) for row in read(REGION / "products.csv")}
    plants = {row["plant"]: row for row in read(TOOLS / "plants.csv")}
    found = {}
    for firm in read(TOOLS / "firms.csv"):
        if not firm["elsewhere"]:
            continue
        made = float(firm["output_per_y"])
        invested = float(firm["investment_m"] or made * float(plants[firm["plant"]]["investment_m"]))
        if firm["elsewhere"] == "abroad":
            cheaper = abroad["cheaper"] * (recovery + economy["upkeep"]) * invested
            way = abroad["way"] * made * value[firm["product"]] / 1e6
            share = (cheaper - way) / (recovery * invested)
        else:
            share = float(firm["offer_share"]) + credit_pv_m(firm, incentives, rate) / invested
        found[firm["firm"]] = round(share, 5)
    return found


def main() -> None:
    """Write the column anew."""
    found = shares()
    firms = read(TOOLS / "firms.csv")
    for firm in firms:
        firm["rival_share"] = str(found.get(firm["firm"], ""))
    with (TOOLS / "firms.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(firms[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(firms)


if __name__ == "__main__":
    main()
