"""Who can take a shift that lacks people: own part-timers within their limits, then the internal unit."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from rostering_pages import BASE, make_roster, work
from samplan.audit.models import AuditEntry
from samplan.clock import FrozenClock, local_now
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Employee, HeldSkill, Skill, WardData, Wish, WishKind
from samplan_rostering.models import CallOffLine, Roster, RosterPeriod, WorkedShift
from samplan_rostering.models import Employee as EmployeeRow
from samplan_rostering.queries.hired import chain as queries
from samplan_rostering.queries.hired.chain import Chain, Floater, Taker, chain
from samplan_rostering.queries.rosters.desks import open_desk
from samplan_rostering.queries.rosters.stored import assignments
from samplan_rostering.services.periods.wards import import_ward

TUESDAY = date(2027, 1, 12)
SIXTEEN = (0, 1, 2, 4, 7, 9, 10, 14, 15, 16, 17, 18, 21, 22, 23, 24)
"""Days of the period that M04 works, none of them the Tuesday."""


@pytest.fixture
def people(ward: WardData) -> WardData:
    """M01 is away on the Tuesday, M02 works full time, M03 would rather not, M05 lacks the skill."""
    five = Employee("M05", "Eva Exempel", "Undersköterska", skills=(HeldSkill("USK"),))
    two, *_rest = (c for c in ward.contracts if c.employee == "M02")
    others = tuple(c for c in ward.contracts if c.employee != "M02")
    return replace(
        ward,
        employees=(*ward.employees, five),
        contracts=(*others, replace(two, percentage=Decimal(100)), replace(two, employee="M05")),
        wishes=(*ward.wishes, Wish("M03", TUESDAY, WishKind.AVOID, "D", 3)),
        pins=(),
    )


@pytest.fixture
def line_id(rostering_site: Site, scheduler: Person, people: WardData) -> UUID:
    """The line of the Tuesday's day shift."""
    with work(rostering_site) as session:
        period_id = import_ward(session, people)
    cells = [Assignment("M04", day, "D") for day in SIXTEEN]
    make_roster(rostering_site, people, period_id, *cells)
    page = f"{BASE}/periods/{period_id}/call-off/renew"
    assert scheduler.client.post(page, data={"basis": "minimum"}).status_code == 303
    with work(rostering_site) as session:
        return session.scalars(select(CallOffLine.id).where(CallOffLine.on_date == TUESDAY)).one()


def found(site: Site, line_id: UUID) -> Chain:
    with work(site) as session:
        row = session.get_one(CallOffLine, (session.tenant_id, line_id))
        answer = chain(session, row.period_id, line_id)
        session.expunge_all()
        return answer


def own(site: Site, line_id: UUID) -> dict[str, Taker]:
    return {taker.employee: taker for taker in found(site, line_id).own}


