"""The manifest as a form: every key, what it means, and an example where one must be given."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from clusterplan.region.manifest import Manifest

EXAMPLES: Mapping[str, str] = {
    "name": "my_region",
    "title": "My Region",
    "country": "DE",
    "currency": "EUR",
    "price_year": "2025",
    "planning_crs": "EPSG:32632 (the UTM zone of the region)",
    "datum": "WGS84",
    "bounds.west": "9.5",
    "bounds.south": "53.3",
    "bounds.east": "10.4",
    "bounds.north": "53.8",
    "discount_rate": "0.05",
    "life_y": "15",
    "proximity.links.half_distance": "20",
    "proximity.links.reach": "60",
    "freight.per_tkm": "0.15",
    "budgets.city.tier": "city",
    "budgets.city.amount_m": "100",
}
"""What may stand under a key; of those a region can't be without, each has one."""
NEEDED = (
    *(path for path in EXAMPLES if path.startswith(("bounds.", "proximity.links."))),
    *("name", "title", "currency", "price_year", "planning_crs", "discount_rate", "life_y", "stages"),
)
"""Keys that a region can't be without."""
ENTRIES: Mapping[str, tuple[str, ...]] = {
    "stages": ("first_stage", "second_stage", "third_stage"),
    "routes": ("first_route",),
    "resources": ("steam_t_h",),
    "budgets": ("city",),
    "tax_shares": ("city",),
    "weights": ("links",),
    "proximity.kinds": ("research",),
}
"""Names to begin with, where the planner gives the names."""


_YOURS = "One of them; the name behind the last point is yours."


@dataclass(frozen=True)
class Key:
    """A key of the form.

    Parameters
    ----------
    path
        Parts of the key.
    about
        What it means.
    needed
        Whether a region can't be without it.
    default
        What its absence means, as YAML; "" where nothing is said.
    example
        What may stand there.
    has_keys
        True for a key with keys of its own below it.
    """

    path: tuple[str, ...]
    about: str
    needed: bool
    default: str
    example: str
    has_keys: bool = False

    @property
    def dotted(self) -> str:
        """The key as a sheet holds it."""
        return ".".join(self.path)

    @property
    def told(self) -> str:
        """What to say beside it."""
        needed = "Must be filled in." if self.needed else ""
        example = f"For example: {self.example}." if self.example else ""
        absent = f"Left out it is {self.default}." if self.default else ""
        return " ".join(part for part in (self.about, needed, example, absent) if part)


def keys() -> Iterator[Key]:
    """Yield every key of the manifest in order, those with keys of their own before these."""
    yield from _of_model(Manifest, ())


def _of_model(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[Key]:
    for name, field in model.model_fields.items():
        here = (*path, name)
        inner, is_dict = _inner(field.annotation)
        about = field.description or ("" if inner is None else (inner.__doc__ or "").splitlines()[0])
        dotted = ".".join(here)
        needed = dotted in NEEDED
        entries = ENTRIES.get(dotted, ())
        below = inner is not None or bool(entries)
        example = EXAMPLES.get(dotted, "")
        yield Key(here, about, needed, "" if below else _default(field), example, below)
        if is_dict:
            for entry in entries:
                if inner is not None:
                    yield Key((*here, entry), _YOURS, False, "", "", True)
                    yield from _of_model(inner, (*here, entry))
                else:
                    yield Key((*here, entry), _YOURS, needed and entry == entries[0], "", "")
        elif inner is not None:
            yield from _of_model(inner, here)


def _inner(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """Return the model below a field, if keys stand below it, and whether the planner gives their names."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    if origin is typing.Annotated:
        return _inner(arguments[0])
    if origin in (typing.Union, types.UnionType):
        found = (_inner(part) for part in arguments if part is not type(None))
        return next(found)
    if origin is dict:
        return _inner(arguments[1])[0], True
    return None, False


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.is_required() or value in (None, "", (), {}):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def yaml_form() -> str:
    """Return the manifest as a form in YAML: what must be filled in is empty, the rest a comment."""
    lines = [
        "# What holds for the region as a whole. Fill in what is empty; take the # away from the start of a",
        "# line to say what may be said as well. Names below stages, routes, budgets, ... are yours.",
        "",
    ]
    for key in keys():
        indent = "  " * (len(key.path) - 1)
        active = key.needed or (
            key.has_keys and any(needed.startswith(f"{key.dotted}.") for needed in NEEDED)
        )
        default = "" if key.needed else key.default
        start = f"{indent}{key.path[-1]}:{f' {default}' if default else ''}"
        lines.append(f"{start if active else '# ' + start}  # {key.told}".rstrip(" #"))
    return "\n".join(lines) + "\n"
