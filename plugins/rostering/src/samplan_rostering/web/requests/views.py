"""The manager's page of what a period's people ask for: time off, and swaps that both have agreed to."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Invalid,
    NotFound,
    SamplanError,
    _,
    current_principal,
    current_session,
    now,
    requires,
)
from samplan_rostering.models import Swap
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.requests.absences import requests_in
from samplan_rostering.queries.requests.swaps import swaps_in
from samplan_rostering.services.requests.absences import decide_request
from samplan_rostering.services.requests.swaps import decide_swap
from samplan_rostering.web.blueprint import blueprint


@blueprint.get("/periods/<uuid:period_id>/requests")
@requires(Allow.DECIDE_REQUEST)
def period_requests(period_id: UUID) -> str:
    """List what waits for a decision, and what has been decided."""
    return _page(period_id)


@blueprint.post("/periods/<uuid:period_id>/requests/absences/<uuid:request_id>")
@requires(Allow.DECIDE_REQUEST)
def decide_absence(period_id: UUID, request_id: UUID) -> Response | tuple[str, int]:
    """Approve or decline an absence that somebody of the period asks for."""
    session = current_session()
    if request_id not in {line.request.id for line in requests_in(session, _period(period_id))}:
        raise NotFound(_("There is no such request."))
    approve, by = request.form.get("approve") == "1", current_principal().account_id
    try:
        decide_request(session, request_id, approve=approve, account_id=by, now=now())
    except Conflict as error:
        return _page(period_id, error), error.status
    flash(_("The absence is registered.") if approve else _("The request is declined."), "success")
    return redirect(url_for("rostering.period_requests", period_id=period_id), 303)


@blueprint.post("/periods/<uuid:period_id>/requests/swaps/<uuid:swap_id>")
@requires(Allow.DECIDE_REQUEST)
def decide_swap_of(period_id: UUID, swap_id: UUID) -> Response | tuple[str, int]:
    """Approve a swap, which changes the roster, or reject it."""
    session = current_session()
    swap = session.get(Swap, (session.tenant_id, swap_id))
    if swap is None or swap.period_id != _period(period_id):
        raise NotFound(_("There is no such swap."))
    approve, by = request.form.get("approve") == "1", current_principal().account_id
    try:
        decide_swap(session, swap_id, approve=approve, account_id=by, now=now())
    except (Conflict, Invalid) as error:
        return _page(period_id, error), error.status
    flash(_("The roster has been changed.") if approve else _("The swap is declined."), "success")
    return redirect(url_for("rostering.period_requests", period_id=period_id), 303)


def _period(period_id: UUID) -> UUID:
    return periods.overview(current_session(), period_id).id


def _page(period_id: UUID, fault: SamplanError | None = None) -> str:
    session = current_session()
    return render_template(
        "rostering/period_requests.html",
        period=periods.overview(session, period_id),
        requests=requests_in(session, period_id),
        swaps=swaps_in(session, period_id),
        fault=None if fault is None else str(fault),
    )
