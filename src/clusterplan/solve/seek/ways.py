"""Ways to anneal: which temperatures, which mix of moves, from where; learned while the search goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from clusterplan.solve.seek.state import Problem

LENGTHS = (1.0, 4.0, 16.0, 64.0)
"""Lengths of turns."""
BANDS = (
    (1.5, 0.005),
    (0.5, 0.15),
    (0.25, 0.08),
    (0.12, 0.04),
    (0.06, 0.02),
    (0.03, 0.01),
    (0.015, 0.005),
    (0.008, 0.002),
)
"""First and last temperatures, in units of a typical change; the first is for those who know nothing yet."""
FORGET = 0.98
"""How much of what was learned is kept from turn to turn."""


@dataclass(frozen=True)
class Way:
    """A way to anneal.

    Parameters
    ----------
    start
        ``new``, ``current`` (where the last turn ended), ``elite`` (one of the best), ``cross`` (of two
        of them), ``kick`` (one of them with a park or two upset).
    length
        How long, in units of the base length.
    hot, cold
        First and last temperature, in units of a typical change.
    share, end_share
        Share of layouts on the way that should be feasible, at first and at the end.
    shifts, parks, trades
        Of the moves, the share of single firms, of whole parks, of parks that exchange all firms.
    """

    start: str
    length: float
    hot: float
    cold: float
    share: float
    end_share: float
    shifts: float
    parks: float
    trades: float


class Ways:
    """Learns, choice by choice, what leads to good layouts here.

    Parameters
    ----------
    problem
        The problem: what can't matter to it isn't tried.
    """

    def __init__(self, problem: Problem) -> None:
        n, m = problem.linear.shape
        costs = bool((problem.opening != 0).any()) or problem.open_min > 0 or problem.open_max < m
        limits = len(problem.least) > 0
        links = len(problem.other) > 0
        parks: tuple[float, ...] = (0.0, 0.003) if links else (0.0,)
        if costs:
            parks = (0.005, 0.05, 0.2)
        self.choices: dict[str, tuple[Any, ...]] = {
            "start": ("new", "current", "elite", "cross", "kick"),
            "length": LENGTHS,
            "band": BANDS,
            "share": (0.05, 0.3, 0.6, 0.9) if limits else (0.9,),
            "end_share": (0.0, 0.9) if limits else (0.0,),
            "shifts": (0.05, 0.3, 0.7),
            "parks": parks,
            "trades": (0.0, 0.002) if n > m else (0.0,),
        }
        self.merit = {name: np.ones(len(options)) for name, options in self.choices.items()}
        self.spent = {name: np.ones(len(options)) for name, options in self.choices.items()}
        # at first, as much time goes to long turns as to short ones
        self.spent["length"] = np.array(LENGTHS)
        self.turns = 0
        self.picked: dict[str, int] = {}

    def pick(self, random: np.random.Generator) -> Way:
        """Return a way; what did well is chosen more often."""
        for name, options in self.choices.items():
            chance = self.merit[name] / self.spent[name]
            even = 1.0 / np.array(LENGTHS) if name == "length" else np.ones(len(options))
            chance = 0.3 * even / even.sum() + 0.7 * chance / chance.sum()
            self.picked[name] = int(random.choice(len(options), p=chance / chance.sum()))
        chosen = {name: options[self.picked[name]] for name, options in self.choices.items()}
        self.turns += 1
        hot, cold = BANDS[0] if self.turns <= 3 else chosen["band"]
        del chosen["band"]
        return Way(hot=hot, cold=cold, **chosen)

    def told(self, effort: float, *, good: bool, fair: bool) -> None:
        """Take note of how a turn went.

        Parameters
        ----------
        effort
            Length of the turn, in units of the base length.
        good, fair
            Whether it met a new best layout, or a new one among the best.
        """
        for name, i in self.picked.items():
            self.merit[name] *= FORGET
            self.spent[name] *= FORGET
            self.merit[name][i] += 3.0 * good + 0.3 * fair
            self.spent[name][i] += effort
