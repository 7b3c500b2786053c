"""Ningde: cells in the core, a chemical zone at Fuding 125 km up the coast. What goes where, at what cost?

Prints, stage by stage, how many firms the best plan has in the core, at Fuding and in the other counties
(those that are there or will come + candidates), and what crosses between the core and Fuding. Then it plans
again as if the distance were not there: with a second chemical zone in the core, with the zone beside the
core, and with all of Fuding beside it. Draws the map of the first plan.
Run: python examples/ningde.py [FOLDER]
"""

import sys
from pathlib import Path

import pandas as pd

import clusterplan as cp

PLACES = {
    "core": ["qidu", "zhangwan", "cheliwan", "dongqiao"],
    "fuding": ["qianqi", "longan"],
    "counties": ["wanwu", "xiapu", "dajia", "pingnan"],
}
PLACE_OF = {park: place for place, parks in PLACES.items() for park in parks}
CHEMISTRY = ("lithium", "precursor", "salt", "electrolyte", "recycling")


def varied(
    region: cp.Region, points: dict[str, tuple[float, float]], admits: dict[str, tuple[str, ...]]
) -> cp.Region:
    """Return the region with some parks moved to other points and some admitting more stages."""
    tables = region.given()
    parks = tables["parks"].copy()
    for park, (lon, lat) in points.items():
        centre = parks.geometry[park].centroid
        parks.loc[[park], "geometry"] = parks.geometry[[park]].translate(lon - centre.x, lat - centre.y)
    parks["admits"] = [(*stages, *admits.get(park, ())) for park, stages in parks["admits"].items()]
    return cp.Region.from_frames(**{**tables, "parks": parks})


def layout(plan: cp.Plan) -> pd.DataFrame:
    """Return the number of firms placed by stage and place, candidates apart; platforms are left out."""
    firms = plan.firms[plan.firms["park"].notna() & ~plan.firms["is_platform"]]
    new = firms["status"].eq("candidate")
    counts = pd.crosstab(firms["stage"], [firms["park"].map(PLACE_OF), new])
    cells = {
        place: [
            f"{counts.get((place, False), {}).get(stage, 0)}+{counts.get((place, True), {}).get(stage, 0)}"
            for stage in counts.index
        ]
        for place in PLACES
    }
    stages = [stage for stage in plan.region.manifest.stages if stage in counts.index]
    return pd.DataFrame(cells, index=counts.index).loc[stages].replace("0+0", "")


def crossing(plan: cp.Plan) -> tuple[float, float]:
    """Return the tonnes that go between the core and Fuding a year, and what their freight costs."""
    supply = plan.supply
    ends = supply["from_park"].map(PLACE_OF) + supply["to_park"].map(PLACE_OF)
    across = supply[ends.isin(["corefuding", "fudingcore"])]
    weight = across["product"].map(plan.region.products["tonnes_per_unit"])
    return float((across["quantity_per_y"] * weight).sum()), float(across["freight_m_y"].sum())


def changes(plan: cp.Plan, other: cp.Plan) -> str:
    """Return who comes, moves or stays away in the other plan."""
    before, after = plan.firms["park"].fillna(""), other.firms["park"].fillna("")
    words = [
        f"{firm} stays away"
        if not after[firm]
        else f"{firm} {'moves' if before[firm] else 'comes'} to {after[firm]}"
        for firm in plan.firms.index[before != after]
    ]
    return ", ".join(words) or "nobody comes or moves"


def main(folder: Path) -> None:
    region = cp.load_region("ningde")
    plan = cp.solve(region, time_limit=60)
    print(f"{plan.status}: {plan.value:.1f} m CNY a year")
    print("\n".join(line.rstrip() for line in layout(plan).to_string(index_names=False).splitlines()))
    tonnes, freight = crossing(plan)
    print(f"between core and Fuding: {tonnes / 1e3:.0f} kt a year, freight {freight:.1f} m CNY")
    cases = {
        "a second chemical zone at Zhangwan": varied(region, {}, {"zhangwan": CHEMISTRY}),
        "the chemical zone beside the core": varied(region, {"longan": (119.66, 26.715)}, {}),
        "all of Fuding beside the core": varied(
            region, {"longan": (119.66, 26.715), "qianqi": (119.60, 26.75)}, {}
        ),
    }
    for title, other in cases.items():
        case = cp.solve(other, time_limit=60)
        more = case.terms["value"] - plan.terms["value"]
        print(
            f"{title}: {case.value - plan.value:+.1f} m CNY a year ({case.status}); of it\n"
            f"  collaboration {more['links'] + more['supply_collaboration']:+.1f}, prices at gateways"
            f" {more['gateway_prices']:+.1f}, freight {more['freight']:+.1f}\n"
            f"  {changes(plan, case)}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    plan.map().figure.savefig(folder / "ningde.png", dpi=130)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("out"))
