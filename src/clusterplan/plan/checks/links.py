"""Links: exactly those that are realised are shown, and truly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from clusterplan.plan.checks.breach import Breach
from clusterplan.plan.checks.case import Case
from clusterplan.plan.checks.cells import numbers, texts


def links(case: Case, true: pd.DataFrame) -> Iterator[Breach]:
    """Yield links that are missing, repeated, not realised, or told wrongly.

    Parameters
    ----------
    case
        The case.
    true
        The realised links.
    """
    gauge, told = case.gauge, case.plan.links
    # A link worth nothing adds nothing wherever it stands: it may be shown or left out.
    worth = true[true["value_m_y"] != 0]
    yield from gauge.holds("links.missing", list(worth["link"]), worth["link"].isin(told["link"]))
    yield from gauge.holds("links.realised", list(told["link"]), told["link"].isin(true["link"]))
    yield from gauge.holds("links.repeated", list(told["link"]), ~told["link"].duplicated())
    both = told.merge(true, on="link", suffixes=("", "_true"))
    ids = list(both["link"])
    yield from gauge.holds("links.kind", ids, texts(both["kind"]) == texts(both["kind_true"]))
    firms, parks = (np.array(frame.index, dtype=object) for frame in (case.firms, case.parks))
    for end, side in (("from", "a"), ("to", "b")):
        at = both[side].to_numpy(dtype=int)
        yield from gauge.holds(f"links.{end}", ids, texts(both[end]) == firms[at])
        here = parks[case.decided.park[at]]
        yield from gauge.holds(f"links.{end}_park", ids, texts(both[f"{end}_park"]) == here)
    for column in ("distance_km", "proximity", "value_m_y"):
        read = numbers(both[column])
        yield from gauge.equal(f"links.{column}", ids, read, both[f"{column}_true"].to_numpy(dtype=float))
