"""The page of a roster, and the roster as a workbook."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from werkzeug.wrappers import Response

from samplan.plugin_api import NotFound, _, can, current_principal, current_session, download, requires
from samplan_rostering.domain.curtois_text import parse_curtois
from samplan_rostering.models import Roster
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.rosters.checks import check_problem
from samplan_rostering.queries.rosters.desks import open_desk
from samplan_rostering.queries.rosters.stored import PeriodRoster, assignments, benchmark_rows, period_roster
from samplan_rostering.roster_book import write_roster
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.rosters.page import page_context


@blueprint.get("/rosters/<uuid:roster_id>")
@requires(Allow.READ_ROSTER)
def roster(roster_id: UUID) -> str:
    """Show a roster as a grid with its coverage, its check and what it costs."""
    found = periods.get_roster(current_session(), roster_id)
    if found.period_id is None:
        return _benchmark_page(found)
    desk, period = open_desk(current_session(), found), periods.overview(current_session(), found.period_id)
    return render_template("rostering/roster.html", **page_context(desk), period=period)


@blueprint.get("/rosters/<uuid:roster_id>/roster.xlsx")
@requires(Allow.READ_ROSTER)
def roster_workbook(roster_id: UUID) -> Response:
    """Answer the roster as a workbook."""
    found = periods.get_roster(current_session(), roster_id)
    if found.period_id is None:
        raise NotFound(_("A benchmark problem's roster has no workbook."))
    shown = _shown(found, found.period_id)
    name = f"{shown.grid.ward.unit.name} {shown.grid.ward.period.start} {found.number}"
    return download(write_roster(shown, found), name, "xlsx")


def _shown(found: Roster, period_id: UUID) -> PeriodRoster:
    """Return the roster as far as its reader may see: absences' kinds and wishes are for those who plan."""
    private = can(current_principal(), Allow.READ_WARD)
    return period_roster(current_session(), found, period_id, private=private)


def _benchmark_page(found: Roster) -> str:
    if found.problem_id is None:
        raise NotFound(_("There is no such roster."))
    problem = periods.get_problem(current_session(), found.problem_id)
    instance = parse_curtois(problem.source)
    return render_template(
        "rostering/benchmark_roster.html",
        roster=found,
        problem=problem,
        days=instance.days,
        rows=benchmark_rows(found, instance),
        check=check_problem(instance, assignments(current_session(), found)),
    )
