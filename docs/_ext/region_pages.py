"""Pages of the bundled regions, made from their data: maps, tables, sources and shares of what is assumed.

Each directive takes the name of a region: `region-map`, `region-parks`, `region-firms`, `region-pools`,
`region-incentives`, `region-roads`, `region-provenance`, `region-market`, `region-loops`, `region-routes`;
`region-overview` takes none and lists all regions.
Plans shown are the stored ones of tests/data/plans, which tests verify.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from made import Made, directive, literal
from made import table as markdown_table
from sphinx.application import Sphinx

mpl.use("Agg")

import clusterplan as cp
from benchmarks.regions import NAMES, stored_plan
from clusterplan.distance.region import DETOUR, RegionDistances, region_distances
from clusterplan.report.market import NAMES as MEASURES
from clusterplan.report.numbers import share_of, significant

ROOT = Path(__file__).resolve().parents[2]
MADE = "_made"
"""Folder for pictures, beside the pages; not committed."""
ENDS = ("today", "anchor_alone", "market", "plan", "change")
SHOWN = 5
"""Missing pieces of innovation loops that are shown."""
KINDS = ("source", "derived", "assumed")
BASES = {
    "investment": "{:.3g} % of the investment",
    "land": "{:.3g} % of the price of land",
    "tax": "{:.3g} % of the tax",
    "energy": "{:.3g} % of the energy cost",
    "wages": "{:.3g} % of the wage bill",
    "rent": "{:.3g} % of the rent of the plant",
    "interest": "{:.3g} % a year of what is outstanding of a loan",
}


@cache
def region_of(name: str) -> cp.Region:
    """Return a bundled region."""
    return cp.load_region(name)


@cache
def plan_of(name: str) -> cp.Plan:
    """Return the stored plan of a bundled region."""
    return stored_plan(name)


@cache
def distances_of(name: str) -> RegionDistances:
    """Return the distances of a bundled region."""
    return region_distances(region_of(name))


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a Markdown table of values; columns whose head starts with `>` stand to the right."""
    return markdown_table(heads, rows, _cell)


def _cell(value: Any) -> str:
    if value is None or (not isinstance(value, str | tuple | list) and pd.isna(value)):
        return ""
    if isinstance(value, tuple | list):
        value = ", ".join(map(str, value))
    if isinstance(value, float | np.floating):
        return significant(float(value), 3)
    return literal(str(value))


def parks(name: str) -> str:
    """Return the parks of a region, with the land the stored plan uses."""
    region, plan = region_of(name), plan_of(name)
    stages = region.manifest.stages
    rows = []
    for park, row in region.parks.iterrows():
        inside = plan.firms["park"] == park
        rows.append(
            (
                row["name"] or park,
                row["status"],
                row["land_ha"],
                row["power_mw"],
                row["workers"],
                row["open_cost_m"] or None,
                [stages.get(stage, stage) for stage in row["admits"]] or "all",
                int(inside.sum()),
                plan.parks.at[park, "used_land_ha"] + 0.0,
            )
        )
    heads = (
        "Park",
        "Status",
        ">Land, ha",
        ">Power, MW",
        ">Workers",
        f">To open, m {region.manifest.currency}",
    )
    return table((*heads, "Admits", ">Firms in the plan", ">Land used, ha"), rows)


def firms(name: str) -> str:
    """Return the firms of a region, with their place in the stored plan."""
    region, plan = region_of(name), plan_of(name)
    park_names = {park: text or park for park, text in region.parks["name"].items()}
    units = region.products["unit"]
    rows = []
    for firm, row in region.firms.iterrows():
        made = (
            None
            if pd.isna(row["product"])
            else f"{significant(row['output_per_y'], 3)} {units[row['product']]}"
        )
        marks = [word for word, on in (("anchor", row["is_anchor"]), ("platform", row["is_platform"])) if on]
        at = plan.firms.at[firm, "park"]
        rows.append(
            (
                row["name"] or firm,
                region.manifest.stages.get(row["stage"], row["stage"]),
                ", ".join([row["status"], *marks]),
                made,
                row["investment_m"],
                row["workers"],
                row["outside_m_y"],
                "not in the plan" if pd.isna(at) else park_names[at],
            )
        )
    money = region.manifest.currency
    heads = ("Firm", "Stage", "Status", ">Output a year", f">Investment, m {money}", ">Workers")
    return table((*heads, f">Outside option, m {money} a year", "In the stored plan"), rows)


