"""The page of the dated numbers that figures are computed by."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import TextInput

from samplan.plugin_api import Conflict, Invalid, PageForm, _, _l, current_session, requires, trimmed
from samplan_agency.labels import NUMBERS
from samplan_agency.models import Parameter
from samplan_agency.permissions import Allow
from samplan_agency.queries.parameters import USUAL
from samplan_agency.services.parameters import add_parameter, remove_parameter
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.forms import NEEDED, DayField, SekField


class ParameterForm(PageForm):
    """A number and from when it holds."""

    name = SelectField(_l("Number"), [InputRequired(NEEDED)])
    valid_from = DayField(_l("Holds from"), [InputRequired(NEEDED)])
    value = SekField(_l("Value"), [InputRequired(NEEDED)], places=None, widget=TextInput())
    source = StringField(_l("Source"), [DataRequired(NEEDED), Length(max=200)], filters=[trimmed])


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
    wanted = form.name.data, form.valid_from.data, form.value.data, form.source.data
    try:
        add_parameter(current_session(), *wanted)
    except (Invalid, Conflict) as error:
        form.show(error)
        return _page(form), error.status
    flash(_("The number is kept."), "success")
    return redirect(url_for("agency.parameters"), 303)


@blueprint.post("/parameters/<uuid:parameter_id>/remove")
@requires(Allow.WRITE_REFERENCE)
def remove_number(parameter_id: UUID) -> Response:
    """Remove a number of the region's own."""
    remove_parameter(current_session(), parameter_id)
    flash(_("The number is removed."), "success")
    return redirect(url_for("agency.parameters"), 303)


def _page(form: ParameterForm) -> str:
    form.name.choices = list(NUMBERS.items())
    own = current_session().scalars(select(Parameter).order_by(Parameter.name, Parameter.valid_from.desc()))
    return render_template("agency/parameters.html", form=form, own=own.all(), usual=USUAL)
