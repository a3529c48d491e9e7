"""The forms of the pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    DateTimeLocalField,
    DecimalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from samplan.plugin_api import PageForm, VersionForm, _l
from samplan_rostering.domain.wishing import MOST_POINTS, OwnKind
from samplan_rostering.own_labels import OWN_WISHES
from samplan_rostering.params import MAXIMUM_SEED, MAXIMUM_WORKERS

Other = TypeVar("Other")
_HOURS = re.compile(r"(\d{1,3})(?::([0-5]\d))?", re.ASCII)


def whole_number(text: str | None, other: Other) -> int | Other:
    """Return a text of at most nine digits as a number; `other` for what is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else other


def minutes_of(text: str) -> int | None:
    """Return hours and minutes such as 38:15 as minutes; None for what is none."""
    found = _HOURS.fullmatch(text.strip())
    return None if found is None else int(found[1]) * 60 + int(found[2] or 0)


class FiniteDecimalField(DecimalField):  # type: ignore[misc] # WTForms ships no annotations
    """A decimal number that can be compared: neither infinite nor what is no number."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent; raises ValueError for what is no finite number."""
        super().process_formdata(valuelist)
        if valuelist and not self.data.is_finite():
            super().process_formdata([""])  # refused as what is no number at all, in the same words


class UploadForm(PageForm):
    """A file to read in."""

    file = FileField(
        _l("Workbook or benchmark file"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("A workbook (.xlsx) made from the template, or a text file of the public benchmark."),
    )


class SolveForm(PageForm):
    """How long and how to search."""

    seconds = IntegerField(_l("Time limit (seconds)"), validators=[InputRequired()])
    workers = IntegerField(
        _l("Workers"), validators=[InputRequired(), NumberRange(1, MAXIMUM_WORKERS)], default=2
    )
    seed = IntegerField(_l("Seed"), validators=[InputRequired(), NumberRange(0, MAXIMUM_SEED)], default=1)

    @classmethod
    def within(cls, settings: Mapping[str, Any]) -> SolveForm:
        """Return the form with the region's suggestions and limits."""
        limit = settings["max_solve_seconds"]
        seconds = min(settings["solve_seconds"], limit)
        form: SolveForm = cls(seconds=seconds, workers=settings["workers"])
        form.seconds.validators = [*form.seconds.validators, NumberRange(1, limit)]
        form.seconds.description = _l("At most %(limit)s. Longer gives better rosters.", limit=limit)
        return form

    def params(self) -> dict[str, Any]:
        """Return what it says as parameters of a run."""
        return {"seconds": self.seconds.data, "workers": self.workers.data, "seed": self.seed.data}


class WindowForm(VersionForm):
    """When wishes are taken, and how much each employee may spend."""

    opens = DateTimeLocalField(_l("Opens"), validators=[InputRequired(_l("Give date and time."))])
    closes = DateTimeLocalField(_l("Closes"), validators=[InputRequired(_l("Give date and time."))])
    points = IntegerField(
        _l("Points for each employee"),
        validators=[InputRequired(_l("Give a number.")), NumberRange(0, MOST_POINTS)],
        description=_l("Shared between wishes; the more points, the more the optimisation does for a wish."),
    )
    vetoes = IntegerField(
        _l("Vetoes for each employee"),
        validators=[InputRequired(_l("Give a number.")), NumberRange(0, 50)],
        description=_l("Days off that no roster may take, even where people are missing."),
    )
    version = HiddenField(default="0")


class WishForm(PageForm):
    """A wish of one's own."""

    on = DateField(_l("Date"), validators=[InputRequired(_l("Choose a date."))])
    kind = RadioField(
        _l("Wish"),
        choices=[SelectChoice(value=kind.value, label=label) for kind, label in OWN_WISHES.items()],
        validators=[InputRequired(_l("Choose what you wish."))],
        default=OwnKind.WANT.value,
    )
    shift = SelectField(_l("Shift"), validators=[Optional()])
    points = IntegerField(_l("Points"), validators=[Optional(), NumberRange(1, MOST_POINTS)], default=1)
