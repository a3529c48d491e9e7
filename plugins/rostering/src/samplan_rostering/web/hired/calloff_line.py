"""The page of a shift that lacks people: who can take it, step by step, and giving it to one of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Invalid,
    NotFound,
    Text,
    _,
    _l,
    can,
    current_principal,
    current_session,
    now,
    requires,
)
from samplan_rostering.explanation.words import Words
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.hired.chain import Chain, chain, find_line
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.services.hired.taking import give_line, lend_for_line
from samplan_rostering.services.rosters.edits import Editor
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import whole_number

OBSTACLES: Mapping[str, Text] = MappingProxyType(
    {
        "busy": _l("Works another shift that day"),
        "unskilled": _l("Lacks the skill"),
        "full_time": _l("Would be beyond full time: overtime"),
        "additional": _l("Would be beyond 200 hours of additional time in the year"),
        "needed": _l("Is needed in the own unit"),
    }
)
"""What keeps somebody from a shift that lacks people, beside the rules."""
STEPS = ("own_staff", "internal_unit", "agency")


@blueprint.get("/periods/<uuid:period_id>/call-off/<uuid:line_id>")
@requires(Allow.CALL_OFF)
@requires(Allow.READ_WARD)
def call_off_line(period_id: UUID, line_id: UUID) -> str:
    """Show who can take a shift: own staff, the internal unit; and what is handed over."""
    return _page(period_id, line_id)


@blueprint.post("/periods/<uuid:period_id>/call-off/<uuid:line_id>/give")
@requires(Allow.EDIT_ROSTER)
@requires(Allow.CALL_OFF)
@requires(Allow.READ_WARD)
def give_call_off_line(period_id: UUID, line_id: UUID) -> Response | tuple[str, int]:
    """Give the shift to one of the own staff or of an internal unit, as a change of a roster by hand."""
    session, form = current_session(), request.form
    find_line(session, period_id, line_id)
    editor = Editor(
        account_id=current_principal().account_id,
        now=now(),
        version=whole_number(form.get("version", ""), 0),
        reason=form.get("reason", ""),
    )
    seen, employee = whole_number(form.get("line_version", ""), 0), form.get("employee", "")
    unit = _roster_id(form.get("roster_id", ""))
    try:
        with session.begin_nested():
            if unit:
                floater = unit, employee
                lend_for_line(session, period_id, line_id, seen=seen, floater=floater, editor=editor)
            else:
                give_line(session, period_id, line_id, seen=seen, employee=employee, editor=editor)
    except (Conflict, Invalid) as error:
        session.expire_all()
        return _page(period_id, line_id, str(error)), error.status
    flash(_("The roster has been changed. The change can be undone on its page."), "success")
    return redirect(url_for("rostering.call_off", period_id=period_id), 303)


def _roster_id(text: str) -> UUID | None:
    """Return the roster of an internal unit that was named, None for none; raises `NotFound`."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise NotFound(_("There is no such roster.")) from error


def _page(period_id: UUID, line_id: UUID, fault: str = "") -> str:
    session = current_session()
    period, found = periods.overview(session, period_id), chain(session, period_id, line_id)
    return render_template(
        "rostering/call_off_line.html",
        period=period,
        chain=found,
        line=found.line,
        words=Words.of_ward(found.ward),
        reached=_reached(found),
        obstacles=OBSTACLES,
        sees_outcome=can(current_principal(), Allow.READ_OUTCOME),
        fault=fault,
    )


def _reached(found: Chain) -> int:
    """Return how many of the steps the line has been offered to, the last of them now."""
    state = found.line.row.state
    return STEPS.index(state) + 1 if state in STEPS else 0
