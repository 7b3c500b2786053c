"""`stability`: which firms of a plan would rather be elsewhere, and what it costs that none would.

What is held while a firm weighs a move stands in `clusterplan.instance.stable`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.explore.market.together import Together, together
from clusterplan.instance import Instance, as_decided, instance_of, stable_of
from clusterplan.instance.elsewhere import PARTS, Elsewhere, elsewhere
from clusterplan.instance.moving import negligible
from clusterplan.plan import Plan, solve
from clusterplan.plan.start import decisions_of


@dataclass(frozen=True, eq=False)
class Stability:
    """Who would rather be elsewhere.

    Parameters
    ----------
    moves
        A row for each firm and each park that it would gain by moving to alone, the greatest gain first.
        Columns ``firm``, ``name``, ``from``, ``to``, ``gain_m_y`` (what a move costs taken off), and what it
        is made of, before that cost: ``result_m_y``, ``freight_m_y``, ``gateway_prices_m_y``,
        ``supply_collaboration_m_y``, ``links_m_y``, ``loops_m_y``,
        ``grants_m_y``.
    firms
        Firms of the plan that decide about their place, by id: ``name``, ``park``, ``status`` (``would
        move``, ``stays``, or ``nowhere to go`` where no other park has room), ``best_park`` of the others
        with room, and ``gain_m_y`` there, which may be negative (NaN: nowhere to go).
    pairs
        Pairs that would gain by moving together, each firm more than nothing, where one of the two would not
        or could not do its part alone; the best move of each pair, the greatest smaller gain first. Columns
        ``first``, ``second``, ``first_from``, ``first_to``, ``second_from``, ``second_to``,
        ``first_gain_m_y``, ``second_gain_m_y``.
    relocation_m_y
        What a move costs a firm, m currency/y.
    """

    moves: pd.DataFrame
    firms: pd.DataFrame
    pairs: pd.DataFrame
    relocation_m_y: float

    @property
    def is_stable(self) -> bool:
        """Whether no firm would gain by moving alone."""
        return self.moves.empty

    @property
    def greatest_gain_m_y(self) -> float:
        """What the firm that gains most would gain by moving alone, m currency/y; 0 if none would."""
        return 0.0 if self.moves.empty else float(self.moves["gain_m_y"].iloc[0])

    def __repr__(self) -> str:
        firms, pairs = self.moves["firm"].nunique(), len(self.pairs)
        return f"<Stability: {firms} firms would move alone, {pairs} pairs together>"


def stability(plan: Plan, *, relocation_m_y: float | None = None) -> Stability:
    """Return which firms of a plan would gain by moving to another park, where to, by how much, and why.

    A firm weighs a move with all else held: where the others are, what it trades with each partner and
    gateway, and its grants, cut to what the other park allows; `clusterplan.instance.stable` says it exactly.
    Existing firms and platforms do not decide about their place. A plan of ``solve(region, stable=True)`` has
    no moves.

    Parameters
    ----------
    plan
        The plan.
    relocation_m_y
        What a move costs a firm, m currency/y. None: what the plan was asked with, else 0.

    Raises
    ------
    UsageError
        If the cost is negative or no number.

    Examples
    --------
    >>> import clusterplan as cp
    >>> found = cp.stability(cp.solve(cp.load_region("tiny")))
    >>> found.moves[["firm", "from", "to", "gain_m_y"]].round(3).to_dict("records")
    [{'firm': 'seats', 'from': 'north', 'to': 'south', 'gain_m_y': 0.02}]
    """
    if relocation_m_y is None:
        relocation_m_y = float(plan.proof.options.get("relocation_m_y", 0.0))
    instance = instance_of(plan.region, plan.distances)
    decisions = decisions_of(plan, instance)
    instance = as_decided(instance, decisions.level, decisions.built)  # a firm takes works as they are
    stable = stable_of(plan.region, instance, relocation_m_y)
    alone = elsewhere(instance, decisions, stable)
    least = negligible(instance, decisions)
    return Stability(
        moves=_moves(plan, instance, decisions.park, alone, least),
        firms=_firms(plan, instance, decisions.park, alone, least, stable.moves),
        pairs=_pairs(instance, decisions.park, together(instance, decisions, stable, alone)),
        relocation_m_y=relocation_m_y,
    )


def _moves(
    plan: Plan, instance: Instance, park: np.ndarray, alone: Elsewhere, least: np.ndarray
) -> pd.DataFrame:
    sites, gain = instance.sites, alone.gain
    f, t = np.nonzero(gain > least[:, None])
    order = np.lexsort((t, f, -gain[f, t]))
    f, t = f[order], t[order]
    names = plan.firms["name"]
    return pd.DataFrame(
        {
            "firm": [sites.firms[i] for i in f],
            "name": [names[sites.firms[i]] for i in f],
            "from": [sites.parks[park[i]] for i in f],
            "to": [sites.parks[s] for s in t],
            "gain_m_y": gain[f, t],
            **{f"{part}_m_y": alone.parts[part][f, t] for part in PARTS},
        }
    ).astype({"firm": object, "name": object, "from": object, "to": object})


def _firms(  # noqa: PLR0917  (what `stability` has at hand)
    plan: Plan, instance: Instance, park: np.ndarray, alone: Elsewhere, least: np.ndarray, decides: np.ndarray
) -> pd.DataFrame:
    sites = instance.sites
    f = np.flatnonzero(decides & (park >= 0))
    gain = alone.gain[f]
    best = np.argmax(gain, axis=1) if len(f) else np.zeros(0, dtype=int)
    most = gain[np.arange(len(f)), best]
    somewhere = np.isfinite(most)
    ids = [sites.firms[i] for i in f]
    status = np.select([~somewhere, most > least[f]], ["nowhere to go", "would move"], "stays")
    return pd.DataFrame(
        {
            "name": plan.firms["name"].reindex(ids),
            "park": [sites.parks[park[i]] for i in f],
            "status": status.astype(object),
            "best_park": [sites.parks[s] if ok else None for s, ok in zip(best, somewhere, strict=True)],
            "gain_m_y": np.where(somewhere, most, np.nan),
        },
        index=pd.Index(ids, name="firm", dtype=object),
    ).astype({"park": object, "best_park": object})


def _pairs(instance: Instance, park: np.ndarray, found: list[Together]) -> pd.DataFrame:
    sites = instance.sites
    rows = [
        (
            *(sites.firms[i] for i in pair.firms),
            *(
                name
                for i, s in zip(pair.firms, pair.to, strict=True)
                for name in (sites.parks[park[i]], sites.parks[s])
            ),
            *pair.gains,
        )
        for pair in found
    ]
    ids = ["first", "second", "first_from", "first_to", "second_from", "second_to"]
    frame = pd.DataFrame(rows, columns=[*ids, "first_gain_m_y", "second_gain_m_y"])
    return frame.astype(dict.fromkeys(ids, object) | {"first_gain_m_y": float, "second_gain_m_y": float})


@dataclass(frozen=True, eq=False)
class StabilityCost:
    """What it costs that no firm would rather be elsewhere.

    Parameters
    ----------
    plan, stable
        The plan, and the stable plan of its region.
    """

    plan: Plan
    stable: Plan

    @property
    def cost_m_y(self) -> float:
        """Value of the plan less value of the stable plan, m currency/y."""
        return self.plan.value - self.stable.value

    @property
    def at_least_m_y(self) -> float:
        """It is no less than this: value of the plan less bound of the stable one, or 0, m currency/y."""
        bound = self.stable.bound
        return 0.0 if bound is None else max(0.0, self.plan.value - bound)


def stability_cost(plan: Plan, *, relocation_m_y: float = 0.0, **options: Any) -> StabilityCost:
    """Return the stable plan of a plan's region, and what stability costs.

    Parameters
    ----------
    plan
        A plan that was not asked to be stable.
    relocation_m_y
        What a move costs a firm, m currency/y.
    **options
        Of `clusterplan.solve`, such as ``time_limit``.

    Raises
    ------
    NoPlanError
        If there is no stable plan; its fault tells the moves that show it.
    TimeLimitError
        If none was found in time.
    UsageError
        If the plan was asked to be stable.

    Examples
    --------
    >>> import clusterplan as cp
    >>> round(cp.stability_cost(cp.solve(cp.load_region("tiny"))).cost_m_y, 3)
    0.055
    """
    if plan.proof.options.get("stable"):
        raise UsageError("The plan is stable by the question asked; give one solved without stable=True.")
    if stability(plan, relocation_m_y=relocation_m_y).is_stable:
        options = {"start": plan} | options
    found = solve(plan.region, stable=True, relocation_m_y=relocation_m_y, **options)
    return StabilityCost(plan, found)
