"""Incentives of a region as awards: who could get what, how much, from which budget.

The most that an instrument gives is rate × basis × present value of its payment schedule
(`clusterplan.instance.schedules`); times the capital recovery factor that is its annual equivalent. Source:
standard annuity arithmetic.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.distance import RegionDistances
from clusterplan.instance.awards import Awards
from clusterplan.instance.costs import MILLION, Costs
from clusterplan.instance.frozen import Bools, Floats, as_bools, as_floats, as_ints
from clusterplan.instance.pooled import access, budgets, shared
from clusterplan.instance.public import Payments
from clusterplan.instance.schedules import rate_of, schedule, worth_of
from clusterplan.region import BASES, Manifest, Region, rows


def awards(
    region: Region, cost: Costs, admissible: Bools, beside: Payments, distances: RegionDistances
) -> tuple[Awards, Floats]:
    """Return every award that meets its conditions somewhere, and what others take from the budgets.

    Parameters
    ----------
    region, cost, admissible
        The region, what places cost, and where firms may be.
    beside
        What else is paid from budgets; the second array is B×n, what each of these takes from each row.
    distances
        How far parks are from platforms.
    """
    manifest, parks, incentives = region.manifest, region.parks, region.incentives
    crf = manifest.capital_recovery
    firm, instrument, cap, least, load_cap = [], [], [], [], []
    for i, row in enumerate(rows(incentives)):
        eligible = _eligible(region, row)
        here = parks.index.isin(row.parks) if row.parks else np.ones(len(parks), dtype=bool)
        if row.areas:
            here = here & parks["area"].isin(row.areas).to_numpy(bool)
        full = most = _basis(region, cost, row) * rate_of(row) * schedule(row, manifest).pv * crf
        if not pd.isna(row.max_m):
            most = np.minimum(most, row.max_m * crf)
        most = np.where(admissible & eligible[:, None] & here[None, :], most, 0.0)
        smallest = row.min_m * crf
        most[most < smallest * (1 - 1e-12)] = 0.0  # ten tenths are a little less than one
        for f in np.flatnonzero(most.max(axis=1, initial=0.0) > 0):
            firm.append(f)
            instrument.append(i)
            cap.append(most[f])
            least.append(smallest)
            load_cap.append(full[f].max() if BASES[row.basis].by_load else np.inf)
    of = incentives.iloc[instrument]
    funds = of["budget"].map({name: budget.cost_of_funds for name, budget in manifest.budgets.items()})
    group, group_names = pd.factorize(of["exclusive_group"])
    rows_of, taken = budgets(region, of, beside)
    found = Awards(
        firm=as_ints(firm),
        instrument=as_ints(instrument),
        instruments=tuple(incentives.index),
        cap=np.array(cap).reshape(len(firm), len(parks)),
        least=as_floats(least),
        group=as_ints(group),
        group_names=tuple(str(name) for name in group_names),
        worth=as_floats([worth_of(row, manifest) for row in rows(of)]),
        cost=as_floats(of["public_cost"] * funds.astype(float)),
        counts=as_bools(of["counts_as_aid"]),
        ceiling=_ceiling(region),
        load_cap=as_floats(load_cap),
        **rows_of,
        **shared(region, of, [int(f) for f in firm]),
        **access(region, of, distances),
    )
    return found, taken


def _eligible(region: Region, row: Any) -> Bools:
    firms, year = region.firms, region.manifest.award_year
    if row.valid_from > year or row.valid_until < year:  # an empty year is NaN and never so
        return np.zeros(len(firms), dtype=bool)
    eligible = ~firms["is_platform"].to_numpy(bool)
    if not row.is_retention:
        eligible &= (firms["status"] == "candidate").to_numpy(bool)
    if row.new_entrants_only:
        eligible &= firms["is_new_entrant"].to_numpy(bool)
    for allowed, column in ((row.stages, "stage"), (row.routes, "route"), (row.sizes, "size")):
        if allowed:
            eligible &= firms[column].isin(allowed).to_numpy(bool)
    if row.firms:
        eligible &= firms.index.isin(row.firms)
    eligible &= (firms["investment_m"] >= row.min_investment_m).to_numpy(bool)
    eligible &= (firms["workers"] >= row.min_workers).to_numpy(bool)
    land = firms["land_ha"].to_numpy(float)
    for least, own in ((row.min_investment_m_ha, "investment_m"), (row.min_tax_m_ha_y, "tax_m_y")):
        eligible &= (firms[own].to_numpy(float) >= least * land * (1 - 1e-12)) | (land == 0)
    return np.asarray(eligible)


def _basis(region: Region, cost: Costs, row: Any) -> Floats:
    """Return what the rate is applied to, F×S, m currency (once or a year, as the basis is)."""
    firms, parks = region.firms, region.parks

    def same(amounts: Any) -> Floats:
        return np.tile(np.asarray(amounts, dtype=float)[:, None], (1, len(parks)))

    amounts: dict[str, Floats] = {
        "investment": same(firms["investment_m"]),
        "land": np.outer(firms["land_ha"], parks["land_price_m_ha"]),
        "rent": cost.rent,
        "tax": same(firms["tax_m_y"]),
        "energy": cost.energy,
        "wages": cost.labour,
        "output": same(firms["output_per_y"].fillna(0.0) * MILLION),
        "jobs": same(firms["workers"] * MILLION),
        "fixed": same(np.ones(len(firms))),
        "access": same(np.ones(len(firms))),
    }
    amounts["order"] = amounts["output"]
    if row.basis in ("interest", "loan"):
        lent: Floats = amounts["investment"] * float(row.loan_share)
        return lent
    return amounts[row.basis]


def _ceiling(region: Region) -> Floats:
    """Return the most aid as an annual equivalent, F×S; infinite where there is no ceiling.

    A park's ceiling for the size of the firm goes before the park's own, that before the manifest's.
    What is multiplied is the part of the investment that `aid_scale` lets count. Source of the form: the
    adjusted aid amount R × (A + 0.50 × B + c × C) of large projects in the EU's regional aid rules, with
    c = 0.34 where aid is notified and 0 where it is not. There R leaves out the increase for smaller firms,
    here the ceiling of the firm's own size is scaled.
    """
    firms, parks, manifest = region.firms, region.parks, region.manifest
    by_size = firms["size"].map(manifest.aid_ceiling.model_dump()).astype(float).to_numpy()
    share = np.repeat(by_size[:, None], len(parks), axis=1)
    for column, applies in (
        ("aid_ceiling", np.ones(len(firms), dtype=bool)),
        *((f"aid_ceiling_{size}", (firms["size"] == size).to_numpy(bool)) for size in ("medium", "small")),
    ):
        here = parks[column].to_numpy(float)[None, :]
        share = np.where(applies[:, None] & ~np.isnan(here), here, share)
    invested = firms["investment_m"].to_numpy(float)
    counted = _counted(invested, manifest) * manifest.capital_recovery
    limited = ~np.isnan(share)
    return np.where(limited, np.where(limited, share, 0.0) * counted[:, None], np.inf)


def _counted(invested: Floats, manifest: Manifest) -> Floats:
    """Return the part of each investment that counts for the ceiling, millions."""
    if not manifest.aid_scale:
        return invested
    ends = [math.inf if part.up_to_m is None else part.up_to_m for part in manifest.aid_scale]
    starts = [0.0, *ends[:-1]]
    slices = zip(starts, ends, manifest.aid_scale, strict=True)
    return sum(
        (part.share * np.clip(invested - start, 0.0, end - start) for start, end, part in slices),
        start=np.zeros_like(invested),
    )
