"""`op.protect_tenant_table`: row-level security as an operation that autogenerate knows.

`alembic check` then fails when a table lacks its policies, when a policy differs from `db/rls.py`, or
when the application's role has other privileges than the model asks for.
"""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import comparators, renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrateOperation, Operations
from alembic.operations.ops import UpgradeOps
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import Connection, Table, text

from samplan.db.rls import (
    APP,
    FULL_GRANTS,
    OWNER,
    PROTECTIONS,
    grants_of,
    protect_statements,
    protection_of,
    unprotect_statements,
)


@Operations.register_operation("protect_tenant_table")
class ProtectTenantTable(MigrateOperation):
    """Give a table its owner, its privileges and the policies of its kind."""

    def __init__(self, schema: str, table: str, kind: str = "tenant", grants: str = FULL_GRANTS) -> None:
        """Protect `schema.table` as `kind` (see `samplan.db.rls.PROTECTIONS`)."""
        self.schema, self.table, self.kind, self.grants = schema, table, kind, grants

    @classmethod
    def protect_tenant_table(
        cls,
        operations: Operations,
        schema: str,
        table: str,
        *,
        kind: str = "tenant",
        grants: str = FULL_GRANTS,
    ) -> None:
        """Run the operation from a migration."""
        operations.invoke(cls(schema, table, kind, grants))

    def reverse(self) -> UnprotectTenantTable:
        """Return the operation that undoes this one."""
        return UnprotectTenantTable(self.schema, self.table, self.kind, self.grants)

    def to_diff_tuple(self) -> tuple[str, str, str]:
        """Return what `alembic check` prints."""
        return ("protect_tenant_table", self.schema, self.table)


@Operations.register_operation("unprotect_tenant_table")
class UnprotectTenantTable(ProtectTenantTable):
    """Take a table's policies and privileges away."""

    @classmethod
    def unprotect_tenant_table(
        cls,
        operations: Operations,
        schema: str,
        table: str,
        *,
        kind: str = "tenant",
        grants: str = FULL_GRANTS,
    ) -> None:
        """Run the operation from a migration."""
        operations.invoke(cls(schema, table, kind, grants))

    def reverse(self) -> ProtectTenantTable:  # type: ignore[override] # the pair undo each other
        """Return the operation that undoes this one."""
        return ProtectTenantTable(self.schema, self.table, self.kind, self.grants)


@Operations.implementation_for(ProtectTenantTable)
def _protect(operations: Operations, operation: ProtectTenantTable) -> None:
    for statement in unprotect_statements(operation.schema, operation.table, operation.kind):
        operations.execute(statement)
    statements = protect_statements(operation.schema, operation.table, operation.kind, operation.grants)
    for statement in statements:
        operations.execute(statement)


@Operations.implementation_for(UnprotectTenantTable)
def _unprotect(operations: Operations, operation: UnprotectTenantTable) -> None:
    for statement in unprotect_statements(operation.schema, operation.table, operation.kind):
        operations.execute(statement)


def _render(name: str, operation: ProtectTenantTable) -> str:
    extra = "" if operation.kind == "tenant" else f", kind={operation.kind!r}"
    if operation.grants != FULL_GRANTS:
        extra += f", grants={operation.grants!r}"
    return f"op.{name}({operation.schema!r}, {operation.table!r}{extra})"


@renderers.dispatch_for(ProtectTenantTable)
def _render_protect(_context: AutogenContext, operation: ProtectTenantTable) -> str:
    return _render("protect_tenant_table", operation)


@renderers.dispatch_for(UnprotectTenantTable)
def _render_unprotect(_context: AutogenContext, operation: UnprotectTenantTable) -> str:
    return _render("unprotect_tenant_table", operation)


_STATE = text("""
    SELECT c.relrowsecurity AND c.relforcerowsecurity AS forced,
      (SELECT coalesce(array_agg(p.polname || '|' || pg_get_expr(p.polqual, p.polrelid) || '|'
         || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') ORDER BY p.polname), '{}')
       FROM pg_policy p WHERE p.polrelid = c.oid) AS policies,
      (SELECT coalesce(array_agg(a.privilege_type ORDER BY a.privilege_type), '{}')
       FROM aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee WHERE r.rolname = :app) AS grants
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = :schema AND c.relname = :table AND c.relkind IN ('r', 'p')""")


def is_protected(connection: Connection, table: Table) -> bool:
    """Tell whether the database protects `table` exactly as its model asks."""
    row = connection.execute(_STATE, {"schema": table.schema, "table": table.name, "app": APP}).one_or_none()
    if row is None:
        return False
    policies = PROTECTIONS[protection_of(table)]
    wanted = sorted(f"{p.name}|{p.using}|{p.check or ''}" for p in policies)
    return (
        sorted(row.policies) == wanted
        and bool(row.forced) == bool(policies)
        and sorted(row.grants) == sorted(grants_of(table).split(", "))
    )


# LAST: otherwise the operation would be written before the table's own creation.
@comparators.dispatch_for("schema", priority=DispatchPriority.LAST)
def _compare(context: AutogenContext, upgrade_ops: UpgradeOps, _schemas: Any) -> PriorityDispatchResult:
    assert context.connection is not None and context.metadata is not None  # noqa: S101, PT018 - for mypy
    metadata: Any = context.metadata
    for table in metadata.sorted_tables:
        if not context.run_object_filters(table, table.name, "table", False, None):
            continue
        if not is_protected(context.connection, table):
            upgrade_ops.ops.append(
                ProtectTenantTable(table.schema, table.name, protection_of(table), grants_of(table))
            )
    return PriorityDispatchResult.CONTINUE


@Operations.register_operation("create_part_schema")
class CreatePartSchema(MigrateOperation):
    """Create the schema of the core or of a plugin, owned by the owner role, usable by the others."""

    def __init__(self, schema: str) -> None:
        """Create `schema`."""
        self.schema = schema

    @classmethod
    def create_part_schema(cls, operations: Operations, schema: str) -> None:
        """Run the operation from a migration."""
        operations.invoke(cls(schema))

    def reverse(self) -> DropPartSchema:
        """Return the operation that undoes this one."""
        return DropPartSchema(self.schema)


@Operations.register_operation("drop_part_schema")
class DropPartSchema(CreatePartSchema):
    """Drop the (empty) schema of a part."""

    @classmethod
    def drop_part_schema(cls, operations: Operations, schema: str) -> None:
        """Run the operation from a migration."""
        operations.invoke(cls(schema))

    def reverse(self) -> CreatePartSchema:  # type: ignore[override] # the pair undo each other
        """Return the operation that undoes this one."""
        return CreatePartSchema(self.schema)


@Operations.implementation_for(CreatePartSchema)
def _create_schema(operations: Operations, operation: CreatePartSchema) -> None:
    operations.execute(f'CREATE SCHEMA IF NOT EXISTS "{operation.schema}" AUTHORIZATION {OWNER}')
    operations.execute(f'GRANT USAGE ON SCHEMA "{operation.schema}" TO {APP}')


@Operations.implementation_for(DropPartSchema)
def _drop_schema(operations: Operations, operation: DropPartSchema) -> None:
    operations.execute(f'DROP SCHEMA IF EXISTS "{operation.schema}"')


@renderers.dispatch_for(CreatePartSchema)
def _render_create(_context: AutogenContext, operation: CreatePartSchema) -> str:
    return f"op.create_part_schema({operation.schema!r})"


@renderers.dispatch_for(DropPartSchema)
def _render_drop(_context: AutogenContext, operation: DropPartSchema) -> str:
    return f"op.drop_part_schema({operation.schema!r})"
