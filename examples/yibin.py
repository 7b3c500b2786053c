"""Yibin gives each of its parks a part of the battery chain. Which part would the plan give them?

Prints, park by park, the stages the city assigned in 2022 ("1+N"), those of the firms a plan puts there
under the parks' lists of admitted stages, and those of a plan with the lists left open: any stage anywhere,
hazardous ones away from homes all the same. Then it asks what the city's part would cost where the open
plan gives it elsewhere. Draws the map of the open plan. Run: python examples/yibin.py [FOLDER]
"""

import sys
from pathlib import Path

import clusterplan as cp

# The city's own split, as reported in July 2022; the source stands in data/regions/yibin/SOURCES.md.
CITY = {
    "sanjiang": {"cell"},
    "cuiping": {"cell", "separator", "structure"},
    "luolong": {"cu_foil", "al_foil"},
    "jiangan": {"precursor", "electrolyte", "lithium"},
    "gong": {"plating"},
    "pingshan": {"anode"},
    "gaoxian": {"recycling"},
    "changning": {"storage_cell"},
    "xuzhou": {"auxiliary"},
}


def stages_of(plan: cp.Plan, park: str) -> set[str]:
    """Return the stages of the firms in a park, platforms apart."""
    firms = plan.firms
    return set(firms.loc[(firms["park"] == park) & ~firms["is_platform"], "stage"])


def marked(stages: set[str], assigned: set[str]) -> str:
    """Return the stages that the city assigned, and how many others there are."""
    others = len(stages - assigned)
    words = [*sorted(stages & assigned), *([f"{others} other"] if others else [])]
    return ", ".join(words) or "nothing"


def forced(region: cp.Region, park: str) -> cp.Plan:
    """Return a plan in which the park gets a firm of the part that the city gave it."""
    problem = cp.build(region)
    firms = region.firms[region.firms["stage"].isin(CITY[park]) & (region.firms["status"] != "existing")]
    problem += sum(problem.model.place(firm, park) for firm in firms.index) >= 1
    return cp.solve(region, problem=problem, time_limit=15)


def main(folder: Path) -> None:
    region = cp.load_region("yibin")
    tables = region.given()
    anywhere = cp.Region.from_frames(**{**tables, "parks": tables["parks"].assign(admits=None)})
    listed, free = cp.solve(region, time_limit=30), cp.solve(anywhere, time_limit=110)
    for title, plan in (("lists as they are", listed), ("lists left open", free)):
        print(f"{title}: {plan.status}, {plan.value:.1f} m CNY a year, gap {plan.gap:.1%}")
    print(f"{'park':<10} {'the city':<32} {'lists as they are':<40} lists left open")
    for park, assigned in CITY.items():
        plans = [marked(stages_of(plan, park), assigned) for plan in (listed, free)]
        print(f"{park:<10} {', '.join(sorted(assigned)):<32} {plans[0]:<40} {plans[1]}")
    for park, assigned in CITY.items():
        if not stages_of(free, park) & assigned:
            plan = forced(anywhere, park)
            least, most = max(0.0, free.value - plan.bound), free.value - plan.value
            part = " or ".join(sorted(assigned))
            print(f"{part} in {park} would cost {least:.1f} to {most:.1f} m CNY a year more")
    folder.mkdir(parents=True, exist_ok=True)
    free.map().figure.savefig(folder / "yibin.png", dpi=130)
    print(f"map: {folder / 'yibin.png'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("out"))
