"""Results: what a firm earns, by place and by utilisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clusterplan.instance.frozen import Bools, Floats, Frozen
from clusterplan.region.weights import Term


@dataclass(frozen=True)
class Results(Frozen):
    """What a firm earns, by place and by utilisation.

    Parameters
    ----------
    place_terms, load_terms
        Amounts of objective terms: F×S for being placed, F for full utilisation.
    place, load
        F×S and F: the same for the firm's own surplus, outside option taken off.
    willing
        F, True for a firm that comes only if its surplus is not negative.
    has_surplus
        F, False for platforms and for firms whose outside option is unknown.
    min_load
        F, least utilisation.
    other
        F, what full utilisation by a second route brings more than by a firm's own; None: nobody has one.
    """

    place_terms: Mapping[Term, Floats]
    load_terms: Mapping[Term, Floats]
    place: Floats
    load: Floats
    willing: Bools
    has_surplus: Bools
    min_load: Floats
    other: Floats | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for amounts in (*self.place_terms.values(), *self.load_terms.values()):
            amounts.setflags(write=False)
