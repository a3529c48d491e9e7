"""Ask PostgreSQL's own catalogue whether every tenant's table is protected and nothing passes by.

Asked by `/readyz`, by `samplan db check` and by the security tests.
"""

# ruff: noqa: S608 - no query here is built from anything that comes from outside
from __future__ import annotations

from sqlalchemy import Connection, text

from samplan.db.rls import APP, PROTECTIONS

_OURS = "n.nspname !~ '^(pg_|information_schema)' AND n.nspname <> 'public'"
_TENANT_TABLE = (
    "EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id'"
    " AND NOT a.attisdropped)"
)

# Functions that run as their owner; each one needs a reason. It counts jobs for the autoscaler.
DEFINER_FUNCTIONS = ("core.job_counts",)

# Tables with a tenant_id that are a register: who belongs to a group is no tenant's secret.
REGISTERS = ("core.group_member", "core.management_group")

_CHECKS = {
    "table without row-level security": f"""
        SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND {_OURS} AND {_TENANT_TABLE}
          AND n.nspname || '.' || c.relname <> ALL (:registers)
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                   AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))""",
    "policy that is not one of ours": f"""
        SELECT n.nspname || '.' || c.relname || '.' || p.polname
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {_OURS} AND NOT EXISTS (
          SELECT 1 FROM unnest(CAST(:expressions AS text[])) AS e(expression)
          WHERE e.expression = p.polname || '|' || pg_get_expr(p.polqual, p.polrelid)
            || '|' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''))""",
    "foreign key between tenants' tables without tenant_id": f"""
        SELECT con.conname FROM pg_constraint con JOIN pg_class c ON c.oid = con.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class r ON r.oid = con.confrelid
        WHERE con.contype = 'f' AND {_OURS} AND {_TENANT_TABLE}
          AND n.nspname || '.' || c.relname <> ALL (:registers)
          AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attname = 'tenant_id')
          AND NOT EXISTS (SELECT 1 FROM unnest(con.conkey) k JOIN pg_attribute a
                          ON a.attrelid = c.oid AND a.attnum = k WHERE a.attname = 'tenant_id')""",
    "unique index of a tenant's table that does not start with tenant_id": f"""
        SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
        WHERE x.indisunique AND {_OURS} AND {_TENANT_TABLE} AND a.attname <> 'tenant_id'
          AND n.nspname || '.' || c.relname <> ALL (:registers)
          AND NOT (a.attname = 'group_id' AND EXISTS (SELECT 1 FROM pg_policy p
               WHERE p.polrelid = c.oid AND p.polname IN ('group_reader', 'member_reader')))""",
    "materialised view": f"""
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'm' AND {_OURS}""",
    "view that is not security_invoker": f"""
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'v' AND {_OURS}
          AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)""",
    "function that runs as its owner": f"""
        SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND {_OURS} AND n.nspname || '.' || p.proname <> ALL (:definers)""",
    "thing that the application's role owns": """
        SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
          WHERE r.rolname = :app AND c.relpersistence <> 't'
        UNION ALL SELECT p.proname FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
          WHERE r.rolname = :app
        UNION ALL SELECT n.nspname FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner
          WHERE r.rolname = :app""",
    "table that the application's role may truncate or refer to": f"""
        SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND {_OURS}
          AND has_table_privilege(:app, c.oid, 'TRUNCATE, REFERENCES, TRIGGER')""",
}


def catalogue_faults(connection: Connection) -> list[str]:
    """Return every hole that the catalogue shows, as `kind: object`; empty when there is none."""
    expressions = sorted(
        {f"{p.name}|{p.using}|{p.check or ''}" for policies in PROTECTIONS.values() for p in policies}
    )
    parameters = {
        "app": APP,
        "definers": list(DEFINER_FUNCTIONS),
        "registers": list(REGISTERS),
        "expressions": expressions,
    }
    faults = []
    for kind, query in _CHECKS.items():
        used = {name: value for name, value in parameters.items() if f":{name}" in query}
        faults += [f"{kind}: {name}" for name in connection.execute(text(query), used).scalars()]
    return faults
