"""Coverage templates on their pages, used for a period, and a period made without a workbook."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from rostering_pages import BASE, make_roster, work
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Person, Site
from samplan_rostering.domain.coverage import Coverage, needs_by_date
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.validation import validate
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import CoverageTemplate, HistoryShift, RosterPeriod, RuleSetting
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.services.employees.edit import ContractFields, add_employee
from samplan_rostering.services.setup.wards import add_ward

WORKDAYS = ["0", "1", "2", "3", "4"]


def set_needs(person: Person, url: str, **data: Any) -> Any:
    version = re.search(r'name="version"[^>]*value="(\d+)"', person.client.get(url).text)
    assert version is not None
    return person.client.post(f"{url}/needs", data={"version": version[1]} | data)


def template(person: Person, ward_id: UUID, **data: str) -> str:
    added = person.client.post(f"{BASE}/wards/{ward_id}/coverage", data={"name": "Hela året"} | data)
    assert added.status_code == 303, added.text
    return str(added.location)


def needs(site: Site, period_id: UUID, *dates: date) -> list[dict[Any, Any]]:
    with work(site) as session:
        ward = ward_data(session, period_id)
    found = needs_by_date(Coverage(ward.weekly_requirements, ward.dated_requirements), dates)
    return [found[on] for on in dates]


def shown(person: Person, url: str) -> dict[str, str]:
    """Return the form that applies what the page shows."""
    form = person.client.get(url).text.rsplit("<form", 1)[1]
    return dict(re.findall(r'name="(template|seen|all)" value="([^"]*)"', form))


@pytest.fixture
def year(scheduler: Person, ward_id: UUID) -> str:
    url = template(scheduler, ward_id)
    data = {"shift": "D", "skill": "SSK", "days": WORKDAYS, "minimum": "2", "target": "3", "maximum": "4"}
    assert set_needs(scheduler, url, **data).status_code == 303
    weekend = {"shift": "D", "skill": "SSK", "days": ["5", "6", "7"], "minimum": "1"}
    assert set_needs(scheduler, url, **weekend).status_code == 303
    return url


def test_templates_refuse_what_makes_no_sense(scheduler: Person, ward_id: UUID, year: str) -> None:
    url = f"{BASE}/wards/{ward_id}/coverage"
    summer = {"name": "Sommar", "first": "2027-06-14", "last": "2027-08-15"}
    wrong: tuple[dict[str, str], ...] = (
        {"name": "hela ÅRET"}, {"name": ""}, {"last": ""}, {"last": "2027-06-01"}, {"first": "x"},
        {"like": "x"},
    )  # fmt: skip
    for fault in wrong:
        assert scheduler.client.post(url, data=summer | fault).status_code == 422, fault
    assert scheduler.client.post(url, data=summer).status_code == 303
    meets = {"name": "Juli", "first": "2027-07-01", "last": "2027-07-31"}
    assert scheduler.client.post(url, data=meets).status_code == 422
    good = {"shift": "D", "skill": "", "days": ["0"], "minimum": "1", "target": "2", "maximum": "3"}
    bad: tuple[dict[str, Any], ...] = (
        {"minimum": "-1"}, {"minimum": "3"}, {"maximum": "1"}, {"minimum": ""}, {"days": []}, {"days": ["9"]},
        {"shift": "X"}, {"skill": "X"}, {"target": "1000"}, {"minimum": "två"},
    )  # fmt: skip
    for wrong_need in bad:
        assert set_needs(scheduler, year, **good | wrong_need).status_code == 422, wrong_need
    assert set_needs(scheduler, year, **good | {"version": "1"}).status_code == 409
    assert scheduler.client.post(f"{year}/delete", data={"version": "1"}).status_code == 409
    assert scheduler.client.post(year, data={"version": "3", "name": "Året"}).status_code == 303
    assert set_needs(scheduler, year, **good, action="remove").status_code == 303
    assert scheduler.client.post(f"{year}/delete", data={"version": "5"}).status_code == 303
    assert scheduler.client.get(year).status_code == 404


def test_what_a_template_asks_for_stays_in_use_and_moves_to_what_replaces_it(
    rostering_site: Site, scheduler: Person, ward_id: UUID, year: str
) -> None:
    page = scheduler.client.get(f"{BASE}/wards/{ward_id}/shift-types").text
    shift = re.search(rf'({BASE}/shift-types/[0-9a-f-]+)">D ', page)
    assert shift is not None
    mark = re.search(r'name="mark"[^>]*value="(\w+)"', scheduler.client.get(shift[1]).text)
    assert mark is not None
    assert scheduler.client.post(f"{shift[1]}/retire", data={"mark": mark[1]}).status_code == 422
    new = {
        "mark": mark[1], "code": "D2", "name": "Dag", "kind": "day", "start": "07:00", "end": "15:00",
        "break_minutes": "30",
    }  # fmt: skip
    assert scheduler.client.post(f"{shift[1]}/replace", data=new).status_code == 303
    assert "D2, SSK" in scheduler.client.get(year).text
    assert rostering_site.person("ett", "staffing_coordinator").client.post(year, data={}).status_code == 403


def test_a_template_is_shown_then_used_and_dates_set_by_themselves_stay(
    rostering_site: Site, scheduler: Person, ward_id: UUID, period_id: UUID, year: str
) -> None:
    winter = template(scheduler, ward_id, name="Vinter", first="2027-01-25", last="2027-02-07")
    data = {"shift": "D", "skill": "", "days": ["0", "1"], "minimum": "4"}
    assert set_needs(scheduler, winter, **data).status_code == 303
    eve, holiday, monday, season = (date(2027, 1, day) for day in (5, 6, 11, 25))
    before = needs(rostering_site, period_id, holiday)
    url = f"{BASE}/periods/{period_id}/coverage"
    asked = f"{url}?template={year.rsplit('/', 1)[1]}"
    form = shown(scheduler, asked)
    assert needs(rostering_site, period_id, holiday) == before
    assert scheduler.client.post(url, data=form | {"seen": "x"}).status_code == 409
    assert scheduler.client.post(url, data=form | {"template": "x"}).status_code == 422
    assert scheduler.client.post(url, data=form).status_code == 303
    assert needs(rostering_site, period_id, eve, holiday, monday, season) == [
        {("D", "SSK"): (2, 3, 4)}, *before, {("D", "SSK"): (2, 3, 4)}, {("D", None): (4, 4, None)},
    ]  # fmt: skip
    assert scheduler.client.post(url, data=form).status_code == 409  # what is there is another by now
    everything = shown(scheduler, f"{asked}&all=1")
    assert scheduler.client.post(url, data=everything).status_code == 303
    assert needs(rostering_site, period_id, holiday) == [{("D", "SSK"): (1, 1, None)}]
    with work(rostering_site) as session:
        session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = "published"
    assert scheduler.client.post(url, data=shown(scheduler, asked)).status_code in {409, 422}


def unskilled_employee(site: Site) -> None:
    with work(site) as session:
        contract = ContractFields(date(2026, 1, 1), None, Decimal(100), "day", 2400)
        fields = {"code": "M77", "name": "Ny Utankompetens", "profession": "Undersköterska"}
        add_employee(session, **fields, day_break=time(19), contract=contract)


def test_a_new_period_takes_people_rules_coverage_and_shifts_along(
    rostering_site: Site, manager: Person, ward: WardData, ward_id: UUID, period_id: UUID, year: str
) -> None:
    make_roster(rostering_site, ward, period_id, Assignment("M03", 3, "D"), Assignment("M04", 26, "D"))
    rule = {
        "rule": "unwanted_pattern", "level.unwanted_pattern": "soft", "version": "0",
        "figure.unwanted_pattern.pattern": "N D",
    }  # fmt: skip
    assert manager.client.post(f"{BASE}/wards/{ward_id}/rules/line", data=rule).status_code == 303
    url = f"{BASE}/wards/{ward_id}/periods/new"
    page = manager.client.get(url).text
    assert 'value="2027-02-01"' in page
    people = re.findall(r'name="people"[^>]*value="([0-9a-f-]+)"', page)
    assert len(people) == 4
    data: dict[str, Any] = {
        "first": "2027-02-01", "last": "2027-02-28", "name": "Vår 2", "weeks": "8", "people": people,
        "template": year.rsplit("/", 1)[1], "carry": "y",
    }  # fmt: skip
    wrong: tuple[dict[str, Any], ...] = (
        {"first": "2027-01-31"}, {"last": "2027-01-31"}, {"last": "2029-01-01"}, {"weeks": "3"},
        {"people": []}, {"first": ""}, {"template": "x"}, {"first": "2010-01-01", "last": "2010-01-31"},
        {"first": "9999-12-01", "last": "9999-12-31"}, {"first": "0001-01-01", "last": "0001-01-28"},
    )  # fmt: skip
    for fault in wrong:
        assert manager.client.post(url, data=data | fault).status_code == 422, fault
    made = manager.client.post(url, data=data)
    assert made.status_code == 303
    new = UUID(made.location.rsplit("/", 1)[1])
    with work(rostering_site) as session:
        found = ward_data(session, new)
        rules = session.scalars(select(RuleSetting.rule).where(RuleSetting.period_id == new)).all()
        history = session.scalars(select(HistoryShift.on_date).where(HistoryShift.period_id == new)).all()
    assert validate(found) == []
    assert set(rules) == {"unwanted_pattern", "average_ordinary"}
    assert {date(2027, 1, 7), date(2027, 1, 30)} <= set(history)
    assert needs(rostering_site, new, date(2027, 2, 1)) == [{("D", "SSK"): (2, 3, 4)}]
    assert "är med som historik" in manager.client.get(made.location).text
    assert rostering_site.person("ett", "staffing_coordinator").client.get(url).status_code == 403


def test_who_has_a_contract_and_no_skill_can_be_put_in_and_it_is_told(
    rostering_site: Site, manager: Person, ward_id: UUID, period_id: UUID, year: str
) -> None:
    unskilled_employee(rostering_site)
    url = f"{BASE}/wards/{ward_id}/periods/new"
    page = manager.client.get(url).text
    new = re.findall(r'name="people"([^>]*)value="([0-9a-f-]+)"[^>]*>\s*<label[^>]*>([^<]*)<', page)
    assert len(new) == 5
    unplaced = [key for _start, key, label in new if "(ännu inte på någon avdelning)" in label]
    assert len(unplaced) == 1
    data: dict[str, Any] = {
        "first": "2027-02-01", "last": "2027-02-28", "people": [key for _start, key, _label in new],
        "template": year.rsplit("/", 1)[1],
    }  # fmt: skip
    made = manager.client.post(url, data=data)
    assert made.status_code == 303
    for page in (made.location, f"{made.location}/optimise"):
        shown = manager.client.get(page).text
        assert "Kompetens saknas" in shown
        assert "inte få något pass: Ny Utankompetens." in shown
    assert "Kompetens saknas" not in manager.client.get(f"{BASE}/periods/{period_id}/optimise").text


def test_an_empty_ward_says_what_comes_first(
    rostering_site: Site, scheduler: Person, two_units: None
) -> None:
    with work(rostering_site) as session:
        key = add_ward(session, session.scalars(select(OrgUnit.id).where(OrgUnit.code == "AVD13")).one()).id
    page = scheduler.client.get(f"{BASE}/wards/{key}/periods/new")
    assert page.status_code == 200
    assert "Avdelningen har ingen passtyp än" in page.text
    url = template(scheduler, key, like="")
    assert scheduler.client.get(url).status_code == 200
    with work(rostering_site) as session:
        assert len(session.scalars(select(CoverageTemplate)).all()) == 1


def test_a_ward_without_templates_asks_for_what_its_newest_week_did(
    rostering_site: Site, manager: Person, ward_id: UUID, period_id: UUID
) -> None:
    before, after = (date(2027, 1, 11), date(2027, 1, 6)), (date(2027, 3, 22), date(2027, 3, 26))
    asked = needs(rostering_site, period_id, *before)  # a Monday and a public holiday
    assert asked[0] != asked[1]
    url = f"{BASE}/wards/{ward_id}/periods/new"
    page = manager.client.get(url).text
    assert re.search(r'<option selected value="newest">som i perioden 2027-01-04', page)
    people = re.findall(r'name="people"[^>]*value="([0-9a-f-]+)"', page)
    data: dict[str, Any] = {"first": "2027-03-22", "last": "2027-04-04", "people": people}
    empty = manager.client.post(
        url, data=data | {"first": "2027-04-05", "last": "2027-04-18", "template": ""}
    )
    assert empty.status_code == 303
    assert "Nästa steg: " in manager.client.get(empty.location).text
    assert f'{empty.location}/coverage">Välj bemanningskrav</a>' in manager.client.get(empty.location).text
    made = manager.client.post(url, data=data | {"template": "newest"})  # the empty one asks for nobody
    assert made.status_code == 303
    usual, holiday = needs(rostering_site, UUID(made.location.rsplit("/", 1)[1]), *after)
    assert (usual, holiday["D", "SSK"]) == (asked[0], asked[1]["D", "SSK"])
    assert f'{made.location}/optimise">Optimera</a>' in manager.client.get(f"{made.location}/wishes").text
