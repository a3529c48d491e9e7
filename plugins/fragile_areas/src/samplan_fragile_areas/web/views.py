"""The page that says what is coming."""

from __future__ import annotations

from flask import Blueprint, render_template

from samplan.plugin_api import requires
from samplan_fragile_areas.permissions import Allow

blueprint = Blueprint("fragile_areas", __name__, template_folder="../templates")


@blueprint.get("/")
@requires(Allow.READ)
def index() -> str:
    """Show what the module will offer."""
    return render_template("fragile_areas/index.html")
