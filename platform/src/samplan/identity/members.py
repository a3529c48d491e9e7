"""The members of a tenant as plugins see them: who they are and which roles they hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from samplan.access.models import Role, RoleGrant, RolePermission
from samplan.access.service import roles_of
from samplan.db.session import TenantSession
from samplan.db.sorting import swedish_sort
from samplan.identity.models import Membership


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the tenant, by the account; `roles` are keys."""

    account_id: UUID
    name: str
    email: str
    active: bool
    roles: frozenset[str]


def find_members(
    session: TenantSession, text: str, *, role: str | None = None, limit: int = 20
) -> list[Member]:
    """Return the active members whose address or name holds `text`, by name; with a `role`, who hold it.

    An address that is given whole is found however it is capitalised. An empty text finds nobody.
    """
    wanted = text.strip().lower()
    if not wanted:
        return []
    query = select(Membership).where(
        Membership.active,
        or_(
            func.lower(Membership.email).contains(wanted, autoescape=True),
            func.lower(Membership.display_name).contains(wanted, autoescape=True),
        ),
    )
    if role is not None:
        holders = (
            select(RoleGrant.membership_id)
            .join(Role, (Role.tenant_id == RoleGrant.tenant_id) & (Role.id == RoleGrant.role_id))
            .where(Role.key == role)
        )
        query = query.where(Membership.id.in_(holders))
    order = (swedish_sort(Membership.display_name), Membership.id)
    return _members(session, session.scalars(query.order_by(*order).limit(limit)))


def members_allowed(session: TenantSession, permission: str) -> list[Member]:
    """Return the active members whose roles give a permission, by name."""
    holders = (
        select(RoleGrant.membership_id)
        .join(
            RolePermission,
            (RolePermission.tenant_id == RoleGrant.tenant_id) & (RolePermission.role_id == RoleGrant.role_id),
        )
        .where(RolePermission.permission == permission)
    )
    query = select(Membership).where(Membership.active, Membership.id.in_(holders))
    order = (swedish_sort(Membership.display_name), Membership.id)
    return _members(session, session.scalars(query.order_by(*order)))


def members_by_account(session: TenantSession, accounts: Collection[UUID]) -> dict[UUID, Member]:
    """Return the members behind accounts, ended ones too; an account that is no member has no entry."""
    rows = session.scalars(select(Membership).where(Membership.account_id.in_(accounts)))
    return {member.account_id: member for member in _members(session, rows)}


def _members(session: TenantSession, rows: Iterable[Membership]) -> list[Member]:
    held = roles_of(session)
    return [
        Member(row.account_id, row.display_name, row.email, row.active, held.get(row.id, frozenset()))
        for row in rows
    ]
