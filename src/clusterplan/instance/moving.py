"""Better responses: one firm after the other goes where it would rather be, until none would, or all returns.

Each step takes the greatest gain there is (`clusterplan.instance.elsewhere`), and holds all else. Source:
best-response dynamics, whose end, if it has one, is a Nash equilibrium; Monderer and Shapley (1996),
Potential games, on when it has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from clusterplan.instance.decided import as_decided
from clusterplan.instance.decisions import Decisions
from clusterplan.instance.elsewhere import elsewhere, spot
from clusterplan.instance.frozen import Floats
from clusterplan.instance.instance import Instance
from clusterplan.instance.pooled import caps_with
from clusterplan.instance.stable import Stable

NEGLIGIBLE = 1e-6
"""A gain this small is rounding: m currency/y, or a share of the firm's result where that is above 1."""
MOST_MOVES = 1_000
"""Moves after which no end is looked for."""


@dataclass(frozen=True)
class Move:
    """A firm that would rather be elsewhere: rows of firm, of its park and of the other, and m currency/y."""

    firm: int
    park: int
    to: int
    gain: float


@dataclass(frozen=True)
class Moving:
    """How it went on.

    Parameters
    ----------
    moves
        All moves, in their order.
    cycle
        The last moves, after which all was as before them; empty where there is none.
    end
        ``settled``: nobody would move any more; ``cycle``; ``unknown`` after `MOST_MOVES` moves.
    decisions
        What is decided at the end.
    """

    moves: tuple[Move, ...]
    cycle: tuple[Move, ...]
    end: Literal["settled", "cycle", "unknown"]
    decisions: Decisions


def negligible(instance: Instance, decisions: Decisions) -> Floats:
    """Return (F,) the gain below which a firm's wish to move is rounding, m currency/y."""
    results, park = instance.results, decisions.park
    own = np.abs(results.place[np.arange(len(park)), np.maximum(park, 0)])
    return np.asarray(NEGLIGIBLE * np.maximum(1.0, np.maximum(own, np.abs(results.load))))


def moving(instance: Instance, decisions: Decisions, stable: Stable) -> Moving:
    """Return the moves that follow from a plan.

    Parameters
    ----------
    instance, decisions
        The instance, and a plan of it.
    stable
        Who may move where, and what a move costs.
    """
    instance = as_decided(instance, decisions.level, decisions.built)  # firms take works as they are
    seen = {tuple(decisions.park.tolist()): 0}
    moves: list[Move] = []
    while len(moves) < MOST_MOVES:
        gain = elsewhere(instance, decisions, stable).gain
        gain[gain <= negligible(instance, decisions)[:, None]] = -np.inf
        f, t = (int(at) for at in np.unravel_index(np.argmax(gain), gain.shape))
        if not gain[f, t] > 0:
            return Moving(tuple(moves), (), "settled", decisions)
        moves.append(Move(f, int(decisions.park[f]), t, float(gain[f, t])))
        decisions = moved(instance, decisions, f, t)
        before = seen.setdefault(tuple(decisions.park.tolist()), len(moves))
        if before < len(moves):
            return Moving(tuple(moves), tuple(moves[before:]), "cycle", decisions)
    return Moving(tuple(moves), (), "unknown", decisions)


def moved(instance: Instance, decisions: Decisions, f: int, t: int) -> Decisions:
    """Return decisions after one firm has moved, all else held as `clusterplan.instance.stable` says."""
    trade, awards = instance.trade, instance.awards
    park = decisions.park.copy()
    park[f] = t
    supply, sold, bought = decisions.supply.copy(), decisions.sold.copy(), decisions.bought.copy()
    for n in np.flatnonzero((supply > 0) & ((trade.seller == f) | (trade.buyer == f))).tolist():
        a, b, p = int(trade.seller[n]), int(trade.buyer[n]), int(trade.product[n])
        if trade.km[park[a], park[b]] <= trade.max_km[p]:
            continue
        # the partner, which stays, trades what is left to it where it is
        for firm, through, is_sold in ((a, sold, True), (b, bought, False)):
            g = int(spot(trade, sold=is_sold).gateway[park[firm], p])
            if g >= 0:
                through[firm, p, g] += supply[n]
        supply[n] = 0.0
    for through, is_sold in ((sold, True), (bought, False)):
        for p, g in np.argwhere(through[f] > 0).tolist():
            if np.isfinite(trade.gateway_km[t, g]):
                continue
            other = int(spot(trade, sold=is_sold).gateway[t, p])
            if other >= 0:
                through[f, p, other] += through[f, p, g]
            through[f, p, g] = 0.0
    award = decisions.award.copy()
    mine = np.flatnonzero(awards.firm == f)
    award[mine] = np.minimum(award[mine], caps_with(awards, decisions.park)[mine, t])
    room = float(awards.ceiling[f, t])
    for i in sorted(mine[awards.counts[mine]].tolist(), key=lambda i: (-awards.worth[i], i)):
        award[i] = min(float(award[i]), room)
        room -= float(award[i])
    return replace(decisions, park=park, supply=supply, sold=sold, bought=bought, award=award)
