"""Terms: every amount recomputed, weighted, and added up to the value."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clusterplan.plan.checks.breach import Breach
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.ledger import Ledger
from clusterplan.region import TERMS


def terms(case: Case, money: Ledger) -> Iterator[Breach]:
    """Yield terms whose amount, weight or value is wrong, and a value that is not their sum."""
    gauge, table, names = case.gauge, case.plan.terms, list(TERMS)
    told = table[~table.index.duplicated()].reindex(names).apply(pd.to_numeric, errors="coerce")
    true = np.array([money.amounts[term] for term in TERMS])
    weight = np.array([case.plan.weights.get(term, np.nan) for term in TERMS], dtype=float)
    yield from gauge.equal("terms.amount", names, told["amount"], true)
    yield from gauge.equal("terms.weight", names, told["weight"], weight)
    yield from gauge.equal("terms.value", names, told["value"], true * weight)
    extra = [name for name in case.plan.weights if name not in TERMS]
    yield from gauge.holds("terms.unknown_weight", extra, np.zeros(len(extra)))
    size = max(1.0, float(np.nansum(np.abs(true * weight))))
    yield from gauge.equal("terms.sum", ["value"], case.plan.value, float((true * weight).sum()), size)
