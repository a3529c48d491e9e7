"""The forms of the pages that set a ward up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from samplan.plugin_api import Invalid, SamplanError, _, _l
from samplan_rostering.web.forms import minutes_of, whole_number

NEEDED = _l("Fill this in.")
OUTDATED = _l("Somebody else has changed this in the meantime. What is shown now is the newest.")


class SetupForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no annotations
    """A form that can show what a service found wrong."""

    def show(self, error: SamplanError) -> None:
        """Put the error's messages at the fields that they are about, others at the form."""
        fields = error.fields if isinstance(error, Invalid) else {}
        for name, messages in fields.items():
            if name in self:
                self[name].errors = [*self[name].errors, *messages]
            else:
                self.form_errors.extend(messages)
        if not fields:
            self.form_errors.append(str(error))


def as_uuid(value: object) -> UUID | None:
    """Return the id that a select holds; None for an empty choice or what is no id."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def option(value: object, label: Any) -> SelectChoice:
    """Return an option of a select."""
    return SelectChoice(value="" if value is None else str(value), label=label)


def trimmed(text: str | None) -> str | None:
    """Return a text without outer spaces."""
    return text.strip() if text else text


class WardForm(SetupForm):
    """The unit that is to have rosters."""

    unit_id = SelectField(_l("Unit"), [InputRequired(NEEDED)], coerce=as_uuid)


class ExceptionForm(SetupForm):
    """An exception as it is registered."""

    rule = SelectField(_l("Exception"), [InputRequired(NEEDED)])
    minutes = StringField(
        _l("Hours"), [InputRequired(NEEDED)], filters=[trimmed], description=_l("Such as 9:30.")
    )
    employee_id = SelectField(_l("Employee"), coerce=as_uuid, validate_choice=False)
    reason = StringField(
        _l("Reason"),
        [DataRequired(NEEDED), Length(max=300)],
        filters=[trimmed],
        description=_l("The activity's reason, such as the protection of life and health; never a person's."),
    )
    negotiated = DateField(
        _l("Negotiated on"), [InputRequired(NEEDED)], description=_l("The date of the negotiation (MBL).")
    )
    valid_from = DateField(_l("Valid from"), [InputRequired(NEEDED)])
    valid_to = DateField(_l("Valid to"), [InputRequired(NEEDED)])

    def validate_minutes(self, field: Any) -> None:
        """Refuse what is not hours and minutes."""
        if minutes_of(field.data or "") is None:
            raise ValidationError(_("Hours and minutes such as 8:00."))


class EndExceptionForm(SetupForm):
    """The last date of an exception that ends earlier; `seen` is the one that the form was shown with."""

    last = DateField(_l("Last date"), [InputRequired(NEEDED)])
    seen = DateField(validators=[Optional()], widget=HiddenInput())


class VersionForm(SetupForm):
    """The version that a change is based on."""

    version = HiddenField()

    @property
    def number(self) -> int | None:
        """The version as a number, None when it is none."""
        return whole_number(self.version.data, None)
