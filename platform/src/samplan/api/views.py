"""The API's description and its documentation page."""

from __future__ import annotations

from flask import Response, current_app, jsonify, render_template

from samplan.access.policy import signed_in
from samplan.api.build import document_for
from samplan.tenancy.context import current_tenant
from samplan.web.core_pages import core_pages
from samplan.web.request import current_core


@core_pages.get("/api/v1/t/<tenant>/openapi.json")
@signed_in
def openapi() -> Response:
    """Answer the OpenAPI document of what this tenant uses."""
    return jsonify(document_for(current_app, current_tenant(), current_core()))


@core_pages.get("/t/<tenant>/api-docs")
@signed_in
def api_docs() -> str:
    """Show the API's documentation."""
    return render_template("core/api_docs.html")