def pools(name: str) -> str:
    """Return the labour pools of a region, the parks they reach, and what the stored plan needs of each."""
    region, plan, ways = region_of(name), plan_of(name), distances_of(name).pool_km
    told = plan.indicators["value"]
    rows = []
    for place, (pool, row) in enumerate(region.pools.iterrows()):
        reached = region.parks.index[ways[:, place] <= row["reach_km"]]
        least = share_of(told[f"used_share.pool.{pool}"])
        rows.append((row["name"] or pool, row["workers"], row["reach_km"], list(reached), least))
    heads = ("Pool", ">Workers", ">Reach, km", "Parks within reach", ">Needed at least")
    used = plan.parks["used_workers"].sum()
    have = region.pools["workers"].sum()
    return (
        f"{table(heads, rows)}\n\nThe stored plan takes {used:,.0f} of {have:,.0f} workers, "
        f"{share_of(told['used_share.pools'])} (`used_share.pools`)."
    )


def incentives(name: str) -> str:
    """Return the instruments of a region with their legal basis and validity."""
    region = region_of(name)
    numbers = region.provenance_of()
    kinds = numbers[(numbers["file"] == "incentives.csv") & (numbers["column"] == "rate")]
    kind_of = dict(zip(kinds["id"], kinds["kind"], strict=True))
    rows = []
    for instrument, row in region.incentives.iterrows():
        budget = region.manifest.budgets[row["budget"]]
        years = [None if pd.isna(row[key]) else int(row[key]) for key in ("valid_from", "valid_until")]
        valid = "" if years == [None, None] else f"{years[0] or ''} to {years[1] or ''}".strip()
        most = row["max_m"]
        rows.append(
            (
                row["name"] or instrument,
                f"{budget.tier}: {row['budget']}",
                _rate(row, region.manifest.currency, region),
                most,
                row["legal_basis"],
                valid,
                kind_of.get(instrument, ""),
            )
        )
    heads = ("Instrument", "Budget", "Up to", f">Most for one firm, m {region.manifest.currency}")
    return table((*heads, "Legal basis", "Valid", "Rate is"), rows)


def _rate(row: pd.Series, currency: str, region: cp.Region) -> str:
    if row["basis"] in BASES:
        return BASES[row["basis"]].format(100 * row["rate"])
    if row["basis"] in ("fixed", "access"):
        return f"{significant(row['rate'])} m {currency}{' a year' if row['basis'] == 'access' else ''}"
    if row["basis"] == "loan":
        lent = f"a loan of {100 * row['loan_share']:.3g} % of the investment"
        return f"{100 * row['rate']:.3g} % forgiven of {lent}"
    each = {"jobs": "job", "order": "unit ordered"}.get(row["basis"], "unit of output")
    return f"{significant(row['rate'])} {currency} a {each}"


def market(name: str) -> str:
    """Return what a region would be without a plan, beside the stored plan, and who came in which order."""
    region, found = region_of(name), cp.baseline(region_of(name))
    told = found.coordination(plan_of(name))
    rows = [
        (MEASURES[measure], *(_measured(row[end], row["unit"]) for end in ENDS), row["unit"])
        for measure, row in told.iterrows()
    ]
    heads = ("", *(f">{end.replace('_', ' ').capitalize()}" for end in ENDS), "Unit")
    names = {firm: text or firm for firm, text in region.firms["name"].items()}
    steps = [
        (
            row["round"],
            names[row["firm"]],
            row["what"],
            region.parks["name"][row["park"]] or row["park"],
            [names[firm] for firm in row["brought_by"]],
        )
        for row in found.arrivals.to_dict("records")
    ]
    came = table((">Round", "Firm", "", "Park", "Brought by"), steps) if steps else "Nobody comes."
    return f"{table(heads, rows)}\n\n{came}"


