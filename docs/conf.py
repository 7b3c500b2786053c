"""How the documentation is built: `make docs`. Nothing is fetched, neither by the build nor by its pages."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "clusterplan"
author = "The clusterplan developers"
copyright = f"2026, {author}"
version = release = installed_version("clusterplan")

extensions = ["mathml", "myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "_ext"]
default_role = "py:obj"

# Docstrings are numpydoc, with types in the annotations alone.
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_preprocess_types = True
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
html_theme_options = {
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
}
