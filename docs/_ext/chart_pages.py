"""Charts of stored plans: `chart` runs the lines it is given, shows them, and puts the picture they end with.

    ```{chart} yibin
    :alt: What a reader who can't see it must know.

    cp.charts.chain(plan)
    ```

In them, `cp` is the package and `plan` the stored plan of the region named (of `tiny`, which none is stored
of, a plan solved anew).
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import matplotlib as mpl
from docutils import nodes
from docutils.parsers.rst import directives
from made import Made
from region_pages import MADE, plan_of
from sphinx.application import Sphinx

mpl.use("Agg")

import clusterplan as cp


@cache
def _tiny() -> cp.Plan:
    return cp.solve(cp.load_region("tiny"))


def drawn(lines: str, plan: cp.Plan) -> Any:
    """Return the figure that the last of some lines of Python draws on."""
    tree = ast.parse(lines)
    *before, last = tree.body
    if not isinstance(last, ast.Expr):
        raise ValueError(f"The last line of a chart must be the chart itself, not {ast.unparse(last)!r}.")
    names: dict[str, Any] = {"cp": cp, "plan": plan}
    exec(compile(ast.Module(before, []), "<chart>", "exec"), names)  # noqa: S102  (our own pages)
    value = eval(compile(ast.Expression(last.value), "<chart>", "eval"), names)  # noqa: S307
    axes = value[0] if isinstance(value, tuple) else value
    return axes.figure


class _Chart(Made):
    """Puts lines of Python and the picture they draw in its place."""

    has_content = True
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the nodes, once the alternative text is there."""
        if not self.options.get("alt"):
            raise self.error("A chart needs :alt:, what a reader who can't see it must know.")
        return super().run()

    def text(self) -> str:
        """Draw, and return lines and picture."""
        name, lines = self.arguments[0], "\n".join(self.content)
        figure = drawn(lines, _tiny() if name == "tiny" else plan_of(name))
        folder = Path(self.env.srcdir) / MADE
        folder.mkdir(exist_ok=True)
        file = f"chart-{Path(self.env.docname).name}-{self.env.new_serialno('chart')}.png"
        figure.savefig(folder / file, dpi=95)
        mpl.pyplot.close(figure)
        alt = " ".join(self.options["alt"].split())
        return f"```python\n{lines}\n```\n\n```{{image}} /{MADE}/{file}\n:alt: {alt}\n```"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("chart", _Chart)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
