"""`Limits`: how long and how hard to search."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How long and how hard to search.

    Parameters
    ----------
    time_limit
        Seconds for the first two objectives (`clusterplan.solve.finish.SECOND_AT_LEAST` for the second);
        None: no limit.
    work_limit
        Parts and branch-and-bound nodes; None: no limit. With one thread, results repeat exactly.
    gap
        Relative gap at which to stop.
    seed
        Seed of search and solver.
    threads
        Cores to use.
    """

    time_limit: float | None = None
    work_limit: int | None = None
    gap: float = 1e-6
    seed: int = 0
    threads: int = 1


NO_LIMITS = Limits()
"""Until the best plan is proven."""
