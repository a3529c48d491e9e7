"""What row-level security costs: the same indexed query with a policy, and with the filter written out.

A private PostgreSQL gets the core's tables and rows of many tenants. Then two connections take turns:
one as `samplan_app`, whose tenant the policy reads from the transaction's setting, and one as
`samplan_migrator`, which passes by every policy and names the tenant in its query. Both must return the
same rows by the same index. The ratio is that of the medians of many runs on one machine.
"""

from __future__ import annotations

import argparse
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from samplan.db import migrate
from samplan.db.bootstrap import bootstrap_roles, create_database
from samplan.db.rls import APP, MIGRATOR
from samplan.demo.postgres import PostgresServer
from samplan.modules.manager import Modules

DATABASE = "bench"
TENANTS = 21
SEED = 1

ANNOUNCE = "SELECT set_config('app.tenant_id', %s, true)"

FILL = """
WITH region AS (
  INSERT INTO core.tenant (slug, name) SELECT 'region-' || n, 'Region ' || n FROM generate_series(1, %s) AS n
  RETURNING id
), numbered AS (SELECT id, row_number() OVER () - 1 AS place FROM region)
INSERT INTO core.job_run (tenant_id, job_type, module, params, status, queue, queued_at)
SELECT numbered.id, 'core.example', 'core', '{}',
       (ARRAY['succeeded', 'failed', 'cancelled'])[1 + n / 21 %% 3], 'default',
       timestamptz '2026-01-01' + n * interval '1 minute'
FROM generate_series(1, %s) AS n JOIN numbered ON numbered.place = n %% %s
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A query with `{tenant}` where the explicit filter goes; its index must be used by both roles."""

    name: str
    query: str
    index: str


CASES = (
    Case(
        "one row by its key",
        "SELECT id, job_type, status, queued_at FROM core.job_run WHERE {tenant} id = %(id)s",
        "pk_job_run",
    ),
    Case(
        "a page of 50 by an index",
        "SELECT id, job_type, status, queued_at FROM core.job_run"
        " WHERE {tenant} queue = 'default' AND status = 'succeeded' ORDER BY queued_at DESC LIMIT 50",
        "ix_job_run_queue",
    ),
)


@dataclass(frozen=True, slots=True)
class Result:
    """Medians in microseconds, and what they are of."""

    case: Case
    with_policy: float
    with_filter: float

    @property
    def ratio(self) -> float:
        """How many times as long the query takes with the policy."""
        return self.with_policy / self.with_filter


@contextmanager
def filled_server(rows: int) -> Iterator[PostgresServer]:
    """Start a private server with the migrated tables and `rows` rows of `TENANTS` tenants."""
    with tempfile.TemporaryDirectory(prefix="samplan-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the account that PostgreSQL runs as passes through
        with PostgresServer.start(folder / "data", durable=False) as server:
            bootstrap_roles(server.url())
            create_database(server.url(), DATABASE)
            migrate.upgrade(Modules.load([]), server.url(MIGRATOR, DATABASE))
            with connect(server, MIGRATOR) as connection:
                connection.execute(FILL, [TENANTS, rows, TENANTS])
                connection.execute("ANALYZE core.job_run")
            yield server


def connect(server: PostgresServer, role: str) -> psycopg.Connection[Any]:
    """Connect as the application does: without prepared statements."""
    return psycopg.connect(server.libpq_url(role, DATABASE), prepare_threshold=None)


def measure(server: PostgresServer, case: Case, runs: int) -> Result:
    """Time the query by turns with policy and with filter, for a random tenant and row each time."""
    chance = random.Random(SEED)  # noqa: S311 - the same rows every time
    with connect(server, APP) as app, connect(server, MIGRATOR) as migrator:
        keys = migrator.execute("SELECT tenant_id, id FROM core.job_run").fetchall()
        times: dict[str, list[float]] = {APP: [], MIGRATOR: []}
        for run in range(runs + runs // 10):
            tenant, row = chance.choice(keys)
            sides = [
                (APP, app, case.query.format(tenant="")),
                (MIGRATOR, migrator, case.query.format(tenant=f"tenant_id = '{tenant}' AND")),
            ]
            for connection in (app, migrator):  # both transactions have begun when the clock starts
                connection.execute(ANNOUNCE, [str(tenant)])
            found = []
            for role, connection, query in sides if run % 2 else reversed(sides):
                if run == 0:
                    check_plan(connection, query, {"id": row}, case.index)
                microseconds, answer = timed(connection, query, {"id": row})
                found.append(answer)
                if run >= runs // 10:  # the first ones warm the caches
                    times[role].append(microseconds)
            if found[0] != found[1] or not found[0]:
                raise SystemExit(f"{case.name}: the two roles do not see the same rows")
            app.rollback()
            migrator.rollback()
    return Result(case, statistics.median(times[APP]), statistics.median(times[MIGRATOR]))


def announcement(server: PostgresServer, runs: int) -> float:
    """Return the median microseconds of saying whose a transaction is: done once in each."""
    with connect(server, APP) as app:
        app.execute("SELECT 1")
        return statistics.median(timed(app, ANNOUNCE, [str(uuid4())])[0] for _ in range(runs))


def timed(connection: psycopg.Connection[Any], query: str, values: Any) -> tuple[float, list[Any]]:
    """Run the query; returns the microseconds until its last row was read, and the rows."""
    begin = time.perf_counter_ns()
    rows = connection.execute(query, values).fetchall()
    return (time.perf_counter_ns() - begin) / 1000, rows


def check_plan(connection: psycopg.Connection[Any], query: str, values: dict[str, Any], index: str) -> None:
    """Stop when the query is not answered by its index, with the tenant as a condition of it."""
    plan = "\n".join(line for (line,) in connection.execute(f"EXPLAIN {query}", values))
    conditions = [line for line in plan.splitlines() if "Index Cond" in line]
    if index not in plan or not any("tenant_id" in line for line in conditions):
        raise SystemExit(f"{index} is not used as it should be:\n{plan}")


def main() -> None:
    """Print the medians and the ratio of each case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument("--runs", type=int, default=4_000)
    options = parser.parse_args()
    with filled_server(options.rows) as server, connect(server, MIGRATOR) as connection:
        version = connection.execute("SHOW server_version").fetchone()
        results = [measure(server, case, options.runs) for case in CASES]
        once = announcement(server, options.runs)
    print(f"{options.rows} rows of {TENANTS} tenants, median of {options.runs} runs each")
    server_version = version[0] if version else "?"
    print(f"PostgreSQL {server_version}, Python {platform.python_version()}, {platform.machine()}")
    for result in results:
        print(
            f"{result.case.name}: policy {result.with_policy:.0f} us, filter {result.with_filter:.0f} us,"
            f" ratio {result.ratio:.2f}"
        )
    print(f"announcing the tenant: {once:.0f} us, once a transaction")


if __name__ == "__main__":
    main()
