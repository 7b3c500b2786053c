"""The page of commands, made from the commands themselves: `commands` takes no argument."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from made import directive, literal, table
from sphinx.application import Sphinx
from typer.models import ArgumentInfo, CommandInfo, OptionInfo

from clusterplan.cli import app as commands

KINDS = {str: "text", int: "whole number", float: "number", Path: "path"}


def page() -> str:
    """Return every command with its arguments and options, in the order and under the heads of `--help`."""
    lines: list[str] = []
    panel = None
    for command in commands.registered_commands:
        if command.rich_help_panel != panel:
            panel = command.rich_help_panel
            lines += [f"## {panel}", ""]
        lines += [*_command(command), ""]
    return "\n".join(lines)


def parameters(command: CommandInfo) -> Iterator[tuple[str, Any, ArgumentInfo | OptionInfo, Any]]:
    """Yield name, type, declaration and default of each argument and option of a command."""
    callback = command.callback
    hints = typing.get_type_hints(callback, include_extras=True)
    for name, given in inspect.signature(callback).parameters.items():
        kind, *notes = typing.get_args(hints[name])
        (info,) = (note for note in notes if isinstance(note, ArgumentInfo | OptionInfo))
        yield name, kind, info, given.default


def _command(command: CommandInfo) -> Iterator[str]:
    name = command.name or command.callback.__name__
    given = list(parameters(command))
    arguments = [entry for entry in given if isinstance(entry[2], ArgumentInfo)]
    options = [entry for entry in given if isinstance(entry[2], OptionInfo)]
    yield f"### {name}\n"
    yield f"{_prose(inspect.getdoc(command.callback))}\n"
    called = " ".join(info.metavar or word.upper() for word, _, info, _ in arguments)
    yield f"```text\n{' '.join(filter(None, ['clusterplan', name, called, '[OPTIONS]']))}\n```\n"
    if given:
        yield table(("", "takes", "meaning", "default"), map(_row, [*arguments, *options]))


def _row(entry: tuple[str, Any, ArgumentInfo | OptionInfo, Any]) -> tuple[str, str, str, str]:
    name, kind, info, default = entry
    if isinstance(info, ArgumentInfo):
        shown, absent = f"`{info.metavar or name.upper()}`", "" if default is ... else _default(default)
        absent = "must be given" if default is inspect.Parameter.empty else absent
        return shown, "", _prose(info.help), absent
    # in Annotated, the first word given to typer.Option stands where a default would
    declared = [word for word in (info.default, *(info.param_decls or ())) if str(word).startswith("-")]
    words = declared or [f"--{name.replace('_', '-')}"]
    shown = ", ".join(f"`{word}`" for word in words)
    flag = kind is bool
    absent = "must be given" if default is inspect.Parameter.empty else "" if flag else _default(default)
    return shown, "" if flag else _takes(kind, info), _prose(info.help), absent


def _takes(kind: Any, info: OptionInfo) -> str:
    parts = [part for part in typing.get_args(kind) if part is not type(None)]
    if typing.get_origin(kind) is typing.Literal:
        return ", ".join(f"`{word}`" for word in parts)
    if typing.get_origin(kind) is list:
        return f"{_takes(parts[0], info)}, any number of times"
    if parts:
        return _takes(parts[0], info)
    words = f"`{info.metavar}`" if info.metavar else KINDS.get(kind, getattr(kind, "__name__", str(kind)))
    limits = [f"≥ {info.min:g}"] if info.min is not None else []
    limits += [f"≤ {info.max:g}"] if info.max is not None else []
    return ", ".join([words, *limits])


def _prose(text: str | None) -> str:
    """Return what a command says of itself as Markdown: names of options as they are typed."""
    parts = re.split(r"(`[^`]*`)", text or "")
    parts[::2] = (re.sub(r"(?<![\w-])(--[a-z-]+)", r"`\1`", literal(part)) for part in parts[::2])
    return "".join(parts)


def _default(value: Any) -> str:
    return "" if value in (None, "") else f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("commands", directive(page, 0))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
