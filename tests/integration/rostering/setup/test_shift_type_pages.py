"""Shift types and skills of a ward on their pages: added, changed, replaced, retired, and refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from rostering_pages import BASE, make_roster, work
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Employee, ShiftType, Skill
from samplan_rostering.queries.employees.lists import rest_account
from samplan_rostering.queries.periods.ward_data import ward_data

EVENING = {
    "code": "K", "name": "Kväll", "kind": "evening", "start": "13:30", "end": "22:00", "break_minutes": "45",
}  # fmt: skip


def row(site: Site, model: Any, code: str) -> Any:
    with work(site) as session:
        return session.scalars(select(model).where(model.code == code)).one()


def mark_of(person: Person, url: str) -> str:
    found = re.search(r'name="mark"[^>]*value="([0-9a-f]+)"', person.client.get(url).text)
    assert found is not None
    return found[1]


def post(person: Person, url: str, path: str = "", **data: str) -> Any:
    return person.client.post(url + path, data={"mark": mark_of(person, url)} | data)


def test_a_shift_type_is_added_and_what_makes_no_sense_is_refused(
    rostering_site: Site, scheduler: Person, ward_id: UUID, period_id: UUID
) -> None:
    url = f"{BASE}/wards/{ward_id}/shift-types"
    wrong: tuple[dict[str, str], ...] = (
        {"code": "d"}, {"code": ""}, {"code": "K 2"}, {"code": "A/K"}, {"name": ""}, {"kind": "x"},
        {"start": "25:00"}, {"end": "13:00"}, {"break_minutes": "-1"}, {"break_minutes": "510"},
        {"paid_minutes": "åtta"}, {"paid_minutes": "25:00"}, {"paid_minutes": "0:00"},
        {"own_colour": "y", "colour": "grön"},
    )  # fmt: skip
    for fault in wrong:
        assert scheduler.client.post(url, data=EVENING | fault).status_code == 422, fault
    assert scheduler.client.post(url, data=EVENING).status_code == 303
    stored = row(rostering_site, ShiftType, "K")
    assert (stored.start_time, stored.end_time, stored.paid_minutes) == (time(13, 30), time(22), 465)
    assert stored.colour is None
    assert "Kväll" in scheduler.client.get(url).text
    with work(rostering_site) as session:
        assert "K" in {shift.code for shift in ward_data(session, period_id).shift_types}
    assert rostering_site.person("ett", "staffing_coordinator").client.post(url, data={}).status_code == 403
    assert rostering_site.person("ett", "employee").client.get(url).status_code == 403


def test_a_shift_type_may_end_with_on_call_duty_and_standby(
    rostering_site: Site, scheduler: Person, ward_id: UUID, period_id: UUID
) -> None:
    url = f"{BASE}/wards/{ward_id}/shift-types"
    call = {
        "code": "J", "name": "Jour", "kind": "night", "start": "16:00", "end": "08:00", "break_minutes": "0",
        "on_call_minutes": "10:00", "standby_minutes": "6:00",
    }  # fmt: skip
    for fault in (
        {"on_call_minutes": "10:01"}, {"standby_minutes": "17:00"}, {"paid_minutes": "1:00"},
        {"break_minutes": "30"}, {"on_call_minutes": "natt"}, {"standby_minutes": "0:00"},
    ):  # fmt: skip
        long = fault == {"standby_minutes": "0:00"}  # 16 h of work without a permission
        wrong = scheduler.client.post(url, data=call | fault | ({"on_call_minutes": "16:00"} if long else {}))
        assert wrong.status_code == 422, fault
    too_long = call | {"on_call_minutes": "20:00", "break_minutes": "30"}
    assert "Från 0:00 till 10:00 timmar" in scheduler.client.post(url, data=too_long).text
    assert "från 0 till 0" not in scheduler.client.post(url, data=too_long).text  # of the break
    assert scheduler.client.post(url, data=call).status_code == 303
    stored = row(rostering_site, ShiftType, "J")
    assert (stored.paid_minutes, stored.on_call_minutes, stored.standby_minutes) == (0, 600, 360)
    page = scheduler.client.get(f"{BASE}/shift-types/{stored.id}").text
    assert 'value="10:00"' in page
    assert 'value="6:00"' in page
    with work(rostering_site) as session:
        there = ward_data(session, period_id)
    kinds = {shift.code: shift.on_call_minutes for shift in there.shift_types}
    assert (kinds["J"], kinds["D"]) == (600, 0)
    make_roster(rostering_site, there, period_id, Assignment("M03", 4, "J"), Assignment("M03", 5, "D"))
    own = row(rostering_site, Employee, "M03").id
    since = datetime(2027, 1, 1, tzinfo=UTC)
    with work(rostering_site) as session:
        rests = [each.rest for each in rest_account(session, own, since, since + timedelta(60))]
    assert rests == [None, 300], "from 2 to 7: standby is no work"


def test_the_times_of_a_worked_shift_type_stay_and_another_takes_its_place(
    rostering_site: Site, scheduler: Person, ward: WardData, ward_id: UUID, period_id: UUID
) -> None:
    assert ward_id
    with work(rostering_site) as session:
        make_roster(rostering_site, ward_data(session, period_id), period_id, Assignment("M03", 4, "N"))
    night = row(rostering_site, ShiftType, "N")
    url = f"{BASE}/shift-types/{night.id}"
    same = {"name": "Lång natt", "kind": "night", "start": "21:00", "end": "07:00", "break_minutes": "0"}
    assert post(scheduler, url, **same | {"start": "21:30"}).status_code == 422
    assert post(scheduler, url, **same).status_code == 303
    assert post(scheduler, url, **same | {"mark": "0" * 20}).status_code == 409
    new = same | {"code": "N2", "start": "21:15"}
    assert post(scheduler, f"{url}/replace", **new | {"code": "D"}).status_code == 422
    assert post(scheduler, f"{url}/replace", **new).status_code == 303
    assert row(rostering_site, ShiftType, "N").retired
    assert post(scheduler, url, "/retire", mark="0" * 20).status_code == 409
    with work(rostering_site) as session:
        codes = {shift.code for shift in ward_data(session, period_id).shift_types}
    assert codes == {"D", "N", "N2"}
    assert post(scheduler, url, "/restore").status_code == 303
    assert not row(rostering_site, ShiftType, "N").retired


def test_what_only_a_roster_has_stays_in_its_period_when_it_is_retired(
    rostering_site: Site, scheduler: Person, ward_id: UUID, period_id: UUID
) -> None:
    assert scheduler.client.post(f"{BASE}/wards/{ward_id}/shift-types", data=EVENING).status_code == 303
    url = f"{BASE}/shift-types/{row(rostering_site, ShiftType, 'K').id}"
    changed = EVENING | {"start": "14:00", "paid_minutes": "7:30", "own_colour": "y", "colour": "#112233"}
    assert post(scheduler, url, **changed).status_code == 303
    with work(rostering_site) as session:
        there = ward_data(session, period_id)
    roster = make_roster(rostering_site, there, period_id, Assignment("M03", 4, "K"))
    assert post(scheduler, url, "/retire").status_code == 303
    with work(rostering_site) as session:
        assert ward_data(session, period_id) == there
    assert "K" in scheduler.client.get(f"{BASE}/rosters/{roster}").text


def test_a_shift_type_of_the_rule_profile_is_not_retired(
    rostering_site: Site, manager: Person, ward_id: UUID
) -> None:
    pattern = {
        "rule": "unwanted_pattern", "level.unwanted_pattern": "soft", "version": "0",
        "figure.unwanted_pattern.pattern": "N D",
    }  # fmt: skip
    assert manager.client.post(f"{BASE}/wards/{ward_id}/rules/line", data=pattern).status_code == 303
    url = f"{BASE}/shift-types/{row(rostering_site, ShiftType, 'N').id}"
    assert post(manager, url, "/retire").status_code == 422
    assert not row(rostering_site, ShiftType, "N").retired


def test_skills_are_added_renamed_and_retired_and_show_who_holds_them(
    rostering_site: Site, scheduler: Person, ward_id: UUID, period_id: UUID
) -> None:
    url = f"{BASE}/wards/{ward_id}/skills"
    page = scheduler.client.get(url).text
    assert "Åsa Exempel" in page
    assert "2027-01-31" in page or "31 jan" in page
    for fault in ({"code": "ssk", "name": "x"}, {"code": "", "name": "x"}, {"code": "A,B", "name": "x"}):
        assert scheduler.client.post(url, data=fault).status_code == 422, fault
    assert scheduler.client.post(url, data={"code": "RTG", "name": "Röntgen"}).status_code == 303
    key = row(rostering_site, Skill, "RTG").id
    marks = re.findall(rf'/skills/{key}".*?name="mark" value="([0-9a-f]+)"', scheduler.client.get(url).text)
    named = f"{BASE}/skills/{key}"
    assert scheduler.client.post(named, data={"mark": marks[0], "name": ""}).status_code == 422
    assert scheduler.client.post(named, data={"mark": "0" * 20, "name": "Bild"}).status_code == 409
    assert scheduler.client.post(named, data={"mark": marks[0], "name": "Bild"}).status_code == 303
    assert row(rostering_site, Skill, "RTG").name == "Bild"
    marks = re.findall(rf'/skills/{key}".*?name="mark" value="([0-9a-f]+)"', scheduler.client.get(url).text)
    assert scheduler.client.post(f"{named}/retire", data={"mark": marks[0]}).status_code == 303
    with work(rostering_site) as session:
        assert "RTG" not in {skill.code for skill in ward_data(session, period_id).skills}
    assert scheduler.client.post(f"{named}/restore", data={"mark": marks[0]}).status_code == 409
