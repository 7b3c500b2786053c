"""From what was gathered to what a `Region` holds: typed, checked as a whole, or refused as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from clusterplan.errors import Fault, InputError
from clusterplan.region.checks import check
from clusterplan.region.columns import Table
from clusterplan.region.datum import datum_faults
from clusterplan.region.draft import ROW, Draft
from clusterplan.region.files import MANIFEST_FILE
from clusterplan.region.gathered import Gathered, told
from clusterplan.region.geometry import to_wgs84
from clusterplan.region.manifest import Manifest
from clusterplan.region.naming import Naming
from clusterplan.region.provenance import EVERY, Part, assumed_share, joined, missing_kinds, resolve
from clusterplan.region.raw import Raw
from clusterplan.region.tables import TABLES
from clusterplan.region.typed import Typed, type_table, with_resources


@dataclass(frozen=True)
class Settled:
    """A region's content, checked.

    Parameters
    ----------
    manifest
        The manifest.
    tables
        Frames by table, as `Region` hands them out.
    blank
        Bools by table: true where a cell was empty and holds a default.
    numbers
        Every number and where it comes from.
    assumed_share
        Share of the numbers that are assumed.
    warnings
        What was worth saying and no error.
    checksums, notes
        As in `Gathered`.
    naming
        What messages call its tables, and where their rows stand.
    """

    manifest: Manifest
    tables: Mapping[str, pd.DataFrame]
    blank: Mapping[str, pd.DataFrame]
    numbers: pd.DataFrame
    assumed_share: float
    warnings: tuple[Fault, ...]
    checksums: Mapping[str, str]
    notes: Mapping[str, str]
    naming: Naming


def settle(gathered: Gathered) -> Settled:
    """Put a region together.

    Raises
    ------
    InputError
        If anything is wrong: every fault and warning found, in the order of files and rows. Where the
        manifest is broken, tables are still read, and only checks that need it are left out.
    """
    manifest = gathered.manifest.manifest
    declared = {table.name: with_resources(table, gathered.manifest.resources) for table in TABLES}
    faults = [*gathered.manifest.faults, *gathered.faults]
    missing = [
        table for table in TABLES if table.required and table.name not in (*gathered.tables, *gathered.broken)
    ]
    faults.extend(_missing(table, gathered) for table in missing)
    typed = {name: _typed(gathered.tables.get(name), table) for name, table in declared.items()}
    faults.extend(fault for one in typed.values() for fault in one.faults)
    if manifest is None:
        # The checks that tell this of a region with a manifest cannot run.
        faults.extend(
            _no_rows(raw, declared[name])
            for name, raw in gathered.tables.items()
            if not raw.rows and declared[name].required
        )
        raise InputError(told(faults, gathered))
    draft = Draft(
        manifest=manifest,
        frames={name: _with_energy(name, one.frame, manifest) for name, one in typed.items()},
        files=gathered.files,
        # A table with nothing but its head is a form that nobody has filled in.
        given=frozenset(name for name, raw in gathered.tables.items() if raw.rows or declared[name].required),
        broken=frozenset(gathered.broken).union(table.name for table in missing),
        blank={name: one.blank for name, one in typed.items()},
    )
    faults.extend(_new([*datum_faults(manifest, MANIFEST_FILE), *check(draft)], faults))
    parts = resolve(draft, declared)
    faults.extend(fault for part in parts for fault in part.faults)
    if gathered.in_folder:
        faults.extend(missing_kinds(parts))
    faults = [_with_line(fault, gathered) for fault in faults]
    if any(fault.level == "error" for fault in faults):
        raise InputError(told(faults, gathered))
    if not gathered.in_folder:
        draft, parts, added = _assuming(draft, parts)
        faults.extend(added)
    return Settled(
        manifest=manifest,
        tables={
            name: _absent_indexed(table).copy()
            if name not in gathered.tables and draft.frames[name] is typed[name].frame
            else _indexed(draft.frames[name], table)
            for name, table in declared.items()
        },
        blank=draft.blank,
        numbers=joined(parts),
        assumed_share=assumed_share(parts),
        warnings=told(faults, gathered),
        checksums=dict(gathered.checksums),
        notes=gathered.notes,
        naming=replace(
            gathered.naming, rows={name: tuple(frame[ROW].tolist()) for name, frame in draft.frames.items()}
        ),
    )


def _no_rows(raw: Raw, table: Table) -> Fault:
    """Return the fault of a required table without rows."""
    return Fault(raw.file, f"It has no rows yet. {table.about}", "Add at least one.", rule=f"no_{table.name}")


def _missing(table: Table, gathered: Gathered) -> Fault:
    names = " or ".join(table.files) if gathered.in_folder else table.name
    if gathered.part:
        names = f"the {gathered.part} {table.name}"
    return Fault(
        gathered.files[table.name],
        f"The table is missing. {table.about}",
        f"Add {names}.",
        rule="missing_table",
    )


def _typed(raw: Raw | None, table: Table) -> Typed:
    """Return a table with its cells and geometry read; empty if there is none."""
    if raw is not None:
        return _read(raw, table)
    absent = _absent(table)  # a frame that many regions shared would remember each of their views
    return replace(absent, frame=absent.frame.copy())


@lru_cache(maxsize=256)
def _absent(table: Table) -> Typed:
    """Return a table that is not given. Most of a region's are not, and it is the same each time."""
    cells: dict[str, tuple[Any, ...]] = dict.fromkeys(table.names, ())
    return _read(Raw("", cells, (), geometry=() if table.geometry else None, crs="EPSG:4326"), table)


