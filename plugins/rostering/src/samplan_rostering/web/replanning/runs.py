"""The search for the least change: started, followed, and its proposal looked at."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    JobRun,
    NotFound,
    _,
    can,
    current_principal,
    current_session,
    request_job,
    requires,
    run_view,
    today,
)
from samplan_rostering.domain.explain.effect import CellChange
from samplan_rostering.domain.explain.news import News, needed
from samplan_rostering.explanation.parts import part_text
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.solving.runs import is_active
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.replanning.views import (
    answered,
    common,
    news_of_form,
    proposal,
    search_form,
    seen_roster,
    situation_of,
)
from samplan_rostering.web.rosters.proposals import away_of, away_values

JOB = "rostering.replan"


@blueprint.post("/rosters/<uuid:roster_id>/replan/search")
@requires(Allow.SOLVE_ROSTER)
def replan_search(roster_id: UUID) -> Response | tuple[str, int]:
    """Start the search for the least change."""
    news, form = news_of_form(roster_id), search_form()
    if not form.validate_on_submit():
        return answered(roster_id, news, search=form), 422
    case = situation_of(roster_id, news)
    params = {
        "roster_id": str(roster_id),
        "seen": str(case.mark),
        "today": today().isoformat(),
        "away": [away_values(row) for row in news.away],
        "needs": [
            {"date": row.date.isoformat(), "shift": row.shift, "skill": row.skill, "number": row.minimum}
            for row in news.needs
        ],
        "everywhere": bool(form.everywhere.data),
        "seconds": form.seconds.data,
    }
    run = request_job(JOB, params, subject=f"rostering-replan:{roster_id}")
    return redirect(url_for("rostering.replan_run", roster_id=roster_id, run_id=run.id), 303)


@blueprint.get("/rosters/<uuid:roster_id>/replan/runs/<uuid:run_id>")
@requires(Allow.SOLVE_ROSTER)
def replan_run(roster_id: UUID, run_id: UUID) -> str | tuple[str, int]:
    """Follow a search, and show its proposal when it has ended."""
    seen_roster(roster_id)
    run = _run(roster_id, run_id)
    news = _news(run)
    case = situation_of(roster_id, news)
    result: dict[str, Any] = dict(run.result or {})
    if is_active(run) or run.status != "succeeded" or result.get("clashes"):
        clashes = [
            [part_text(part, common(roster_id, case)["words"]) for part in clash["parts"]]
            for clash in result.get("clashes", ())
        ]
        view = None if run.status == "succeeded" else run_view(run)
        return render_template(
            "rostering/replan_run.html", run=view, clashes=clashes, **common(roster_id, case)
        )
    if str(case.mark) != run.params["seen"]:
        fault = _("The roster or its input has changed since the search. Search again.")
        return answered(roster_id, news, fault=fault), 409
    changes = [CellChange(*cell) for cell in result["changes"]]
    return proposal(roster_id, news, changes, run_id=run.id)


def _run(roster_id: UUID, run_id: UUID) -> JobRun:
    """Return a search of the roster's, of one's own or for who manages all; raises `NotFound`."""
    own = JobRun.id == run_id, JobRun.job_type == JOB, JobRun.subject == f"rostering-replan:{roster_id}"
    run = current_session().scalar(select(JobRun).where(*own))
    principal = current_principal()
    if run is None or (run.requested_by != principal.account_id and not can(principal, "core:job:manage")):
        raise NotFound(_("There is no such run."))
    return run


def _news(run: JobRun) -> News:
    return News(
        tuple(away_of(**row) for row in run.params["away"]),
        tuple(
            needed(date.fromisoformat(row["date"]), row["shift"], row["skill"], row["number"])
            for row in run.params["needs"]
        ),
    )
