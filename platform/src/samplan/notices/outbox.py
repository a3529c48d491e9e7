"""What a tenant's administrator sees of the outbox of mail, and does about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.errors import Conflict, NotFound
from samplan.i18n import _
from samplan.identity.models import Membership
from samplan.notices.models import Event, Mail


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail, as the page lists it; the name is empty where the member is gone."""

    id: UUID
    name: str
    event: str
    at: datetime
    status: str
    tries: int
    reason: str
    sent_at: datetime | None
    next_try_at: datetime


def mails(status: str | None = None) -> Select[Mail]:
    """Return the statement for the tenant's mails, to be paginated by id."""
    return select(Mail).where(Mail.status == status) if status else select(Mail)


def count_by_status(session: TenantSession) -> dict[str, int]:
    """Return how many mails there are of each status."""
    return dict(session.execute(select(Mail.status, func.count()).group_by(Mail.status)).all())


def mail_lines(session: TenantSession, rows: list[Mail]) -> list[MailLine]:
    """Return mails as the page lists them."""
    accounts, events = {row.account_id for row in rows}, {row.event_id for row in rows}
    named = select(Membership.account_id, Membership.display_name).where(Membership.account_id.in_(accounts))
    names = dict(session.execute(named).all())
    found = {event.id: event for event in session.scalars(select(Event).where(Event.id.in_(events)))}
    return [
        MailLine(
            row.id,
            _("Outside the region") if row.account_id is None else names.get(row.account_id, ""),
            found[row.event_id].type,
            found[row.event_id].at,
            row.status,
            row.tries,
            row.reason,
            row.sent_at,
            row.next_try_at,
        )
        for row in rows
    ]


def send_again(session: TenantSession, mail_id: UUID, now: datetime) -> None:
    """Queue a mail that was not sent; raises `NotFound`, and `Conflict` for one that was or waits."""
    mail = session.get(Mail, (session.tenant_id, mail_id), with_for_update=True, populate_existing=True)
    if mail is None:
        raise NotFound(_("There is no such e-mail."))
    if mail.status == "sent" or (mail.status == "queued" and mail.tries == 0):
        raise Conflict(_("The e-mail has been sent, or is on its way."))
    mail.status, mail.tries, mail.next_try_at = "queued", 0, now
    record(session, "mail.sent_again", "mail", mail.id)
    session.flush()
