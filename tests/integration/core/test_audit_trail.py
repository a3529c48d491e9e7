"""The audit trail in PostgreSQL: written with the transaction, append-only, and verified."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import ProgrammingError

from samplan.audit.context import Actor, acting_as
from samplan.audit.models import AuditEntry, AuditHead
from samplan.audit.service import head_of, record, verify
from samplan.db.engine import make_engine
from samplan.db.rls import MIGRATOR
from samplan.db.session import Database, TenantSession
from samplan.organisation.models import Sector
from samplan.testing.factories import add_tenant
from samplan.testing.server import ScratchDatabase

ACCOUNT = UUID("01890000-0000-7000-8000-0000000000aa")


def write(database: Database, tenant_id: UUID, count: int) -> None:
    for number in range(count):
        with database.unit_of_work(tenant_id) as session:
            record(session, "thing.done", "thing", number, before={"n": None}, after={"n": number / 4})


def sequences(session: TenantSession) -> list[int]:
    return list(session.scalars(select(AuditEntry.sequence).order_by(AuditEntry.sequence)))


def test_an_act_is_kept_with_its_transaction(tenant_session: TenantSession) -> None:
    with acting_as(Actor("account", ACCOUNT), "request-1"):
        record(tenant_session, "thing.done", "thing", 7, after={"name": "Ada", "n": 1.0}, personal=("name",))
    entry = tenant_session.scalars(select(AuditEntry)).one()
    assert (entry.sequence, entry.actor_kind, entry.actor_id, entry.request_id) == (
        1,
        "account",
        ACCOUNT,
        "request-1",
    )
    assert (entry.before, entry.after, entry.object_id) == (None, {"name": "set", "n": 1}, "7")
    tenant_session.commit()
    assert verify(tenant_session) == []
    record(tenant_session, "thing.undone", "thing", 7)
    tenant_session.rollback()
    tenant_session.commit()
    assert sequences(tenant_session) == [1]


def test_a_savepoint_takes_its_acts_along(tenant_session: TenantSession) -> None:
    record(tenant_session, "outer.done", "thing", 1)
    with tenant_session.begin_nested():
        record(tenant_session, "inner.kept", "thing", 2)
        inner = tenant_session.begin_nested()
        record(tenant_session, "innermost.lost", "thing", 3)
        inner.rollback()
    lost = tenant_session.begin_nested()
    with tenant_session.begin_nested():
        record(tenant_session, "released.then.lost", "thing", 4)
    lost.rollback()
    tenant_session.commit()
    assert list(tenant_session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence))) == [
        "outer.done",
        "inner.kept",
    ]
    assert verify(tenant_session) == []


def test_absent_sides_are_null(tenant_session: TenantSession) -> None:
    record(tenant_session, "a.done", "a", None, after={"x": None})
    record(tenant_session, "b.done", "b", None, before={"x": 1})
    nulls = select(AuditEntry.before.is_(None), AuditEntry.after.is_(None)).order_by(AuditEntry.sequence)
    assert [tuple(row) for row in tenant_session.execute(nulls)] == [(True, False), (False, True)]


def test_two_who_change_the_same_things_do_not_deadlock(database: Database) -> None:
    tenant = add_tenant(database)
    with database.unit_of_work(tenant.id) as session:
        session.add_all(Sector(code=code, name=code) for code in ("a", "b"))

    def change(codes: tuple[str, ...]) -> None:
        for _ in range(15):
            with database.unit_of_work(tenant.id) as session:
                for code in codes:
                    session.execute(update(Sector).where(Sector.code == code).values(name=code))
                    record(session, "sector.changed", "sector", code)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(change, [("a", "b"), ("b",)]))
    with database.unit_of_work(tenant.id) as session:
        assert sequences(session) == list(range(1, 46))
        assert verify(session) == []
        assert head_of(session)[0] == 45


def test_each_tenant_has_a_chain_of_its_own(database: Database) -> None:
    one, other = add_tenant(database, "ett"), add_tenant(database, "annat")
    write(database, one.id, 3)
    write(database, other.id, 2)
    with database.unit_of_work(other.id) as session:
        assert sequences(session) == [1, 2]
        assert session.scalar(select(func.count()).select_from(AuditHead)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditEntry).values(action="nothing.done"),
        delete(AuditEntry),
        delete(AuditHead),
        text("TRUNCATE core.audit_entry"),
    ],
)
def test_the_application_cannot_rewrite_history(tenant_session: TenantSession, statement: object) -> None:
    record(tenant_session, "thing.done", "thing", 1)
    tenant_session.commit()
    with pytest.raises(ProgrammingError, match="permission denied"):
        tenant_session.execute(statement)  # type: ignore[call-overload] # all are statements
    tenant_session.rollback()
    assert sequences(tenant_session) == [1]


TAMPERING = {
    "UPDATE core.audit_entry SET after = '{\"n\": 9}' WHERE sequence = 3": ["entry 3 has been changed"],
    "UPDATE core.audit_entry SET actor_kind = 'job' WHERE sequence = 1": ["entry 1 has been changed"],
    "UPDATE core.audit_entry SET at = at + interval '1 microsecond' WHERE sequence = 5": [
        "entry 5 has been changed"
    ],
    "DELETE FROM core.audit_entry WHERE sequence = 3": ["entry 3 is missing"],
    "DELETE FROM core.audit_entry WHERE sequence > 3": ["entries 4 to 5 are missing"],
    "DELETE FROM core.audit_entry": ["entries 1 to 5 are missing"],
    "DELETE FROM core.audit_head": ["the head does not fit the last entry, 5"],
    "UPDATE core.audit_entry SET sequence = -2 WHERE sequence = 2;"
    "UPDATE core.audit_entry SET sequence = 2 WHERE sequence = 3;"
    "UPDATE core.audit_entry SET sequence = 3 WHERE sequence = -2": [
        "entry 2 was written as number 3",
        "entry 3 was written as number 2",
    ],
}


@pytest.mark.parametrize("tampering", TAMPERING)
def test_what_was_done_behind_the_applications_back_is_found(
    scratch_database: ScratchDatabase, tampering: str
) -> None:
    database = Database(make_engine(scratch_database.url()))
    tenant = add_tenant(database)
    write(database, tenant.id, 5)
    with database.unit_of_work(tenant.id) as session:
        assert verify(session) == []
    with psycopg.connect(scratch_database.url(MIGRATOR).replace("+psycopg", "")) as connection:
        connection.execute(tampering)  # type: ignore[arg-type] # a text of this file
    with database.unit_of_work(tenant.id) as session:
        assert [str(fault) for fault in verify(session)] == TAMPERING[tampering]
    database.engine.dispose()
