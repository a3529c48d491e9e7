"""Reading a ledger of a million rows in, against PostgreSQL's own COPY of the same file into a bare table.

A private PostgreSQL gets the tables and one region. COPY and the module read the same file by turns, in one
run. What the module is timed at is all of a delivery: keeping the file, looking through it (the dry run),
and reading it in once it has been accepted, with the sums by month that pages read; the bar holds for reading
in. What is deleted afterwards, in a transaction of its own, is told as tidying. Memory is the most that this
process has used.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import psycopg

from samplan.db import migrate
from samplan.db.bootstrap import bootstrap_roles, create_database
from samplan.db.engine import make_engine
from samplan.db.rls import APP, MIGRATOR
from samplan.db.session import Database, TenantSession
from samplan.demo.postgres import PostgresServer
from samplan.imports.mapping import guess_mapping
from samplan.modules.manager import Modules
from samplan.organisation.models import OrgUnit
from samplan.testing.factories import add_tenant
from samplan_agency.models import Account
from samplan_agency.services.deliveries import steps as deliveries
from samplan_agency.services.deliveries.kept_lines import forget_lines
from samplan_agency.services.deliveries.readers import reader_of

DATABASE, SEED = "bench", 1
MOST_TIMES, MOST_MEGABYTES = 8.0, 500
UNITS, SUPPLIERS = 200, 60
ACCOUNTS = (("4471", "hired", "physician"), ("4472", "hired", "nurse"), ("4011", "own", "nurse"))
HEADINGS = (
    "VERNR", "VERRAD", "VERTYP", "VERDATUM", "HDATUM_ID", "FORETAG", "KONTO_ID", "KST_ID", "MOTP_ID",
    "PROJ_ID", "AKT_ID", "YRKE_ID", "LEVID_ID", "UTFALL_V", "TIMMAR_V", "EXTERNNR", "RADTEXT", "STATUS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds of each step, and the most megabytes of memory of this process."""

    rows: int
    megabytes_of_file: float
    copy: float
    keep: float
    check: float
    read: float
    tidy: float
    memory: float

    @property
    def times(self) -> float:
        """How many times as long reading in takes as COPY."""
        return self.read / self.copy

    @property
    def whole(self) -> float:
        """How many times as long as COPY all takes, from the file to the ledger."""
        return (self.keep + self.check + self.read) / self.copy


def write_file(path: Path, rows: int) -> None:
    """Write an invented ledger as Raindance does: semicolons, Windows-1252, decimal commas."""
    chance = random.Random(SEED)  # noqa: S311 - the same rows every time
    with path.open("w", encoding="cp1252", newline="") as file:
        file.write(";".join(HEADINGS) + "\r\n")
        for number in range(rows):
            file.write(";".join(_row(chance, number)) + "\r\n")


