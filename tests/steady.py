"""Stable plans of small regions by trying every layout; and regions in which stability is in question.

As `enumeration`, this shares nothing with the model: what a firm would gain elsewhere is added up here with
loops, and which of several limits binds is tried out with binaries of its own.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from enumeration import MILLION, Inner, Small
from loop_regions import loop_tables
from regions_with_works import tables_with_works
from small_regions import small_tables

import clusterplan as cp

BIG = 40.0
"""More than any gain or grant of these regions."""


def steady_region(seed: int) -> cp.Region:
    """A small region whose parks are all open and roomy, so that firms have somewhere to go."""
    rng = np.random.default_rng(1000 + seed)
    tables = loop_tables(200 + seed) if seed % 2 else small_tables(200 + seed)
    n = len(tables["parks"])
    tables["parks"] = tables["parks"].assign(
        status="open", lock=None, admits=None, power_mw=None, min_investment_m_ha=0.0,
        land_ha=[float(rng.choice([24, 40])) for _ in range(n)],
        land_price_m_ha=rng.uniform(0.1, 0.9, n).round(2),
        aid_ceiling=[None, *rng.choice([None, 0.02, 0.05], n - 1)],
    )  # fmt: skip
    firms = tables["firms"]
    firms["status"] = np.where(firms["status"] == "existing", "committed", firms["status"])
    firms["park"] = None
    firms["lock"] = [
        None if firm["is_platform"] or rng.random() < 0.5 else "in" for _, firm in firms.iterrows()
    ]
    firms["variant_group"] = None
    firms["margin_m_y"] += np.where(firms["is_platform"], 0.0, 1.5)
    tables["links"] = tables["links"].assign(value_m_y=tables["links"]["value_m_y"] * 1.5)
    ids = tables["incentives"]["instrument"]
    tables["incentives"]["parks"] = [
        tables["parks"]["park"][0] if i == "jobs" and rng.random() < 0.7 else None for i in ids
    ]
    tables["products"]["max_supply_km"] = [np.nan, rng.choice([np.nan, 20.0]), np.nan]
    if rng.random() < 0.5:  # there is no gateway without a limit for parts
        tables["markets"].loc[1, ["buys_up_to_per_y", "sells_up_to_per_y"]] = 5_000.0
    tables["manifest"]["open_parks"] = {"at_least": 0, "at_most": None}
    if rng.random() < 0.4:
        tables["manifest"]["shares"] = {"a": 0.7, "b": 0.1}
    tables.pop("requirements", None)
    return cp.Region.from_frames(**tables)


def built_region(seed: int) -> cp.Region:
    """A small region with levels, works and access, in which firms have somewhere to go if it is built."""
    rng = np.random.default_rng(2000 + seed)
    tables = tables_with_works(seed)
    n = len(tables["parks"])
    tables["parks"] = tables["parks"].assign(
        status="open", lock=None, admits=None, power_mw=None, min_investment_m_ha=0.0,
        land_ha=[float(rng.choice([9, 14, 22])) for _ in range(n)],
        land_price_m_ha=rng.uniform(0.1, 0.9, n).round(2), aid_ceiling=None,
    )  # fmt: skip
    if "levels" in tables:
        tables["levels"] = tables["levels"].assign(land_ha=40.0, power_mw=None)
    firms = tables["firms"]
    firms["status"] = np.where(firms["status"] == "existing", "committed", firms["status"])
    firms[["park", "only_parks", "variant_group"]] = None
    firms["lock"] = [None if platform or rng.random() < 0.5 else "in" for platform in firms["is_platform"]]
    firms["margin_m_y"] += np.where(firms["is_platform"], 0.0, 1.5)
    tables["manifest"]["open_parks"] = {"at_least": 0, "at_most": None}
    access = {
        "instrument": "access", "budget": "state", "basis": "access", "platform_stage": "lab", "rate": 0.4,
        "legal_basis": "assumed", "provenance": "assumed",
    }  # fmt: skip
    if firms["is_platform"].any():
        tables["incentives"] = pd.concat([tables["incentives"], pd.DataFrame([access])], ignore_index=True)
    tables.pop("requirements", None)
    return cp.Region.from_frames(**tables)


def linked_region(seed: int) -> cp.Region:
    """The region of `linked_tables`."""
    return cp.Region.from_frames(**linked_tables(seed))


def linked_tables(seed: int) -> dict[str, Any]:
    """Three parks, an anchor and two more firms with links that some of them like and others do not."""
    rng = np.random.default_rng(seed)
    names = [f"f{i}" for i in range(3)]
    firms = [
        {
            "firm": name, "stage": "parts", "status": str(rng.choice(["candidate", "committed"])),
            "is_anchor": name == "f0", "land_ha": 5.0, "investment_m": 20.0, "margin_m_y": 2.0,
            "outside_m_y": 1.0, "min_load": 1.0,
        }
        for name in names
    ]  # fmt: skip
    parks = ["p0", "p1", "p2"]
    land = {"land_ha": [float(rng.choice([10, 15, 30])) for _ in parks]}
    table = {"park": parks, "status": "open", "land_price_m_ha": rng.uniform(0, 0.6, 3).round(2), **land}
    rows = [
        (f"{a}{b}{i}", a, b, float(np.round(rng.uniform(-1.0, 1.2), 2)), *((0.9, 0.0) if i else (0.0, 0.9)))
        for a, b in itertools.combinations(names, 2)
        for i in (0, 1)
        if rng.random() < 0.7
    ]
    columns = ["link", "firm_a", "firm_b", "value_m_y", "share_a", "share_b"]
    frames = {
        "parks": gpd.GeoDataFrame(
            table, geometry=gpd.points_from_xy([10, 10.1, 10.2], [50.0] * 3), crs="EPSG:4326"
        ),
        "firms": pd.DataFrame(firms),
        "products": pd.DataFrame({"product": ["part"], "unit": "t", "value": [10.0]}),
        "links": pd.DataFrame(rows, columns=columns).assign(kind="talent"),
    }
    distances = [("p0", "p1", 8.0), ("p1", "p2", float(rng.integers(8, 25))), ("p0", "p2", 28.0)]
    manifest = small_tables(0)["manifest"] | {
        "name": f"linked_{seed}", "objective": "collaboration", "routes": {}, "aid_scale": [],
        "discount_rate": 0.0,
        "stages": {"parts": "Parts"}, "open_parks": {"at_least": 0}, "budgets": {},
    }  # fmt: skip
    return {
        "manifest": manifest,
        "distances": pd.DataFrame(distances, columns=["origin", "destination", "km"]),
        **{name: frame.assign(provenance="assumed") for name, frame in frames.items() if len(frame)},
    }


def linked_works_region(seed: int) -> cp.Region:
    """A region as of `linked_region` in which a laboratory, a level and two works are decided too."""
    rng = np.random.default_rng(3000 + seed)
    tables = linked_tables(seed)
    parks, firms = tables["parks"], tables["firms"]
    parks["land_ha"] = [float(rng.choice([6, 10, 30])) for _ in range(len(parks))]
    lab = firms.iloc[[0]].assign(
        firm="lab", stage="lab", status=str(rng.choice(["candidate", "committed"])), is_anchor=False,
        is_platform=True, only_parks=f"p{rng.integers(3)}", land_ha=1.0,
         margin_m_y=0.0, outside_m_y=None, public_cost_m_y=0.05,
    )  # fmt: skip
    tables["firms"] = pd.concat([firms, lab], ignore_index=True)
    costs = {"provenance": "assumed"}
    tables["levels"] = pd.DataFrame(
        [
            {
                "park": "p0",
                "level": "large",
                "land_ha": 40.0,
                "open_cost_m_y": float(rng.uniform(0, 0.3)),
                **costs,
            }
        ]
    )
    kinds = [
        {"park": "p1", "adds": "land_ha:12"},
        {"park": "p2", "fixed_cost_change_m_y": -float(rng.uniform(0.2, 0.9))},
        {"from": "p0", "to": "p1", "km": float(rng.integers(1, 6))},
        {"from": "p1", "to": "p2", "km": float(rng.integers(1, 6))},
    ]
    kept = [kinds[int(i)] for i in rng.permutation(4)[:2]]
    tables["works"] = pd.DataFrame(
        [
            {"work": f"w{i}", "cost_m_y": float(rng.uniform(0, 0.2)), **kind, **costs}
            for i, kind in enumerate(kept)
        ]
    )
    access = {
        "instrument": "access",
        "budget": "state",
        "basis": "access",
        "platform_stage": "lab",
        "rate": 0.6,
    }
    tables["incentives"] = pd.DataFrame([access | {"legal_basis": "assumed", "is_retention": True, **costs}])
    loop = {"loop": "loop", "stage": "parts", "needs": "lab", "reach": 5.0, "value_m_y": 0.7, "share": 1.0}
    tables["loops"] = pd.DataFrame([loop | costs])
    tables["manifest"]["stages"] = {"parts": "Parts", "lab": "Laboratory"}
    tables["manifest"]["budgets"] = {
        "state": {"tier": "state", "basis": "total_pv", "amount_m": 50.0, "cost_of_funds": 0.5}
    }
    tables["manifest"]["proximity"] = {"links": {"shape": "linear", "reach": 12.0}}
    return cp.Region.from_frames(**tables)


class Steady(Small):
    """A small region of which stable plans are looked for."""

    def __init__(self, region: cp.Region, relocation: float = 0.0) -> None:
        super().__init__(region)
        self.relocation = relocation

    def further(self, inner: Inner, at: dict[str, str], q: dict[str, int]) -> None:
        """Add that no firm would gain by moving alone."""
        for f, t in itertools.product(at, self.parks):
            firm = self.firms[f]
            decides = not firm["is_platform"] and firm["status"] != "existing"
            if decides and t != at[f] and self.may(f, t) and self.has_room(f, t, at):
                self.stays(inner, at, f, t)

    def has_room(self, f: str, t: str, at: dict[str, str]) -> bool:
        others = {g: s for g, s in at.items() if g != f}
        for r in self.region.resources:
            used = sum(self.firms[g][r] for g, s in others.items() if s == t) + self.firms[f][r]
            if not np.isnan(self.parks[t][r]) and used > self.parks[t][r] + 1e-9 and self.firms[f][r] > 0:
                return False
        for group, r, inside, capacity in self.groups:
            there = capacity + self.added.get(group, 0.0)
            used = sum(self.firms[g][r] for g, s in others.items() if s in inside) + self.firms[f][r]
            if t in inside and used > there + 1e-9 and self.firms[f][r] > 0:
                return False
        for row in self.separations:
            for g, s in others.items():
                if s == t and {self.firms[f]["stage"], self.firms[g]["stage"]} == {row.stage, row.from_stage}:
                    return False
        return True

    def stays(self, inner: Inner, at: dict[str, str], f: str, t: str) -> None:
        """Add that a firm gains no more than a move costs, unless it would lose partners."""
        s = at[f]
        there = at | {f: t}
        constant = self.cost(f, s) - self.cost(f, t)
        for places, sign in ((there, 1.0), (at, -1.0)):
            for a, b, worth, to_a, to_b in self.realised(places):
                constant += sign * worth * (to_a * (a == f) + to_b * (b == f))
            constant += sign * sum(kept for g, _, kept in self.closed(places) if g == f)
        gained: dict[int, float] = {}
        lost: dict[int, float] = {}
        for key, column in self.column_of.items():
            if key[0] == "h" or f not in key[1:3] or (key[0] != "u" and key[1] != f):
                continue
            then = self.unit(key, f, there)
            if then is None:
                sells = key[0] == "e" or (key[0] == "u" and key[1] == f)
                full = (self.output(f) if sells else self.need(f))[key[3] if key[0] == "u" else key[2]]
                then, lost[column] = 0.0, 1.0 / full
            gained[column] = then - self.unit(key, f, at)
        self.kept(inner, at, f, t, gained)
        if lost:
            gone = inner.variable(0, 1, whole=1)
            inner.row(lost | {gone: -0.01}, 0.0, math.inf)
            gained[gone] = -BIG
        inner.row(gained, -math.inf, self.relocation - constant)

    def unit(self, key: tuple[str, ...], f: str, at: dict[str, str]) -> float | None:
        """Return what a unit of a flow brings a firm with these places; None: nobody takes or gives it."""
        p = key[3] if key[0] == "u" else key[2]
        product = self.products[p]
        sells = key[0] == "e" or (key[0] == "u" and key[1] == f)
        per_tkm = product["freight_per_tkm"]
        rate = (
            product["tonnes_per_unit"]
            * MILLION
            * (self.manifest.freight.per_tkm if np.isnan(per_tkm) else per_tkm)
        )
        if key[0] == "u":
            km = self.km.get((at[key[1]], at[key[2]]))
            if km is not None and not km > product["max_supply_km"]:
                near = self.near(at[key[1]], at[key[2]], "supply")
                share = self.manifest.shares.a if sells else self.manifest.shares.b
                worth = share * product["collaboration_share"] * product["value"] * MILLION * near
                return worth - (rate * km if sells else 0.0)
            return self.spot(p, at[f], rate, sells)
        return self.through(key[3], p, at[f], rate, sells)

    def through(self, gateway: str, p: str, s: str, rate: float, sells: bool) -> float:
        market = next(m for m in self.markets if m["gateway"] == gateway and m["product"] == p)
        km = self.km[s, gateway] + self.extra_km[gateway]
        value = self.products[p]["value"]
        return MILLION * (market["buys_at"] - value if sells else value - market["sells_at"]) - rate * km

    def spot(self, p: str, s: str, rate: float, sells: bool) -> float | None:
        price, limit = ("buys_at", "buys_up_to_per_y") if sells else ("sells_at", "sells_up_to_per_y")
        open_to_all = [
            m["gateway"] for m in self.markets if m["product"] == p and m[price] > 0 and np.isnan(m[limit])
        ]
        return max((self.through(g, p, s, rate, sells) for g in open_to_all), default=None)

    def kept(self, inner: Inner, at: dict[str, str], f: str, t: str, gained: dict[int, float]) -> None:
        """Add to what is gained the worth of what is left of each grant, less what it is worth now.

        All aid of these regions is worth one a unit, so that a ceiling cuts the sum.
        """
        aid: dict[int, float] = {}
        for instrument, row in self.instruments.items():
            h = self.column_of.get(("h", f, instrument))
            if h is None:
                continue
            gained[h] = gained.get(h, 0.0) - row["worth"] * self.crf
            cap = self.most(f, t, row, self.present(row))
            if row["basis"] == "access" and not self.served(row["platform_stage"], t, at):
                cap = 0.0
            left, cut = inner.variable(0.0, BIG), inner.variable(0, 1, whole=1)
            inner.row({left: 1.0, h: -1.0, cut: BIG}, 0.0, math.inf)
            inner.row({left: 1.0, cut: -cap}, 0.0, math.inf)
            if row["counts_as_aid"]:
                assert row["worth"] == 1.0
                aid[left] = -1.0
            else:
                gained[left] = row["worth"] * self.crf
        ceiling = self.ceiling(f, t)
        if not aid:
            return
        if ceiling == math.inf:
            gained.update(dict.fromkeys(aid, self.crf))
            return
        total, cut = inner.variable(0.0, BIG), inner.variable(0, 1, whole=1)
        inner.row({total: 1.0, cut: BIG} | aid, 0.0, math.inf)
        inner.row({total: 1.0, cut: -ceiling}, 0.0, math.inf)
        gained[total] = self.crf
