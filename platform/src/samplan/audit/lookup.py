"""The names behind the ids of some entries: people, units, sites and groups, read at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.audit.models import AuditEntry
from samplan.audit.queries import Names
from samplan.db.session import TenantSession
from samplan.ids import parse_uuid
from samplan.jobs.models import JobRun
from samplan.organisation.models import OrgUnit, Site
from samplan.tenancy.models import ManagementGroup

# Fields whose value is the id of one of these.
REFERRING = frozenset({"account_id", "group_id", "parent_id", "site_id"})


def names_of_things(session: TenantSession, entries: Iterable[AuditEntry], people: Names) -> dict[str, str]:
    """Return what people call the things that the entries are about or refer to, by id."""
    ids = {found for entry in entries for found in _ids(entry)}
    names = {str(key): name for key, name in people.accounts.items()} | people.memberships
    for kind in (OrgUnit, Site, ManagementGroup):
        names |= _named(session, kind, ids)
    return names


def job_types(session: TenantSession, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return the kinds of the runs that the entries are about, by id."""
    ids = [parse_uuid(entry.object_id or "") for entry in entries if entry.object_type == "job_run"]
    rows = session.execute(select(JobRun.id, JobRun.job_type).where(JobRun.id.in_(filter(None, ids))))
    return {str(row.id): row.job_type for row in rows}


def _named(session: TenantSession, kind: Any, ids: Collection[UUID]) -> dict[str, str]:
    rows = session.execute(select(kind.id, kind.name).where(kind.id.in_(ids)))
    return {str(row.id): row.name for row in rows}


def _ids(entry: AuditEntry) -> Iterator[UUID]:
    values = [entry.object_id]
    for side in (entry.before or {}, entry.after or {}):
        values += [value for name, value in side.items() if name in REFERRING and isinstance(value, str)]
    yield from filter(None, (parse_uuid(value or "") for value in values))
