"""What all parts of the manifest are made of: numbers within bounds, and no unknown keys."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
STRICT = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
"""What every part of the manifest keeps to."""
