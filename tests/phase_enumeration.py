"""Small regions in two phases, and the value of the best plans by trying every pair of layouts.

Written from the meaning of phases alone: regions of the phases are made here anew, and what ties them is one
linear program a pair. Pairs are tried in the order of what they could be worth at most.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
from enumeration import Inner, Small
from small_regions import small_tables

from clusterplan.region import Region

PLENTY = 1e6


def phase_tables(seed: int) -> dict[str, Any]:
    """Return the tables of a small region with two phases."""
    tables, rng = small_tables(seed), np.random.default_rng(5_000 + seed)
    firms, parks, manifest = tables["firms"], tables["parks"], tables["manifest"]
    second = int(rng.choice([2028, 2031, 2040]))
    free = (firms["status"] != "existing").to_numpy()
    late = free & (rng.random(len(firms)) < 0.4)
    firms["from_year"] = np.where(late, second - int(rng.integers(0, 2)), np.nan)
    homes = set(firms["park"].dropna())
    shut = ((parks["status"] != "open") & ~parks["park"].isin(homes)).to_numpy()
    parks["from_year"] = np.where(shut & (rng.random(len(parks)) < 0.4), second, np.nan)
    ends = (rng.random(len(tables["incentives"])) < 0.3) & tables["incentives"]["valid_from"].isna()
    tables["incentives"]["valid_until"] = np.where(ends, 2026.0, np.nan)
    manifest["phases"] = [
        {"id": "now", "from_year": 2025},
        {"id": "later", "from_year": second, "years": int(rng.integers(3, 12))},
    ]
    if rng.random() < 0.5:
        for phase in manifest["phases"]:
            phase["budgets"] = {"city": float(np.round(rng.uniform(0, 4), 1))}
    changes = []
    if rng.random() < 0.5:
        changes.append(f"park.{parks['park'].iloc[0]}.land_ha += {rng.integers(2, 20)}")
    if rng.random() < 0.5:
        changes.append("market.*.buys_at *= 1.02")
    manifest["phases"][1]["changes"] = changes
    return tables


def phase_region(seed: int) -> Region:
    """Return the region of `phase_tables`."""
    return Region.from_frames(**phase_tables(seed))


def _there(region: Region, place: int) -> Region:
    """Return the region of a phase, made here anew, with plenty of money."""
    manifest, year = region.manifest, region.manifest.phases[place].from_year
    given = region.given()
    firms, parks, incentives = (given[name].copy() for name in ("firms", "parks", "incentives"))
    for table in (firms, parks):
        gone = (table["from_year"] > year).to_numpy()
        table["status"] = np.where(gone, "excluded", table["status"])
        if "lock" in table:
            table["lock"] = table["lock"].astype(object).where(~gone, None)
        table["from_year"] = np.where(gone, table["from_year"], np.nan)
    left = set(parks.index[parks["status"] != "excluded"])
    if "lock" in parks:
        left -= set(parks.index[parks["lock"] == "out"])
    for firm, row in region.firms.iterrows():
        places = set(row["only_parks"] or region.parks.index) - set(row["not_parks"])
        if row["status"] != "existing" and not places & left:
            firms.loc[firm, "status"] = "excluded"
            if "lock" in firms:
                firms.loc[firm, "lock"] = None
    opened = [
        any(_is_open(row, phase.from_year) for phase in manifest.phases[: place + 1])
        for row in incentives.to_dict("records")
    ]
    incentives = incentives[opened].assign(valid_from=np.nan, valid_until=np.nan)
    plain = manifest.model_dump(exclude_unset=True)
    del plain["phases"]
    plain["plan_year"] = year
    for budget in plain["budgets"].values():
        if budget.get("basis") == "per_year":
            budget["by_year_m"] = [PLENTY]
        else:
            budget["amount_m"] = PLENTY
    requirements = given.get("requirements")
    if place == 0:
        plain["open_parks"]["at_least"] = 0
        requirements = None if requirements is None else requirements.assign(at_least=np.nan)
    for line in manifest.phases[place].changes:
        what, does, by = line.split()
        table, one, column = what.split(".")
        if table == "park":
            parks.loc[one, column] += float(by)
        else:
            assert does == "*="
            given["markets"][column] = given["markets"][column] * float(by)
    return region.replace(
        manifest=plain,
        firms=firms,
        parks=parks,
        incentives=incentives if len(incentives) else None,
        requirements=requirements,
        markets=given["markets"],
        provenance=None,
    )


def _is_open(row: dict, year: int) -> bool:
    return not (row["valid_from"] > year or row["valid_until"] < year)


class Part(Small):
    """A phase: layouts with what they are worth, and what is chosen inside of each."""

    def further(self, inner: Inner, at: dict[str, str], q: dict[str, int]) -> None:
        self.kept = inner, dict(self.column_of)

    def layouts(self) -> list[tuple[float, float, dict[str, str]]]:
        """Return value, what places alone are worth, and places of each layout that holds."""
        choices = []
        for f, firm in self.firms.items():
            places: list[str | None] = [s for s in self.parks if self.may(f, s)]
            if firm["status"] not in ("existing", "committed") and firm["lock"] != "in":
                places.append(None)
            choices.append(places)
        found = []
        for layout in itertools.product(*choices):
            at = {f: s for f, s in zip(self.firms, layout, strict=True) if s is not None}
            fixed = self.layout_value(at)
            if fixed > -math.inf and (value := self.inner_value(at)) > -math.inf:
                found.append((fixed + value, fixed, at))
        return found


def best_of_phases(region: Region) -> float:
    """Return the present value of the best plans of two phases, −inf if there are none."""
    phases, rate = region.manifest.phases, region.manifest.discount_rate
    start = phases[0].from_year
    gap = phases[1].from_year - start
    weight = [
        sum((1 + rate) ** -t for t in range(gap)),
        sum((1 + rate) ** -t for t in range(gap, gap + phases[1].years)),
    ]
    parts = [Part(_there(region, place)) for place in (0, 1)]
    layouts = [part.layouts() for part in parts]
    pairs = [
        (weight[0] * a[0] + weight[1] * b[0], a, b)
        for a, b in itertools.product(*layouts)
        if all(b[2].get(f) == s for f, s in a[2].items())
    ]
    best = -math.inf
    for most, a, b in sorted(pairs, key=lambda pair: -pair[0]):
        if most <= best:
            break
        inner = weight[0] * a[1] + weight[1] * b[1]
        best = max(best, inner + _together(region, parts, weight, gap, (a[2], b[2])))
    return best


def _together(
    region: Region, parts: list[Part], weight: list[float], gap: int, layouts: tuple[dict, dict]
) -> float:
    both, columns = Inner(), []
    for part, w, at in zip(parts, weight, layouts, strict=True):
        part.inner_value(at)
        inner, column_of = part.kept
        first = len(both.gain)
        both.gain += [w * gain for gain in inner.gain]
        both.low += inner.low
        both.high += inner.high
        both.whole += inner.whole
        both.rows += [({first + j: n for j, n in row.items()}, low, high) for row, low, high in inner.rows]
        columns.append({key[1:]: first + j for key, j in column_of.items() if key[0] == "h"})
    terms = region.incentives.to_dict("index")
    years = [phase.from_year for phase in region.manifest.phases]
    now, later = columns
    for key in now.keys() | later.keys():
        f, instrument = key
        entries = {}
        if key in later:
            entries[later[key]] = 1.0
        if key in now:
            entries[now[key]] = -1.0
        held = key in later and (
            not _is_open(terms[instrument], years[1])
            or (f in layouts[0] and not terms[instrument]["is_retention"])
        )
        both.row(entries, 0.0, 0.0 if held else math.inf)
    _money(region, both, parts, columns, layouts, gap)
    return both.best()


def _money(
    region: Region, both: Inner, parts: list[Part], columns: list[dict], layouts: tuple[dict, dict], gap: int
) -> None:
    manifest = region.manifest
    life, crf = round(manifest.life_y), parts[0].crf
    terms = region.incentives.to_dict("index")
    for name, budget in manifest.budgets.items():
        paid: list[dict[int, dict[int, float]]] = []  # by phase: year since its start, column, amount
        fixed: list[dict[int, float]] = []
        for p, part in enumerate(parts):
            of_phase: dict[int, dict[int, float]] = {}
            for (f, instrument), h in columns[p].items():
                row = terms[instrument]
                if row["budget"] != name:
                    continue
                pv = part.present(row)
                for t, amount in part.flows(row).items():
                    entries = of_phase.setdefault(t, {})
                    entries[h] = entries.get(h, 0.0) + row["public_cost"] * amount / pv
                    before = columns[0].get((f, instrument)) if p else None
                    if before is not None:
                        entries[before] = entries.get(before, 0.0) - row["public_cost"] * amount / pv
            new = [f for f in layouts[p] if part.firms[f]["is_platform"] and not (p and f in layouts[0])]
            cost = sum(part.firms[f]["public_cost_m_y"] for f in new if part.firms[f]["budget"] == name)
            paid.append(of_phase)
            fixed.append(dict.fromkeys(range(1, life + 1), cost))
        if budget.basis == "per_year":
            for year in range(60):
                entries, taken = {}, 0.0
                for p, offset in enumerate((0, gap)):
                    for h, amount in paid[p].get(year - offset, {}).items():
                        entries[h] = entries.get(h, 0.0) + amount
                    taken += fixed[p].get(year - offset, 0.0)
                limit = budget.by_year_m[min(year, len(budget.by_year_m) - 1)]
                both.row(entries, -math.inf, limit - taken + 1e-9)
            continue
        own = manifest.discount_rate if budget.discount_rate is None else budget.discount_rate
        worth: list[dict[int, float]] = []
        taken_by = []
        for p in (0, 1):
            entries = {}
            for t, row in paid[p].items():
                for h, amount in row.items():
                    entries[h] = entries.get(h, 0.0) + amount * (1 + own) ** -t
            worth.append(entries)
            yearly = fixed[p].get(1, 0.0)
            annuity = (
                1 / crf if budget.discount_rate is None else sum((1 + own) ** -t for t in range(1, life + 1))
            )
            taken_by.append(yearly * annuity)
        phases = manifest.phases
        if any(name in phase.budgets for phase in phases):
            for p in (0, 1):
                both.row(worth[p], -math.inf, phases[p].budgets[name] - taken_by[p] + 1e-9)
            continue
        total: dict[int, float] = {}
        for p, offset in enumerate((0, gap)):
            for h, amount in worth[p].items():
                total[h] = total.get(h, 0.0) + amount * (1 + own) ** -offset
        taken = sum(amount * (1 + own) ** -offset for amount, offset in zip(taken_by, (0, gap), strict=True))
        both.row(total, -math.inf, (budget.amount_m or 0.0) - taken + 1e-9)
