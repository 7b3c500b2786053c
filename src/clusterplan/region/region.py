"""A region: everything known before planning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from clusterplan.errors import Fault, UsageError
from clusterplan.region.files import SOURCES_FILE
from clusterplan.region.frames import gather_frames
from clusterplan.region.gathered import Gathered
from clusterplan.region.manifest import Manifest
from clusterplan.region.replaced import settle_replaced
from clusterplan.region.settle import Settled, settle
from clusterplan.region.suggest import suggest
from clusterplan.region.tables import RESOURCES


@dataclass(frozen=True, eq=False, repr=False)
class Region:
    """Everything known before planning, checked as a whole; nothing in it can be changed.

    Made by `clusterplan.read_region`, `clusterplan.load_region` and `Region.from_frames`.

    Every table of `clusterplan.region.tables.TABLES` is a property that returns a copy of its own:
    a frame indexed by id where the key is one column, with every declared column, defaults filled in,
    resources declared in the manifest after `workers`. Numbers are float64 (NaN: nothing known), flags
    bool, ids and text str or None, lists of ids tuples of str, amounts tuples of (id, number).
    Tables with places are GeoDataFrames in EPSG:4326. Tables that were not given are empty.

    Parameters
    ----------
    settled
        The content, checked.
    """

    settled: Settled

    @classmethod
    def from_frames(cls, manifest: Manifest | Mapping[str, Any], **tables: pd.DataFrame | None) -> Region:
        """Make a region of data frames.

        Parameters
        ----------
        manifest
            The manifest, or a dict with the keys of ``region.yaml``.
        **tables
            Frames by table name (``parks=``, ``firms=``, ...), with the columns of the files; ids in the
            key column or in the index of that name. Tables with places are GeoDataFrames with a CRS.
            A table without a column `provenance` counts as assumed, which is a warning.

        Raises
        ------
        InputError
            With every fault of the manifest and the tables.
        UsageError
            If a name is no table, or a table is no data frame.

        Examples
        --------
        >>> import clusterplan as cp
        >>> region = cp.load_region("tiny")
        >>> firms = region.firms.assign(outside_m_y=0.0)
        >>> other = cp.Region.from_frames(**{**region.given(), "firms": firms})
        >>> float(other.firms["outside_m_y"].max())
        0.0
        """
        return cls.of(gather_frames(manifest, tables))

    @classmethod
    def of(cls, gathered: Gathered) -> Region:
        """Make a region of what was gathered from a folder or from frames.

        Raises
        ------
        InputError
            With every fault.
        """
        return cls(settle(gathered))

    def __repr__(self) -> str:
        counts = f"{len(self.settled.tables['parks'])} parks, {len(self.settled.tables['firms'])} firms"
        return f"<Region {self.name!r}: {counts}>"

    def table(self, name: str) -> pd.DataFrame:
        """Return a copy of the table of that name.

        Raises
        ------
        UsageError
            If there is no such table.
        """
        if name not in self.settled.tables:
            raise UsageError(f"There is no table {name!r}.{suggest(name, self.settled.tables)}")
        frame = self.settled.tables[name]
        # Copy-on-write makes a shallow copy one of its own as soon as it is written to, geometry excepted.
        return frame.copy(deep=isinstance(frame, gpd.GeoDataFrame))

    def given(self) -> dict[str, Any]:
        """Return the manifest and the tables that are not empty, as `Region.from_frames` takes them.

        Cells that were empty are empty again (NaN or None) instead of holding defaults, so that a region
        made of them says the same of where its numbers come from.
        """
        tables: dict[str, Any] = {"manifest": self.manifest}
        for name, blank in self.settled.blank.items():
            frame = self.table(name)
            for column in blank.columns.intersection(frame.columns):
                empty = blank[column].to_numpy()
                if empty.any():
                    kind = float if frame[column].dtype == float else object
                    cells = frame[column].to_numpy(dtype=kind, copy=True)
                    cells[empty] = None if kind is object else np.nan
                    frame[column] = pd.Series(cells, index=frame.index, dtype=kind)
            if len(frame):
                tables[name] = frame
        return tables

    def replace(self, **changes: Any) -> Region:
        """Return the region with its manifest or some of its tables replaced, checked as a whole.

        What `provenance` says of numbers that are no longer there is left out, and scenarios that change
        what is no longer there, so that a table can be dropped without notes about it being faults; sources
        and licences stay.

        Parameters
        ----------
        **changes
            Frames by table name as `Region.from_frames` takes them, ``manifest=`` for another manifest;
            None for a table that is dropped.

        Raises
        ------
        UsageError
            If a name is neither ``manifest`` nor a table.
        InputError
            With every fault of the changed region.

        Examples
        --------
        >>> import clusterplan as cp
        >>> int(cp.solve(cp.load_region("tiny").replace(incentives=None)).firms["park"].notna().sum())
        2
        """
        return type(self)(settle_replaced(self.given(), changes, self.notes))

    @property
    def manifest(self) -> Manifest:
        """What holds for the region as a whole."""
        return self.settled.manifest

    @property
    def name(self) -> str:
        """Id of the region."""
        return self.manifest.name

    @property
    def resources(self) -> tuple[str, ...]:
        """Names of all resources: columns of `parks` (what is there) and of `firms` (what is needed)."""
        return (*RESOURCES, *self.manifest.resources)

    @property
    def notes(self) -> dict[str, str]:
        """Text of ``SOURCES.md`` and of licence files (``LICENSE...``) by name: they go where the data go."""
        return dict(self.settled.notes)

    @property
    def sources(self) -> str:
        """Text of ``SOURCES.md``, or ""."""
        return self.settled.notes.get(SOURCES_FILE, "")

    @property
    def checksums(self) -> dict[str, str]:
        """SHA-256 of every file read, hexadecimal, by file name; empty for frames."""
        return dict(self.settled.checksums)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What was worth saying when the region was read."""
        return self.settled.warnings

    def placed(self, faults: Iterable[Fault]) -> tuple[Fault, ...]:
        """Return faults that name tables, and rows by position from 0, as faults of the files they are in."""
        return tuple(map(self.settled.naming.placed, faults))

    @property
    def parks(self) -> gpd.GeoDataFrame:
        """Places firms can be put, by id."""
        return self.table("parks")

    @property
    def firms(self) -> pd.DataFrame:
        """Enterprises and platforms, by id; `energy_mwh_y` is filled in."""
        return self.table("firms")

    @property
    def products(self) -> pd.DataFrame:
        """What is traded, by id."""
        return self.table("products")

    @property
    def recipes(self) -> pd.DataFrame:
        """Inputs per unit of output, by stage and route."""
        return self.table("recipes")

    @property
    def links(self) -> pd.DataFrame:
        """Collaboration links, and rules that make them, by id."""
        return self.table("links")

    @property
    def loops(self) -> pd.DataFrame:
        """Innovation loops, by id."""
        return self.table("loops")

    @property
    def gateways(self) -> gpd.GeoDataFrame:
        """Places outside the region where products are bought and sold, by id."""
        return self.table("gateways")

    @property
    def markets(self) -> pd.DataFrame:
        """What gateways buy and sell, and at which price."""
        return self.table("markets")

    @property
    def incentives(self) -> pd.DataFrame:
        """Instruments, by id."""
        return self.table("incentives")

    @property
    def groups(self) -> pd.DataFrame:
        """Parks that share a capacity."""
        return self.table("groups")

    @property
    def levels(self) -> pd.DataFrame:
        """Larger sizes that parks may get."""
        return self.table("levels")

    @property
    def works(self) -> pd.DataFrame:
        """Public works that may be built, by id."""
        return self.table("works")

    @property
    def ways(self) -> pd.DataFrame:
        """Further ways that public works shorten: ``work``, ``from``, ``to``, ``km``."""
        return self.table("ways")

    @property
    def requirements(self) -> pd.DataFrame:
        """How many of a stage or set must or may be placed, by id."""
        return self.table("requirements")

    @property
    def separations(self) -> pd.DataFrame:
        """Stages that may not share a park, or must stay apart."""
        return self.table("separations")

    @property
    def receptors(self) -> gpd.GeoDataFrame:
        """Homes, schools and hospitals, by id."""
        return self.table("receptors")

    @property
    def boundary(self) -> gpd.GeoDataFrame:
        """Area of the region, by id."""
        return self.table("boundary")

    @property
    def pools(self) -> pd.DataFrame:
        """Labour pools, by id."""
        return self.table("pools")

    @property
    def nodes(self) -> pd.DataFrame:
        """Nodes of the road network, by id."""
        return self.table("nodes")

    @property
    def edges(self) -> pd.DataFrame:
        """Roads between two nodes."""
        return self.table("edges")

    @property
    def roads(self) -> gpd.GeoDataFrame:
        """Roads as lines, by id."""
        return self.table("roads")

    @property
    def distances(self) -> pd.DataFrame:
        """Ready matrix of distances."""
        return self.table("distances")

    @property
    def detours(self) -> pd.DataFrame:
        """Long ways that were looked at: ``origin``, ``destination``, ``reason``."""
        return self.table("detours")

    @property
    def scenarios(self) -> pd.DataFrame:
        """Futures that are not known, by id: name, probability, changes (lines), fulfilment."""
        return self.table("scenarios")

    @property
    def provenance(self) -> pd.DataFrame:
        """Where single numbers come from."""
        return self.table("provenance")

    def provenance_of(self) -> pd.DataFrame:
        """Return every number of the region and where it comes from.

        Returns
        -------
        DataFrame
            One row a number: ``file``, ``id`` (a key of several columns joined by ``/``; ``*`` for the
            manifest), ``column`` (or dotted key), ``kind`` (source, derived, assumed) and ``source``.
            A list, and a cell of amounts, is one number. Only numbers that were given are listed:
            defaults and what is computed are not.
        """
        return self.settled.numbers.copy(deep=False)

    @property
    def assumed_share(self) -> float:
        """Share of the numbers that are assumed, 0 to 1.

        Roads and distances are left out: they are thousands of numbers of one origin.
        """
        return self.settled.assumed_share
