"""`shapley`: what each firm of a group adds, on average, and whether the plan's split would hold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from clusterplan.errors import UsageError
from clusterplan.explore.money.game import Game, Others
from clusterplan.explore.money.parts import gains
from clusterplan.explore.money.shares import (
    CLOSED,
    Worth,
    least_core,
    shapley_exact,
    shapley_sampled,
    wanting_of_all,
)
from clusterplan.instance import Bools
from clusterplan.plan import Plan

EXACT_UP_TO = 10
"""Players up to whom every group is looked at."""


@dataclass(frozen=True, eq=False)
class Shapley:
    """Shares of a group's firms in what they earn together.

    Parameters
    ----------
    firms
        By firm: ``name``; ``gain_m_y``, what it gains in the plan; ``alone_m_y``, what it would without the
        other players; ``shapley_m_y`` and ``error_m_y``, its Shapley share and the standard error (0 where
        exact); ``core_m_y``, a split of the least core (NaN where none was asked for).
    together_m_y
        What all players earn together at most, m currency/y: the shares sum to it.
    blocking
        Ids of the group that the plan's split gives least beside what it could earn alone; none where other
        enterprises are there, for then the group's own split is not the plan's.
    wants_m_y
        By how much that group could earn more; not above 0 if the plan's split is in the core. NaN where
        there is no such group.
    least_core_m_y
        By how much some group wants more under every split, at least: the core is empty if it is above 0.
    is_proven
        Whether the least core is proven (time).
    samples
        Orders of arrival looked at; None where exact.
    """

    firms: pd.DataFrame
    together_m_y: float
    blocking: tuple[str, ...]
    wants_m_y: float
    least_core_m_y: float
    is_proven: bool
    samples: int | None

    @property
    def verdict(self) -> Literal["in the core", "blocked", "core is empty", "not asked"]:
        """Whether the plan's split would hold among these firms."""
        hair = CLOSED * max(1.0, abs(self.together_m_y))
        if np.isnan(self.wants_m_y):
            return "not asked"
        if self.wants_m_y <= hair:
            return "in the core"
        return "core is empty" if self.least_core_m_y > hair and self.is_proven else "blocked"


def shapley(
    plan: Plan,
    firms: Collection[str] | None = None,
    *,
    others: Others = "away",
    samples: int = 100,
    seed: int = 0,
    time_limit: float | None = 60.0,
) -> Shapley:
    """Return the Shapley shares of firms in what they earn together, and look for groups better off alone.

    The game is that of `clusterplan.explore.money.game`: places and grants as in the plan, each group
    trading and collaborating among itself. Up to `EXACT_UP_TO` firms every group is valued; beyond, orders
    of arrival are sampled.

    Parameters
    ----------
    plan
        The plan.
    firms
        Ids of the firms; None: every enterprise placed.
    others
        Whether the other enterprises are ``away``, or ``there`` for every group.
    samples
        Orders of arrival to look at where there are too many firms, at least 2.
    seed
        Seed of these.
    time_limit
        Seconds for the least core; None: no limit.

    Raises
    ------
    UsageError
        If one of the firms is no enterprise that the plan places, or samples are fewer than 2.

    Examples
    --------
    >>> import clusterplan as cp
    >>> found = cp.shapley(cp.solve(cp.load_region("tiny")))
    >>> found.firms["shapley_m_y"].round(4).to_dict(), found.verdict
    ({'carmaker': 6.0175, 'seats': 0.825, 'batteries': 3.2625}, 'in the core')
    """
    if samples < 2:
        raise UsageError(f"At least 2 orders of arrival are needed for a standard error, not {samples!r}.")
    game = Game.of(plan, firms, others=others)
    worth = _once(game)
    n, every = game.n, np.ones(game.n, dtype=bool)
    is_exact = n <= EXACT_UP_TO
    wanting = wanting_of_all(n, worth) if is_exact and n > 1 else game.most_wanting
    share, error = (
        (shapley_exact(n, worth), np.zeros(n)) if is_exact else shapley_sampled(n, worth, samples, seed)
    )
    gain = gains(plan)[list(game.players)].to_numpy(dtype=float)
    group, wants = np.zeros(n, dtype=bool), float("nan")
    if others == "away":
        group, wants = wanting(gain) if n > 1 else (every, worth(every) - float(gain[0]))
    core = least_core(n, worth, wanting, time_limit=time_limit)
    frame = pd.DataFrame(
        {
            "name": plan.firms.loc[list(game.players), "name"],
            "gain_m_y": gain,
            "alone_m_y": [worth(one) for one in np.eye(n, dtype=bool)],
            "shapley_m_y": share,
            "error_m_y": error,
            "core_m_y": core.split,
        },
        index=pd.Index(game.players, name="firm"),
    )
    return Shapley(
        firms=frame,
        together_m_y=worth(every),
        blocking=tuple(np.array(game.players)[group].tolist()),
        wants_m_y=wants,
        least_core_m_y=core.wants,
        is_proven=core.is_proven,
        samples=None if is_exact else samples,
    )


def _once(game: Game) -> Worth:
    """Return the worth of groups, each asked of the solver once."""
    known: dict[bytes, float] = {}

    def worth(group: Bools) -> float:
        key = group.tobytes()
        if key not in known:
            known[key] = game.value(group) if group.any() else 0.0
        return known[key]

    return worth