def _measured(number: float, unit: str) -> str:
    return "none" if pd.isna(number) else share_of(number, 1) if unit == "share" else significant(number)


def loops(name: str) -> str:
    """Return the innovation loops of the stored plan, and what would close most of those that are open."""
    region, found = region_of(name), cp.loops(plan_of(name))
    stages, money = region.manifest.stages, region.manifest.currency
    names = {firm: text or firm for firm, text in region.firms["name"].items()}
    parks = {park: text or park for park, text in region.parks["name"].items()}
    rows = [
        (
            region.loops.at[row["loop"], "name"] or row["loop"],
            names[row["firm"]],
            "closed" if row["closed"] else "open",
            row["worth_m_y"],
            [stages[stage] or stage for stage in row["missing"].split(";") if stage],
        )
        for row in found.producers.to_dict("records")
    ]
    told = table(("Loop", "Producer", "", f">Worth once closed, m {money} a year", "Lacks"), rows)
    pieces = [
        (
            stages[row["stage"]] or row["stage"],
            "a new platform" if pd.isna(row["firm"]) else names[row["firm"]],
            parks[row["park"]],
            row["closes"],
            row["worth_m_y"],
            None if pd.isna(row["public_cost_m_y"]) else row["public_cost_m_y"],
        )
        for row in found.pieces.head(SHOWN).to_dict("records")
    ]
    heads = (
        "Missing",
        "Which",
        "Park",
        ">Closes",
        f">Worth, m {money} a year",
        f">Public cost, m {money} a year",
    )
    return f"{told}\n\n{table(heads, pieces)}"


def routes(name: str) -> str:
    """Return what of the stored plan hangs on each technology route."""
    region, found = region_of(name), cp.routes(plan_of(name))
    money = region.manifest.currency
    rows = [
        (
            region.manifest.routes.get(str(route), "none") or route,
            ("itself" if part == "direct" else "upstream") if route else "",
            row["firms"],
            row["investment_m"],
            row["jobs"],
            row["output_m_y"],
            row["grants_m_y"],
            row["local_inputs_m_y"],
        )
        for (route, part), row in found.exposure.iterrows()
    ]
    heads = ("Route", "", ">Firms", f">Investment, m {money}", ">Jobs", f">Output, m {money} a year")
    told = table((*heads, f">Grants, m {money} a year", f">Local inputs, m {money} a year"), rows)
    index = ", ".join(
        f"{label} {found.concentration[measure]:.2f}"
        for measure, label in (("output_m_y", "output"), ("jobs", "jobs"), ("investment_m", "investment"))
    )
    return f"{told}\n\nConcentration (1: all on one route): {index}."


def noted(name: str, file: str) -> list[dict[str, str]]:
    """Return one of the tables that say how a region's roads were looked at; empty where there is none."""
    path = ROOT / "tools" / "regions" / name / file
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) if path.exists() else []


def km(name: str, origin: str, destination: str) -> tuple[float, float]:
    """Return kilometres by road and straight between a park and a park or gateway, `extra_km` left out."""
    known = distances_of(name)
    of = known.parks if destination in known.parks.destinations else known.gateways
    i, j = of.origins.index(origin), of.destinations.index(destination)
    extra = region_of(name).gateways["extra_km"].get(destination, 0.0)
    return float(of.km[i, j] - extra), float(of.straight_km[i, j])


def roads(name: str) -> str:
    """Return known lengths beside those of the network, links added to it, and detours with their reason."""
    parts = []
    rows = [
        (*ends, float(row["km"]), km(name, *ends)[0], row["source"])
        for row in noted(name, "known_km.csv")
        for ends in [(row["origin"], row["destination"])]
    ]
    parts.append(table(("From", "To", ">Known, km", ">Network, km", "Known from"), rows))
    links = [
        (row["from_node"], row["to_node"], float(row["km"]), row["source"])
        for row in noted(name, "road_links.csv")
    ]
    if links:
        parts.append("Links added to the network:")
        parts.append(table(("From node", "To node", ">km", "Why"), links))
    rows = [
        (row["origin"], row["destination"], *km(name, row["origin"], row["destination"]), row["reason"])
        for row in region_of(name).detours.to_dict("records")
    ]
    if rows:
        parts.append(f"Ways longer than {DETOUR} times the straight line:")
        parts.append(table(("From", "To", ">Road, km", ">Straight, km", "Why"), rows))
    else:
        parts.append(f"No way is longer than {DETOUR} times the straight line.")
    return "\n\n".join(parts)


