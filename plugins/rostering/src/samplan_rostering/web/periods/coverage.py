"""The page of what a period asks for: by weekday and date, and what a template would make of it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import Conflict, NotFound, _, as_uuid, current_session, requires
from samplan_rostering.coverage_words import COVERAGE_DAYS
from samplan_rostering.domain.coverage import Coverage
from samplan_rostering.models import RosterPeriod
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.setup.coverage import (
    CoveragePlan,
    StoredTemplate,
    coverage_plan,
    templates_of,
    week_of,
)
from samplan_rostering.services.setup.coverage import apply_plan
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.setup.forms import OUTDATED


@blueprint.get("/periods/<uuid:period_id>/coverage")
@requires(Allow.READ_WARD)
def period_coverage(period_id: UUID) -> str:
    """Show what a period asks for; with a template chosen, what this would change."""
    chosen = _chosen(period_id, request.args.get("template", ""))
    return _page(period_id, chosen, keep=not request.args.get("all"))


@blueprint.post("/periods/<uuid:period_id>/coverage")
@requires(Allow.WRITE_WARD)
def apply_coverage(period_id: UUID) -> Response | tuple[str, int]:
    """Write what a template asks for, as it was shown."""
    session = current_session()
    period = session.get(RosterPeriod, (session.tenant_id, period_id), with_for_update=True)
    if period is None:
        raise NotFound(_("There is no such roster period."))
    chosen, keep = _chosen(period_id, request.form.get("template", "")), not request.form.get("all")
    if chosen is None:
        return _page(period_id, None, keep=keep, refused=_("Choose a template.")), 422
    plan = coverage_plan(session, period, chosen.value, keep=keep)
    if plan.mark != request.form.get("seen"):
        return _page(period_id, chosen, keep=keep, refused=str(OUTDATED)), 409
    try:
        apply_plan(session, period, plan)
    except Conflict as conflict:
        return _page(period_id, chosen, keep=keep, refused=str(conflict)), 409
    flash(_("The requirements follow the template now."), "success")
    return redirect(url_for("rostering.period_coverage", period_id=period_id), 303)


def _chosen(period_id: UUID, said: str) -> StoredTemplate | None:
    session = current_session()
    period = session.get(RosterPeriod, (session.tenant_id, period_id))
    key = as_uuid(said)
    if period is None or key is None:
        return None
    return next((item for item in templates_of(session, period.ward_id) if item.row.id == key), None)


def _page(period_id: UUID, chosen: StoredTemplate | None, *, keep: bool, refused: str = "") -> str:
    session = current_session()
    ward, overview = ward_data(session, period_id), periods.overview(session, period_id)
    period = session.get_one(RosterPeriod, (session.tenant_id, period_id))
    plan: CoveragePlan | None = None
    if chosen is not None:
        plan = coverage_plan(session, period, chosen.value, keep=keep)
    return render_template(
        "rostering/period_coverage.html",
        period=overview,
        ward_id=period.ward_id,
        week=week_of(Coverage(ward.weekly_requirements, ())),
        dated=sorted(ward.dated_requirements, key=lambda row: (row.date, row.shift, row.skill or "")),
        templates=templates_of(session, period.ward_id),
        chosen=chosen,
        keep=keep,
        plan=plan,
        days=COVERAGE_DAYS,
        refused=refused,
        open=overview.state not in ("decided", "published"),
    )
