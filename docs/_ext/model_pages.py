"""Constants of the model with the input columns they are made from, for the page of the model.

`model-constants` has a line a constant: letters | meaning | unit in the model | columns and manifest keys.
Units of columns come from the declarations that the reader works by; a column that is no longer there fails
the build.
"""

from __future__ import annotations

from made import Made, literal, table
from pydantic import BaseModel
from sphinx.application import Sphinx

from clusterplan.region import TABLES, Manifest

COLUMNS = {f"{t.name}.{c.name}": c for t in TABLES for c in t.columns}


class _Constants(Made):
    """Puts the table of constants in its place."""

    required_arguments = 0
    has_content = True

    def text(self) -> str:
        """Return the lines as a table, with the units of columns."""
        rows = []
        for line in self.content:
            *said, of = (part.strip() for part in line.split(" | "))
            rows.append((*map(literal, said), ", ".join(map(_source, of.split()))))
        return table(("constant", "what it is", "unit in the model", "made from (unit there)"), rows)


def _source(name: str) -> str:
    if name in COLUMNS:
        unit = COLUMNS[name].unit
        return f"`{name}`" + (f" ({literal(unit)})" if unit else "")
    _of_manifest(name)
    return f"`{name}` of region.yaml"


def _of_manifest(name: str) -> None:
    """Raise KeyError where the manifest has no such key."""
    model: type[BaseModel] = Manifest
    for part in name.split("."):
        field = model.model_fields[part]
        inner = _model_in(field.annotation)
        model = inner or model


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_in(part)
        if found is not None:
            return found
    return None


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("model-constants", _Constants)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
