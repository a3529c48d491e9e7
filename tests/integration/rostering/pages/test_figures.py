"""Key figures: what rosters, publications, outcome and entered numbers come to, and what is not shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from rostering_pages import BASE, make_roster, work
from samplan.jobs.models import JobRun
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Period, WardData
from samplan_rostering.figure_words import DEFINITIONS
from samplan_rostering.models import EnteredFigure, Roster, RosterPeriod, Ward
from samplan_rostering.queries.figures.facts import Choice
from samplan_rostering.queries.figures.key_figures import KeyFigure, KeyFigures, key_figures, periods_of
from samplan_rostering.services.figures.counting import counted as count_rosters
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.web.figures.courses import draw_course

JANUARY = Choice((), date(2027, 1, 1), date(2027, 1, 31))
PAGE = f"{BASE}/figures"


def overview(site: Site, choice: Choice = JANUARY, *, count: bool = False) -> KeyFigures:
    with work(site) as session:
        if count:
            count_rosters(session, *periods_of(choice))
        return key_figures(session, choice)


def counted(site: Site, choice: Choice = JANUARY) -> dict[str, KeyFigure]:
    return {figure.key: figure for figure in overview(site, choice, count=True).figures}


def ward_of(site: Site) -> UUID:
    with work(site) as session:
        return session.scalars(select(Ward.id)).one()


def test_rosters_are_counted_and_few_people_are_not_told_of(
    rostering_site: Site, ward: WardData, period_id: UUID, roster_id: UUID
) -> None:
    found = counted(rostering_site)
    assert list(found) == list(DEFINITIONS)
    # Day shifts for four weeks, of which three are staffed; four Friday nights.
    assert (found["coverage"].part, found["coverage"].whole) == (3, 32)
    assert found["coverage"].value == 100 * 3 / 32
    assert found["unfilled"].value == 29
    assert found["breaches"].value is not None
    assert found["breaches"].value >= 1
    assert (found["nights"].suppressed, found["nights"].value, found["nights"].n) == (True, None, 4)
    assert found["wishes"].suppressed, "two wishes are too few"
    assert found["lead_time"].value is None
    assert not found["lead_time"].suppressed
    later = counted(rostering_site, replace(JANUARY, first=date(2027, 1, 5)))
    assert later["coverage"].value is None, "the period begins before these dates"


def test_six_people_are_told_of_with_nights_and_quick_returns(rostering_site: Site, ward: WardData) -> None:
    codes = [f"M{number:02d}" for number in range(1, 7)]
    six = replace(
        ward,
        employees=tuple(replace(ward.employees[0], code=code, name="") for code in codes),
        contracts=tuple(replace(ward.contracts[0], employee=code) for code in codes),
        absences=(),
        wishes=(),
        pins=(),
        history=(),
    )
    with work(rostering_site) as session:
        period_id = import_ward(session, six)
    days = [Assignment(code, day, "D") for code in codes for day in (0, 1, 5)]
    make_roster(rostering_site, six, period_id, *days, Assignment("M01", 2, "N"), Assignment("M01", 3, "D"))
    found = counted(rostering_site)
    assert (found["nights"].part, found["nights"].whole) == (1, 6)
    assert found["weekends"].value == 1.0
    # Seven after one day, six and one more over the weekend; only the night is followed at once.
    assert (found["quick_returns"].part, found["quick_returns"].whole) == (1, 14)


def enter(person: Person, ward_id: UUID, of_kind: str, number: str, seen: str = "0", **more: str) -> int:
    fields = {"ward": str(ward_id), "month": "2027-01-15", "kind": of_kind, "source": "Räknat"}
    fields |= {"amount": number, "version": seen, **more}
    answer = person.client.post(f"{PAGE}/entered", data=fields, buffered=True)
    return answer.status_code


def test_numbers_are_entered_counted_and_not_written_over_unseen(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID
) -> None:
    ward_id = ward_of(rostering_site)
    assert enter(scheduler, ward_id, "scheduling_clinical", "12.5") == 303
    assert enter(scheduler, ward_id, "scheduling_clinical", "10") == 409, "it was not seen"
    assert enter(scheduler, ward_id, "scheduling_clinical", "10", seen="1") == 303
    for kind, amount in (("employees", "46"), ("managers", "2"), ("external_hours", "80")):
        assert enter(scheduler, ward_id, kind, amount) == 303
    for wrong in (
        {"kind": "x"},
        {"amount": "-1"},
        {"amount": "tolv"},
        {"amount": "sNaN"},
        {"source": ""},
        {"month": "januari"},
    ):
        assert enter(scheduler, ward_id, "units_stood_down", "1", **wrong) == 422, wrong
    assert enter(scheduler, period_id, "units_stood_down", "1") == 422, "no ward"
    assert enter(scheduler, ward_id, "managers", "1", month="9999-12-31") == 303
    assert scheduler.client.get(f"{PAGE}?from=9998-01-01&to=9999-12-31").status_code == 200
    found = counted(rostering_site)
    assert found["scheduling_clinical"].value == 10
    assert found["employees_per_manager"].value == 23
    assert found["agency_share"].value == 100, "nobody of the own staff has worked yet"
    assert found["units_stood_down"].value is None
    with work(rostering_site) as session:
        months = session.scalars(select(EnteredFigure.month)).all()
        assert set(months) == {date(2027, 1, 1), date(9999, 12, 1)}
        elsewhere = key_figures(session, replace(JANUARY, wards=(period_id,)))
    assert all(figure.value is None for figure in elsewhere.figures)


def test_who_may_sees_the_page_by_ward_and_dates(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID
) -> None:
    director, employee = (rostering_site.person("ett", role) for role in ("production_director", "employee"))
    ward_id = ward_of(rostering_site)
    chosen = f"{PAGE}?ward={ward_id}&from=2027-01-01&to=2027-01-31"
    text = director.client.get(chosen).text
    assert "1 schema är inte räknat som det är nu" in text
    counted(rostering_site)
    text = director.client.get(chosen).text
    assert "9,4" in text
    assert "inte räknat" not in text
    assert "/indicators/rostering.coverage" in text
    assert "för få" in text
    assert "Av scheman och publiceringar" in text
    assert employee.client.get(PAGE).status_code == 403
    assert director.client.get(f"{PAGE}/entered").status_code == 403
    assert scheduler.client.get(f"{PAGE}/entered").status_code == 200
    for wrong in (
        "ward=x",
        f"ward={period_id}",
        "from=igår",
        "from=2027-02-01&to=2027-01-01",
        "from=1900-01-01",
    ):
        assert director.client.get(f"{PAGE}?{wrong}").status_code == 422, wrong
    for page in ("figures.csv", "figures/counted"):
        assert employee.client.get(f"{BASE}/{page}").status_code == 403
        assert director.client.get(f"{BASE}/{page}?ward=x").status_code == 422
    stranger = rostering_site.person("annat", "scheduler")
    assert stranger.client.get(chosen.replace("/ett/", "/annat/")).status_code == 422, "no ward of theirs"


def test_what_is_stored_is_of_the_newest_roster_and_input(
    rostering_site: Site, ward: WardData, period_id: UUID, roster_id: UUID
) -> None:
    assert overview(rostering_site).uncounted == 1
    assert overview(rostering_site, count=True).uncounted == 0
    with work(rostering_site) as session:
        session.get_one(Roster, (session.tenant_id, roster_id)).version += 1
    stale = overview(rostering_site)
    assert (stale.rosters, stale.uncounted, stale.figures[0].value) == (1, 1, None)
    assert overview(rostering_site, count=True).uncounted == 0
    with work(rostering_site) as session:
        session.get_one(RosterPeriod, (session.tenant_id, period_id)).version += 1
    assert overview(rostering_site).uncounted == 1, "its input has changed"


def test_the_page_asks_once_for_what_is_not_counted(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID
) -> None:
    ask = f"{PAGE}/count?from=2027-01-01&to=2027-01-31"
    part = scheduler.client.post(ask, headers={"HX-Request": "true"})
    assert "De räknas nu" in part.text
    assert scheduler.client.post(ask).status_code == 303
    employee = rostering_site.person("ett", "employee")
    assert employee.client.post(ask).status_code == 403
    with work(rostering_site) as session:
        runs = session.scalars(select(JobRun).where(JobRun.job_type == "rostering.count_figures")).all()
        assert [run.status for run in runs] == ["queued"]
    rostering_site.dispatcher().work(rostering_site.core)
    with work(rostering_site) as session:
        run = session.scalars(select(JobRun).where(JobRun.job_type == "rostering.count_figures")).one()
        assert (run.status, (run.result or {})["rosters"]) == ("succeeded", 1)
    assert overview(rostering_site).uncounted == 0


def test_figures_go_by_month_for_the_region_and_by_period_for_a_ward(
    rostering_site: Site, scheduler: Person, ward: WardData, period_id: UUID, roster_id: UUID
) -> None:
    later = replace(
        ward,
        period=Period(date(2027, 2, 1), date(2027, 2, 28), "Vår 2"),
        dated_requirements=(),
        wishes=(),
        pins=(),
        history=(),
    )
    with work(rostering_site) as session:
        second = import_ward(session, later)
    days = [Assignment("M01", day, "D") for day in range(4)]
    make_roster(rostering_site, later, second, *days)
    choice = Choice((), date(2027, 1, 1), date(2027, 2, 28))
    found = overview(rostering_site, choice, count=True)
    assert [(span.first.month, span.last.day) for span in found.spans] == [(1, 31), (2, 28)]
    assert [figure.part for figure in found.course["coverage"]] == [3, 4]
    ward_id = ward_of(rostering_site)
    own = overview(rostering_site, replace(choice, wards=(ward_id,)))
    assert [span.first for span in own.spans] == [date(2027, 1, 4), date(2027, 2, 1)]
    assert [figure.part for figure in own.course["coverage"]] == [3, 4]
    assert all(figure.suppressed for figure in own.course["nights"]), "the same four people twice are four"
    address = f"ward={ward_id}&from=2027-01-01&to=2027-02-28"
    page = scheduler.client.get(f"{PAGE}?{address}").text
    assert "Period för period" in page
    assert "<svg" in page
    file = scheduler.client.get(f"{BASE}/figures.csv?{address}")
    assert file.mimetype == "text/csv"
    lines = file.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "Mått;Enhet;Från och med;Till;Värde;Täljare;Nämnare;Källa"
    assert "Täckning;%;2027-01-04;2027-01-31;9,375;3;32;Gällande scheman" in lines


def test_a_course_breaks_where_nothing_is_known_and_needs_two_values() -> None:
    assert draw_course([None, 3.0, None]) is None
    course = draw_course([1.0, 3.0, None, 2.0])
    assert course is not None
    assert course.path.count("M") == 2, "no line over what is not known"
    assert [dot.number for dot in course.dots] == [0, 1, 3]
    heights = [dot.y for dot in course.dots]
    assert heights[1] < heights[2] < heights[0], "more is higher"
    assert course.label_y > heights[0], "the line goes up, so its first value stands below"
    level = draw_course([5.0, 5.0])
    assert level is not None
    assert level.dots[0].y == level.dots[1].y
