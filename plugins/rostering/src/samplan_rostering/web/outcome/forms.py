"""The forms of the pages on what was worked."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from wtforms import DateField, HiddenField, IntegerField, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional

from samplan.plugin_api import PageForm, _l
from samplan_rostering import labels
from samplan_rostering.domain.outcome import WorkKind
from samplan_rostering.queries.outcome.days import Entered, Outcome, Rostered
from samplan_rostering.services.outcome.edit import BESIDE, LONGEST, OF_ROSTERED, Entry
from samplan_rostering.web.forms import whole_number

NUMBER = [Optional(), NumberRange(0, LONGEST)]


class ConfirmForm(PageForm):
    """Up to which date the roster was worked as it says."""

    through = DateField(
        _l("Up to and including"),
        validators=[InputRequired(_l("Choose a date."))],
        description=_l("Shifts for which something else has been entered stay as they are."),
    )


class WorkForm(PageForm):
    """How a shift turned out."""

    version = HiddenField()
    kind = SelectField(_l("How it turned out"), validators=[InputRequired()])
    shift = SelectField(_l("Shift"), validators=[Optional()])
    start = TimeField(_l("Began"), validators=[Optional()])
    end = TimeField(
        _l("Ended at"),
        validators=[Optional()],
        description=_l("A time that is not after the start is on the next date."),
    )
    pause = IntegerField(_l("Unpaid break (minutes)"), validators=NUMBER)
    extra = IntegerField(
        _l("Of it beyond the ordinary hours (minutes)"),
        validators=NUMBER,
        description=_l("Empty: what is longer than the rostered shift."),
    )
    absence = SelectField(_l("Kind of absence"), validators=[Optional()])

    @classmethod
    def of(
        cls,
        found: Outcome,
        number: int,
        row: Entered | None,
        rostered: Rostered | None,
        *,
        fresh: bool = False,
    ) -> WorkForm:
        """Return the form of a shift, filled with what is entered, or else with what is rostered.

        With `fresh` what the request says is left out.
        """
        told = _data(found, row, rostered)
        form: WorkForm = cls(formdata=None, data=told) if fresh else cls(data=told)
        kinds = BESIDE if number else OF_ROSTERED
        form.kind.choices = [(kind.value, labels.WORK_KINDS[kind]) for kind in kinds]
        form.shift.choices = [
            ("", _l("None of them")),
            *((str(s.id), f"{s.code} {s.name}") for s in found.shifts.values()),
        ]
        form.absence.choices = [
            ("", _l("No absence")),
            *((k.value, name) for k, (_s, name) in labels.ABSENCES.items()),
        ]
        if number:
            del form.absence, form.extra
        else:
            form.kind.description = _l("The times below count only for other times than rostered.")
            del form.shift
        return form

    def entry(self) -> Entry:
        """Return what was entered."""
        shift = self.shift.data if "shift" in self else ""
        return Entry(
            kind=WorkKind(self.kind.data),
            shift_type_id=UUID(shift) if shift else None,
            start=self.start.data,
            end=self.end.data,
            pause=self.pause.data or 0,
            extra=self.extra.data if "extra" in self else None,
            absence=(self.absence.data or None) if "absence" in self else None,
        )

    @property
    def expected(self) -> int:
        """The version that the reader saw; 0 for none."""
        return whole_number(self.version.data, 0)


def _data(found: Outcome, row: Entered | None, rostered: Rostered | None) -> dict[str, object]:
    if row is None:
        if rostered is None:
            return {"version": "0"}
        begin, end = (at.astimezone(found.zone).time() for at in (rostered.begin, rostered.end))
        return {"version": "0", "start": begin, "end": end, "pause": rostered.break_minutes}
    times: list[time | None] = [
        None if at is None else at.astimezone(found.zone).time() for at in (row.starts_at, row.ends_at)
    ]
    length = 0
    if row.starts_at is not None and row.ends_at is not None:
        length = int((row.ends_at - row.starts_at).total_seconds() // 60)
    return {
        "version": str(row.version),
        "kind": row.kind,
        "shift": "" if row.shift_type_id is None else str(row.shift_type_id),
        "start": times[0],
        "end": times[1],
        "pause": max(0, length - row.paid_minutes - row.on_call_minutes - row.standby_minutes),
        "extra": row.extra_minutes or None,
        "absence": row.absence_kind or "",
    }


def default_through(found: Outcome, today: date) -> date:
    """Return the date up to which the roster is suggested to be confirmed."""
    return max(found.period.start_date, min(found.period.end_date, today))
