"""The page of the dated numbers that figures are computed by."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from samplan.plugin_api import Conflict, Invalid, SamplanError, _, _l, current_session, requires
from samplan_agency.labels import NUMBERS
from samplan_agency.models import Parameter
from samplan_agency.permissions import Allow
from samplan_agency.queries.parameters import USUAL
from samplan_agency.services.parameters import add_parameter, remove_parameter
from samplan_agency.web.blueprint import blueprint

_NEEDED = _l("Fill this in.")


class ParameterForm(FlaskForm):  # type: ignore[misc] # Flask-WTF ships no annotations
    """A number and from when it holds."""

    name = SelectField(_l("Number"), [InputRequired(_NEEDED)])
    valid_from = DateField(_l("Holds from"), [InputRequired(_NEEDED)])
    value = StringField(_l("Value"), [DataRequired(_NEEDED), Length(max=12)])
    source = StringField(_l("Source"), [DataRequired(_NEEDED), Length(max=200)])
    number = Decimal(0)

    def validate_value(self, field: Any) -> None:
        """Read a number as it is written in Swedish or English."""
        try:
            self.number = Decimal((field.data or "").strip().replace(",", "."))
        except ArithmeticError:
            raise ValidationError(_("Write a number, such as 165 or 2,5.")) from None
        if not self.number.is_finite():
            raise ValidationError(_("Write a number, such as 165 or 2,5."))


@blueprint.get("/parameters")
@requires(Allow.READ)
def parameters() -> str:
    """List the numbers, from when they hold, and their sources."""
    return _page(ParameterForm())


@blueprint.post("/parameters")
@requires(Allow.WRITE_REFERENCE)
def add_number() -> Response | tuple[str, int]:
    """Let a number hold from a date on."""
    form = ParameterForm()
    form.name.choices = list(NUMBERS.items())
    if not form.validate_on_submit():
        return _page(form), 422
    wanted = form.data["name"], form.data["valid_from"], form.number, form.data["source"].strip()
    try:
        add_parameter(current_session(), *wanted)
    except (Invalid, Conflict) as error:
        _show(form, error)
        return _page(form), 409 if isinstance(error, Conflict) else 422
    flash(_("The number is kept."), "success")
    return redirect(url_for("agency.parameters"), 303)


@blueprint.post("/parameters/<uuid:parameter_id>/remove")
@requires(Allow.WRITE_REFERENCE)
def remove_number(parameter_id: UUID) -> Response:
    """Remove a number of the region's own."""
    remove_parameter(current_session(), parameter_id)
    flash(_("The number is removed."), "success")
    return redirect(url_for("agency.parameters"), 303)


def _show(form: ParameterForm, error: SamplanError) -> None:
    fields = error.fields if isinstance(error, Invalid) else {}
    for name, messages in fields.items():
        form[name].errors = [*form[name].errors, *messages]
    if not fields:
        form.form_errors.append(str(error))


def _page(form: ParameterForm) -> str:
    form.name.choices = list(NUMBERS.items())
    own = current_session().scalars(select(Parameter).order_by(Parameter.name, Parameter.valid_from.desc()))
    return render_template("agency/parameters.html", form=form, own=own.all(), usual=USUAL)
