"""Runs within a web request: asking for one, and showing it; what the views of every module use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, request, url_for
from werkzeug.routing import BuildError

from samplan.access.policy import can
from samplan.errors import Invalid, NotFound
from samplan.i18n import _
from samplan.identity.redirects import own_path
from samplan.jobs import words
from samplan.jobs.models import JobRun
from samplan.jobs.service import ACTIVE, keeps_result, request_run
from samplan.jobs.transitions import INTERNAL, MODULE_DISABLED, TIMED_OUT, WORKER_LOST
from samplan.tenancy.context import current_tenant
from samplan.web.request import current_core, current_principal, current_session

IDEMPOTENCY_HEADER = "Idempotency-Key"
LONGEST_KEY = 200


def request_job(job_type: str, params: Mapping[str, Any], *, subject: str | None = None) -> JobRun:
    """Ask for a run on behalf of who is asking; the view has checked the job's permission.

    With an `Idempotency-Key` header, repeating the request gives the first run again.

    Raises:
        Invalid, NotFound, TooMany: as `request_run` does.
    """
    return request_run(
        current_core(),
        current_session(),
        current_tenant(),
        job_type,
        params,
        requested_by=current_principal().account_id,
        idempotency_key=idempotency_key(),
        subject=subject,
    )


def idempotency_key() -> str | None:
    """Return the request's `Idempotency-Key`, or None; raises `Invalid` when it is unusable."""
    key = request.headers.get(IDEMPOTENCY_HEADER)
    if key is None:
        return None
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        message = _("must be 1 to %(longest)d printable ASCII characters", longest=LONGEST_KEY)
        raise Invalid(_("The Idempotency-Key cannot be used."), {IDEMPOTENCY_HEADER: [message]})
    return key


@dataclass(frozen=True, slots=True)
class RunView:
    """A run ready for a template, in the language of the request (see `core/jobs.html`)."""

    id: UUID
    label: str
    about: str
    starter: str
    status: str
    progress: Mapping[str, Any]
    url: str  # answers the live fragment
    page_url: str
    cancel_url: str | None
    retry_url: str | None
    result_url: str | None
    keeps_result: bool
    error_text: str | None
    figures: tuple[tuple[str, str], ...]
    faults: int  # that a run which ended well found in what it was given
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempt: int
    duration: str
    back: str  # where stopping it or trying again leads to; empty for its own page
    technical: tuple[tuple[str, str], ...]


def run_view(run: JobRun) -> RunView:
    """Return a run as its page and the pages of the modules show it."""
    core, back = current_core(), _back(run)
    return RunView(
        id=run.id,
        label=job_label(run.job_type),
        about=words.about(run),
        starter=words.starter(run),
        status=run.status,
        progress=_progress(run),
        url=url_for("core.job_progress", run_id=run.id, next=back or None),
        page_url=url_for("core.job", run_id=run.id),
        cancel_url=url_for("core.cancel_job", run_id=run.id) if _may_stop(run) else None,
        retry_url=url_for("core.retry_job", run_id=run.id) if may_retry(run) else None,
        result_url=_result_url(run),
        keeps_result=keeps_result(core, run),
        error_text=error_text(run),
        figures=words.figures(run),
        faults=words.faults(run),
        queued_at=run.queued_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        attempt=run.attempt,
        duration=words.duration(run),
        back=back,
        technical=words.technical(run),
    )


def page_of_ours(target: str | None, default: str) -> str:
    """Return `target` where it is a page of the tenant's, else `default`."""
    here = f"/t/{current_tenant().slug}/"
    return target if target and own_path(target, "").startswith(here) else default


def _back(run: JobRun) -> str:
    """Return the page that shows the run, also while its part is renewed; empty for the run's own page."""
    if request.endpoint == "core.job_progress":
        return page_of_ours(request.args.get("next"), "")
    own = url_for("core.job", run_id=run.id)
    return "" if request.method != "GET" or request.path == own else request.full_path.rstrip("?")


def job_label(job_type: str) -> str:
    """Return what a kind of job is called; its bare name when its module is gone."""
    try:
        return str(current_core().modules.job(job_type).label)
    except NotFound:
        return job_type


def may_retry(run: JobRun) -> bool:
    """Tell whether the run can be tried again, and by who is asking: as for the first request."""
    if run.status not in ("failed", "cancelled"):
        return False
    try:
        job = current_core().modules.job(run.job_type)
    except NotFound:
        return False
    return can(current_principal(), job.permission)


def error_text(run: JobRun) -> str | None:
    """Return why a run did not succeed, in plain words; None when there is nothing to tell."""
    if run.error_code is None or run.status in ("succeeded", *ACTIVE):
        return None
    known = {
        INTERNAL: _("A fault in the program stopped the run. Give this number if you ask for help: %(id)s"),
        WORKER_LOST: _("The computer that did the work went away, several times. Try again later."),
        TIMED_OUT: _("The run took longer than it may. Ask for less at a time, or allow it more time."),
        MODULE_DISABLED: _("The module was switched off before the run began."),
        "unknown_job": _("This version of the service does not know this kind of run."),
        "params_outdated": _("The service has been updated since the run was asked for. Start a new one."),
    }
    details = dict(run.error_details or {})
    message = str(details.pop("message", ""))
    if run.error_code in known:
        return known[run.error_code] % {"id": run.error_id}
    return _filled(message, details) or _("The run failed (%(code)s).", code=run.error_code)


def _filled(message: str, details: Mapping[str, Any]) -> str:
    """Translate a handler's message; one that does not fit its details is shown as it stands."""
    if not message:
        return ""
    try:
        return _(message, **details) if details else _(message)
    except (KeyError, TypeError, ValueError):
        return message


def _progress(run: JobRun) -> dict[str, Any]:
    progress = dict(run.progress)
    price = (run.result or {}).get("objective")
    if "incumbent" in progress and isinstance(price, int | float):
        progress["incumbent"] = price  # the last heartbeat may have missed the best
    if progress.get("phase"):
        progress["phase"] = _(str(progress["phase"]))
    if run.cancel_requested and run.status in ACTIVE:
        progress["phase"] = _("The run is being stopped.")
    return progress


def _may_stop(run: JobRun) -> bool:
    return run.status in ACTIVE and not run.cancel_requested


def _result_url(run: JobRun) -> str | None:
    """Return where the result is shown, if the handler said so and the page exists."""
    link = (run.result or {}).get("link")
    if not isinstance(link, Mapping) or link.get("endpoint") not in current_app.view_functions:
        return None
    if run.module not in current_tenant().enabled_modules:
        return None
    try:
        return url_for(link["endpoint"], **link.get("values", {}))
    except BuildError:
        return None