def test_part_timers_are_shown_with_their_limits(
    rostering_site: Site, line_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full time is 4 weeks of 36:20, 8720 minutes; 75.5 % of it are 6584; M04 has 16 shifts of 480."""
    takers = own(rostering_site, line_id)
    four = takers["M04"]
    assert (four.contract, four.hours, four.full_time, four.room) == (6584, 7680, 8720, 1040)
    assert (four.additional, four.fits) == (7680 + 480 - 6584, True), "beyond the band, not beyond full time"
    assert list(takers)[:3] == ["M02", "M04", "M03"], "who would rather not comes last of those who can"
    assert takers["M02"].additional == 0, "who works full time has no additional time"
    assert takers["M03"].wish is WishKind.AVOID
    assert {v.rule for v in takers["M01"].broken} == {"absence"}
    assert takers["M05"].obstacle == queries.UNSKILLED
    with work(rostering_site) as session:
        period_id = session.get_one(CallOffLine, (session.tenant_id, line_id)).period_id
        person = session.scalars(select(EmployeeRow.id).where(EmployeeRow.code == "M04")).one()
        row = {"kind": "extra", "source": "entered", "paid_minutes": 120, "extra_minutes": 120}
        for begin in (datetime(2027, 1, 2, 8, tzinfo=UTC), datetime(2027, 1, 9, 8, tzinfo=UTC)):
            row |= {"starts_at": begin, "ends_at": begin + timedelta(hours=2)}
            told = {"period_id": period_id, "employee_id": person, "on_date": begin.date(), "number": 1}
            session.add(WorkedShift(**told, **row))
    monkeypatch.setattr(queries, "YEAR_LIMIT", 240 + 1576)
    assert own(rostering_site, line_id)["M04"].fits
    monkeypatch.setattr(queries, "YEAR_LIMIT", 240 + 1575)
    now = own(rostering_site, line_id)["M04"]
    assert (now.used, now.obstacle) == (240, queries.ADDITIONAL)


def test_nobody_is_taken_beyond_full_time(rostering_site: Site, line_id: UUID, people: WardData) -> None:
    days = (*SIXTEEN, 11, 25)
    with work(rostering_site) as session:
        period_id = session.get_one(CallOffLine, (session.tenant_id, line_id)).period_id
    more = make_roster(rostering_site, people, period_id, *(Assignment("M04", day, "D") for day in days))
    with work(rostering_site) as session:
        session.get_one(Roster, (session.tenant_id, more)).chosen = True
    four = own(rostering_site, line_id)["M04"]
    assert (four.hours + 480, four.obstacle) == (9120, queries.FULL_TIME)


def add_internal_unit(site: Site, people: WardData) -> UUID:
    """Add a unit of which R1, in reserve on the Tuesday, can help; return its roster."""
    introduced = HeldSkill("AVD12"), HeldSkill("SSK")
    pool = tuple(
        Employee(code, code, "Sjuksköterska", skills=skills)
        for code, skills in (
            ("R1", introduced),
            ("R2", introduced),
            ("R3", introduced[:1]),
            ("R4", introduced[1:]),
        )
    )
    unit = replace(
        people,
        unit=replace(people.unit, code="AVD13", name="Resursenheten"),
        skills=(*people.skills, Skill("AVD12", "Introducerad på avdelning 12")),
        employees=pool,
        contracts=tuple(replace(people.contracts[0], employee=person.code) for person in pool),
        weekly_requirements=tuple(replace(n, minimum=0, target=0) for n in people.weekly_requirements),
        dated_requirements=(),
        absences=(),
        wishes=(),
        history=(),
    )
    with work(site) as session:
        period_id = import_ward(session, unit)
    return make_roster(
        site, unit, period_id, Assignment("R1", 8, "D"), Assignment("R2", 7, "N")
    )  # in reserve, and off a night at seven


@pytest.mark.usefixtures("two_units")
def test_the_internal_units_people_are_judged_by_their_own_roster(
    rostering_site: Site, line_id: UUID, people: WardData
) -> None:
    add_internal_unit(rostering_site, people)
    takers = takers_of(rostering_site, line_id)
    assert list(takers) == ["R1", "R2", "R3"], "R4 has not been introduced to the ward"
    assert [code for code, floater in takers.items() if floater.fits] == ["R1"]
    assert "rest_after_shift" in {v.rule for v in takers["R2"].broken}
    assert takers["R3"].obstacle == queries.UNSKILLED


def test_the_shift_is_given_by_one_button_within_the_limits(
    rostering_site: Site, scheduler: Person, line_id: UUID
) -> None:
    with work(rostering_site) as session:
        line = session.get_one(CallOffLine, (session.tenant_id, line_id))
        page = f"{BASE}/periods/{line.period_id}/call-off/{line_id}"
    shown = scheduler.client.get(page).text
    assert "Didrik Exempel" in shown
    assert "Har inte kompetensen" in shown
    form = shown.split('value="M02"', 1)[1].split("</form>", 1)[0]
    fields = dict(re.findall(r'name="(\w+)" value="(\d+)"', form))

    def give(person: Person, url: str = page, **other: Any) -> int:
        return person.client.post(f"{url}/give", data=fields | {"employee": "M02"} | other).status_code

    viewer, stranger = rostering_site.person("ett", "viewer"), rostering_site.person("annat", "scheduler")
    assert give(viewer) == viewer.client.get(page).status_code == 403
    assert give(stranger, page.replace("/ett/", "/annat/")) == 404
    for wrong in ("M01", "M05", "nobody", ""):
        assert give(scheduler, employee=wrong) == 422, wrong
    assert give(scheduler, version="x") == give(scheduler, line_version=7) == 409
    assert give(scheduler) == 303
    assert give(scheduler) == 409, "nobody is missing any more"
    with work(rostering_site) as session:
        line = session.get_one(CallOffLine, (session.tenant_id, line_id))
        assert (line.state, line.people) == ("filled", 0)
        roster = session.scalars(select(Roster)).one()
        assert Assignment("M02", 8, "D") in assignments(session, roster)
        actions = session.scalars(select(AuditEntry.action)).all()
        assert {"calloff.taken", "roster.edited"} <= set(actions)
    assert "Tillsatt" in scheduler.client.get(page).text


@pytest.mark.usefixtures("two_units")
def test_somebody_of_the_internal_unit_is_given_the_shift_in_both_rosters(
    rostering_site: Site, scheduler: Person, line_id: UUID, people: WardData
) -> None:
    unit_roster = add_internal_unit(rostering_site, people)
    with work(rostering_site) as session:
        line = session.get_one(CallOffLine, (session.tenant_id, line_id))
        page = f"{BASE}/periods/{line.period_id}/call-off/{line_id}"
    form = scheduler.client.get(page).text.split('value="R1"', 1)[1].split("</form>", 1)[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]+)"', form)) | {"employee": "R1"}
    assert fields["roster_id"] == str(unit_roster)

    def give(**other: Any) -> int:
        return scheduler.client.post(f"{page}/give", data=fields | other).status_code

    for wrong in ("R2", "R3", "R4", "M02", ""):
        assert give(employee=wrong) == 422, wrong
    assert give(version=9) == give(line_version=7) == 409
    assert give(roster_id="x") == give(roster_id=str(UUID(int=1))) == 404
    before = standing_of(rostering_site, unit_roster)
    assert give() == 303
    assert give() == 409, "nobody is missing any more"
    after = standing_of(rostering_site, unit_roster)
    assert before == ([(Assignment("R1", 8, "D"), 1)], [], "open", before[3])
    assert after[:3] == ([(Assignment("R1", 8, "AVD12/D"), 2)], [(8, "D", ("AVD12", "SSK"))], "filled")
    assert after[3] < before[3], "the ward's roster costs less: nobody lacks on the Tuesday"
    assert takers_of(rostering_site, line_id)["R1"].obstacle == queries.BUSY
    undo = {"version": 2, "reason": ""}
    assert scheduler.client.post(f"{BASE}/rosters/{unit_roster}/undo", data=undo).status_code == 200
    assert standing_of(rostering_site, unit_roster)[1::2] == ([], before[3]), "taken back in both"
    redo = {"version": 3, "reason": ""}
    assert scheduler.client.post(f"{BASE}/rosters/{unit_roster}/redo", data=redo).status_code == 200
    assert standing_of(rostering_site, unit_roster)[1::2] == after[1::2]
    with work(rostering_site) as session:
        actions = session.scalars(select(AuditEntry.action)).all()
        assert (actions.count("roster.guests_changed"), actions.count("calloff.taken")) == (3, 1)


def takers_of(site: Site, line_id: UUID) -> dict[str, Floater]:
    return {floater.employee: floater for floater in found(site, line_id).internal}


def standing_of(site: Site, unit_roster: UUID) -> tuple[Any, ...]:
    """Return R1's cells with their roster's version, and of the ward guests, the line's state and points."""
    with work(site) as session:
        roster = session.get_one(Roster, (session.tenant_id, unit_roster))
        ward = session.scalars(select(Roster).where(Roster.id != unit_roster)).one()
        desk = open_desk(session, ward)
        assert desk.evaluation().objective == ward.objective, "the roster is priced as it stands"
        line = session.scalars(select(CallOffLine).where(CallOffLine.on_date == TUESDAY)).one()
        cells = [(cell, roster.version) for cell in assignments(session, roster) if cell.employee == "R1"]
        guests = [(guest.day, guest.shift, guest.skills) for guest in desk.stands.guests]
        return cells, guests, line.state, ward.objective


@pytest.mark.usefixtures("two_units")
@pytest.mark.parametrize(("state", "status"), [("published", 422), ("decided", 409)])
def test_a_ward_that_is_published_or_decided_is_asked_too(
    rostering_site: Site, scheduler: Person, line_id: UUID, people: WardData, state: str, status: int
) -> None:
    """Taking back what was lent changes the ward's roster, which has been published or decided meanwhile."""
    unit_roster = add_internal_unit(rostering_site, people)
    with work(rostering_site) as session:
        line = session.get_one(CallOffLine, (session.tenant_id, line_id))
        period_id, page = line.period_id, f"{BASE}/periods/{line.period_id}/call-off/{line_id}"
    lent = {
        "employee": "R1",
        "roster_id": str(unit_roster),
        "version": "1",
        "line_version": str(line.version),
    }
    assert scheduler.client.post(f"{page}/give", data=lent).status_code == 303
    with work(rostering_site) as session:
        session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = state
    undo = f"{BASE}/rosters/{unit_roster}/undo"
    assert scheduler.client.post(undo, data={"version": 2, "reason": ""}).status_code == status
    said = scheduler.client.post(undo, data={"version": 2, "reason": "Sjuk"}).status_code
    assert said == (200 if state == "published" else 409)


def test_a_shift_of_yesterday_is_not_given_just_after_midnight(
    rostering_site: Site, scheduler: Person, line_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half an hour before and after midnight in Sweden; the former is the day of the shift."""
    with work(rostering_site) as session:
        line = session.get_one(CallOffLine, (session.tenant_id, line_id))
        session.get_one(RosterPeriod, (session.tenant_id, line.period_id)).state = "published"
        page = f"{BASE}/periods/{line.period_id}/call-off/{line_id}"
    form = scheduler.client.get(page).text.split('value="M02"', 1)[1].split("</form>", 1)[0]
    fields = dict(re.findall(r'name="(\w+)" value="(\d+)"', form))
    fields |= {"employee": "M02", "reason": "Vi ringde."}
    clock = FrozenClock(datetime(2027, 1, 12, 23, 30, tzinfo=UTC))
    monkeypatch.setattr("samplan.web.request.local_now", lambda _own, zone: local_now(clock, zone))
    for status in (422, 303):
        assert scheduler.client.post(f"{page}/give", data=fields).status_code == status
        clock.advance(timedelta(hours=-1))
