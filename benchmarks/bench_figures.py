"""How long the page of key figures takes for a region of many wards, and what judging its rosters would take.

A private PostgreSQL gets wards of the demo's kind, each with an invented roster that is published and worked
as it was rostered. The page is asked for as a browser does, signed in; it reads what is counted. Beside it,
what the page would wait for if it counted the rosters itself. Milliseconds of the wall clock, and of this
process.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from bench_edits import invented_roster, timed, told
from samplan.db import migrate
from samplan.db.bootstrap import bootstrap_roles, create_database
from samplan.db.engine import make_engine
from samplan.db.rls import APP, MIGRATOR
from samplan.db.session import Database, TenantSession
from samplan.demo.postgres import PostgresServer
from samplan.ids import new_id
from samplan.modules.manager import Modules
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Site, build_site
from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Unit, WardData
from samplan_rostering.models import Assignment as AssignmentRow
from samplan_rostering.models import Publication, PublicationShift, Roster, WorkedShift
from samplan_rostering.queries.figures.stored import count, uncounted
from samplan_rostering.services.figures.counting import store_counts
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status

DATABASE, TENANT = "bench", "bench"


@contextmanager
def region(modules_on: tuple[str, ...] = ("rostering",)) -> Iterator[Site]:
    """Start a private server with an application over it, and a region that has these modules."""
    with tempfile.TemporaryDirectory(prefix="samplan-bench-", ignore_cleanup_errors=True) as name:
        folder, modules = Path(name), Modules.load()
        folder.chmod(0o755)  # the account that PostgreSQL runs as passes through
        with PostgresServer.start(folder / "data", durable=False) as server:
            bootstrap_roles(server.url())
            create_database(server.url(), DATABASE)
            migrate.upgrade(modules, server.url(MIGRATOR, DATABASE))
            engine = make_engine(server.url(APP, DATABASE))
            site = build_site(Database(engine), modules)
            site.add_tenant(TENANT, modules_on)
            yield site
            engine.dispose()


def ward_of(number: int) -> WardData:
    """Return the demo's ward as another, with people of its own."""
    ward = with_people(demo_ward(number), f"{number:02d}-")
    return replace(ward, unit=Unit(f"W{number:02d}", f"Ward {number}"))


def with_people(ward: WardData, mark: str) -> WardData:
    """Return a ward with other people, whose codes begin with a mark."""

    def own(row):  # type: ignore[no-untyped-def] # any row that names an employee
        return replace(row, employee=mark + row.employee)

    return replace(
        ward,
        employees=tuple(replace(person, code=mark + person.code) for person in ward.employees),
        contracts=tuple(map(own, ward.contracts)),
        absences=tuple(map(own, ward.absences)),
        wishes=tuple(map(own, ward.wishes)),
        history=tuple(map(own, ward.history)),
        pins=tuple(map(own, ward.pins)),
    )


def add_ward(session: TenantSession, ward: WardData, cells: Sequence[Assignment]) -> None:
    """Add a ward with a roster that is published, and worked as it was rostered."""
    region_id = session.scalars(select(OrgUnit.id).where(OrgUnit.kind == "region")).one()
    session.add(OrgUnit(kind="ward", code=ward.unit.code, name=ward.unit.name, parent_id=region_id))
    session.flush()
    period_id, roster_id = import_ward(session, ward), new_id()
    solution = Solution(Status.FEASIBLE, 0, None, 1.0, 1, {}, {}, tuple(cells))
    store_roster(session, Made(roster_id, None, period_id, ""), ward, solution)
    publication = Publication(id=new_id(), period_id=period_id, number=1, roster_id=roster_id)
    publication.roster_version, publication.first_date, publication.reason = 1, ward.period.start, ""
    publication.lead_days, publication.notice_days, publication.changed_cells = 20, 14, 0
    publication.sha256, publication.published_by = "", new_id()
    session.add(publication)
    session.flush()
    for row in session.scalars(select(AssignmentRow).where(AssignmentRow.roster_id == roster_id)):
        same = {"employee_id": row.employee_id, "on_date": row.on_date, "paid_minutes": row.paid_minutes}
        same |= {"starts_at": row.starts_at, "ends_at": row.ends_at}
        shift = {"unit_code": ward.unit.code, "shift_code": "D", "shift_name": "Day", "shift_kind": "day"}
        session.add(PublicationShift(publication_id=publication.id, break_minutes=0, **same, **shift))
        worked = {"number": 0, "kind": "planned", "extra_minutes": 0, "source": "confirmed"}
        session.add(WorkedShift(period_id=period_id, **same, **worked))


def count_all(session: TenantSession) -> list[tuple[float, float]]:
    """Count every roster and store it; return what each took."""
    times = []
    for roster_id in uncounted(session):
        found = []
        times.append(timed(lambda: found.append(count(session, roster_id))))  # noqa: B023 - called at once
        store_counts(session, roster_id, *found[0])
    return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wards", type=int, default=60)
    parser.add_argument("--runs", type=int, default=30)
    options, _ = parser.parse_known_args()  # `make bench` gives all scripts the same arguments
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    with region() as site:
        unit_of_work = site.core.database.unit_of_work
        tenant_id = site.tenants[TENANT].id
        with unit_of_work(tenant_id) as session:
            session.add(OrgUnit(kind="region", code="R", name="Region"))
            session.flush()
            for number in range(options.wards):
                ward = ward_of(number)
                add_ward(session, ward, invented_roster(ward, number))
        with unit_of_work(tenant_id) as session:
            judged = count_all(session)
            start = demo_ward(1).period.start
            rosters = len(session.scalars(select(Roster.id)).all())
        print(f"{rosters} rosters, {len(judged)} of them judged and counted")
        told("a roster judged and counted", judged)
        client = site.person(TENANT, "production_director").client
        page = (
            f"/t/{TENANT}/rostering/figures?from={start.replace(day=1)}&to={start.replace(month=12, day=31)}"
        )
        times = [timed(lambda: check(client.get(page).text, options.wards)) for _ in range(options.runs)]
        told("the page", times[2:])
        whole = sum(clock for _, clock in judged)
        middle = statistics.median(clock for _, clock in times[2:])
        print(f"the page is {whole / middle:.0f} times as fast as judging the rosters, {whole:.0f} ms")


def check(page: str, wards: int) -> None:
    """Refuse to measure a page without figures."""
    if f"{wards} gällande scheman" not in page or "inte räknade" in page:
        raise SystemExit("the page does not show the figures")


if __name__ == "__main__":
    main()
