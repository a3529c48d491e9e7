"""The form for time off."""

from __future__ import annotations

from wtforms import DateField, RadioField, SelectChoice, TimeField
from wtforms.validators import InputRequired, Optional

from samplan.plugin_api import PageForm, _l
from samplan_rostering.labels import ABSENCES
from samplan_rostering.services.requests.absences import ASKED_FOR


class AbsenceForm(PageForm):
    """Dates to be away and the kind; never the reason."""

    first = DateField(_l("First date"), validators=[InputRequired(_l("Choose a date."))])
    last = DateField(_l("Last date"), validators=[InputRequired(_l("Choose a date."))])
    start = TimeField(
        _l("From time"), [Optional()], description=_l("For a part of the day. Empty: the whole day.")
    )
    end = TimeField(_l("To time"), [Optional()])
    kind = RadioField(
        _l("Kind of absence"),
        choices=[SelectChoice(value=kind.value, label=ABSENCES[kind][1]) for kind in ASKED_FOR],
        validators=[InputRequired(_l("Choose a kind."))],
    )
