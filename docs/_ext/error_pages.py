"""The page of errors, made from the exception tree and from the broken regions that the tests read.

`error-classes` lists every class with its exit code; `input-faults` lists every fault that a broken region
of tests/broken is refused or warned for, with the message it gets. Neither takes an argument.
"""

from __future__ import annotations

import inspect
import re
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from types import ModuleType

from made import directive, literal, table
from sphinx.application import Sphinx

from clusterplan import errors
from clusterplan.errors import ClusterplanError, Fault, InputError
from clusterplan.region import read_region

TESTS = Path(__file__).resolve().parents[2] / "tests"
CORPUS = ("cells", "ids", "sites", "space", "trade", "loops", "instruments", "works")
LONG = 12
"""Ids in a list from which on it is cut short: a message may name everything that is known."""


def classes() -> str:
    """Return every class of the exception tree, parents first."""
    found = [value for value in vars(errors).values() if inspect.isclass(value) and _is_error(value)]
    rows = [
        (
            f"`{value.__name__}`",
            ", ".join(f"`{base.__name__}`" for base in value.__bases__),
            str(value.exit_code),
            literal((inspect.getdoc(value) or "").splitlines()[0]),
        )
        for value in found
    ]
    return table(("error", "is a", ">exit code", "when"), rows)


def _is_error(value: type) -> bool:
    return issubclass(value, ClusterplanError)


def faults() -> str:
    """Return the faults of an input, one a check, under the heads of what they are about."""
    sys.path.insert(0, str(TESTS))
    files_of_region = import_module("region_folder").minimal_region_files
    told: set[str] = set()
    lines: list[str] = []
    for name in CORPUS:
        module = import_module(f"broken.{name}")
        rows = []
        for case in module.CASES:
            if case.rule not in told:
                told.add(case.rule)
                files = files_of_region()
                case.edit(files)
                rows.append(_row(next(fault for fault in _faults_of(files) if fault.rule == case.rule)))
        lines += [f"### {_head(module)}", "", table(("check", "where", "message"), sorted(rows)), ""]
    return "\n".join(lines)


def _head(module: ModuleType) -> str:
    return (module.__doc__ or "").splitlines()[0].rstrip(".")


def _faults_of(files: dict[str, str]) -> tuple[Fault, ...]:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8", newline="")
        try:
            return read_region(folder).warnings
        except InputError as error:
            return error.faults


def _row(fault: Fault) -> tuple[str, str, str]:
    where = fault.file if fault.column is None else f"{fault.file}, {fault.column}"
    value = "" if fault.value is None else f" ({fault.value})"
    check = f"`{fault.rule}`" + (" (warning)" if fault.level == "warning" else "")
    return check, literal(where + value), literal(_short(f"{fault.why} {fault.mend}"))


def _short(text: str) -> str:
    """Return a message with long lists of ids cut short."""
    return re.sub(rf"((?:\w+, ){{{LONG}}})(?:\w+, )*(\w+)", r"\1..., \2", text)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("error-classes", directive(classes, 0))
    app.add_directive("input-faults", directive(faults, 0))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
