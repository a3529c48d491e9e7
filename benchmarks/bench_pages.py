"""How long the pages of one ward take that read and judge the whole of it: the demo's ward, and one grown.

A private PostgreSQL gets the demo's ward and one of 60 people and 70 days, each with a roster of the engine's
that is published and worked as it was rostered. Each page is asked for as a browser does, signed in; beside
it stands a page that reads no ward. `first` is the page's first answer, the median that of those that follow.
The processor's milliseconds are this process's: PostgreSQL's come on top, and are in the clock's.
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import event, select

from bench_edits import timed, told
from bench_explain import grown_ward
from bench_figures import TENANT, add_ward, count_all, region, with_people
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Site
from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Unit, WardData
from samplan_rostering.models import Roster, RosterPeriod, Ward
from samplan_rostering.solver.solution import SolveOptions
from samplan_rostering.solver.solve import solve_ward

PAGES = {
    "a page without a ward": "/t/{tenant}/rostering/",
    "coverage": "/t/{tenant}/rostering/periods/{period}/coverage",
    "clash": "/t/{tenant}/rostering/periods/{period}/clash",
    "balances": "/t/{tenant}/rostering/periods/{period}/balances",
    "outcome": "/t/{tenant}/rostering/periods/{period}/outcome",
    "roster": "/t/{tenant}/rostering/rosters/{roster}",
    "why": "/t/{tenant}/rostering/rosters/{roster}/why",
    "figures": "/t/{tenant}/rostering/figures",
}
Made = tuple[WardData, Sequence[Assignment]]


def made(ward: WardData, code: str, seconds: float) -> Made:
    """Return a ward by a code of its own, with the roster that the engine finds in the time given."""
    own = replace(ward, unit=Unit(code, f"Ward {code}", ward.unit.timezone))
    solution = solve_ward(own, SolveOptions(seconds=seconds))
    broken = len(evaluate_ward(own, solution.assignments).violations)
    print(
        f"{code}: {len(own.employees)} people, {own.period.days} days, {len(solution.assignments)} shifts, "
        f"{broken} broken rules"
    )
    return own, solution.assignments


def fill(site: Site, wards: Sequence[Made]) -> Mapping[str, Mapping[str, UUID]]:
    """Add the wards to a region, with a roster each; return what their addresses name, by code."""
    with site.core.database.unit_of_work(site.tenants[TENANT].id) as session:
        session.add(OrgUnit(kind="region", code="R", name="Region"))
        session.flush()
        for ward, cells in wards:
            add_ward(session, ward, cells)
        count_all(session)
        rows = select(OrgUnit.code, RosterPeriod.id, Roster.id).join(Ward, Ward.unit_id == OrgUnit.id)
        rows = rows.join(RosterPeriod, RosterPeriod.ward_id == Ward.id)
        rows = rows.join(Roster, Roster.period_id == RosterPeriod.id)
        return {code: {"period": period, "roster": roster} for code, period, roster in session.execute(rows)}


@contextmanager
def counted(site: Site) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database."""
    sent: list[str] = []

    def note(*given: Any) -> None:
        sent.append(given[2])

    engine = site.core.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def ask(
    site: Site, client: FlaskClient, address: str, runs: int
) -> tuple[list[tuple[float, float]], int, int]:
    """Return what each answer took, and the size and the statements of the last."""

    def answer() -> None:
        found = client.get(address)
        if found.status_code != HTTPStatus.OK:
            raise SystemExit(f"{address}: {found.status}")
        sizes.append(len(found.data))

    sizes: list[int] = []
    times = [timed(answer) for _ in range(runs)]
    with counted(site) as sent:
        answer()
    return times, sizes[-1], len(sent)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--solve-seconds", type=float, default=20)
    options, _ = parser.parse_known_args()  # `make bench` gives all scripts the same arguments
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    wards = [
        made(demo_ward(1), "DEMO", options.solve_seconds),
        made(with_people(grown_ward(60, 70, 1), "G-"), "GROWN", options.solve_seconds),
    ]
    with region() as site:
        places = fill(site, wards)
        client = site.person(TENANT, "ward_manager").client
        gc.collect()
        gc.freeze()  # as the web server does
        for code, place in places.items():
            empty = 0.0
            for name, page in PAGES.items():
                times, size, sent = ask(site, client, page.format(tenant=TENANT, **place), options.runs)
                worked = statistics.median(worked for worked, _ in times[2:])
                empty = empty or worked
                told(f"{code}, {name}", times[2:])
                least = min(worked for worked, _ in times)
                print(
                    f"  least {least:.0f} ms; first {times[0][0]:.0f} ms; "
                    f"{worked / empty:.1f} times a page without a ward; "
                    f"{sent} statements; {size // 1024} kB"
                )


if __name__ == "__main__":
    main()
