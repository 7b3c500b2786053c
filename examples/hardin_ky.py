"""Kentucky paid a battery maker by contract for 5000 jobs. What did the public money buy?

Says which suppliers of the plan need the state's money, which the federal production credit (45X) alone
and which neither; who comes without the contract, without state money, without 45X, or when the anchor
builds only the first of its two plants; and what the contract forgives by the jobs that come. Draws the
map of the plan. Run: python examples/hardin_ky.py [FOLDER]
"""

import sys
from pathlib import Path

import pandas as pd

import clusterplan as cp

# From the contract and from what happened; sources in data/regions/hardin_ky/SOURCES.md.
TARGETS = {2026: 2500, 2031: 5000}
ENOUGH = 0.9
OUTCOMES = {
    "as signed": 5000,
    "nine tenths": 4500,
    "first plant": 2500,
    "planned anew": 2100,
    "laid off 2025": 1600,
}


def solve(region: cp.Region, **changed: pd.DataFrame) -> cp.Plan:
    """Return a plan of the region with some tables changed."""
    return cp.solve(cp.Region.from_frames(**{**region.given(), **changed}), time_limit=20)


def contract_with(region: cp.Region, firm: str | None) -> pd.DataFrame:
    """Return the requirements with another firm under contract, or none."""
    table = region.given()["requirements"]
    if firm is None:
        return table.drop("contract")
    return table.assign(firms=table["firms"].mask(table.index == "contract", firm))


def paid_by(region: cp.Region, federal: bool) -> pd.DataFrame:
    """Return the instruments with nothing to give but by the federal tier, or but by the others."""
    table = region.given()["incentives"]
    return table.assign(rate=table["rate"].where((table["budget"] == "federal") == federal, 0.0))


def credit_m_y(region: cp.Region) -> pd.Series:
    """Return what 45X is worth a year to each firm at full output."""
    firms, manifest = region.firms, region.manifest
    worth = pd.Series(0.0, index=firms.index)
    for row in region.incentives[region.incentives["budget"] == "federal"].itertuples():
        years = range(int(row.start_y), int(row.start_y + row.years))
        pv = sum((1 + manifest.discount_rate) ** -year for year in years)
        most = firms["output_per_y"].fillna(0.0) * row.rate / 1e6 * pv * manifest.capital_recovery
        worth += most.where(firms["stage"].isin(row.stages), 0.0)
    return worth


def without_credit(region: cp.Region) -> pd.DataFrame:
    """Return the firms as they would be without 45X: no other state would have it either."""
    table = region.given()["firms"]
    in_a_state = table["source"].str.contains("another state")
    return table.assign(outside_m_y=table["outside_m_y"] - credit_m_y(region).where(in_a_state, 0.0))


def first_plant(region: cp.Region) -> pd.DataFrame:
    """Return the firms with the anchor's first plant built, come what may."""
    table = region.given()["firms"]
    built = table.index == "blueoval_one"
    return table.assign(
        status=table["status"].mask(built, "committed"), outside_m_y=table["outside_m_y"].mask(built)
    )


def needs(plan: cp.Plan) -> pd.Series:
    """Return what each newly won supplier needs in order to come."""
    firms, grants = plan.firms, plan.grants
    needed = grants["amount_m_y"] - grants["rent_m_y"]
    federal = grants["instrument"].str.startswith("credit_")
    state_money = needed[~federal].groupby(grants["firm"]).sum()
    credit = needed[federal].groupby(grants["firm"]).sum()
    won = firms["park"].notna() & (firms["status"] == "candidate")
    suppliers = firms.index[won & ~firms["is_platform"] & ~firms["is_anchor"]]
    abroad = plan.region.firms["source"].str.contains("abroad")

    def need(firm: str) -> str:
        if state_money.get(firm, 0.0) > 1e-3:
            return "state money"
        if credit.get(firm, 0.0) > 1e-3:
            return "45X alone, else it stays abroad" if abroad[firm] else "45X, but any state has it"
        return "nothing"

    return pd.Series({firm: need(firm) for firm in suppliers})


def jobs(plan: cp.Plan) -> float:
    """Return the jobs of the firms in the plan."""
    return float(plan.region.firms.loc[plan.firms["park"].notna(), "workers"].sum())


def main(folder: Path) -> None:
    region = cp.load_region("hardin_ky")
    plan = cp.solve(region, time_limit=20)
    loan = region.incentives.loc["loan_blueoval"]
    of_anchor = plan.grants[plan.grants["firm"] == "blueoval_two"].set_index("instrument")
    package = of_anchor["amount_pv_m"].drop("credit_cell").sum()
    print(f"{plan.status}, {plan.value:.1f} m USD a year, gap {plan.gap:.1%}, {jobs(plan):.0f} jobs")
    print(f"the anchor needs {package:.0f} m USD of state money (loan, training, site)")
    found = needs(plan)
    for need, firms in found.groupby(found):
        print(f"in this layout needs {need}: {', '.join(sorted(firms.index))}")

    free = contract_with(region, None)
    worlds = {
        "no contract": solve(region, requirements=free),
        "no state money": solve(region, requirements=free, incentives=paid_by(region, federal=True)),
        "no 45X": solve(
            region, requirements=free, incentives=paid_by(region, federal=False), firms=without_credit(region)
        ),
        "first plant only": solve(
            region, requirements=contract_with(region, "blueoval_one"), firms=first_plant(region)
        ),
    }
    here = set(plan.firms.index[plan.firms["park"].notna()])
    for title, other in worlds.items():
        there = set(other.firms.index[other.firms["park"].notna()])
        more = jobs(other) - jobs(plan)
        print(f"{title} ({other.status}): {more:+.0f} jobs; gone {', '.join(sorted(here - there))}")

    heads = "".join(f"target {year:<8}" for year in TARGETS)
    print(f"{'jobs that come':<22}{heads}owed if in proportion")
    for title, come in OUTCOMES.items():
        met = {year: come >= ENOUGH * target for year, target in TARGETS.items()}
        words = "".join(f"{'met' if met[year] else 'missed':<15}" for year in TARGETS)
        owed = 0.0 if all(met.values()) else (1 - come / loan["min_workers"]) * loan["max_m"]
        print(f"{title:<15} {come:>5} {words}{owed:.0f} of {loan['max_m']:.0f} m USD")
    folder.mkdir(parents=True, exist_ok=True)
    plan.map().figure.savefig(folder / "hardin_ky.png", dpi=130)
    print(f"map: {folder / 'hardin_ky.png'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("out"))
