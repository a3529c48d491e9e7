"""Absences that one asks for, and one's own hours and fairness."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import select

from own_pages import OWN
from rostering_pages import BASE, work
from samplan.testing.site import Person, Site
from samplan_rostering.models import Absence, AbsenceRequest, Employee
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.services.employees.accounts import link_account

WEEK = {"first": "2027-01-18", "last": "2027-01-20", "kind": "parental"}


def absences(site: Site) -> list[tuple[str, str]]:
    with work(site) as session:
        rows = session.scalars(select(Absence).join(Employee).where(Employee.code == "M01")).all()
        return sorted((row.first_date.isoformat(), row.kind) for row in rows)


def test_an_absence_is_asked_for_and_registered_when_it_is_approved(
    rostering_site: Site, period_id: UUID, me: Person, colleague: Person, manager: Person
) -> None:
    before = absences(rostering_site)
    assert me.client.post(f"{OWN}/absences", data=WEEK).status_code == 303
    assert me.client.post(f"{OWN}/absences", data=WEEK).status_code == 422, "asked for already"
    with work(rostering_site) as session:
        asked = session.scalars(select(AbsenceRequest.id)).one()
    assert absences(rostering_site) == before
    assert "Föräldraledig" not in colleague.client.get(f"{OWN}/absences").text.split("<form")[0]
    assert colleague.client.post(f"{OWN}/absences/{asked}/withdraw").status_code == 404

    page = f"{BASE}/periods/{period_id}/requests"
    assert "Åsa Exempel" in manager.client.get(page).text
    assert me.client.post(f"{page}/absences/{asked}", data={"approve": "1"}).status_code == 403
    assert manager.client.post(f"{page}/absences/{asked}", data={"approve": "1"}).status_code == 303
    assert absences(rostering_site) == [*before, ("2027-01-18", "parental")]
    assert manager.client.post(f"{page}/absences/{asked}", data={"approve": "0"}).status_code == 409
    assert me.client.post(f"{OWN}/absences/{asked}/withdraw").status_code == 409


def test_no_second_absence_is_approved_for_dates_that_one_is_registered_for(
    rostering_site: Site, period_id: UUID, me: Person, manager: Person
) -> None:
    assert me.client.post(f"{OWN}/absences", data=WEEK).status_code == 303
    with work(rostering_site) as session:
        asked = session.scalars(select(AbsenceRequest)).one()
        key, employee_id, first = asked.id, asked.employee_id, asked.first_date
        session.add(
            Absence(employee_id=employee_id, first_date=first, last_date=first, kind="sick", position=99)
        )
    before, page = absences(rostering_site), f"{BASE}/periods/{period_id}/requests"
    refused = manager.client.post(f"{page}/absences/{key}", data={"approve": "1"})
    assert refused.status_code == 409
    assert "finns redan en frånvaro registrerad 2027-01-18 – 2027-01-18" in refused.text
    assert absences(rostering_site) == before
    assert manager.client.post(f"{page}/absences/{key}", data={"approve": "0"}).status_code == 303


def test_what_cannot_be_asked_for_is_refused_and_a_request_can_be_declined_or_withdrawn(
    rostering_site: Site, period_id: UUID, me: Person, manager: Person
) -> None:
    for change in (
        {"last": "2027-01-17"},
        {"first": "2026-01-01", "last": "2026-01-02"},
        {"last": "2029-01-01"},
        {"kind": "sick"},
        {"kind": ""},
        {"first": "soon"},
        {"first": "2027-01-11"},
    ):
        assert me.client.post(f"{OWN}/absences", data=WEEK | change).status_code == 422, change
    before, page = absences(rostering_site), f"{BASE}/periods/{period_id}/requests"
    ends = (lambda key: f"{OWN}/absences/{key}/withdraw", me), (lambda key: f"{page}/absences/{key}", manager)
    for url, person in ends:
        assert me.client.post(f"{OWN}/absences", data=WEEK).status_code == 303
        with work(rostering_site) as session:
            asked = session.scalars(select(AbsenceRequest).where(AbsenceRequest.state == "requested")).one()
            key = asked.id
        assert person.client.post(url(key), data={"approve": "0"}).status_code == 303
    assert absences(rostering_site) == before


def test_a_part_of_a_day_is_asked_for_decided_on_and_shown(
    rostering_site: Site, period_id: UUID, roster_id: UUID, me: Person, manager: Person
) -> None:
    part = {"first": "2027-01-05", "last": "2027-01-05", "kind": "training", "start": "08:00", "end": "12:00"}
    for change in ({"end": ""}, {"start": ""}, {"end": "07:00"}, {"end": "08:00"}, {"start": "8"}):
        assert me.client.post(f"{OWN}/absences", data=part | change).status_code == 422, change
    assert me.client.post(f"{OWN}/absences", data=part).status_code == 303
    assert (
        me.client.post(f"{OWN}/absences", data=part | {"start": "11:00", "end": "13:00"}).status_code == 422
    )
    later = part | {"start": "12:00", "end": "00:00"}
    assert me.client.post(f"{OWN}/absences", data=later).status_code == 303, "the other part of the day"
    page = f"{BASE}/periods/{period_id}/requests"
    shown = manager.client.get(page).text
    assert shown.count("08:00–12:00") == shown.count("12:00–00:00") == 1
    for asked in re.findall(r"requests/absences/([0-9a-f-]+)", shown):
        manager.client.post(f"{page}/absences/{asked}", data={"approve": "1"})
    assert absences(rostering_site).count(("2027-01-05", "training")) == 2
    for url in (f"{OWN}/?from=2027-01-04", f"{OWN}/month?month=2027-01", f"{OWN}/absences"):
        assert "08:00–12:00" in me.client.get(url).text, url
    grid = manager.client.get(f"{BASE}/rosters/{roster_id}").text
    assert grid.count('title="Utbildning 08:00–12:00"') == 1
    with work(rostering_site) as session:
        ward = ward_data(session, period_id)
        assert {row.clock for row in ward.absences if not row.whole} == {(480, 720), (720, 1440)}


def test_nobody_decides_on_the_own_request(rostering_site: Site, period_id: UUID) -> None:
    boss = rostering_site.person("ett", "ward_manager", "employee")
    with work(rostering_site) as session:
        key = session.scalars(select(Employee.id).where(Employee.code == "M04")).one()
        link_account(session, period_id, key, boss.account_id)
    assert boss.client.post(f"{OWN}/absences", data=WEEK).status_code == 303
    with work(rostering_site) as session:
        asked = session.scalars(select(AbsenceRequest.id)).one()
    url = f"{BASE}/periods/{period_id}/requests/absences/{asked}"
    assert boss.client.post(url, data={"approve": "1"}).status_code == 409


def test_hours_and_fairness_are_those_of_the_chosen_roster(me: Person, published: UUID) -> None:
    page = me.client.get(f"{OWN}/balance").text
    row = page.split("2027-01-04 – 2027-01-31")[1].split("</tr>", maxsplit=1)[0]
    values = [
        part.split("<", maxsplit=1)[0] for part in row.split(">") if part.split("<", maxsplit=1)[0].strip()
    ]
    assert values[0] == "18:00"
    assert values[3:] == ["0", "1", "0", "0 av 1"], "weekends, nights, holidays, wishes met"
