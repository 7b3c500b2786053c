"""The market cascade once more, firm by firm and park by park, from the tables of a small region alone.

It shares nothing with the code under test but how trade is settled among firms that are there, which it is
given as a function and which has a test of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from enumeration import MILLION, Small

EVEN = 1e-6
State = dict  # supply (a, b, p), sold and bought (f, p, g): quantity


@dataclass
class Now:
    """Where firms are and what they trade."""

    at: dict[str, str] = field(default_factory=dict)
    load: dict[str, float] = field(default_factory=dict)
    supply: dict[tuple[str, str, str], float] = field(default_factory=dict)
    sold: dict[tuple[str, str, str], float] = field(default_factory=dict)
    bought: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def without(self, firm: str | None) -> Now:
        return Now(
            {f: s for f, s in self.at.items() if f != firm},
            {f: q for f, q in self.load.items() if f != firm},
            {key: n for key, n in self.supply.items() if firm not in key[:2]},
            {key: n for key, n in self.sold.items() if key[0] != firm},
            {key: n for key, n in self.bought.items() if key[0] != firm},
        )


class Loops:
    """A market in a small region."""

    def __init__(self, small: Small, settle: Callable[[dict[str, str], bool], Now | None]) -> None:
        self.small, self.settle_trade = small, settle
        self.firms, self.parks = small.firms, small.parks

    # what a place is worth

    def rate(self, p: str) -> float:
        product = self.small.products[p]
        rate = product["freight_per_tkm"]
        rate = self.small.manifest.freight.per_tkm if math.isnan(rate) else rate
        return product["tonnes_per_unit"] * rate * MILLION

    def offers(self, f: str, s: str, p: str, sells: bool, now: Now) -> list[tuple[float, float, tuple]]:
        """Return quantity, gain a unit and key of what others would take (or give), in order of use."""
        small, product = self.small, self.small.products[p]
        longest = math.inf if math.isnan(product["max_supply_km"]) else product["max_supply_km"]
        found = []
        for other, t in now.at.items():
            full = (small.need(other) if sells else small.output(other)).get(p)
            km = small.km.get((s, t) if sells else (t, s))
            if other == f or not full or km is None or km > longest:
                continue
            side = 1 if sells else 0
            spare = full - sum(n for key, n in now.supply.items() if key[side] == other and key[2] == p)
            near = small.near(s, t, "supply") if sells else small.near(t, s, "supply")
            share = small.manifest.shares.a if sells else small.manifest.shares.b
            gain = share * product["collaboration_share"] * product["value"] * MILLION * near
            gain -= self.rate(p) * km if sells else 0.0
            key = (f, other, p) if sells else (other, f, p)
            found.append(((km, other), max(0.0, spare), gain, key))
        first = [entry[1:] for entry in sorted(found, key=lambda entry: entry[0])]
        outside = []
        for market in small.markets:
            price = market["buys_at" if sells else "sells_at"]
            if market["product"] != p or math.isnan(price):
                continue
            km = small.km.get((s, market["gateway"]))
            if km is None:
                continue
            km += small.extra_km[market["gateway"]]
            gain = (price - product["value"]) * (1 if sells else -1) * MILLION - self.rate(p) * km
            most = market["buys_up_to_per_y" if sells else "sells_up_to_per_y"]
            used = now.sold if sells else now.bought
            taken = sum(n for key, n in used.items() if key[1:] == (p, market["gateway"]))
            left = math.inf if math.isnan(most) else max(0.0, most - taken)
            outside.append((left, gain, (f, p, market["gateway"])))
        return first + sorted(outside, key=lambda entry: -entry[1])

    def run(self, f: str, s: str, now: Now) -> tuple[float, float, list]:
        """Return the most that running earns, the load, and what is traded."""
        firm, small = self.firms[f], self.small
        goods = [(p, n, True) for p, n in small.output(f).items() if n > 0]
        goods += [(p, n, False) for p, n in small.need(f).items() if n > 0]
        lists = [(amount, sells, self.offers(f, s, p, sells, now)) for p, amount, sells in goods]
        most = min([1.0, *(sum(q for q, _, _ in offers) / amount for amount, _, offers in lists)])
        if most < firm["min_load"] - 1e-9:
            return -math.inf, firm["min_load"], []
        most = max(most, firm["min_load"])
        loads = {most, firm["min_load"]}
        for amount, _, offers in lists:
            used = 0.0
            for quantity, _, _ in offers:
                used += quantity
                loads.add(min(max(used / amount, firm["min_load"]), most))
        best = (-math.inf, 0.0, [])
        for load in sorted(loads, reverse=True):
            earned, trades = load * firm["margin_m_y"] * (not firm["is_platform"]), []
            for amount, sells, offers in lists:
                left = amount * load
                for quantity, gain, key in offers:
                    part = min(left, quantity)
                    if part > 0:
                        earned += gain * part
                        trades.append((sells, key, part))
                    left -= part
            if earned > best[0] + 1e-12:
                best = (earned, load, trades)
        return best

    def prospect(self, f: str, s: str, now: Now) -> float:
        firm = self.firms[f]
        total = 0.0 if firm["is_platform"] else -self.small.cost(f, s) - _known(firm["outside_m_y"])
        for a, b, worth, to_a, to_b in self.small.realised({**now.at, f: s}):
            total += worth * to_a * (a == f) + worth * to_b * (b == f)
        total += sum(kept for g, _, kept in self.small.closed({**now.at, f: s}) if g == f)
        return total + self.run(f, s, now)[0]

    def earned(self, f: str, now: Now) -> float:
        """Return the surplus of a firm that is there, from what is traded."""
        firm, s, small = self.firms[f], now.at[f], self.small
        total = firm["margin_m_y"] * now.load[f] - small.cost(f, s) - _known(firm["outside_m_y"])
        for a, b, worth, to_a, to_b in small.realised(now.at):
            total += worth * to_a * (a == f) + worth * to_b * (b == f)
        total += sum(kept for g, _, kept in small.closed(now.at) if g == f)
        for (a, b, p), n in now.supply.items():
            product = small.products[p]
            near = small.near(now.at[a], now.at[b], "supply")
            worth = product["collaboration_share"] * product["value"] * MILLION * near * n
            if a == f:
                total += small.manifest.shares.a * worth - self.rate(p) * small.km[now.at[a], now.at[b]] * n
            if b == f:
                total += small.manifest.shares.b * worth
        for sells, traded in ((True, now.sold), (False, now.bought)):
            for (g, p, gateway), n in traded.items():
                if g != f:
                    continue
                market = next(m for m in small.markets if (m["gateway"], m["product"]) == (gateway, p))
                km = small.km[s, gateway] + small.extra_km[gateway]
                price = market["buys_at" if sells else "sells_at"]
                gain = (price - small.products[p]["value"]) * (1 if sells else -1) * MILLION
                total += (gain - self.rate(p) * km) * n
        return total

    # who may be where

    def room(self, f: str, s: str, now: Now) -> bool:
        small, others = self.small, {g: t for g, t in now.at.items() if g != f}
        park = self.parks[s]
        if not small.may(f, s):
            return False
        always = {t for t, p in self.parks.items() if p["status"] == "open" or p["lock"] == "in"}
        opened = always | set(others.values())
        cost = (0.0 if park["status"] == "open" else park["open_cost_m"]) + park["open_cost_m_y"]
        most = small.manifest.open_parks.at_most
        if s not in opened and (cost > 0 or (most is not None and len(opened) >= most)):
            return False
        for r in small.region.resources:
            used = sum(self.firms[g][r] for g, t in others.items() if t == s)
            if not math.isnan(park[r]) and used + self.firms[f][r] > park[r] + 1e-9:
                return False
        for _, resource, inside, capacity in small.groups:
            used = sum(self.firms[g][resource] for g, t in others.items() if t in inside)
            if s in inside and used + self.firms[f][resource] > capacity + 1e-9:
                return False
        for row in small.separations:
            for g, t in others.items():
                stages = {self.firms[f]["stage"], self.firms[g]["stage"]}
                if stages == {row.stage, row.from_stage} and t == s:
                    return False
        return True

    # the cascade

    def cascade(self, at: dict[str, str], order: list[str] | None = None) -> tuple[list, Now, bool]:
        comers = {f for f, firm in self.firms.items() if self.comes(firm) and self.some_park(f)}
        stay = {f for f, firm in self.firms.items() if firm["status"] == "committed" and f in at}
        movers = {f for f in stay if not self.firms[f]["is_platform"]}
        now = self.settle_trade(at, False)
        assert now is not None
        earned = {f: self.earned(f, now) for f in at if not self.firms[f]["is_platform"]}
        steps, tried, seen = [], set(), set()
        for number in range(1, 60):
            before, fresh, kept = len(steps), [], {}
            done = set()
            for name in order or sorted(self.firms):
                group = self.firms[name]["variant_group"]
                if name not in comers | movers or (group is not None and group in done):
                    continue
                if group is not None:
                    done.add(group)
                sizes = [name] if group is None else sorted(
                    f for f in comers | movers if self.firms[f]["variant_group"] == group
                )  # fmt: skip
                now = self.turn(sizes, now, earned, steps, tried, fresh, kept, number, comers)
            found = self.settle_trade(now.at, False) or self.settle_trade(now.at, True) or now
            park, now = dict(now.at), found
            earned = {f: self.earned(f, found) for f in park if not self.firms[f]["is_platform"]}
            for f in sorted(park):
                if f not in comers | movers:
                    continue
                key = (f, park[f], self.company(f, park))
                idle = found.load[f] < self.firms[f]["min_load"] - EVEN
                if f in comers and (earned[f] < -EVEN or idle):
                    tried.add(key)
                    steps.append((number, f, "leaves", park[f], earned[f]))
                    now = now.without(f)
                elif earned[f] < kept.get(f, -math.inf) - EVEN:
                    tried.add(key)
            if len(steps) == before:
                return steps, now, True
            state = (frozenset(now.at.items()), len(tried))
            if state in seen:
                return steps, now, False
            seen.add(state)
        return steps, now, False

    def turn(self, sizes, now, earned, steps, tried, fresh, kept, number, comers) -> Now:
        group = self.firms[sizes[0]]["variant_group"]
        inside = [f for f in sizes if f in now.at]
        taken = any(self.firms[f]["variant_group"] == group for f in now.at)
        if not inside and group is not None and taken:
            return now
        here = inside[0] if inside else None
        base = now.without(here)
        best, have = (-math.inf, "", ""), -math.inf
        for f in sizes if here is None or here in comers else inside:
            if f == here:
                have = max(self.prospect(f, now.at[f], base), earned.get(f, -math.inf))
            worth = self.worth(f, base, base, tried)
            if worth[0] > best[0] + EVEN:
                best = (*worth, f)
        value, s, f = best
        if not f or (here is None and value < -EVEN) or (here is not None and not value > have + EVEN):
            return now
        if here is None and fresh:
            alone = Now(base.at | {}, base.load, base.supply, base.sold, base.bought)
            alone.at = {g: t for g, t in base.at.items() if g not in fresh}
            if self.worth(f, alone, base, tried)[0] < -EVEN:
                return now
        _, load, trades = self.run(f, s, base)
        for sells, key, n in trades:
            told = base.supply if key[1] in self.firms else base.sold if sells else base.bought
            told[key] = told.get(key, 0.0) + n
        base.at[f], base.load[f] = s, load
        kept[f] = have
        earned.pop(f, None)
        if here is None:
            fresh.append(f)
        steps.append((number, f, "comes" if here is None else "moves", s, value))
        return base

    def worth(self, f: str, seen: Now, base: Now, tried: set) -> tuple[float, str]:
        """Return the best prospect among parks with room, and the park, the lowest id among equals."""
        values = {
            s: self.prospect(f, s, seen)
            for s in sorted(self.parks)
            if self.room(f, s, base) and (f, s, self.company(f, base.at)) not in tried
        }
        if not values or max(values.values()) == -math.inf:
            return -math.inf, ""
        most = max(values.values())
        s = next(s for s, value in values.items() if value >= most - EVEN)
        return values[s], s

    def company(self, f: str, at: dict[str, str]) -> frozenset:
        group = self.firms[f]["variant_group"]
        own = {g for g in at if g == f or (group is not None and self.firms[g]["variant_group"] == group)}
        return frozenset((g, t) for g, t in at.items() if g not in own)

    def comes(self, firm: dict) -> bool:
        return firm["status"] == "candidate" and not firm["is_platform"]

    def some_park(self, f: str) -> bool:
        return any(self.small.may(f, s) for s in self.parks)


def _known(number: float) -> float:
    return 0.0 if math.isnan(number) else number
