"""Collecting and erasing what the core and a tenant's modules keep about one person."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from samplan.access.declarations import MEMBERS_MANAGE
from samplan.access.service import demand_a_manager, permissions_of
from samplan.audit.context import current_actor
from samplan.audit.service import record
from samplan.core import Core
from samplan.db.session import TenantSession
from samplan.errors import Conflict, NotFound
from samplan.i18n import _
from samplan.identity.models import Membership
from samplan.modules.contributions import ErasureReport, ExportPart, RetentionPolicy, Text
from samplan.modules.lifecycle import module_states
from samplan.modules.manager import CORE, Module
from samplan.privacy.account import close_account, export_account
from samplan.privacy.own import member_of_account
from samplan.privacy.subject import Subject
from samplan.tenancy.context import TenantContext

SEEN_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Extract:
    """What is kept about a person: the parts of each module by its name, and each module's title."""

    parts: Mapping[str, tuple[ExportPart, ...]]
    titles: Mapping[str, Text]

    @property
    def count(self) -> int:
        """How many rows there are in all."""
        return sum(len(part.rows) for parts in self.parts.values() for part in parts)


@dataclass(frozen=True, slots=True)
class Erasure:
    """What goes, or went: each module's report by its name; `seen` confirms that just this was shown."""

    reports: Mapping[str, ErasureReport]
    seen: str

    @property
    def rows(self) -> dict[str, int]:
        """The rows of all modules by table."""
        return {table: n for report in self.reports.values() for table, n in sorted(report.rows.items()) if n}

    @property
    def count(self) -> int:
        """How many rows there are in all."""
        return sum(self.rows.values())


def collect(core: Core, session: TenantSession, tenant: TenantContext, subject: Subject) -> Extract:
    """Return what the core and the tenant's enabled modules keep about the subject."""
    found: dict[str, tuple[ExportPart, ...]] = {}
    for module in _asked(core, tenant):
        answer = core.modules.call(module.name, "samplan_data_export", session=session, subject=subject.ref)
        parts = tuple(answer or ())
        if module.name == CORE and subject.ref.account_id is not None:
            parts += tuple(export_account(core, subject.ref.account_id, tenant.id))
        if any(part.rows for part in parts):
            found[module.name] = tuple(part for part in parts if part.rows)
    return Extract(found, {module.name: module.title for module in core.modules})


def record_export(session: TenantSession, subject: Subject, extract: Extract) -> None:
    """Record that an extract was taken out: whose by the membership's id, how much, and nothing of it."""
    after = {"rows": extract.count, "reference": subject.ref.reference}
    record(
        session,
        "personal_data.exported",
        "person",
        subject.membership_id,
        after=after,
        personal={"reference"},
    )


def would_erase(core: Core, session: TenantSession, tenant: TenantContext, subject: Subject) -> Erasure:
    """Return what an erasure would do, and do nothing.

    Raises:
        Conflict: the subject is who asks, or the last one who can manage members.
    """
    return _erase(core, session, tenant, subject, dry_run=True)


def erase(
    core: Core, session: TenantSession, tenant: TenantContext, subject: Subject, *, seen: str
) -> Erasure:
    """Erase what the core and the tenant's enabled modules keep about the subject, and record it.

    The trail's own entries stay: they name people by id only, and what they are chained to must not change.

    Args:
        core: of this process.
        session: the tenant's; modules erase in its transaction.
        tenant: whose data.
        subject: whose data are erased.
        seen: of the dry run that was shown; erased is just what somebody has seen.

    Raises:
        NotFound: there is nothing to erase.
        Conflict: what is kept is no longer what was shown, or as for `would_erase`.
    """
    before = would_erase(core, session, tenant, subject)
    if not before.count:
        raise NotFound(_("Nothing is kept under this reference."))
    if before.seen != seen:
        raise Conflict(
            _("What is kept has changed since it was shown. Look at it again before you erase it.")
        )
    done = _erase(core, session, tenant, subject, dry_run=False)
    after = {"rows": done.count, "reference": subject.ref.reference}
    record(
        session, "personal_data.erased", "person", subject.membership_id, after=after, personal={"reference"}
    )
    return done


def switched_off(core: Core, session: TenantSession) -> list[Text]:
    """Return the modules that are off: what they may have kept from before is neither shown nor erased."""
    return [state.module.title for state in module_states(core.modules, session) if not state.enabled]


def _asked(core: Core, tenant: TenantContext) -> list[Module]:
    return [module for module in core.modules if module.name in tenant.enabled_modules]


def _erase(
    core: Core, session: TenantSession, tenant: TenantContext, subject: Subject, *, dry_run: bool
) -> Erasure:
    _refuse_who_must_stay(session, subject)
    policy = RetentionPolicy(subject=subject.ref, dry_run=dry_run)
    reports: dict[str, ErasureReport] = {}
    for module in _asked(core, tenant):
        answer = core.modules.call(module.name, "samplan_data_erase", session=session, policy=policy)
        if answer is not None:
            reports[module.name] = answer
    if subject.ref.account_id is not None:
        # Last, and in a transaction of its own: where the other one fails, erasing again completes it.
        session.flush()
        closed = close_account(core, subject.ref.account_id, tenant.id, dry_run=dry_run)
        own = reports.get(CORE, ErasureReport({}))
        reports[CORE] = replace(own, rows={**own.rows, **closed.rows}, labels={**own.labels, **closed.labels})
    kept = {name: report for name, report in reports.items() if any(report.rows.values())}
    return Erasure(kept, _seen(subject, kept))


def _seen(subject: Subject, reports: Mapping[str, ErasureReport]) -> str:
    """Return what stands for a subject and what would go: the same only while both are."""
    shown = [subject.key, {name: dict(sorted(report.rows.items())) for name, report in reports.items()}]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:SEEN_LENGTH]


def _refuse_who_must_stay(session: TenantSession, subject: Subject) -> None:
    """Refuse to erase who asks, and the last one who can manage members; raises `Conflict`."""
    member = member_of_account(session, subject.ref.account_id)
    if member is None or not member.active:
        return
    if current_actor().id == member.account_id:
        raise Conflict(_("You cannot erase your own data: ask another administrator."))
    if MEMBERS_MANAGE in permissions_of(session, member.id):
        _demand_another_manager(session, member)


def _demand_another_manager(session: TenantSession, member: Membership) -> None:
    trial = session.begin_nested()  # undone in any case: this only asks
    try:
        member.active = False
        session.flush()
        demand_a_manager(session)
    finally:
        trial.rollback()
