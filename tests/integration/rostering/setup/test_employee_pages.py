"""Employees on their pages: contracts with history, skills, absences and shares of a contract."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from rostering_pages import BASE, carried, counted, make_roster, send, work
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Employee, Skill
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.services.setup.wards import add_ward
from samplan_rostering.workbook import write_ward

CONTRACT = {"valid_from": "2027-02-01", "percentage": "50", "roster_type": "day"}


def employee_id(site: Site, code: str = "M01") -> UUID:
    with work(site) as session:
        found: UUID = session.scalars(select(Employee.id).where(Employee.code == code)).one()
        return found


def post(person: Person, url: str, path: str, **data: str) -> Any:
    mark = re.search(r'name="mark"[^>]*value="([0-9a-f]+)"', person.client.get(url).text)
    assert mark is not None
    return person.client.post(f"{url}{path}", data=data | {"mark": data.get("mark", mark[1])})


def contracts(site: Site, period_id: UUID, code: str = "M01") -> list[tuple[date, date | None, Decimal]]:
    with work(site) as session:
        rows = ward_data(session, period_id).contracts
    return sorted((row.valid_from, row.valid_to, row.percentage) for row in rows if row.employee == code)


@pytest.fixture
def url(rostering_site: Site, period_id: UUID) -> str:
    assert period_id
    return f"{BASE}/employees/{employee_id(rostering_site)}"


def test_an_employee_is_found_by_name_id_and_ward(
    rostering_site: Site, scheduler: Person, ward_id: UUID
) -> None:
    page = scheduler.client.get(f"{BASE}/employees?q=åsa+m01").text
    assert "Åsa Exempel" in page
    assert "Bo Exempel" not in page
    assert "Bo Exempel" in scheduler.client.get(f"{BASE}/employees?ward={ward_id}").text
    assert "Bo Exempel" in scheduler.client.get(f"{BASE}/wards/{ward_id}/staff").text
    assert "Bo Exempel" not in scheduler.client.get(f"{BASE}/employees?q=%25x").text
    assert rostering_site.person("ett", "employee").client.get(f"{BASE}/employees").status_code == 403


def test_the_forms_of_skills_and_shares_ask_no_more_of_several_wards(
    rostering_site: Site, scheduler: Person, url: str, two_units: None
) -> None:
    with counted(rostering_site) as one:
        scheduler.client.get(url)
    with work(rostering_site) as session:
        unit = session.scalars(select(OrgUnit.id).where(OrgUnit.code == "AVD13")).one()
        session.add(Skill(ward_id=add_ward(session, unit).id, code="BM", name="Barnmorska", position=0))
    with counted(rostering_site) as two:
        page = scheduler.client.get(url).text
    assert "BM Barnmorska, Avdelning 13" in page
    assert len(two) <= len(one)
    assert sum(" rostering.contract \n" in text for text in two) == 1


def test_an_employee_is_added_with_contract_and_skill(
    rostering_site: Site, scheduler: Person, ward_id: UUID
) -> None:
    with work(rostering_site) as session:
        skill = session.scalars(select(Skill.id).where(Skill.code == "SSK")).one()
    data = CONTRACT | {"code": "M09", "name": "Ny Exempel", "day_break": "19:00", "skill_id": str(skill)}
    url = f"{BASE}/employees/new?ward={ward_id}"
    wrong: tuple[dict[str, str], ...] = (
        {"code": "M01"}, {"code": "19121212-1212"}, {"code": ""}, {"percentage": "101"}, {"roster_type": "x"},
        {"valid_to": "2027-01-01"}, {"fulltime": "sju"}, {"day_break": "25:00"},
    )  # fmt: skip
    for fault in wrong:
        assert scheduler.client.post(url, data=data | fault).status_code == 422, fault
    added = scheduler.client.post(url, data=data | {"fulltime": "38:15"})
    assert added.status_code == 303
    page = scheduler.client.get(added.location).text
    assert 'name="last" value="2027-02-01"' in page  # one that begins later does not end today
    assert "38:15" in page
    assert "SSK" in page


def test_a_change_of_contract_from_a_date_keeps_the_history(
    rostering_site: Site, scheduler: Person, period_id: UUID, url: str
) -> None:
    start = date(2020, 1, 1)
    assert post(scheduler, url, "/contracts", **CONTRACT, valid_to="2027-03-31").status_code == 303
    assert contracts(rostering_site, period_id) == [
        (start, date(2027, 1, 31), Decimal("75.5")),
        (date(2027, 2, 1), date(2027, 3, 31), Decimal(50)),
        (date(2027, 4, 1), None, Decimal("75.5")),
    ]
    assert post(scheduler, url, "/contracts", **CONTRACT).status_code == 422  # begins with another
    over = CONTRACT | {"valid_from": "2027-03-01", "valid_to": "2027-05-01"}
    assert post(scheduler, url, "/contracts", **over).status_code == 422
    late = scheduler.client.post(f"{url}/contracts", data=CONTRACT | {"mark": "0" * 20})
    assert late.status_code == 409


def test_a_contract_until_the_last_date_there_is_has_nothing_after_it(
    rostering_site: Site, scheduler: Person, url: str, period_id: UUID
) -> None:
    assert post(scheduler, url, "/contracts", **CONTRACT, valid_to="9999-12-31").status_code == 303
    assert [row[:2] for row in contracts(rostering_site, period_id)] == [
        (date(2020, 1, 1), date(2027, 1, 31)),
        (date(2027, 2, 1), date(9999, 12, 31)),
    ]
    assert scheduler.client.get(url).status_code == 200


def test_what_reaches_a_roster_is_shown_first(
    rostering_site: Site, scheduler: Person, ward: WardData, period_id: UUID, url: str
) -> None:
    with work(rostering_site) as session:
        there = ward_data(session, period_id)
    make_roster(rostering_site, there, period_id, Assignment("M01", 1, "D"))
    data = {"first": "2027-01-05", "last": "2027-01-05", "kind": "leave"}
    shown = post(scheduler, url, "/absences", **data)
    assert shown.status_code == 200
    assert "Avdelning 12" in shown.text
    with work(rostering_site) as session:
        assert ward_data(session, period_id) == there
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.text))
    assert scheduler.client.post(f"{url}/absences", data=fields | {"seen": "other"}).status_code == 409
    assert scheduler.client.post(f"{url}/absences", data=fields).status_code == 303
    with work(rostering_site) as session:
        assert len(ward_data(session, period_id).absences) == len(ward.absences) + 1
    twice = post(scheduler, url, "/absences", **data)
    assert twice.status_code == 422


def test_skills_and_absences_begin_and_end(
    rostering_site: Site, scheduler: Person, period_id: UUID, url: str
) -> None:
    page = scheduler.client.get(url).text
    ends = re.findall(r"(/skills/[0-9a-f-]{36}/end)", page)
    assert len(ends) == 2
    assert post(scheduler, url, ends[0], last="2027-01-10").status_code == 303
    with work(rostering_site) as session:
        held = ward_data(session, period_id).employees[0].skills
    assert date(2027, 1, 10) in {skill.valid_to for skill in held}
    gone = re.search(r"(/absences/[0-9a-f-]{36}/remove)", scheduler.client.get(url).text)
    assert gone is not None
    other = f"{BASE}/employees/{employee_id(rostering_site, 'M02')}"
    assert post(scheduler, other, gone[1]).status_code == 404
    assert post(scheduler, url, gone[1]).status_code == 303
    with work(rostering_site) as session:
        assert all(row.employee != "M01" for row in ward_data(session, period_id).absences)
    changed = {"name": "Åsa Ny", "profession": "Barnmorska", "day_break": "07:00"}
    assert post(scheduler, url, "", **changed).status_code == 303
    assert post(scheduler, url, "", **changed | {"name": "850709-9805"}).status_code == 422


def test_a_split_contract_gives_each_ward_its_share_and_stays_split_by_workbook(
    rostering_site: Site, scheduler: Person, ward_id: UUID, period_id: UUID, url: str, two_units: None
) -> None:
    with work(rostering_site) as session:
        unit = session.scalars(select(OrgUnit.id).where(OrgUnit.code == "AVD13")).one()
        other = add_ward(session, unit).id
    options = r'name="contract_id"[^>]*>\s*<option[^>]*value="([0-9a-f-]{36})"'
    page = scheduler.client.get(url).text
    key = re.search(options, page)
    assert key is not None
    assert "från 2020-01-01, 75,5 %" in page
    share = {"contract_id": key[1], "ward_id": str(ward_id), "percentage": "50.5"}
    assert post(scheduler, url, "/shares", **share).status_code == 303
    assert post(scheduler, url, "/shares", **share).status_code == 422  # there already
    more = share | {"ward_id": str(other), "work": "Mottagning"}
    assert post(scheduler, url, "/shares", **more).status_code == 422  # above the contract
    assert post(scheduler, url, "/shares", **more | {"percentage": "25"}).status_code == 303
    assert contracts(rostering_site, period_id) == [(date(2020, 1, 1), None, Decimal("50.5"))]
    with work(rostering_site) as session:
        there = ward_data(session, period_id)
    shown = send(scheduler, write_ward(there))
    assert scheduler.client.post(f"{BASE}/import/confirm", data=carried(shown.text)).status_code == 303
    with work(rostering_site) as session:
        assert ward_data(session, period_id) == there
    assert "Mottagning" in scheduler.client.get(url).text
    gone = re.findall(r"(/shares/[0-9a-f-]{36}/remove)", scheduler.client.get(url).text)
    for path in gone:
        assert post(scheduler, url, path).status_code == 303
    assert contracts(rostering_site, period_id) == [(date(2020, 1, 1), None, Decimal("75.5"))]
