"""The road map of phases: what opens, is built and comes when, and each phase in one row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.instance import Decisions, Instance
from clusterplan.plan import Plan
from clusterplan.plan.evaluate import evaluate
from clusterplan.region import PhaseRegion, Region

COLUMNS = (
    "kind",
    "id",
    "name",
    "status",
    "park",
    "phase",
    "year",
    "until",
    "could_come",
    "waits",
    "forward",
    "grant_pv_m",
)


def value_of(instance: Instance, decisions: Decisions) -> float:
    """Return the value of decisions, m currency/y."""
    amounts = evaluate(instance, decisions).amounts
    return float(sum(weight * amounts[term] for term, weight in instance.weights.items()))


def frame_of(
    phases: Sequence[PhaseRegion],
    plans: Mapping[str, Plan],
    alone: Sequence[Decisions | None],
    instances: Sequence[Instance],
    forward: Sequence[float],
) -> pd.DataFrame:
    """Return a row a phase; columns as of `Phases.frame`.

    Parameters
    ----------
    phases, plans
        The phases and their plans.
    alone
        What each phase decides with nothing held.
    instances
        The instance of each phase.
    forward
        Values of phases that look no further than themselves, as far as they have plans, m currency/y.
    """
    rows, seen, opened, paid = [], set[str](), set[str](), 0.0
    for p, phase in enumerate(phases):
        plan, best = plans[phase.id], alone[p]
        here = set(plan.firms.index[plan.firms["park"].notna()])
        parks = set(plan.parks.index[plan.parks["open"].eq(True)])
        granted = float(plan.grants["amount_pv_m"].sum())
        rows.append({
            "phase": phase.id,
            "title": phase.title,
            "from_year": phase.from_year,
            "years": phase.years,
            "weight_y": phase.weight_y,
            "value_m_y": plan.value,
            "present_m": phase.weight_y * plan.value,
            "alone_m_y": np.nan if best is None else max(plan.value, value_of(instances[p], best)),
            "forward_m_y": forward[p] if p < len(forward) else np.nan,
            "firms": len(here),
            "came": len(here - seen) if p else len(here & _free(phase.region.firms, "existing")),
            "parks": len(parks),
            "opened": len(parks - opened) if p else len(parks & _free(phase.region.parks, "open")),
            "awarded_pv_m": granted - paid,
            "grants_m_y": float(plan.grants["amount_m_y"].sum()),
        })  # fmt: skip
        seen, opened, paid = here, parks, granted
    return pd.DataFrame(rows).set_index("phase")


def _free(table: pd.DataFrame, there: str) -> set[str]:
    return set(table.index[table["status"] != there])


def roadmap_of(
    region: Region,
    phases: Sequence[PhaseRegion],
    plans: Mapping[str, Plan],
    instances: Sequence[Instance],
    forward: Sequence[Decisions],
) -> pd.DataFrame:
    """Return when everything comes; columns as of `Phases.roadmap`, by year, parks first.

    Parameters
    ----------
    region
        The region with its phases.
    phases, plans, instances
        The phases, their plans and instances.
    forward
        What phases decide that look no further than themselves, as far as they have plans.
    """
    rows = [
        *_rows("park", region.parks, phases, _parks(phases, plans), [d.opened for d in forward]),
        *_levels(phases, plans),
        *_works(region, phases, plans),
        *_rows("firm", region.firms, phases, _firms(phases, plans), [d.park >= 0 for d in forward]),
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    until = phases[-1].from_year + phases[-1].years
    granted = pd.Series(dtype=float)
    for phase in phases:
        table = plans[phase.id].grants
        granted = table.groupby("firm")["amount_pv_m"].sum()
    frame["until"] = until
    is_firm = frame["kind"] == "firm"
    frame["grant_pv_m"] = np.where(is_firm, frame["id"].map(granted).fillna(0.0).astype(float), np.nan)
    order = {"park": 0, "level": 1, "work": 2, "firm": 3}
    frame["order"] = frame["kind"].map(order)
    return frame.sort_values(["year", "order"], kind="stable", ignore_index=True).drop(columns="order")


def _parks(phases: Sequence[PhaseRegion], plans: Mapping[str, Plan]) -> list[Mapping[str, Any]]:
    return [dict(p[p["open"].eq(True)].index.to_series()) for p in (plans[f.id].parks for f in phases)]


def _firms(phases: Sequence[PhaseRegion], plans: Mapping[str, Plan]) -> list[Mapping[str, Any]]:
    return [dict(plans[phase.id].firms["park"].dropna()) for phase in phases]


def _rows(
    kind: str,
    table: pd.DataFrame,
    phases: Sequence[PhaseRegion],
    there: Sequence[Mapping[str, Any]],
    forward: Sequence[Any],
) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each park or firm that is in the plan of the last phase."""
    in_place = {"park": "open", "firm": "existing"}[kind]
    for n, (name, row) in enumerate(zip(map(str, table.index), table.to_dict("records"), strict=True)):
        comes = next((p for p, here in enumerate(there) if name in here), None)
        if comes is None:
            continue
        year = row["from_year"]
        could = next(p for p, phase in enumerate(phases) if not phase.from_year < year)
        alone = next((phases[p].id for p, here in enumerate(forward) if here[n]), None)
        is_there = row["status"] == in_place
        yield (
            kind,
            name,
            row["name"] or name,
            row["status"],
            there[comes][name],
            phases[comes].id,
            phases[comes].from_year,
            0,
            None if is_there else phases[could].id,
            0 if is_there else comes - could,
            alone,
            np.nan,
        )


def _levels(phases: Sequence[PhaseRegion], plans: Mapping[str, Plan]) -> Iterator[tuple[Any, ...]]:
    before: dict[Any, Any] = {}
    for phase in phases:
        now = dict(plans[phase.id].parks["level"].dropna())
        for park, level in now.items():
            if before.get(park) != level:
                yield _built("level", f"{park}/{level}", f"{park}: {level}", park, phase)
        before = now


def _works(
    region: Region, phases: Sequence[PhaseRegion], plans: Mapping[str, Plan]
) -> Iterator[tuple[Any, ...]]:
    for work, row in zip(map(str, region.works.index), region.works.to_dict("records"), strict=True):
        comes = next((phase for phase in phases if bool(plans[phase.id].works["built"][work])), None)
        if comes is not None:
            yield _built("work", work, row["name"] or work, row["park"], comes)


def _built(kind: str, one: str, name: str, park: Any, phase: PhaseRegion) -> tuple[Any, ...]:
    return (
        kind,
        one,
        name,
        "candidate",
        park,
        phase.id,
        phase.from_year,
        0,
        phase.id,
        0,
        None,
        np.nan,
    )
