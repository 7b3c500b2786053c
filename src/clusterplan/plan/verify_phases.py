"""`verify_phases`: check plans of phases without the model they came from."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from clusterplan.plan.checks.breach import Breach, Gauge
from clusterplan.plan.checks.case import PlanLike, case_of
from clusterplan.plan.checks.instruments import grants
from clusterplan.plan.checks.phases import PhaseCase, over_phases
from clusterplan.plan.verify import verify
from clusterplan.region import Region


def verify_phases(
    region: Region, plans: Mapping[str, PlanLike], value_m: float, tolerance: float = 1e-6
) -> pd.DataFrame:
    """Check plans of phases: each by itself, what stays, when money is awarded and paid, and the value.

    Parameters
    ----------
    region
        The region with its phases.
    plans
        The plan of each phase, by its id.
    value_m
        Present value that is told, m currency.
    tolerance
        As of `clusterplan.verify`.

    Returns
    -------
    DataFrame
        Rows as of `clusterplan.verify`, ids with the phase in front. Empty when all holds; what follows from
        phase to phase is checked only where each plan holds by itself.
    """
    frames = []
    for name, plan in plans.items():
        frame = verify(plan, tolerance)
        frames.append(frame.assign(id=[f"{name}/{one}" for one in frame["id"]]))
    alone = pd.concat(frames, ignore_index=True)
    if len(alone):
        return alone
    phases = region.manifest.phases
    ends = [*(phase.from_year for phase in phases[1:]), None]
    cases = []
    for phase, end in zip(phases, ends, strict=True):
        years = phase.years if end is None else end - phase.from_year
        case = case_of(plans[phase.id], tolerance)
        lasting = max(1, round(region.manifest.life_y)) if years is None else years
        cases.append(PhaseCase(phase.id, phase.from_year, lasting, case, grants(case)))
    breaches = list(over_phases(region, cases, value_m, Gauge(tolerance)))
    frame = pd.DataFrame(breaches, columns=list(Breach._fields))
    return frame.astype({"rule": object, "id": object, "amount": float, "limit": float, "excess": float})
