"""The form of an optimisation: what it puts first, what it may not change, and where it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wtforms import BooleanField, DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from samplan.plugin_api import _, _l
from samplan_rostering import labels
from samplan_rostering.domain.goals import GoalName
from samplan_rostering.domain.locks import LockChoice
from samplan_rostering.domain.ward import Period
from samplan_rostering.models import Roster
from samplan_rostering.web.forms import SolveForm


class OptimiseForm(SolveForm):
    """What one search is told."""

    goal = SelectField(
        _l("What to put first"),
        choices=[SelectChoice(name.value, labels.GOALS[name]) for name in GoalName],
        default=GoalName.BALANCED.value,
        description=_l("For this search only. Rosters are compared by the ward's own weights."),
    )
    locks = RadioField(
        _l("What is locked"),
        choices=[SelectChoice(choice.value, labels.LOCKS[choice]) for choice in LockChoice],
        default=LockChoice.PERIOD.value,
    )
    before = DateField(
        _l("First date that may change"),
        validators=[Optional()],
        description=_l("With everything before a date locked."),
    )
    start = SelectField(
        _l("Start from"),
        validators=[Optional()],
        default="",
        description=_l("A roster to improve, and to keep what is locked as it is there."),
    )
    start_anyway = BooleanField(
        _l("Start anyway"), description=_l("The roster will lack people where nobody can meet a requirement.")
    )
    period: Period

    @classmethod
    def of_period(
        cls, settings: Mapping[str, Any], period: Period, rosters: Sequence[Roster]
    ) -> OptimiseForm:
        """Return the form with the region's limits and the period's rosters."""
        limit = settings["max_solve_seconds"]
        form: OptimiseForm = cls(seconds=min(settings["solve_seconds"], limit), workers=settings["workers"])
        form.seconds.validators = [*form.seconds.validators, NumberRange(1, limit)]
        form.seconds.description = _l("At most %(limit)s. Longer gives better rosters.", limit=limit)
        named = [SelectChoice(str(r.id), _("Roster %(number)s", number=r.number)) for r in rosters]
        form.start.choices = [SelectChoice("", _("No roster, from the beginning")), *named]
        form.period = period
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse choices that do not go together."""
        valid = bool(super().validate(extra_validators))
        period = self.period
        if self.locks.data == LockChoice.BEFORE.value:
            if self.before.data is None or not period.start < self.before.data <= period.end:
                first, last = period.date_of(1), period.end
                self.before.errors = [_("Give a date from %(first)s to %(last)s.", first=first, last=last)]
                valid = False
            if not self.start.data:
                self.start.errors = [_("Choose the roster whose first days are kept.")]
                valid = False
        if self.goal.data == GoalName.LEAST_CHANGE.value and not self.start.data:
            self.start.errors = [_("Choose the roster that is to be changed as little as possible.")]
            valid = False
        return valid

    @property
    def roster_id(self) -> UUID | None:
        """The roster to start from."""
        return UUID(self.start.data) if self.start.data else None

    def params(self) -> dict[str, Any]:
        """Return what it says as parameters of a run."""
        before = self.before.data if self.locks.data == LockChoice.BEFORE.value else None
        return super().params() | {
            "goal": self.goal.data,
            "locks": self.locks.data,
            "before": None if before is None else before.isoformat(),
            "start_roster_id": self.start.data or None,
            "start_anyway": bool(self.start_anyway.data),
        }
