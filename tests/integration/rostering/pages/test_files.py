"""Files in and out: shown first, refused with a list, taken out again."""

from __future__ import annotations

import io
from dataclasses import replace
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from rostering_pages import BASE, XLSX, carried, send, sheets, work
from samplan.testing.site import Person, Site
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import ALL, RosterPeriod
from samplan_rostering.workbook import read_ward, write_ward


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


def test_the_roster_as_a_workbook(scheduler: Person, roster_id: UUID) -> None:
    book = scheduler.client.get(f"{BASE}/rosters/{roster_id}/roster.xlsx", buffered=True)
    assert len(sheets(book)) == 3
    first = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0).to_python()
    assert any("Åsa Exempel" in row for row in first)
    assert [row[2] for row in first if "Åsa Exempel" in row] == ["75,5 %"]
