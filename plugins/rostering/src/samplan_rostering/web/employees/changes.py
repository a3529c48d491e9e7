"""What changes on the page of an employee: shown first where it reaches rosters, refused if outdated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import Conflict, Invalid, NotFound, Text, _, current_core, current_session, requires
from samplan_rostering.models import Absence, Contract, ContractShare, Employee, EmployeeSkill, Skill, Ward
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.employees.lists import contracts_of, employee_page, get_employee
from samplan_rostering.services.employees import edit as service
from samplan_rostering.services.setup.changes import periods_of_person
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.confirming import change_or_show
from samplan_rostering.web.employees.forms import (
    AbsenceForm,
    ContractForm,
    LastDateForm,
    MarkedForm,
    PersonForm,
)
from samplan_rostering.web.employees.views import share_form, show_employee, skill_form

Answer = Response | tuple[str, int]
Row = TypeVar("Row", Contract, EmployeeSkill, Absence)


@blueprint.post("/employees/<uuid:employee_id>")
@requires(Allow.WRITE_WARD)
def change_person(employee_id: UUID) -> Answer:
    """Change name, profession or day break."""
    row, form = _locked(employee_id), PersonForm()
    fields = {name: form[name].data or "" for name in ("name", "profession")}

    def change() -> None:
        service.change_employee(current_session(), row, {**fields, "day_break": form.day_break.data})

    return _made(row, form, change, _("The employee has been saved."))


@blueprint.post("/employees/<uuid:employee_id>/contracts")
@requires(Allow.WRITE_WARD)
def add_contract(employee_id: UUID) -> Answer:
    """Let another contract hold from a date on."""
    row, form = _locked(employee_id), ContractForm()
    return _made(
        row,
        form,
        lambda: service.change_contract(current_session(), row, form.fields()),
        _("The contract has been saved."),
    )


@blueprint.post("/employees/<uuid:employee_id>/contracts/<uuid:row_id>/end")
@requires(Allow.WRITE_WARD)
def end_contract(employee_id: UUID, row_id: UUID) -> Answer:
    """Let a contract end on a date."""
    row, form = _locked(employee_id), LastDateForm()
    contract = _of(Contract, row, row_id)
    return _made(
        row,
        form,
        lambda: service.end_contract(current_session(), contract, form.last.data),
        _("The contract has been saved."),
    )


@blueprint.post("/employees/<uuid:employee_id>/skills")
@requires(Allow.WRITE_WARD)
def add_held_skill(employee_id: UUID) -> Answer:
    """Let an employee have a skill."""
    row, form = _locked(employee_id), skill_form()
    session = current_session()

    def change() -> None:
        skill = session.get_one(Skill, (session.tenant_id, form.skill_id.data))
        service.add_skill(session, row, skill, form.valid_from.data, form.valid_to.data)

    return _made(row, form, change, _("The skill has been saved."))


@blueprint.post("/employees/<uuid:employee_id>/skills/<uuid:row_id>/end")
@requires(Allow.WRITE_WARD)
def end_held_skill(employee_id: UUID, row_id: UUID) -> Answer:
    """Let a skill be valid no longer than a date."""
    row, form = _locked(employee_id), LastDateForm()
    held = _of(EmployeeSkill, row, row_id)
    return _made(
        row,
        form,
        lambda: service.end_skill(current_session(), held, form.last.data),
        _("The skill has been saved."),
    )


@blueprint.post("/employees/<uuid:employee_id>/absences")
@requires(Allow.WRITE_WARD)
def add_absence(employee_id: UUID) -> Answer:
    """Note an absence."""
    row, form = _locked(employee_id), AbsenceForm()
    return _made(
        row,
        form,
        lambda: service.add_absence(current_session(), row, form.value(row.code)),
        _("The absence has been saved."),
    )


@blueprint.post("/employees/<uuid:employee_id>/absences/<uuid:row_id>/remove")
@requires(Allow.WRITE_WARD)
def remove_absence(employee_id: UUID, row_id: UUID) -> Answer:
    """Remove an absence."""
    row, form = _locked(employee_id), MarkedForm()
    absence = _of(Absence, row, row_id)
    return _made(
        row,
        form,
        lambda: service.remove_absence(current_session(), absence),
        _("The absence has been removed."),
    )


@blueprint.post("/employees/<uuid:employee_id>/shares")
@requires(Allow.WRITE_WARD)
def add_share(employee_id: UUID) -> Answer:
    """Let a part of a contract be worked in a ward."""
    session, row = current_session(), _locked(employee_id)
    form = share_form(contracts_of(session, row.id))

    def change() -> None:
        contract = _of(Contract, row, form.contract_id.data)
        ward = session.get_one(Ward, (session.tenant_id, form.ward_id.data))
        service.split_contract(session, contract, ward, form.work.data, form.percentage.data)

    return _made(row, form, change, _("The share has been saved."))


@blueprint.post("/employees/<uuid:employee_id>/shares/<uuid:row_id>/remove")
@requires(Allow.WRITE_WARD)
def remove_share(employee_id: UUID, row_id: UUID) -> Answer:
    """Take a share of a contract back."""
    row, form = _locked(employee_id), MarkedForm()
    session = current_session()
    share = session.get(ContractShare, (session.tenant_id, row_id))
    if share is None:
        raise NotFound(_("There is no such row."))
    contract = _of(Contract, row, share.contract_id)
    return _made(
        row,
        form,
        lambda: service.remove_share(session, share, contract),
        _("The share has been removed."),
    )


def _locked(employee_id: UUID) -> Employee:
    return get_employee(current_session(), employee_id, lock=True)


def _of(model: type[Row], employee: Employee, row_id: UUID) -> Row:
    session = current_session()
    row = session.get(model, (session.tenant_id, row_id))
    if row is None or row.employee_id != employee.id:
        raise NotFound(_("There is no such row."))
    return row


def _made(employee: Employee, form: MarkedForm, change: Callable[[], None], done: Text) -> Answer:
    """Make a change that a valid form of the newest state asks for, or show the page with what is wrong."""
    session = current_session()
    if not form.validate_on_submit():
        return show_employee(employee, form), 422
    if form.mark.data != employee_page(session, employee, current_core().clock.now()).mark:
        form.show(
            Conflict(_("Somebody else has changed this in the meantime. What is shown now is the newest."))
        )
        return show_employee(employee, form), 409
    back = url_for("rostering.employee", employee_id=employee.id)
    try:
        return change_or_show(
            periods_of_person(session, employee.id),
            change,
            done=done,
            back=back,
            title=employee.name or employee.code,
        )
    except (Conflict, Invalid) as error:
        form.show(error)
        return show_employee(employee, form), 422
