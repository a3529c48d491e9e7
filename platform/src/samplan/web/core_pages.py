"""The blueprint of the core's HTML pages; each area's views add their routes with full paths."""

from __future__ import annotations

from flask import Blueprint

core_pages = Blueprint("core", __name__)
