"""For every table: another tenant's rows are not there, cannot be changed and cannot be written."""

from __future__ import annotations

import pytest
from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from samplan.db.rls import EXCHANGE, grants_of, protection_of
from samplan.identity.models import Account, LoginSession
from samplan.testing.isolation import Rows, TwoTenants
from samplan.testing.server import ScratchDatabase


def matching(table: Table, rows: Rows) -> ColumnElement[bool]:
    return and_(*(table.columns[name] == value for name, value in rows.key(table).items()))


def test_there_are_tables_to_walk(two_tenants: TwoTenants) -> None:
    names = {table.fullname for table in two_tenants.tables}
    assert {"core.org_unit", "core.job_run", "core.audit_entry", "rostering.employee"} <= names


def test_own_rows_show_and_the_others_do_not(two_tenants: TwoTenants) -> None:
    for table in two_tenants.tables:
        with two_tenants.database.unit_of_work(two_tenants.a.tenant_id) as session:
            owners = set(session.scalars(select(table.columns.tenant_id)))
            assert owners == {two_tenants.a.tenant_id}, table.fullname
            theirs = select(func.count()).select_from(table).where(matching(table, two_tenants.b))
            assert session.scalar(theirs) == 0, table.fullname


def test_the_others_rows_cannot_be_changed_or_deleted(two_tenants: TwoTenants) -> None:
    for table in two_tenants.tables:
        grants = grants_of(table)
        with two_tenants.database.unit_of_work(two_tenants.a.tenant_id) as session:
            if "UPDATE" in grants:
                change = update(table).where(matching(table, two_tenants.b))
                assert session.execute(change.values(tenant_id=two_tenants.b.tenant_id)).rowcount == 0
            if "DELETE" in grants:
                assert session.execute(delete(table).where(matching(table, two_tenants.b))).rowcount == 0


def test_a_row_cannot_be_written_for_the_other_or_moved_to_it(two_tenants: TwoTenants) -> None:
    for table in two_tenants.tables:
        values = two_tenants.b.made[table.fullname]
        with (
            pytest.raises(DBAPIError, match="row-level security"),
            two_tenants.database.unit_of_work(two_tenants.a.tenant_id) as session,
        ):
            session.execute(insert(table).values(values))
        if "UPDATE" not in grants_of(table):
            continue
        with (
            pytest.raises(DBAPIError),
            two_tenants.database.unit_of_work(two_tenants.a.tenant_id) as session,
        ):
            session.execute(
                update(table).where(matching(table, two_tenants.a)).values(tenant_id=two_tenants.b.tenant_id)
            )


def test_append_only_tables_refuse_change_and_removal(two_tenants: TwoTenants) -> None:
    appended = [table for table in two_tenants.tables if grants_of(table) == "SELECT, INSERT"]
    assert {"core.audit_entry", "core.job_event"} <= {table.fullname for table in appended}
    for table in appended:
        for statement in (update(table).values(tenant_id=two_tenants.a.tenant_id), delete(table)):
            with (
                pytest.raises(DBAPIError, match="permission denied"),
                two_tenants.database.unit_of_work(two_tenants.a.tenant_id) as session,
            ):
                session.execute(statement)


def test_without_a_tenant_every_table_is_empty(two_tenants: TwoTenants) -> None:
    with two_tenants.database.engine.connect() as connection:
        for table in two_tenants.tables:
            assert connection.scalar(select(func.count()).select_from(table)) == 0, table.fullname


def test_the_group_reads_what_is_for_it_and_nothing_else(two_tenants: TwoTenants) -> None:
    with two_tenants.database.group_session(two_tenants.group_id) as session:
        for table in two_tenants.tables:
            seen = session.scalar(select(func.count()).select_from(table))
            expected = 2 if protection_of(table) in {"to_group", "among_members"} else 0
            assert seen == expected, table.fullname
    for table in (table for table in two_tenants.tables if protection_of(table) in EXCHANGE):
        with (
            pytest.raises(DBAPIError),
            two_tenants.database.group_session(two_tenants.group_id) as session,
        ):
            session.execute(insert(table).values(two_tenants.a.made[table.fullname]))


def test_a_member_reads_what_is_shared_once_membership_is_checked(two_tenants: TwoTenants) -> None:
    a = two_tenants.a.tenant_id
    for table in two_tenants.tables:
        with two_tenants.database.unit_of_work(a, member_of=two_tenants.group_id) as session:
            seen = session.scalar(select(func.count()).select_from(table))
        expected = 2 if protection_of(table) in {"to_members", "among_members"} else 1
        assert seen == expected, table.fullname


def test_login_tables_are_hidden_inside_a_tenant(two_tenants: TwoTenants) -> None:
    for model in (Account, LoginSession):
        query = select(func.count()).select_from(model)
        with two_tenants.database.unit_of_work(two_tenants.a.tenant_id) as session:
            assert session.scalar(query) == 0
        with two_tenants.database.group_session(two_tenants.group_id) as group:
            assert group.scalar(query) == 0
    with two_tenants.database.system_session() as system:
        assert system.scalar(select(func.count()).select_from(Account)) == 2


def test_truncate_is_refused(scratch_database: ScratchDatabase, two_tenants: TwoTenants) -> None:
    for table in two_tenants.tables:
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            two_tenants.database.unit_of_work(two_tenants.a.tenant_id) as session,
        ):
            session.execute(text(f'TRUNCATE "{table.schema}"."{table.name}" CASCADE'))
