"""Worked shifts from a time or payroll system: choose the file, map its columns, look, decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    ImportFaults,
    Invalid,
    _,
    current_session,
    language,
    ngettext,
    remove_mapping,
    requires,
    saved_mappings,
)
from samplan_rostering import labels
from samplan_rostering.domain.outcome import WorkKind
from samplan_rostering.domain.ward import AbsenceKind
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.outcome.days import Outcome, outcome
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.services.outcome.edit import locked_outcome
from samplan_rostering.services.outcome.worked_plan import (
    Values,
    WorkedLine,
    WorkedPlan,
    import_worked,
    plan_worked,
)
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.file_steps import (
    AskAgain,
    FileForm,
    Step,
    ask,
    carried_step,
    first_fault,
    first_step,
    mapped_step,
)
from samplan_rostering.workbook.worked_file import PURPOSE, WORKED

SHOWN = 300
Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A shift as the preview tells it."""

    name: str
    on: date
    rostered: str
    before: str
    after: str


@blueprint.get("/periods/<uuid:period_id>/outcome/import")
@requires(Allow.WRITE_OUTCOME)
def choose_worked_file(period_id: UUID) -> str:
    """Show the form for a file, and the mappings that are saved."""
    return _choose(outcome(current_session(), period_id), FileForm())


@blueprint.post("/periods/<uuid:period_id>/outcome/import")
@requires(Allow.WRITE_OUTCOME)
def show_worked_file(period_id: UUID) -> Answer:
    """Show what a file changes where a saved mapping fits it, else ask which column is which field."""
    found, form = outcome(current_session(), period_id), FileForm()
    try:
        content = form.content()
        step = first_step(WORKED, PURPOSE, content, form.file.data.filename or "")
    except ImportFaults as faults:
        return _page("worked_faults", found, faults=faults, filename=form.file.data.filename or ""), 422
    except Invalid:
        return _choose(found, form), 422
    return _preview(found, step) if step.known else _ask(found, step)


@blueprint.post("/periods/<uuid:period_id>/outcome/import/mapping")
@requires(Allow.WRITE_OUTCOME)
def map_worked_file(period_id: UUID) -> Answer:
    """Show what the file changes by the mapping that was sent, or ask again for what is missing in it."""
    found = outcome(current_session(), period_id)
    try:
        return _preview(found, mapped_step(WORKED, PURPOSE))
    except AskAgain as again:
        return _ask(found, again.step, again.wrong), 422 if again.wrong else 200


@blueprint.post("/periods/<uuid:period_id>/outcome/import/confirm")
@requires(Allow.WRITE_OUTCOME)
def confirm_worked_file(period_id: UUID) -> Answer:
    """Enter what the file says: all that was shown or, when it is something else by now, nothing."""
    found = locked_outcome(current_session(), period_id)
    step = carried_step(WORKED)
    try:
        plan = plan_worked(found, step.source, step.mapping, language())
        if request.form.get("seen", "") != plan.mark:
            return _preview(found, step, outdated=True)
        import_worked(current_session(), found, plan, lambda: step.save(PURPOSE))
    except ImportFaults as faults:
        return _page("worked_faults", found, faults=faults, filename=step.filename), 422
    except Invalid as error:
        return _ask(found, step, str(error)), 422
    count = len(plan.lines)
    flash(ngettext("%(num)d shift has been entered.", "%(num)d shifts have been entered.", count), "success")
    return redirect(url_for("rostering.period_outcome", period_id=period_id), 303)


@blueprint.post("/periods/<uuid:period_id>/outcome/import/forget")
@requires(Allow.WRITE_OUTCOME)
def forget_worked_mapping(period_id: UUID) -> Response:
    """Remove a saved mapping."""
    found, name = outcome(current_session(), period_id), request.form.get("name", "")
    remove_mapping(current_session(), PURPOSE, name)
    flash(_("The mapping %(name)s has been removed.", name=name), "success")
    return redirect(url_for("rostering.choose_worked_file", period_id=found.period.id), 303)


def _page(name: str, found: Outcome, **more: Any) -> str:
    period = periods.overview(current_session(), found.period.id)
    return render_template(f"rostering/{name}.html", period=period, **more)


def _choose(found: Outcome, form: FileForm) -> str:
    return _page("worked_file", found, form=form, saved=saved_mappings(current_session(), PURPOSE))


def _ask(found: Outcome, step: Step, wrong: str = "") -> str:
    period = periods.overview(current_session(), found.period.id)
    return ask("rostering/worked_mapping.html", step, wrong, period=period)


def _preview(found: Outcome, step: Step, *, outdated: bool = False) -> Answer:
    """Show what a file does; nothing is stored."""
    try:
        plan = plan_worked(found, step.source, step.mapping, language())
    except ImportFaults as faults:
        return _ask(found, step, first_fault(faults)), 422
    page = _page(
        "worked_preview",
        found,
        step=step,
        plan=plan,
        lines=[_shown(found, line) for line in plan.lines[:SHOWN]],
        skipped=_skipped(plan),
        carried=step.carried() | {"seen": plan.mark},
        outdated=outdated,
    )
    return page, 409 if outdated else 200


def _skipped(plan: WorkedPlan) -> str:
    return ngettext("%(num)d faulty row is left out.", "%(num)d faulty rows are left out.", plan.skipped)


def _shown(found: Outcome, line: WorkedLine) -> ShownLine:
    rostered = ""
    if line.rostered is not None:
        times = _times(found, line.rostered.begin, line.rostered.end)
        rostered = f"{line.rostered.shift} {times}"
    before = "" if line.before is None else _told(found, line.before)
    name = line.person.name or line.person.code
    return ShownLine(name, line.place.on, rostered, before, _told(found, line.values))


def _told(found: Outcome, values: Values) -> str:
    if values["absence_kind"]:
        _sign, name = labels.ABSENCES[AbsenceKind(values["absence_kind"])]
        return str(name)
    times = _times(found, values["starts_at"], values["ends_at"])
    return f"{labels.WORK_KINDS[WorkKind(values['kind'])]}, {times}"


def _times(found: Outcome, begin: datetime, end: datetime) -> str:
    return f"{begin.astimezone(found.zone):%H:%M}–{end.astimezone(found.zone):%H:%M}"
