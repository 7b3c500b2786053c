"""`Scenario`: a future, and the futures that a region's folder holds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from clusterplan.errors import UsageError
from clusterplan.instance import Floats
from clusterplan.region import Changes, Region


@dataclass(frozen=True)
class Scenario:
    """A future: what changes, and how likely it is.

    Parameters
    ----------
    name
        What it is called.
    changes
        Lines as `clusterplan.change` takes them; empty for a future like today's.
    probability
        How likely, in any unit: probabilities are scaled to sum to 1.
    fulfilment
        By instrument: share of an award that is paid in this future, 0 to 1; of others, what the changes
        leave of what the instrument gives.
    """

    name: str
    changes: Changes = ()
    probability: float = 1.0
    fulfilment: Mapping[str, float] = field(default_factory=dict)


def futures_of(region: Region) -> list[Scenario]:
    """Return the futures that a region's ``scenarios.yaml`` holds.

    Parameters
    ----------
    region
        The region.

    Raises
    ------
    UsageError
        If it holds none.
    """
    frame = region.scenarios
    if not len(frame):
        raise UsageError(
            f"The region {region.name} holds no scenarios. Give some, or write them in scenarios.yaml."
        )
    rows = zip(frame.index, frame["changes"], frame["probability"], frame["fulfilment"], strict=True)
    return [Scenario(str(name), changes, float(chance), dict(paid)) for name, changes, chance, paid in rows]


def chances(futures: Sequence[Scenario]) -> Floats:
    """Return the probabilities of futures, scaled to sum to 1."""
    given = np.array([future.probability for future in futures], dtype=float)
    return np.asarray(given / given.sum())


def check_futures(futures: Sequence[Scenario], rho: float, alpha: float) -> None:
    """Check what is asked of several futures.

    Raises
    ------
    UsageError
        If there are none, names repeat, or a number cannot be meant.
    """
    names = [future.name for future in futures]
    if not names:
        raise UsageError("Give at least one scenario.")
    if len(set(names)) < len(names):
        raise UsageError("Scenarios have names of their own; give each another.")
    if not all(math.isfinite(future.probability) and future.probability > 0 for future in futures):
        raise UsageError("The probability of a scenario is more than 0.")
    if not all(0 <= share <= 1 for future in futures for share in future.fulfilment.values()):
        raise UsageError("A fulfilment is the share of an award that is paid, 0 to 1.")
    if not (0 <= rho <= 1 and 0 <= alpha < 1):
        raise UsageError(f"rho is 0 to 1 and alpha 0 to below 1, not {rho} and {alpha}.")