def _row(chance: random.Random, number: int) -> tuple[str, ...]:
    booked = date(2024, 1, 1) + timedelta(days=number * 1090 // 1_000_000 % 1090)
    worked = booked - timedelta(days=chance.randrange(70))
    amount = f"{chance.randrange(-50_000, 5_000_000) / 100:.2f}".replace(".", ",")
    hours = f"{chance.randrange(1, 120) / 4:.2f}".replace(".", ",") if chance.random() < 0.3 else ""
    account = ACCOUNTS[chance.randrange(3)][0]
    unit = chance.randrange(UNITS)
    supplier = "" if account == "4011" else f"L{(unit + chance.randrange(3)) % SUPPLIERS}"
    return (
        str(10_000_000 + number // 4), str(number % 4 + 1), "LF", str(booked), f"{worked:%Y%m%d}", "100",
        account, f"{unit:05d}", "", f"P{chance.randrange(90)}", "", "",
        supplier, amount, hours, str(9_000_000 + number // 9),
        "Inhyrd personal enligt avrop, påhittad rad", "def",
    )  # fmt: skip


@contextmanager
def server_with_tables() -> Iterator[PostgresServer]:
    """Start a private server whose database has the tables of all modules."""
    with tempfile.TemporaryDirectory(prefix="samplan-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the account that PostgreSQL runs as passes through
        with PostgresServer.start(folder / "data", durable=False) as server:
            bootstrap_roles(server.url())
            create_database(server.url(), DATABASE)
            migrate.upgrade(Modules.load(), server.url(MIGRATOR, DATABASE))
            yield server


def copy_bare(server: PostgresServer, path: Path) -> float:
    """Return the seconds that COPY takes into a table of texts without index or policy."""
    columns = ", ".join(f"{name.lower()} text" for name in HEADINGS)
    with psycopg.connect(server.libpq_url(MIGRATOR, DATABASE)) as connection:
        connection.execute("SET ROLE samplan_owner")
        connection.execute(f"CREATE TABLE agency.bare ({columns})")
        connection.commit()
        begin = time.perf_counter()
        statement = "COPY agency.bare FROM STDIN (FORMAT csv, HEADER, DELIMITER ';', ENCODING 'WIN1252')"
        with connection.cursor() as cursor, cursor.copy(statement) as copy, path.open("rb") as file:
            while piece := file.read(1 << 20):
                copy.write(piece)
        connection.commit()
        seconds = time.perf_counter() - begin
        connection.execute("DROP TABLE agency.bare")
    return seconds


def fill(session: TenantSession) -> None:
    """Add the region's units and accounts."""
    region = OrgUnit(kind="region", code="R", name="Påhittade regionen")
    session.add(region)
    session.flush()
    units = [
        OrgUnit(kind="clinic", code=f"{n:05d}", name=f"Enhet {n}", parent_id=region.id) for n in range(UNITS)
    ]
    accounts = [Account(code=code, name=code, kind=kind, category=who) for code, kind, who in ACCOUNTS]
    session.add_all([*units, *accounts])


def read_in(database: Database, tenant: UUID, path: Path) -> tuple[float, ...]:
    """Return the seconds of keeping, checking, reading in and tidying, each in its transaction."""
    times = [time.perf_counter()]
    with database.unit_of_work(tenant) as session, path.open("rb") as file:
        delivery = deliveries.deliver(session, deliveries.Said("ledger", "bench", path.name), file)
        source = deliveries.opened(session, delivery).source
        mapping = guess_mapping(reader_of("ledger").spec(session), source)
        deliveries.set_mapping(session, delivery, mapping)
        made = delivery.id
    times.append(time.perf_counter())
    with database.unit_of_work(tenant) as session:
        delivery = deliveries.get_delivery(session, made)
        deliveries.check_delivery(session, delivery)
        if delivery.state != "checked":
            raise SystemExit(f"the file has faults: {delivery.faults[:3]}")
    times.append(time.perf_counter())
    with database.unit_of_work(tenant) as session:
        delivery = deliveries.get_delivery(session, made)
        deliveries.read_delivery(session, delivery, datetime.now(UTC))
    times.append(time.perf_counter())
    with database.unit_of_work(tenant) as session:
        forget_lines(session)
    times.append(time.perf_counter())
    return tuple(after - before for before, after in pairwise(times))


def run(rows: int) -> Result:
    """Measure once; COPY before and after, of which the mean counts."""
    with tempfile.TemporaryDirectory(prefix="samplan-bench-") as name, server_with_tables() as server:
        path = Path(name) / "huvudbok.csv"
        write_file(path, rows)
        database = Database(make_engine(server.url(APP, DATABASE)))
        tenant = add_tenant(database, "region", modules=("agency",)).id
        with database.unit_of_work(tenant) as session:
            fill(session)
        before = copy_bare(server, path)
        keep, check, read, tidy = read_in(database, tenant, path)
        copy = (before + copy_bare(server, path)) / 2
        database.engine.dispose()
        size = path.stat().st_size / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return Result(rows, size, copy, keep, check, read, tidy, memory)


def main() -> None:
    """Print what was measured; end with 1 when a bar is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = run(options.rows)
    if options.json:
        print(
            json.dumps(
                asdict(found) | {"times": found.times, "whole": found.whole, "machine": platform.platform()}
            )
        )
    else:
        print(f"{found.rows} rows, {found.megabytes_of_file:.0f} MB")
        print(f"COPY {found.copy:.1f} s; keep {found.keep:.1f} s, check {found.check:.1f} s,", end=" ")
        print(f"read in {found.read:.1f} s: {found.times:.1f} times COPY; {found.memory:.0f} MB of memory")
        print(f"all from the file to the ledger: {found.whole:.1f} times COPY;", end=" ")
        print(f"tidying afterwards {found.tidy:.1f} s")
    sys.exit(int(found.times > MOST_TIMES or found.memory > MOST_MEGABYTES))


if __name__ == "__main__":
    main()
