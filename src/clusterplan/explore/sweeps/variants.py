"""Tasks that are made often: one region with several seeds, or with budgets scaled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clusterplan.errors import UsageError
from clusterplan.explore.sweeps.task import Task
from clusterplan.region import Region


def seeds(region: Region, numbers: Sequence[int], **options: Any) -> list[Task]:
    """Return a task for each seed, named ``seed N``.

    Parameters
    ----------
    region
        What to plan.
    numbers
        The seeds.
    **options
        Options of `clusterplan.solve`.
    """
    return [Task(f"seed {number}", region, {**options, "seed": number}) for number in numbers]


def budgets(region: Region, factors: Sequence[float], **options: Any) -> list[Task]:
    """Return a task for each factor, named ``budgets × FACTOR``: all budgets times it. They are a family.

    Parameters
    ----------
    region
        What to plan.
    factors
        What budgets are multiplied by, 0 or more.
    **options
        Options of `clusterplan.solve`.

    Raises
    ------
    UsageError
        If a factor is negative, or the region has no budget.
    """
    if not region.manifest.budgets:
        raise UsageError(f"The region {region.name} has no budgets to scale; add them to its manifest.")
    if not all(factor >= 0 for factor in factors):
        raise UsageError("Budgets are multiplied by 0 or more.")
    return [
        Task(f"budgets × {factor:g}", _scaled(region, factor), options, family=f"budgets of {region.name}")
        for factor in factors
    ]


def _scaled(region: Region, factor: float) -> Region:
    manifest = region.manifest.model_dump(exclude_unset=True)
    for budget in manifest["budgets"].values():
        if budget.get("amount_m") is not None:
            budget["amount_m"] *= factor
        if budget.get("by_year_m"):
            budget["by_year_m"] = [amount * factor for amount in budget["by_year_m"]]
    return region.replace(manifest=manifest)
