"""What planning for all futures is worth over planning for their mean, and what knowing the future would be.

    VSS = RP − EEV,   EVPI = WS − RP

RP is the plan for all futures. EEV is what the places chosen for the mean future are worth over all, with
awards chosen anew, since they can be promised knowing that the future is not known. WS is what is made
best over the values of plans made for each future by itself, in which firms too know the future. RP and WS
are known between a value found and a bound, so both differences are told as least and most.

Where firms come if they are willing in every future, EEV ≤ RP ≤ WS. Where they come on expected surplus,
EEV ≤ RP holds still; WS may be below RP, since a firm that knows a bad year will not come for the sake of
the good ones
(Hirshleifer 1971, The private and social value of information and the reward to inventive activity).

Source: Birge and Louveaux 2011, Introduction to Stochastic Programming, sections 4.1 and 4.2.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from clusterplan.explore.futures.laters import Futures
from clusterplan.instance import Floats, mean_future
from clusterplan.solve import Limits, find
from clusterplan.solve.together import Asked, Together, search_together

MEAN_SHARE = 0.25
"""Share of the time in which the mean future is planned."""


@dataclass(frozen=True, eq=False)
class Worth:
    """What was found beside the plan for all futures.

    Parameters
    ----------
    best
        The plan for all futures: the one given, or that of the mean future where it is better.
    of_mean
        EEV, m currency/y; None where firms would not come.
    known, known_bound
        By scenario: value and bound of the plan for that future alone; NaN where unknown.
    """

    best: Together
    of_mean: float | None
    known: Mapping[str, float]
    known_bound: Mapping[str, float]

    def planning(self, value: float, bound: float | None) -> tuple[float, float] | None:
        """Return the least and most of RP − EEV; None where there is no EEV."""
        if self.of_mean is None:
            return None
        return max(0.0, value - self.of_mean), math.inf if bound is None else bound - self.of_mean

    def knowing(
        self, asked: Asked, chance: Floats, value: float, bound: float | None
    ) -> tuple[float, float] | None:
        """Return the least and most of WS − RP."""
        known, most = (np.array(list(side.values())) for side in (self.known, self.known_bound))
        low = asked.score(known, chance) if not np.isnan(known).any() and bound is not None else math.nan
        high = asked.score(most, chance) - value if not np.isnan(most).any() else math.inf
        low = -math.inf if math.isnan(low) or bound is None else low - bound
        return (max(0.0, low) if asked.willing == "always" else low), high


def compared(
    ready: Futures, asked: Asked, found: Together, time_limit: float | None, *, gap: float, seed: int
) -> Worth:
    """Return what the plan for all futures is compared with.

    Parameters
    ----------
    ready
        The region and its futures.
    asked, found
        What was made best, and the plan for all futures.
    time_limit
        Seconds; None: no limit.
    gap, seed
        As of `clusterplan.solve.together.search_together`.
    """
    begun = time.monotonic()
    today = ready.today
    mean = mean_future(today, ready.laters)
    limit = None if time_limit is None else MEAN_SHARE * time_limit
    planned = find(mean, Limits(time_limit=limit, gap=gap, seed=seed))
    of_mean: float | None = None
    if planned.decisions is not None:
        part = found.shared.held(planned.decisions.park)
        held = part.solved(gap=min(gap, 1e-6))
        if held is not None:
            of_mean = held[1]
            if of_mean > found.value:
                found = replace(found, columns=part.spread(held[0]), value=of_mean)
    known: dict[str, float] = {}
    known_bound: dict[str, float] = {}
    for number, later in enumerate(ready.laters):
        left = None if time_limit is None else max(0.0, time_limit - (time.monotonic() - begun))
        each = None if left is None else max(0.1, left / (len(ready.laters) - number))
        best = search_together(
            today,
            [replace(later, chance=1.0)],
            replace(asked, aim="mean"),
            time_limit=each,
            gap=gap,
            seed=seed,
            layouts=[found.shared.once(found.columns).park] if found.columns is not None else [],
        )
        known[later.name] = best.value if best.columns is not None else math.nan
        known_bound[later.name] = math.nan if best.bound is None or best.columns is None else best.bound
    return Worth(found, of_mean, known, known_bound)
