"""`Decisions`: what is decided, as index arrays; the seed of a plan and of a warm start."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from clusterplan.instance.frozen import Bools, Floats, Frozen, Ints


@dataclass(frozen=True)
class Decisions(Frozen):
    """What is decided in an `Instance`.

    Parameters
    ----------
    opened
        S, True for an open park.
    park
        F, park of each firm, −1 for a firm that is out.
    load
        F, utilisation, 0 for a firm that is out.
    supply
        N, units a year of each supply pair.
    sold, bought
        F×P×G, units a year through each gateway.
    award
        A, annual equivalent of each award, m currency/y.
    level
        L, True for a level that its park has; empty: none.
    built
        W, True for a work that is built; empty: none.
    """

    opened: Bools
    park: Ints
    load: Floats
    supply: Floats
    sold: Floats
    bought: Floats
    award: Floats
    level: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    built: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
