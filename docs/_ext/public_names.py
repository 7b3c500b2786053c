"""Public names by subject: `public-names` tells names of the package, in short and then in full."""

from __future__ import annotations

import inspect

from made import Made
from sphinx.application import Sphinx

import clusterplan


class _PublicNames(Made):
    """Puts a table of one-line summaries, and then each name with all it says of itself."""

    required_arguments = 0
    has_content = True

    def text(self) -> str:
        """Return both as directives of Sphinx."""
        names = [name for line in self.content if (name := line.strip())]
        lines = [".. currentmodule:: clusterplan", "", ".. autosummary::", ""]
        lines += [*(f"   {name}" for name in names), ""]
        for name in names:
            lines += [*_in_full(name), ""]
        return "\n".join(["```{eval-rst}", *lines, "```"])


def _in_full(name: str) -> list[str]:
    value = getattr(clusterplan, name)
    if inspect.ismodule(value):
        return [f".. automodule:: {value.__name__}", "   :members:"]
    if inspect.isclass(value):
        return [f".. autoclass:: {name}", "   :members:"]
    return [f".. autofunction:: {name}" if callable(value) else f".. autodata:: {name}"]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("public-names", _PublicNames)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
