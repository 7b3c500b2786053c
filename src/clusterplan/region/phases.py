"""The region of each phase: what is there, what may be awarded, and what the phase counts.

A phase p with first year t_p, in which Y_p years begin, has the weight

    w_p = Σ_{t = t_p − t_1}^{t_p − t_1 + Y_p − 1} (1 + r)^−t

so that the yearly value of what stands in it, times w_p, is its present value in the first year of the first
phase. Source: present value of an annuity that begins later.

In the region of a phase, firms and parks that are not there yet are excluded. Awards stay once they are
made, and so the region of a phase holds what may have been awarded until then: an instrument that has ended
since is as if it had not, and a budget is the sum of what it had from the first phase on (exact limits, by
phase and year, are the program's).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clusterplan.errors import Fault, InputError, UsageError
from clusterplan.region.change import noted
from clusterplan.region.edit import Edit, changes_of
from clusterplan.region.files import MANIFEST_FILE
from clusterplan.region.manifest import Budget, Manifest, Phase
from clusterplan.region.region import Region


@dataclass(frozen=True, eq=False)
class PhaseRegion:
    """A phase of a region.

    Parameters
    ----------
    id, title
        Its id and name.
    from_year, years
        Calendar year in which it begins, and how many years it lasts.
    offset_y
        Years after the first phase began.
    weight_y
        Discounted number of its years, years.
    region
        The region as it is in the phase: one that can be planned by itself.
    open_for_awards
        Ids of the instruments that are awarded in its first year.
    """

    id: str
    title: str
    from_year: int
    years: int
    offset_y: int
    weight_y: float
    region: Region
    open_for_awards: frozenset[str]


def phase_regions(region: Region) -> tuple[PhaseRegion, ...]:
    """Return the region of each phase, in the order of their years.

    Parameters
    ----------
    region
        A region whose manifest has phases.

    Raises
    ------
    UsageError
        If it has none.
    InputError
        If the changes of a phase make no region.
    """
    phases = region.manifest.phases
    if not phases:
        raise UsageError(
            f"Region {region.name!r} has no phases. Write them under phases in region.yaml (id, from_year, "
            "budgets, changes), and from_year of firms and parks that come later."
        )
    given = region.given()
    edit = Edit(given, region.manifest.model_dump(mode="python", exclude_unset=True))
    return tuple(
        _phase(region, place, given, _edited(edit, place, phase)) for place, phase in enumerate(phases)
    )


def years_of(manifest: Manifest) -> list[int]:
    """Return how many years each phase lasts: until the next, the last for its own years or `life_y`."""
    phases = manifest.phases
    starts = [phase.from_year for phase in phases]
    last = phases[-1].years
    return [*np.diff(starts).tolist(), max(1, round(manifest.life_y)) if last is None else last]


def _edited(edit: Edit, place: int, phase: Phase) -> Edit:
    """Make the changes of a phase on top of those before."""
    try:
        for item in changes_of(phase.changes):
            edit.make(item)
    except UsageError as error:
        key = f"phases.{place}.changes"
        fault = Fault(MANIFEST_FILE, str(error), "Correct the line.", column=key, rule="bad_change")
        raise InputError([fault]) from error
    return edit


def _phase(region: Region, place: int, given: Mapping[str, Any], edit: Edit) -> PhaseRegion:
    manifest = region.manifest
    phase, years = manifest.phases[place], years_of(manifest)[place]
    offset, is_last = phase.from_year - manifest.phases[0].from_year, place + 1 == len(manifest.phases)
    tables: dict[str, Any] = {**edit.tables}
    tables["firms"], tables["parks"] = _there(region, edit, phase.from_year, is_last=is_last)
    tables["incentives"], awarded = _instruments(region, place)
    if not is_last:
        tables["requirements"] = _at_the_end(given.get("requirements"))
    changed = region.replace(manifest=_manifest(manifest, place), scenarios=None, **tables)
    if edit.notes:
        changed = changed.replace(provenance=noted(changed.given().get("provenance"), edit.notes))
    return PhaseRegion(
        id=phase.id,
        title=phase.title or phase.id,
        from_year=phase.from_year,
        years=years,
        offset_y=offset,
        weight_y=float(sum((1.0 + manifest.discount_rate) ** -t for t in range(offset, offset + years))),
        region=changed,
        open_for_awards=awarded,
    )


def _there(region: Region, edit: Edit, year: int, *, is_last: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return firms and parks, those that are not there yet excluded.

    Before the last phase so are firms that no park is there for: none of those they may be in, or none that
    is large enough yet.
    """
    parks, firms = region.parks, region.firms
    shut = (parks["from_year"] > year).to_numpy()
    usable = ~shut & ~((parks["status"] == "excluded") | (parks["lock"] == "out")).to_numpy()
    late = (firms["from_year"] > year).to_numpy()
    homeless = np.zeros(len(firms), dtype=bool)
    if not is_last:
        places = np.array([
            [(not only or name in only) and name not in barred for name in parks.index]
            for only, barred in zip(firms["only_parks"], firms["not_parks"], strict=True)
        ]).reshape(len(firms), len(parks))  # fmt: skip
        room = _room(region, edit)
        for resource in region.resources:
            need = edit.frame("firms")[resource].fillna(0.0).to_numpy(float)
            places &= need[:, None] <= room[resource][None, :] * (1 + 1e-9)
        homeless = (firms["status"] != "existing").to_numpy() & ~(places & usable).any(axis=1)
    return (
        _excluded(edit.frame("firms"), late | homeless, year),
        _excluded(edit.frame("parks"), shut, year),
    )