def _read(raw: Raw, table: Table) -> Typed:
    typed = type_table(raw, table)
    if not table.geometry:
        return typed
    geometry, faults = to_wgs84(raw, table)
    frame = gpd.GeoDataFrame(typed.frame, geometry=geometry)
    return replace(typed, frame=frame, faults=(*typed.faults, *faults))


def _with_energy(name: str, frame: pd.DataFrame, manifest: Manifest) -> pd.DataFrame:
    """Return firms with the energy they buy where it is not given: power × hours of the manifest."""
    if name != "firms":
        return frame
    by_power = frame["power_mw"] * manifest.operating_hours_y
    return frame.assign(energy_mwh_y=frame["energy_mwh_y"].fillna(by_power))


def _new(found: Iterable[Fault], known: Iterable[Fault]) -> list[Fault]:
    """Return faults of cells and columns that have not been reported yet: one cause, one fault."""
    reported = {
        (fault.file, fault.row, fault.column) for fault in known if fault.column and fault.level == "error"
    }
    return [
        fault
        for fault in found
        if (fault.file, fault.row, fault.column) not in reported
        and (fault.file, None, fault.column) not in reported
    ]


def _with_line(fault: Fault, gathered: Gathered) -> Fault:
    if fault.file != MANIFEST_FILE or fault.row is not None:
        return fault
    return replace(fault, row=gathered.manifest.line(fault.column))


def _assuming(draft: Draft, parts: tuple[Part, ...]) -> tuple[Draft, tuple[Part, ...], list[Fault]]:
    """Return the region with numbers of no known origin taken for assumed, said in `provenance`."""
    unsaid = {
        str(part.numbers["file"].iloc[0]): int(n)
        for part in parts
        if (n := part.numbers["kind"].isna().sum())
    }
    if not unsaid:
        return draft, parts, []
    filled = tuple(
        replace(part, numbers=part.numbers.assign(kind=part.numbers["kind"].fillna("assumed")))
        for part in parts
    )
    warnings = [_assumed(file, n_numbers) for file, n_numbers in unsaid.items()]
    rows = [(file, EVERY, EVERY, "assumed", "") for file in unsaid]
    frame = draft.frames["provenance"]
    more = pd.DataFrame(rows, columns=["file", "id", "column", "kind", "source"], dtype=object)
    more[ROW] = np.arange(len(frame) + 2, len(frame) + 2 + len(more), dtype=np.int64)
    longer = pd.concat([frame, more], ignore_index=True)
    frames = {**draft.frames, "provenance": longer}
    blank = {**draft.blank, "provenance": longer[["file", "id", "column", "kind", "source"]].isna()}
    return replace(draft, frames=frames, blank=blank), filled, warnings


def _assumed(file: str, n_numbers: int) -> Fault:
    """Return the warning that numbers without a provenance are taken for assumed."""
    why = f"Nothing says where {n_numbers:,} of its numbers come from; they count as assumed."
    mend = "Say it in a column `provenance`, or in the table `provenance`."
    return Fault(file, why, mend, column="provenance", rule="no_provenance", level="warning")


@lru_cache(maxsize=256)
def _absent_indexed(table: Table) -> pd.DataFrame:
    return _indexed(_absent(table).frame, table)


def _indexed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return a frame as `Region` hands it out: without `ROW`, by its key if that is one column."""
    plain = frame.drop(columns=ROW)
    indexed = plain.set_index(table.key[0]) if len(table.key) == 1 else plain
    return indexed.copy()  # columns of a kind side by side, so that each copy handed out is quick
