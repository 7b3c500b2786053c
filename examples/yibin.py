"""Yibin gives each of its parks a part of the battery chain. Which part would the plan give them?

Prints, park by park, the stages the city assigned (2022, "1+N") beside the stages of the firms the plan puts
there, and draws the map. Run: python examples/yibin.py [FOLDER]
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


def main(folder: Path) -> None:
    region = cp.load_region("yibin")
    plan = cp.solve(region, time_limit=60)
    firms = plan.firms
    placed = firms[firms["park"].notna() & ~firms["is_platform"]]
    print(f"{plan.status}, value {plan.value:,.1f} m CNY a year, gap {plan.gap:.2%}")
    print(f"{'park':<10} {'the city':<32} the plan")
    for park, assigned in CITY.items():
        here = set(placed.loc[placed["park"] == park, "stage"])
        marks = ", ".join(f"{stage}*" if stage in assigned else stage for stage in sorted(here)) or "nothing"
        print(f"{park:<10} {', '.join(sorted(assigned)):<32} {marks}")
    print("* as the city assigned it")
    folder.mkdir(parents=True, exist_ok=True)
    plan.map().figure.savefig(folder / "yibin.png", dpi=130)
    print(f"map: {folder / 'yibin.png'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("out"))
