"""Measures added, changed and removed, and their planned effects."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Invalid,
    OrgUnit,
    VersionForm,
    _,
    current_core,
    current_session,
    requires,
)
from samplan_agency.permissions import Allow
from samplan_agency.queries.measures.plans import Plan, get_plan
from samplan_agency.queries.names import supplier_names
from samplan_agency.services.measures import edit as service
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.measures.forms import EffectForm, MeasureForm
from samplan_agency.web.measures.views import measure_page

Answer = Response | tuple[str, int]


@blueprint.get("/measures/new")
@requires(Allow.WRITE_MEASURE)
def new_measure() -> str:
    """Show the form for a new measure."""
    return _form_page(_form(empty=True), None)


@blueprint.post("/measures/new")
@requires(Allow.WRITE_MEASURE)
def add_measure() -> Answer:
    """Add a measure."""
    form = _form()
    if form.validate_on_submit():
        try:
            row = service.add_measure(current_session(), form.wanted(), current_core().clock.now())
        except Invalid as error:
            form.show(error)
        else:
            flash(_("The measure has been added. Now say what it is planned to save."), "success")
            return redirect(url_for("agency.measure", measure_id=row.id), 303)
    return _form_page(form, None), 422


@blueprint.get("/measures/<uuid:measure_id>/edit")
@requires(Allow.WRITE_MEASURE)
def edit_measure(measure_id: UUID) -> str:
    """Show the form of a measure."""
    plan, form = get_plan(current_session(), measure_id), _form(empty=True)
    form.fill(plan)
    return _form_page(form, plan)


@blueprint.post("/measures/<uuid:measure_id>/edit")
@requires(Allow.WRITE_MEASURE)
def change_measure(measure_id: UUID) -> Answer:
    """Change a measure; when it is newer than what was seen, show the newest."""
    session, form = current_session(), _form()
    plan = get_plan(session, measure_id)
    if not form.validate_on_submit():
        return _form_page(form, plan), 422
    try:
        service.change_measure(session, measure_id, form.number, form.wanted(), current_core().clock.now())
    except Invalid as error:
        form.show(error)
        return _form_page(form, plan), 422
    except Conflict as error:
        newest = _form(empty=True)
        newest.fill(get_plan(session, measure_id))
        newest.show(error)
        return _form_page(newest, plan), 409
    flash(_("The measure has been saved."), "success")
    return redirect(url_for("agency.measure", measure_id=measure_id), 303)


@blueprint.post("/measures/<uuid:measure_id>/effects")
@requires(Allow.WRITE_MEASURE)
def set_measure_effect(measure_id: UUID) -> Answer:
    """Set what a measure is planned to save in a year."""
    session, form = current_session(), EffectForm()
    get_plan(session, measure_id)
    if not form.validate_on_submit():
        return measure_page(measure_id, form, form), 422
    try:
        service.set_effect(session, measure_id, form.number, form.effect(), current_core().clock.now())
    except Invalid as error:
        form.show(error)
        return measure_page(measure_id, form, form), 422
    except Conflict as error:
        newest = EffectForm(formdata=None)
        newest.show(error)
        return measure_page(measure_id, newest, newest), 409
    flash(_("The planned effect has been saved."), "success")
    return redirect(url_for("agency.measure", measure_id=measure_id), 303)


@blueprint.post("/measures/<uuid:measure_id>/remove")
@requires(Allow.WRITE_MEASURE)
def remove_measure(measure_id: UUID) -> Answer:
    """Remove a measure that is only proposed."""
    form = VersionForm()
    get_plan(current_session(), measure_id)
    if not form.validate_on_submit():
        return measure_page(measure_id, EffectForm(formdata=None), form), 422
    try:
        service.remove_measure(current_session(), measure_id, form.number)
    except Conflict as error:
        form.show(error)
        return measure_page(measure_id, EffectForm(formdata=None), form), 409
    flash(_("The measure has been removed."), "success")
    return redirect(url_for("agency.measures"), 303)


def _form(*, empty: bool = False) -> MeasureForm:
    session = current_session()
    form = MeasureForm(formdata=None) if empty else MeasureForm()
    units = session.scalars(select(OrgUnit).where(OrgUnit.active).order_by(OrgUnit.name)).all()
    form.offer(units, supplier_names(session).items())
    return form


def _form_page(form: MeasureForm, plan: Plan | None) -> str:
    return render_template("agency/measure_form.html", form=form, plan=plan)
