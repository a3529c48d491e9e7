"""Calendar addresses of employees: made, revoked, and opened by their secret."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from samplan.plugin_api import NotFound, TenantSession, _, members_by_account, record
from samplan_rostering.models import CalendarFeed, Employee

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_READ_EVERY = timedelta(hours=1)  # a reading is noted this often: not every one need write


def make_feed(session: TenantSession, employee_id: UUID, *, now: datetime) -> str:
    """Make an address for the employee, ending an earlier one; returns its secret, which is not kept."""
    revoke_feed(session, employee_id, now=now)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(employee_id=employee_id, token_hash=_hashed(token), made_at=now)
    session.add(feed)
    session.flush()
    record(session, "calendar.made", "rostering.employee", employee_id)
    return token


def revoke_feed(session: TenantSession, employee_id: UUID, *, now: datetime) -> None:
    """Make the employee's address useless for ever, if there is one."""
    feed = feed_of(session, employee_id)
    if feed is not None:
        feed.revoked_at = now
        session.flush()
        record(session, "calendar.revoked", "rostering.employee", employee_id)


def feed_of(session: TenantSession, employee_id: UUID) -> CalendarFeed | None:
    """Return the employee's address in use."""
    query = select(CalendarFeed).where(
        CalendarFeed.employee_id == employee_id, CalendarFeed.revoked_at.is_(None)
    )
    return session.scalar(query)


def open_feed(session: TenantSession, token: str, *, now: datetime) -> UUID:
    """Return whose calendar the secret opens; raises `NotFound` for every other.

    It is looked up by its hash, so that how long that takes tells nothing of the secrets that there are.
    """
    if not TOKEN.fullmatch(token):
        raise NotFound(_("There is no such calendar."))
    query = select(CalendarFeed).where(
        CalendarFeed.token_hash == _hashed(token), CalendarFeed.revoked_at.is_(None)
    )
    feed = session.scalar(query)
    if feed is None or not _is_of_a_member(session, feed.employee_id):
        raise NotFound(_("There is no such calendar."))
    if feed.read_at is None or now - feed.read_at >= _READ_EVERY:
        own = CalendarFeed.tenant_id == session.tenant_id, CalendarFeed.id == feed.id
        session.execute(update(CalendarFeed).where(*own).values(read_at=now))
    return feed.employee_id


def _is_of_a_member(session: TenantSession, employee_id: UUID) -> bool:
    """Tell whether the employee has an account that may sign in here."""
    account = session.scalar(select(Employee.account_id).where(Employee.id == employee_id))
    member = members_by_account(session, [account]).get(account) if account else None
    return member is not None and member.active


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
