"""From `region.yaml`, or a dict, to a `Manifest`: every fault with its key, its line and how to mend it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from clusterplan.errors import Fault, InputError
from clusterplan.region.cells import CellError, check_id
from clusterplan.region.manifest import Manifest
from clusterplan.region.suggest import suggest
from clusterplan.region.tables import FIRMS, PARKS
from clusterplan.region.text import decode
from clusterplan.region.yamltext import Path, Yaml, load

_COLUMN = re.compile(r"[a-z][a-z0-9_]*")
_COUNTRY = re.compile(r"[A-Z]{2}|")
_NAMED = ("stages", "routes", "resources", "budgets")
_LATER = ("levels", "works")
_ELSEWHERE = {"scenarios": "scenarios.yaml"}


_PATTERNS: Mapping[Path, tuple[str, str]] = {
    ("name",): (
        "It is no id: small letters, digits and '_', beginning with a letter.",
        "Write {}; the name as people say it is the title.",
    ),
    ("currency",): ("It is no ISO 4217 code of three capital letters.", "Write EUR, CNY, USD, ..."),
}
"""Why a text is refused that does not look as it must, and how to mend it; ``{}`` is an id made of it."""


@dataclass(frozen=True)
class ManifestRead:
    """A manifest as read.

    Parameters
    ----------
    manifest
        The manifest, or None if it has faults.
    resources
        Further resources it declares, as far as that could be told.
    faults
        What is wrong with it.
    yaml
        The document, for the lines of its keys; None for a manifest that was given.
    """

    manifest: Manifest | None
    resources: tuple[str, ...]
    faults: tuple[Fault, ...]
    yaml: Yaml | None = None

    def line(self, dotted: str | None) -> int | None:
        """Return the line of a dotted key, or None where it is not known."""
        if self.yaml is None or dotted is None:
            return None
        return self.yaml.line(tuple(int(part) if part.isdigit() else part for part in dotted.split(".")))


def read_manifest(data: bytes, file: str) -> ManifestRead:
    """Read a manifest from the bytes of a YAML file; faults are collected, nothing is raised."""
    try:
        text, faults = decode(data, file)
        document = load(text, file)
    except InputError as error:
        return ManifestRead(None, (), error.faults)
    read = manifest_of(document, file)
    return replace(read, faults=(*faults, *read.faults))


def manifest_of(document: Yaml, file: str) -> ManifestRead:
    """Check the manifest that a document holds; faults are collected, nothing is raised."""
    found = [*document.faults]
    manifest, more = _validated(document.value, file, document)
    reported = {fault.column for fault in found}
    found.extend(fault for fault in more if not _follows(fault, reported))
    broken = any(fault.level == "error" for fault in found)
    return ManifestRead(None if broken else manifest, _resources(document.value), tuple(found), document)


def _follows(fault: Fault, reported: Iterable[str | None]) -> bool:
    """Return whether a fault says only that something is missing that was told to be wrong."""
    if fault.rule not in ("empty_key", "missing_key", "inconsistent_keys") or fault.column is None:
        return False
    return any(key == fault.column or (key or "").startswith(f"{fault.column}.") for key in reported)


def take_manifest(given: Manifest | Mapping[str, Any], file: str) -> ManifestRead:
    """Check a manifest given as an object or as a dict with the keys of the file."""
    if isinstance(given, Manifest):
        # Checked again, because `model_copy(update=...)` checks nothing; and the region gets its own.
        given = given.model_dump(mode="json", exclude_unset=True, warnings=False)
    manifest, found = _validated(given, file, None)
    return ManifestRead(manifest, _resources(given), tuple(found))


def _validated(value: Any, file: str, yaml: Yaml | None) -> tuple[Manifest | None, list[Fault]]:
    if not isinstance(value, Mapping):
        why, mend = "It holds no keys.", "Write keys and values, one a line: name, title, currency, ..."
        return None, [Fault(file, why, mend, rule="broken_yaml")]
    try:
        # Through JSON, where strict means what a planner expects: a list may be a tuple, but neither
        # the text '0.08' nor the word true is a number.
        manifest = Manifest.model_validate_json(json.dumps(value, default=_plain), strict=True)
    except ValidationError as error:
        return None, [_fault(detail, file, yaml) for detail in error.errors(include_url=False)]
    except (TypeError, ValueError) as error:
        return None, [
            Fault(file, f"It holds what is no plain value: {error}.", "Use plain values.", rule="bad_value")
        ]
    faults = list(_meaning(manifest, file, yaml))
    return (None if faults else manifest), faults


def _plain(value: Any) -> Any:
    """Return what a dict given in Python may hold beside plain values: numbers of numpy, models."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=True)
    raise TypeError(f"{value!r} is a {type(value).__name__}")


def _resources(value: Any) -> tuple[str, ...]:
    """Return the resources a manifest declares, even if other parts of it are broken."""
    declared = value.get("resources") if isinstance(value, Mapping) else None
    if not isinstance(declared, Mapping):
        return ()
    return tuple(name for name in declared if isinstance(name, str) and _is_resource(name))


def _is_resource(name: str) -> bool:
    return _COLUMN.fullmatch(name) is not None and name not in (*PARKS.names, *FIRMS.names, "geometry")


