"""The forms of employees: their own fields, contracts, skills, absences and shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from wtforms import DateField, HiddenField, SelectField, StringField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from samplan.plugin_api import PageForm, _, _l, as_uuid, option, trimmed
from samplan_rostering import labels
from samplan_rostering.domain.absence import Absence, AbsenceKind
from samplan_rostering.domain.ward import DEFAULT_DAY_BREAK, FULLTIME_WEEK_MINUTES, RosterType
from samplan_rostering.services.employees.edit import ContractFields
from samplan_rostering.web.forms import FiniteDecimalField, minutes_of
from samplan_rostering.web.setup.forms import NEEDED

_DATE_TO = _l("Last valid day. Empty: until further notice.")


class MarkedForm(PageForm):
    """A form that names the state that it was shown with, and the effects that were agreed to."""

    mark = HiddenField()
    seen = HiddenField()


class PersonForm(MarkedForm):
    """An employee's own fields."""

    name = StringField(_l("Name"), [DataRequired(NEEDED), Length(max=100)], filters=[trimmed])
    profession = StringField(_l("Profession"), [Length(max=100)], filters=[trimmed])
    day_break = TimeField(
        _l("Day break"),
        [InputRequired(NEEDED)],
        default=DEFAULT_DAY_BREAK,
        description=_l("When the employee's own 24-hour periods start (AB § 13)."),
    )


class ContractForm(MarkedForm):
    """A contract from a date on."""

    valid_from = DateField(_l("Valid from"), [InputRequired(NEEDED)])
    valid_to = DateField(_l("Valid to"), [Optional()], description=_DATE_TO)
    percentage = FiniteDecimalField(
        _l("Percentage of full time"), [InputRequired(NEEDED), NumberRange(1, 100)], places=None
    )
    roster_type = SelectField(_l("Roster type"), [InputRequired(NEEDED)])
    fulltime = StringField(
        _l("Full time per week"),
        description=_l("Such as 38:15. Empty: by the roster type."),
        filters=[trimmed],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the roster types."""
        super().__init__(*args, **kwargs)
        self.roster_type.choices = [option(each.value, text) for each, text in _ROSTER_TYPES]

    def validate_fulltime(self, field: Any) -> None:
        """Refuse what is not hours and minutes, from 1 h to a whole week."""
        if field.data and not 60 <= (minutes_of(field.data) or 0) <= 7 * 24 * 60:
            raise ValidationError(_("Hours and minutes such as 38:15."))

    def fields(self) -> ContractFields:
        """Return what was entered."""
        kind = RosterType(self.roster_type.data)
        week = minutes_of(self.fulltime.data) if self.fulltime.data else None
        return ContractFields(
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            percentage=self.percentage.data,
            roster_type=kind.value,
            fulltime_week_minutes=week or FULLTIME_WEEK_MINUTES[kind],
        )


_ROSTER_TYPES = [(RosterType(code), text) for code, text in labels.ROSTER_TYPES.items()]


class NewEmployeeForm(PersonForm, ContractForm):
    """A new employee with a first contract, and a skill of the ward that the page was reached from."""

    code = StringField(
        _l("Employee id"),
        [DataRequired(NEEDED), Length(max=40)],
        filters=[trimmed],
        description=_l("An id that is not a personal identity number."),
    )
    skill_id = SelectField(_l("Skill"), coerce=as_uuid, validate_choice=False)
    field_order = (
        "code", "name", "profession", "day_break", "skill_id", "valid_from", "valid_to", "percentage",
        "roster_type", "fulltime",
    )  # fmt: skip


class LastDateForm(MarkedForm):
    """The last date of something."""

    last = DateField(_l("Last date"), [InputRequired(NEEDED)])


class SkillForm(MarkedForm):
    """A skill between two dates."""

    skill_id = SelectField(_l("Skill"), [InputRequired(NEEDED)], coerce=as_uuid)
    valid_from = DateField(_l("Valid from"), [Optional()])
    valid_to = DateField(_l("Valid to"), [Optional()], description=_DATE_TO)

    @classmethod
    def of(cls, skills: Iterable[tuple[UUID, str]], **kwargs: Any) -> SkillForm:
        """Return the form with skills to choose from."""
        form: SkillForm = cls(**kwargs)
        form.skill_id.choices = [option(key, name) for key, name in skills]
        return form


class AbsenceForm(MarkedForm):
    """An absence; the reason behind its kind is never kept."""

    first = DateField(_l("First date"), [InputRequired(NEEDED)])
    last = DateField(_l("Last date"), [InputRequired(NEEDED)])
    start = TimeField(
        _l("From time"), [Optional()], description=_l("For a part of the day. Empty: the whole day.")
    )
    end = TimeField(_l("To time"), [Optional()])
    kind = SelectField(_l("Kind"), [InputRequired(NEEDED)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds."""
        super().__init__(*args, **kwargs)
        self.kind.choices = [option(each.value, name) for each, (_sign, name) in labels.ABSENCES.items()]

    def value(self, code: str) -> Absence:
        """Return the absence of an employee as said."""
        kind = AbsenceKind(self.kind.data)
        return Absence(code, self.first.data, self.last.data, kind, self.start.data, self.end.data)


class ShareForm(MarkedForm):
    """A part of a contract for a ward and a kind of work."""

    contract_id = SelectField(_l("Contract"), [InputRequired(NEEDED)], coerce=as_uuid)
    ward_id = SelectField(_l("Ward"), [InputRequired(NEEDED)], coerce=as_uuid)
    work = StringField(
        _l("Kind of work"), [Length(max=80)], filters=[lambda text: (text or "").strip()],
        description=_l("Such as ward or primary care. May be empty."),
    )  # fmt: skip
    percentage = FiniteDecimalField(
        _l("Percentage of full time"), [InputRequired(NEEDED), NumberRange(1, 100)], places=None
    )
