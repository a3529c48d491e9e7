"""The API of runs. Each module has its own endpoint to ask for one (see `samplan.jobs.requests`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from samplan.access.policy import requires
from samplan.api.core_api import core_api
from samplan.api.pagination import Page, paginate
from samplan.api.schemas import PageQuerySchema, StrictSchema, page_schema
from samplan.jobs.declarations import READ
from samplan.jobs.models import STATUSES, JobRun
from samplan.jobs.requests import IDEMPOTENCY_HEADER, LONGEST_KEY, error_text
from samplan.jobs.service import cancel_run, retry_run, visible_run, visible_runs
from samplan.jobs.views import check_retry
from samplan.web.request import current_core, current_principal, current_session


class JobRunSchema(Schema):
    """A run: what was asked for, how far it is, and what came of it."""

    id = fields.UUID(required=True)
    job_type = fields.String(required=True)
    subject = fields.String(allow_none=True, metadata={"description": "what the run is about"})
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    attempt = fields.Integer(required=True)
    requested_by = fields.UUID(allow_none=True, metadata={"description": "account; null for the system"})
    params = fields.Dict()
    progress = fields.Dict(metadata={"description": "pct (0 to 100), phase and the job's own figures"})
    cancel_requested = fields.Boolean()
    result = fields.Dict(allow_none=True)
    error_code = fields.String(allow_none=True)
    error_text = fields.Function(error_text, metadata={"type": ["string", "null"]})
    error_details = fields.Dict(allow_none=True)
    error_id = fields.String(allow_none=True, metadata={"description": "to be given when asking for help"})
    queued_at = fields.AwareDateTime()
    started_at = fields.AwareDateTime(allow_none=True)
    finished_at = fields.AwareDateTime(allow_none=True)


class RunQuerySchema(PageQuerySchema):
    """Which runs to list."""

    status = fields.String(validate=validate.OneOf(STATUSES))


class CancelSchema(StrictSchema):
    """How to stop a run."""

    keep_result = fields.Boolean(
        load_default=False, metadata={"description": "keep the best result so far, where the job has one"}
    )


class IdempotencySchema(Schema):
    """The header for endpoints that ask for a run: `@blueprint.arguments(…, location="headers")`."""

    idempotency_key = fields.String(
        data_key=IDEMPOTENCY_HEADER,
        validate=validate.Length(min=1, max=LONGEST_KEY),
        metadata={"description": "repeating a request with the same key gives the same run"},
    )


@core_api.get("/jobs")
@requires(READ)
@core_api.arguments(RunQuerySchema, location="query")
@core_api.response(200, page_schema(JobRunSchema))
def list_job_runs(query: dict[str, Any]) -> Page[JobRun]:
    """List runs, the newest first: one's own, or everybody's for who manages runs."""
    return paginate(
        current_session(),
        visible_runs(current_principal(), query.get("status")),
        JobRun.id,
        cursor=query.get("cursor"),
        limit=query["limit"],
        newest_first=True,
    )


@core_api.get("/jobs/<uuid:run_id>")
@requires(READ)
@core_api.response(200, JobRunSchema)
def get_job_run(run_id: UUID) -> JobRun:
    """Show one run."""
    return visible_run(current_session(), current_principal(), run_id)


@core_api.post("/jobs/<uuid:run_id>/cancel")
@requires(READ)
@core_api.arguments(CancelSchema)
@core_api.response(200, JobRunSchema)
def cancel_job_run(options: dict[str, Any], run_id: UUID) -> JobRun:
    """Stop a run: a queued one at once, a running one within a few seconds."""
    session = current_session()
    run = visible_run(session, current_principal(), run_id)
    return cancel_run(current_core(), session, run.id, keep_result=options["keep_result"])


@core_api.post("/jobs/<uuid:run_id>/retry")
@requires(READ)
@core_api.response(202, JobRunSchema)
def retry_job_run(run_id: UUID) -> JobRun:
    """Try a failed or cancelled run again with the same parameters."""
    session = current_session()
    run = visible_run(session, current_principal(), run_id)
    check_retry(run)
    return retry_run(current_core(), session, run.id)
