"""Jingmen plans one big battery park parcel by parcel. What does keeping dangerous stages apart cost?

Solves twice: with the rules of separation (from homes, from cells, from each other) and without them. Prints
the stages each parcel gets in both plans, how near the dangerous ones come to cells and homes, and what the
rules cost a year, in which terms. Draws both maps. Run: python examples/jingmen.py [FOLDER]
"""

import sys
from pathlib import Path

import clusterplan as cp
from clusterplan.distance import region_distances

DANGEROUS = ("electrolyte", "salt", "recycling", "lithium", "precursor")


def stages_of(plan: cp.Plan, parcel: str) -> str:
    """Return the stages of the firms on a parcel, each once, or a dash."""
    firms = plan.firms[plan.firms["park"] == parcel]
    return ", ".join(sorted(set(firms["stage"]))) or "-"


def nearest(plan: cp.Plan, stage: str) -> str:
    """Return km from the edge of the stage's parcels to the nearest cells and to the nearest homes."""
    distances = region_distances(plan.region)
    parcels = {name: i for i, name in enumerate(distances.parks.origins)}
    placed = plan.firms[plan.firms["park"].notna()]
    own, cells = (
        [parcels[park] for park in placed.loc[placed["stage"] == one, "park"]] for one in (stage, "cell")
    )
    if not own:
        return "not there"
    return f"{distances.edge_km[own][:, cells].min():.1f} and {distances.homes_km[own].min():.1f} km"


def main(folder: Path) -> None:
    region = cp.load_region("jingmen")
    tables = region.given()
    tables.pop("separations")
    plans = {
        "with the rules": cp.solve(region, time_limit=58),
        "without": cp.solve(cp.Region.from_frames(**tables), time_limit=58),
    }
    apart, close = plans.values()
    for title, plan in plans.items():
        firms = plan.firms["park"].notna().sum()
        print(f"{title}: {plan.status}, {plan.value:.1f} m CNY a year, {firms} firms")
    print(f"{'parcel':<15} {'stages with the rules':<50} without")
    for parcel in region.parks.index:
        print(f"{parcel:<15} {stages_of(apart, parcel):<50} {stages_of(close, parcel)}")
    print(f"{'nearest cells and homes':<30} {'with the rules':<35} without")
    for stage in DANGEROUS:
        print(f"  {stage:<28} {nearest(apart, stage):<35} {nearest(close, stage)}")
    cost = close.terms["value"] - apart.terms["value"]
    parts = ", ".join(f"{term} {value:.1f}" for term, value in cost.items() if abs(value) >= 0.5)
    print(f"The rules cost {cost.sum():.1f} m CNY a year: {parts}")
    folder.mkdir(parents=True, exist_ok=True)
    for plan, name in ((apart, "jingmen"), (close, "jingmen_without_rules")):
        plan.map().figure.savefig(folder / f"{name}.png", dpi=130)
    print(f"map: {folder / 'jingmen.png'}, {folder / 'jingmen_without_rules.png'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("out"))
