"""The account behind a member: exported and closed only where no other tenant uses it.

Accounts and their sessions stand outside every tenant. What somebody does in another region is not this
one's to tell, and an account that another region uses is not this one's to close.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, func, select

from samplan.core import Core
from samplan.db.session import SystemSession
from samplan.i18n import _l
from samplan.identity.models import Account, LoginSession, Membership, erased_address
from samplan.modules.contributions import ErasureReport, ExportPart
from samplan.privacy.own import columns_of

_ACCOUNT_COLUMNS = ("id", "email", "active", "locale", "mail", "created_at")
_SESSION_COLUMNS = ("id", "user_agent", "created_at", "seen_at")


def export_account(core: Core, account_id: UUID, tenant_id: UUID) -> list[ExportPart]:
    """Return the account and its sessions; nothing where it is another tenant's too."""
    with core.database.system_session(account_id) as system:
        account = _own(system, account_id, tenant_id)
        if account is None:
            return []
        query = select(LoginSession).where(LoginSession.account_id == account_id).order_by(LoginSession.id)
        sessions = tuple(columns_of(row, _SESSION_COLUMNS) for row in system.scalars(query))
        return [
            ExportPart("account", (columns_of(account, _ACCOUNT_COLUMNS),), _l("Account")),
            ExportPart("login_session", sessions, _l("Sessions")),
        ]


def close_account(core: Core, account_id: UUID, tenant_id: UUID, *, dry_run: bool) -> ErasureReport:
    """Take the account's address and password away and end its sessions, where it is this tenant's alone."""
    with core.database.system_session(account_id) as system:
        account = _own(system, account_id, tenant_id)
        if account is None or account.email == erased_address(account_id):
            return ErasureReport({})
        counted = select(func.count()).where(LoginSession.account_id == account_id)
        rows = {"core.account": 1, "core.login_session": system.scalar(counted) or 0}
        if not dry_run:
            account.email, account.password_hash = erased_address(account_id), None
            account.active, account.locale, account.one_time_until = False, None, None
            system.execute(delete(LoginSession).where(LoginSession.account_id == account_id))
    labels = {
        "core.account": _l("Account: address and password are removed, it can no longer sign in"),
        "core.login_session": _l("Sessions: deleted"),
    }
    return ErasureReport(rows, labels)


def _own(system: SystemSession, account_id: UUID, tenant_id: UUID) -> Account | None:
    """Return the account where no other tenant uses it; a membership that was erased there is no use."""
    account = system.get(Account, account_id)
    if account is None or account.operator:
        return None
    members = system.scalars(select(Membership).where(Membership.account_id == account_id))
    others = {member.tenant_id for member in members if not member.erased} - {tenant_id}
    return None if others else account
