"""Proof: value, bound, gap and status agree."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from clusterplan.plan.checks.breach import Breach
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.cells import numbers

CLOSED_GAP = 1e-5
"""Gap up to which a plan may be called optimal, relative to its value."""
_ROUNDING = 1e-6
"""What adding terms up in another order may cost, relative to the sum of their sizes."""


def proof(case: Case) -> Iterator[Breach]:
    """Yield a bound below the value, a gap that is not theirs, a status they do not bear out."""
    gauge, plan = case.gauge, case.plan
    yield from gauge.holds("proof.status", [str(plan.status)], [plan.status in ("optimal", "feasible")])
    value = float(plan.value)
    yield from gauge.holds("proof.value", ["value"], [np.isfinite(value)])
    if plan.bound is None:
        yield from gauge.holds("proof.gap", ["gap"], [plan.gap is None])
        yield from gauge.holds("proof.optimal", ["bound"], [plan.status != "optimal"])
        return
    bound = float(plan.bound)
    yield from gauge.holds("proof.bound", ["bound"], [np.isfinite(bound)])
    yield from gauge.at_least("proof.bound", ["bound"], bound, value)
    told = np.nan if plan.gap is None else float(plan.gap)
    yield from gauge.equal("proof.gap", ["gap"], told, (bound - value) / max(1e-9, abs(value)))
    if plan.status == "optimal":
        sizes = float(np.nansum(np.abs(numbers(plan.terms["value"]))))
        closed = max(CLOSED_GAP * abs(value), _ROUNDING * sizes)
        yield from gauge.at_most("proof.optimal", ["bound"], bound - value, closed)
