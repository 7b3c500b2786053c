"""`plan.json`: a plan as plain values, for other programs to read.

The keys, their order and their units are those of `schema/plan.schema.json`. Numbers keep their full
precision, so that a plan is read back as it was; what is not known is None.
"""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from clusterplan.errors import Fault
from clusterplan.plan.plan import Plan
from clusterplan.plan.schema import VERSION
from clusterplan.region import Region, preset_weights

SUPPLY_KEYS = (
    "from",
    "to",
    "gateway",
    "product",
    "quantity_per_y",
    "from_park",
    "to_park",
    "freight_m_y",
)
LOOP_KEYS = ("loop", "firm", "park", "closed", "value_m_y", "missing")
LINK_KEYS = ("link", "from", "to", "from_park", "to_park", "proximity", "value_m_y")
WORK_KEYS = ("work", "built", "public_cost_m_y")
GRANT_KEYS = ("firm", "instrument", "budget", "amount_m_y", "amount_pv_m", "rent_m_y")


def document(plan: Plan) -> dict[str, Any]:
    """Return the content of `plan.json`.

    Parameters
    ----------
    plan
        The plan.

    Returns
    -------
    dict
        Plain values with the keys of the schema, in its order: dicts, lists, str, float, int, bool and None;
        never NaN or infinity.
    """
    region, terms, indicators = plan.region, plan.terms, plan.indicators
    return {
        "schema": VERSION,
        "region": region.name,
        "currency": region.manifest.currency,
        "sense": "max",
        "status": plan.status,
        "value": plain(plan.value),
        "bound": plain(plan.bound),
        "gap": plain(plan.gap),
        "weights": _by_key(plan.weights),
        "terms": _by_key(terms["value"].to_dict()),
        "amounts": _by_key(terms["amount"].to_dict()),
        "indicators": {
            str(name): {"value": plain(value), "unit": unit}
            for name, value, unit in zip(
                indicators.index, indicators["value"], indicators["unit"], strict=True
            )
        },
        "parks": _parks(plan),
        "firms": _rows_by_id(plan.firms, ("park", "utilisation", "surplus_m_y", "grants_m_y")),
        "supply": _rows(plan.supply, SUPPLY_KEYS),
        "links": _rows(plan.links, LINK_KEYS),
        "loops": _loops(plan),
        "grants": _rows(plan.grants, GRANT_KEYS),
        "works": _rows(plan.works.reset_index(), WORK_KEYS),
        "assumed": {
            "share": plain(region.assumed_share),
            "firms_on_assumed_outside": len(firms_on_assumed_outside(plan)),
        },
        "faults": [],
    }


def no_plan_document(
    status: Literal["infeasible", "no_plan"],
    *,
    region: Region | None = None,
    faults: Sequence[Fault] = (),
    bound: float | None = None,
) -> dict[str, Any]:
    """Return the content of `plan.json` where there is no plan: the same keys, with null and nothing in them.

    Parameters
    ----------
    status
        ``infeasible`` where it is proven that no plan exists, ``no_plan`` where none was found.
    region
        What was to be planned; None where it could not be read.
    faults
        What stands in the way, as far as it is known.
    bound
        No plan would be worth more than this, m currency/y; None if no bound is known.
    """
    weights: Mapping[Any, float] = {}
    if region is not None:
        weights = preset_weights(region.manifest.objective, region.manifest.weights)
    return {
        "schema": VERSION,
        "region": None if region is None else region.name,
        "currency": None if region is None else region.manifest.currency,
        "sense": "max",
        "status": status,
        "value": None,
        "bound": plain(bound),
        "gap": None,
        "weights": _by_key(weights),
        "terms": {},
        "amounts": {},
        "indicators": {},
        "parks": {},
        "firms": {},
        "supply": [],
        "links": [],
        "loops": [],
        "grants": [],
        "works": [],
        "assumed": {
            "share": None if region is None else plain(region.assumed_share),
            "firms_on_assumed_outside": None,
        },
        "faults": [fault.as_dict() for fault in faults],
    }


def as_text(content: Mapping[str, Any]) -> str:
    """Return plain values as the JSON text that is written and printed, the same for the same content."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def firms_on_assumed_outside(plan: Plan) -> tuple[str, ...]:
    """Return the placed candidates whose outside option is assumed: their coming rests on an assumption."""
    firms, numbers = plan.firms, plan.region.provenance_of()
    assumed = numbers.loc[(numbers["column"] == "outside_m_y") & (numbers["kind"] == "assumed"), "id"]
    there = firms["park"].notna() & (firms["status"] == "candidate") & firms.index.isin(assumed)
    return tuple(firms.index[there])


def _parks(plan: Plan) -> dict[str, Any]:
    parks, resources = plan.parks, plan.region.resources
    rows = _rows_by_id(parks, ("open", "level"))
    used = parks[[f"used_{resource}" for resource in resources]].to_numpy(float)
    return {
        park: {**row, "used": {r: plain(amount) for r, amount in zip(resources, amounts, strict=True)}}
        for (park, row), amounts in zip(rows.items(), used, strict=True)
    }


def _loops(plan: Plan) -> list[dict[str, Any]]:
    rows = _rows(plan.loops, LOOP_KEYS)
    return [{**row, "missing": [stage for stage in row["missing"].split(";") if stage]} for row in rows]


def _rows(frame: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, Any]]:
    values = [frame[column].tolist() for column in columns]
    return [
        {column: plain(value) for column, value in zip(columns, row, strict=True)}
        for row in zip(*values, strict=True)
    ]


def _rows_by_id(frame: pd.DataFrame, columns: Sequence[str]) -> dict[str, Any]:
    return dict(zip(map(str, frame.index), _rows(frame, columns), strict=True))


def _by_key(amounts: Mapping[Any, float] | Mapping[Hashable, Any]) -> dict[str, Any]:
    return {str(key): plain(amount) for key, amount in amounts.items()}


def plain(value: Any) -> Any:
    """Return a value, or dicts and lists of values, as plain ones: None for what is not known."""
    if isinstance(value, Mapping):
        return {str(key): plain(of) for key, of in value.items()}
    if isinstance(value, list | tuple):
        return [plain(of) for of in value]
    if value is None or isinstance(value, bool | str | int):
        return value
    number = float(value)
    return number + 0.0 if math.isfinite(number) else None  # + 0.0: no negative zero
