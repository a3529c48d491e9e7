"""Letting people in: accounts for new members, and one-time passwords.

An account lives outside the tenants and a member in one, so both kinds of session are needed here; the
account is committed first, because the member refers to it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, select

from samplan.audit.service import record
from samplan.db.session import SystemSession, TenantSession
from samplan.errors import Conflict, Forbidden
from samplan.i18n import _
from samplan.identity import passwords
from samplan.identity.models import Account, LoginSession, Membership
from samplan.identity.service import (
    ONE_TIME_PASSWORD_LIVES,
    add_member,
    check_new_member,
    create_account,
    find_account,
    normal_email,
    set_password,
)

if TYPE_CHECKING:
    from samplan.core import Core


@dataclass(frozen=True, slots=True)
class Invitation:
    """A new member; `one_time_password` is None for who had an account already, and is kept nowhere."""

    member: Membership
    one_time_password: str | None


def invite_member(
    core: Core, session: TenantSession, name: str, email: str, roles: Collection[str]
) -> Invitation:
    """Add a member to the session's tenant, and create the account where there is none.

    Raises:
        Invalid: the name, address or a role is not valid.
        Conflict: the person is a member already.
    """
    email = normal_email(email)
    check_new_member(session, name, roles)
    with core.database.system_session() as system:
        account = find_account(system, email)
    password = None
    if account is None:
        password = passwords.one_time_password()
        password_hash = passwords.hash_password(password)
        with core.database.system_session() as system:
            until = core.clock.now() + ONE_TIME_PASSWORD_LIVES
            account = create_account(system, email, password_hash, one_time_until=until)
    elif account.operator:
        raise Conflict(_("This account runs the service and cannot be a member."))
    return Invitation(add_member(session, account.id, name, email, roles), password)


def reset_password(core: Core, session: TenantSession, member: Membership) -> str:
    """Give a member a one-time password, which is returned and kept nowhere; its sessions end.

    Only where the account belongs to this tenant alone: who can set a password can sign in with it, and
    no tenant's administrator may enter another tenant. Raises `Forbidden` otherwise.
    """
    with core.database.system_session(member.account_id) as system:
        if not _belongs_only_to(system, member.account_id, session.tenant_id):
            raise Forbidden(_("The account is used outside this region too: only the operator can do this."))
    password = passwords.one_time_password()
    give_one_time_password(core, member.account_id, password)
    record(session, "member.password_reset", "membership", member.id)
    return password


def give_one_time_password(core: Core, account_id: UUID, password: str) -> None:
    """Make `password` the account's one-time password and end its sessions."""
    password_hash = passwords.hash_password(password)
    with core.database.system_session() as system:
        account = system.get_one(Account, account_id)
        set_password(account, password_hash, one_time_until=core.clock.now() + ONE_TIME_PASSWORD_LIVES)
        system.execute(delete(LoginSession).where(LoginSession.account_id == account_id))


def _belongs_only_to(session: SystemSession, account_id: UUID, tenant_id: UUID) -> bool:
    """Tell whether the account is an ordinary one of just this tenant, former memberships counted too."""
    tenants = session.scalars(select(Membership.tenant_id).where(Membership.account_id == account_id)).all()
    return set(tenants) == {tenant_id} and not session.get_one(Account, account_id).operator
