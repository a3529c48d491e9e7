"""Accounts and members: who can sign in, and where they belong.

Accounts are seen outside every tenant only, so their functions take a `SystemSession`; members are a
tenant's, so theirs take its `TenantSession`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from samplan.access.declarations import MEMBERS_MANAGE
from samplan.access.service import demand_a_manager, find_roles, permissions_of, set_roles
from samplan.audit.service import record
from samplan.db.session import Database, SystemSession, TenantSession
from samplan.errors import Conflict, Invalid, NotFound
from samplan.i18n import _
from samplan.identity.models import Account, Membership
from samplan.tenancy.models import Tenant

ONE_TIME_PASSWORD_LIVES = timedelta(days=7)
LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets

PERSONAL = ("display_name", "email")


@dataclass(frozen=True, slots=True)
class OwnMembership:
    """A tenant that an account belongs to, as the account may see it without entering."""

    membership_id: UUID
    tenant_id: UUID
    slug: str
    tenant_name: str
    kind: str
    display_name: str


def normal_email(text: str) -> str:
    """Return an address as it is kept; raises `Invalid` (field `email`) where it is none."""
    email = text.strip()
    local, at, domain = email.rpartition("@")
    is_printable = email.isprintable() and not any(character.isspace() for character in email)
    if not (local and at and "." in domain.strip(".") and is_printable and len(email) <= LONGEST_EMAIL):
        message = _("This is not an e-mail address.")
        raise Invalid(message, {"email": [message]})
    return email


def find_account(session: SystemSession, email: str) -> Account | None:
    """Return the account with this address, however it is capitalised."""
    return session.scalar(select(Account).where(func.lower(Account.email) == func.lower(email.strip())))


def create_account(
    session: SystemSession,
    email: str,
    password_hash: str | None,
    *,
    operator: bool = False,
    one_time_until: datetime | None = None,
    locale: str | None = None,
) -> Account:
    """Create an account; it sees nothing until a tenant adds it as a member.

    Args:
        session: outside every tenant.
        email: what its owner signs in with.
        password_hash: from `samplan.identity.passwords`; None for an account that cannot sign in yet.
        operator: it runs the service and belongs to no tenant.
        one_time_until: the password is to be changed at the first login, which must come before then.
        locale: the language of its pages; None for the tenant's.

    Raises:
        Invalid: not an address.
        Conflict: there is an account with this address.
    """
    email = normal_email(email)
    if find_account(session, email) is not None:
        raise Conflict(_("There is an account with this e-mail address."))
    account = Account(
        email=email,
        password_hash=password_hash,
        operator=operator,
        one_time_until=one_time_until,
        locale=locale,
    )
    session.add(account)
    session.flush()
    return account


def set_password(account: Account, password_hash: str, *, one_time_until: datetime | None = None) -> None:
    """Give an account another password; the caller ends its sessions and records it."""
    account.password_hash = password_hash
    account.one_time_until = one_time_until


def memberships_of(session: SystemSession, account_id: UUID) -> list[OwnMembership]:
    """Return the tenants that the account belongs to, by name.

    Args:
        session: opened with `Database.system_session(account_id)`, which shows this account's memberships.
        account_id: of the account.
    """
    query = (
        select(Membership, Tenant)
        .join(Tenant, Tenant.id == Membership.tenant_id)
        .where(Membership.account_id == account_id, Membership.active)
        .order_by(Tenant.name)
    )
    return [
        OwnMembership(member.id, tenant.id, tenant.slug, tenant.name, tenant.kind, member.display_name)
        for member, tenant in session.execute(query)
    ]


def check_new_member(session: TenantSession, name: str, roles: Iterable[str]) -> None:
    """Refuse an empty name and roles that the tenant does not have; raises `Invalid`."""
    if not name.strip():
        message = _("Give the person's name.")
        raise Invalid(message, {"name": [message]})
    find_roles(session, roles)


def add_member(
    session: TenantSession, account_id: UUID, name: str, email: str, roles: Iterable[str]
) -> Membership:
    """Let an account into the tenant, under `name` and with `roles` (keys).

    Raises:
        Conflict: the account is a member already.
        Invalid: the name is empty, or the tenant has no such role.
    """
    roles = frozenset(roles)
    check_new_member(session, name, roles)
    member = session.scalar(select(Membership).where(Membership.account_id == account_id))
    if member is None:
        member = Membership(account_id=account_id)
        session.add(member)
    elif not member.erased:
        raise Conflict(_("This person is a member already."))
    # Who was erased here and has an account elsewhere comes back to the row that was left of the membership.
    member.display_name, member.email, member.active = name.strip(), email, True
    session.flush()
    after = {"account_id": account_id, "display_name": name, "email": email}
    record(session, "member.added", "membership", member.id, after=after, personal=PERSONAL)
    set_roles(session, member.id, roles)
    return member


def find_member(session: TenantSession, membership_id: UUID) -> Membership:
    """Return a member of the session's tenant; raises `NotFound`."""
    member = session.get(Membership, (session.tenant_id, membership_id))
    if member is None:
        raise NotFound(_("There is no such member."))
    return member


def set_active(session: TenantSession, member: Membership, *, active: bool) -> None:
    """End a member's access to the tenant, or give it back with the roles that were kept.

    Raises `Conflict` when nobody would be left who can manage members.
    """
    if member.active == active:
        return
    managed = MEMBERS_MANAGE in permissions_of(session, member.id)
    with session.begin_nested():  # undone where the change is refused
        member.active = active
        session.flush()
        if managed and not active:
            demand_a_manager(session)
    action = "member.reactivated" if active else "member.deactivated"
    record(session, action, "membership", member.id, before={"active": not active}, after={"active": active})


def record_for_account(
    database: Database, account_id: UUID, action: str, *, after: Mapping[str, Any] | None = None
) -> None:
    """Record an act that concerns an account in every tenant that it belongs to."""
    with database.system_session(account_id) as system:
        members = memberships_of(system, account_id)
    for member in members:
        with database.unit_of_work(member.tenant_id) as session:
            record(session, action, "membership", member.membership_id, after=after)
