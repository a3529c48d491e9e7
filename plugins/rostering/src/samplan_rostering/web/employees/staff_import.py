"""Employees from a payroll or staff system: choose the file, map its columns, see what it changes, decide."""

from __future__ import annotations

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
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.employees.staff_fields import fields_of
from samplan_rostering.queries.setup.wards import WardLine, get_ward
from samplan_rostering.services.employees.staff_import import import_staff, lock_staff
from samplan_rostering.services.employees.staff_plan import StaffFile, StaffPlan, plan_staff
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
from samplan_rostering.workbook.staff_file import PURPOSE

SHOWN = 300
"""People of a kind on the preview; the others are counted."""
Answer = Response | str | tuple[str, int]


@blueprint.get("/wards/<uuid:ward_id>/staff/import")
@requires(Allow.WRITE_WARD)
def choose_staff_file(ward_id: UUID) -> str:
    """Show the form for a file, and the mappings that are saved."""
    return _choose(get_ward(current_session(), ward_id), FileForm())


@blueprint.post("/wards/<uuid:ward_id>/staff/import")
@requires(Allow.WRITE_WARD)
def show_staff_file(ward_id: UUID) -> Answer:
    """Show what a file changes where a saved mapping fits it, else ask which column is which field."""
    session = current_session()
    ward, form = get_ward(session, ward_id), FileForm()
    try:
        content = form.content()
        step = first_step(fields_of(session, ward), PURPOSE, content, form.file.data.filename or "")
    except ImportFaults as faults:
        return _faults(ward, faults, form.file.data.filename or ""), 422
    except Invalid:
        return _choose(ward, form), 422
    return _preview(ward, step) if step.known else _ask(ward, step)


@blueprint.post("/wards/<uuid:ward_id>/staff/import/mapping")
@requires(Allow.WRITE_WARD)
def map_staff_file(ward_id: UUID) -> Answer:
    """Show what the file changes by the mapping that was sent, or ask again for what is missing in it."""
    session = current_session()
    ward = get_ward(session, ward_id)
    try:
        return _preview(ward, mapped_step(fields_of(session, ward), PURPOSE))
    except AskAgain as again:
        return _ask(ward, again.step, again.wrong), 422 if again.wrong else 200


@blueprint.post("/wards/<uuid:ward_id>/staff/import/confirm")
@requires(Allow.WRITE_WARD)
def confirm_staff_file(ward_id: UUID) -> Answer:
    """Read the file in: all that was shown or, when it is something else by now, nothing."""
    session = current_session()
    ward = get_ward(session, ward_id)
    step, seen = carried_step(fields_of(session, ward)), request.form.get("seen", "")
    lock_staff(session, ward)
    try:
        plan = plan_staff(session, ward, _file(step))
        reach, done = import_staff(
            session, ward, plan, lambda found: seen == plan.mark + found.mark, lambda: step.save(PURPOSE)
        )
    except ImportFaults as faults:
        return _faults(ward, faults, step.filename), 422
    except Invalid as error:
        return _ask(ward, step, str(error)), 422
    if not done:
        return _preview_page(
            ward, step, plan, plan.mark + reach.mark, outdated=True, rosters=reach.rosters
        ), 409
    flash(
        _("Read in: %(new)s new, %(changed)s changed.", new=len(plan.new), changed=len(plan.changed)),
        "success",
    )
    return redirect(url_for("rostering.ward_staff", ward_id=ward.id), 303)


@blueprint.post("/wards/<uuid:ward_id>/staff/import/forget")
@requires(Allow.WRITE_WARD)
def forget_staff_mapping(ward_id: UUID) -> Response:
    """Remove a saved mapping."""
    session = current_session()
    ward, name = get_ward(session, ward_id), request.form.get("name", "")
    remove_mapping(session, PURPOSE, name)
    flash(_("The mapping %(name)s has been removed.", name=name), "success")
    return redirect(url_for("rostering.choose_staff_file", ward_id=ward.id), 303)


def _file(step: Step) -> StaffFile:
    return StaffFile(step.source, step.mapping, step.on, language())


def _choose(ward: WardLine, form: FileForm) -> str:
    saved = saved_mappings(current_session(), PURPOSE)
    return render_template("rostering/staff_file.html", ward=ward, form=form, saved=saved)


def _ask(ward: WardLine, step: Step, wrong: str = "") -> str:
    return ask("rostering/staff_mapping.html", step, wrong, ward=ward)


def _preview(ward: WardLine, step: Step) -> Answer:
    """Show what a file does; nothing is stored."""
    session = current_session()
    try:
        plan = plan_staff(session, ward, _file(step))
    except ImportFaults as faults:
        return _ask(ward, step, first_fault(faults)), 422
    reach, _done = import_staff(session, ward, plan, lambda _found: False)
    return _preview_page(ward, step, plan, plan.mark + reach.mark, rosters=reach.rosters)


def _preview_page(ward: WardLine, step: Step, plan: StaffPlan, mark: str, **more: Any) -> str:
    return render_template(
        "rostering/staff_preview.html",
        ward=ward,
        step=step,
        plan=plan,
        skipped=ngettext(
            "%(num)d faulty row is left out.", "%(num)d faulty rows are left out.", plan.skipped
        ),
        carried=step.carried() | {"seen": mark},
        limit=SHOWN,
        **more,
    )


def _faults(ward: WardLine, faults: ImportFaults, filename: str) -> str:
    return render_template("rostering/staff_faults.html", ward=ward, faults=faults, filename=filename)
