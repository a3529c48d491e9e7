"""The start page of a tenant, the accessibility statement and the health checks."""

from __future__ import annotations

from flask import Response, jsonify, render_template
from flask_babel import to_user_timezone

from samplan.access.policy import public, signed_in
from samplan.health import readiness
from samplan.indicators.group_views import group_overview
from samplan.web.core_pages import core_pages
from samplan.web.nav import cards
from samplan.web.request import current_core


@core_pages.get("/t/<tenant>/")
@signed_in
def start() -> str:
    """Show the cards of what the tenant uses, and to a management group what its members have published."""
    today = to_user_timezone(current_core().clock.now()).date()
    return render_template("core/start.html", cards=cards(), today=today, group=group_overview())


@core_pages.get("/accessibility")
@public
def accessibility() -> str:
    """Show the accessibility statement."""
    return render_template("core/accessibility.html")


@core_pages.get("/livez")
@public
def livez() -> Response:
    """Answer that the process is alive."""
    return jsonify(status="ok")


@core_pages.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Answer whether the process can serve: role, migrations and catalogue; Redis is reported only."""
    ready, checks = readiness(current_core())
    body = {check.name: "ok" if check.ok else "failed" for check in checks}
    return jsonify(status="ok" if ready else "failed", checks=body), 200 if ready else 503
