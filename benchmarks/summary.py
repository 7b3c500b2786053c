"""Rows of ways on the same regions, set against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, Any]

OURS = ("clusterplan", "clusterplan search")
"""What `how` says where it is not a solver alone."""
COLUMNS = {
    "region": ("firms × parks", ""),
    "seed": ("seed", "d"),
    "limit": ("ours, s", ".0f"),
    "value": ("our value", ",.2f"),
    "best": ("best alone", ",.2f"),
    "by": ("by", ""),
    "better": ("ours better by", "+.3%"),
    "gap": ("our gap", ".1%"),
    "least_gap": ("least gap alone", ".1%"),
    "gap_ratio": ("ratio", ".2f"),
    "distance": ("our bound − value", ",.2f"),
    "least_distance": ("least alone", ",.2f"),
    "proven_s": ("we prove, s", ".1f"),
    "alone_proven_s": ("alone, s", ".1f"),
}


def summary(rows: Sequence[Row]) -> list[Row]:
    """Return a row for each row of ours: its value, gap and proof beside the best of the solvers alone.

    ``better`` is the difference of our value and the best of theirs, over the size of theirs; ``gap_ratio``
    is our gap over the least of theirs (None where theirs is 0). What nobody has is None.
    """
    out = []
    for same in _groups(rows):
        alone = [row for row in same if row["how"] not in OURS]
        best = max((row for row in alone if row["value"] is not None), key=_value, default=None)
        least_gap, least_distance = _least(alone, "gap"), _least(alone, "distance")
        proven = _least([row for row in alone if row["status"] == "optimal"], "seconds")
        for row in (row for row in same if row["how"] in OURS):
            both = best is not None and row["value"] is not None
            out.append(
                {
                    **{key: row[key] for key in ("region", "seed", "limit", "value", "gap", "distance")},
                    "best": None if best is None else best["value"],
                    "by": "" if best is None else f"{best['how']}, {best['status']}",
                    "better": (row["value"] - best["value"]) / max(1e-9, abs(best["value"]))
                    if both
                    else None,
                    "least_gap": least_gap,
                    "gap_ratio": row["gap"] / least_gap if least_gap and row["gap"] is not None else None,
                    "least_distance": least_distance,
                    "proven_s": row["seconds"] if row["status"] == "optimal" else None,
                    "alone_proven_s": proven,
                }
            )
    return out


def contradictions(rows: Sequence[Row]) -> list[str]:
    """Return a sentence for each region where a value found beats a bound told, by more than 1e-6."""
    said = []
    for same in _groups(rows):
        best = max((row for row in same if row["value"] is not None), key=_value, default=None)
        bound = min(
            (row for row in same if row["bound"] is not None), key=lambda row: row["bound"], default=None
        )
        if best is None or bound is None:
            continue
        if best["value"] - bound["bound"] > 1e-6 * max(1.0, abs(bound["bound"])):
            said.append(
                f"{best['region']}, seed {best['seed']}: {best['how']} found {best['value']:.6f}, "
                f"and the bound of {bound['how']} is {bound['bound']:.6f}."
            )
    return said


def _groups(rows: Sequence[Row]) -> list[list[Row]]:
    """Return rows by region, seed and model, in the order in which they first come."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["region"], row["seed"], row["model"]), []).append(row)
    return list(groups.values())


def _value(row: Mapping[str, Any]) -> float:
    return float(row["value"])


def _least(rows: Sequence[Row], key: str) -> float | None:
    return min((row[key] for row in rows if row[key] is not None), default=None)
