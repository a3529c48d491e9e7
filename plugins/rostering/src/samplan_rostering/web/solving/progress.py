"""A run on its period's page: how far it has come, and what is new on the page once it has ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from flask import render_template, url_for

from samplan.plugin_api import (
    JobRun,
    NotFound,
    RunView,
    TenantSession,
    _,
    can,
    current_principal,
    current_session,
    requires,
    run_view,
)
from samplan_rostering.models import Roster, RosterPeriod
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.rosters.lines import RosterLine, roster_lines
from samplan_rostering.queries.solving.runs import get_run, is_active, names, reasons, source_of
from samplan_rostering.web.blueprint import blueprint


@blueprint.get("/runs/<uuid:run_id>/progress")
@requires(Allow.READ_ROSTER)
def run_progress(run_id: UUID) -> str:
    """Answer the part of a page that follows a run; with the run's end also the rosters, out of band."""
    session = current_session()
    run = get_run(session, run_id)
    shown = visible(run)
    if shown is None:
        raise NotFound(_("There is no such run."))
    source_id = source_of(run)
    rosters = roster_lines(session, source_id)
    return render_template(
        "rostering/run_progress.html",
        run=shown,
        ended=not is_active(run),
        active=False,
        made=_made(run, rosters),
        rosters=rosters,
        reasons=visible_reasons(session, run, source_id),
    )


def visible(run: JobRun | None) -> RunView | None:
    """Return the run ready to be shown on its page, if it is one's own or one may see everybody's."""
    principal = current_principal()
    if run is None or (run.requested_by != principal.account_id and not can(principal, "core:job:manage")):
        return None
    view = replace(
        run_view(run),
        url=url_for("rostering.run_progress", run_id=run.id),
        back=_page(current_session(), source_of(run)),
    )
    # The roster is in the page's own list, with the same figures.
    return replace(view, result_url=None, figures=()) if run.status == "succeeded" else view


def visible_reasons(session: TenantSession, run: JobRun | None, source_id: UUID) -> list[str]:
    """Return why a run found no roster, for who may see the ward's people."""
    if not can(current_principal(), Allow.READ_WARD):
        return []
    return reasons(run, names(session, source_id))


def _page(session: TenantSession, source_id: UUID) -> str:
    if session.get(RosterPeriod, (session.tenant_id, source_id)) is None:
        return url_for("rostering.problem", problem_id=source_id)
    return url_for("rostering.period", period_id=source_id)


def _made(run: JobRun, lines: Iterable[RosterLine]) -> Roster | None:
    """Return the roster that the run has made."""
    return next((line.roster for line in lines if line.roster.run_id == run.id), None)
