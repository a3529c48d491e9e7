"""Key figures: what rosters, publications, outcome and entered numbers come to, and what is not shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from rostering_pages import BASE, make_roster, work
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.figure_words import DEFINITIONS
from samplan_rostering.models import EnteredFigure, Ward
from samplan_rostering.queries.key_figures import Choice, KeyFigure, key_figures
from samplan_rostering.services.wards import import_ward

JANUARY = Choice((), date(2027, 1, 1), date(2027, 1, 31))
PAGE = f"{BASE}/figures"


def counted(site: Site, choice: Choice = JANUARY) -> dict[str, KeyFigure]:
    with work(site) as session:
        return {figure.key: figure for figure in key_figures(session, choice)[0]}


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
    found = counted(rostering_site)
    assert found["scheduling_clinical"].value == 10
    assert found["employees_per_manager"].value == 23
    assert found["agency_share"].value == 100, "nobody of the own staff has worked yet"
    assert found["units_stood_down"].value is None
    with work(rostering_site) as session:
        months = session.scalars(select(EnteredFigure.month)).all()
        assert set(months) == {date(2027, 1, 1)}
        elsewhere = key_figures(session, replace(JANUARY, wards=(period_id,)))[0]
    assert all(figure.value is None for figure in elsewhere)


def test_who_may_sees_the_page_by_ward_and_dates(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID
) -> None:
    director, employee = (rostering_site.person("ett", role) for role in ("production_director", "employee"))
    ward_id = ward_of(rostering_site)
    chosen = f"{PAGE}?ward={ward_id}&from=2027-01-01&to=2027-01-31"
    text = director.client.get(chosen).text
    assert "9,4" in text
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
    stranger = rostering_site.person("annat", "scheduler")
    assert stranger.client.get(chosen.replace("/ett/", "/annat/")).status_code == 422, "no ward of theirs"
