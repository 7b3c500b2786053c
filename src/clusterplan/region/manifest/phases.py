"""Phases: the years in which a plan stands as it is."""

from __future__ import annotations

import itertools
from typing import Annotated

from pydantic import BaseModel, Field

from clusterplan.region.manifest.strict import STRICT, Amount


class Phase(BaseModel):
    """Years in which a plan stands as it is, until the next phase begins."""

    model_config = STRICT

    id: Annotated[str, Field(min_length=1, description="Id of the phase.")]
    title: Annotated[str, Field(description="Name as people say it.")] = ""
    from_year: Annotated[int, Field(ge=1950, le=2200, description="Calendar year in which it begins.")]
    years: Annotated[
        int | None,
        Field(
            ge=1, le=100, description="How long it lasts; absent: until the next begins, the last for life_y."
        ),
    ] = None
    budgets: Annotated[
        dict[str, Amount],
        Field(
            description="What each total_pv budget has for awards made in this phase, present value in its "
            "first year, millions of currency; what is left is lost. A budget that no phase names is one "
            "amount for all of them."
        ),
    ] = {}
    changes: Annotated[
        tuple[str, ...],
        Field(
            description="What is other from this phase on, such as `park.north.land_ha = 40` or "
            "`product.cell.value *= 0.9`, on top of the phases before."
        ),
    ] = ()


def in_order(phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
    """Return phases in the order of their years; others, and ids said twice, are a ValueError."""
    ids = [phase.id for phase in phases]
    if len(set(ids)) < len(ids):
        raise ValueError("two phases have the same id")
    for phase, following in itertools.pairwise(phases):
        if following.from_year <= phase.from_year:
            raise ValueError(f"phase {following.id!r} must begin after phase {phase.id!r}")
        if phase.years is not None and phase.from_year + phase.years != following.from_year:
            raise ValueError(
                f"phase {phase.id!r} must last until phase {following.id!r} begins: "
                f"{following.from_year - phase.from_year} years"
            )
    return phases
