"""The JSON Schema of `plan.json`."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

VERSION = 1
"""Number of the format; a program that reads plan.json checks ``schema`` against it."""


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `plan.json`, every key described with its unit."""
    text = files(__name__).joinpath("plan.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
