"""Employees: the list with its search, and a page for each with contracts, skills, absences and shares."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_decimal
from werkzeug.wrappers import Response

from samplan.plugin_api import Invalid, _, as_uuid, current_core, current_session, option, requires, today
from samplan_rostering.models import Contract, Employee, Skill
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.employees.lists import employee_lines, employee_page, get_employee
from samplan_rostering.queries.setup.wards import get_ward, skills_of, skills_with_wards, ward_lines
from samplan_rostering.services.employees.edit import add_employee, add_skill
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.employees.forms import (
    AbsenceForm,
    ContractForm,
    MarkedForm,
    NewEmployeeForm,
    PersonForm,
    ShareForm,
    SkillForm,
)

SHOWN = 200
Answer = Response | tuple[str, int]


@blueprint.get("/employees")
@requires(Allow.READ_WARD)
def employees() -> str:
    """List who is found by name, id or profession, in a ward or anywhere."""
    session = current_session()
    words, ward_id = request.args.get("q", "")[:100], as_uuid(request.args.get("ward", ""))
    lines, total = employee_lines(session, words, ward_id, today(), SHOWN)
    return render_template(
        "rostering/employees.html",
        lines=lines,
        total=total,
        words=words,
        ward_id=ward_id,
        wards=ward_lines(session),
    )


@blueprint.get("/wards/<uuid:ward_id>/staff")
@requires(Allow.READ_WARD)
def ward_staff(ward_id: UUID) -> str:
    """List who belongs to a ward."""
    session = current_session()
    ward = get_ward(session, ward_id)
    lines, total = employee_lines(session, "", ward_id, today(), SHOWN)
    return render_template("rostering/ward_staff.html", ward=ward, lines=lines, total=total)


@blueprint.route("/employees/new", methods=["GET", "POST"])
@requires(Allow.WRITE_WARD)
def new_employee() -> Answer:
    """Add an employee with a first contract; with a skill where a ward is given."""
    session = current_session()
    ward_id = as_uuid(request.args.get("ward", ""))
    ward = None if ward_id is None else get_ward(session, ward_id)
    form = NewEmployeeForm()
    skills = [] if ward is None else list(skills_of(session, ward.id))
    form.skill_id.choices = [option("", "–"), *(option(row.id, f"{row.code} {row.name}") for row in skills)]
    if form.validate_on_submit():
        chosen = next((row for row in skills if row.id == form.skill_id.data), None)
        try:
            employee = _added(form, chosen)
        except Invalid as error:
            form.show(error)
        else:
            flash(_("%(name)s has been added.", name=employee.name or employee.code), "success")
            return redirect(url_for("rostering.employee", employee_id=employee.id), 303)
    if not skills:
        del form.skill_id
    names = [name for name in form.field_order if name in form]
    page = render_template("rostering/employee_new.html", form=form, names=names, ward=ward)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/employees/<uuid:employee_id>")
@requires(Allow.READ_WARD)
def employee(employee_id: UUID) -> str:
    """Show an employee."""
    return show_employee(get_employee(current_session(), employee_id))


def show_employee(row: Employee, form: MarkedForm | None = None) -> str:
    """Return the page of an employee; `form` has faults and takes the place of its own kind."""
    session = current_session()
    page = employee_page(session, row, current_core().clock.now())
    forms = {
        "person": PersonForm(formdata=None, obj=row),
        "contract": ContractForm(formdata=None),
        "skill": skill_form(fresh=True),
        "absence": AbsenceForm(formdata=None),
        "share": share_form(page.contracts, fresh=True),
    }
    kinds = {
        PersonForm: "person",
        ContractForm: "contract",
        SkillForm: "skill",
        AbsenceForm: "absence",
        ShareForm: "share",
    }
    extra = None
    if form is not None:
        name = kinds.get(type(form))
        if name is None:
            extra = form
        else:
            forms[name] = form
    for each in forms.values():
        each.mark.data = page.mark
    return render_template(
        "rostering/employee.html",
        page=page,
        employee=row,
        forms=forms,
        extra=extra,
        faulty=form,
        today=today(),
    )


def skill_form(*, fresh: bool = False) -> SkillForm:
    """Return the form of a skill, of whichever ward."""
    session = current_session()
    skills = [
        (skill.id, f"{skill.code} {skill.name}, {unit.name}") for skill, unit in skills_with_wards(session)
    ]
    return SkillForm.of(skills, **({"formdata": None} if fresh else {}))


def share_form(contracts: Iterable[Contract], *, fresh: bool = False) -> ShareForm:
    """Return the form of a share of one of somebody's contracts."""
    session = current_session()
    form: ShareForm = ShareForm(formdata=None) if fresh else ShareForm()
    form.contract_id.choices = [
        option(
            each.id,
            _("from %(date)s", date=each.valid_from.isoformat()) + f", {format_decimal(each.percentage)} %",
        )
        for each in contracts
    ]
    form.ward_id.choices = [option(ward.id, ward.name) for ward in ward_lines(session)]
    return form


def _added(form: NewEmployeeForm, skill: Skill | None) -> Employee:
    session = current_session()
    added = add_employee(
        session,
        code=form.code.data,
        name=form.name.data,
        profession=form.profession.data or "",
        day_break=form.day_break.data,
        contract=form.fields(),
    )
    if skill is not None:
        add_skill(session, added, skill, None, None)
        session.flush()
    return added
