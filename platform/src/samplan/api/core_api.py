"""The blueprint of the core's API; each area's `api.py` adds its routes (functions, not classes)."""

from __future__ import annotations

from flask_smorest import Blueprint

core_api = Blueprint(
    "core_api", __name__, url_prefix="/api/v1/t/<tenant>", description="Runs, organisation and indicators"
)
