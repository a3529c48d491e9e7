"""The pages of plans for independence: which there are, one with what it comes to, and several compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import render_template, request
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Invalid,
    NotFound,
    _,
    as_uuid,
    current_core,
    current_session,
    download,
    requires,
    today,
)
from samplan_agency.domain.months import month_of, plus_months
from samplan_agency.domain.way import DRAWS
from samplan_agency.independence_book import source_of, way_book
from samplan_agency.independence_schema import checked, monthly_cost
from samplan_agency.models import IndependencePlan
from samplan_agency.permissions import Allow
from samplan_agency.queries.independence import Now, get_plan_row, now_of, plan_rows, way_for
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.independence.chart import draw_ways
from samplan_agency.web.independence.forms import FORMS, KINDS, ActionForm, PlanForm, filled_form
from samplan_agency.web.measures.views import module_settings

if TYPE_CHECKING:
    from samplan_agency.domain.independence import Way

MOST_COMPARED = 4


@blueprint.get("/independence")
@requires(Allow.READ)
def independence() -> str:
    """Show the plans."""
    return list_page()


@blueprint.get("/independence/compare")
@requires(Allow.READ)
def compare_plans() -> str | tuple[str, int]:
    """Show up to four plans side by side."""
    rows, now = _chosen(), current_now()
    if now is None or not 1 <= len(rows) <= MOST_COMPARED:
        told = _("Choose from one to %(most)s plans to compare.", most=MOST_COMPARED)
        return list_page(told=told), 422
    ways = [(row.name, way_for(row, now)) for row in rows]
    return render_template(
        "agency/independence_compare.html",
        rows=rows,
        ways=ways,
        chart=draw_ways(ways, now.start.target),
        **_shared(now),
    )


@blueprint.get("/independence/plans.xlsx")
@requires(Allow.READ)
def plans_workbook() -> Response:
    """Give up to four plans, month by month, as a workbook."""
    rows, now = _chosen()[:MOST_COMPARED], current_now()
    if now is None or not rows:
        raise NotFound(_("There is no such plan."))
    ways = [(row.name, way_for(row, now)) for row in rows]
    return download(way_book(ways, now, current_core().clock.now()), _("Way to independence"), "xlsx")


@blueprint.get("/independence/<uuid:plan_id>")
@requires(Allow.READ)
def independence_plan(plan_id: UUID) -> str:
    """Show a plan; with `kind` the form of a new action, with `action` that of one it has."""
    return plan_page(plan_id)


def list_page(form: PlanForm | None = None, told: str = "") -> str:
    """Return the page of all plans; `told` is what was wrong."""
    now = current_now()
    rows = plan_rows(current_session())
    if form is None:
        form = PlanForm(formdata=None, first_month=plus_months(month_of(today()), 1))
    return render_template(
        "agency/independence.html",
        lines=[(row, _way(row, now)) for row in rows],
        form=form,
        told=told,
        **_shared(now),
    )


def plan_page(
    plan_id: UUID, form: PlanForm | None = None, action: ActionForm | None = None, told: str = ""
) -> str:
    """Return the page of a plan; a form is one that was sent, `told` what was wrong."""
    now, row = current_now(), get_plan_row(current_session(), plan_id)
    kind, number = _asked(row)
    if action is None and kind:
        action = (
            filled_form(checked(row.actions[number]), row.version)
            if number is not None
            else FORMS[kind](formdata=None, version=str(row.version), first=row.first_month)
        )
    values = {"name": row.name, "first_month": row.first_month, "months": row.months}
    way = _way(row, now)
    return render_template(
        "agency/independence_plan.html",
        row=row,
        way=way,
        chart=draw_ways([("", way)], now.start.target) if now and way else None,
        actions=_actions(row, now),
        form=form or PlanForm(formdata=None, version=str(row.version), **values),
        action=action,
        kind=kind,
        number=number,
        told=told,
        **_shared(now),
    )


def current_now() -> Now | None:
    """Return how it is now, by the region's settings."""
    return now_of(current_session(), today(), module_settings()["provisional_months"])


def _asked(row: IndependencePlan) -> tuple[str, int | None]:
    """Return which form the address asks for: its kind, and the number of the action that is changed."""
    text = (request.view_args or {}).get("number", request.args.get("action", ""))
    if isinstance(text, int) or (text.isascii() and text.isdigit() and len(text) < 4):
        number = int(text)
        if number < len(row.actions):
            return str(checked(row.actions[number])["kind"]), number
    kind = request.args.get("kind", "")
    return (kind if kind in FORMS else ""), None


def _way(row: IndependencePlan, now: Now | None) -> Way | None:
    try:
        return None if now is None else way_for(row, now)
    except Invalid:
        return None  # kept by another version: its actions say what is wrong when they are opened


def _actions(row: IndependencePlan, now: Now | None) -> list[tuple[dict[str, Any], float | None]]:
    """Return each action with what one position costs a month, where it has positions."""
    found = [checked(content) for content in row.actions]
    rate = float(now.contributions.value) if now else 0.0
    return [(one, monthly_cost(one, rate) if now and "salary" in one else None) for one in found]


def _chosen() -> Sequence[IndependencePlan]:
    wanted = [as_uuid(text) for text in request.args.getlist("plan")]
    return [row for row in plan_rows(current_session()) if row.id in wanted]


def _shared(now: Now | None) -> dict[str, Any]:
    return {"now": now, "kinds": KINDS, "source": source_of(now) if now else "", "draws": DRAWS}
