"""How the documentation is built: `nox -s docs`."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "_ext")]

from mongoengine import __version__  # noqa: E402

project = "MongoEngine, both colours"
author = "The mongoengine, both colours, authors"
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_design",
    "both_colours",
]
exclude_patterns = ["_build", "_ext"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# Types stand in the signatures. The driver's classes are named in full by its own pages.
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
default_role = "literal"

# Without a network nothing but our own names can be resolved.
nitpick_ignore_regex = [
    (r"py:.*", r"(?!mongoengine\.).*"),
    # Internal names that signatures mention.
    (r"py:.*", r"mongoengine\.(_async|_sync|base|state|queryset)\..*"),
]

html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["_static"]
