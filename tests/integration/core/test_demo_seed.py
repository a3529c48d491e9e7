"""What a demo starts with: a login per role and tenant that works, once, however often it is loaded."""

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from samplan.access.service import ensure_roles, permissions_of, roles_of
from samplan.audit.models import AuditEntry
from samplan.core import Core
from samplan.db.session import Database
from samplan.demo.seed import OPERATOR_EMAIL, Login, address, seed_accounts, seed_modules
from samplan.identity.login import try_password
from samplan.identity.models import Account, Membership
from samplan.modules.contributions import DemoSeed
from samplan.modules.manager import CORE, Modules
from samplan.testing.factories import add_group, add_tenant, make_core

PASSWORD = "k4pa-9xyz-m3rt-wq7e"
TODAY = date(2026, 3, 2)


@pytest.fixture
def modules() -> Modules:
    """Use the core alone, so that these tests need no plugin."""
    return Modules.load([])


@pytest.fixture
def core(database: Database, modules: Modules) -> Core:
    """Describe two regions and their group, each with the core's roles."""
    regions = [add_tenant(database, "region-norr"), add_tenant(database, "region-syd")]
    group, _ = add_group(database, members=regions)
    for tenant in (*regions, group):
        with database.unit_of_work(tenant.id) as session:
            ensure_roles(session, modules.get(CORE).roles)
    return make_core(database, modules)


def counts(core: Core) -> Mapping[str, int]:
    found = {}
    for tenant in core.tenants.all():
        with core.database.unit_of_work(tenant.id) as session:
            found[f"{tenant.slug} members"] = (
                session.scalar(select(func.count()).select_from(Membership)) or 0
            )
            found[f"{tenant.slug} audit"] = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    with core.database.system_session() as system:
        found["accounts"] = system.scalar(select(func.count()).select_from(Account)) or 0
    return found


def permissions(core: Core, login: Login) -> frozenset[str]:
    assert login.tenant is not None
    with core.database.unit_of_work(login.tenant.id) as session:
        member = session.scalars(select(Membership).where(Membership.email == login.email)).one()
        assert roles_of(session)[member.id] == {login.role}
        return permissions_of(session, member.id)


def test_every_role_of_every_tenant_has_a_login_that_works_and_allows_what_the_role_does(core: Core) -> None:
    logins = seed_accounts(core, PASSWORD)
    keys = set(core.modules.role_templates())
    for tenant in core.tenants.all():
        assert {login.role for login in logins if login.tenant == tenant} == keys
    emails = [login.email for login in logins]
    assert len(set(emails)) == len(emails) == 1 + 3 * len(keys)
    assert "schemalaggare@norr.example.test" in emails
    assert all(email.endswith(".example.test") for email in emails)
    assert all(try_password(core, email, PASSWORD).ok for email in emails[:3])
    assert not try_password(core, emails[1], "another password").ok
    by_role = {login.role: permissions(core, login) for login in logins[1 : 1 + len(keys)]}
    assert "core:member:manage" in by_role["administrator"]
    assert "core:member:manage" not in by_role["viewer"]


def test_operator_belongs_to_no_tenant_and_directors_also_to_the_group(core: Core) -> None:
    seed_accounts(core, PASSWORD)
    with core.database.system_session() as system:
        accounts = {account.email: account for account in system.scalars(select(Account))}
    assert [email for email, account in accounts.items() if account.operator] == [OPERATOR_EMAIL]
    belonging: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for tenant in core.tenants.all():
        with core.database.unit_of_work(tenant.id) as session:
            for member in session.scalars(select(Membership)):
                belonging.setdefault(member.email, set()).add(tenant.slug)
                names.setdefault(member.email, set()).add(member.display_name)
    assert OPERATOR_EMAIL not in belonging
    director = address("production_director", core.tenants.by_slug("region-norr"))
    assert belonging[director] == {"region-norr", "ledningen"}
    assert len([slugs for slugs in belonging.values() if len(slugs) > 1]) == 2
    assert all(len(found) == 1 for found in names.values())


def test_loading_again_changes_nothing_and_another_password_opens_all(core: Core) -> None:
    first = seed_accounts(core, PASSWORD)
    before = counts(core)
    assert seed_accounts(core, PASSWORD) == first
    assert counts(core) == before
    seed_accounts(core, "another-9xyz-m3rt")
    assert counts(core) == before
    assert try_password(core, first[5].email, "another-9xyz-m3rt").ok
    assert not try_password(core, first[5].email, PASSWORD).ok


class Curious:
    """Stands for the modules: keeps what its hook is given."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, float]] = []

    def call(self, name: str, hook: str, *, seed: DemoSeed) -> None:
        assert hook == "samplan_demo"
        assert seed.session.tenant_id == seed.tenant.id
        assert seed.today == TODAY
        self.seen.append((seed.tenant.slug, name, seed.random.random()))


def test_modules_fill_the_tenants_that_use_them_with_the_same_chance_every_time(core: Core) -> None:
    runs = []
    for _ in range(2):
        curious = Curious()
        seed_modules(SimpleNamespace(tenants=core.tenants, database=core.database, modules=curious), TODAY)  # type: ignore[arg-type] # all that it asks of a core
        runs.append(curious.seen)
    assert runs[0] == runs[1]
    assert [(slug, name) for slug, name, _ in runs[0]] == [
        ("ledningen", "core"),
        ("region-norr", "core"),
        ("region-syd", "core"),
    ]
    assert len({chance for _, _, chance in runs[0]}) == 3
