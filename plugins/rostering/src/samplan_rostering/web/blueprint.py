"""The blueprint of the module's pages, and what its views share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("rostering", __name__, template_folder="../templates", static_folder="../static")
