"""Who is hired for a period: the list with the form for more, and the page of each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, HiddenField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from samplan.plugin_api import (
    ConfirmedShifts,
    Conflict,
    Invalid,
    PageForm,
    Text,
    VersionForm,
    _,
    _l,
    as_uuid,
    current_session,
    find,
    option,
    requires,
    trimmed,
)
from samplan_rostering.explanation.words import Words
from samplan_rostering.models import Skill
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.hired.confirmed import confirmed_to_put_in
from samplan_rostering.queries.hired.people import get_hired, hired_lines
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.publishing.publications import get_period
from samplan_rostering.queries.setup.wards import skills_of
from samplan_rostering.services.hired.edit import (
    Engagement,
    add_hired,
    change_hired,
    engagement,
    remove_hired,
)
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import minutes_of, whole_number
from samplan_rostering.web.setup.forms import NEEDED

MOST_HOURS = 999
OBSTACLES: Mapping[str, Text] = MappingProxyType(
    {
        "busy": _l("Works another shift that day"),
        "taken": _l("The reference is somebody else's"),
        "unknown": _l("The ward has no such shift"),
        "other_times": _l("The shift has other times now"),
    }
)
"""What keeps a confirmed shift from being put in."""
Answer = Response | tuple[str, int]


class SupplierForm(PageForm):
    """Who somebody is: by the supplier and its reference."""

    supplier = StringField(_l("Supplier"), [DataRequired(NEEDED), Length(max=80)], filters=[trimmed])
    reference = StringField(
        _l("Reference"),
        [DataRequired(NEEDED), Length(max=40)],
        filters=[trimmed],
        description=_l("The supplier's own id for the person. No name, no personal identity number."),
    )


class EngagementForm(PageForm):
    """What somebody is hired for in a period."""

    profession = StringField(_l("Profession"), [DataRequired(NEEDED), Length(max=100)], filters=[trimmed])
    skills = SelectMultipleField(
        _l("Skills"), [Optional()], coerce=as_uuid, validate_choice=False, option_widget=CheckboxInput()
    )
    skills_until = DateField(
        _l("Skills valid to"), [Optional()], description=_l("Last valid day. Empty: until further notice.")
    )
    first = DateField(_l("Hired from"), [Optional()], description=_l("Empty: the whole period."))
    last = DateField(_l("Hired to"), [Optional()])
    hours = StringField(
        _l("Most hours"),
        [Optional()],
        description=_l("In the period, such as 80 or 38:15. Empty: no limit."),
        filters=[trimmed],
    )
    version = HiddenField()

    def validate_hours(self, field: Any) -> None:
        """Refuse what is not hours and minutes."""
        if not 1 <= (minutes_of(field.data) or 0) <= MOST_HOURS * 60:
            raise ValidationError(_("Hours such as 80 or 38:15, at most %(most)s.", most=MOST_HOURS))

    def wanted(self) -> Engagement:
        """Return what was entered."""
        return Engagement(
            profession=self.profession.data,
            skills=tuple(dict.fromkeys(key for key in self.skills.data or () if key)),
            skills_until=self.skills_until.data,
            first=self.first.data,
            last=self.last.data,
            most_minutes=minutes_of(self.hours.data) if self.hours.data else None,
        )


class HiredForm(SupplierForm, EngagementForm):
    """Somebody new from a supplier."""


@blueprint.get("/periods/<uuid:period_id>/hired")
@requires(Allow.CALL_OFF)
def hired(period_id: UUID) -> str:
    """List who is hired for a period, with the form for more."""
    return hired_page(period_id)


@blueprint.post("/periods/<uuid:period_id>/hired")
@requires(Allow.CALL_OFF)
def add_hired_person(period_id: UUID) -> Answer:
    """Let somebody be hired for a period."""
    form = HiredForm()
    periods.overview(current_session(), period_id)
    if form.validate_on_submit():
        try:
            person = add_hired(
                current_session(), period_id, form.supplier.data, form.reference.data, form.wanted()
            )
        except (Conflict, Invalid) as error:
            form.show(error)
            return hired_page(period_id, form), error.status
        flash(_("%(code)s can now be given shifts in the roster.", code=person.code), "success")
        return redirect(url_for("rostering.hired", period_id=period_id), 303)
    return hired_page(period_id, form), 422


@blueprint.get("/periods/<uuid:period_id>/hired/<uuid:employee_id>")
@requires(Allow.CALL_OFF)
def hired_person(period_id: UUID, employee_id: UUID) -> str:
    """Show what somebody is hired for, to be changed."""
    return _person(period_id, employee_id)


@blueprint.post("/periods/<uuid:period_id>/hired/<uuid:employee_id>")
@requires(Allow.CALL_OFF)
def change_hired_person(period_id: UUID, employee_id: UUID) -> Answer:
    """Change what somebody is hired for."""
    form = EngagementForm()
    get_hired(current_session(), period_id, employee_id)
    if not form.validate_on_submit():
        return _person(period_id, employee_id, form), 422
    try:
        change_hired(current_session(), period_id, employee_id, form.wanted(), version=_version(form))
    except Invalid as error:
        form.show(error)
        return _person(period_id, employee_id, form), error.status
    except Conflict as error:
        return _person(period_id, employee_id, fault=str(error)), error.status
    flash(_("Saved."), "success")
    return redirect(url_for("rostering.hired", period_id=period_id), 303)


@blueprint.post("/periods/<uuid:period_id>/hired/<uuid:employee_id>/remove")
@requires(Allow.CALL_OFF)
def remove_hired_person(period_id: UUID, employee_id: UUID) -> Answer:
    """Let somebody be hired for a period no more."""
    form = VersionForm()
    try:
        remove_hired(current_session(), period_id, employee_id, version=_version(form))
    except Conflict as error:
        return _person(period_id, employee_id, fault=str(error)), error.status
    flash(_("Removed from the period."), "success")
    return redirect(url_for("rostering.hired", period_id=period_id), 303)


def _version(form: PageForm) -> int:
    return whole_number(form.version.data, -1)


def _offer(form: EngagementForm, period_id: UUID) -> None:
    """Let the form offer the skills of the period's ward."""
    session = current_session()
    skills = skills_of(session, get_period(session, period_id).ward_id)
    form.skills.choices = [option(skill.id, _name(skill)) for skill in skills]


