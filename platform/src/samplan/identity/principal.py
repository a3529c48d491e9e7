"""From an account to a principal: what it may do in one tenant, or outside all of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from samplan.access.policy import Principal
from samplan.access.service import permissions_of
from samplan.core import Core
from samplan.db.session import TenantSession
from samplan.identity.models import Account, Membership
from samplan.identity.service import memberships_of


def load_principal(core: Core, session: TenantSession, account_id: UUID) -> Principal | None:
    """Return what the account is in the session's tenant; None where it is no active member.

    Being an operator counts for nothing inside a tenant. Permissions that no module of this deployment
    declares any more are left out.
    """
    member = session.scalar(select(Membership).where(Membership.account_id == account_id, Membership.active))
    if member is None:
        return None
    permissions = permissions_of(session, member.id)
    return member_principal(member, permissions & core.modules.permissions().keys())


def member_principal(
    member: Membership, permissions: frozenset[str], *, via_api_key: bool = False
) -> Principal:
    """Return the principal of a member with these permissions."""
    return Principal(
        account_id=member.account_id,
        membership_id=member.id,
        tenant_id=member.tenant_id,
        name=member.display_name,
        email=member.email,
        permissions=permissions,
        via_api_key=via_api_key,
    )


def load_operator(core: Core, account_id: UUID) -> Principal | None:
    """Return what the account is outside every tenant: without permissions, perhaps the operator.

    Its name is the one that it has in a tenant, else its address.
    """
    with core.database.system_session(account_id) as session:
        account = session.scalar(select(Account).where(Account.id == account_id, Account.active))
        if account is None:
            return None
        members = memberships_of(session, account_id)
        name = members[0].display_name if members else account.email
    return Principal(account_id=account_id, name=name, email=account.email, operator=account.operator)
