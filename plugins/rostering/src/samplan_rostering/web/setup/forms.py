"""The forms of the pages that set a ward up."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from samplan.plugin_api import PageForm, _, _l, as_uuid, trimmed
from samplan_rostering.web.forms import minutes_of

NEEDED = _l("Fill this in.")
OUTDATED = _l("Somebody else has changed this in the meantime. What is shown now is the newest.")


class WardForm(PageForm):
    """The unit that is to have rosters."""

    unit_id = SelectField(_l("Unit"), [InputRequired(NEEDED)], coerce=as_uuid)


class ExceptionForm(PageForm):
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


class EndExceptionForm(PageForm):
    """The last date of an exception that ends earlier; `seen` is the one that the form was shown with."""

    last = DateField(_l("Last date"), [InputRequired(NEEDED)])
    seen = DateField(validators=[Optional()], widget=HiddenInput())
