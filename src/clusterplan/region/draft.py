"""A region between reading and checking: typed tables that have not met each other yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from clusterplan.region.manifest import Manifest

ROW = "_row"
"""Extra column of every frame in a `Draft`: the row as a spreadsheet shows it (the header is 1), the
number of the feature for a layer, the position + 2 for a table given as a frame."""


@dataclass(frozen=True)
class Draft:
    """Tables as read, typed, not yet checked against each other.

    Parameters
    ----------
    manifest
        The manifest, valid in itself.
    frames
        A frame for every table of `clusterplan.region.tables.TABLES`, given or not. Every declared
        column (declared resources included) is there and typed as in `Region`, defaults filled in,
        but key columns are still plain columns, the index is a RangeIndex, and `ROW` is added.
        Frames of tables with geometry are GeoDataFrames in EPSG:4326. Cells that could not be read
        were reported; they hold NaN, None, an empty tuple or the default, as an empty cell does.
    files
        Name to put in messages, by table: ``firms.csv``, or ``firms`` for a table given as a frame;
        the usual file name for a table that was not given.
    given
        Tables that were given and could be read (perhaps with faults in single cells).
    broken
        Tables that could not be read at all, or are required and missing, which has been reported.
        Their frames are empty: references to them cannot be checked.
    blank
        By table, a frame of bools like the frame (without `ROW` and geometry), true where the cell
        was empty or could not be read, and now holds a default.
    """

    manifest: Manifest
    frames: Mapping[str, pd.DataFrame]
    files: Mapping[str, str]
    given: frozenset[str]
    broken: frozenset[str] = frozenset()
    blank: Mapping[str, pd.DataFrame] = field(default_factory=dict)
