"""The page of a period's call-off lines, and the lines as a workbook."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Cell,
    Conflict,
    Invalid,
    NumberFormat,
    TableColumn,
    _,
    _l,
    current_core,
    current_session,
    download,
    ngettext,
    requires,
    write_table,
)
from samplan_rostering import labels
from samplan_rostering.domain.export import Column, Spelling, write_rows
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.hired.calloff import Line, lines_of
from samplan_rostering.queries.hired.people import HiredShift, shifts_of_hired
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.periods.lists import PeriodOverview
from samplan_rostering.services.hired.calloff import renew_lines, set_state
from samplan_rostering.web.blueprint import blueprint

COLUMNS = (
    (_l("Line"), NumberFormat.GENERAL),
    (_l("Unit"), NumberFormat.GENERAL),
    (_l("Date"), NumberFormat.DATE),
    (_l("Begins"), NumberFormat.TIME),
    (_l("Ends"), NumberFormat.TIME),
    (_l("Break (minutes)"), NumberFormat.INTEGER),
    (_l("Shift"), NumberFormat.GENERAL),
    (_l("Skill"), NumberFormat.GENERAL),
    (_l("Number of people"), NumberFormat.INTEGER),
    (_l("State"), NumberFormat.GENERAL),
)


@blueprint.get("/periods/<uuid:period_id>/call-off")
@requires(Allow.CALL_OFF)
def call_off(period_id: UUID) -> str:
    """Show the shifts that lack people, and to whom each has been offered."""
    return _page(period_id)


@blueprint.post("/periods/<uuid:period_id>/call-off/renew")
@requires(Allow.CALL_OFF)
def renew_call_off(period_id: UUID) -> Response | tuple[str, int]:
    """List what the roster in force lacks."""
    try:
        count = renew_lines(current_session(), period_id, to_target=request.form.get("basis") == "target")
    except Conflict as conflict:
        return _page(period_id, str(conflict)), 409
    flash(ngettext("%(num)d line lacks people.", "%(num)d lines lack people.", count), "success")
    return redirect(url_for("rostering.call_off", period_id=period_id), 303)


@blueprint.post("/periods/<uuid:period_id>/call-off/state")
@requires(Allow.CALL_OFF)
def hand_over(period_id: UUID) -> Response | tuple[str, int]:
    """Give chosen lines another state."""
    periods.overview(current_session(), period_id)
    try:
        count = set_state(current_session(), period_id, _chosen(), request.form.get("state", ""))
    except Invalid as fault:
        return _page(period_id, str(fault)), 422
    except Conflict as conflict:
        return _page(period_id, str(conflict)), 409
    flash(ngettext("%(num)d line is changed.", "%(num)d lines are changed.", count), "success")
    return redirect(url_for("rostering.call_off", period_id=period_id), 303)


@blueprint.get("/periods/<uuid:period_id>/call-off.xlsx")
@requires(Allow.CALL_OFF)
def call_off_workbook(period_id: UUID) -> Response:
    """Answer the lines as a workbook."""
    period = periods.overview(current_session(), period_id)
    columns = [TableColumn(str(label), kind) for label, kind in COLUMNS]
    rows = [_cells(line) for line in lines_of(current_session(), period_id)]
    content = write_table(_("Call-off"), columns, rows, created=current_core().clock.now())
    return download(content, _file_name(period), "xlsx")


@blueprint.get("/periods/<uuid:period_id>/call-off.csv")
@requires(Allow.CALL_OFF)
def call_off_text(period_id: UUID) -> Response:
    """Answer the lines as a text file, for whoever reads no workbook."""
    period = periods.overview(current_session(), period_id)
    columns = [Column(str(place), str(label)) for place, (label, _kind) in enumerate(COLUMNS)]
    rows = [
        {str(place): _spelled(cell) for place, cell in enumerate(_cells(line))}
        for line in lines_of(current_session(), period_id)
    ]
    return download(write_rows(rows, columns, Spelling()), _file_name(period), "csv")


def _file_name(period: PeriodOverview) -> str:
    return _("Call-off %(unit)s %(start)s", unit=period.unit_name, start=period.start)


def _cells(line: Line) -> list[Cell]:
    """Return what a file says of a line, column by column."""
    return [
        str(line.row.id),
        line.unit_name,
        line.row.on_date,
        line.begin.time(),
        line.end.time(),
        line.row.break_minutes,
        line.shift_name or line.shift,
        line.skill_name or line.skill or "",
        line.row.people,
        str(labels.CALL_OFF_STATES[line.row.state]),
    ]


def _spelled(cell: Cell) -> str:
    return cell.strftime("%H:%M") if isinstance(cell, time) else str(cell)


def _chosen() -> list[tuple[UUID, int]]:
    """Return the lines that were ticked, each with its version; raises `Invalid` for what is none."""
    found = []
    for text in request.form.getlist("line"):
        key, _colon, version = text.partition(":")
        try:
            found.append((UUID(key), int(version)))
        except ValueError as error:
            raise Invalid(_("Choose lines, and what is to be said of them.")) from error
    return found


def _hired(period: PeriodOverview, lines: list[Line]) -> dict[UUID, list[HiredShift]]:
    """Return who is hired for each line's shift, with its skill, by the line's id."""
    if period.roster is None:
        return {}
    given = shifts_of_hired(current_session(), period.id, period.roster.id)
    return {
        line.row.id: [
            shift
            for shift in given.get((line.row.on_date, line.row.shift_type_id), ())
            if line.skill is None or line.skill in shift.skills
        ]
        for line in lines
    }


def _page(period_id: UUID, fault: str = "") -> str:
    period = periods.overview(current_session(), period_id)
    lines = lines_of(current_session(), period_id)
    waiting: list[Line] = [line for line in lines if line.row.state not in {"filled", "withdrawn"}]
    return render_template(
        "rostering/call_off.html",
        period=period,
        lines=lines,
        people=sum(line.row.people for line in waiting),
        hired=_hired(period, lines),
        states=labels.CALL_OFF_STATES,
        fault=fault,
    )
