"""Changing a roster on its page: what is changed comes back as rows, what is refused as words."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template, request
from sqlalchemy import select

from samplan.plugin_api import (
    Conflict,
    Invalid,
    NotFound,
    _,
    current_principal,
    current_session,
    now,
    requires,
)
from samplan_rostering.explanation.brief import brief_effect
from samplan_rostering.explanation.words import Words
from samplan_rostering.models import Employee
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.rosters.desks import Desk, open_desk, shared_in
from samplan_rostering.queries.rosters.edits import cell_lines, edit_lines
from samplan_rostering.queries.rosters.targets import Target, column_targets, one_target, shift_targets
from samplan_rostering.services.rosters.cells import Wanted
from samplan_rostering.services.rosters.edits import Edited, Editor, edit_roster, redo_edit, undo_edit
from samplan_rostering.services.versions import Stale
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import whole_number
from samplan_rostering.web.rosters.page import page_context

Answer = tuple[str, int]


@blueprint.post("/rosters/<uuid:roster_id>/edits")
@requires(Allow.EDIT_ROSTER)
def edit(roster_id: UUID) -> Answer:
    """Change cells of a roster; answers the changed rows."""
    periods.get_roster(current_session(), roster_id)
    try:
        wanted = _wanted()
    except Invalid as refused:
        return render_template("rostering/edit_refused.html", message=str(refused)), refused.status
    return _answer(
        roster_id, lambda editor: edit_roster(current_session(), roster_id, editor, wanted), wanted
    )


@blueprint.post("/rosters/<uuid:roster_id>/undo")
@requires(Allow.EDIT_ROSTER)
def undo(roster_id: UUID) -> Answer:
    """Take back the newest change; answers the changed rows."""
    periods.get_roster(current_session(), roster_id)
    return _answer(roster_id, lambda editor: undo_edit(current_session(), roster_id, editor))


@blueprint.post("/rosters/<uuid:roster_id>/redo")
@requires(Allow.EDIT_ROSTER)
def redo(roster_id: UUID) -> Answer:
    """Make the change that was undone last again; answers the changed rows."""
    periods.get_roster(current_session(), roster_id)
    return _answer(roster_id, lambda editor: redo_edit(current_session(), roster_id, editor))


@blueprint.get("/rosters/<uuid:roster_id>/effects")
@requires(Allow.EDIT_ROSTER)
def roster_effects(roster_id: UUID) -> dict[str, Any]:
    """Answer as JSON what it would do to put a lifted shift down: at one place, or with anybody that day.

    Of a place it is told in words too.
    """
    desk = _desk(roster_id)
    employee, day = _place(desk, "employee", "date")
    if request.args.get("to_employee"):
        targets = [one_target(desk, employee, day, *_place(desk, "to_employee", "to_date"))]
    else:
        targets = column_targets(desk, employee, day)
    values = [_target(target) for target in targets]
    if len(targets) == 1:
        words = Words.of_ward(desk.stands.ward)
        values[0]["text"] = " · ".join(brief_effect(targets[0].effect, words))
    return {"version": desk.roster.version, "targets": values}


@blueprint.get("/rosters/<uuid:roster_id>/cell")
@requires(Allow.EDIT_ROSTER)
def cell_menu(roster_id: UUID) -> str:
    """Answer what can be done with a cell: shifts with their effect, locking, wishes, its history."""
    session, desk = current_session(), _desk(roster_id)
    employee, day = _place(desk, "employee", "date")
    on = desk.ward.period.date_of(day)
    person_id = session.scalars(select(Employee.id).where(Employee.code == employee)).one()
    words = Words.of_ward(desk.stands.ward)
    return render_template(
        "rostering/cell_menu.html",
        roster=desk.roster,
        employee=next(person for person in desk.ward.employees if person.code == employee),
        day=day,
        on=on,
        now=desk.rows.get((employee, day), ""),
        locked=employee not in desk.ward.hired
        and any((pin.employee, pin.date) == (employee, on) for pin in desk.ward.pins),
        wishes=[wish for wish in desk.ward.wishes if (wish.employee, wish.date) == (employee, on)],
        broken=[
            (words.rule(violation), violation.rule)
            for violation in desk.evaluation().violations
            if (violation.employee, violation.day) == (employee, day)
        ],
        shifts=[
            (target, list(brief_effect(target.effect, words, employee)))
            for target in shift_targets(desk, employee, day)
        ],
        away=bool(desk.stands.away),
        lines=cell_lines(session, roster_id, desk.period.id, person_id, on),
    )


def _desk(roster_id: UUID) -> Desk:
    return open_desk(current_session(), periods.get_roster(current_session(), roster_id))


def _answer(roster_id: UUID, make: Callable[[Editor], Edited], wanted: Sequence[Wanted] = ()) -> Answer:
    """Make a change and answer its rows; what is refused is answered with the newest roster or its reason."""
    session = current_session()
    editor = Editor(
        current_principal().account_id,
        now(),
        whole_number(request.form.get("version"), 0),
        request.form.get("reason", ""),
    )
    try:
        made = make(editor)
    except Stale as stale:
        desk = _desk(roster_id)
        since = edit_lines(session, roster_id, desk.period.id, after=editor.version)
        page = render_template(
            "rostering/edit_stale.html",
            **page_context(desk),
            message=str(stale),
            since=since,
            wanted=_in_words(desk, wanted),
            cells=_as_json(wanted),
            reason=editor.reason,
        )
        return page, 409
    except (Conflict, Invalid) as refused:
        wish = _in_words(_desk(roster_id), wanted)
        page = render_template("rostering/edit_refused.html", message=str(refused), wanted=wish)
        return page, refused.status
    return _made(made), 200


def _made(made: Edited) -> str:
    """Answer the rows that a change touches, and what it does in words."""
    desk, words = made.desk, Words.of_ward(made.desk.stands.ward)
    session, changes = current_session(), made.effect.changes
    people = {employee for employee, _on in made.places}
    before = shared_in(made.before)
    shared = shared_in(desk, before, people)
    context = page_context(desk, people)
    lines = context["editing"].lines or edit_lines(
        session, desk.roster.id, desk.period.id, after=made.edit.number - 1
    )
    return render_template(
        "rostering/edit_made.html",
        **context,
        people=people,
        shifts={shift for change in changes for shift in (change.before, change.after)},
        told=list(brief_effect(made.effect, words)),
        made=lines[0],
        shares=shared.changed(before) if context["fairness"] else set(),
    )


def _wanted() -> list[Wanted]:
    """Return the cells that the form names; raises `Invalid` for anything that is none."""
    message = _("The cells could not be read. Reload the page and try again.")
    try:
        items = json.loads(request.form.get("cells", ""))
        return [
            Wanted(
                _text(item["employee"]) or "",
                date.fromisoformat(item["date"]),
                _text(item.get("shift")),
                _yes(item.get("locked")),
            )
            for item in items
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Invalid(message, {"cells": [message]}) from None


def _text(value: object) -> str | None:
    if value is not None and not (isinstance(value, str) and value.isprintable()):
        raise TypeError
    return value


def _yes(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise TypeError
    return value


def _as_json(wanted: Sequence[Wanted]) -> str:
    return json.dumps(
        [
            {
                "employee": want.employee,
                "date": want.on.isoformat(),
                "shift": want.shift,
                "locked": want.locked,
            }
            for want in wanted
        ]
    )


def _in_words(desk: Desk, wanted: Sequence[Wanted]) -> list[str]:
    """Return what somebody wanted, a line for each cell, so that nothing is lost."""
    names = {person.code: person.name or person.code for person in desk.ward.employees}
    texts = {True: _("locked"), False: _("unlocked"), None: ""}
    return [
        ", ".join(
            part
            for part in (
                f"{names.get(want.employee, want.employee)} {want.on.isoformat()}",
                "" if want.shift is None else want.shift or _("free"),
                texts[want.locked],
            )
            if part
        )
        for want in wanted
    ]


def _place(desk: Desk, who: str, when: str) -> tuple[str, int]:
    """Return the employee and day that the address names; raises `NotFound` for what the roster has not."""
    employee = request.args.get(who, "")
    try:
        day = desk.ward.period.day_of(date.fromisoformat(request.args.get(when, "")))
    except ValueError:
        raise NotFound(_("The roster has no such cell.")) from None
    if not 0 <= day < desk.ward.period.days or employee not in {p.code for p in desk.ward.employees}:
        raise NotFound(_("The roster has no such cell."))
    return employee, day


def _target(target: Target) -> dict[str, Any]:
    """Return what putting a shift down does, as the page takes it."""
    effect = target.effect
    return {
        "employee": target.employee,
        "day": target.day,
        "level": target.level,
        "points": effect.points,
        "broken": len(effect.broken),
    }
