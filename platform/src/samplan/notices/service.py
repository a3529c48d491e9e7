"""Telling of what has happened: an event with its mails and deliveries, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.modules.contributions import EventSpec
from samplan.notices.models import Event, Mail, WebhookDelivery, WebhookEndpoint

# From one try to the next, as the Standard Webhooks advise: ten tries in about three days.
WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (60, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
MOST_TRIES = len(WAITS) + 1


def notify(
    session: TenantSession,
    event: EventSpec,
    payload: Mapping[str, Any],
    *,
    now: datetime,
    mail_to: Collection[UUID] = (),
    about: str = "",
) -> UUID:
    """Tell other systems and people of an event when the session's transaction has committed.

    Every endpoint of the tenant that asks for the event gets it, and every account of `mail_to` a mail,
    unless one about the same still waits; so does the organisation that the event is for, whose mail says
    what holds when it is sent. Returns the event's id.

    Args:
        session: the tenant's, in whose transaction the event happens.
        event: as the module declares it.
        payload: for the event's schema: ids and figures, no names of persons.
        now: when it happens.
        mail_to: accounts of members; others, and who has switched mail off, get none.
        about: what several events in a row are about, such as a period's id.

    Raises:
        ValueError: the payload does not fit the event's schema.
    """
    row = add_event(session, event, payload, now)
    _call(session, row, now)
    if event.mail is not None and mail_to:
        told = _waiting(session, event, about) if about else frozenset()
        session.add_all(
            Mail(event_id=row.id, account_id=account, about=about, next_try_at=now + event.mail_wait)
            for account in sorted(set(mail_to) - told)
        )
    if event.outside is not None and not (about and _outside_waits(session, event, about)):
        session.add(Mail(event_id=row.id, about=about, next_try_at=now + event.mail_wait))
    session.flush()
    return row.id


def _call(session: TenantSession, event: Event, now: datetime) -> None:
    """Let every endpoint of the tenant that asks for an event be called about it."""
    session.add_all(
        WebhookDelivery(endpoint_id=endpoint.id, event_id=event.id, next_try_at=now)
        for endpoint in session.scalars(select(WebhookEndpoint).where(WebhookEndpoint.active))
        if event.type in endpoint.events
    )


def add_event(session: TenantSession, event: EventSpec, payload: Mapping[str, Any], now: datetime) -> Event:
    """Write an event without telling anybody; raises `ValueError` for a payload that is not one."""
    schema = event.payload()
    values: dict[str, Any] = schema.dump(payload)
    if faults := schema.validate(values):
        raise ValueError(f"{event.name}: {faults}")
    row = Event(id=new_id(), type=event.name, at=now, payload=values)
    session.add(row)
    session.flush()
    return row


def next_wait(tries: int) -> timedelta:
    """Return how long to wait after so many tries."""
    return WAITS[min(max(tries, 1), len(WAITS)) - 1]


def _outside_waits(session: TenantSession, event: EventSpec, about: str) -> bool:
    """Tell whether an earlier mail to the organisation about the same waits; until commit it is not sent."""
    query = (
        select(Mail.id)
        .join(Event, (Event.tenant_id == Mail.tenant_id) & (Event.id == Mail.event_id))
        .where(Mail.account_id.is_(None), Mail.status == "queued", Mail.tries == 0)
        .where(Mail.about == about, Event.type == event.name)
        .with_for_update(of=Mail)
    )
    return session.scalars(query).first() is not None


def _waiting(session: TenantSession, event: EventSpec, about: str) -> frozenset[UUID | None]:
    """Return who has not got an earlier mail of this kind about the same yet."""
    query = (
        select(Mail.account_id)
        .join(Event, (Event.tenant_id == Mail.tenant_id) & (Event.id == Mail.event_id))
        .where(Mail.status == "queued", Mail.tries == 0, Mail.about == about, Event.type == event.name)
    )
    return frozenset(session.scalars(query))
