"""Debrecen has two cell makers and a car plant. Who follows, into which zone, and how much aid does it take?

Prints where newcomers go; what aid that takes when rival places pay more; what documented projects got, and
the EU ceiling for projects of their size; what CATL's next phases would take, public works among it. Draws
the map of the plan.
Run: python examples/debrecen.py [FOLDER]
"""

import sys
from pathlib import Path
from textwrap import fill

import clusterplan as cp

RIVALS_PAY = 0.12
"""Of the investment, in the bundled outside options of firms that are not at home here."""
CASES = {
    "Halms": (43, 3.7),
    "Semcorp": (183, 36.6),
    "EVE": (1000, 37.7),
    "BMW": (1000, 38.5),
    "Sunwoda, notified": (1430, 264),
    "CATL, asked for": (7340, 800),
}
"""Investment and aid, m EUR, as announced; sources stand in data/regions/debrecen/SOURCES.md."""


def ceiling(region: cp.Region, invested: float, notified: bool) -> float:
    """Return the most regional aid for a large firm, m EUR; above 110 m EUR only what is notified counts."""
    slices = region.manifest.aid_scale if notified else region.manifest.aid_scale[:2]
    counted = start = 0.0
    for part in slices:
        end = invested if part.up_to_m is None else min(invested, part.up_to_m)
        counted += part.share * max(0.0, end - start)
        start = max(start, end)
    return (region.manifest.aid_ceiling.large or 0.0) * counted


def when_rivals_pay(region: cp.Region, share: float) -> cp.Region:
    """Return the region with other places paying every candidate more of its investment."""
    tables, firms = region.given(), region.firms
    extra = (share - RIVALS_PAY) * region.manifest.capital_recovery * firms["investment_m"]
    changed = tables["firms"].assign(outside_m_y=firms["outside_m_y"] + extra)
    return cp.Region.from_frames(**{**tables, "firms": changed})


def newcomers(plan: cp.Plan) -> list[str]:
    """Return the candidates that come, platforms apart."""
    firms, status = plan.firms, plan.region.firms["status"]
    return list(firms.index[firms["park"].notna() & (status == "candidate") & ~firms["is_platform"]])


def used(plan: cp.Plan) -> str:
    """Return what the southern zone uses of its power, water and workers."""
    row = plan.parks.loc["south"]
    units = {"power_mw": "MW", "water_m3_d": "m3 a day", "workers": "workers"}
    return ", ".join(
        f"{row[f'used_{key}']:.0f} of {row[f'capacity_{key}']:.0f} {unit}" for key, unit in units.items()
    )


def main(folder: Path) -> None:
    region = cp.load_region("debrecen")
    plan = cp.solve(region, time_limit=60)
    print(f"{plan.status}, {plan.value:.1f} m EUR a year")
    for park, name in region.parks["name"].items():
        here = [firm for firm in newcomers(plan) if plan.firms.at[firm, "park"] == park]
        if here:
            line = f"{name}: {', '.join(region.firms['name'][here])}"
            print(fill(line, 105, subsequent_indent="    "))
    print("rivals pay   come   aid, m EUR   of their investment   most for one")
    for share in (RIVALS_PAY, 0.2, 0.3, 0.4):
        asked = cp.solve(when_rivals_pay(region, share), time_limit=30)
        firms, grants = newcomers(asked), asked.grants.groupby("firm")["amount_pv_m"].sum()
        part = grants.sum() / region.firms.loc[firms, "investment_m"].sum()
        print(f"{share:>10.0%} {len(firms):>6} {grants.sum():>12.1f} {part:>21.1%} {grants.max():>16.1f}")
    print("announced            investment    aid   EU ceiling: unnotified   notified")
    for firm, (invested, aid) in CASES.items():
        unnotified, notified = (ceiling(region, invested, may) for may in (False, True))
        print(f"{firm:<20} {invested:>10} {aid:>6.1f} {unnotified:>24.2f} {notified:>10.2f}")
    print(f"in the south: {used(plan)}")
    for phase in ("catl_next_30", "catl_next_60"):
        problem = cp.build(region)
        problem += problem.model.place(phase, "south") == 1
        try:
            other = cp.solve(region, problem=problem, time_limit=30)
        except cp.NoPlanError:
            print(f"{phase}: no plan has room for it")
            continue
        aid = other.grants.groupby("firm")["amount_pv_m"].sum().get(phase, 0.0)
        print(f"{phase}: {used(other)}; aid {aid:.1f}, value {other.value - plan.value:+.1f} a year")
        built = other.works[other.works["built"]]
        named, cost = ", ".join(built["name"]) or "nothing", built["public_cost_m_y"].sum()
        print(f"    to be built: {named}; {cost:.1f} a year")
    folder.mkdir(parents=True, exist_ok=True)
    plan.map().figure.savefig(folder / "debrecen.png", dpi=130)
    print(f"map: {folder / 'debrecen.png'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("out"))
