"""The forms of re-planning: who is away, what is needed, and how to search."""

from __future__ import annotations

from datetime import date

from wtforms import BooleanField, DateField, IntegerField, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from samplan.plugin_api import Invalid, PageForm, _, _l
from samplan_rostering.domain.explain.news import Away, News, needed
from samplan_rostering.domain.ward import WardData
from samplan_rostering.services.replanning.part_of_day import check_part_of_day

MOST_NEEDED = 99
USUAL_SECONDS = 10


class AwayForm(PageForm):
    """Somebody who cannot come."""

    employee = SelectField(_l("Who cannot come?"), validators=[InputRequired()])
    first = DateField(_l("From"), validators=[InputRequired()])
    last = DateField(_l("To and including"), validators=[InputRequired()])
    start = TimeField(_l("From, time"), validators=[Optional()])
    end = TimeField(
        _l("To, time"),
        validators=[Optional()],
        description=_l("Only for a part of the day. 00:00 is the end of the day."),
    )

    @classmethod
    def of(cls, ward: WardData, first: int) -> AwayForm:
        """Return the form with a ward's people and the days that may still change."""
        begin = ward.period.date_of(min(first, ward.period.days - 1))
        form: AwayForm = cls(first=begin, last=begin, prefix="away-")
        form.employee.choices = [("", _("Choose")), *((p.code, p.name or p.code) for p in ward.employees)]
        form.within = begin, ward.period.end
        return form

    def validate_first(self, field: DateField) -> None:
        """Refuse dates that do not meet the days to come."""
        if field.data and field.data > self.within[1]:
            raise ValidationError(
                _("at the latest %(on)s, the period's last day", on=self.within[1].isoformat())
            )

    def validate_last(self, field: DateField) -> None:
        """Refuse dates in the wrong order, and those that are over."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("not before the first date"))
        if field.data and field.data < self.within[0]:
            raise ValidationError(
                _("at the earliest %(on)s: what is over stays", on=self.within[0].isoformat())
            )

    def validate_start(self, field: TimeField) -> None:
        """Refuse a start without an end."""
        if field.data and self.end.data is None:
            self.validate_end(field)

    def validate_end(self, _field: TimeField) -> None:
        """Refuse an end without a start, and one that is not after it."""
        if self.first.data and self.last.data:
            try:
                check_part_of_day(self._away().absence())
            except Invalid as error:
                raise ValidationError(str(error)) from None

    def _away(self) -> Away:
        return Away(self.employee.data, self.first.data, self.last.data, self.start.data, self.end.data)

    def news(self) -> News:
        """Return what the form says."""
        return News(away=(self._away(),))


class NeedForm(PageForm):
    """More people than were asked for."""

    on = DateField(_l("Date"), validators=[InputRequired()])
    shift = SelectField(_l("Shift"), validators=[InputRequired()])
    skill = SelectField(_l("Skill"), validators=[Optional()])
    number = IntegerField(
        _l("People needed in all"), validators=[InputRequired(), NumberRange(0, MOST_NEEDED)], default=1
    )

    @classmethod
    def of(cls, ward: WardData, first: int) -> NeedForm:
        """Return the form with a ward's shifts, skills and the days that may still change."""
        begin = ward.period.date_of(min(first, ward.period.days - 1))
        form: NeedForm = cls(on=begin, prefix="need-")
        form.shift.choices = [(kind.code, kind.name or kind.code) for kind in ward.shift_types]
        form.skill.choices = [("", _("everybody")), *((s.code, s.name or s.code) for s in ward.skills)]
        form.within = begin, ward.period.end
        return form

    def validate_on(self, field: DateField) -> None:
        """Refuse a date that is over or outside the period."""
        begin, end = self.within
        if field.data and not begin <= field.data <= end:
            raise ValidationError(
                _("a date from %(first)s to %(last)s", first=begin.isoformat(), last=end.isoformat())
            )

    def news(self) -> News:
        """Return what the form says."""
        on: date = self.on.data
        return News(needs=(needed(on, self.shift.data, self.skill.data or None, self.number.data),))


class SearchForm(PageForm):
    """How to search for the least change."""

    everywhere = BooleanField(
        _l("Search the whole roster"),
        description=_l(
            "Otherwise only the days around what is new change; what was missing before stays so."
        ),
    )
    seconds = IntegerField(_l("Time limit (seconds)"), validators=[InputRequired()], default=USUAL_SECONDS)

    @classmethod
    def within(cls, limit: int) -> SearchForm:
        """Return the form with the region's longest time."""
        form: SearchForm = cls(seconds=min(USUAL_SECONDS, limit))
        form.seconds.validators = [*form.seconds.validators, NumberRange(1, limit)]
        form.seconds.description = _("At most %(limit)s. Longer gives better rosters.", limit=limit)
        return form