def _name(skill: Skill) -> str:
    return f"{skill.name} ({skill.code})" if skill.name else skill.code


def hired_page(period_id: UUID, form: HiredForm | None = None, fault: str = "") -> str:
    """Show who is hired for a period, with the shifts that suppliers have confirmed and the roster lacks."""
    session = current_session()
    period = periods.overview(session, period_id)
    form = form or HiredForm(formdata=None)
    _offer(form, period_id)
    found = confirmed_to_put_in(session, period_id, find(ConfirmedShifts))
    return render_template(
        "rostering/hired.html",
        period=period,
        lines=hired_lines(session, period_id),
        form=form,
        found=found,
        words=Words.of_ward(found.ward) if found else None,
        obstacles=OBSTACLES,
        fault=fault,
    )


def _person(period_id: UUID, employee_id: UUID, form: EngagementForm | None = None, fault: str = "") -> str:
    """Show the form as it was sent, or with what is stored."""
    session = current_session()
    period, person, part = get_hired(session, period_id, employee_id)
    if form is None:
        now = engagement(session, period, person, part)
        form = EngagementForm(
            formdata=None,
            profession=now.profession,
            skills=list(now.skills),
            skills_until=now.skills_until,
            first=now.first,
            last=now.last,
            hours=_hours(now.most_minutes),
            version=str(period.version),
        )
    _offer(form, period_id)
    overview = periods.overview(session, period_id)
    return render_template(
        "rostering/hired_person.html", period=overview, person=person, form=form, fault=fault
    )


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02d}"
