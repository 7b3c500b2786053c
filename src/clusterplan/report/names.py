"""What firms and parks are called: people read names, programs read ids."""

from __future__ import annotations

from typing import Any

import pandas as pd


def names_of(table: pd.DataFrame) -> dict[str, str]:
    """Return what each row of a table of a region is called: its name, or its id where it has none.

    Parameters
    ----------
    table
        Firms or parks, by id, with a column ``name``.
    """
    return {
        str(id_): str(id_) if pd.isna(name) or not str(name).strip() else str(name)
        for id_, name in table["name"].items()
    }


def name_of(row: Any) -> str:
    """Return what one row of such a table is called, as `rows` gives it."""
    return str(row.name or row.Index)
