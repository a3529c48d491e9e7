"""Rows of every table in two tenants, for the tests that prove them apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column, Connection, Table, insert
from sqlalchemy.dialects.postgresql import JSONB

from samplan.db.base import Base
from samplan.db.rls import PROTECTIONS, protection_of
from samplan.db.session import Database
from samplan.modules.manager import Modules

SAMPLES: dict[type, Any] = {
    str: "prov",
    int: 1,
    float: 1.0,
    bool: True,
    Decimal: Decimal(1),
    bytes: b"0" * 32,
    dict: {},
    date: date(2027, 1, 4),
    datetime: datetime(2027, 1, 4, tzinfo=UTC),
    time: time(7, 0),
}


# What a row says does not matter here, only whose it is.
DROP_CHECKS = """
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT conrelid::regclass AS relation, conname FROM pg_constraint
           WHERE contype = 'c' AND conrelid <> 0 AND connamespace::regnamespace::text !~ '^(pg_|information_)'
  LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.relation, c.conname); END LOOP;
END $$"""


def protected_tables(modules: Modules) -> list[Table]:
    """Return every table of the core and these modules that row-level security protects as a tenant's.

    The mapping itself may know more: a plugin that another test has imported has no tables here.
    """
    schemas = {module.name for module in modules}
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.schema in schemas and PROTECTIONS[protection_of(table)] and "tenant_id" in table.columns
    ]


@dataclass(slots=True)
class Rows:
    """The rows made for one tenant: by table, the values of the primary key and the whole row.

    One `id` is that of a row in each table, so that one request with it tries them all, also where an address
    names several things.
    """

    tenant_id: UUID
    group_id: UUID
    account_id: UUID
    canary: str
    tables: list[Table]
    id: UUID = field(default_factory=uuid4)
    made: dict[str, dict[str, Any]] = field(default_factory=dict)

    def fill(self, connection: Connection) -> None:
        """Write one row into every protected table, parents first (as a role that bypasses the policies)."""
        for table in self.tables:
            values = dict(self._values(table))
            connection.execute(insert(table).values(values))
            self.made[table.fullname] = values

    def key(self, table: Table) -> dict[str, Any]:
        """Return the primary key of the row that was made in `table`."""
        return {column.name: self.made[table.fullname][column.name] for column in table.primary_key}

    def _values(self, table: Table) -> Iterator[tuple[str, Any]]:
        for column in table.columns:
            value = self._value(column)
            if value is not None:
                yield column.name, value

    def _value(self, column: Column[Any]) -> Any:
        known = {"tenant_id": self.tenant_id, "group_id": self.group_id}
        if column.name in known:
            return known[column.name]
        if column.nullable:
            return None
        referred = self._referred(column)
        if referred is not None:
            return referred
        if column.server_default is not None and not column.primary_key:
            return None
        return self._sample(column)

    def _referred(self, column: Column[Any]) -> Any:
        for key in column.foreign_keys:
            target = key.column.table.fullname
            if target == "core.account":
                return self.account_id
            if target in self.made:
                return self.made[target][key.column.name]
        return None

    def _sample(self, column: Column[Any]) -> Any:
        if isinstance(column.type, JSON | JSONB):
            return {}
        kind = column.type.python_type
        if kind is UUID:
            return self.id
        return self.canary if kind is str else SAMPLES[kind]


@dataclass(frozen=True, slots=True)
class TwoTenants:
    """A database in which two regions of one group, and the group, have a row in every table."""

    database: Database
    a: Rows
    b: Rows
    group_id: UUID
    group_tenant: UUID

    @property
    def tables(self) -> list[Table]:
        """Every protected table, parents first."""
        return self.a.tables
