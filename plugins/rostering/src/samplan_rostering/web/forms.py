"""The forms of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from samplan.plugin_api import _l
from samplan_rostering.params import MAXIMUM_SEED, MAXIMUM_WORKERS


class UploadForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no annotations
    """A file to read in."""

    file = FileField(
        _l("Workbook or benchmark file"),
        validators=[FileRequired(_l("Choose a file."))],
        description=_l("A workbook (.xlsx) made from the template, or a text file of the public benchmark."),
    )


class SolveForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no annotations
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
