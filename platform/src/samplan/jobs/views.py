"""The pages of runs: the list, one run live, stopping it and trying it again."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.access.policy import requires
from samplan.api.pagination import paginate
from samplan.api.schemas import DEFAULT_PAGE
from samplan.errors import Conflict, Forbidden, Invalid
from samplan.i18n import _
from samplan.ids import parse_uuid
from samplan.jobs.declarations import READ
from samplan.jobs.models import STATUSES, JobRun
from samplan.jobs.requests import may_retry, page_of_ours, run_view
from samplan.jobs.service import cancel_run, retry_run, visible_run, visible_runs
from samplan.web.core_pages import core_pages
from samplan.web.request import current_core, current_principal, current_session


@core_pages.get("/t/<tenant>/jobs")
@requires(READ)
def jobs() -> str:
    """Show the newest runs, page by page."""
    status = request.args.get("status")
    status = status if status in STATUSES else None
    page = paginate(
        current_session(),
        visible_runs(current_principal(), status),
        JobRun.id,
        cursor=parse_uuid(request.args.get("cursor", "")),
        limit=DEFAULT_PAGE,
        newest_first=True,
        show=run_view,
    )
    older = url_for("core.jobs", cursor=page.next_cursor, status=status) if page.next_cursor else None
    return render_template("core/job_list.html", runs=page.items, status=status, older_url=older)


@core_pages.get("/t/<tenant>/jobs/<uuid:run_id>")
@requires(READ)
def job(run_id: UUID) -> str:
    """Show one run; it renews itself while it is active."""
    run = visible_run(current_session(), current_principal(), run_id)
    return render_template("core/job.html", run=run_view(run))


@core_pages.get("/t/<tenant>/jobs/<uuid:run_id>/progress")
@requires(READ)
def job_progress(run_id: UUID) -> str:
    """Answer the part of the page that is renewed."""
    run = visible_run(current_session(), current_principal(), run_id)
    return render_template("core/job_progress.html", run=run_view(run))


@core_pages.post("/t/<tenant>/jobs/<uuid:run_id>/cancel")
@requires(READ)
def cancel_job(run_id: UUID) -> Response:
    """Stop a run, keeping its best result so far if wished; the run itself tells how that goes."""
    session = current_session()
    run = visible_run(session, current_principal(), run_id)
    try:
        cancel_run(current_core(), session, run.id, keep_result=request.form.get("keep") == "1")
    except (Conflict, Invalid) as error:
        flash(str(error), "warning")
    return _back_from(run)


@core_pages.post("/t/<tenant>/jobs/<uuid:run_id>/retry")
@requires(READ)
def retry_job(run_id: UUID) -> Response:
    """Try a failed or stopped run again; it tells by itself that it waits."""
    session = current_session()
    run = visible_run(session, current_principal(), run_id)
    try:
        check_retry(run)
        retry_run(current_core(), session, run.id)
    except Conflict as error:
        flash(str(error), "warning")
    return _back_from(run)


def _back_from(run: JobRun) -> Response:
    """Lead back to the page where the button was pressed, if it is one of the tenant's, else to the run's."""
    return redirect(page_of_ours(request.form.get("next"), url_for("core.job", run_id=run.id)))


def check_retry(run: JobRun) -> None:
    """Refuse a retry by somebody who could not have asked for the run; its state is checked elsewhere."""
    if run.status in ("failed", "cancelled") and not may_retry(run):
        raise Forbidden(_("You lack the permission that this needs."))
