"""The value of the best plan of a small region, by trying every layout.

Written from the meaning of the numbers alone, with loops and scipy: it shares nothing with the model
under test, and takes from the library only the tables of a region.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
from pyproj import Geod
from scipy.optimize import Bounds, LinearConstraint, milp

from clusterplan.region import Region, preset_weights

MILLION = 1e-6
GEOD = Geod(ellps="WGS84")


@dataclass
class Inner:
    """The continuous part of one layout: maximise, a row at a time."""

    gain: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def variable(self, low: float, high: float, whole: int = 0) -> int:
        self.gain.append(0.0)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.gain) - 1

    def row(self, entries: dict[int, float], low: float, high: float) -> None:
        self.rows.append((entries, low, high))

    def best(self) -> float:
        if not self.gain:
            return 0.0 if all(low <= 1e-9 and high >= -1e-9 for _, low, high in self.rows) else -math.inf
        if self.low == self.high:  # nothing is left to choose
            sums = [(sum(n * self.low[j] for j, n in row.items()), low, high) for row, low, high in self.rows]
            holds = all(low - 1e-9 <= total <= high + 1e-9 for total, low, high in sums)
            return sum(g * x for g, x in zip(self.gain, self.low, strict=True)) if holds else -math.inf
        rows = list({(tuple(entries.items()), low, high): None for entries, low, high in self.rows})
        matrix = np.zeros((len(rows), len(self.gain)))  # rows that say the same stand once
        for i, (entries, _, _) in enumerate(rows):
            for j, amount in entries:
                matrix[i, j] += amount
        limits = [LinearConstraint(matrix, [r[1] for r in rows], [r[2] for r in rows])]
        found = milp(
            -np.array(self.gain),
            constraints=limits if self.rows else (),
            bounds=Bounds(self.low, self.high),
            integrality=self.whole,
            options={"mip_rel_gap": 1e-10},
        )
        assert found.status in (0, 2), found.message
        return -found.fun if found.status == 0 else -math.inf


class Small:
    """A small region with distances given as a matrix, ready to be enumerated."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.manifest = region.manifest
        self.weight = preset_weights(self.manifest.objective, self.manifest.weights)
        self.firms = region.firms.to_dict("index")
        self.parks = region.parks.to_dict("index")
        self.levels = region.levels.to_dict("records")
        self.works = region.works.reset_index().to_dict("records")
        self.products = region.products.to_dict("index")
        self.markets = region.markets.to_dict("records")
        self.ways = region.ways.to_dict("records")
        self.recipes = region.recipes.to_dict("records")
        self.loops = region.loops.to_dict("records")
        self.links = list(region.links.itertuples())
        self.requirements = list(region.requirements.itertuples())
        self.separations = list(region.separations.itertuples())
        self.groups = [
            (group, resource, set(rows["park"]), rows["capacity"].iloc[0])
            for (group, resource), rows in region.groups.groupby(["group", "resource"])
        ]
        self.instruments = region.incentives.to_dict("index")
        self.paid: dict[str, tuple[dict[int, float], float]] = {}
        self.makes: dict[tuple[str, bool], dict[str, float]] = {}
        self.takes: dict[tuple[str, bool], dict[str, float]] = {}
        self.extra_km = region.gateways["extra_km"].to_dict()
        self.column_of: dict[tuple[str, ...], int] = {}
        rate, life = self.manifest.discount_rate, self.manifest.life_y
        self.crf = rate / (1 - (1 + rate) ** -life) if rate else 1 / life
        self.km = {(a, a): 0.0 for a in self.parks}
        for row in region.distances.itertuples():
            self.km[row.origin, row.destination] = row.km
            self.km.setdefault((row.destination, row.origin), row.km)
        self.before = self.km
        self.pools = region.pools.to_dict("index")
        self.pools_of = self.reached()
        self.pairs = [self.linked(row) for row in self.links]
        self.land = {s: park["land_ha"] for s, park in self.parks.items()}
        self.largest = {
            s: max(
                [park["land_ha"], *(n["land_ha"] for n in self.levels if n["park"] == s and n["land_ha"] > 0)]
            )
            + sum(dict(w["adds"]).get("land_ha", 0.0) for w in self.works if w["park"] == s)
            for s, park in self.parks.items()
        }
        self.build([], [])

    def build(self, levels: list[dict], works: list[dict]) -> None:
        """Take levels and works as built: what parks have, what they cost firms, how far things are."""
        self.parks = {s: dict(park) for s, park in self.region.parks.to_dict("index").items()}
        for level in levels:
            for r in self.region.resources:
                if not np.isnan(level[r]):
                    self.parks[level["park"]][r] = level[r]
        self.added: dict[str, float] = {}
        self.change = {(f, s): 0.0 for f in self.firms for s in self.parks}
        self.km = dict(self.before)
        for work in works:
            for name, amount in work["adds"]:
                if name in self.region.resources:
                    self.parks[work["park"]][name] += amount
                else:
                    self.added[name] = self.added.get(name, 0.0) + amount
            for f, firm in self.firms.items() if work["park"] is not None else ():
                self.change[f, work["park"]] += (
                    work["fixed_cost_change_m_y"]
                    + work["power_price_change_per_mwh"] * firm["energy_mwh_y"] * MILLION
                    + work["water_price_change_per_m3"]
                    * self.manifest.water_days_y
                    * firm["water_m3_d"]
                    * MILLION
                )
            ways = [way for way in self.ways if way["work"] == work["work"]]
            for way in [work] * (work["to"] is not None) + ways:
                a, b, km = way["from"], way["to"], way["km"]
                for ends in ((a, b), (b, a)):
                    self.km[ends] = min(self.km.get(ends, math.inf), km)
        self.public = 0.0
        self.spent = {name: {} for name in self.manifest.budgets}
        self.spent[None] = {}
        for rows, once, yearly, term in (
            (levels, "open_cost_m", "open_cost_m_y", "parks"),
            (works, "cost_m", "cost_m_y", "works"),
        ):
            for row in rows:
                cost = row[once] * self.crf + row[yearly]
                self.public -= self.weight[term] * cost * self.funds(row["budget"])
                self.pay(row["budget"], row[once], row[yearly])

    def funds(self, budget: str | None) -> float:
        return 1.0 if budget is None else self.manifest.budgets[budget].cost_of_funds

    def pay(self, budget: str | None, once: float, yearly: float) -> None:
        spent = self.spent[budget]
        worth = 1 / self.crf
        if budget is not None and self.manifest.budgets[budget].discount_rate is not None:
            own = self.manifest.budgets[budget].discount_rate
            worth = sum((1 + own) ** -t for t in range(1, round(self.manifest.life_y) + 1))
        spent["pv"] = spent.get("pv", 0.0) + once + yearly * worth
        spent[0] = spent.get(0, 0.0) + once
        for t in range(1, round(self.manifest.life_y) + 1):
            spent[t] = spent.get(t, 0.0) + yearly

    def choices(self) -> list[tuple[list[dict], list[dict]]]:
        """Return every choice of levels, at most one a park, and works."""
        sizes = [[None, *(n for n in self.levels if n["park"] == s)] for s in self.parks]
        built = [[None, work] for work in self.works]
        return [
            ([n for n in level if n is not None], [w for w in works if w is not None])
            for level in itertools.product(*sizes)
            for works in itertools.product(*built)
        ]

    def near(self, a: str, b: str, kind: str) -> float:
        chosen = self.manifest.proximity.kinds.get(kind, self.manifest.proximity.links)
        if kind == "supply" and self.manifest.proximity.supply is not None:
            chosen = self.manifest.proximity.supply
        km = self.km.get((a, b))
        if km is None or km > chosen.reach:
            return 0.0
        return 0.5 ** (km / chosen.half_distance) if chosen.shape == "exponential" else 1 - km / chosen.reach

    def cost(self, f: str, s: str) -> float:
        firm, park = self.firms[f], self.parks[s]
        return (
            firm["land_ha"] * park["land_price_m_ha"] * self.crf
            + firm["energy_mwh_y"] * park["power_price_per_mwh"] * MILLION
            + firm["water_m3_d"] * self.manifest.water_days_y * park["water_price_per_m3"] * MILLION
            + firm["workers"] * park["wage_per_y"] * MILLION
            + park["fixed_cost_m_y"]
            + self.change[f, s]
            + firm["land_ha"] * park["plant_rent_m_ha_y"]
        )

    def cheapest(self, f: str) -> float:
        """Return what the best park costs a firm that may be there, without works."""
        return min(self.cost(f, t) - self.change[f, t] for t in self.parks if self.may(f, t))

    def may(self, f: str, s: str) -> bool:
        firm, park = self.firms[f], self.parks[s]
        if firm["status"] == "existing":
            return firm["park"] == s
        return (
            firm["status"] != "excluded"
            and firm["lock"] != "out"
            and park["status"] != "excluded"
            and park["lock"] != "out"
            and (not firm["only_parks"] or s in firm["only_parks"])
            and s not in firm["not_parks"]
            and (not park["admits"] or firm["stage"] in park["admits"])
            and firm["land_ha"] <= self.largest[s]
            and (firm["is_platform"] or firm["investment_m"] >= park["min_investment_m_ha"] * firm["land_ha"])
            and (firm["is_platform"] or not self.is_too_hungry(f, park["max_energy_mwh_m"]))
        )

    def is_too_hungry(self, f: str, most: float) -> bool:
        """Return whether the energy of a firm for a million of its output is above the most."""
        made = sum(self.products[p]["value"] * n for p, n in self.output(f).items()) * MILLION
        return made > 0 and self.firms[f]["energy_mwh_y"] / made > most

    def output(self, f: str, second: bool = False) -> dict[str, float]:
        if (f, second) not in self.makes:
            firm = self.by_route(f, second)
            made = {} if firm["product"] is None else {firm["product"]: firm["output_per_y"]}
            for product, ratio in firm["co_products"] if made else ():
                made[product] = made.get(product, 0.0) + ratio * firm["output_per_y"]
            self.makes[f, second] = made
        return self.makes[f, second]

    def by_route(self, f: str, second: bool) -> dict:
        """Return a firm as it works by its own route, or by its second."""
        firm = dict(self.firms[f])
        for column in ("route", "product", "output_per_y", "margin_m_y") if second else ():
            other = firm[f"other_{column}"]
            firm[column] = firm[column] if other is None or other != other else other
        return firm

    def need(self, f: str, second: bool = False) -> dict[str, float]:
        if (f, second) not in self.takes:
            firm = self.by_route(f, second)
            rows = [
                r for r in self.recipes if r["stage"] == firm["stage"] and r["product"] == firm["product"]
            ]
            own = [r for r in rows if r["route"] is not None and r["route"] == firm["route"]]
            used = own or [r for r in rows if r["route"] is None]
            self.takes[f, second] = {r["input"]: r["quantity"] * firm["output_per_y"] for r in used}
        return self.takes[f, second]

    def best(self) -> float:
        """Return the value of the best plan, −inf if there is none."""
        choices = []
        for f, firm in self.firms.items():
            places: list[str | None] = [s for s in self.parks if self.may(f, s)]
            if firm["status"] not in ("existing", "committed") and firm["lock"] != "in":
                places.append(None)
            choices.append(places)
        best = -math.inf
        for levels, works in self.choices():
            self.build(levels, works)
            for layout in itertools.product(*choices):
                best = max(best, self.public + self.value(dict(zip(self.firms, layout, strict=True))))
        self.build([], [])
        return best

    def value(self, at: dict[str, str | None]) -> float:
        fixed = self.layout_value({f: s for f, s in at.items() if s is not None})
        if fixed == -math.inf:
            return fixed
        return fixed + self.inner_value({f: s for f, s in at.items() if s is not None})

    def layout_value(self, at: dict[str, str]) -> float:
        """Return what the places alone are worth, −inf where a rule of places is broken."""
        for s, park in self.parks.items():
            for r in self.region.resources:
                used = sum(self.firms[f][r] for f in at if at[f] == s)
                if not np.isnan(park[r]) and used > park[r] + 1e-9:
                    return -math.inf
        if not self.drawn(at):
            return -math.inf
        for group, resource, inside, capacity in self.groups:
            used = sum(self.firms[f][resource] for f in at if at[f] in inside)
            if used > capacity + self.added.get(group, 0.0) + 1e-9:
                return -math.inf
        groups = [self.firms[f]["variant_group"] for f in at if self.firms[f]["variant_group"] is not None]
        if len(groups) != len(set(groups)):
            return -math.inf
        for row in self.requirements:
            counted = sum(
                (self.firms[f]["stage"] in row.stages or f in row.firms) and (not row.parks or s in row.parks)
                for f, s in at.items()
            )
            if counted < (0 if np.isnan(row.at_least) else row.at_least):
                return -math.inf
            if counted > (math.inf if np.isnan(row.at_most) else row.at_most):
                return -math.inf
        for row in self.separations:
            for f, g in itertools.permutations(at, 2):
                stages = self.firms[f]["stage"], self.firms[g]["stage"]
                both = self.firms[f]["status"] == self.firms[g]["status"] == "existing"
                if stages == (row.stage, row.from_stage) and at[f] == at[g] and not both:
                    return -math.inf  # min_km 0 in these regions: not in the same park
        always = {s for s, p in self.parks.items() if p["status"] == "open" or p["lock"] == "in"}
        opened = always | set(at.values())
        cost = {
            s: self.crf * (0.0 if p["status"] == "open" else p["open_cost_m"]) + p["open_cost_m_y"]
            for s, p in self.parks.items()
        }
        least, most = self.manifest.open_parks.at_least, self.manifest.open_parks.at_most
        if most is not None and len(opened) > most:
            return -math.inf
        closed = sorted(
            cost[s] for s in self.parks if s not in opened and self.parks[s]["status"] != "excluded"
        )
        missing = max(0, least - len(opened))
        if missing > len(closed):
            return -math.inf
        total = -self.weight["parks"] * (sum(cost[s] for s in opened) + sum(closed[:missing]))
        for f, s in at.items():
            firm = self.firms[f]
            wages = firm["workers"] * self.parks[s]["wage_per_y"] * MILLION
            total += self.weight["wages"] * wages
            if firm["is_platform"]:
                public = firm["public_cost_m_y"] * self.funds(firm["budget"])
                total -= self.weight["platforms"] * (public + self.cost(f, s))
                continue
            cheapest = self.cheapest(f)
            outside = 0.0 if np.isnan(firm["outside_m_y"]) else firm["outside_m_y"]
            total -= self.weight["fit"] * (self.cost(f, s) - cheapest + firm["margin_m_y"])
            total += self.weight["results"] * (firm["margin_m_y"] - cheapest - outside)
            land = firm["land_ha"] * self.parks[s]["land_price_m_ha"] * self.crf
            total += self.weight["land_income"] * (
                land + firm["land_ha"] * self.parks[s]["plant_rent_m_ha_y"]
            )
        total += self.weight["loops"] * sum(worth for _, worth, _ in self.closed(at))
        return total + self.weight["links"] * sum(worth for _, _, worth, _, _ in self.realised(at))

    def closed(self, at: dict[str, str]) -> list[tuple[str, float, float]]:
        """Return producer, worth and what it keeps of each closed innovation loop."""
        found = []
        for loop in self.loops:
            for f, here in at.items():
                firm = self.firms[f]
                if firm["stage"] != loop["stage"] or loop["route"] not in (None, firm["route"]):
                    continue
                met = [
                    any(
                        self.firms[g]["stage"] == stage and self.reaches(here, there, loop["reach"])
                        for g, there in at.items()
                        if g != f
                    )
                    for stage in loop["needs"]
                ]
                if all(met):
                    found.append((f, loop["value_m_y"], loop["share"] * loop["value_m_y"]))
        return found

    def reaches(self, a: str, b: str, reach: float) -> bool:
        if math.isnan(reach):
            return self.near(a, b, "") > 0
        km = self.km.get((a, b))
        return km is not None and km <= reach

    def drawn(self, at: dict[str, str]) -> bool:
        """Return whether no set of parks needs more workers than the labour pools that reach it have."""
        if not self.pools:
            return True
        for n in range(1, len(self.parks) + 1):
            for some in itertools.combinations(self.parks, n):
                need = sum(self.firms[f]["workers"] for f in at if at[f] in some)
                pools = set().union(*(self.pools_of[s] for s in some))
                if need > sum(self.pools[p]["workers"] for p in pools) + 1e-9:
                    return False
        return True

    def reached(self) -> dict[str, set[str]]:
        """Return the labour pools that reach each park."""
        points = self.region.parks.geometry.representative_point()
        circuity = self.manifest.distance.circuity
        return {
            s: {
                name
                for name, pool in self.pools.items()
                if GEOD.inv(points[s].x, points[s].y, pool["lon"], pool["lat"])[2] / 1000 * circuity
                <= pool["reach_km"]
            }
            for s in self.parks
        }

    def realised(self, at: dict[str, str]) -> list[tuple[str, str, float, float, float]]:
        found = []
        for row, pairs in zip(self.links, self.pairs, strict=True):
            to_a = self.manifest.shares.a if np.isnan(row.share_a) else row.share_a
            to_b = self.manifest.shares.b if np.isnan(row.share_b) else row.share_b
            for a, b in pairs:
                if a in at and b in at:
                    found.append((a, b, row.value_m_y * self.near(at[a], at[b], row.kind), to_a, to_b))
        return found

    def linked(self, row) -> list[tuple[str, str]]:
        """Return the pairs of firms that a row of the links is about."""
        if row.firm_a is not None:
            return [(row.firm_a, row.firm_b)]
        pairs = [
            (a, b)
            for a, b in itertools.permutations(self.firms, 2)
            if self.firms[a]["stage"] == row.stage_a and self.firms[b]["stage"] == row.stage_b
        ]
        if row.stage_a == row.stage_b:
            order = list(self.firms)
            pairs = [(a, b) for a, b in pairs if order.index(a) < order.index(b)]
        return [
            (a, b)
            for a, b in pairs
            if self.firms[a]["variant_group"] is None
            or self.firms[a]["variant_group"] != self.firms[b]["variant_group"]
        ]

    def inner_value(self, at: dict[str, str]) -> float:
        """Return the best of utilisation, supply and grants for a layout."""
        inner, w = Inner(), self.weight
        self.column_of.clear()
        surplus: dict[str, dict[int, float]] = {f: {} for f in at}
        constant = dict.fromkeys(at, 0.0)
        q = {}
        for f, s in at.items():
            firm = self.firms[f]
            q[f] = inner.variable(firm["min_load"], 1.0)
            if not firm["is_platform"]:
                inner.gain[q[f]] += w["fit"] * firm["margin_m_y"] + w["tax"] * firm["tax_m_y"]
                surplus[f][q[f]] = firm["margin_m_y"]
                constant[f] -= self.cost(f, s) + (0 if np.isnan(firm["outside_m_y"]) else firm["outside_m_y"])
        for a, b, worth, to_a, to_b in self.realised(at):
            constant[a] += to_a * worth
            constant[b] += to_b * worth
        for f, _, kept in self.closed(at):
            constant[f] += kept
        self.trade(inner, at, q, surplus)
        self.awards(inner, at, q, surplus)
        for f in at:
            if self.firms[f]["status"] == "candidate" and not self.firms[f]["is_platform"]:
                inner.row(surplus[f], -constant[f] - 1e-9, math.inf)
        self.further(inner, at, q)
        return inner.best()

    def further(self, inner: Inner, at: dict[str, str], q: dict[str, int]) -> None:
        """Add what else is asked of a plan: nothing here."""

    def trade(self, inner: Inner, at: dict[str, str], q: dict[str, int], surplus: dict) -> None:
        w = self.weight
        sold: dict = {(f, p): {q[f]: -n} for f in at for p, n in self.output(f).items()}
        bought: dict = {(f, p): {q[f]: -n} for f in at for p, n in self.need(f).items()}
        for f in (f for f in at if self.firms[f]["other_route"] is not None):
            d = inner.variable(0.0, 1.0)
            inner.row({q[f]: 1.0, d: -1.0}, 0.0, math.inf)
            more = self.by_route(f, True)["margin_m_y"] - self.firms[f]["margin_m_y"]
            inner.gain[d] += w["fit"] * more
            surplus[f][d] = more
            for side, amounts in ((sold, self.output), (bought, self.need)):
                own, other = amounts(f), amounts(f, second=True)
                for p in {**own, **other}:
                    side.setdefault((f, p), {q[f]: 0.0})[d] = own.get(p, 0.0) - other.get(p, 0.0)
        volumes: dict = {}

        def pay(f: str, column: int, amount: float) -> None:
            if not self.firms[f]["is_platform"]:
                surplus[f][column] = surplus[f].get(column, 0.0) + amount

        for (a, p), (b, r) in itertools.product(sold, bought):
            km = self.km.get((at[a], at[b]))
            product = self.products[p]
            longest = math.inf if np.isnan(product["max_supply_km"]) else product["max_supply_km"]
            if a == b or p != r or km is None or km > longest:
                continue
            column = self.column_of["u", a, b, p] = inner.variable(0.0, math.inf)
            rate = product["freight_per_tkm"]
            rate = self.manifest.freight.per_tkm if np.isnan(rate) else rate
            freight = product["tonnes_per_unit"] * km * rate * MILLION
            near = self.near(at[a], at[b], "supply")
            worth = product["collaboration_share"] * product["value"] * MILLION * near
            inner.gain[column] += w["supply_collaboration"] * worth - w["freight"] * freight
            if self.firms[b]["is_anchor"] and near > 0:
                inner.gain[column] += w["local_input_value"] * product["value"] * MILLION
            pay(a, column, self.manifest.shares.a * worth - freight)
            pay(b, column, self.manifest.shares.b * worth)
            sold[a, p][column] = 1.0
            bought[b, p][column] = 1.0
        for market in self.markets:
            product = self.products[market["product"]]
            rate = product["freight_per_tkm"]
            rate = self.manifest.freight.per_tkm if np.isnan(rate) else rate
            for side, price, most in (
                (sold, "buys_at", "buys_up_to_per_y"),
                (bought, "sells_at", "sells_up_to_per_y"),
            ):
                if np.isnan(market[price]):
                    continue
                gain = (market[price] - product["value"]) * (1 if side is sold else -1) * MILLION
                for f, s in at.items():
                    km = self.km.get((s, market["gateway"]))
                    if (f, market["product"]) not in side or km is None:
                        continue
                    extra = self.extra_km[market["gateway"]]
                    freight = product["tonnes_per_unit"] * (km + extra) * rate * MILLION
                    column = inner.variable(0.0, math.inf)
                    self.column_of["e" if side is sold else "m", f, market["product"], market["gateway"]] = (
                        column
                    )
                    inner.gain[column] += w["gateway_prices"] * gain - w["freight"] * freight
                    pay(f, column, gain - freight)
                    side[f, market["product"]][column] = 1.0
                    if not np.isnan(market[most]):
                        key = (market["gateway"], market["product"], price)
                        volumes.setdefault(key, (market[most], []))[1].append(column)
        for entries in (*sold.values(), *bought.values()):
            inner.row(entries, 0.0, 0.0)
        for most, columns in volumes.values():
            inner.row(dict.fromkeys(columns, 1.0), -math.inf, most)

    def served(self, stage: str, s: str, at: dict[str, str]) -> bool:
        """Return whether a platform of a stage is placed within reach of a park."""
        return any(
            self.firms[f]["is_platform"] and self.firms[f]["stage"] == stage and self.near(s, t, "") > 0
            for f, t in at.items()
        )

    def flows(self, row: dict) -> dict[int, float]:
        """Return what is paid each year for one unit of basis × rate (of a public loan: of the loan)."""
        once = row["basis"] in ("investment", "land", "jobs", "fixed", "loan")
        start = int(row["start_y"]) if not np.isnan(row["start_y"]) else (0 if once else 1)
        if row["basis"] == "loan":
            n, owed, paid = int(row["loan_years"]), 1.0, {start: 1.0}
            for k in range(n):
                interest = owed * row["loan_rate"]
                paid[start + 1 + k] = -(1 / n + interest) * (1 - row["rate"])
                owed -= 1 / n
            return paid
        length = 1 if once else round(self.manifest.life_y)
        if row["basis"] == "interest":
            length = int(row["loan_years"])
        given = length if np.isnan(row["years"]) else int(row["years"])
        years = range(start, start + given)
        if row["basis"] == "interest":
            return {t: 1 - k / length for k, t in enumerate(years)}
        return dict.fromkeys(years, 1 / given if once else 1.0)

    def present(self, row: dict, rate: float | None = None) -> float:
        """Return the present value of what is paid for one unit."""
        rate = self.manifest.discount_rate if rate is None else rate
        return sum(amount / (1 + rate) ** t for t, amount in self.flows(row).items())

    def full(self, f: str, s: str, row: dict, pv: float) -> float:
        """Return basis × rate at full output, present value, whatever conditions and caps say."""
        firm, park = self.firms[f], self.parks[s]
        basis = {
            "investment": firm["investment_m"],
            "land": firm["land_ha"] * park["land_price_m_ha"],
            "jobs": firm["workers"] * MILLION,
            "fixed": 1.0,
            "tax": firm["tax_m_y"],
            "energy": firm["energy_mwh_y"] * park["power_price_per_mwh"] * MILLION,
            "wages": firm["workers"] * park["wage_per_y"] * MILLION,
            "output": (0 if np.isnan(firm["output_per_y"]) else firm["output_per_y"]) * MILLION,
            "order": (0 if np.isnan(firm["output_per_y"]) else firm["output_per_y"]) * MILLION,
            "rent": firm["land_ha"] * park["plant_rent_m_ha_y"],
            "access": 1.0,
            "interest": firm["investment_m"] * row["loan_share"],
            "loan": firm["investment_m"] * row["loan_share"],
        }[row["basis"]]
        return basis * (1.0 if row["basis"] == "loan" else row["rate"]) * pv

    def most(self, f: str, s: str, row: dict, pv: float) -> float:
        """Return the most a firm can get of an instrument in a park, present value; 0: it can't get it."""
        firm, park, year = self.firms[f], self.parks[s], self.manifest.award_year
        if (
            firm["is_platform"]
            or row["valid_from"] > year
            or row["valid_until"] < year
            or (firm["status"] != "candidate" and not row["is_retention"])
            or (row["stages"] and firm["stage"] not in row["stages"])
            or (row["sizes"] and firm["size"] not in row["sizes"])
            or (row["parks"] and s not in row["parks"])
            or (row["firms"] and f not in row["firms"])
            or (row["new_entrants_only"] and not firm["is_new_entrant"])
            or firm["investment_m"] < row["min_investment_m"]
            or firm["workers"] < row["min_workers"]
            or (row["areas"] and park["area"] not in row["areas"])
            or firm["investment_m"] < row["min_investment_m_ha"] * firm["land_ha"]
            or firm["tax_m_y"] < row["min_tax_m_ha_y"] * firm["land_ha"]
        ):
            return 0.0
        full = self.full(f, s, row, pv)
        most = full if np.isnan(row["max_m"]) else min(full, row["max_m"])
        return 0.0 if most < row["min_m"] else most

    def ceiling(self, f: str, s: str) -> float:
        """Return the most aid a firm can get in a park, present value; infinite: no limit."""
        size, park = self.firms[f]["size"], self.parks[s]
        share = park["aid_ceiling"]
        if size != "large" and not np.isnan(park[f"aid_ceiling_{size}"]):
            share = park[f"aid_ceiling_{size}"]
        if np.isnan(share):
            given = getattr(self.manifest.aid_ceiling, size)
            share = math.inf if given is None else given
        counted, below = self.firms[f]["investment_m"], 0.0
        if self.manifest.aid_scale:
            counted = 0.0
            for part in self.manifest.aid_scale:
                end = math.inf if part.up_to_m is None else part.up_to_m
                counted += part.share * max(0.0, min(self.firms[f]["investment_m"], end) - below)
                below = end
        return share * counted if share < math.inf else math.inf

    def awards(self, inner: Inner, at: dict[str, str], q: dict[str, int], surplus: dict) -> None:
        budgets = {
            name: {} for name in self.manifest.budgets
        }  # (budget) -> column -> (public, {year: payment})
        aid: dict = {f: {} for f in at}
        chosen: dict = {}
        stacked: dict = {}
        for instrument, row in self.instruments.items():
            if instrument not in self.paid:
                self.paid[instrument] = self.flows(row), self.present(row)
            (paid, pv), worth = self.paid[instrument], row["worth"]
            if row["basis"] == "loan" and not np.isnan(row["firm_rate"]):
                worth *= self.present(row, row["firm_rate"]) / pv
            ordered: dict[int, float] = {}
            for f, s in at.items():
                most, full = self.most(f, s, row, pv), self.full(f, s, row, pv)
                if most <= 0 or (row["basis"] == "access" and not self.served(row["platform_stage"], s, at)):
                    continue
                h = self.column_of["h", f, instrument] = inner.variable(0.0, most)  # present value
                k = inner.variable(0, 1, whole=1)
                inner.row({h: 1.0, k: -row["min_m"]}, 0.0, math.inf)
                inner.row({h: 1.0, k: -most}, -math.inf, 0.0)
                if row["basis"] in ("tax", "output", "order"):
                    inner.row({h: 1.0, q[f]: -full}, -math.inf, 0.0)
                if row["basis"] == "order":
                    ordered[h] = self.firms[f]["output_per_y"] / full
                if row["stack_group"] is not None:
                    stacked.setdefault((f, row["stack_group"], row["stack_limit_m"]), {})[h] = 1.0
                budget = self.manifest.budgets[row["budget"]]
                inner.gain[h] -= self.weight["grants"] * row["public_cost"] * budget.cost_of_funds * self.crf
                inner.gain[h] += self.weight["grants_worth"] * worth * self.crf
                surplus[f][h] = surplus[f].get(h, 0.0) + worth * self.crf
                budgets[row["budget"]][h] = (row["public_cost"], {t: a / pv for t, a in paid.items()})
                if row["counts_as_aid"]:
                    aid[f][h] = 1.0
                if row["exclusive_group"] is not None:
                    chosen.setdefault((f, row["exclusive_group"]), {})[k] = 1.0
            if ordered:
                inner.row(ordered, -math.inf, row["order_units_per_y"])
        for entries in chosen.values():
            inner.row(entries, -math.inf, 1.0)
        for (_, _, limit), entries in stacked.items():
            inner.row(entries, -math.inf, limit)
        for f, entries in aid.items():
            if entries and self.ceiling(f, at[f]) < math.inf:
                inner.row(entries, -math.inf, self.ceiling(f, at[f]))
        spent = {name: dict(of) for name, of in self.spent.items()}
        for f in at:
            if self.firms[f]["is_platform"]:
                self.pay(self.firms[f]["budget"], 0.0, self.firms[f]["public_cost_m_y"])
        for name, columns in budgets.items():
            budget, taken = self.manifest.budgets[name], self.spent[name]
            if budget.basis == "total_pv":
                own = self.manifest.discount_rate if budget.discount_rate is None else budget.discount_rate
                present = {
                    h: max(0.0, public * sum(a / (1 + own) ** t for t, a in by.items()))
                    for h, (public, by) in columns.items()
                }
                inner.row(present, -math.inf, budget.amount_m - taken.get("pv", 0.0) + 1e-9)
                continue
            for t in range(60):
                paid = {h: public * by.get(t, 0.0) for h, (public, by) in columns.items()}
                limit = budget.by_year_m[min(t, len(budget.by_year_m) - 1)]
                inner.row(paid, -math.inf, limit - taken.get(t, 0.0) + 1e-9)
        self.spent = spent


class Measured(Small):
    """A changed small region, in which firms are measured against the parks of the first."""

    def __init__(self, region: Region, first: Region) -> None:
        super().__init__(region)
        self.first = Small(first)

    def cheapest(self, f: str) -> float:
        """Return what the best park of the first region costs a firm."""
        return self.first.cheapest(f)
