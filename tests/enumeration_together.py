"""The value of the best plan of a small region for several futures, by trying every layout.

Written from the meaning of the numbers alone, with the enumeration of one future: each layout is held in
every future, with utilisation and supply of each and awards of all in one linear program.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from enumeration import Inner, Small

from clusterplan.region import Region


class _Parts(Small):
    """The continuous part of one layout in one future, awards left out or alone, ready to be joined."""

    def part(self, at: dict[str, str], *, awards: bool) -> tuple[Inner, dict, dict, dict[str, int]]:
        self.only_awards, self.taken = awards, {}
        self.inner_value(at)
        return self.taken["inner"], self.taken["surplus"], self.taken["constant"], self.taken["q"]

    def trade(self, inner, at, q, surplus):
        self.taken["before"] = {f: dict(of) for f, of in surplus.items()}
        if not self.only_awards:
            super().trade(inner, at, q, surplus)

    def awards(self, inner, at, q, surplus):
        if self.only_awards:
            for of in surplus.values():
                of.clear()
            super().awards(inner, at, q, surplus)
        self.taken |= {"inner": inner, "surplus": surplus, "q": q, "rows": len(inner.rows)}

    def further(self, inner, at, q):
        del inner.rows[self.taken["rows"] :]  # nobody is asked here
        self.taken["constant"] = {f: self.earned(f, s, at) for f, s in at.items()}

    def earned(self, f: str, s: str, at: dict[str, str]) -> float:
        firm = self.firms[f]
        total = 0.0
        if not firm["is_platform"]:
            total -= self.cost(f, s) + (0 if np.isnan(firm["outside_m_y"]) else firm["outside_m_y"])
        for a, b, worth, to_a, to_b in self.realised(at):
            total += (to_a if a == f else 0.0) * worth + (to_b if b == f else 0.0) * worth
        return total + sum(kept for g, _, kept in self.closed(at) if g == f)


def best_together(
    region: Region,
    futures: list[tuple[float, Region, tuple[str, ...], dict[str, float]]],
    *,
    aim: str = "mean",
    rho: float = 0.5,
    alpha: float = 0.8,
    willing: str = "expected",
) -> float:
    """Return the value of the best plan for all futures, −inf if there is none.

    Parameters
    ----------
    region
        The region as it is, without levels and works.
    futures
        Probability, region, firms that are gone (as they are in neither), and share paid by instrument.
    aim, rho, alpha, willing
        As of `clusterplan.robust`.
    """
    base = _Parts(region)
    smalls = [_Parts(one) for _, one, _, _ in futures]
    choices = []
    for f, firm in base.firms.items():
        places: list[str | None] = [s for s in base.parks if base.may(f, s)]
        if firm["status"] not in ("existing", "committed") and firm["lock"] != "in":
            places.append(None)
        choices.append(places)
    best = -math.inf
    for layout in itertools.product(*choices):
        at = {f: s for f, s in zip(base.firms, layout, strict=True) if s is not None}
        if base.layout_value(at) == -math.inf:
            continue
        best = max(best, _held(base, smalls, futures, at, aim, rho, alpha, willing))
    return best


def _held(base, smalls, futures, at, aim, rho, alpha, willing):
    whole = Inner()
    awards, awarded, _, q0 = base.part(at, awards=True)
    h = {}  # (firm, instrument) to the column of the whole
    column_of: dict[int, int] = {}
    for n in range(len(awards.gain)):
        fixed = n in q0.values()
        column_of[n] = whole.variable(1.0 if fixed else awards.low[n], awards.high[n], awards.whole[n])
    for key, n in base.column_of.items():
        if key[0] == "h":
            h[key[1:]] = n
    for entries, low, high in awards.rows:
        whole.row({column_of[n]: amount for n, amount in entries.items()}, low, high)
    by_load = [
        (entries, low, high)
        for entries, low, high in awards.rows
        if set(entries) & set(q0.values()) and set(entries) & set(h.values())
    ]
    values, surpluses = [], []
    for small, (_, _, gone, paid) in zip(smalls, futures, strict=True):
        here = {f: s for f, s in at.items() if f not in gone}
        fixed = small.layout_value(here)
        if fixed == -math.inf:
            return fixed
        fixed -= small.weight["parks"] * (_parks(small, at) - _parks(small, here))
        part, surplus, constant, q = small.part(here, awards=False)
        own = {n: whole.variable(part.low[n], part.high[n]) for n in range(len(part.gain))}
        for entries, low, high in part.rows:
            whole.row({own[n]: amount for n, amount in entries.items()}, low, high)
        value = {own[n]: gain for n, gain in enumerate(part.gain)}
        earned = {f: {own[n]: amount for n, amount in surplus[f].items()} for f in here}
        for (f, instrument), n in h.items():
            share = 0.0 if f in gone else paid.get(instrument, 1.0)
            value[column_of[n]] = value.get(column_of[n], 0.0) + share * awards.gain[n]
            if f in here:
                earned[f][column_of[n]] = share * awarded[f][n]
        for entries, low, high in by_load:
            (f,) = [g for g, n in q0.items() if n in entries]
            (key,) = [k for k, n in h.items() if n in entries]
            if f in here:
                share = paid.get(key[1], 1.0)
                row = {own[q[f]]: entries[q0[f]], column_of[h[key]]: share * entries[h[key]]}
                whole.row(row, low, high)
        values.append((value, fixed))
        surpluses.append((earned, constant))
    _ask(base, whole, futures, surpluses, at, willing)
    return _aim(whole, values, [chance for chance, _, _, _ in futures], aim, rho, alpha)


def _ask(base, whole, futures, surpluses, at, willing):
    for f in at:
        if base.firms[f]["status"] != "candidate" or base.firms[f]["is_platform"]:
            continue
        total: dict[int, float] = {}
        least = 0.0
        for (chance, _, _, _), (earned, constant) in zip(futures, surpluses, strict=True):
            if f not in earned:
                continue
            if willing == "always":
                whole.row(earned[f], -constant[f] - 1e-9, math.inf)
            for n, amount in earned[f].items():
                total[n] = total.get(n, 0.0) + chance * amount
            least -= chance * constant[f]
        if willing == "expected":
            whole.row(total, least - 1e-9, math.inf)


def _aim(whole, values, chances, aim, rho, alpha):
    weight = {"mean": 1.0, "worst": 0.0, "cvar": 1.0 - rho}[aim]
    constant = 0.0
    for chance, (value, fixed) in zip(chances, values, strict=True):
        constant += weight * chance * fixed
        for n, gain in value.items():
            whole.gain[n] += weight * chance * gain
    if aim != "mean":
        level = whole.variable(-1e3, 1e3)
        whole.gain[level] = 1.0 if aim == "worst" else rho
        for chance, (value, fixed) in zip(chances, values, strict=True):
            row = {n: gain for n, gain in value.items() if gain}
            row[level] = -1.0
            if aim == "cvar":
                short = whole.variable(0.0, 1e3)
                row[short] = 1.0
                whole.gain[short] = -rho * chance / (1 - alpha)
            whole.row(row, -fixed, math.inf)
    return constant + whole.best()


def _parks(small: Small, at: dict[str, str]) -> float:
    """Return the yearly cost of the parks that a layout opens, the least number included."""
    always = {s for s, p in small.parks.items() if p["status"] == "open" or p["lock"] == "in"}
    opened = always | set(at.values())
    cost = {
        s: small.crf * (0.0 if p["status"] == "open" else p["open_cost_m"]) + p["open_cost_m_y"]
        for s, p in small.parks.items()
    }
    closed = sorted(cost[s] for s in small.parks if s not in opened)
    missing = max(0, small.manifest.open_parks.at_least - len(opened))
    return sum(cost[s] for s in opened) + sum(closed[:missing])
