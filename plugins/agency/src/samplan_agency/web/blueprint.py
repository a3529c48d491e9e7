"""The blueprint of the module's pages, and what its views share."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import get_locale

from samplan.plugin_api import Language

blueprint = Blueprint("agency", __name__, template_folder="../templates", static_folder="../static")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def language() -> Language:
    """Return the language of files: that of the page."""
    return "en" if str(get_locale() or "").startswith("en") else "sv"
