"""YAML as plain values: YAML 1.2's core words, no tags, no repeated keys, bounded.

PyYAML splits the text; what the words mean is decided here, because YAML 1.1 reads ``NO`` as false,
``010`` as 8, ``1:30`` as 90 and ``1e-3`` as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from clusterplan.errors import Fault, InputError

MAX_VALUES = 20_000
MAX_DEPTH = 20

Path = tuple[str | int, ...]

_NULL = re.compile(r"|~|null|Null|NULL")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_PLAIN_TAGS = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


@dataclass(frozen=True)
class Yaml:
    """A YAML document.

    Parameters
    ----------
    value
        Its content: dicts with text keys, lists, text, numbers, booleans and None.
    lines
        Line of every key and entry, from 1, by its path.
    faults
        Keys that stand twice.
    """

    value: Any
    lines: Mapping[Path, int]
    faults: tuple[Fault, ...]

    def line(self, path: Path) -> int | None:
        """Return the line of a path, or of the nearest thing around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


class _Loader(yaml.SafeLoader):
    """Composes nodes only; every plain scalar is left as text."""


_Loader.yaml_implicit_resolvers = {}


class _Dumper(yaml.SafeDumper):
    """Quotes text that YAML 1.1 or 1.2 would read as a number."""


_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(f"^(?:{_FLOAT.pattern})$"), list("-+.0123456789")
)


def load(text: str, file: str) -> Yaml:
    """Read a document.

    Raises
    ------
    InputError
        If it is no YAML, has tags, or is too large once its aliases are written out.
    """
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", None) or error)
        row = None if mark is None else mark.line + 1
        raise InputError(
            [Fault(file, f"It is no YAML: {problem}.", _INDENT, row, rule="broken_yaml")]
        ) from None
    except RecursionError:
        raise InputError([_too_large(file, None)]) from None
    walk = _Walk(file)
    value = None if node is None else walk.value(node, (), 0)
    return Yaml(value, walk.lines, tuple(walk.faults))


def dump(value: Mapping[str, Any]) -> str:
    """Return values as YAML, in their order, the same text for the same values."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)


def dump_line(value: Any) -> str:
    """Return a value as YAML on one line."""
    text = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000, default_flow_style=True
    )
    return text.removesuffix("...\n").strip()


_INDENT = (
    "Check indents and colons there and in the line above; quote text that holds ': ' or starts with a sign."
)


def _too_large(file: str, row: int | None) -> Fault:
    why = (
        f"It is nested more than {MAX_DEPTH} deep, or has more than {MAX_VALUES} values, aliases written out."
    )
    return Fault(
        file, why, "Write a plain manifest; see the page on file formats.", row, rule="yaml_too_large"
    )


class _Walk:
    """Turns nodes into values, noting lines."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self.count = 0

    def value(self, node: yaml.Node, path: Path, depth: int) -> Any:
        row = node.start_mark.line + 1
        self.lines.setdefault(path, row)
        # An alias is the same node met again, so counting what is met bounds what aliases unfold to.
        self.count += 1
        if self.count > MAX_VALUES or depth > MAX_DEPTH:
            raise InputError([_too_large(self.file, row)])
        if node.tag not in _PLAIN_TAGS:
            why = (
                f"It has the tag {node.tag.replace('tag:yaml.org,2002:', '!!')}; only plain values are read."
            )
            raise InputError([Fault(self.file, why, "Delete the tag.", row, _dotted(path), rule="yaml_tag")])
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, i), depth + 1) for i, item in enumerate(node.value)]
        is_plain = getattr(node, "style", None) is None
        return _scalar(node.value) if is_plain else node.value

    def _mapping(self, node: yaml.MappingNode, path: Path, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            row = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise InputError([Fault(self.file, "A key is no word.", _INDENT, row, rule="broken_yaml")])
            key = str(key_node.value)
            here = (*path, key)
            if key in found:
                first = self.lines[here]
                why, mend = f"The key stands already in row {first}.", "Keep one of the two."
                self.faults.append(Fault(self.file, why, mend, row, _dotted(here), rule="repeated_key"))
                continue
            self.lines[here] = row
            found[key] = self.value(value_node, here, depth + 1)
        return found


def _dotted(path: Path) -> str | None:
    return ".".join(map(str, path)) or None


def _scalar(text: str) -> str | int | float | bool | None:
    """Return what an unquoted word means in YAML 1.2's core schema (section 10.3.2)."""
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text) and len(text) < 20:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", ""))
    return text
