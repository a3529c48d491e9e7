"""How the documentation is built: `make docs` (Sphinx, Markdown by MyST, nothing from the network)."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

project = "Samplan"
author = "The Samplan authors"
copyright = "The Samplan authors, EUPL-1.2"
release = tomllib.loads((ROOT / "platform" / "pyproject.toml").read_text("utf-8"))["project"]["version"]
version = release.rpartition(".")[0]

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
root_doc = "index"
html_theme = "furo"
html_title = f"Samplan {version}"
html_show_sphinx = False
html_copy_source = False
nitpicky = True
