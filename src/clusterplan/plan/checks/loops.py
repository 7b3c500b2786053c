"""Innovation loops: which are closed, told again from places and distances alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clusterplan.plan.checks.breach import Breach, named
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.cells import numbers, texts


def closed_loops(case: Case) -> pd.DataFrame:
    """Return a row for each loop of each producer that is placed.

    A loop is closed if, for each stage that it needs, a firm or platform of the stage, another than the
    producer, is in a park to which the way from the producer's park is no longer than the reach: that of
    the loop, or where it has none, as far as links have any proximity.

    Returns
    -------
    DataFrame
        Columns loop, f (position of the producer), firm, park, closed, value_m_y (0 where it is not closed),
        share_m_y (what the producer keeps of it), missing (stages joined by ``;``).
    """
    firms, here = case.firms, case.decided.park
    way, proximity = np.asarray(case.distances.parks.measure), np.asarray(case.distances.proximity())
    by_stage: dict[str, list[int]] = {}
    for f in np.flatnonzero(case.decided.placed).tolist():
        by_stage.setdefault(str(firms["stage"].iloc[f]), []).append(f)
    found = []
    for row in case.region.loops.reset_index().to_dict("records"):
        near = proximity > 0 if pd.isna(row["reach"]) else way <= row["reach"]
        for f in by_stage.get(row["stage"], []):
            if row["route"] is not None and firms["route"].iloc[f] != row["route"]:
                continue
            missing = [
                stage
                for stage in row["needs"]
                if not any(near[here[f], here[g]] for g in by_stage.get(stage, []) if g != f)
            ]
            value = 0.0 if missing else float(row["value_m_y"])
            of_firm = (firms.index[f], case.parks.index[here[f]], not missing)
            found.append((row["loop"], f, *of_firm, value, row["share"] * value, ";".join(missing)))
    columns = ["loop", "f", "firm", "park", "closed", "value_m_y", "share_m_y", "missing"]
    return pd.DataFrame(found, columns=columns).astype(
        {"f": int, "closed": bool, "value_m_y": float, "share_m_y": float}
    )


def loops(case: Case, true: pd.DataFrame) -> Iterator[Breach]:
    """Yield loops that are not shown, shown twice or of nobody, or told wrongly.

    Parameters
    ----------
    case
        The case.
    true
        The loops as `closed_loops` tells them.
    """
    gauge, told = case.gauge, case.plan.loops
    ids, shown = (named(*(list(texts(of[column])) for column in ("loop", "firm"))) for of in (true, told))
    yield from gauge.holds("loops.missing", ids, np.isin(ids, shown))
    yield from gauge.holds("loops.unknown", shown, np.isin(shown, ids))
    yield from gauge.holds("loops.repeated", shown, ~pd.Index(shown, dtype=object).duplicated())
    both = told.merge(true, on=["loop", "firm"], suffixes=("", "_true"))
    names = named(list(both["loop"]), list(both["firm"]))
    for rule, column in (("loops.park", "park"), ("loops.stages", "missing")):
        same = texts(both[column]) == texts(both[f"{column}_true"])
        yield from gauge.holds(rule, names, same)
    yield from gauge.holds("loops.closed", names, both["closed"].eq(both["closed_true"]))
    yield from gauge.equal("loops.value_m_y", names, numbers(both["value_m_y"]), both["value_m_y_true"])
