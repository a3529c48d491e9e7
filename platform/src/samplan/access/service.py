"""A tenant's roles: copied from templates, given to members, and what they allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import delete, select

from samplan.access.declarations import MEMBERS_MANAGE
from samplan.access.models import Role, RoleGrant, RolePermission
from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.errors import Conflict, Invalid
from samplan.i18n import _
from samplan.identity.models import Membership
from samplan.modules.contributions import RoleTemplate


def ensure_roles(session: TenantSession, templates: Iterable[RoleTemplate]) -> None:
    """Give the tenant the roles of `templates`; may be repeated.

    A role that the tenant has already gets what it lacks of the template's permissions (a module that is
    enabled later brings its own), and loses nothing.
    """
    roles = {role.key: role for role in session.scalars(select(Role))}
    held = _permissions_by_role(session)
    for template in _joined(templates):
        role = roles.get(template.key)
        if role is None:
            role = Role(key=template.key, name=template.key.replace("_", " ").capitalize())
            session.add(role)
            session.flush()
        new = sorted(template.permissions - held.get(role.id, frozenset()))
        session.add_all(RolePermission(role_id=role.id, permission=name) for name in new)
        if role.key not in roles:
            record(session, "role.created", "role", role.id, after={"key": role.key, "permissions": new})
        elif new:
            record(session, "role.extended", "role", role.id, after={"key": role.key, "permissions": new})


def role_labels(templates: Mapping[str, RoleTemplate]) -> dict[str, str]:
    """Return the names of roles in the user's language, by key."""
    return {key: str(template.label) for key, template in templates.items()}


def roles_of(session: TenantSession) -> dict[UUID, frozenset[str]]:
    """Return the keys of the roles that each member holds, by membership."""
    held: dict[UUID, set[str]] = {}
    rows = session.execute(
        select(RoleGrant.membership_id, Role.key).join(
            Role, (Role.tenant_id == RoleGrant.tenant_id) & (Role.id == RoleGrant.role_id)
        )
    )
    for membership_id, key in rows:
        held.setdefault(membership_id, set()).add(key)
    return {membership_id: frozenset(keys) for membership_id, keys in held.items()}


def permissions_of(session: TenantSession, membership_id: UUID) -> frozenset[str]:
    """Return what the roles of a member allow."""
    query = (
        select(RolePermission.permission)
        .join(
            RoleGrant,
            (RoleGrant.tenant_id == RolePermission.tenant_id) & (RoleGrant.role_id == RolePermission.role_id),
        )
        .where(RoleGrant.membership_id == membership_id)
    )
    return frozenset(session.scalars(query))


def find_roles(session: TenantSession, keys: Iterable[str]) -> dict[str, UUID]:
    """Return the ids of the tenant's roles `keys`; raises `Invalid` (field `roles`) where one is none."""
    wanted = frozenset(keys)
    rows = session.execute(select(Role.key, Role.id).where(Role.key.in_(wanted)))
    roles = dict(rows.all())
    if unknown := sorted(wanted - roles.keys()):
        message = _("There is no role %(role)s.", role=", ".join(unknown))
        raise Invalid(message, {"roles": [message]})
    return roles


def set_roles(session: TenantSession, membership_id: UUID, keys: Iterable[str]) -> None:
    """Let a member hold just the roles `keys`.

    Raises:
        Invalid: the tenant has no such role (field `roles`).
        Conflict: nobody would be left who can manage members.
    """
    roles = find_roles(session, keys)
    wanted = frozenset(roles)
    before = roles_of(session).get(membership_id, frozenset())
    if before == wanted:
        return
    managed = MEMBERS_MANAGE in permissions_of(session, membership_id)
    with session.begin_nested():  # undone whole where the change is refused
        session.execute(
            delete(RoleGrant).where(
                RoleGrant.membership_id == membership_id, RoleGrant.role_id.not_in(roles.values())
            )
        )
        session.add_all(RoleGrant(membership_id=membership_id, role_id=roles[key]) for key in wanted - before)
        session.flush()
        if managed:
            demand_a_manager(session)
    record(
        session,
        "member.roles_changed",
        "membership",
        membership_id,
        before={"roles": sorted(before)},
        after={"roles": sorted(wanted)},
    )


def demand_a_manager(session: TenantSession) -> None:
    """Refuse a change after which no active member could manage members; raises `Conflict`."""
    query = (
        select(RoleGrant.id)
        .join(
            RolePermission,
            (RolePermission.tenant_id == RoleGrant.tenant_id) & (RolePermission.role_id == RoleGrant.role_id),
        )
        .join(
            Membership,
            (Membership.tenant_id == RoleGrant.tenant_id) & (Membership.id == RoleGrant.membership_id),
        )
        .where(Membership.active, RolePermission.permission == MEMBERS_MANAGE)
    )
    if session.scalar(query.limit(1)) is None:
        raise Conflict(
            _("Somebody must be left who can manage members. Give another member that role first.")
        )


def _permissions_by_role(session: TenantSession) -> Mapping[UUID, frozenset[str]]:
    held: dict[UUID, set[str]] = {}
    for role_id, permission in session.execute(select(RolePermission.role_id, RolePermission.permission)):
        held.setdefault(role_id, set()).add(permission)
    return {role_id: frozenset(names) for role_id, names in held.items()}


def _joined(templates: Iterable[RoleTemplate]) -> list[RoleTemplate]:
    """Return one template for each key, with the permissions of all that have it."""
    joined: dict[str, RoleTemplate] = {}
    for template in templates:
        known = joined.get(template.key, template)
        joined[template.key] = RoleTemplate(
            template.key, known.label, known.permissions | template.permissions
        )
    return list(joined.values())
