"""ESMC comes to Dresden. Who follows, where, what binds, and what would a packaging plant need?

Prints the firms that the plan wins, park by park, and the water of the city's north. Then it solves again:
with other water, with more land in the north, without GRW grants, without the federal call for chips, with
the training centre where the cabinet put it, and with the larger packaging plant. Draws the map.
Run: python examples/dresden.py [FOLDER]
"""

import sys
from pathlib import Path

import pandas as pd

import clusterplan as cp

REGION = cp.load_region("dresden")
TABLES = REGION.given()
NORTH = ["airportpark", "wilschdorf", "klotzsche"]


def changed(**tables: pd.DataFrame) -> cp.Plan:
    """Return the plan of the region with some tables changed."""
    return cp.solve(cp.Region.from_frames(**{**TABLES, **tables}), time_limit=20)


def with_water(m3_d: float) -> pd.DataFrame:
    """Return the groups with another water supply of the north."""
    groups = TABLES["groups"]
    return groups.assign(capacity=groups["capacity"].mask(groups["group"] == "north_water", m3_d))


def with_firm(firm: str, park: str | None = None) -> pd.DataFrame:
    """Return the requirements with one more: this firm comes, in this park."""
    row = {"firms": firm, "parks": park, "at_least": 1, "provenance": "assumed", "source": "assumed"}
    more = pd.DataFrame(row, index=pd.Index(["more"], name="requirement"))
    return pd.concat([TABLES["requirements"], more])


def won(plan: cp.Plan) -> pd.DataFrame:
    """Return the candidates in the plan, ESMC and the platforms apart."""
    firms = plan.firms[(plan.firms["status"] == "candidate") & ~plan.firms["is_platform"]]
    return firms[firms["park"].notna()].drop(index="esmc")


def aid(plan: cp.Plan, firm: str) -> str:
    """Say what the firm gets, as present value and as a share of its investment."""
    amount = plan.grants.loc[plan.grants["firm"] == firm, "amount_pv_m"].sum()
    share = amount / plan.region.firms["investment_m"][firm]
    return f"{amount:,.0f} m EUR ({share:.0%} of its investment)"


def main(folder: Path) -> None:
    plan = cp.solve(REGION, time_limit=30)
    print(f"{plan.status}: {len(won(plan))} firms follow ESMC, which needs {aid(plan, 'esmc')}")
    for park, firms in won(plan).groupby("park")["stage"]:
        print(f"  {park:<12} {', '.join(sorted(set(firms)))}")
    print(f"  the training centre stands in {plan.firms.at['sam', 'park']}")
    water = plan.parks.loc[NORTH, "used_water_m3_d"].sum()
    print(f"water of the north: {water:,.0f} m3 a day; 42,000 were used in 2022, 120,000 are planned for")

    parks = TABLES["parks"]
    more_land = parks.assign(land_ha=parks["land_ha"].where(~parks.index.isin(NORTH), parks["land_ha"] + 15))
    incentives = TABLES["incentives"]
    for title, tables in (
        ("80,000 m3 of water", {"groups": with_water(80_000)}),
        ("120,000 m3 of water", {"groups": with_water(120_000)}),
        ("15 ha more in each park of the north", {"parks": more_land}),
        ("no GRW grants", {"incentives": incentives[incentives["budget"] != "grw"]}),
        ("no federal call for chips", {"incentives": incentives.drop("chips_call")}),
        ("training centre in Radeberg", {"requirements": with_firm("sam", "radeberg")}),
        ("the larger packaging plant", {"requirements": with_firm("osat_a_240")}),
    ):
        try:
            other = changed(**tables)
        except cp.NoPlanError:
            print(f"{title}: no plan exists")
            continue
        gone = sorted(set(won(plan)["stage"]) - set(won(other)["stage"]))
        lost = f"; no more {', '.join(gone)}" if gone else ""
        print(f"{title}: {other.value - plan.value:+.1f} m EUR a year, {len(won(other))} firms{lost}")
    half, whole = plan.firms.at["osat_a_120", "park"], other.firms.at["osat_a_240", "park"]
    print(f"packaging, 120 thousand wafers, in {half}: {aid(plan, 'osat_a_120')}")
    print(f"packaging, 240 thousand wafers, in {whole}: {aid(other, 'osat_a_240')}")
    folder.mkdir(parents=True, exist_ok=True)
    plan.map().figure.savefig(folder / "dresden.png", dpi=130)
    print(f"map: {folder / 'dresden.png'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("out"))
