"""Somebody hired in several periods and wards: rest over the border, and skills that all of them go by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from uuid import UUID

import pytest
from sqlalchemy import select

from rostering_pages import make_roster, work
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import PastShift, Period, ShiftKind, ShiftType, WardData
from samplan_rostering.figure_words import DEFINITIONS
from samplan_rostering.models import Employee, RosterPeriod, Skill
from samplan_rostering.queries.figures.facts import Choice
from samplan_rostering.queries.figures.key_figures import key_figures, periods_of
from samplan_rostering.queries.periods.lists import get_roster
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.desks import open_desk
from samplan_rostering.queries.rosters.stored import evaluation
from samplan_rostering.services.figures.counting import counted
from samplan_rostering.services.hired.edit import Engagement, add_hired, change_hired
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.cells import Wanted
from samplan_rostering.services.rosters.edits import Editor, edit_roster, undo_edit

FEBRUARY = Period(date(2027, 2, 1), date(2027, 2, 28), "Vår 2")


@pytest.fixture
def later(rostering_site: Site, ward: WardData, period_id: UUID) -> UUID:
    """The ward's next period."""
    with work(rostering_site) as session:
        return import_ward(session, bare(ward))


def bare(ward: WardData) -> WardData:
    return replace(
        ward, period=FEBRUARY, dated_requirements=(), absences=(), wishes=(), history=(), pins=(), settings=()
    )


def hire(site: Site, period_id: UUID) -> UUID:
    """Let V-7 be hired for a period, with the skill that its ward's day shift asks for."""
    with work(site) as session:
        period = session.get_one(RosterPeriod, (session.tenant_id, period_id))
        nurse = select(Skill.id).where(Skill.ward_id == period.ward_id, Skill.code == "SSK")
        wanted = Engagement("Sjuksköterska", (session.scalars(nurse).one(),))
        return add_hired(session, period_id, "Vikarie AB", "V-7", wanted).id


def give(site: Site, who: Person, roster_id: UUID, on: date, shift: str) -> None:
    with work(site) as session:
        roster = get_roster(session, roster_id)
        editor = Editor(who.account_id, site.core.clock.now(), roster.version)
        edit_roster(session, roster_id, editor, [Wanted("V-7", on, shift)])


def looks_back_on(site: Site, period_id: UUID) -> list[tuple[date, str]]:
    with work(site) as session:
        past = ward_data(session, period_id).history
        assert {row.employee for row in past} <= {"V-7", "M02"}
        return [(row.date, row.shift) for row in past if row.employee == "V-7"]


def broken(site: Site, roster_id: UUID) -> set[tuple[str, int | None]]:
    with work(site) as session:
        found = evaluation(session, get_roster(session, roster_id), private=True).violations
        return {(v.rule, v.day) for v in found if v.employee == "V-7"}


def version(site: Site, period_id: UUID) -> int:
    with work(site) as session:
        return session.get_one(RosterPeriod, (session.tenant_id, period_id)).version


def test_rest_is_judged_over_the_border_of_periods(
    rostering_site: Site, scheduler: Person, ward: WardData, period_id: UUID, roster_id: UUID, later: UUID
) -> None:
    hire(rostering_site, period_id)
    give(rostering_site, scheduler, roster_id, date(2027, 1, 30), "D")
    hire(rostering_site, later)
    assert looks_back_on(rostering_site, later) == [(date(2027, 1, 30), "D")], "what was known when hired"
    with work(rostering_site) as session:
        february = ward_data(session, later)
    next_roster = make_roster(rostering_site, february, later, Assignment("V-7", 0, "D"))
    assert broken(rostering_site, next_roster) == set()
    before = version(rostering_site, later)
    give(rostering_site, scheduler, roster_id, date(2027, 1, 31), "N")
    # The night ends at seven on 1 February, when the day shift begins.
    assert looks_back_on(rostering_site, later)[-1] == (date(2027, 1, 31), "N")
    assert ("rest_after_shift", 0) in broken(rostering_site, next_roster)
    assert version(rostering_site, later) == before + 1
    with work(rostering_site) as session:
        roster = get_roster(session, roster_id)
        undo_edit(
            session, roster_id, Editor(scheduler.account_id, rostering_site.core.clock.now(), roster.version)
        )
    assert looks_back_on(rostering_site, later) == [(date(2027, 1, 30), "D")]
    assert broken(rostering_site, next_roster) == set()


@pytest.mark.usefixtures("two_units")
def test_rest_is_judged_over_the_border_of_wards(
    rostering_site: Site,
    scheduler: Person,
    ward: WardData,
    sharing_ward: WardData,
    period_id: UUID,
    roster_id: UUID,
) -> None:
    late = ShiftType("E", "Kväll", ShiftKind.EVENING, time(14), time(23), 30, 510)
    kinds = {"shift_types": (*ward.shift_types, late), "weekly_requirements": ward.weekly_requirements[:7]}
    with work(rostering_site) as session:
        other = import_ward(session, bare(replace(sharing_ward, **kinds)))
    hire(rostering_site, period_id)
    hire(rostering_site, other)
    give(rostering_site, scheduler, roster_id, date(2027, 1, 31), "D")
    assert looks_back_on(rostering_site, other) == [(date(2027, 1, 31), "D")]
    give(rostering_site, scheduler, roster_id, date(2027, 1, 31), "N")
    assert looks_back_on(rostering_site, other) == [(date(2027, 1, 31), "N")]
    with work(rostering_site) as session:
        february = ward_data(session, other)
        assert PastShift("V-7", date(2027, 1, 31), "N") in february.history
    assert ("rest_after_shift", 0) in broken(
        rostering_site, make_roster(rostering_site, february, other, Assignment("V-7", 0, "D"))
    )


