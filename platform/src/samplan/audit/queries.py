"""Reading a tenant's audit trail: filtered, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from samplan.audit.models import AuditEntry
from samplan.db.session import TenantSession
from samplan.identity.models import Membership

PAGE = 50
MOST_ENTRIES = 1000
SYSTEM = "system"
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are asked for; what is None or empty does not narrow them.

    `action` and `object_type` are beginnings of names, `actor` is an account's id or `SYSTEM`, and
    the days are those of the tenant's time zone, both included.
    """

    action: str = ""
    object_type: str = ""
    object_id: str = ""
    actor: UUID | str | None = None
    since: date | None = None
    until: date | None = None

    def select(self, timezone: str) -> Select[AuditEntry]:
        """Return the query for the entries, the newest first."""
        zone, query = ZoneInfo(timezone), select(AuditEntry).order_by(AuditEntry.sequence.desc())
        if self.action:
            query = query.where(AuditEntry.action.startswith(self.action, autoescape=True))
        if self.object_type:
            query = query.where(AuditEntry.object_type.startswith(self.object_type, autoescape=True))
        if self.object_id:
            query = query.where(AuditEntry.object_id == self.object_id)
        if self.actor == SYSTEM:
            query = query.where(AuditEntry.actor_id.is_(None))
        elif self.actor is not None:
            query = query.where(AuditEntry.actor_id == self.actor)
        if self.since is not None:
            query = query.where(AuditEntry.at >= _start_of(self.since, zone))
        if self.until is not None:
            query = query.where(AuditEntry.at < _start_of(self.until + timedelta(days=1), zone))
        return query


Act = list[AuditEntry]
"""Entries of one kind that somebody made in one transaction, such as those of an import, the newest first."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some acts, and the number below which the next page begins (None on the last)."""

    acts: list[Act]
    next_cursor: int | None

    @property
    def entries(self) -> list[AuditEntry]:
        """The entries of all acts."""
        return [entry for act in self.acts for entry in act]


def audit_page(session: TenantSession, query: Select[AuditEntry], cursor: int | None) -> AuditPage:
    """Return one page of `query`; `cursor` is the `next_cursor` of the page before.

    It ends with a transaction, once it has `PAGE` acts; what is beyond `MOST_ENTRIES` comes on the next page.
    """
    if cursor is not None:
        query = query.where(AuditEntry.sequence < cursor)
    acts: list[Act] = []
    number = count = 0
    with session.scalars(query.limit(MOST_ENTRIES + 1).execution_options(yield_per=_AT_A_TIME)) as rows:
        for _transaction, entries in groupby(rows, key=lambda entry: (entry.at, entry.request_id)):
            if len(acts) >= PAGE:
                return AuditPage(acts, number)
            kinds: dict[tuple[object, ...], Act] = {}
            for entry in entries:
                if count == MOST_ENTRIES:
                    return AuditPage([*acts, *kinds.values()], number)
                kind = entry.actor_kind, entry.actor_id, entry.action, entry.object_type
                kinds.setdefault(kind, []).append(entry)
                number, count = entry.sequence, count + 1
            acts += kinds.values()
    return AuditPage(acts, None)


def all_entries(session: TenantSession, query: Select[AuditEntry]) -> Iterator[AuditEntry]:
    """Give every entry of `query`, read as they are asked for."""
    yield from session.scalars(query.execution_options(yield_per=_AT_A_TIME))


@dataclass(frozen=True, slots=True)
class Names:
    """What the tenant calls its people, former members too, by account and by membership."""

    accounts: dict[UUID, str]
    memberships: dict[str, str]


def names_of_people(session: TenantSession) -> Names:
    """Return the names that the tenant knows its members by."""
    rows = session.execute(select(Membership.account_id, Membership.id, Membership.display_name)).all()
    return Names(
        accounts={row.account_id: row.display_name for row in rows},
        memberships={str(row.id): row.display_name for row in rows},
    )


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
