"""The page where a ward enters numbers that the key figures need."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from samplan.plugin_api import Conflict, PageForm, _, _l, current_session, requires
from samplan_rostering.figure_words import ENTERED
from samplan_rostering.models import EnteredFigure
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.figures.facts import Choice, entered_figures
from samplan_rostering.queries.figures.key_figures import ward_names
from samplan_rostering.services.figures.entered import FigureEntry, enter_figure, find_figure
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.forms import FiniteDecimalField, whole_number


class FigureForm(PageForm):
    """A number for a ward and month."""

    version = HiddenField(default="0")
    ward = SelectField(_l("Ward"), validators=[InputRequired()])
    month = DateField(
        _l("Month"),
        validators=[InputRequired(_l("Choose a date."))],
        description=_l("Any date of the month."),
    )
    kind = SelectField(_l("Figure"), validators=[InputRequired()])
    amount = FiniteDecimalField(
        _l("Value"), validators=[InputRequired(), NumberRange(0, Decimal(10_000_000))], places=2
    )
    source = StringField(
        _l("Source"),
        validators=[InputRequired(), Length(max=200)],
        description=_l("Where the number comes from, such as a count or an estimate."),
    )

    @property
    def expected(self) -> int:
        """The version that the reader saw; 0 for none."""
        return whole_number(self.version.data, 0)


@blueprint.get("/figures/entered")
@requires(Allow.WRITE_FIGURES)
def entered() -> str:
    """Show what the wards have entered, with the form for more."""
    return _entered_page(_form())


@blueprint.post("/figures/entered")
@requires(Allow.WRITE_FIGURES)
def enter() -> Response | tuple[str, int]:
    """Enter a number for a ward and month."""
    form = _form()
    if not form.validate_on_submit():
        return _entered_page(form), 422
    ward_id = UUID(form.ward.data)
    entry = FigureEntry(ward_id, form.month.data, form.kind.data, form.amount.data, form.source.data.strip())
    try:
        enter_figure(current_session(), entry, version=form.expected)
    except Conflict as conflict:
        newest = find_figure(current_session(), ward_id, entry.month, entry.kind)
        return _entered_page(_form(newest), outdated=str(conflict)), 409
    flash(_("Saved."), "success")
    return redirect(url_for("rostering.entered"), 303)


def _form(row: EnteredFigure | None = None) -> FigureForm:
    if row is None:
        form = FigureForm()
    else:
        data = {"version": str(row.version), "ward": str(row.ward_id), "month": row.month, "kind": row.kind}
        form = FigureForm(formdata=None, data={**data, "amount": row.amount, "source": row.source})
    form.kind.choices = list(ENTERED.items())
    form.ward.choices = [(str(key), name) for key, name in ward_names(current_session()).items()]
    return form


def _entered_page(form: FigureForm, outdated: str = "") -> str:
    session = current_session()
    return render_template(
        "rostering/entered.html",
        form=form,
        outdated=outdated,
        rows=entered_figures(session, Choice((), date.min, date.max))[:200],
        wards=ward_names(session),
        kinds=ENTERED,
    )
