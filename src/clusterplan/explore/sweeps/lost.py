"""Which errors of an executor mean that a worker died, and not that the task failed."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, CancelledError
from typing import Any

LIKE_LOST = ("KilledWorker", "FutureCancelledError", "FutureLostError", "CommClosedError")
"""Names of such errors of `dask.distributed`, which need not be installed."""


def is_lost(error: BaseException) -> bool:
    """Return whether an error means that a worker, or the way to it, was lost."""
    return isinstance(error, BrokenExecutor | CancelledError) or any(
        kind.__name__ in LIKE_LOST for kind in type(error).__mro__
    )


def times(error: BaseException) -> int:
    """Return how often the task was tried: a Dask cluster tries again by itself before it tells."""
    failures: Any = getattr(error, "allowed_failures", 0)
    return 1 + int(failures) if isinstance(failures, int) else 1
