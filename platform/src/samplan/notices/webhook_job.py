"""The job that calls endpoints about what waits for them, one delivery after the other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import update

from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.jobs.context import JobContext, Outcome
from samplan.notices.calling import Answer, Call, body_of, post
from samplan.notices.declarations import TRIAL
from samplan.notices.due import calls_webhooks, due_deliveries, forget_old
from samplan.notices.mail_job import KEPT
from samplan.notices.models import Event, WebhookDelivery, WebhookEndpoint
from samplan.notices.secrets import secret_check, secret_text
from samplan.notices.service import MOST_TRIES, next_wait

log = structlog.get_logger(__name__)

MOST_AT_A_TIME = 200
FAILS_FOR = timedelta(days=5)  # after which an endpoint is switched off
GONE = 410  # the endpoint says that it wants no more


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery that is under way; `call` is None where its secret can no longer be derived."""

    id: UUID
    endpoint_id: UUID
    tries: int
    next_try_at: datetime
    trial: bool
    call: Call | None


def call_webhooks(context: JobContext, _params: dict[str, Any]) -> Outcome:
    """Make the calls that are due.

    Before a call its next try is set, so that a worker that dies delays it and loses nothing.
    """
    done: Counter[str] = Counter()
    if not calls_webhooks(context.core.settings):
        return Outcome({})
    for _number in range(MOST_AT_A_TIME):
        taken = _take(context)
        if taken is None:
            break
        answer = Answer(None, "secret")
        if taken.call is not None:
            answer = post(taken.call, context.clock.now(), context.core.settings.webhook_networks)
        done[_keep(context, taken, answer)] += 1
        told = {"status": answer.status, "reason": answer.reason, "tries": taken.tries}
        log.info("webhook_called", delivery_id=str(taken.id), **told)
        if not context.progress(delivered=done["delivered"]):
            break
    with context.unit_of_work() as session:
        forget_old(session, context.clock.now() - KEPT)
    return Outcome(dict(done))


def _take(context: JobContext) -> Taken | None:
    now = context.clock.now()
    order = (WebhookDelivery.next_try_at, WebhookDelivery.id)
    with context.unit_of_work() as session:
        due = due_deliveries(now).order_by(*order).limit(1)
        row = session.scalars(due.with_for_update(of=WebhookDelivery, skip_locked=True)).first()
        if row is None:
            return None
        row.tries += 1
        row.next_try_at = now + next_wait(row.tries)
        endpoint = session.get_one(WebhookEndpoint, (session.tenant_id, row.endpoint_id))
        event = session.get_one(Event, (session.tenant_id, row.event_id))
        trial = event.type == TRIAL.name
        call = _call(context, endpoint, event, now)
        return Taken(row.id, endpoint.id, row.tries, row.next_try_at, trial, call)


def _call(context: JobContext, endpoint: WebhookEndpoint, event: Event, now: datetime) -> Call | None:
    settings, tenant = context.core.settings, context.tenant
    secrets = [secret_text(settings, tenant.id, endpoint.id, endpoint.salt)]
    if secret_check(secrets[0]) != endpoint.secret_check:
        return None
    if endpoint.former_salt is not None and endpoint.former_until is not None and now < endpoint.former_until:
        secrets.append(secret_text(settings, tenant.id, endpoint.id, endpoint.former_salt))
    body = body_of(event.type, event.at, tenant.slug, event.payload)
    return Call(endpoint.url, tuple(secrets), event.id, body)


def _keep(context: JobContext, taken: Taken, answer: Answer) -> str:
    """Keep how a call went, also where the run is another worker's by now; return the delivery's status."""
    now = context.clock.now()
    status = "delivered" if answer.ok else "failed" if _is_last(taken, answer) else "queued"
    values: dict[str, Any] = {"status": status, "answer": answer.status, "reason": answer.reason}
    if answer.ok:
        values["delivered_at"] = now
    with context.database.unit_of_work(context.tenant.id) as session:
        own = update(WebhookDelivery).where(WebhookDelivery.tenant_id == session.tenant_id)
        session.execute(
            own.where(WebhookDelivery.id == taken.id, WebhookDelivery.tries == taken.tries).values(values)
        )
        if not taken.trial:
            _judge(session, taken, answer, now)
    return status


def _is_last(taken: Taken, answer: Answer) -> bool:
    return taken.trial or answer.status == GONE or taken.tries >= MOST_TRIES


def _judge(session: TenantSession, taken: Taken, answer: Answer, now: datetime) -> None:
    """Note that an endpoint answers, or since when it fails, and switch off one that has failed for long.

    While it fails, whatever else is due for it waits as long as this delivery does.
    """
    key = (session.tenant_id, taken.endpoint_id)
    endpoint = session.get(WebhookEndpoint, key, with_for_update=True, populate_existing=True)
    if endpoint is None or answer.ok:
        if endpoint is not None:
            endpoint.failing_since = None
        return
    endpoint.failing_since = endpoint.failing_since or now
    waiting = update(WebhookDelivery).where(
        WebhookDelivery.tenant_id == session.tenant_id,
        WebhookDelivery.endpoint_id == endpoint.id,
        WebhookDelivery.status == "queued",
        WebhookDelivery.next_try_at < taken.next_try_at,
    )
    session.execute(waiting.values(next_try_at=taken.next_try_at))
    reason = "gone" if answer.status == GONE else ""
    if now - endpoint.failing_since >= FAILS_FOR:
        reason = reason or "failing"
    if endpoint.active and reason:
        endpoint.active, endpoint.disabled_reason = False, reason
        endpoint.version += 1
        record(session, "webhook.switched_off", "webhook", endpoint.id, after={"why": reason})
