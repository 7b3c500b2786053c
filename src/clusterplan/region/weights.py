"""Terms of the objective and the preset weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Term = Literal[
    "links",
    "loops",
    "supply_collaboration",
    "fit",
    "results",
    "gateway_prices",
    "freight",
    "parks",
    "works",
    "platforms",
    "grants",
    "grants_worth",
    "tax",
    "land_income",
    "wages",
    "local_input_value",
]
Preset = Literal["collaboration", "welfare", "localisation", "fiscal"]
TERMS: tuple[Term, ...] = get_args(Term)
PRESET_NAMES: tuple[Preset, ...] = get_args(Preset)

_PUBLIC_COST: tuple[Term, ...] = ("parks", "works", "platforms", "grants")
_COLLABORATION: tuple[Term, ...] = (
    "links",
    "loops",
    "supply_collaboration",
    "fit",
    "gateway_prices",
    "freight",
    *_PUBLIC_COST,
)
_PRESETS: dict[Preset, tuple[Term, ...]] = {
    "collaboration": _COLLABORATION,
    "welfare": (*_COLLABORATION, "results", "grants_worth", "tax", "land_income"),
    "localisation": ("local_input_value",),
    "fiscal": (*_PUBLIC_COST, "tax", "land_income"),
}
SECOND: dict[Preset, Preset] = {"localisation": "collaboration", "fiscal": "collaboration"}
"""Preset that decides among plans equal in the first one."""


def preset_weights(preset: Preset, override: Mapping[Term, float] | None = None) -> dict[Term, float]:
    """Return the weight of every term under a preset.

    Parameters
    ----------
    preset
        Name of the preset.
    override
        Weights that replace the preset's.
    """
    chosen: dict[Term, float] = {term: 1.0 if term in _PRESETS[preset] else 0.0 for term in TERMS}
    chosen.update(override or {})
    return chosen
