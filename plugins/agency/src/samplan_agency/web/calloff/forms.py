"""The forms of call-offs."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from samplan.plugin_api import Invalid, PageForm, VersionForm, _, _l
from samplan_agency.calloff_words import TIMES
from samplan_agency.domain.calloff import Policy, Times
from samplan_agency.queries.calloff.wanted import WantedShift
from samplan_agency.services.calloff.steps import MOST_HOURS
from samplan_agency.web.forms import NEEDED, DayField, SekField, filled

HIGHEST = Decimal(99_999)
MOST_DAYS = 366
EVERY_LINE = "all"
"""In place of a shift: all that the supplier has not answered."""


class PolicyForm(PageForm):
    """Of which dates shifts are chosen, and by what policy."""

    first = DayField(_l("From"), [InputRequired(NEEDED)])
    last = DayField(_l("To"), [InputRequired(NEEDED)])
    own_first = SelectField(
        _l("Own staff"),
        choices=[
            SelectChoice(value="yes", label=_l("Only shifts that own staff has been asked about")),
            SelectChoice(value="no", label=_l("Other shifts too")),
        ],
    )
    times = SelectField(
        _l("Which shifts"),
        choices=[SelectChoice(value=value, label=label) for value, label in TIMES.items()],
    )
    max_price = SekField(
        _l("Highest price"),
        [Optional(), NumberRange(Decimal("0.01"), HIGHEST)],
        description=_l("SEK an hour without VAT. Empty: no limit."),
    )
    lead_hours = IntegerField(
        _l("Hours before the shift, at least"), [Optional(), NumberRange(0, 24 * 365)], default=0
    )

    def validate_last(self, field: Any) -> None:
        """Refuse dates that are no period, or too long a one."""
        if self.first.data and field.data and not 0 <= (field.data - self.first.data).days <= MOST_DAYS:
            raise ValidationError(_("Give a date at most a year after the first."))

    def policy(self) -> Policy:
        """Return the policy."""
        return Policy(
            self.own_first.data == "yes",
            Times(self.times.data),
            self.max_price.data,
            self.lead_hours.data or 0,
        )


class LineForm(VersionForm):
    """A shift entered by hand."""

    unit_id = SelectField(_l("Unit"), [InputRequired(NEEDED)], validate_choice=False)
    date = DayField(_l("Date"), [InputRequired(NEEDED)])
    begins = TimeField(_l("Begins"), [InputRequired(NEEDED)])
    ends = TimeField(
        _l("Ends"), [InputRequired(NEEDED)], description=_l("The next day where it is no later.")
    )
    break_minutes = IntegerField(
        _l("Break (minutes)"), [InputRequired(NEEDED), NumberRange(0, 240)], default=0
    )
    shift = StringField(_l("Shift"), [Optional(), Length(max=40)])
    skill = StringField(_l("Competence"), [Optional(), Length(max=100)])
    level = StringField(
        _l("Professional category"),
        [InputRequired(NEEDED), Length(max=100)],
        description=_l("As in the price list of the agreement."),
    )
    people = IntegerField(_l("Number of people"), [InputRequired(NEEDED), NumberRange(1, 50)], default=1)
    own_asked = BooleanField(_l("Own staff and the internal unit have been asked"))

    def wanted(self, zone: ZoneInfo) -> WantedShift:
        """Return the shift; raises `Invalid` for a unit that is none."""
        try:
            unit_id = UUID(self.unit_id.data)
        except ValueError:
            message = _("Choose a unit in use.")
            raise Invalid(message, {"unit_id": [message]}) from None
        begins = datetime.combine(self.date.data, self.begins.data, zone)
        ends = datetime.combine(self.date.data, self.ends.data, zone)
        return WantedShift(
            unit_id=unit_id,
            starts_at=begins,
            ends_at=ends if ends > begins else ends + timedelta(days=1),
            break_minutes=self.break_minutes.data,
            shift=(self.shift.data or "").strip(),
            level=self.level.data.strip(),
            people=self.people.data,
            skill=filled(self.skill.data),
            own_asked=self.own_asked.data,
        )


class BookForm(VersionForm):
    """A workbook to read in."""

    file = FileField(_l("Workbook"), [FileRequired(_l("Choose a file."))])


class SendForm(VersionForm):
    """How long each supplier has to answer."""

    answer_hours = IntegerField(
        _l("Hours to answer"),
        [InputRequired(NEEDED), NumberRange(1, MOST_HOURS)],
        default=24,
        description=_l("For each supplier; then the next one is asked about what is left."),
    )


class AnswerForm(VersionForm):
    """What a supplier answers to a shift, or that it has nobody for any that it has not answered."""

    supplier_id = SelectField(_l("Supplier"), [InputRequired(NEEDED)])
    line_id = SelectField(_l("Shift"), [InputRequired(NEEDED)])
    consultant = StringField(
        _l("Consultant id"),
        [Optional(), Length(max=40)],
        description=_l("The supplier's own id, no name. Empty: the supplier has nobody more."),
    )
    price = SekField(
        _l("Price an hour"),
        [Optional(), NumberRange(Decimal("0.01"), HIGHEST)],
        description=_l("SEK without VAT."),
    )


class AnswersForm(BookForm):
    """A supplier's workbook with answers; beside `AnswerForm`, whose field has the id `supplier_id`."""

    supplier_id = SelectField(_l("Supplier"), [InputRequired(NEEDED)], id="book_supplier_id")
