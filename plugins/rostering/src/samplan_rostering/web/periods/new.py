"""The page that makes a new period of a ward, without a workbook."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from sqlalchemy import Select, select
from werkzeug.wrappers import Response
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from samplan.plugin_api import (
    Invalid,
    PageForm,
    _,
    _l,
    as_uuid,
    can,
    current_core,
    current_principal,
    current_session,
    option,
    requires,
    settings_of,
    today,
    trimmed,
)
from samplan_rostering.domain.coverage import Template
from samplan_rostering.models import Employee
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.setup.coverage import newest_week, templates_of
from samplan_rostering.queries.setup.used import locked_ward
from samplan_rostering.queries.setup.wards import get_ward, shift_types_of, staff_ids, unplaced_ids
from samplan_rostering.services.periods.new import WEEKS, Made, NewPeriod, add_period, latest_period
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.periods.missing_skills import lacking_skill
from samplan_rostering.web.setup.forms import NEEDED

Answer = Response | tuple[str, int]
USUAL_DAYS = 28
NEWEST = "newest"


class PeriodForm(PageForm):
    """A new period: its dates, who takes part, and what it begins with."""

    first = DateField(_l("First date"), [InputRequired(NEEDED)])
    last = DateField(_l("Last date"), [InputRequired(NEEDED)])
    name = StringField(_l("Name"), [Optional(), Length(max=60)], filters=[trimmed])
    weeks = IntegerField(
        _l("Averaging period (weeks)"),
        [Optional(), NumberRange(WEEKS[0], WEEKS[-1])],
        description=_l("How many weeks working time evens out over. Empty: as in the ward's rule profile."),
    )
    template = SelectField(_l("Requirements"), [Optional()], default="")
    people = SelectMultipleField(
        _l("Employees"),
        [InputRequired(_l("Choose at least one."))],
        coerce=as_uuid,
        option_widget=CheckboxInput(),
    )
    carry = BooleanField(_l("Carry shifts and balances on from the period before"), default=True)


@blueprint.route("/wards/<uuid:ward_id>/periods/new", methods=["GET", "POST"])
@requires(Allow.WRITE_WARD)
def new_period(ward_id: UUID) -> Answer:
    """Make a new period of a ward."""
    form = _form(ward_id)
    if not form.validate_on_submit():
        return _page(ward_id, form), 422 if form.is_submitted() else 200
    session = current_session()
    settings = settings_of(current_core().modules, session, blueprint.name)
    ward = locked_ward(session, ward_id)
    try:
        with session.begin_nested():
            made = add_period(
                session, ward.id, _said(ward.id, form), by_month=settings["overtime_reference"] == "month"
            )
    except Invalid as error:
        form.show(error)
        return _page(ward_id, form), 422
    _tell(made)
    return redirect(url_for("rostering.period", period_id=made.period.id), 303)


def _said(ward_id: UUID, form: PeriodForm) -> NewPeriod:
    return NewPeriod(
        first=form.first.data,
        last=form.last.data,
        name=form.name.data or "",
        people=form.people.data,
        template=_template(ward_id, form.template.data),
        weeks=form.weeks.data if "weeks" in form else None,
        carry=form.carry.data if "carry" in form else False,
    )


def _template(ward_id: UUID, said: str) -> Template | None:
    session = current_session()
    if said == NEWEST:
        return newest_week(session, ward_id)
    key = as_uuid(said)
    return next((item.value for item in templates_of(session, ward_id) if item.row.id == key), None)


def _tell(made: Made) -> None:
    flash(_("The period has been made."), "success")
    if made.balances:
        flash(_("%(shifts)s worked shifts and the balances are carried on.", shifts=made.shifts), "info")
    elif made.shifts:
        told = _(
            "%(shifts)s rostered shifts are carried on. Balances follow when what was worked is confirmed.",
            shifts=made.shifts,
        )
        flash(told, "info")
    if made.left_out:
        names = ", ".join(made.left_out)
        flash(
            _("Without a contract in the ward on these dates, and left out: %(names)s", names=names),
            "warning",
        )

    if made.unskilled:
        flash(lacking_skill(made.unskilled), "warning")


def _form(ward_id: UUID) -> PeriodForm:
    session = current_session()
    latest = latest_period(session, ward_id)
    first = _next_monday(today()) if latest is None else latest.end_date + timedelta(days=1)
    length = USUAL_DAYS if latest is None else (latest.end_date - latest.start_date).days + 1
    staff, others = _people(staff_ids(ward_id)), _people(unplaced_ids())
    coverage = _coverage(ward_id)
    form: PeriodForm = PeriodForm(
        first=first,
        last=first + timedelta(days=length - 1),
        people=[key for key, _name in staff],
        template=coverage[0].value,
    )
    form.people.choices = [
        *(option(key, name) for key, name in staff),
        *(option(key, _("%(name)s (in no ward yet)", name=name)) for key, name in others),
    ]
    form.template.choices = coverage
    if not can(current_principal(), Allow.WRITE_RULES):
        del form.weeks
    if latest is None:
        del form.carry
    return form


def _coverage(ward_id: UUID) -> list[SelectChoice]:
    """Return what a new period may ask for, the likeliest first: whole-year templates, the newest week."""
    session = current_session()
    templates = templates_of(session, ward_id)
    week = newest_week(session, ward_id)
    return [
        *(option(item.row.id, item.row.name) for item in templates if item.value.first is None),
        *([] if week is None else [option(NEWEST, _("as in the period %(dates)s", dates=week.name))]),
        *(option(item.row.id, item.row.name) for item in templates if item.value.first is not None),
        option("", _("none, enter the requirements later")),
    ]


def _people(ids: Select[UUID]) -> list[tuple[UUID, str]]:
    rows = current_session().execute(
        select(Employee.id, Employee.name, Employee.code)
        .where(Employee.id.in_(ids))
        .order_by(Employee.name, Employee.code)
    )
    return [(key, name or code) for key, name, code in rows]


def _next_monday(on: date) -> date:
    return on + timedelta(days=7 - on.weekday())


def _page(ward_id: UUID, form: PeriodForm) -> str:
    session = current_session()
    return render_template(
        "rostering/new_period.html",
        ward=get_ward(session, ward_id),
        form=form,
        shift_types=shift_types_of(session, ward_id),
    )
