"""What pages made from code share: Markdown tables, and directives that put made text in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]], cell: Callable[[Any], str] = str) -> str:
    """Return a Markdown table; columns whose head starts with `>` stand to the right."""
    right = [head.startswith(">") for head in heads]
    lines = [[head.lstrip(">") for head in heads], ["--:" if to_right else "---" for to_right in right]]
    lines += [[cell(value) for value in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def literal(text: str) -> str:
    """Return text that Markdown shows as it is, also in a table."""
    return re.sub(r"([|*_`<\[\]\\$])", r"\\\1", text)


class Made(SphinxDirective):
    """Puts Markdown made by a function in its place."""

    required_arguments = 1
    has_content = False

    def run(self) -> list[nodes.Node]:
        """Return the nodes of the text."""
        return self.parse_text_to_nodes(self.text(), allow_section_headings=True)

    def text(self) -> str:
        """Return what stands here."""
        raise NotImplementedError


def directive(make: Callable[..., str], arguments: int = 1) -> type[Made]:
    """Return a directive that puts what `make` returns of its arguments in its place."""

    def text(self: Made) -> str:
        return make(*self.arguments)

    return type("MadeBy", (Made,), {"text": text, "required_arguments": arguments})
