"""What a period's work comes to, and what of it the next period looks back on."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from rostering_pages import BASE, sheets, work
from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.testing.site import Person, Site
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.outcome import split_extra
from samplan_rostering.domain.roster import Assignment as RosterCell
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import Contract, Period, WardData
from samplan_rostering.models import (
    Assignment,
    CarriedHours,
    Employee,
    HistoryShift,
    Publication,
    PublicationShift,
    Roster,
    RosterPeriod,
    RuleSetting,
)
from samplan_rostering.queries.outcome.balances import Balances, balances
from samplan_rostering.queries.outcome.days import outcome
from samplan_rostering.queries.outcome.works import contracts_of, extra_weeks_of_year, works_of_year
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.services.periods.wards import import_ward

RESTS = (Rule.DAILY_REST, Rule.REST_AFTER_SHIFT)
EXTRA = {"version": "0", "kind": "extra", "start": "21:00", "end": "07:00", "pause": "0"}


def page(period_id: UUID, rest: str = "") -> str:
    return f"{BASE}/periods/{period_id}/balances{rest}"


def post(person: Person, url: str, **fields: str) -> int:
    return person.client.post(url, data=fields, buffered=True).status_code


def confirm(person: Person, period_id: UUID) -> None:
    assert post(person, f"{BASE}/periods/{period_id}/outcome/confirm", through="2027-01-31") == 303


def night(site: Site, person: Person, period_id: UUID, code: str, day: str, **fields: str) -> int:
    with work(site) as session:
        who = session.scalars(select(Employee.id).where(Employee.code == code)).one()
    return post(person, f"{BASE}/periods/{period_id}/outcome/{who}/{day}/1", **{**EXTRA, **fields})


def counted(site: Site, period_id: UUID) -> Balances:
    with work(site) as session:
        return balances(session, outcome(session, period_id))


def assert_weeks_of_extra_suffice(site: Site, period_id: UUID) -> None:
    """What was beyond the ordinary hours comes out of the weeks that have some as it does of all of them."""
    with work(site) as session:
        there, first, last = outcome(session, period_id), date(2026, 12, 1), date(2027, 1, 31)
        whole = works_of_year(session, there.people, first, last)
        weeks = extra_weeks_of_year(session, there.people, first, last)
        contracts = contracts_of(session, there.people)
    assert 0 < sum(map(len, weeks.values())) < sum(map(len, whole.values()))
    for person in there.people:
        own = contracts[person.code]

        def contract_on(on: date, own: list[Contract] = own) -> Contract | None:
            return next((row for row in own if row.valid_on(on)), None)

        every, some = whole.get(person.code, ()), weeks.get(person.code, ())
        assert split_extra(some, contract_on) == split_extra(every, contract_on)


def test_hours_supplements_and_limits_by_person(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID
) -> None:
    confirm(scheduler, period_id)
    for day in ("2027-01-08", "2027-01-15", "2027-01-22"):
        assert night(rostering_site, scheduler, period_id, "M01", day) == 303
    for day in ("2027-01-18", "2027-01-19", "2027-01-20", "2027-01-21"):
        assert night(rostering_site, scheduler, period_id, "M02", day, kind="overtime", end="08:00") == 303
    found = {balance.person.code: balance for balance in counted(rostering_site, period_id).people}

    assert_weeks_of_extra_suffice(rostering_site, period_id)
    one, two = found["M01"], found["M02"]
    assert (one.rostered.worked, one.worked.worked) == (960, 960 + 1800)
    assert (one.worked.additional, one.worked.overtime) == (1800, 0), "the weeks stay below full time"
    assert one.hours == 960 - one.contract
    assert sum(one.worked.unsocial.values()) == 3 * 600
    assert (two.worked.overtime, [use.state for use in two.limits]) == (2640, ["near", "ok", "ok"])
    assert one.published is None
    with work(rostering_site) as session:
        publish_as_it_is(session, period_id)
    published = {
        balance.person.code: balance.published for balance in counted(rostering_site, period_id).people
    }
    assert published["M01"] == one.rostered
    text = scheduler.client.get(page(period_id)).text
    assert text.count("Publicerat") >= 2
    assert "nära gränsen" in text
    assert "Exempelsats" in text
    assert sheets(scheduler.client.get(page(period_id, ".xlsx"), buffered=True))


def test_a_rate_of_the_regions_own_replaces_the_demo_rate(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID
) -> None:
    night(rostering_site, scheduler, period_id, "M01", "2027-01-08")
    rate = {"unsocial_class": "B_night", "valid_from": "2027-01-01", "amount": "80.50", "source": "Lokalt"}
    assert post(scheduler, page(period_id, "/rates"), **rate) == 303
    assert post(scheduler, page(period_id, "/rates"), **{**rate, "amount": "81.50"}) == 303
    (night_row, _weekend) = counted(rostering_site, period_id).supplements
    assert night_row.rate is not None
    assert (night_row.minutes, night_row.rate.source, str(night_row.amount)) == (480, "Lokalt", "652.00")
    for wrong in ({"amount": "-1"}, {"unsocial_class": "E"}, {"source": ""}, {"valid_from": "i går"}):
        assert post(scheduler, page(period_id, "/rates"), **{**rate, **wrong}) == 422, wrong


def publish_as_it_is(session: TenantSession, period_id: UUID) -> None:
    """Publish the period's roster, breaches and all."""
    roster = session.scalars(select(Roster).where(Roster.period_id == period_id)).one()
    publication = Publication(
        period_id=period_id,
        number=1,
        roster_id=roster.id,
        roster_version=1,
        first_date=date(2027, 1, 4),
        lead_days=20,
        notice_days=14,
        reason="",
        changed_cells=0,
        sha256="0" * 64,
        published_by=new_id(),
    )
    session.add(publication)
    session.flush()
    for row in session.scalars(select(Assignment).where(Assignment.roster_id == roster.id)):
        session.add(
            PublicationShift(
                publication_id=publication.id,
                employee_id=row.employee_id,
                on_date=row.on_date,
                unit_code="AVD12",
                shift_code="D",
                shift_name="Dag",
                shift_kind="day",
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                break_minutes=row.break_minutes,
                paid_minutes=row.paid_minutes,
            )
        )


