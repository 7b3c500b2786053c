"""How the documentation is built: `make docs`. Nothing is fetched, neither by the build nor by its pages."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

sys.path[:0] = [str(Path(__file__).parent / "_ext"), str(Path(__file__).parents[1])]  # and benchmarks

project = "clusterplan"
author = "The clusterplan developers"
copyright = f"2026, {author}"
version = release = installed_version("clusterplan")

extensions = [
    *("mathml", "region_pages", "command_pages", "model_pages", "error_pages", "public_names"),  # in _ext
    "chart_pages",  # there too
    *("myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"),
]
exclude_patterns = ["_build", "_ext", "_made"]
default_role = "py:obj"
autosummary_generate = False  # its tables alone; each name is told in full below the table

# Docstrings are numpydoc, with types in the annotations alone.
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_preprocess_types = False
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_member_order = "bysource"
autodoc_class_signature = "separated"

# Tutorials are text notebooks; each runs when the documentation is built, and one that fails fails the build.
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "auto"
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_execution_timeout = 180
nb_merge_streams = True
nb_render_markdown_format = "gfm"  # tables that cells print

html_theme = "pydata_sphinx_theme"
html_title = "clusterplan"
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["formulas.css"]
html_show_sourcelink = False
html_sidebars = {"**": ["globaltoc.html"]}
html_theme_options = {
    "show_toc_level": 2,
    "navbar_center": [],
    "navbar_persistent": [],
    "navbar_end": ["search-button", "theme-switcher"],
    # pages of regions hold wide tables and get the whole width
    "secondary_sidebar_items": {
        **{page: ["page-toc"] for page in ("start", "tutorials/*", "explanation/*", "reference/*")},
        **{page: ["page-toc"] for page in ("howto/*", "benchmarks", "api", "glossary")},
        "index": [],
        "regions/*": [],
    },
    "footer_start": ["copyright"],
    "footer_end": [],
}


def _formulas_line_by_line(_app: Sphinx, what: str, name: str, *rest: Any) -> None:
    """Keep the lines of formulas apart: in docstrings of rules they stand indented, without markup."""
    lines: list[str] = rest[-1]
    if what != "module" or not name.startswith("clusterplan.rules."):
        return
    indented = [line.startswith("    ") for line in lines]
    for number in range(len(lines) - 1, 0, -1):
        if indented[number] and not lines[number - 1].strip():
            lines[number:number] = ["::", ""]


def _first_line_is_no_type(_app: Sphinx, what: str, _name: str, *rest: Any) -> None:
    """Keep napoleon from reading "Parks by id: name, status" on a property as a type and its description."""
    if what in ("property", "attribute", "data"):
        rest[-1].insert(0, "\\ ")  # renders as nothing


def _skip_machinery(_app: Sphinx, _what: str, name: str, *_rest: Any) -> bool | None:
    """Leave out what pydantic adds to a class."""
    return True if name == "model_config" else None


def setup(app: Sphinx) -> None:
    """Make docstrings into pages as they are meant."""
    app.connect("autodoc-process-docstring", _formulas_line_by_line)
    app.connect("autodoc-process-docstring", _first_line_is_no_type, priority=400)  # before napoleon
    app.connect("autodoc-skip-member", _skip_machinery)
