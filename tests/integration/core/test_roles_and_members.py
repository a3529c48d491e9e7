"""Roles of a tenant, and members: who may do what, and how they come and go."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from samplan.access.models import Role, RolePermission
from samplan.access.service import ensure_roles, permissions_of, roles_of, set_roles
from samplan.audit.models import AuditEntry
from samplan.audit.service import verify
from samplan.db.session import TenantSession
from samplan.errors import Conflict, Invalid, NotFound
from samplan.identity import passwords
from samplan.identity.models import Account, Membership
from samplan.identity.principal import load_operator, load_principal
from samplan.identity.service import (
    add_member,
    create_account,
    find_account,
    find_member,
    memberships_of,
    set_active,
)
from samplan.ids import new_id
from samplan.modules.contributions import RoleTemplate
from samplan.modules.manager import Modules
from samplan.tenancy.models import Tenant
from samplan.testing.factories import add_tenant, make_core
from samplan.testing.server import RolledBackDatabase

MANAGE, READ = "core:member:manage", "core:member:read"

ROLES = (
    RoleTemplate("administrator", "Administrator", frozenset({MANAGE})),
    RoleTemplate("administrator", "Administrator", frozenset({READ})),
    RoleTemplate("viewer", "Viewer", frozenset()),
)


@pytest.fixture(autouse=True)
def quick_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def session(tenant_session: TenantSession) -> TenantSession:
    ensure_roles(tenant_session, ROLES)
    tenant_session.commit()
    return tenant_session


def account(db: RolledBackDatabase, email: str) -> Account:
    with db.system_session() as system:
        return create_account(system, email, None)


def member(db: RolledBackDatabase, session: TenantSession, name: str, *roles: str) -> Membership:
    email = f"{name.lower()}@example.test"
    found = add_member(session, account(db, email).id, name, email, roles)
    session.commit()
    return found


def permissions(session: TenantSession, key: str) -> set[str]:
    query = select(RolePermission.permission).join(Role, Role.id == RolePermission.role_id)
    return set(session.scalars(query.where(Role.key == key)))


def actions(session: TenantSession) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))


def test_roles_are_copied_once_and_only_ever_extended(session: TenantSession) -> None:
    assert permissions(session, "administrator") == {MANAGE, READ}
    before = actions(session)
    ensure_roles(session, ROLES)
    session.commit()
    assert actions(session) == before == ["role.created", "role.created"]
    ensure_roles(session, [RoleTemplate("viewer", "Viewer", frozenset({"blood:need:read"}))])
    ensure_roles(session, [RoleTemplate("administrator", "Administrator", frozenset())])
    session.commit()
    assert permissions(session, "viewer") == {"blood:need:read"}
    assert permissions(session, "administrator") == {MANAGE, READ}
    assert actions(session)[2:] == ["role.extended"]


def test_every_declared_role_has_a_label_and_is_known_to_all_parts(modules: Modules) -> None:
    templates = modules.role_templates()
    assert {"administrator", "scheduler", "ward_manager", "staffing_coordinator", "employee"} <= set(
        templates
    )
    assert len(templates) == 11
    assert MANAGE in templates["administrator"].permissions
    assert all(MANAGE not in t.permissions for key, t in templates.items() if key != "administrator")


def test_a_member_may_what_its_roles_allow(db: RolledBackDatabase, session: TenantSession) -> None:
    ada = member(db, session, "Ada", "administrator", "viewer")
    bo = member(db, session, "Bo", "viewer")
    assert permissions_of(session, ada.id) == {MANAGE, READ}
    assert permissions_of(session, bo.id) == frozenset()
    set_roles(session, bo.id, ["administrator"])
    assert roles_of(session)[bo.id] == {"administrator"}
    set_roles(session, bo.id, [])
    assert permissions_of(session, bo.id) == frozenset()
    session.commit()
    entry = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.action == "member.roles_changed")
        .order_by(AuditEntry.sequence.desc())
    ).first()
    assert entry is not None
    assert (entry.object_id, entry.before, entry.after) == (
        str(bo.id),
        {"roles": ["administrator"]},
        {"roles": []},
    )
    assert verify(session) == []


def test_unknown_roles_and_empty_names_are_refused(db: RolledBackDatabase, session: TenantSession) -> None:
    ada = account(db, "ada@example.test")
    with pytest.raises(Invalid) as refused:
        add_member(session, ada.id, "Ada", ada.email, ["viewer", "emperor"])
    assert "emperor" in refused.value.fields["roles"][0]
    with pytest.raises(Invalid) as refused:
        add_member(session, ada.id, "  ", ada.email, ["viewer"])
    assert refused.value.fields["name"]
    assert session.scalars(select(Membership)).all() == []
    add_member(session, ada.id, "Ada", ada.email, ["viewer"])
    with pytest.raises(Conflict):
        add_member(session, ada.id, "Ada", ada.email, ["viewer"])


def test_somebody_must_be_left_who_manages_members(db: RolledBackDatabase, session: TenantSession) -> None:
    ada = member(db, session, "Ada", "administrator")
    with pytest.raises(Conflict):
        set_roles(session, ada.id, ["viewer"])
    with pytest.raises(Conflict):
        set_active(session, ada, active=False)
    assert roles_of(session)[ada.id] == {"administrator"}, "nothing of a refused change stays"
    assert find_member(session, ada.id).active
    bo = member(db, session, "Bo", "administrator")
    set_active(session, ada, active=False)
    session.commit()
    with pytest.raises(Conflict):
        set_roles(session, bo.id, [])
    set_active(session, ada, active=True)
    set_roles(session, bo.id, [])
    session.commit()
    assert actions(session)[-3:] == ["member.deactivated", "member.reactivated", "member.roles_changed"]


def test_names_and_addresses_are_not_in_the_trail(db: RolledBackDatabase, session: TenantSession) -> None:
    member(db, session, "Ada", "administrator")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "member.added")).one()
    assert entry.after is not None
    assert entry.after["display_name"] == entry.after["email"] == "set"
    assert "ada" not in str(entry.after).lower()


def test_addresses_are_told_apart_without_regard_to_case(db: RolledBackDatabase) -> None:
    first = account(db, " Ada.Prov@example.test ")
    with db.system_session() as system:
        found = find_account(system, "ADA.prov@EXAMPLE.test")
        assert found is not None
        assert found.id == first.id
        with pytest.raises(Conflict):
            create_account(system, "ada.prov@example.TEST", None)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "@example.test",
        "ada@",
        "ada@localhost",
        "a da@example.test",
        "a\x00@example.test",
        "x" * 255 + "@example.test",
    ],
)
def test_what_is_no_address_is_refused(db: RolledBackDatabase, email: str) -> None:
    with pytest.raises(Invalid) as refused:
        account(db, email)
    assert refused.value.fields["email"]


def test_a_principal_is_of_one_tenant(
    db: RolledBackDatabase, session: TenantSession, tenant: Tenant, modules: Modules
) -> None:
    core = make_core(db, modules)
    other = add_tenant(db, "annat")
    with db.unit_of_work(other.id) as elsewhere:
        ensure_roles(elsewhere, ROLES)
    ada = member(db, session, "Ada", "administrator")
    here = load_principal(core, session, ada.account_id)
    assert here is not None
    assert (here.tenant_id, here.name, here.operator) == (tenant.id, "Ada", False)
    assert here.permissions == {MANAGE, READ}
    with db.unit_of_work(other.id) as elsewhere:
        assert load_principal(core, elsewhere, ada.account_id) is None
        with pytest.raises(NotFound):
            find_member(elsewhere, ada.id)
    member(db, session, "Bo", "administrator")
    set_active(session, ada, active=False)
    assert load_principal(core, session, ada.account_id) is None
    assert load_principal(core, session, new_id()) is None


def test_permissions_that_nothing_declares_any_more_do_not_count(
    db: RolledBackDatabase, session: TenantSession, modules: Modules
) -> None:
    ensure_roles(session, [RoleTemplate("viewer", "Viewer", frozenset({"gone:thing:read", READ}))])
    ada = member(db, session, "Ada", "viewer")
    found = load_principal(make_core(db, modules), session, ada.account_id)
    assert found is not None
    assert found.permissions == {READ}


def test_an_account_sees_its_own_memberships_only(
    db: RolledBackDatabase, session: TenantSession, tenant: Tenant, modules: Modules
) -> None:
    ada, bo = member(db, session, "Ada", "viewer"), member(db, session, "Bo", "viewer")
    with db.system_session(ada.account_id) as system:
        assert [found.membership_id for found in memberships_of(system, ada.account_id)] == [ada.id]
        assert memberships_of(system, bo.account_id) == []
        assert system.scalars(select(Membership.id)).all() == [ada.id]
    with db.system_session() as system:
        assert memberships_of(system, ada.account_id) == []
    outside = load_operator(make_core(db, modules), ada.account_id)
    assert outside is not None
    assert (outside.name, outside.permissions, outside.tenant_id) == ("Ada", frozenset(), None)
    assert load_operator(make_core(db, modules), new_id()) is None
