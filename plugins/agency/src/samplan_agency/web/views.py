"""The overview of the module."""

from __future__ import annotations

from flask import render_template

from samplan.plugin_api import requires
from samplan_agency.permissions import Allow
from samplan_agency.web.blueprint import blueprint


@blueprint.get("/")
@requires(Allow.READ)
def index() -> str:
    """Show what the module will offer."""
    return render_template("agency/index.html")