@pytest.fixture
def following(rostering_site: Site, ward: WardData, period_id: UUID) -> UUID:
    """The ward's next four weeks, in which M04 takes no part."""
    february = Period(date(2027, 2, 1), date(2027, 2, 28), "Vår 2")
    later = replace(
        ward,
        period=february,
        employees=ward.employees[:3],
        contracts=ward.contracts[:3],
        dated_requirements=(),
        absences=(),
        wishes=(),
        history=(),
        pins=(),
    )
    with work(rostering_site) as session:
        return import_ward(session, later)


def test_the_next_period_looks_back_on_what_was_worked(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID, following: UUID
) -> None:
    assert post(scheduler, page(period_id, "/carry")) == 409, "not all is confirmed"
    confirm(scheduler, period_id)
    for day in ("2027-01-11", "2027-01-18", "2027-01-25"):
        night(rostering_site, scheduler, period_id, "M02", day)
    night(rostering_site, scheduler, period_id, "M04", "2027-01-18")
    for _again in range(2):
        assert post(scheduler, page(period_id, "/carry")) == 303
    with work(rostering_site) as session:
        ward = ward_data(session, following)
        history = {(past.employee, past.date.isoformat(), past.shift) for past in ward.history}
        assert ("M02", "2027-01-25", "N") in history, "the shift type most like the work"
        assert ("M02", "2027-01-03", "D") in history, "what the period itself looked back on"
        assert not any(employee == "M04" for employee, _day, _shift in history)
        carried = {s.employee: dict(s.parameters) for s in ward.settings if s.rule == "carried_balance"}
        assert carried["M02"]["nights"] == "2"
        assert carried["M01"]["nights"] == "-1"
        assert session.get_one(RosterPeriod, (session.tenant_id, following)).version == 3
        hours = {b.person.id: b.total for b in balances(session, outcome(session, period_id)).people}
        rows = session.scalars(select(CarriedHours).where(CarriedHours.period_id == following)).all()
        assert {row.employee_id: row.minutes for row in rows}.items() <= hours.items()
        assert len(rows) == 3
        assert (
            len(session.scalars(select(HistoryShift).where(HistoryShift.period_id == following)).all()) == 7
        )
        rules = session.scalars(select(RuleSetting).where(RuleSetting.period_id == following)).all()
        assert {rule.level for rule in rules} == {"hard"}


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_new_period_judges_rest_over_its_border_by_what_was_worked(
    rostering_site: Site, period_id: UUID, roster_id: UUID, confirmed: bool
) -> None:
    manager = rostering_site.person("ett", "ward_manager")
    if confirmed:
        confirm(manager, period_id)
    assert night(rostering_site, manager, period_id, "M02", "2027-01-31") == 303
    with work(rostering_site) as session:
        ward_id = session.get_one(RosterPeriod, (session.tenant_id, period_id)).ward_id
        people = [str(key) for key in session.scalars(select(Employee.id).where(Employee.code != "M04"))]
    form = {"first": "2027-02-01", "last": "2027-02-28", "name": "Vår 2", "people": people, "carry": "y"}
    made = manager.client.post(f"{BASE}/wards/{ward_id}/periods/new", data=form, buffered=True)
    assert made.status_code == 303, made.text
    with work(rostering_site) as session:
        ward = ward_data(session, UUID(made.location.rsplit("/", 1)[1]))
        last = {(past.employee, past.shift) for past in ward.history if past.date == date(2027, 1, 31)}
        assert (("M02", "N") in last) is confirmed, "a night that was not planned"
        judged = evaluate_ward(ward, [RosterCell("M02", 0, "D")])
        broken = [found for found in judged.violations if found.employee == "M02" and found.rule in RESTS]
        assert bool(broken) is confirmed, "at seven after a night until seven"
        carried = {line.employee for line in ward.settings if line.rule == "carried_balance"}
        assert bool(carried) is confirmed


def test_without_a_roster_there_is_no_balance(
    rostering_site: Site, scheduler: Person, period_id: UUID, following: UUID
) -> None:
    for balance in counted(rostering_site, period_id).people:
        assert (balance.hours, balance.total) == (None, None)
        assert balance.contract > 0
    shown = scheduler.client.get(page(period_id)).text
    assert shown.count("inget schema ännu") == 4
    assert "/carry" not in shown
    book = io.BytesIO(scheduler.client.get(page(period_id, ".xlsx")).data)
    rows = CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()
    assert sum("inget schema ännu" in row for row in rows) == 4
    assert post(scheduler, page(period_id, "/carry")) == 409, "no contract is carried on as a debt"


def test_without_a_later_period_nothing_is_carried(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID
) -> None:
    confirm(scheduler, period_id)
    assert post(scheduler, page(period_id, "/carry")) == 409
    coordinator = rostering_site.person("ett", "staffing_coordinator")
    assert coordinator.client.get(page(period_id)).status_code == 200
    assert post(coordinator, page(period_id, "/carry")) == 403
    assert rostering_site.person("ett", "viewer").client.get(page(period_id)).status_code == 403
