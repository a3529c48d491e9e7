"""Plans for independence added, changed and removed, and their actions."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    Invalid,
    VersionForm,
    _,
    as_uuid,
    current_core,
    current_session,
    requires,
)
from samplan_agency.independence_schema import checked
from samplan_agency.permissions import Allow
from samplan_agency.queries.independence import get_plan_row
from samplan_agency.services import independence as service
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.independence.forms import FORMS, ActionForm, PlanForm
from samplan_agency.web.independence.views import list_page, plan_page

Answer = Response | tuple[str, int]


@blueprint.post("/independence")
@requires(Allow.WRITE_PLAN)
def add_plan() -> Answer:
    """Add a plan."""
    form = PlanForm()
    if form.validate_on_submit():
        like = as_uuid(request.form.get("like", ""))
        try:
            row = service.add_plan(current_session(), *form.values(), like=like)
        except Invalid as error:
            form.show(error)
        else:
            flash(_("The plan has been added. Now say what is to be done."), "success")
            return redirect(url_for("agency.independence_plan", plan_id=row.id), 303)
    return list_page(form), 422


@blueprint.post("/independence/<uuid:plan_id>")
@requires(Allow.WRITE_PLAN)
def change_plan(plan_id: UUID) -> Answer:
    """Change a plan's name and months."""
    form = PlanForm()

    def change() -> None:
        now = current_core().clock.now()
        service.change_plan(current_session(), plan_id, form.number, form.values(), now)

    return _made(plan_id, form, change)


@blueprint.post("/independence/<uuid:plan_id>/actions")
@requires(Allow.WRITE_PLAN)
def add_action(plan_id: UUID) -> Answer:
    """Add an action of the kind that the address says."""
    return _set(plan_id, request.args.get("kind", ""), None)


@blueprint.post("/independence/<uuid:plan_id>/actions/<int:number>")
@requires(Allow.WRITE_PLAN)
def change_action(plan_id: UUID, number: int) -> Answer:
    """Change an action, counted from 0."""
    row = get_plan_row(current_session(), plan_id)
    if number >= len(row.actions):
        return plan_page(plan_id, told=_("There is no such action.")), 422
    return _set(plan_id, checked(row.actions[number])["kind"], number)


@blueprint.post("/independence/<uuid:plan_id>/actions/<int:number>/remove")
@requires(Allow.WRITE_PLAN)
def remove_action(plan_id: UUID, number: int) -> Answer:
    """Take an action out of a plan."""
    form = VersionForm()

    def change() -> None:
        now = current_core().clock.now()
        service.remove_action(current_session(), plan_id, form.number, number, now)

    return _made(plan_id, form, change)


@blueprint.post("/independence/<uuid:plan_id>/remove")
@requires(Allow.WRITE_PLAN)
def remove_plan(plan_id: UUID) -> Answer:
    """Remove a plan."""
    form = VersionForm()
    get_plan_row(current_session(), plan_id)
    try:
        service.remove_plan(current_session(), plan_id, form.number)
    except Conflict as error:
        return plan_page(plan_id, told=str(error)), 409
    flash(_("The plan has been removed."), "success")
    return redirect(url_for("agency.independence"), 303)


def _set(plan_id: UUID, kind: str, number: int | None) -> Answer:
    get_plan_row(current_session(), plan_id)
    if kind not in FORMS:
        raise Invalid(_("There is no such kind of action."))
    form = FORMS[kind]()

    def change() -> None:
        now = current_core().clock.now()
        content = form.content(kind)
        service.set_action(current_session(), plan_id, form.number, content, now, number=number)

    return _made(plan_id, form, change)


def _made(plan_id: UUID, form: VersionForm, change: Callable[[], None]) -> Answer:
    """Make a change that a valid form asks for, or show the page with what is wrong."""
    get_plan_row(current_session(), plan_id)
    if form.validate_on_submit():
        try:
            change()
        except Invalid as error:
            form.show(error)
        except Conflict as error:
            return plan_page(plan_id, told=str(error)), 409
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("agency.independence_plan", plan_id=plan_id), 303)
    if isinstance(form, PlanForm):
        return plan_page(plan_id, form=form), 422
    if isinstance(form, ActionForm):
        return plan_page(plan_id, action=form), 422
    return plan_page(plan_id, told=" ".join(form.form_errors)), 422
