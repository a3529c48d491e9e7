"""`samplan account`: accounts from the command line."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result
from sqlalchemy import select

from samplan.access.service import ensure_roles, roles_of
from samplan.db.session import Database
from samplan.identity import passwords
from samplan.identity.cli import account
from samplan.identity.models import Membership
from samplan.identity.service import find_account
from samplan.modules.manager import Modules
from samplan.tenancy.models import Tenant
from samplan.testing.factories import add_tenant
from samplan.testing.server import ScratchDatabase

PASSWORD = "hästsko brygga lampa"
MEMBER = ["--name", "Ada Prov", "--tenant", "ett", "--role", "administrator", "--role", "viewer"]


@pytest.fixture
def tenant(
    monkeypatch: pytest.MonkeyPatch, scratch_database: ScratchDatabase, database: Database, modules: Modules
) -> Tenant:
    monkeypatch.setenv("DATABASE_URL", scratch_database.url())
    monkeypatch.setenv("REDIS_URL", "redis://localhost")
    monkeypatch.setenv("SAMPLAN_SECRET_KEY", "k" * 32)
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    tenant = add_tenant(database, "ett")
    with database.unit_of_work(tenant.id) as session:
        ensure_roles(session, modules.get("core").roles)
    return tenant


def create(*arguments: str, password: str = PASSWORD) -> Result:
    return CliRunner().invoke(account, ["create", *arguments, "--password-stdin"], input=password + "\n")


def hash_of(database: Database, email: str) -> str | None:
    with database.system_session() as system:
        found = find_account(system, email)
        return found.password_hash if found else None


def test_the_first_administrator_is_made(database: Database, tenant: Tenant) -> None:
    result = create("--email", "ada@example.test", *MEMBER)
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert passwords.verify(hash_of(database, "ada@example.test"), PASSWORD)
    with database.unit_of_work(tenant.id) as session:
        member = session.scalars(select(Membership)).one()
        assert member.display_name == "Ada Prov"
        assert roles_of(session)[member.id] == {"administrator", "viewer"}


def test_an_operator_belongs_to_no_tenant(database: Database, tenant: Tenant) -> None:
    assert create("--email", "drift@example.test", "--operator").exit_code == 0
    assert create("--email", "drift@example.test", *MEMBER).exit_code == 2
    with database.system_session() as system:
        found = find_account(system, "drift@example.test")
        assert found is not None
        assert found.operator


def test_an_account_joins_another_tenant_with_its_password(
    database: Database, tenant: Tenant, modules: Modules
) -> None:
    create("--email", "ada@example.test", *MEMBER)
    other = add_tenant(database, "annat")
    with database.unit_of_work(other.id) as session:
        ensure_roles(session, modules.get("core").roles)
    again = ["--name", "Ada P", "--tenant", "annat", "--role", "viewer"]
    assert create("--email", "ADA@example.test", *again, password="något helt annat").exit_code == 0
    assert passwords.verify(hash_of(database, "ada@example.test"), PASSWORD)
    assert create("--email", "ada@example.test", *again).exit_code == 2, "only once"


@pytest.mark.parametrize(
    ("arguments", "password", "said"),
    [
        (["--email", "ada", *MEMBER], PASSWORD, "not an e-mail address"),
        (["--email", "ada@example.test", *MEMBER], "kort", "at least 12"),
        (["--email", "ada@example.test", *MEMBER, "--role", "emperor"], PASSWORD, "no role emperor"),
        (
            ["--email", "ada@example.test", "--name", "A", "--tenant", "x", "--role", "viewer"],
            PASSWORD,
            "tenant",
        ),
        (["--email", "ada@example.test"], PASSWORD, "--operator"),
        (["--email", "ada@example.test", "--tenant", "ett"], PASSWORD, "--role"),
        (["--email", "ada@example.test", "--operator", *MEMBER], PASSWORD, "--operator"),
    ],
)
def test_mistakes_are_named_and_leave_nothing(
    database: Database, tenant: Tenant, arguments: list[str], password: str, said: str
) -> None:
    result = create(*arguments, password=password)
    assert result.exit_code == 2
    assert said in result.output
    assert hash_of(database, "ada@example.test") is None


def test_a_lost_password_is_replaced(database: Database, tenant: Tenant) -> None:
    create("--email", "ada@example.test", *MEMBER)
    result = CliRunner().invoke(account, ["reset-password", "--email", "ada@example.test"])
    assert result.exit_code == 0, result.output
    stored = hash_of(database, "ada@example.test")
    assert passwords.verify(stored, result.output.strip())
    assert not passwords.verify(stored, PASSWORD)
    unknown = CliRunner().invoke(account, ["reset-password", "--email", "bo@example.test"])
    assert unknown.exit_code == 1