def _meaning(manifest: Manifest, file: str, yaml: Yaml | None) -> Iterator[Fault]:
    """Yield faults of names in the manifest, which are ids and columns elsewhere."""

    def fault(path: Path, why: str, mend: str, rule: str) -> Fault:
        row = None if yaml is None else yaml.line(path)
        return Fault(file, why, mend, row, ".".join(map(str, path)), str(path[-1]), rule)

    for part in _NAMED:
        for name in getattr(manifest, part):
            try:
                check_id(name)
            except CellError as error:
                yield fault((part, name), error.why, error.mend, error.rule)
    for name in manifest.proximity.kinds:
        try:
            check_id(name)
        except CellError as error:
            yield fault(("proximity", "kinds", name), error.why, error.mend, error.rule)
    for place, phase in enumerate(manifest.phases):
        try:
            check_id(phase.id)
        except CellError as error:
            yield fault(("phases", place, "id"), error.why, error.mend, error.rule)
    for name in manifest.resources:
        if not _is_resource(name):
            mend = "Use small letters, digits and '_', and no name of a column of parks or firms."
            yield fault(
                ("resources", name), "The resource cannot be a column of its own.", mend, "bad_resource"
            )
    if not _COUNTRY.fullmatch(manifest.country):
        row = None if yaml is None else yaml.line(("country",))
        why, mend = (
            "It is no ISO 3166 code of two capital letters.",
            "Write CN, DE, US, ..., or leave the key out.",
        )
        yield Fault(file, why, mend, row, "country", manifest.country, "bad_country")


def _fault(detail: ErrorDetails, file: str, yaml: Yaml | None) -> Fault:
    path: Path = tuple(part for part in detail["loc"] if part != "[key]")
    row = None if yaml is None else yaml.line(path)
    dotted = ".".join(map(str, path)) or None
    why, mend, rule = _words(detail, path)
    noted = rule == "missing_key" and yaml is not None and path in yaml.lines
    if noted or (detail["input"] is None and rule != "unknown_key"):
        why, mend, rule = f"It has no value yet. {describe(path)}".strip(), "Fill it in.", "empty_key"
    if path in _PATTERNS and detail["type"] == "string_pattern_mismatch":
        why, mend = _PATTERNS[path]
        mend = mend.format(_id_of(str(detail["input"])))
    value = detail["input"]
    shown = None if isinstance(value, Mapping | list) or rule in ("missing_key", "empty_key") else str(value)
    if isinstance(value, bool):
        shown = str(value).lower()
    return Fault(file, why, mend, row, dotted, shown, rule)


def _words(detail: ErrorDetails, path: Path) -> tuple[str, str, str]:
    """Return why, mend and rule for an error of pydantic."""
    kind = detail["type"]
    about = describe(path)
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if kind == "missing":
        return f"The key is missing. {about}".strip(), "Add it.", "missing_key"
    if kind == "literal_error":
        words = [word.strip("'") for word in re.split(r", | or ", str(detail["ctx"]["expected"]))]
        why = f"The word is not one it may be.{suggest(str(detail['input']), words)}"
        return why, f"Write one of {', '.join(words)}.", "unknown_word"
    if kind == "value_error":
        reason = str(detail["ctx"]["error"])
        return f"{reason[:1].upper()}{reason[1:]}.", "Correct these keys together.", "inconsistent_keys"
    if kind.startswith(("float_", "int_")):
        what = "whole number" if kind.startswith("int") else "number"
        return (
            f"It is not a {what}. {about}".strip(),
            f"Write a plain {what}, without quotes or unit.",
            "not_a_number",
        )
    why = detail["msg"].replace("Input should", "It should")
    return f"{why}.", f"Correct it. {about}".strip(), "bad_value"


def _id_of(text: str) -> str:
    """Return the id that a title may be written as: small letters, digits and '_'."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return found if found[:1].isalpha() else "my_region"


def _unknown_key(path: Path) -> tuple[str, str, str]:
    key = str(path[-1])
    if len(path) == 1 and key in _LATER:
        why = f"This version of clusterplan does not plan with {key}."
        return why, "Delete the key; the plan would not use it.", "later_key"
    if len(path) == 1 and key in _ELSEWHERE:
        file = _ELSEWHERE[key]
        return f"It stands in a file of its own, {file}.", f"Move what is below it to {file}.", "unknown_key"
    known = _keys(path[:-1])
    return (
        f"There is no such key.{suggest(key, known)}",
        f"Rename or delete it; known here: {', '.join(known)}.",
        "unknown_key",
    )


def _model(path: Path) -> type[BaseModel] | None:
    """Return the model at a path of the manifest, looking through dicts, tuples and options."""
    model: type[BaseModel] | None = Manifest
    within = False
    for part in path:
        if within:  # the id of a budget or a kind, the place of a step
            within = False
            continue
        info = None if model is None else model.model_fields.get(str(part))
        if info is None:
            return None
        model = _model_in(info.annotation)
        within = info.annotation is not model and getattr(info.annotation, "__origin__", None) in (
            dict,
            tuple,
        )
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part)) is not None), None)


def _keys(path: Path) -> tuple[str, ...]:
    model = _model(path)
    return () if model is None else tuple(model.model_fields)


def describe(path: Path) -> str:
    """Return what the manifest says about the field at a path, "" where it says nothing."""
    model = _model(path[:-1])
    info = None if model is None or not path else model.model_fields.get(str(path[-1]))
    return (info.description or "") if info is not None else ""
