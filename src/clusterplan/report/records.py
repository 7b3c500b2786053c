"""Frames as JSON takes them."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame as a list of rows, with its index where that has a name; unknown numbers are None."""
    named = any(name is not None for name in frame.index.names)
    rows: list[dict[str, Any]] = json.loads(
        (frame.reset_index() if named else frame).to_json(orient="records")
    )
    return rows
