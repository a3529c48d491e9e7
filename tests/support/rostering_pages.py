"""What the tests of the rostering module's pages share."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from python_calamine import CalamineWorkbook
from sqlalchemy import event
from werkzeug.test import TestResponse

from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.testing.site import Person, Site
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status

BASE = "/t/ett/rostering"


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@contextmanager
def work(site: Site, slug: str = "ett") -> Iterator[TenantSession]:
    with site.core.database.unit_of_work(site.tenants[slug].id) as session:
        yield session


@contextmanager
def counted(site: Site) -> Iterator[list[str]]:
    """Give the statements that the site's database is asked."""
    engine, seen = site.core.database.engine, list[str]()

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def make_roster(site: Site, ward: WardData, period_id: UUID, *cells: Assignment) -> UUID:
    """Store a roster of these cells, priced by the evaluator."""
    evaluation = evaluate_ward(ward, cells)
    solution = Solution(
        status=Status.FEASIBLE,
        objective=evaluation.objective,
        bound=0,
        seconds=1.5,
        seed=1,
        versions={"ortools": "9"},
        breakdown=evaluation.breakdown,
        assignments=cells,
    )
    made = Made(new_id(), new_id(), period_id, input_hash(ward))
    with work(site) as session:
        store_roster(session, made, ward, solution)
    return made.roster_id


def sheets(response: TestResponse) -> list[str]:
    assert response.mimetype == XLSX
    return CalamineWorkbook.from_filelike(io.BytesIO(response.data)).sheet_names


def send(person: Person, content: bytes, name: str = "avdelning.xlsx", **fields: Any) -> TestResponse:
    data = {"file": (io.BytesIO(content), name), **fields}
    return person.client.post(f"{BASE}/import", data=data, buffered=True)


def carried(page: str) -> dict[str, str]:
    """Return the hidden fields with the file that a page carries."""
    fields = {}
    for name in ("content", "filename"):
        fields[name] = page.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]
    return fields
