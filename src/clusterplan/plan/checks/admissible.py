"""Which firm may be in which park: each condition by itself, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from clusterplan.distance.arrays import BoolArray, FloatArray
from clusterplan.plan.checks.costs import MILLION
from clusterplan.region import HOMES

_ROUNDING = 1e-9
"""Relative slack of a threshold, for numbers that are equal but for rounding."""


class Condition(NamedTuple):
    """A condition on being in a park: ``amount ≥ limit``, firms in rows, parks in columns."""

    rule: str
    amount: FloatArray
    limit: FloatArray

    @property
    def met(self) -> BoolArray:
        """True where it is met."""
        slack = np.where(np.isfinite(self.limit), _ROUNDING * np.maximum(1.0, np.abs(self.limit)), 0.0)
        return np.asarray(self.amount >= self.limit - slack)


def conditions(
    firms: pd.DataFrame,
    parks: pd.DataFrame,
    separations: pd.DataFrame,
    *,
    output_value: FloatArray,
    homes_km: FloatArray,
    capacity: Mapping[str, FloatArray],
) -> list[Condition]:
    """Return the conditions a firm must meet in a park. They do not bind firms that are there already.

    Parameters
    ----------
    firms, parks, separations
        Tables of the region.
    output_value
        Value of full output by firm, currency a year.
    homes_km
        Straight-line distance of each park from the nearest home, km; NaN where there are none.
    capacity
        By resource that firms need, the most that each park can have; infinite for no limit.
    """
    shape = (len(firms), len(parks))

    def by_firm(values: pd.Series | FloatArray) -> FloatArray:
        return np.broadcast_to(np.asarray(values, dtype=float)[:, None], shape)

    def by_park(values: pd.Series | FloatArray) -> FloatArray:
        return np.broadcast_to(np.asarray(values, dtype=float)[None, :], shape)

    def yes(rule: str, holds: FloatArray) -> Condition:
        return Condition(rule, holds, np.ones(shape))

    def least(rule: str, amount: FloatArray, limit: str) -> Condition:
        """Least amount a hectare; free for platforms and for firms that take no land."""
        land = firms["land_ha"].to_numpy(dtype=float)
        free = (land == 0) | firms["is_platform"].to_numpy(dtype=bool)
        per_ha = np.where(free, np.inf, amount / np.where(land == 0, 1.0, land))
        return Condition(rule, by_firm(per_ha), by_park(parks[limit]))

    found = [
        yes("siting.excluded_firm", by_firm(firms["status"] != "excluded")),
        yes("siting.locked_out_firm", by_firm(firms["lock"] != "out")),
        yes("siting.excluded_park", by_park(parks["status"] != "excluded")),
        yes("siting.locked_out_park", by_park(parks["lock"] != "out")),
        yes("admission.only_parks", _listed(firms["only_parks"], parks.index, empty=True)),
        yes("admission.not_parks", 1.0 - _listed(firms["not_parks"], parks.index, empty=False)),
        yes("admission.stage", _listed(parks["admits"], pd.Index(firms["stage"]), empty=True).T),
        least("admission.investment", firms["investment_m"].to_numpy(dtype=float), "min_investment_m_ha"),
        least("admission.output", MILLION * output_value, "min_output_m_ha_y"),
        least("admission.tax", firms["tax_m_y"].to_numpy(dtype=float), "min_tax_m_ha_y"),
    ]
    made = MILLION * output_value
    unasked = (made == 0) | firms["is_platform"].to_numpy(dtype=bool)
    intensity = firms["energy_mwh_y"].to_numpy(dtype=float) / np.where(unasked, 1.0, made)
    most = parks["max_energy_mwh_m"].astype(float).fillna(np.inf)
    found.append(Condition("admission.energy", by_park(most), by_firm(np.where(unasked, 0.0, intensity))))
    keep_off = separations[separations["from_stage"] == HOMES].set_index("stage")["min_km"]
    far = firms["stage"].map(keep_off).astype(float).fillna(-np.inf)
    found.append(
        Condition("admission.homes", by_park(np.where(np.isnan(homes_km), np.inf, homes_km)), by_firm(far))
    )
    for resource, room in capacity.items():
        found.append(Condition(f"admission.{resource}", by_park(room), by_firm(firms[resource])))
    return found


def admissible(found: Sequence[Condition], home: np.ndarray) -> BoolArray:
    """Return where each firm may be: where every condition is met, and an existing firm only at home.

    Parameters
    ----------
    found
        The conditions.
    home
        Park of each existing firm as a position, −1 for the others.
    """
    may = np.logical_and.reduce([condition.met for condition in found])
    existing = home >= 0
    may[existing] = False
    may[np.flatnonzero(existing), home[existing]] = True
    return np.asarray(may)


def _listed(lists: pd.Series, ids: pd.Index, *, empty: bool) -> FloatArray:
    """Return 1 where the id of a column is in the list of a row, else 0; an empty list gives ``empty``."""
    known = np.asarray(ids, dtype=object)
    rows = [np.isin(known, list(items)) if items else np.full(len(known), empty) for items in lists]
    return np.array(rows, dtype=float).reshape(len(lists), len(known))
