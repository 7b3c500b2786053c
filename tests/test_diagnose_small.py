"""`diagnose` against trying everything, on small random regions without a plan.

`Layouts` knows the rules about places by their meaning alone and shares nothing with the code under test.
It says which rules each layout breaks; so a set of rules can hold together if some layout breaks none of
them.
"""

from __future__ import annotations

import itertools
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from enumeration import Small
from small_regions import small_tables

import clusterplan as cp
from clusterplan.instance import instance_of
from clusterplan.plan.certain import certain_faults

PLACES = (0, 5, 8, 9, 13, 18, 21, 22, 25, 29, 31, 37, 38)
"""Seeds of `tables_of_places` that the reader lets pass; most of these regions have no plan."""
SAME_NAME = {"capacity", "group_capacity", "admits", "only_parks", "not_parks", "separation", "requirement"}
"""Rules whose change is of a kind of the same name."""
LOCKED = (0, 1, 2, 3, 4, 5, 8, 14, 15, 48)
"""Seeds of `locked_in`, most without a plan."""


def tables_of_places(seed):
    """Return the tables of a small region in which money plays no part, mostly too tight."""
    rng = np.random.default_rng(seed)
    n_parks, n_firms = int(rng.integers(2, 4)), int(rng.integers(3, 6))
    parks = [f"p{s}" for s in range(n_parks)]
    stages = np.array(["works", *rng.choice(["works", "mill", "lab"], n_firms - 1)])

    def some(share, value):
        return [value if rng.random() < share else None for _ in range(n_firms)]

    land = rng.integers(2, 12, n_firms).astype(float)
    firms = pd.DataFrame(
        {
            "firm": [f"f{f}" for f in range(n_firms)],
            "stage": stages,
            "status": rng.choice(["committed", "committed", "candidate"], n_firms),
            "is_anchor": stages == "works",
            "is_platform": stages == "lab",
            "only_parks": some(0.2, ";".join(parks[:2])),
            "not_parks": some(0.2, parks[-1]),
            "lock": some(0.2, "in"),
            "land_ha": land,
            "workers": rng.integers(0, 100, n_firms).astype(float),
            "investment_m": rng.integers(5, 60, n_firms).astype(float),
            "margin_m_y": np.where(stages == "lab", 0.0, 1.0),
            "outside_m_y": np.where(stages == "lab", np.nan, 0.0),
        }
    )
    space = gpd.GeoDataFrame(
        {
            "park": parks,
            "status": [
                "candidate",
                *rng.choice(["open", "candidate", "excluded"], n_parks - 1, p=[0.3, 0.6, 0.1]),
            ],
            "land_ha": np.maximum(land.max(), np.round(land.sum() * rng.uniform(0.35, 0.6, n_parks))),
            "workers": [float(rng.integers(90, 200)) if rng.random() < 0.5 else None for _ in parks],
            "admits": ["works;lab" if rng.random() < 0.3 else None for _ in parks],
            "min_investment_m_ha": rng.choice([0.0, 0.0, 2.0], n_parks),
        },
        geometry=gpd.points_from_xy([10.0 + 0.1 * s for s in range(n_parks)], [50.0] * n_parks),
        crs="EPSG:4326",
    )
    tables = {"parks": space, "firms": firms}
    if rng.random() < 0.5:
        tables["groups"] = pd.DataFrame(
            {
                "group": "pool",
                "park": parks[:2],
                "resource": "land_ha",
                "capacity": float(round(land.sum() * 0.7)),
            }
        )
    if rng.random() < 0.5:
        tables["requirements"] = pd.DataFrame(
            {
                "requirement": ["some"],
                "stages": ["works"],
                "at_least": [int(rng.integers(0, 3))],
                "at_most": [2],
            }
        )
    if rng.random() < 0.5:
        tables["separations"] = pd.DataFrame({"stage": ["works"], "from_stage": ["mill"], "min_km": [0.0]})
    tables = {name: table.assign(provenance="assumed") for name, table in tables.items()}
    least = int((tables["parks"]["status"] == "open").sum())
    at_most = int(rng.integers(max(1, least), n_parks + 1))
    manifest = {
        "name": f"places_{seed}",
        "title": f"Places {seed}",
        "currency": "EUR",
        "price_year": 2025,
        "planning_crs": "EPSG:32632",
        "datum": "WGS84",
        "bounds": {"west": 9.5, "south": 49.5, "east": 11.5, "north": 50.5},
        "discount_rate": 0.0,
        "life_y": 10,
        "stages": {"works": "Works", "mill": "Mill", "lab": "Laboratory"},
        "proximity": {"links": {"shape": "linear", "reach": 40}},
        "open_parks": {"at_least": int(rng.integers(0, 2)), "at_most": at_most},
    }
    return {"manifest": manifest, **tables}


