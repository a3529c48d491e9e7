"""Employees from a payroll or staff system: choose the file, map its columns, see what it changes, decide.

The file is not kept anywhere meanwhile: it travels in the form, without columns of personal identity numbers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    ColumnMapping,
    FaultLog,
    ImportFaults,
    Invalid,
    SavedMapping,
    SheetSpec,
    SourceTable,
    _,
    _l,
    answered_mapping,
    current_session,
    first_mapping,
    mapping_questions,
    ngettext,
    pack_source,
    read_source_table,
    remove_mapping,
    requires,
    save_mapping,
    saved_mappings,
    unknown_values,
    unpack_source,
)
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.wards import WardLine, get_ward
from samplan_rostering.services.staff_import import import_staff, lock_staff
from samplan_rostering.services.staff_plan import StaffFile, StaffPlan, fields_of, plan_staff
from samplan_rostering.web.blueprint import blueprint, language
from samplan_rostering.web.ward_pages import today
from samplan_rostering.workbook.staff_file import PURPOSE

LARGEST_FILE = 5_000_000
SHOWN = 300
"""People of a kind on the preview; the others are counted."""
Answer = Response | str | tuple[str, int]


class StaffFileForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no annotations
    """A file of employees."""

    file = FileField(
        _l("File of employees"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("A text file (CSV) or a workbook (.xlsx), as the staff or payroll system writes it."),
    )


@dataclass(frozen=True, slots=True)
class Step:
    """How far somebody has come: the file, its mapping, the mapping's name, and the date of changes."""

    source: SourceTable
    mapping: ColumnMapping
    name: str
    on: date
    filename: str

    def carried(self) -> dict[str, str]:
        """Return the hidden fields for the next step."""
        return {
            "content": pack_source(self.source, FaultLog()),
            "mapping": json.dumps(self.mapping.as_dict(), ensure_ascii=False),
            "name": self.name,
            "on": self.on.isoformat(),
            "filename": self.filename,
        }


@blueprint.get("/wards/<uuid:ward_id>/staff/import")
@requires(Allow.WRITE_WARD)
def choose_staff_file(ward_id: UUID) -> str:
    """Show the form for a file, and the mappings that are saved."""
    return _choose(get_ward(current_session(), ward_id), StaffFileForm())


@blueprint.post("/wards/<uuid:ward_id>/staff/import")
@requires(Allow.WRITE_WARD)
def show_staff_file(ward_id: UUID) -> Answer:
    """Show what a file changes where a saved mapping fits it, else ask which column is which field."""
    session = current_session()
    ward, form = get_ward(session, ward_id), StaffFileForm()
    if not form.validate_on_submit():
        return _choose(ward, form), 422
    content = form.file.data.stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        limit = LARGEST_FILE // 1_000_000
        form.file.errors = [_("The file is larger than %(limit)s MB.", limit=limit)]
        return _choose(ward, form), 422
    spec, filename = fields_of(session, ward), form.file.data.filename or ""
    try:
        source = read_source_table(content, spec, FaultLog())
        saved = first_mapping(session, PURPOSE, spec, source)
        step = Step(source, saved.mapping, saved.name, today(), filename[:200])
        step.carried()
    except ImportFaults as faults:
        return _faults(ward, faults, filename), 422
    if saved.version and not unknown_values(spec, source, saved.mapping):
        return _preview(ward, step)
    return _ask(ward, spec, step)


@blueprint.post("/wards/<uuid:ward_id>/staff/import/mapping")
@requires(Allow.WRITE_WARD)
def map_staff_file(ward_id: UUID) -> Answer:
    """Show what the file changes by the mapping that was sent, or ask again for what is missing in it."""
    session = current_session()
    ward = get_ward(session, ward_id)
    spec = fields_of(session, ward)
    if "mapping" in request.form:
        return _ask(ward, spec, _carried_step(spec))
    source = unpack_source(request.form.get("content", ""), spec)
    mapping = answered_mapping(spec, source, request.form)
    name = " ".join(request.form.get("name", "").split())[:100]
    try:
        on = date.fromisoformat(request.form.get("on", ""))
    except ValueError:
        step = Step(source, mapping, name, today(), request.form.get("filename", "")[:200])
        return _ask(ward, spec, step, wrong=_("Give the date from which changes hold.")), 422
    step = Step(source, _over_saved(mapping, name), name, on, request.form.get("filename", "")[:200])
    unasked = [
        key
        for key, values in unknown_values(spec, source, mapping).items()
        if request.form.get(f"raw-{key}-0") is None and values
    ]
    if unasked:
        return _ask(ward, spec, step)
    return _preview(ward, step)


@blueprint.post("/wards/<uuid:ward_id>/staff/import/confirm")
@requires(Allow.WRITE_WARD)
def confirm_staff_file(ward_id: UUID) -> Answer:
    """Read the file in: all that was shown or, when it is something else by now, nothing."""
    session = current_session()
    ward = get_ward(session, ward_id)
    spec = fields_of(session, ward)
    step, seen = _carried_step(spec), request.form.get("seen", "")
    lock_staff(session, ward)
    try:
        plan = plan_staff(session, ward, _file(step))
    except ImportFaults as faults:
        return _faults(ward, faults, step.filename), 422

    def save() -> SavedMapping | None:
        return save_mapping(session, PURPOSE, spec, step.name, step.mapping) if step.name else None

    try:
        reach, done = import_staff(session, ward, plan, lambda found: seen == plan.mark + found.mark, save)
    except Invalid as error:
        return _ask(ward, spec, step, wrong=str(error)), 422
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


def _carried_step(spec: SheetSpec) -> Step:
    """Return the step that hidden fields carry; raises `Invalid` for what they cannot hold."""
    source = unpack_source(request.form.get("content", ""), spec)
    try:
        mapping = ColumnMapping.of(json.loads(request.form.get("mapping", "")))
        on = date.fromisoformat(request.form.get("on", ""))
    except (ValueError, RecursionError) as error:
        raise Invalid(_("The file did not arrive whole. Choose it again.")) from error
    name = " ".join(request.form.get("name", "").split())[:100]
    return Step(source, mapping, name, on, request.form.get("filename", "")[:200])


def _over_saved(mapping: ColumnMapping, name: str) -> ColumnMapping:
    """Keep what the saved mapping of the name knows of values that this file does not have."""
    saved = next((each for each in saved_mappings(current_session(), PURPOSE) if each.name == name), None)
    return mapping if saved is None else mapping.over(saved.mapping)


def _file(step: Step) -> StaffFile:
    return StaffFile(step.source, step.mapping, step.on, language())


def _choose(ward: WardLine, form: StaffFileForm) -> str:
    saved = saved_mappings(current_session(), PURPOSE)
    return render_template("rostering/staff_file.html", ward=ward, form=form, saved=saved)


def _ask(ward: WardLine, spec: SheetSpec, step: Step, wrong: str = "") -> str:
    carried = step.carried()
    return render_template(
        "rostering/staff_mapping.html",
        ward=ward,
        step=step,
        source=step.source,
        questions=mapping_questions(spec, step.source, step.mapping, language()),
        unknown=unknown_values(spec, step.source, step.mapping),
        carried={key: carried[key] for key in ("content", "filename")},
        wrong=wrong,
    )


def _preview(ward: WardLine, step: Step) -> Answer:
    """Show what a file does; nothing is stored."""
    session = current_session()
    try:
        plan = plan_staff(session, ward, _file(step))
    except ImportFaults as faults:
        return _ask(ward, fields_of(session, ward), step, wrong=str(faults.faults[0].message)), 422
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
