"""The check of a plan for several futures: what is decided once is the same in all, and so is its value.

Written from the meaning of the tables: it shares nothing with the program.

    the layout keeps the rules of today's region that say who may be where and who may get what
    in each future: the rest of the rules hold; parks open and firms placed are the same, but for firms gone;
        nothing that is scarcer than today is used beyond what there is: Σ_f need · utilisation ≤ capacity
        what is paid is no more than what was awarded
    Σ_s p[s] · surplus[s,f] ≥ 0, or surplus[s,f] ≥ 0, for each candidate that is placed
    value = mean, least, or (1−ρ) · mean + ρ · (mean of the worst 1−α) of the plans' values
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clusterplan.plan.checks.breach import Breach
from clusterplan.plan.plan import Plan
from clusterplan.plan.verify import verify
from clusterplan.region import Region

ONCE = ("siting.", "works.", "capacity.", "labour.", "admission.", "requirements.", "incentives.")
"""Families of rules that are checked of the layout, in the region as it is."""
NOT_ONCE = ("siting.min_load", "siting.load_when_out")
"""Rules among them that are about utilisation."""
DECIDED_BEFORE = (
    "admission.",
    "requirements.",
    "incentives.least",
    "incentives.budget",
    "incentives.aid_ceiling",
    "incentives.access",
    "incentives.stack",
    "siting.stays_closed",
    "siting.excluded_park",
    "siting.locked_out_park",
    "siting.least_open",
    "labour.",
    "willingness.surplus",
)
"""Rules that a future by itself need not keep, since what they are about was decided before."""
TOLERANCE = 1e-5
"""How far a sum may be off, relative to 1 or to its size."""


@dataclass(frozen=True, eq=False)
class Together:
    """What is claimed of a plan for several futures.

    Parameters
    ----------
    today
        The layout in the region as it is.
    plans
        By scenario: the plan there.
    chance
        (n,) probabilities that sum to 1.
    value, aim, rho, alpha, willing
        As of `clusterplan.robust`.
    changed
        By scenario: the region in that future, its own capacities included.
    grants
        What is awarded: firm, instrument, amount_m_y.
    """

    today: Plan
    plans: Mapping[str, Plan]
    chance: np.ndarray
    value: float
    aim: str
    rho: float
    alpha: float
    willing: str
    changed: Mapping[str, Region]
    grants: pd.DataFrame


def verify_together(claimed: Together) -> pd.DataFrame:
    """Return what does not hold: rule, id, amount, limit, excess; empty when all does.

    Parameters
    ----------
    claimed
        What is claimed.
    """
    frames = [_only(verify(claimed.today), ONCE, NOT_ONCE)]
    for name, plan in claimed.plans.items():
        wrong = _only(verify(plan), ("",), DECIDED_BEFORE)
        frames.append(wrong.assign(id=[f"{name}: {what}" for what in wrong["id"]]))
    own = [*_same(claimed), *_rationed(claimed), *_paid(claimed), *_willing(claimed), *_value(claimed)]
    frames.append(pd.DataFrame(own, columns=list(Breach._fields)))
    told = [frame for frame in frames if len(frame)]
    return pd.concat(told, ignore_index=True) if told else frames[0]


def _only(frame: pd.DataFrame, families: tuple[str, ...], without: tuple[str, ...]) -> pd.DataFrame:
    rules = frame["rule"].astype(str)
    keep = rules.map(lambda rule: rule.startswith(families) and not rule.startswith(without))
    return frame[keep.to_numpy(bool)]


def _same(claimed: Together) -> Iterator[Breach]:
    parks, firms = claimed.today.parks["open"], claimed.today.firms["park"]
    for name, plan in claimed.plans.items():
        for park in parks.index[parks.to_numpy(bool) != plan.parks["open"].to_numpy(bool)]:
            yield Breach("futures.same_parks", f"{name}: {park}", np.nan, np.nan, np.nan)
        region = claimed.changed[name]
        out = region.firms["status"].eq("excluded") | region.firms["lock"].eq("out")
        shut = region.parks["status"].eq("excluded") | region.parks["lock"].eq("out")
        for firm, park in firms.items():
            here = plan.firms.loc[firm, "park"]
            if pd.isna(park) and pd.isna(here):
                continue
            gone = pd.notna(park) and pd.isna(here) and (out[firm] or shut[park])
            if here != park and not gone:
                yield Breach("futures.same_places", f"{name}: {firm}", np.nan, np.nan, np.nan)


def _rationed(claimed: Together) -> Iterator[Breach]:
    now = claimed.today.region
    for name, plan in claimed.plans.items():
        region = claimed.changed[name]
        load = plan.firms["utilisation"].to_numpy(float)
        platform = region.firms["is_platform"].to_numpy(bool) | (region.firms["output_per_y"].fillna(0) == 0)
        load = np.where(platform & plan.firms["park"].notna(), 1.0, load)
        built = plan.parks["level"].notna() | bool(plan.works["built"].any())
        for resource in region.resources:
            use = pd.Series(region.firms[resource].to_numpy(float) * load).groupby(
                plan.firms["park"].to_numpy()
            )
            for park, used in use.sum().items():
                limit, before = region.parks.loc[park, resource], now.parks.loc[park, resource]
                if limit < before and not built[park] and used > limit + TOLERANCE * max(1.0, limit):
                    yield Breach("futures.rationed", f"{name}: {park}/{resource}", used, limit, used - limit)


def _paid(claimed: Together) -> Iterator[Breach]:
    awarded = claimed.grants.groupby(["firm", "instrument"])["amount_m_y"].sum()
    for name, plan in claimed.plans.items():
        paid = plan.grants.groupby(["firm", "instrument"])["amount_m_y"].sum()
        for key, amount in zip(paid.index.tolist(), paid.to_numpy(float), strict=True):
            most = float(awarded.get(key, 0.0))
            if amount > most + TOLERANCE * max(1.0, most):
                yield Breach("futures.paid", f"{name}: {key[0]}/{key[1]}", amount, most, amount - most)


def _willing(claimed: Together) -> Iterator[Breach]:
    firms = claimed.today.region.firms
    candidates = (firms["status"] == "candidate") & ~firms["is_platform"]
    asked = firms.index[candidates & claimed.today.firms["park"].notna().to_numpy()]
    surplus = pd.DataFrame({name: plan.firms["surplus_m_y"] for name, plan in claimed.plans.items()}).loc[
        asked
    ]
    size = TOLERANCE * np.maximum(1.0, surplus.abs().max(axis=1).fillna(0.0))
    least = (
        surplus.fillna(0.0) @ claimed.chance
        if claimed.willing == "expected"
        else surplus.min(axis=1).fillna(0.0)
    )
    for firm in asked[(least < -size).to_numpy()]:
        yield Breach("futures.willing", str(firm), float(least[firm]), 0.0, -float(least[firm]))


def _value(claimed: Together) -> Iterator[Breach]:
    values = np.array([plan.value for plan in claimed.plans.values()])
    mean = float(values @ claimed.chance)
    if claimed.aim == "mean":
        worth = mean
    elif claimed.aim == "worst":
        worth = float(values.min())
    else:  # most over η of η − Σ p · max(0, η − V) / (1 − α), at one of the values
        short = np.maximum(0.0, values[:, None] - values[None, :]) @ claimed.chance
        worth = (1 - claimed.rho) * mean + claimed.rho * float((values - short / (1 - claimed.alpha)).max())
    if abs(worth - claimed.value) > TOLERANCE * max(1.0, abs(worth)):
        yield Breach("futures.value", "value", claimed.value, worth, abs(worth - claimed.value))