def _room(region: Region, edit: Edit) -> dict[str, Any]:
    """Return the most of each resource that each park can have now, with levels and works."""
    parks, found = edit.frame("parks"), {}
    for resource in region.resources:
        own = parks[resource] if resource in parks else pd.Series(np.nan, index=parks.index)
        most = own.astype(float).fillna(np.inf)
        for park, size in zip(region.levels["park"], region.levels[resource], strict=True):
            if not np.isnan(size):
                most[park] = max(most[park], size)
        for park, adds in zip(region.works["park"], region.works["adds"], strict=True):
            if park is not None:
                most[park] += dict(adds).get(resource, 0.0)
        found[resource] = most.to_numpy()
    return found


def _excluded(frame: pd.DataFrame, out: Any, year: int) -> pd.DataFrame:
    """Return a table in which rows are excluded that come later; of the others it says no year."""
    frame = frame.copy()
    status = frame["status"].astype(object)
    frame["status"] = status.where(~out, "excluded")
    if "lock" in frame.columns:
        frame["lock"] = frame["lock"].astype(object).where(~out, None)
    given = frame["from_year"] if "from_year" in frame.columns else pd.Series(np.nan, index=frame.index)
    frame["from_year"] = np.where(out, np.fmax(given.astype(float), year + 1.0), np.nan)
    return frame


def _instruments(region: Region, place: int) -> tuple[pd.DataFrame | None, frozenset[str]]:
    """Return the instruments of a phase, and the ids of those that are awarded in it.

    What was open in an earlier phase counts as open still: its awards stay.
    """
    incentives, phases = region.incentives, region.manifest.phases
    year = phases[place].from_year

    def is_open(when: int) -> Any:  # an empty year is NaN and never so
        return ~((incentives["valid_from"] > when) | (incentives["valid_until"] < when)).to_numpy()

    awarded = frozenset(incentives.index[is_open(year)])
    frame = region.given().get("incentives")
    if frame is None:
        return None, awarded
    before = np.zeros(len(incentives), dtype=bool)
    for phase in phases[:place]:
        before |= is_open(phase.from_year)
    ended = before & (incentives["valid_until"] < year).to_numpy()
    if ended.any():
        frame = frame.copy()
        frame["valid_until"] = frame["valid_until"].where(~ended, float(year))
    return frame, awarded


def _at_the_end(frame: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return requirements without what is asked at least: that counts in the last phase."""
    if frame is None or "at_least" not in frame.columns:
        return frame
    frame = frame.copy()
    frame["at_least"] = np.nan
    left = frame[frame["at_most"].notna()] if "at_most" in frame.columns else frame.iloc[:0]
    return left if len(left) else None


def _manifest(manifest: Manifest, place: int) -> dict[str, Any]:
    """Return the manifest of the region of a phase."""
    phase, count = manifest.phases[place], len(manifest.phases)
    plain = manifest.model_dump(mode="python", exclude_unset=True)
    del plain["phases"]
    plain["plan_year"] = phase.from_year
    if count > 1:
        plain["title"] = f"{manifest.title}, {phase.title or phase.id}"
    if place + 1 < count and "open_parks" in plain:
        plain["open_parks"] = {**plain["open_parks"], "at_least": 0}
    for name, budget in manifest.budgets.items():
        plain["budgets"][name] |= until_then(manifest, name, budget, place)
    return plain


def until_then(manifest: Manifest, name: str, budget: Budget, place: int) -> Mapping[str, Any]:
    """Return what a budget had from the first phase to one, as keys of the manifest.

    Every award counts as if it had been made in the first year of the phase: an amount for all phases has
    earned interest until then; of a yearly budget, the years that awards of each phase fall in are added up.
    """
    phases = manifest.phases
    offsets = [phase.from_year - phases[0].from_year for phase in phases[: place + 1]]
    if budget.basis == "per_year":
        paid = budget.by_year_m
        return {
            "by_year_m": [
                sum(paid[min(offset + year, len(paid) - 1)] for offset in offsets)
                for year in range(len(paid))
            ]
        }
    if any(name in phase.budgets for phase in phases):
        return {"amount_m": sum(phase.budgets.get(name, 0.0) for phase in phases[: place + 1])}
    rate = manifest.discount_rate if budget.discount_rate is None else budget.discount_rate
    return {"amount_m": (budget.amount_m or 0.0) * (1.0 + rate) ** offsets[-1]}
