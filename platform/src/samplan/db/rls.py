"""Row-level security: the one place where a policy's expression stands.

A session says who it is with transaction-local settings: `app.tenant_id` (a tenant's session),
`app.group_id` (a management group's reading session), `app.member_of` (the group whose shared rows a
tenant may read, set after membership was checked) and `app.account_id` (an account that is signing in).
Expressions are written as PostgreSQL prints them back, so that they can be compared with the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Table

OWNER, MIGRATOR, APP, METRICS = "samplan_owner", "samplan_migrator", "samplan_app", "samplan_metrics"


def _setting(name: str) -> str:
    # nullif: after the first SET LOCAL on a pooled connection ends, the setting is '' and not NULL.
    return f"(NULLIF(current_setting('app.{name}'::text, true), ''::text))::uuid"


CURRENT_TENANT = _setting("tenant_id")
TENANT = f"(tenant_id = {CURRENT_TENANT})"
# As a subquery the setting is read once for a statement, else for every row.
TENANT_OF_MANY = f'(tenant_id = ( SELECT {CURRENT_TENANT} AS "nullif"))'
GROUP_READS = f"(group_id = {_setting('group_id')})"
MEMBER_READS = f"(group_id = {_setting('member_of')})"
OWN_ACCOUNT = f"(account_id = {_setting('account_id')})"
OUTSIDE_TENANTS = f"(({CURRENT_TENANT} IS NULL) AND ({_setting('group_id')} IS NULL))"


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of a table: its name, the command it is for, who sees rows and who may write them."""

    name: str
    command: str
    using: str
    check: str | None = None


_TENANT = Policy("tenant_isolation", "ALL", TENANT, TENANT)

PROTECTIONS: dict[str, tuple[Policy, ...]] = {
    # a tenant's own rows
    "tenant": (_TENANT,),
    # the same, for tables whose rows are written and read by the million
    "many_rows": (Policy("tenant_isolation", "ALL", TENANT_OF_MANY, TENANT_OF_MANY),),
    # memberships: a tenant's rows, and each account's own, so that it can pick a tenant when signing in
    "tenant_and_own_account": (_TENANT, Policy("own_account", "SELECT", OWN_ACCOUNT)),
    # accounts and login sessions: to be seen only outside every tenant
    "login": (Policy("outside_tenants", "ALL", OUTSIDE_TENANTS, OUTSIDE_TENANTS),),
    # exchange: a member writes, the group reads
    "to_group": (_TENANT, Policy("group_reader", "SELECT", GROUP_READS)),
    # exchange: the group writes (its own tenant's rows), the members read
    "to_members": (_TENANT, Policy("member_reader", "SELECT", MEMBER_READS)),
    # exchange: a member writes, the group and all members read
    "among_members": (
        _TENANT,
        Policy("group_reader", "SELECT", GROUP_READS),
        Policy("member_reader", "SELECT", MEMBER_READS),
    ),
    # the register of tenants and groups: names without content, the same for everybody
    "register": (),
}

EXCHANGE = ("to_group", "to_members", "among_members")
FULL_GRANTS = "SELECT, INSERT, UPDATE, DELETE"
APPEND_ONLY = "SELECT, INSERT"


def protection_of(table: Table) -> str:
    """Return the kind of protection that a mapped table asks for (`info={"protection": …}`)."""
    named = table.info.get("protection")
    if named is not None:
        return str(named)
    return "tenant" if "tenant_id" in table.columns else "register"


def grants_of(table: Table) -> str:
    """Return the privileges of `samplan_app` on a mapped table (`info={"grants": …}`)."""
    return str(table.info.get("grants", FULL_GRANTS))


def protect_statements(schema: str, table: str, kind: str, grants: str) -> list[str]:
    """Return the statements that give a new table its owner, privileges and policies."""
    name = f'"{schema}"."{table}"'
    statements = [f"ALTER TABLE {name} OWNER TO {OWNER}", f"GRANT {grants} ON {name} TO {APP}"]
    if PROTECTIONS[kind]:
        statements += [
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
        ]
    for policy in PROTECTIONS[kind]:
        check = f" WITH CHECK ({policy.check})" if policy.check else ""
        statements.append(
            f"CREATE POLICY {policy.name} ON {name} FOR {policy.command} USING ({policy.using}){check}"
        )
    return statements


def unprotect_statements(schema: str, table: str, kind: str) -> list[str]:
    """Return the statements that take the policies away again."""
    name = f'"{schema}"."{table}"'
    statements = [f"DROP POLICY IF EXISTS {policy.name} ON {name}" for policy in PROTECTIONS[kind]]
    if PROTECTIONS[kind]:
        statements += [
            f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY",
        ]
    return [*statements, f"REVOKE ALL ON {name} FROM {APP}"]
