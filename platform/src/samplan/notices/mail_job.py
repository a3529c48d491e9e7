"""The job that sends what waits in the outbox of mail, one letter after the other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import update

from samplan.jobs.context import JobContext, Outcome
from samplan.notices.due import due_mail, forget_old, sends_mail
from samplan.notices.letters import Letter, Writer
from samplan.notices.models import Event, Mail
from samplan.notices.service import MOST_TRIES, next_wait
from samplan.notices.smtp import MailServer, Sent

log = structlog.get_logger(__name__)

MOST_AT_A_TIME = 500
KEPT = timedelta(days=90)
NEWS_FOR = timedelta(days=14)  # after which a letter would only confuse: there was no mail server for so long


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that is being sent: its try, and when the next one would be."""

    id: UUID
    account_id: UUID | None
    tries: int
    next_try_at: datetime
    event: str
    payload: dict[str, Any]
    late: bool


def send_mail(context: JobContext, _params: dict[str, Any]) -> Outcome:
    """Send the letters that are due where there is a mail server, and forget what is old."""
    done = _send_due(context) if sends_mail(context.core.settings) else {}
    with context.unit_of_work() as session:
        forget_old(session, context.clock.now() - KEPT)
    return Outcome(dict(done))


def _send_due(context: JobContext) -> Counter[str]:
    """Send letters until none is left or the server cannot be reached; return how many had which fate.

    Before a letter goes out its next try is set, so that a worker that dies delays it and loses nothing.
    """
    done: Counter[str] = Counter()
    writer = Writer(context.core, context.tenant)
    with MailServer(context.core.settings, context.clock) as server:
        for _number in range(MOST_AT_A_TIME):
            taken = _take(context)
            if taken is None:
                break
            sent = _send(writer, server, taken)
            done[_keep(context, taken, sent)] += 1
            log.info(
                "mail_tried", mail_id=str(taken.id), tries=taken.tries, fate=sent.fate, reason=sent.reason
            )
            if sent.unreachable or not context.progress(sent=done["sent"]):
                break
    return done


def _take(context: JobContext) -> Taken | None:
    now = context.clock.now()
    with context.unit_of_work() as session:
        due = due_mail(now).order_by(Mail.next_try_at, Mail.id).limit(1).with_for_update(skip_locked=True)
        mail = session.scalars(due).first()
        if mail is None:
            return None
        mail.tries += 1
        mail.next_try_at = now + next_wait(mail.tries)
        event = session.get_one(Event, (session.tenant_id, mail.event_id))
        late = event.at < now - NEWS_FOR
        return Taken(mail.id, mail.account_id, mail.tries, mail.next_try_at, event.type, event.payload, late)


def _send(writer: Writer, server: MailServer, taken: Taken) -> Sent:
    if taken.late:
        return Sent("never", "late")
    if taken.account_id is None:
        outside = writer.outside_letter(taken.id, taken.event, taken.payload)
        return Sent("never", outside) if isinstance(outside, str) else server.send(outside)
    recipient = writer.recipient(taken.account_id)
    if isinstance(recipient, str):
        return Sent("never", recipient)
    letter: Letter | None = writer.letter(taken.id, recipient, taken.event, taken.payload)
    return Sent("never", "unknown") if letter is None else server.send(letter)


def _keep(context: JobContext, taken: Taken, sent: Sent) -> str:
    """Keep how a letter fared, also where the run is another worker's by now; return its status.

    When the server cannot be reached, what else is due waits as long as this letter does.
    """
    status = _status(taken, sent)
    values: dict[str, Any] = {"status": status, "reason": sent.reason}
    if status == "sent":
        values["sent_at"] = context.clock.now()
    with context.database.unit_of_work(context.tenant.id) as session:
        own = update(Mail).where(Mail.tenant_id == session.tenant_id)
        session.execute(own.where(Mail.id == taken.id, Mail.tries == taken.tries).values(values))
        if sent.unreachable:
            due = own.where(Mail.status == "queued", Mail.next_try_at < taken.next_try_at)
            session.execute(due.values(next_try_at=taken.next_try_at, reason=sent.reason))
    return status


def _status(taken: Taken, sent: Sent) -> str:
    if sent.fate == "sent":
        return "sent"
    if sent.reason in ("gone", "off", "late", "withdrawn"):
        return "declined"
    return "failed" if sent.fate == "never" or taken.tries >= MOST_TRIES else "queued"