class Layouts:
    """Every layout of a small region, with the rules that it breaks."""

    def __init__(self, region):
        self.region = region
        self.firms, self.parks = region.firms.to_dict("index"), region.parks.to_dict("index")
        self.groups = [
            (group, r, set(rows["park"]), rows["capacity"].iloc[0])
            for (group, r), rows in region.groups.groupby(["group", "resource"])
        ]
        self.requirements = list(region.requirements.itertuples())
        self.separations = list(region.separations.itertuples())
        self.tried = [(at, self.breaks(at, opened)) for at, opened in self.all()]
        self.broken = [broken for _, broken in self.tried]

    def all(self):
        places = [None, *self.parks]
        for layout in itertools.product(*[places] * len(self.firms)):
            for n in range(len(self.parks) + 1):
                for opened in itertools.combinations(self.parks, n):
                    if {s for s in layout if s is not None} <= set(opened):
                        yield dict(zip(self.firms, layout, strict=True)), set(opened)

    def breaking_only(self, rule):
        return [at for at, broken in self.tried if broken == {rule}]

    def can_hold(self, rules=None):
        """Whether some layout breaks none of the rules; None: of all rules."""
        return any(not (broken if rules is None else broken & rules) for broken in self.broken)

    def breaks(self, at, opened):
        broken = set()
        for f, firm in self.firms.items():
            s = at[f]
            if s is None:
                if firm["status"] == "committed" or firm["lock"] == "in":
                    broken.add(("placed", f))
                continue
            park = self.parks[s]
            if firm["only_parks"] and s not in firm["only_parks"]:
                broken.add(("only_parks", f))
            if s in firm["not_parks"]:
                broken.add(("not_parks", f))
            if park["admits"] and firm["stage"] not in park["admits"]:
                broken.add(("admits", f"{s}/{firm['stage']}"))
            asked = park["min_investment_m_ha"] * firm["land_ha"]
            if not firm["is_platform"] and firm["investment_m"] < asked:
                broken.add(("min_investment_m_ha", f"{s}/min_investment_m_ha"))
        for s, park in self.parks.items():
            if park["status"] == "open" and s not in opened:
                broken.add(("open_park", s))
            if park["status"] == "excluded" and s in opened:
                broken.add(("excluded_park", s))
            for r in ("land_ha", "workers"):
                used = sum(self.firms[f][r] for f in at if at[f] == s)
                if not math.isnan(park[r]) and used > park[r]:
                    broken.add(("capacity", f"{s}/{r}"))
        for group, r, inside, capacity in self.groups:
            if sum(self.firms[f][r] for f in at if at[f] in inside) > capacity:
                broken.add(("group_capacity", f"{group}/{r}"))
        for row in self.requirements:
            counted = sum(s is not None and self.firms[f]["stage"] in row.stages for f, s in at.items())
            if counted < row.at_least:
                broken.add(("requirement", f"{row.Index}/at_least"))
            if counted > row.at_most:
                broken.add(("requirement", f"{row.Index}/at_most"))
        for row in self.separations:
            for f, g in itertools.permutations(at, 2):
                stages = self.firms[f]["stage"], self.firms[g]["stage"]
                if at[f] is not None and at[f] == at[g] and stages == (row.stage, row.from_stage):
                    broken.add(("separation", f"{row.stage}/{row.from_stage}"))
        if len(opened) > self.region.manifest.open_parks.at_most:
            broken.add(("open_parks", "at_most"))
        if len(opened) < self.region.manifest.open_parks.at_least:
            broken.add(("open_parks", "at_least"))
        return broken


@pytest.mark.parametrize("seed", PLACES)
def test_no_layout_keeps_the_rules_that_conflict_some_keep_all_but_any_one_and_the_menu_mends(seed):
    region = cp.Region.from_frames(**tables_of_places(seed))
    layouts = Layouts(region)
    found = cp.diagnose(region, time_limit=120)
    assert found.feasible == layouts.can_hold()
    if found.feasible:
        assert not found.certain
        return
    rules = {(row.rule, row.id) for row in found.conflict.itertuples()}
    assert found.is_minimal
    assert not layouts.can_hold(rules)
    for rule in rules:
        assert layouts.can_hold(rules - {rule}), f"{rule} is not needed"
    assert found.entries
    for number, entry in enumerate(found.entries):
        assert Layouts(found.mended(number)).can_hold(), entry
    single = [entry.changes[0] for entry in found.entries if len(entry.changes) == 1]
    alone = {next(iter(broken)) for broken in layouts.broken if len(broken) == 1}
    told = {(change.kind, change.id) for change in single}
    assert {rule for rule in alone if rule[0] in SAME_NAME} <= told  # what mends by itself is in the menu
    for change in single:
        if change.kind == "capacity":
            park, resource = change.about
            least = min(
                sum(firm[resource] for f, firm in layouts.firms.items() if at[f] == park)
                for at in layouts.breaking_only(("capacity", change.id))
            )
            assert change.amount == pytest.approx(least - layouts.parks[park][resource], rel=1e-3)


def locked_in(seed):
    """Return a small region of the whole model, with firms locked in that mostly would not come."""
    tables = small_tables(seed)
    rng = np.random.default_rng(seed)
    firms = tables["firms"]
    locks = np.where(rng.random(len(firms)) < 0.5, "in", firms["lock"])
    outside = firms["outside_m_y"].astype(float) * rng.uniform(1.0, 2.0, len(firms))
    return cp.Region.from_frames(**{**tables, "firms": firms.assign(lock=locks, outside_m_y=outside)})


@pytest.mark.long
@pytest.mark.parametrize("seed", LOCKED)
def test_it_says_that_a_plan_exists_where_trying_every_layout_finds_one_and_mends_what_has_none(seed):
    region = locked_in(seed)
    exists = Small(region).best() > -math.inf
    found = cp.diagnose(region, time_limit=120)
    assert found.feasible == exists
    if exists:
        assert not found.certain
        return
    assert found.is_minimal
    assert len(found.conflict)
    for number in range(min(2, len(found.entries))):
        assert Small(found.mended(number)).best() > -math.inf, found.entries[number]


@pytest.mark.long
@pytest.mark.parametrize("seed", (0, 2, 5, 8, 10, 13, 43, 44, 46, 47))
def test_what_is_certain_to_fail_before_solving_fails(seed):
    region = locked_in(seed)
    assert certain_faults(region, instance_of(region))
    assert Small(region).best() == -math.inf


@pytest.mark.parametrize("seed", (1, 3, 4, 7, 9, 48, 49, 50))
def test_nothing_is_certain_to_fail_where_a_plan_exists_or_only_solving_tells(seed):
    region = locked_in(seed)
    assert not certain_faults(region, instance_of(region))
