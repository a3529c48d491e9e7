"""What the core itself keeps about a member in one tenant: for the extract, and for the erasure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select

from samplan.access.models import RoleGrant
from samplan.access.service import roles_of, set_roles
from samplan.audit.models import AuditEntry
from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.i18n import _, _l
from samplan.identity.models import ApiKey, Membership, erased_address
from samplan.identity.service import PERSONAL, set_active
from samplan.indicators.models import IndicatorFact, IndicatorValueRow
from samplan.jobs.models import JobRun
from samplan.modules.contributions import ErasureReport, ExportPart, RetentionPolicy, SubjectRef, Text
from samplan.notices.models import Event, Mail

_KEY_COLUMNS = ("id", "name", "prefix", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
_ENTRY_COLUMNS = (
    "sequence", "at", "actor_kind", "actor_id", "action", "object_type", "object_id", "before", "after",
)  # fmt: skip
_MAIL_COLUMNS = ("id", "event_id", "status", "tries", "reason", "sent_at")
# What a run found is the tenant's, and may be about others.
_RUN_COLUMNS = ("id", "job_type", "subject", "params", "status", "queued_at", "started_at", "finished_at")
_VALUE_COLUMNS = (
    "indicator", "period_start", "period_end", "version", "value", "numerator", "denominator", "n", "strata",
    "source", "comment", "recorded_at",
)  # fmt: skip
_FACT_COLUMNS = (
    "group_id", "indicator", "period_start", "period_end", "version", "value", "numerator", "denominator",
    "n", "strata", "source", "comment", "published_at", "published_by", "withdrawn_at", "withdrawn_by",
)  # fmt: skip


def export_member(session: TenantSession, subject: SubjectRef) -> list[ExportPart]:
    """Return a member's place in the tenant, API keys, what the member did there, and the audit entries.

    Done are the runs asked for, the indicator values entered, and the facts published or withdrawn.
    """
    member = member_of_account(session, subject.account_id)
    if member is None:
        return []
    keys = session.scalars(select(ApiKey).where(ApiKey.membership_id == member.id).order_by(ApiKey.id)).all()
    place = {
        "id": member.id,
        "account_id": member.account_id,
        "display_name": member.display_name,
        "email": member.email,
        "active": member.active,
        "created_at": member.created_at,
        "roles": sorted(roles_of(session).get(member.id, frozenset())),
    }
    named = [str(member.id), str(member.account_id), *(str(key.id) for key in keys)]
    entries = session.scalars(
        select(AuditEntry)
        .where(or_(AuditEntry.actor_id == member.account_id, AuditEntry.object_id.in_(named)))
        .order_by(AuditEntry.sequence)
    )
    return [
        ExportPart("membership", (place,), _l("Membership and roles")),
        ExportPart("api_key", tuple(columns_of(key, _KEY_COLUMNS) for key in keys), _l("API keys")),
        ExportPart(
            "audit_entry",
            tuple(columns_of(entry, _ENTRY_COLUMNS) for entry in entries),
            _l("Entries of the audit trail that name the person"),
        ),
        *_done(session, member.account_id),
    ]


def _done(session: TenantSession, account_id: UUID) -> tuple[ExportPart, ...]:
    """Return what an account did in the tenant and is named for by its id."""
    runs = session.scalars(
        select(JobRun).where(JobRun.requested_by == account_id).order_by(JobRun.queued_at, JobRun.id)
    )
    entered = session.scalars(
        select(IndicatorValueRow)
        .where(IndicatorValueRow.recorded_by == account_id)
        .order_by(IndicatorValueRow.recorded_at, IndicatorValueRow.id)
    )
    # A group's session sees its members' facts too: only the tenant's own are its to tell.
    published = session.scalars(
        select(IndicatorFact)
        .where(
            IndicatorFact.tenant_id == session.tenant_id,
            or_(IndicatorFact.published_by == account_id, IndicatorFact.withdrawn_by == account_id),
        )
        .order_by(IndicatorFact.published_at, IndicatorFact.indicator, IndicatorFact.version)
    )
    told = session.execute(
        select(Event.type, *(getattr(Mail, name) for name in _MAIL_COLUMNS))
        .join(Event, (Event.tenant_id == Mail.tenant_id) & (Event.id == Mail.event_id))
        .where(Mail.account_id == account_id)
        .order_by(Mail.id)
    )
    return (
        ExportPart("mail", tuple(row._asdict() for row in told), _l("E-mail to the person")),
        ExportPart("job_run", tuple(columns_of(row, _RUN_COLUMNS) for row in runs), _l("Runs asked for")),
        ExportPart(
            "indicator_value",
            tuple(columns_of(row, _VALUE_COLUMNS) for row in entered),
            _l("Indicator values entered"),
        ),
        ExportPart(
            "indicator_fact",
            tuple(columns_of(row, _FACT_COLUMNS) for row in published),
            _l("Indicator values published or withdrawn"),
        ),
    )


def erase_member(session: TenantSession, policy: RetentionPolicy) -> ErasureReport:
    """Take a member's name, address, roles and API keys away, and end the access.

    The membership stays as a row without a person, because runs and the audit trail name it by its id.
    Nothing is written in the trail but that it was done: its entries hold no names, and stay as they are.
    """
    member = member_of_account(session, policy.subject.account_id)
    if member is None or member.erased:
        return ErasureReport({})
    rows = {
        "core.membership": 1,
        "core.role_grant": _count(session, RoleGrant, member.id),
        "core.api_key": _count(session, ApiKey, member.id),
        "core.mail": session.scalar(select(func.count()).where(Mail.account_id == member.account_id)) or 0,
    }
    if not policy.dry_run:
        set_active(session, member, active=False)
        set_roles(session, member.id, ())
        session.execute(delete(ApiKey).where(ApiKey.membership_id == member.id))
        session.execute(delete(Mail).where(Mail.account_id == member.account_id))
        before = {name: getattr(member, name) for name in PERSONAL}
        member.display_name, member.email = _("Erased person"), erased_address(member.id)
        after = {name: getattr(member, name) for name in PERSONAL}
        record(
            session, "member.erased", "membership", member.id, before=before, after=after, personal=PERSONAL
        )
        session.flush()
    return ErasureReport(rows, _LABELS)


_LABELS: Mapping[str, Text] = {
    "core.membership": _l("Membership: name and address are removed, the access ends"),
    "core.role_grant": _l("Roles: removed"),
    "core.api_key": _l("API keys: deleted"),
    "core.mail": _l("E-mail to the person: what was sent is forgotten"),
}


def member_of_account(session: TenantSession, account_id: UUID | None) -> Membership | None:
    """Return the account's membership of the session's tenant, if it has one."""
    if account_id is None:
        return None
    return session.scalar(select(Membership).where(Membership.account_id == account_id))


def columns_of(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the named columns of a row."""
    return {name: getattr(row, name) for name in names}


def _count(session: TenantSession, model: type[RoleGrant | ApiKey], membership_id: UUID) -> int:
    query = select(func.count()).select_from(model).where(model.membership_id == membership_id)
    return session.scalar(query) or 0
