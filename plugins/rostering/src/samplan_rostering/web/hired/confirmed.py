"""Putting the shifts that suppliers have confirmed into the roster, from the page of hired staff."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    ConfirmedShifts,
    Conflict,
    Invalid,
    current_principal,
    current_session,
    find,
    ngettext,
    now,
    requires,
)
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.services.hired.confirmed import put_in_confirmed
from samplan_rostering.services.rosters.edits import Editor
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import whole_number
from samplan_rostering.web.hired.views import hired_page


@blueprint.post("/periods/<uuid:period_id>/hired/confirmed")
@requires(Allow.EDIT_ROSTER)
@requires(Allow.CALL_OFF)
def put_in_confirmed_shifts(period_id: UUID) -> Response | tuple[str, int]:
    """Put the confirmed shifts in, as one change of the roster by hand."""
    session, form = current_session(), request.form
    periods.overview(session, period_id)
    editor = Editor(
        account_id=current_principal().account_id,
        now=now(),
        version=whole_number(form.get("version", ""), 0),
        reason=form.get("reason", ""),
    )
    try:
        with session.begin_nested():
            count = put_in_confirmed(session, period_id, find(ConfirmedShifts), editor)
    except (Conflict, Invalid) as error:
        session.expire_all()
        return hired_page(period_id, fault=str(error)), error.status
    told = ngettext(
        "%(num)d confirmed shift is in the roster.", "%(num)d confirmed shifts are in the roster.", count
    )
    flash(told, "success")
    return redirect(url_for("rostering.hired", period_id=period_id), 303)
