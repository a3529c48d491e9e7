"""Why a roster is as it is: the whole, a cell, a need; as a page, or the part of one that htmx asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Invalid,
    NotFound,
    _,
    can,
    current_principal,
    current_session,
    now,
    requires,
)
from samplan_rostering.domain.explain.judge import Judge, ward_of
from samplan_rostering.domain.explain.why_not import UnknownError, check_named
from samplan_rostering.domain.ward import WardData
from samplan_rostering.explanation.words import Words
from samplan_rostering.models import Roster
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.rosters import why as answers
from samplan_rostering.queries.rosters.judging import Judged, judged
from samplan_rostering.queries.rosters.why import Question
from samplan_rostering.services.rosters.cells import Wanted
from samplan_rostering.services.rosters.edits import Editor, edit_roster
from samplan_rostering.services.versions import Stale
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import whole_number
from samplan_rostering.web.rosters.proposals import unpacked


@blueprint.get("/rosters/<uuid:roster_id>/why")
@requires(Allow.READ_ROSTER)
def why(roster_id: UUID) -> str:
    """Answer why a cell is as it is, what would close a gap, or what the whole roster's points are for.

    Who only reads rosters is told of the own row and of staffing: the rest would tell of others' wishes,
    absences and hours.
    """
    return _page(roster_id, request.args)


@blueprint.post("/rosters/<uuid:roster_id>/why/apply")
@requires(Allow.EDIT_ROSTER)
def apply_suggestion(roster_id: UUID) -> Response | tuple[str, int]:
    """Change the roster as suggested, into its log; 409 with the newest where it is another by now."""
    session = current_session()
    roster = periods.get_roster(session, roster_id)
    ward, changes = judged(session, roster).ward, unpacked(request.form.get("changes", ""))
    wanted = [Wanted(c.employee, ward.period.date_of(_day_of(ward, c.day)), c.after) for c in changes]
    version = request.form.get("version", "")
    editor = Editor(
        account_id=current_principal().account_id,
        now=now(),
        version=whole_number(version, 0),
        reason=request.form.get("reason", ""),
    )
    try:
        edit_roster(session, roster_id, editor, wanted)
    except Stale:
        session.refresh(roster)
        return _page(roster_id, request.form, outdated=True), 409
    flash(_("The roster has been changed. The change can be undone on its page."), "success")
    return redirect(url_for("rostering.roster", roster_id=roster_id), 303)


def _page(roster_id: UUID, asked: Mapping[str, str], *, outdated: bool = False) -> str:
    """Return the answer to what is asked, or its part where htmx asks."""
    session = current_session()
    roster = periods.get_roster(session, roster_id)
    found, question = judged(session, roster), _question(asked)
    page = "rostering/why_answer.html" if request.headers.get("HX-Request") else "rostering/why.html"
    try:
        told = _private(found, question) if _sees_ward() else _discreet(roster, found, question)
    except UnknownError as error:
        field = str(error.args[0])
        message = _("The ward has none of this name.")
        raise Invalid(
            _("The question names something that the ward does not have."), {field: [message]}
        ) from None
    return render_template(
        page,
        roster=roster,
        period=periods.overview(session, _period_of(roster)),
        ward=found.ward,
        words=Words.of_ward(found.ward),
        question=question,
        outdated=outdated,
        **told,
    )


def _day_of(ward: WardData, day: int) -> int:
    if not 0 <= day < ward.period.days:
        message = _("a day of the period")
        raise Invalid(_("The changes did not arrive whole. Go back and try again."), {"changes": [message]})
    return day


def _sees_ward() -> bool:
    return can(current_principal(), Allow.READ_WARD)


def _question(args: Mapping[str, str]) -> Question:
    """Return what is asked about; raises `Invalid`."""
    day, shift, employee = args.get("day", ""), args.get("shift") or None, args.get("employee") or None
    number = whole_number(day, None)
    if day and number is None:
        message = _("a number of days from the start of the period, from 0")
        raise Invalid(_("The question cannot be read."), {"day": [message]})
    if not day and (shift or employee):
        raise Invalid(_("The question cannot be read."), {"day": [_("which day is asked about")]})
    if day and not (shift or employee):
        raise Invalid(
            _("The question cannot be read."), {"shift": [_("which shift or person is asked about")]}
        )
    return Question(
        employee=employee,
        day=number,
        shift=shift,
        skill=args.get("skill") or None,
        everybody=args.get("everybody") == "1",
    )


def _private(found: Judged, question: Question) -> dict[str, Any]:
    """Return all that can be told."""
    judge = found.judge()
    told: dict[str, Any] = {"private": True, "cell": None, "need": None, "costs": None, "unmet": ()}
    if question.day is None:
        return told | {"costs": answers.costs(judge), "unmet": answers.unmet(found)}
    if question.employee is not None:
        told["cell"] = answers.about_cell(judge, question.employee, question.day, question.shift)
    if question.shift is not None:
        told["need"] = answers.about_need(found, found.judge(), question)
    return told


def _discreet(roster: Roster, found: Judged, question: Question) -> dict[str, Any]:
    """Return what somebody may be told who only reads rosters: staffing, and of the own row its rules."""
    told: dict[str, Any] = {"private": False, "cell": None, "need": None, "costs": None, "unmet": ()}
    own = answers.own_code(current_session(), _period_of(roster), current_principal().account_id)
    told["own"] = own
    if question.day is None:
        return told | {"unmet": answers.unmet(found)}
    judge = found.judge()
    if question.employee is not None and question.employee == own:
        told["cell"] = answers.about_cell(_alone(found, own), own, question.day, question.shift)
    if question.shift is not None:
        check_named(judge, question.day, question.shift, skill=question.skill)
        here = answers.needs_of_cell(found, question.day, question.shift)
        told["need"] = answers.NeedAnswer(here, question.skill, None, None)
    return told


def _alone(found: Judged, employee: str) -> Judge:
    """Return a judge of one person's row, to whom nothing of the others is known."""
    cells = [cell for cell in found.cells if cell.employee == employee]
    return Judge(ward_of(found.ward, employee), cells)


def _period_of(roster: Roster) -> UUID:
    if roster.period_id is None:
        raise NotFound(_("There is no such roster."))
    return roster.period_id
