"""What waits to be told: asked by the reconciler, which starts a run where something is due."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Select, delete, exists, or_, select

from samplan.db.session import TenantSession
from samplan.errors import TooMany
from samplan.jobs.models import JobRun
from samplan.jobs.service import ACTIVE, request_run
from samplan.modules.contributions import JobType
from samplan.notices.declarations import CALL_WEBHOOKS, SEND_MAIL, TRIAL
from samplan.notices.models import Event, Mail, WebhookDelivery, WebhookEndpoint
from samplan.tenancy.context import TenantContext

if TYPE_CHECKING:
    from samplan.core import Core
    from samplan.settings import Settings

log = structlog.get_logger(__name__)


def sends_mail(settings: Settings) -> bool:
    """Tell whether the deployment has a mail server."""
    return bool(settings.mail_url)


def calls_webhooks(settings: Settings) -> bool:
    """Tell whether the deployment can sign what it tells other systems."""
    return bool(settings.webhook_key)


def due_mail(now: datetime) -> Select[Mail]:
    """Return the statement for the mails whose time has come."""
    return select(Mail).where(Mail.status == "queued", Mail.next_try_at <= now)


def due_deliveries(now: datetime) -> Select[WebhookDelivery]:
    """Return the statement for the deliveries whose time has come; what is switched off gets trials only."""
    same = WebhookEndpoint.tenant_id == WebhookDelivery.tenant_id
    event = Event.tenant_id == WebhookDelivery.tenant_id
    return (
        select(WebhookDelivery)
        .join(WebhookEndpoint, same & (WebhookEndpoint.id == WebhookDelivery.endpoint_id))
        .join(Event, event & (Event.id == WebhookDelivery.event_id))
        .where(WebhookDelivery.status == "queued", WebhookDelivery.next_try_at <= now)
        .where(or_(WebhookEndpoint.active, Event.type == TRIAL.name))
    )


def start_notices(core: Core, tenant: TenantContext) -> int:
    """Ask for the runs that tell of what is due in a tenant; returns how many."""
    now, started = core.clock.now(), 0
    asked: list[tuple[JobType, Select[Mail] | Select[WebhookDelivery]]] = []
    if sends_mail(core.settings):
        asked.append((SEND_MAIL, due_mail(now)))
    if calls_webhooks(core.settings):
        asked.append((CALL_WEBHOOKS, due_deliveries(now)))
    for job, due in asked:
        try:
            with core.database.unit_of_work(tenant.id) as session:
                started += _start(core, session, tenant, job, due)
        except TooMany:
            log.warning("notices_wait", job=job.name)
    return started


def _start(
    core: Core,
    session: TenantSession,
    tenant: TenantContext,
    job: JobType,
    due: Select[Mail] | Select[WebhookDelivery],
) -> bool:
    if session.scalars(due.limit(1)).first() is None:
        return False
    if session.scalar(select(exists().where(JobRun.job_type == job.name, JobRun.status.in_(ACTIVE)))):
        return False
    request_run(core, session, tenant, job.name, {}, requested_by=None)
    return True


def forget_old(session: TenantSession, before: datetime) -> None:
    """Delete events from before an instant with what was told of them; what waits still is no news."""
    old = delete(Event).where(Event.at < before)
    session.execute(old, execution_options={"synchronize_session": False})