def provenance(name: str) -> str:
    """Return by file how many numbers are source, derived or assumed, and the region's page of sources."""
    region = region_of(name)
    numbers = region.provenance_of()
    counts = pd.crosstab(numbers["file"], numbers["kind"]).reindex(columns=list(KINDS), fill_value=0)
    counted = [file for file in counts.index if not file.startswith(("roads", "distances"))]
    rows = [_shares(file, counts.loc[file]) for file in counts.index]
    rows.append(_shares("all but roads", counts.loc[counted].sum()))
    shares = table(("File", ">Numbers", *(f">{kind}" for kind in KINDS)), rows)
    head = "Sources, as the region's own page lists them"
    return f"{shares}\n\n<details><summary>{head}</summary>\n\n{_page(region.sources)}\n\n</details>\n"


def _shares(label: str, counts: pd.Series) -> tuple[str, ...]:
    total = int(counts.sum())
    return (label, f"{total:,}", *(share_of(counts[kind] / total) for kind in KINDS))


def _page(text: str) -> str:
    """Return a page as it can stand inside another: without its title, headings as bold lines."""
    body = re.sub(r"\A# .*\n", "", text)
    return re.sub(r"^#+ (.*)$", r"**\1**", body, flags=re.MULTILINE)


def overview() -> str:
    """Return all bundled regions, one a row."""
    rows = []
    for name in NAMES:
        region, plan = region_of(name), plan_of(name)
        numbers = region.provenance_of()
        own = numbers[~numbers["file"].str.startswith(("roads", "distances"))]
        shares = own["kind"].value_counts(normalize=True)
        folder = ROOT / "data" / "regions" / name
        rows.append(
            (
                f"[{region.manifest.title}]({name}.md) (`{name}`)",
                len(region.parks),
                f"{len(region.firms)} ({(region.firms['status'] == 'candidate').sum()})",
                len(region.incentives),
                *(share_of(shares.get(kind, 0.0)) for kind in KINDS),
                f"{sum(path.stat().st_size for path in folder.iterdir()) / 1024:,.0f}",
                plan.status,
                None if plan.gap is None else share_of(plan.gap, 1),
            )
        )
    heads = (
        "Region",
        ">Parks",
        ">Firms (candidates)",
        ">Instruments",
        *(f">{kind}" for kind in KINDS),
    )
    text = table((*heads, ">Size, KiB", "Stored plan", ">Gap"), rows)
    return re.sub(r"\\([\[\]`_])", r"\1", text)  # the links to the pages, and ids


class _Map(Made):
    """Puts the map of the stored plan in its place."""

    def text(self) -> str:
        """Draw the map and return the picture."""
        name = self.arguments[0]
        plan = plan_of(name)
        folder = Path(self.env.srcdir) / MADE
        folder.mkdir(exist_ok=True)
        figure = plan.map().figure
        figure.savefig(folder / f"{name}.png", dpi=110)
        mpl.pyplot.close(figure)
        title = plan.region.manifest.title
        placed = int(plan.firms["park"].notna().sum())
        alt = (
            f"Map of the stored plan: {placed} firms in {int(plan.parks['open'].sum())} open parks of {title}"
        )
        caption = f"The stored plan ({plan.status}). Roads (c) OpenStreetMap contributors."
        return f"```{{figure}} /{MADE}/{name}.png\n:alt: {alt}\n\n{caption}\n```"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("region-map", _Map)
    for make in (parks, firms, pools, incentives, roads, provenance, market, loops, routes):
        app.add_directive(f"region-{make.__name__}", directive(make))
    app.add_directive("region-overview", directive(overview, 0))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
