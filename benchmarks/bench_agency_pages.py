"""How long the pages of hired staff take for a realistic region; the overview beside its bare SQL.

A private PostgreSQL gets the ledger of `agency_ledger.py`: three years, 400,000 lines, 40 suppliers. Pages
are asked for as a browser does, signed in, under the application's role with row-level security. By turns
with the overview the bare SQL: the page's one statement, its values written in, sent by psycopg to the same
server as the role that passes by every policy, rows read to the last. Medians of the wall clock, in
milliseconds; of the other pages also what this process used, which is all but PostgreSQL's work.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

import psycopg
from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from agency_ledger import fill, sketch
from bench_figures import TENANT, region
from samplan.db.rls import MIGRATOR
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Site
from samplan_agency.domain.months import Months
from samplan_agency.queries.costs.figures import Asked, figures_statement
from samplan_agency.queries.costs.remembered import forget

PAGE = f"/t/{TENANT}/agency/"
OTHERS = (
    "why", "report", "accrual", "forecast", "invoices", "call-offs", "own-staff", "independence", "measures",
    "deliveries", "agreements", "why/lines",
)  # fmt: skip
REMEMBERED = ("why", "accrual", "measures")
"""Pages that remember what they compute of the costs: their first look is measured too."""
PERIOD = Months.half_year(2026, 1)
TARGET_MS, TARGET_RATIO = 100, 2


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


def others(
    site: Site, runs: int, names: tuple[str, ...] = OTHERS, *, first: bool = False
) -> dict[str, tuple[float, float]]:
    """Return the milliseconds of each of the other pages, by the clock and of this process; by turns.

    With `first` nothing is remembered of an earlier look.
    """
    client = site.person(TENANT, "controller").client
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for _ in range(runs + 1):
        for name, times in found.items():
            if first:
                forget()
            used = time.process_time()
            answers = []
            clock = timed(lambda: answers.append(client.get(PAGE + name)))  # noqa: B023 - called at once
            if answers[0].status_code != HTTPStatus.OK:
                raise SystemExit(f"{name}: {answers[0].status}")
            times.append((clock, (time.process_time() - used) * 1000))
    return {
        name: (
            statistics.median(clock for clock, _ in times[1:]),
            statistics.median(own for _, own in times[1:]),
        )
        for name, times in found.items()
    }


def a_clinic(site: Site) -> UUID:
    """Return the id of a unit that has costs and no units below it."""
    with site.core.database.unit_of_work(site.tenants[TENANT].id) as session:
        clinics = select(OrgUnit.id).where(OrgUnit.kind == "clinic").order_by(OrgUnit.code)
        return session.scalars(clinics.limit(1)).one()


def timed(call: Callable[[], None]) -> float:
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
        with site.core.database.unit_of_work(site.tenants[TENANT].id) as session:
            fill(session, sketch(options.lines))
        url = site.core.database.engine.url.set(username=MIGRATOR, drivername="postgresql")
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as bare:
            bare.execute("ANALYZE")
            page, plain = measure(site, bare, options.runs)
            runs = max(options.runs // 4, 1)
            pages = others(site, runs, (*OTHERS, f"why/lines?unit={a_clinic(site)}"))
            firsts = others(site, runs, REMEMBERED, first=True)
            pages |= {f"{name}, first look": times for name, times in firsts.items()}
    here, there = statistics.median(page), statistics.median(plain)
    print(f"{options.lines} lines: overview {here:.1f} ms, its bare SQL {there:.1f} ms")
    print(f"ratio {here / there:.2f}")
    for name, (clock, own) in pages.items():
        print(f"{name}: {clock:.1f} ms, of which {own:.1f} ms are this process's")
    print(f"asked for: under {TARGET_MS} ms, ratio at most {TARGET_RATIO}")


if __name__ == "__main__":
    main()
