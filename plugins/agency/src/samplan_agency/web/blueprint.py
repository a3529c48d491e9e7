"""The blueprint of the module's pages, and what its views share."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, send_file
from flask_babel import get_locale
from werkzeug.wrappers import Response

from samplan.plugin_api import Language

blueprint = Blueprint("agency", __name__, template_folder="../templates", static_folder="../static")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def language() -> Language:
    """Return the language of files: that of the page."""
    return "en" if str(get_locale() or "").startswith("en") else "sv"


def workbook(content: bytes, name: str) -> Response:
    """Return a workbook to be saved as `name`, without ending."""
    safe = "".join(char if char.isalnum() or char in "-_ " else "-" for char in name).strip() or "Samplan"
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=f"{safe}.xlsx")