@pytest.mark.usefixtures("two_units")
def test_rest_is_judged_over_two_wards_of_the_same_dates(
    rostering_site: Site,
    scheduler: Person,
    sharing_ward: WardData,
    period_id: UUID,
    roster_id: UUID,
) -> None:
    """The ward's night ends at seven: the other ward's shift can begin at six in the evening, not before."""
    soon, later = (
        ShiftType(code, code, ShiftKind.EVENING, begins, time(23), 0, 300)
        for code, begins in (("E1", time(17, 59)), ("E2", time(18)))
    )
    with work(rostering_site) as session:
        here = ward_data(session, period_id).period
        kinds = {"shift_types": (*sharing_ward.shift_types, soon, later), "period": here}
        other = import_ward(session, replace(bare(sharing_ward), **kinds))
        there = ward_data(session, other)
    for period in (period_id, other):
        hire(rostering_site, period)
    other_roster = make_roster(rostering_site, there, other)
    give(rostering_site, scheduler, roster_id, date(2027, 1, 12), "N")
    before = version(rostering_site, period_id)
    give(rostering_site, scheduler, other_roster, date(2027, 1, 13), "E2")
    assert rest(rostering_site, roster_id) == rest(rostering_site, other_roster) == set()
    assert version(rostering_site, period_id) == before + 1, "its figures are counted anew"
    give(rostering_site, scheduler, other_roster, date(2027, 1, 13), "E1")
    assert (rest(rostering_site, roster_id), rest(rostering_site, other_roster)) == ({8}, {9})
    with work(rostering_site) as session:
        desk = open_desk(session, get_roster(session, roster_id))
        assert {(v.rule, v.day) for v in desk.evaluation().violations} >= {("rest_after_shift", 8)}
        freed = desk.effect([desk.change("V-7", 8, "")])
        assert ("rest_after_shift", 8) in {(v.rule, v.day) for v in freed.mended}


def rest(site: Site, roster_id: UUID) -> set[int | None]:
    return {day for rule, day in broken(site, roster_id) if rule == "rest_after_shift"}


def test_another_skill_is_another_input_of_all_periods(
    rostering_site: Site, ward: WardData, period_id: UUID, roster_id: UUID, later: UUID
) -> None:
    person = hire(rostering_site, period_id)
    hire(rostering_site, later)
    with work(rostering_site) as session:
        make = ward_data(session, later)
    make_roster(rostering_site, make, later, Assignment("V-7", 0, "D"))
    both = Choice((), date(2027, 1, 1), date(2027, 2, 28))

    def figures(*, count: bool = False) -> tuple[int, float | None]:
        with work(rostering_site) as session:
            if count:
                counted(session, *periods_of(both))
            found = key_figures(session, both)
            return found.uncounted, next(f.value for f in found.figures if f.key == "coverage")

    def change(skills: tuple[UUID, ...], last: date | None = None) -> None:
        with work(rostering_site) as session:
            now = session.get_one(RosterPeriod, (session.tenant_id, period_id)).version
            wanted = Engagement("Sjuksköterska", skills, last=last)
            change_hired(session, period_id, person, wanted, version=now)

    # 32 places in January, of which 3 are staffed, and 32 in February, of which V-7 has one.
    assert figures(count=True) == (0, pytest.approx(100 * 4 / 64))
    with work(rostering_site) as session:
        nurse = session.scalars(select(Skill.id).where(Skill.code == "SSK")).one()
    before = version(rostering_site, later)
    change((nurse,), date(2027, 1, 20))
    assert version(rostering_site, later) == before, "the dates are this period's alone"
    figures(count=True)
    change(())
    assert version(rostering_site, later) == before + 1
    assert figures()[0] == 2, "both are counted anew"
    assert figures(count=True) == (0, pytest.approx(100 * 3 / 64))


def test_the_share_of_hired_staff_by_month(rostering_site: Site, ward: WardData, period_id: UUID) -> None:
    """Own staff 2 days of 8 h and a night of 10 h, hired 3 days of 8 h: 24 of 50 h."""
    hire(rostering_site, period_id)
    with work(rostering_site) as session:
        january = ward_data(session, period_id)
    cells = [Assignment("M01", 1, "D"), Assignment("M03", 3, "D"), Assignment("M04", 4, "N")]
    cells += [Assignment("V-7", day, "D") for day in (5, 6, 9)]
    make_roster(rostering_site, january, period_id, *cells)
    choice = Choice((), date(2027, 1, 1), date(2027, 1, 31))
    with work(rostering_site) as session:
        counted(session, *periods_of(choice))
        found = {figure.key: figure for figure in key_figures(session, choice).figures}
        assert session.scalars(select(Employee.code).where(Employee.supplier.is_not(None))).all() == ["V-7"]
    share = found["hired_share"]
    assert (share.part, share.whole, share.value) == (24, 50, 48)
    assert found["agency_share"].value is None, "nothing has been entered"
    assert list(found) == list(DEFINITIONS)
