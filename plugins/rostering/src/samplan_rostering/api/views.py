"""The API: files in, optimisations, rosters and their evaluation out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response, url_for
from flask_smorest import Blueprint
from sqlalchemy import select

from samplan.plugin_api import (
    MEDIA_TYPES,
    ImportFaults,
    JobRun,
    NotFound,
    Page,
    PageQuerySchema,
    _,
    can,
    current_core,
    current_principal,
    current_session,
    download,
    page_schema,
    paginate,
    request_job,
    requires,
    settings_of,
)
from samplan_rostering.api import schemas
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import RosterPeriod
from samplan_rostering.params import SolveParams, SolveWardsParams
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.stored import RosterValue, evaluation, period_roster, roster_value
from samplan_rostering.roster_book import write_roster
from samplan_rostering.services.entitled import refuse_unentitled
from samplan_rostering.services.periods.sources import Imported, import_source, read_source
from samplan_rostering.services.solving.asking import check_limits, refuse_hopeless, subject_of
from samplan_rostering.services.solving.wards import check_joint_limits, check_periods, subject_of_wards
from samplan_rostering.workbook import write_ward

MODULE = "rostering"
XLSX = MEDIA_TYPES["xlsx"]

blueprint = Blueprint("rostering_api", __name__, description="Wards, optimisations and rosters")


@blueprint.post("/imports")
@requires(Allow.WRITE_WARD)
@blueprint.arguments(schemas.ImportSchema, location="files")
@blueprint.response(201, schemas.ImportedSchema)
def import_file(files: dict[str, Any]) -> Imported:
    """Read in a ward's workbook or a benchmark file, all of it or nothing.

    A file with faults is answered with 422 and every fault: sheet, row, column, value, what was expected.
    """
    session, upload = current_session(), files["file"]
    try:
        source = read_source(session, upload.read())
    except ImportFaults as faults:
        faults.details |= {"faults": [fault.as_dict() for fault in faults.faults], "total": faults.total}
        raise
    if isinstance(source, WardData):
        refuse_unentitled(session, source, current_principal())
    return import_source(session, source, upload.filename or "")


@blueprint.get("/periods")
@requires(Allow.READ_ROSTER)
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, page_schema(schemas.PeriodSchema))
def list_periods(query: dict[str, Any]) -> Page[periods.PeriodOverview]:
    """List the wards' roster periods, each with its best roster."""
    session = current_session()
    page = paginate(
        session,
        select(RosterPeriod),
        RosterPeriod.id,
        cursor=query.get("cursor"),
        limit=query["limit"],
        newest_first=True,
    )
    return replace(page, items=periods.overviews(session, page.items))


@blueprint.get("/periods/<uuid:period_id>")
@requires(Allow.READ_ROSTER)
@blueprint.response(200, schemas.PeriodSchema)
def get_period(period_id: UUID) -> periods.PeriodOverview:
    """Show a roster period."""
    return periods.overview(current_session(), period_id)


@blueprint.get("/periods/<uuid:period_id>/workbook")
@requires(Allow.READ_WARD)
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
def get_period_workbook(period_id: UUID) -> Response:
    """Answer the period's input as the workbook that it was read in from."""
    return download(write_ward(ward_data(current_session(), period_id)), f"period-{period_id}", "xlsx")


@blueprint.post("/solves")
@requires(Allow.SOLVE_ROSTER)
@blueprint.arguments(schemas.SolveHeadersSchema, location="headers")
@blueprint.arguments(SolveParams)
@blueprint.response(202, schemas.SolveRunSchema)
def solve(_headers: dict[str, Any], body: dict[str, Any]) -> tuple[JobRun, dict[str, str]]:
    """Ask for the optimisation of a period or benchmark problem; the run is followed at `Location`.

    422 at `source_id`: the rules leave somebody no row, so that there is no roster; at `start_anyway`:
    requirements that nobody can meet, which `start_anyway` lets be.
    """
    session, source_id = current_session(), body["source_id"]
    check_limits(settings_of(current_core().modules, session, MODULE), body)
    if not periods.source_exists(session, source_id):
        raise NotFound(_("There is no such roster period or benchmark problem."))
    refuse_hopeless(session, body, tell=can(current_principal(), Allow.READ_WARD))
    params = {**body, "source_id": str(source_id)}
    run = request_job("rostering.solve", params, subject=subject_of(source_id))
    return run, {"Location": url_for("core_api.get_job_run", run_id=run.id)}


@blueprint.post("/joint-solves")
@requires(Allow.SOLVE_WARDS)
@blueprint.arguments(schemas.SolveHeadersSchema, location="headers")
@blueprint.arguments(SolveWardsParams)
@blueprint.response(202, schemas.SolveRunSchema)
def solve_wards(_headers: dict[str, Any], body: dict[str, Any]) -> tuple[JobRun, dict[str, str]]:
    """Ask for the optimisation of several wards and their internal unit; followed at `Location`.

    Each ward is a run of its own, worked off by whichever worker is free; `progress` sums up.
    """
    session, period_ids, own = current_session(), body["period_ids"], body["internal_period_id"]
    check_joint_limits(settings_of(current_core().modules, session, MODULE), body)
    check_periods(session, period_ids, own)
    params = {
        **body,
        "period_ids": [str(period_id) for period_id in period_ids],
        "internal_period_id": None if own is None else str(own),
    }
    run = request_job("rostering.solve_wards", params, subject=subject_of_wards(period_ids, own))
    return run, {"Location": url_for("core_api.get_job_run", run_id=run.id)}


@blueprint.get("/rosters/<uuid:roster_id>")
@requires(Allow.READ_ROSTER)
@blueprint.response(200, schemas.RosterSchema)
def get_roster(roster_id: UUID) -> RosterValue:
    """Show a roster with its assignments, in the form of the command line's output."""
    return roster_value(current_session(), periods.get_roster(current_session(), roster_id))


@blueprint.get("/rosters/<uuid:roster_id>/evaluation")
@requires(Allow.READ_ROSTER)
@blueprint.response(200, schemas.EvaluationSchema)
def get_evaluation(roster_id: UUID) -> Any:
    """Let the independent evaluator judge a roster against its input as it is now."""
    roster = periods.get_roster(current_session(), roster_id)
    return evaluation(current_session(), roster, private=can(current_principal(), Allow.READ_WARD))


@blueprint.get("/rosters/<uuid:roster_id>/xlsx")
@requires(Allow.READ_ROSTER)
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
def get_roster_workbook(roster_id: UUID) -> Response:
    """Answer a period's roster as a workbook."""
    session = current_session()
    roster = periods.get_roster(session, roster_id)
    if roster.period_id is None:
        raise NotFound(_("A benchmark problem's roster has no workbook."))
    private = can(current_principal(), Allow.READ_WARD)
    shown = period_roster(session, roster, roster.period_id, private=private)
    return download(write_roster(shown, roster), f"roster-{roster_id}", "xlsx")
