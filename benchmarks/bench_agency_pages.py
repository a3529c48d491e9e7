"""How long the pages of hired staff take for a realistic region; the overview beside its bare SQL.

A private PostgreSQL gets the ledger of `agency_ledger.py`, three years, 400,000 lines, 40 suppliers, and all
that `agency_region.py` writes beside it: 150,000 invoice lines with as many shifts, call-offs and deviations.
Two jobs are timed on it, the control of all invoices and a forecast, with the most memory of this process.
Pages are asked for as a browser does, signed in, under the application's role with row-level security. By
turns with the overview the bare SQL: the page's one statement, its values written in, sent by psycopg to the
same server as the role that passes by every policy, rows read to the last. Medians of the wall clock, in
milliseconds; of the other pages also what this process and PostgreSQL's used of the processor (on Linux).
"""

from __future__ import annotations

import argparse
import gc
import platform
import resource
import statistics
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import TypeAlias

import psycopg
from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from agency_ledger import fill, sketch
from agency_region import control_all, fill_invoices, fill_measures, forecast, handle_old, keep_valuations
from bench_figures import TENANT, region
from samplan.db.rls import APP, MIGRATOR
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Site
from samplan_agency.domain.months import Months
from samplan_agency.models import CallOff, InvoiceDeviation
from samplan_agency.queries.costs.figures import Asked, figures_statement
from samplan_agency.queries.costs.remembered import forget

PAGE = f"/t/{TENANT}/agency/"
OTHERS = (
    "why", "report", "accrual", "forecast", "invoices", "call-offs", "own-staff", "independence", "measures",
    "deliveries", "agreements", "why/lines",
)  # fmt: skip
REMEMBERED = ("why", "accrual", "measures", "call-offs")
"""Pages that remember what they compute: their first look is measured too."""
PERIOD = Months.half_year(2026, 1)
TARGET_MS, TARGET_RATIO = 100, 2
Used: TypeAlias = Callable[[], tuple[float, float]]
Times: TypeAlias = dict[str, tuple[float, ...]]


def bare_sql() -> str:
    """Return the page's statement as text, with its values."""
    compiled = figures_statement(Asked(PERIOD), 2).compile(
        dialect=postgresql.dialect(),  # type: ignore[no-untyped-call] # SQLAlchemy's own
        compile_kwargs={"literal_binds": True},
    )
    return str(compiled).replace("%%", "%")


def measure(
    site: Site, bare: psycopg.Connection[tuple[object, ...]], runs: int
) -> tuple[list[float], list[float]]:
    """Return the milliseconds of the page and of the bare SQL, by turns; the first of each only warm up."""
    client, sql = site.person(TENANT, "controller").client, bare_sql()

    def page() -> None:
        answer = client.get(PAGE)
        if answer.status_code != HTTPStatus.OK:
            raise SystemExit(f"{PAGE}: {answer.status}")

    def plain() -> None:
        bare.execute(sql).fetchall()

    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs + 3):
        for times, call in zip(found, (page, plain), strict=True):
            times.append(timed(call))
    return found[0][3:], found[1][3:]


def others(site: Site, runs: int, names: tuple[str, ...], used: Used, *, first: bool = False) -> Times:
    """Return the milliseconds of each of the other pages, by the clock and of `used`; by turns.

    With `first` nothing is remembered of an earlier look.
    """
    client = site.person(TENANT, "controller").client
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in names}
    for _ in range(runs + 1):
        for name, times in found.items():
            if first:
                forget()
            before, answers = used(), []
            clock = timed(lambda: answers.append(client.get(PAGE + name)))  # noqa: B023 - called at once
            if answers[0].status_code != HTTPStatus.OK:
                raise SystemExit(f"{name}: {answers[0].status}")
            spent = (after - of for of, after in zip(before, used(), strict=True))
            times.append((clock, *spent))
    return {
        name: tuple(statistics.median(of) for of in zip(*times[1:], strict=True))
        for name, times in found.items()
    }


def processors(bare: psycopg.Connection[tuple[object, ...]]) -> Used:
    """Return what tells the processor's milliseconds so far, of this process and of PostgreSQL's for it."""
    rows = bare.execute("SELECT pid FROM pg_stat_activity WHERE usename = %s", [APP])
    of_server = [Path(f"/proc/{pid}/schedstat") for (pid,) in rows]

    def used() -> tuple[float, float]:
        server = sum(int(each.read_text().split()[0]) for each in of_server)
        return time.process_time_ns() / 1e6, server / 1e6

    return used


def single(site: Site) -> tuple[str, ...]:
    """Return the pages of one thing each: a unit without units below it, a deviation's line, a call-off."""
    with site.core.database.unit_of_work(site.tenants[TENANT].id) as session:
        clinic = session.scalar(select(OrgUnit.id).where(OrgUnit.kind == "clinic").order_by(OrgUnit.code))
        dearest = select(InvoiceDeviation.line_id).order_by(InvoiceDeviation.difference.desc())
        line, call_off = session.scalar(dearest), session.scalar(select(CallOff.id))
    found = [f"why/lines?unit={clinic}", "why/lines?source=invoices"]
    return (*found, f"invoices/lines/{line}", f"call-offs/{call_off}") if line else tuple(found)


def filled(site: Site, lines: int) -> None:
    """Fill the region, and tell how long its jobs took."""
    database, tenant = site.core.database, site.tenants[TENANT].id
    with database.unit_of_work(tenant) as session:
        fill(session, sketch(lines))
    with database.unit_of_work(tenant) as session:
        fill_invoices(session, lines * 3 // 8)
    url = database.engine.url.set(username=MIGRATOR, drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as bare:
        bare.execute("ANALYZE")
    job(f"control of {lines * 3 // 8} invoice lines", lambda: control_all(database, tenant))
    with database.unit_of_work(tenant) as session:
        handle_old(session)
        fill_measures(session)
        keep_valuations(session)
    with database.unit_of_work(tenant) as session:
        job("forecast of a year", lambda: forecast(session))


def job(name: str, work: Callable[[], object]) -> None:
    """Do a job, and tell its time and memory."""
    used = time.process_time()
    clock = timed(work)
    own, memory = time.process_time() - used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{name}: {clock / 1000:.1f} s, of which {own:.1f} s are this process's; {memory:.0f} MB at most")


def timed(call: Callable[[], object]) -> float:
    """Return how many milliseconds a call takes."""
    begin = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - begin) / 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--lines", type=int, default=400_000)
    options, _ = parser.parse_known_args()  # `make bench` gives all scripts the same arguments
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    with region(("agency",)) as site:
        filled(site, options.lines)
        url = site.core.database.engine.url.set(username=MIGRATOR, drivername="postgresql")
        gc.collect()
        gc.freeze()  # as the web server does
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as bare:
            page, plain = measure(site, bare, options.runs)
            runs = max(options.runs // 4, 1)
            used = processors(bare)
            pages = others(site, runs, (*OTHERS, *single(site)), used)
            firsts = others(site, runs, REMEMBERED, used, first=True)
            pages |= {f"{name}, first look": times for name, times in firsts.items()}
    here, there = statistics.median(page), statistics.median(plain)
    print(f"{options.lines} lines: overview {here:.1f} ms, its bare SQL {there:.1f} ms")
    print(f"ratio {here / there:.2f}")
    for name, (clock, own, server) in pages.items():
        print(f"{name}: {clock:.1f} ms; processor: {own:.1f} ms here, {server:.1f} ms PostgreSQL's")
    print(f"asked for: under {TARGET_MS} ms, ratio at most {TARGET_RATIO}")


if __name__ == "__main__":
    main()
