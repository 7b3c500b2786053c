"""Changzhou has two battery cores, Liyang and Jintan. Does one draw the suppliers that could serve both?

Plans the region four times: both districts pay their grants and land discounts, only one of them does, or
neither. Prints where each candidate supplier goes, then how much of its inputs each cell maker gets from
within reach. Two lines of one maker in the same park are interchangeable to the plan, so they are counted
together, as are CATL and its joint venture. Draws the map of the first plan.
Run: python examples/changzhou.py [FOLDER]
"""

import sys
from pathlib import Path

import clusterplan as cp

CORES = {
    "Liyang": {"liyang_hz", "nandu", "bieqiao"},
    "Jintan": {"jintan_edz", "hualuogeng", "jintan_nm", "zhiqian"},
}
MAKERS = {
    "CATL (Liyang)": {"catl_lfp", "catl_nmc", "saic_catl", "saic_catl_2"},
    "CALB (Jintan)": {"calb_lfp", "calb_nmc"},
    "SVOLT (Jintan)": {"svolt", "svolt_4"},
}
WHO_PAYS = {"both pay": set(), "Liyang": {"jintan"}, "Jintan": {"liyang"}, "neither": {"liyang", "jintan"}}


def without(region: cp.Region, budgets: set[str]) -> cp.Region:
    """Return the region with nothing to be had from some budgets."""
    tables = region.given()
    money = tables["incentives"]
    gone = money["budget"].isin(budgets)
    stopped = money.assign(rate=money["rate"].mask(gone, 0), min_m=money["min_m"].mask(gone, 0))
    return cp.Region.from_frames(**{**tables, "incentives": stopped})


def place(plan: cp.Plan, firm: str) -> str:
    """Return the core a firm is in, `city` for the rest of the city, or `-` if it is not in the plan."""
    park = plan.firms["park"][firm]
    if park is None:
        return "-"
    return next((core for core, parks in CORES.items() if park in parks), "city")


def local_share(plan: cp.Plan, lines: set[str]) -> float:
    """Return the share by value of what some cell lines use that comes from firms within reach."""
    bought = plan.supply[plan.supply["to"].isin(lines)]
    return float(bought.loc[bought["local"], "value_m_y"].sum() / bought["value_m_y"].sum())


def main(folder: Path) -> None:
    region = cp.load_region("changzhou")
    plans = {who: cp.solve(without(region, gone), time_limit=25) for who, gone in WHO_PAYS.items()}
    print(f"{'who pays':<34}" + "".join(f"{who:>10}" for who in plans))
    print(f"{'status':<34}" + "".join(f"{plan.status:>10}" for plan in plans.values()))
    print(f"{'value, m CNY a year':<34}" + "".join(f"{plan.value:>10.1f}" for plan in plans.values()))
    given = [plan.grants["amount_pv_m"].sum() for plan in plans.values()]
    print(f"{'grants in all, m CNY once':<34}" + "".join(f"{amount:>10.0f}" for amount in given))
    firms = region.firms.query("status == 'candidate' and not is_platform")
    never = []
    for firm in firms.index:
        places = [place(plan, str(firm)) for plan in plans.values()]
        if set(places) == {"-"}:
            never.append(str(firm))
        else:
            print(f"{firms['name'][firm].split(' (')[0]:<34}" + "".join(f"{core:>10}" for core in places))
    print("in no plan: " + ", ".join(never))
    print("share of inputs from within reach")
    for maker, lines in MAKERS.items():
        shares = [local_share(plan, lines) for plan in plans.values()]
        print(f"{maker:<34}" + "".join(f"{share:>10.0%}" for share in shares))
    folder.mkdir(parents=True, exist_ok=True)
    plans["both pay"].map().figure.savefig(folder / "changzhou.png", dpi=130)
    print(f"map: {folder / 'changzhou.png'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("out"))
