"""The module's pages: files in, periods, rosters; each for who may, and for nobody of another tenant."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, event, func, select
from werkzeug.test import TestResponse

from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.testing.site import Person, Site
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import ALL, Roster, RosterPeriod
from samplan_rostering.queries.rosters import input_hash
from samplan_rostering.services.rosters import Made, store_roster
from samplan_rostering.services.wards import import_ward
from samplan_rostering.solver.solution import Solution, Status
from samplan_rostering.workbook import read_ward, write_ward

BASE = "/t/ett/rostering"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@contextmanager
def work(site: Site, slug: str = "ett") -> Iterator[TenantSession]:
    with site.core.database.unit_of_work(site.tenants[slug].id) as session:
        yield session


@pytest.fixture
def scheduler(rostering_site: Site) -> Person:
    return rostering_site.person("ett", "scheduler")


@pytest.fixture
def period_id(rostering_site: Site, ward: WardData) -> UUID:
    with work(rostering_site) as session:
        return import_ward(session, ward)


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


@pytest.fixture
def roster_id(rostering_site: Site, ward: WardData, period_id: UUID) -> UUID:
    """A roster in which M01 works two days, one of them while absent."""
    cells = Assignment("M01", 0, "D"), Assignment("M01", 7, "D"), Assignment("M03", 3, "D")
    return make_roster(rostering_site, ward, period_id, *cells)


def send(person: Person, content: bytes, name: str = "avdelning.xlsx", **fields: Any) -> TestResponse:
    data = {"file": (io.BytesIO(content), name), **fields}
    return person.client.post(f"{BASE}/import", data=data, buffered=True)


def carried(page: str) -> dict[str, str]:
    """Return the hidden fields with the file that a page carries."""
    fields = {}
    for name in ("content", "filename"):
        fields[name] = page.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]
    return fields


def sheets(response: TestResponse) -> list[str]:
    assert response.mimetype == XLSX
    return CalamineWorkbook.from_filelike(io.BytesIO(response.data)).sheet_names


def test_the_first_page_says_what_to_do_next(rostering_site: Site, scheduler: Person) -> None:
    page = scheduler.client.get(f"{BASE}/").text
    assert f'href="{BASE}/import"' in page
    assert f'href="{BASE}/template.xlsx"' in page

    reader = rostering_site.person("ett", "viewer").client.get(f"{BASE}/").text
    assert f"{BASE}/import" not in reader


def test_the_first_page_and_the_card_list_the_periods(scheduler: Person, period_id: UUID) -> None:
    for path in ("/", "/card"):
        page = scheduler.client.get(f"{BASE}{path}")
        assert page.status_code == 200
        assert f"{BASE}/periods/{period_id}" in page.text
        assert "Avdelning 12" in page.text


def test_a_workbook_is_shown_before_it_is_read_in(
    rostering_site: Site, scheduler: Person, ward: WardData
) -> None:
    shown = send(scheduler, write_ward(ward))
    assert shown.status_code == 200
    with work(rostering_site) as session:
        assert session.scalar(select(func.count()).select_from(RosterPeriod)) == 0

    done = scheduler.client.post(f"{BASE}/import/confirm", data=carried(shown.text), buffered=True)
    assert done.status_code == 303
    period = scheduler.client.get(done.location)
    assert "Avdelning 12" in period.text
    again = scheduler.client.get(f"{done.location}/workbook.xlsx", buffered=True)
    assert read_ward_bytes(again) == ward


def read_ward_bytes(response: TestResponse) -> WardData:
    assert response.mimetype == XLSX
    return read_ward(response.data)


def test_a_faulty_workbook_is_listed_marked_and_not_stored(
    rostering_site: Site, scheduler: Person, ward: WardData
) -> None:
    faulty = replace(
        ward, unit=replace(ward.unit, code="AVD21"), wishes=(replace(ward.wishes[0], shift="X"),)
    )
    listed = send(scheduler, write_ward(faulty))

    assert listed.status_code == 422
    assert "AVD21" in listed.text
    assert "X" in listed.text
    marked = scheduler.client.post(f"{BASE}/import/marked.xlsx", data=carried(listed.text), buffered=True)
    assert sheets(marked)[0] == "Fel"
    refused = scheduler.client.post(f"{BASE}/import/confirm", data=carried(listed.text), buffered=True)
    assert refused.status_code == 422
    with work(rostering_site) as session:
        assert all(session.scalar(select(func.count()).select_from(model)) == 0 for model in ALL)


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"PK\x03\x04broken", b"SECTION_STAFF\nA,B\n"])
def test_what_is_no_such_file_is_refused(scheduler: Person, content: bytes) -> None:
    refused = send(scheduler, content, "fil.bin")
    assert refused.status_code == 422
    assert scheduler.client.post(f"{BASE}/import", data={}, buffered=True).status_code == 422


def test_a_benchmark_file_is_read_in_place_of_a_workbook(scheduler: Person, benchmark_text: str) -> None:
    shown = send(scheduler, benchmark_text.encode(), "Instance1.txt")
    done = scheduler.client.post(f"{BASE}/import/confirm", data=carried(shown.text), buffered=True)
    page = scheduler.client.get(done.location)

    assert "Instance1" in page.text
    assert "Instance1" in scheduler.client.get(f"{BASE}/").text


def test_a_file_that_did_not_arrive_whole_is_refused(scheduler: Person) -> None:
    done = scheduler.client.post(f"{BASE}/import/confirm", data={"content": "%"}, buffered=True)
    assert done.status_code == 422


def test_the_template_is_a_workbook(scheduler: Person) -> None:
    assert "Medarbetare" in sheets(scheduler.client.get(f"{BASE}/template.xlsx", buffered=True))


def test_an_optimisation_is_asked_for_within_the_limits(scheduler: Person, period_id: UUID) -> None:
    url = f"{BASE}/periods/{period_id}/solve"
    started = scheduler.client.post(url, data={"seconds": 5, "workers": 1, "seed": 3}, buffered=True)
    assert started.status_code == 302
    assert "hx-get" in scheduler.client.get(started.location).text

    for wrong in ({"seconds": 100_000}, {"seconds": 0}, {"seconds": ""}, {"seconds": 5, "workers": 99}):
        refused = scheduler.client.post(url, data={"workers": 1, "seed": 1, **wrong}, buffered=True)
        assert refused.status_code == 422, wrong


def test_the_grid_shows_shifts_coverage_hours_and_breaches(
    scheduler: Person, roster_id: UUID, period_id: UUID
) -> None:
    page = scheduler.client.get(f"{BASE}/rosters/{roster_id}")

    assert page.status_code == 200
    for words in ("Åsa Exempel", "75.5", "1/1", "0/1", "▼", "Trettondedag jul", "8:00", "Semester"):
        assert words in page.text, words
    assert f'href="{BASE}/periods/{period_id}"' in page.text
    assert 'class="ro-breach' in page.text or "ro-breach" in page.text
    assert "style=" not in page.text


def test_who_only_reads_sees_neither_wishes_nor_kinds_of_absence(
    rostering_site: Site, roster_id: UUID
) -> None:
    reader = rostering_site.person("ett", "viewer")
    page = reader.client.get(f"{BASE}/rosters/{roster_id}").text

    assert "Åsa Exempel" in page
    assert "Semester" not in page
    assert "♥" not in page
    assert (
        "Semester" in rostering_site.person("ett", "scheduler").client.get(f"{BASE}/rosters/{roster_id}").text
    )


def test_the_roster_as_a_workbook(scheduler: Person, roster_id: UUID) -> None:
    book = scheduler.client.get(f"{BASE}/rosters/{roster_id}/roster.xlsx", buffered=True)
    assert len(sheets(book)) == 3
    first = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0).to_python()
    assert any("Åsa Exempel" in row for row in first)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_grids_queries_do_not_grow_with_the_ward(
    rostering_site: Site, scheduler: Person, ward: WardData, period_id: UUID
) -> None:
    engine = rostering_site.core.database.engine
    small = make_roster(rostering_site, ward, period_id, Assignment("M01", 0, "D"))
    cells = [Assignment(person.code, day, "D") for person in ward.employees for day in range(28)]
    large = make_roster(rostering_site, ward, period_id, *cells)
    scheduler.client.get(f"{BASE}/rosters/{small}")

    with counted(engine) as few:
        scheduler.client.get(f"{BASE}/rosters/{small}")
    with counted(engine) as many:
        scheduler.client.get(f"{BASE}/rosters/{large}")

    assert len(many) == len(few) < 40


def test_a_changed_input_is_said(
    rostering_site: Site, scheduler: Person, ward: WardData, roster_id: UUID
) -> None:
    url = f"{BASE}/rosters/{roster_id}"
    before = scheduler.client.get(url).text
    with work(rostering_site) as session:
        import_ward(session, replace(ward, wishes=()))

    after = scheduler.client.get(url).text
    assert "har ändrats sedan" in after
    assert "har ändrats sedan" not in before


PAGES = ("periods/{0}", "periods/{0}/workbook.xlsx", "rosters/{1}", "rosters/{1}/roster.xlsx")


@pytest.mark.parametrize("page", PAGES)
def test_another_tenant_finds_nothing(
    rostering_site: Site, period_id: UUID, roster_id: UUID, page: str
) -> None:
    path = page.format(period_id, roster_id)
    neighbour = rostering_site.person("annat", "scheduler")

    answer = neighbour.client.get(f"/t/annat/rostering/{path}", buffered=True)
    assert answer.status_code == 404
    assert "Åsa" not in answer.text
    assert neighbour.client.get(f"{BASE}/{path}", buffered=True).status_code == 404
    own = rostering_site.person("ett", "scheduler").client.get(f"{BASE}/{path}", buffered=True)
    assert own.status_code == 200


def test_another_tenant_cannot_start_an_optimisation(rostering_site: Site, period_id: UUID) -> None:
    neighbour = rostering_site.person("annat", "scheduler")
    form = {"seconds": 5, "workers": 1, "seed": 1}
    for wrong in (period_id, uuid4()):
        url = f"/t/annat/rostering/periods/{wrong}/solve"
        assert neighbour.client.post(url, data=form, buffered=True).status_code == 404


def test_each_page_asks_for_its_permission(rostering_site: Site, period_id: UUID, roster_id: UUID) -> None:
    reader = rostering_site.person("ett", "viewer").client
    assert reader.get(f"{BASE}/rosters/{roster_id}").status_code == 200
    assert reader.get(f"{BASE}/periods/{period_id}").status_code == 200
    assert reader.get(f"{BASE}/periods/{period_id}/workbook.xlsx").status_code == 403
    assert reader.get(f"{BASE}/import").status_code == 403
    assert reader.post(f"{BASE}/periods/{period_id}/solve", data={"seconds": 5}).status_code == 403
    controller = rostering_site.person("ett", "controller").client
    assert controller.get(f"{BASE}/").status_code == 403


def test_rosters_are_numbered(rostering_site: Site, ward: WardData, period_id: UUID) -> None:
    first, second = (make_roster(rostering_site, ward, period_id) for _ in range(2))
    with work(rostering_site) as session:
        numbers = {row.id: row.number for row in session.scalars(select(Roster))}
    assert numbers == {first: 1, second: 2}
