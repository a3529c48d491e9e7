"""The forms of consultation, decision and publication."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from samplan.plugin_api import PageForm, _l
from samplan_rostering import labels
from samplan_rostering.services.publishing.steps import LONGEST_TEXT

_LENGTH = Length(max=LONGEST_TEXT)
_AREA = {"rows": 3}


class StepForm(PageForm):
    """A step with its words; `seen` is the mark of the situation that it was chosen in."""

    comment = TextAreaField(_l("Comment"), validators=[_LENGTH], render_kw=_AREA)
    seen = HiddenField(validators=[InputRequired()])


class ConsultForm(StepForm):
    """Which roster people are asked about."""

    roster = SelectField(_l("Roster"), validators=[InputRequired(_l("Choose a roster."))])

    def offer(self, rosters: Iterable[tuple[str, str]]) -> ConsultForm:
        """Offer these rosters, by id and name."""
        self.roster.choices = list(rosters)
        return self


class DecideForm(StepForm):
    """A decision or publication; with broken rules they are accepted, with the reason as the comment."""

    accepts = BooleanField(_l("The broken rules are accepted, for the reason given"))


class CommentForm(PageForm):
    """What somebody says of a roster in consultation."""

    text = TextAreaField(
        _l("Comment"),
        validators=[InputRequired(_l("Write a comment.")), _LENGTH],
        render_kw=_AREA,
        description=_l("Whoever plans the roster reads it. Do not write about anybody's health."),
    )
    speaks_for = RadioField(_l("On behalf of"), default="self")

    @classmethod
    def of(cls, *, employer: bool) -> CommentForm:
        """Return the form; only who plans rosters may speak for the employer."""
        form: CommentForm = cls()
        form.speaks_for.choices = [
            (key, label) for key, label in labels.SPEAKERS.items() if employer or key != "employer"
        ]
        return form
