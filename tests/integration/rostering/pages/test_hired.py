"""Hired staff of a period: added, given shifts, changed, taken away; not what is about employment."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from rostering_pages import BASE, make_roster, work
from samplan.audit.models import AuditEntry
from samplan.plugin_api import Invalid, Period, RosteredHours, WorkedHiredShifts
from samplan.testing.site import Person, Site
from samplan_rostering.domain.hired import Hired
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Employee as EmployeeValue
from samplan_rostering.domain.ward import HeldSkill, Pin, WardData
from samplan_rostering.models import Employee, RosterPeriod, Skill, WorkedShift
from samplan_rostering.queries.figures.roster_counts import count_roster
from samplan_rostering.queries.outcome.days import outcome
from samplan_rostering.queries.periods.lists import get_roster
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.publishing.publications import get_period, standing_of
from samplan_rostering.queries.rosters.plan import published_plan
from samplan_rostering.queries.rosters.standing import standing
from samplan_rostering.queries.rosters.stored import assignments, evaluation, input_hash
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.publishing import steps as publishing
from samplan_rostering.services.publishing.steps import Act
from samplan_rostering.services.rosters.cells import Wanted
from samplan_rostering.services.rosters.edits import Editor, edit_roster, undo_edit


def address(period_id: UUID, rest: str = "") -> str:
    return f"{BASE}/periods/{period_id}/hired{rest}"


def send(person: Person, url: str, **fields: Any) -> TestResponse:
    return person.client.post(url, data=fields, buffered=True)


@pytest.fixture
def nurse(rostering_site: Site) -> str:
    """The id of the skill that the day shift asks for."""
    with work(rostering_site) as session:
        return str(session.scalars(select(Skill.id).where(Skill.code == "SSK")).one())


@pytest.fixture
def hired(rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID, nurse: str) -> UUID:
    """V-7 of Vikarie AB, hired for the second week."""
    fields = {"supplier": "Vikarie AB", "reference": "V-7", "profession": "Sjuksköterska", "skills": nurse}
    dates = {"first": "2027-01-11", "last": "2027-01-17", "hours": "24"}
    assert send(scheduler, address(period_id), **fields, **dates).status_code == 303
    assert "V-7 kan nu få pass" in scheduler.client.get(address(period_id)).text
    with work(rostering_site) as session:
        return session.scalars(select(Employee.id).where(Employee.code == "V-7")).one()


def change(site: Site, who: Person, roster_id: UUID, *cells: tuple[str, int, str]) -> None:
    with work(site) as session:
        roster = get_roster(session, roster_id)
        editor = Editor(who.account_id, site.core.clock.now(), roster.version)
        edit_roster(session, roster_id, editor, [Wanted(c, date(2027, 1, d), s) for c, d, s in cells])


def test_somebody_hired_gets_a_row_and_shifts_that_are_kept(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID, hired: UUID
) -> None:
    with work(rostering_site) as session:
        roster = get_roster(session, roster_id)
        assert roster.input_hash == input_hash(ward_data(session, period_id)), "rosters stay comparable"
    change(rostering_site, scheduler, roster_id, ("V-7", 11, "D"))
    change(rostering_site, scheduler, roster_id, ("V-7", 12, "D"), ("V-7", 11, ""))
    with work(rostering_site) as session:
        assert Pin("V-7", date(2027, 1, 12), "D") in ward_data(session, period_id).pins
        assert all(pin.date.day != 11 for pin in ward_data(session, period_id).pins)
        roster = get_roster(session, roster_id)
        assert not [v for v in evaluation(session, roster, private=True).violations if v.employee == "V-7"]
        editor = Editor(scheduler.account_id, rostering_site.core.clock.now(), roster.version)
        undo_edit(session, roster_id, editor)
        assert Pin("V-7", date(2027, 1, 11), "D") in ward_data(session, period_id).pins
    change(rostering_site, scheduler, roster_id, ("V-7", 12, "D"), ("V-7", 13, "D"), ("V-7", 18, "D"))
    page = scheduler.client.get(f"{BASE}/rosters/{roster_id}").text
    row = page.split('data-employee="V-7"', 1)[1].split("</tr>", 1)[0]
    assert "Inhyrd, Vikarie AB" in row
    assert 'data-shift="D"' in row
    assert "data-locked" not in row
    with work(rostering_site) as session:
        found = evaluation(session, get_roster(session, roster_id), private=True).violations
        assert {(v.rule, v.day) for v in found if v.employee == "V-7"} == {
            ("contract", 14),
            ("hours_max", None),
        }
    call_off = f"{BASE}/periods/{period_id}/call-off"
    assert send(scheduler, f"{call_off}/renew", basis="minimum").status_code == 303
    change(rostering_site, scheduler, roster_id, ("V-7", 14, "D"))
    assert f'/rosters/{roster_id}#person-5">V-7</a>' in scheduler.client.get(call_off).text
    change(rostering_site, scheduler, roster_id, ("V-7", 14, ""))
    listed = scheduler.client.get(address(period_id)).text
    assert "32:00 av högst 24:00" in listed
    tell_hours(rostering_site)


def tell_hours(site: Site) -> None:
    """Hold what other modules are told of the hours of somebody hired."""
    with work(site) as session:
        offered = site.core.modules.find(RosteredHours, session, frozenset({"rostering"}))
        assert offered is not None
        (found,) = offered.hired(Period(date(2027, 1, 1), date(2027, 1, 31)))
        assert (found.month, found.unit, found.profession) == (date(2027, 1, 1), "AVD12", "Sjuksköterska")
        assert (found.hours, found.called_off, found.time_class) == (32, False, None)
        january = Period(date(2027, 1, 1), date(2027, 1, 31))
        halves = offered.hired(january, lambda *_shift: {"a": Decimal(3), "b": Decimal(1)})
        assert [(half.time_class, half.hours) for half in halves] == [("a", 24), ("b", 8)]
        assert offered.hired(Period(date(2027, 2, 1), date(2027, 2, 28))) == []


def test_what_is_wrong_is_refused_in_words(
    rostering_site: Site, scheduler: Person, period_id: UUID, hired: UUID, nurse: str
) -> None:
    new = {"supplier": "Vikarie AB", "reference": "V-8", "profession": "Sjuksköterska", "skills": nurse}
    for wrong, word in (
        ({"supplier": ""}, "Fyll i"),
        ({"reference": "V-7"}, "redan"),
        ({"reference": "M01"}, "någon annan"),
        ({"reference": "V-7", "supplier": "Annan AB"}, "någon annan"),
        ({"reference": "19121212-1212"}, "ersonnummer"),
        ({"skills": str(uuid4())}, "kompetenser"),
        ({"first": "2027-01-20", "last": "2027-01-10"}, "2027-01-20"),
        ({"first": "2027-03-01"}, "2027-01-31"),
        ({"hours": "mycket"}, "38:15"),
        ({"first": "i morgon"}, "datum"),
    ):
        answer = send(scheduler, address(period_id), **{**new, **wrong})
        assert answer.status_code == 422, wrong
        assert word in answer.text, wrong
    viewer = rostering_site.person("ett", "viewer")
    assert viewer.client.get(address(period_id)).status_code == 403
    assert send(viewer, address(period_id), **new).status_code == 403
    stranger = rostering_site.person("annat", "scheduler")
    other = address(period_id).replace("/ett/", "/annat/")
    assert send(stranger, other, **new).status_code == 404
    assert stranger.client.get(f"{other}/{hired}").status_code == 404
    with work(rostering_site) as session:
        session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = "decided"
    assert send(scheduler, address(period_id), **new).status_code == 409


def test_dates_are_changed_by_who_has_seen_the_newest(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID, hired: UUID, nurse: str
) -> None:
    own = address(period_id, f"/{hired}")
    page = scheduler.client.get(own).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version is not None
    fields = {"profession": "Sjuksköterska", "skills": nurse, "first": "2027-01-11", "last": "2027-01-12"}
    assert send(scheduler, own, **fields, version=version[1]).status_code == 303
    stale = send(scheduler, own, **fields, version=version[1])
    assert stale.status_code == 409
    assert 'value="2027-01-12"' in stale.text
    change(rostering_site, scheduler, roster_id, ("V-7", 11, "D"))
    with work(rostering_site) as session:
        now = session.get_one(RosterPeriod, (session.tenant_id, period_id)).version
    assert send(scheduler, f"{own}/remove", version=now).status_code == 409, "there are shifts"
    change(rostering_site, scheduler, roster_id, ("V-7", 11, ""))
    assert send(scheduler, f"{own}/remove", version=now).status_code == 409, "it has changed since"
    assert send(scheduler, f"{own}/remove", version=now + 1).status_code == 303
    assert scheduler.client.get(own).status_code == 404
    with work(rostering_site) as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("hired.%"))).all()
        assert sorted(actions) == ["hired.added", "hired.changed", "hired.removed"]


def test_what_is_about_employment_leaves_them_out(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID, hired: UUID
) -> None:
    change(rostering_site, scheduler, roster_id, ("V-7", 11, "D"), ("V-7", 12, "D"))
    with work(rostering_site) as session:
        found = outcome(session, period_id)
        assert "V-7" not in {person.code for person in found.people}
        assert len(found.rostered) == 3
        roster = get_roster(session, roster_id)
        ward = ward_data(session, period_id)
        counts = count_roster(ward, standing(session, roster, ward, assignments(session, roster)))
        tally = counts.months[date(2027, 1, 1)]
        assert (tally["hired_share"].part, tally["hired_share"].whole) == (960, 5 * 480)
        assert (tally["hours"].part, counts.people) == (3 * 480, 4)
    for page in ("wishes", "accounts", "balances"):
        shown = scheduler.client.get(f"{BASE}/periods/{period_id}/{page}")
        assert shown.status_code in {200, 403}, page
        assert "V-7" not in shown.text, page
    assert "V-7" not in scheduler.client.get(f"{BASE}/employees").text
    assert scheduler.client.get(f"{BASE}/employees/{hired}").status_code == 404
    with work(rostering_site) as session:
        now, period = rostering_site.core.clock.now(), get_period(session, period_id)

        def act() -> Act:
            return Act(scheduler.account_id, now, standing_of(session, period).mark, "Godtas i provet")

        publishing.send_to_consultation(session, period_id, roster_id, act())
        publishing.decide(session, period_id, act(), accepts=True)
        made = publishing.publish(session, period_id, act(), today=period.start_date, notice_days=14)
        plan = published_plan(session, made)
        assert len(plan.shifts) == 5
        publication_id = made.id
    file = scheduler.client.get(f"{BASE}/publications/{publication_id}/paxml.xml").text
    assert "V-7" not in file
    assert 'anstid="M01"' in file
    assert "V-7" in scheduler.client.get(f"{BASE}/publications/{publication_id}").text


def test_a_workbook_brings_them_and_changes_nobody_into_another(
    rostering_site: Site, ward: WardData, period_id: UUID
) -> None:
    vika = EmployeeValue(
        "V-9", "", "Sjuksköterska", skills=(HeldSkill("SSK"),), hired=Hired("Vikarie AB", None, None, 600)
    )
    with_hired = replace(ward, employees=(*ward.employees, vika))
    with work(rostering_site) as session:
        assert import_ward(session, with_hired) == period_id
        assert ward_data(session, period_id) == with_hired
    roster_id = make_roster(rostering_site, with_hired, period_id, Assignment("V-9", 0, "D"))
    assert roster_id
    own = replace(vika, code="M01", name=ward.employees[0].name)
    for wrong in (replace(vika, hired=Hired("Annan AB")), own):
        kept = tuple(person for person in ward.employees if person.code != wrong.code)
        with pytest.raises(Invalid, match="somebody else"), work(rostering_site) as session:
            import_ward(session, replace(ward, employees=(*kept, wrong)))


def test_other_modules_find_what_hired_staff_have_worked(
    rostering_site: Site, period_id: UUID, hired: UUID
) -> None:
    """08:00 to 17:00 in winter, with an hour's break; own staff and other dates are left out."""
    with work(rostering_site) as session:
        own = session.scalars(select(Employee.id).where(Employee.code == "M01")).one()
        for employee_id in (hired, own):
            session.add(
                WorkedShift(
                    period_id=period_id,
                    employee_id=employee_id,
                    on_date=date(2027, 1, 12),
                    number=1,
                    kind="extra",
                    starts_at=datetime(2027, 1, 12, 7, tzinfo=UTC),
                    ends_at=datetime(2027, 1, 12, 16, tzinfo=UTC),
                    paid_minutes=480,
                    extra_minutes=0,
                    source="entered",
                )
            )
        session.flush()
        offered = rostering_site.core.modules.find(WorkedHiredShifts, session, frozenset({"rostering"}))
        assert offered is not None
        (found,) = offered.worked(Period(date(2027, 1, 12), date(2027, 1, 12)))
        assert (found.consultant, found.supplier, found.unit) == ("V-7", "Vikarie AB", "AVD12")
        assert (found.begins, found.ends) == (time(8), time(17))
        assert (found.minutes, found.break_minutes) == (480, 60)
        assert offered.worked(Period(date(2027, 1, 13), date(2027, 1, 31))) == []
        assert offered.worked(Period(date(2027, 1, 12), date(2027, 1, 12)), ["AVD13"]) == []
