"""The page of a ward's exceptions from the rules on rest and long shifts: registered, and ended."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from samplan.plugin_api import Conflict, Invalid, _, current_session, language, option, requires, today
from samplan_rostering.domain.ward_rules import BY_KEY
from samplan_rostering.domain.ward_rules.bounds import BOUNDS
from samplan_rostering.models import PERMITS, Employee
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.setup.exceptions import exceptions, locked_exception
from samplan_rostering.queries.setup.wards import get_ward, staff_ids
from samplan_rostering.rule_words import TEXTS, source_name
from samplan_rostering.services.setup.exceptions import ExceptionFields, end_exception, register_exception
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import minutes_of
from samplan_rostering.web.setup.forms import EndExceptionForm, ExceptionForm
from samplan_rostering.web.setup.rule_rows import name_of

Answer = Response | tuple[str, int]


@blueprint.get("/wards/<uuid:ward_id>/exceptions")
@requires(Allow.READ_WARD)
def ward_exceptions(ward_id: UUID) -> str:
    """Show a ward's exceptions."""
    return _page(ward_id, _form(ward_id, sent=False))


@blueprint.post("/wards/<uuid:ward_id>/exceptions")
@requires(Allow.WRITE_EXCEPTION)
def register_ward_exception(ward_id: UUID) -> Answer:
    """Register an exception."""
    session = current_session()
    ward = get_ward(session, ward_id)
    form = _form(ward_id)
    if form.validate_on_submit():
        try:
            register_exception(session, ward.id, _fields(ward_id, form))
        except Invalid as error:
            form.show(error)
        else:
            flash(_("The exception has been registered."), "success")
            return redirect(url_for("rostering.ward_exceptions", ward_id=ward_id), 303)
    return _page(ward_id, form), 422


@blueprint.post("/exceptions/<uuid:exception_id>/end")
@requires(Allow.WRITE_EXCEPTION)
def end_ward_exception(exception_id: UUID) -> Answer:
    """Let an exception end earlier."""
    session = current_session()
    row = locked_exception(session, exception_id)
    ward_id, form, status = row.ward_id, EndExceptionForm(), 422
    if form.validate_on_submit():
        try:
            end_exception(session, row, form.last.data, form.seen.data)
        except Conflict as error:
            form.show(error)
            status = 409
        except Invalid as error:
            form.show(error)
        else:
            flash(_("The exception has been ended."), "success")
            return redirect(url_for("rostering.ward_exceptions", ward_id=ward_id), 303)
    return _page(ward_id, _form(ward_id, sent=False), end=(exception_id, form)), status


def _form(ward_id: UUID, *, sent: bool = True) -> ExceptionForm:
    form: ExceptionForm = ExceptionForm() if sent else ExceptionForm(formdata=None)
    form.rule.choices = [option(rule, name_of(rule, language())) for rule in PERMITS]
    session = current_session()
    people = session.execute(
        select(Employee.id, Employee.name, Employee.code)
        .where(Employee.id.in_(staff_ids(ward_id)))
        .order_by(Employee.name, Employee.code)
    )
    everybody = option("", _("everybody"))
    form.employee_id.choices = [everybody, *(option(key, name or code) for key, name, code in people)]
    return form


def _fields(ward_id: UUID, form: ExceptionForm) -> ExceptionFields:
    """Return what was entered; raises `Invalid` for somebody who is not of the ward."""
    return ExceptionFields(
        rule=form.rule.data,
        minutes=minutes_of(form.minutes.data) or 0,
        employee_id=_of_staff(ward_id, form.employee_id.data),
        reason=form.reason.data,
        negotiated=form.negotiated.data,
        valid_from=form.valid_from.data,
        valid_to=form.valid_to.data,
    )


def _of_staff(ward_id: UUID, employee_id: UUID | None) -> UUID | None:
    """Return the id if it is somebody of the ward; raises `Invalid` for anybody else."""
    if employee_id is None:
        return None
    session = current_session()
    found: UUID | None = session.scalar(staff_ids(ward_id).where(Employee.id == employee_id))
    if found is None:
        message = _("Choose somebody of the ward.")
        raise Invalid(message, {"employee_id": [message]})
    return found


def _page(ward_id: UUID, form: ExceptionForm, end: tuple[UUID, EndExceptionForm] | None = None) -> str:
    session = current_session()
    return render_template(
        "rostering/exceptions.html",
        ward=get_ward(session, ward_id),
        exceptions=exceptions(session, ward_id),
        today=today(),
        form=form,
        end_form=None if end is None else end[1],
        kinds=[
            (
                name_of(rule, language()),
                TEXTS[rule],
                source_name(BY_KEY[rule].source),
                BOUNDS[rule, "minutes"],
            )
            for rule in PERMITS
        ],
    )
