"""The module's indicators, by month: worked out by hand from an invented ward."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.modules.contributions import IndicatorSpec, IndicatorValue, load
from samplan.modules.contributions import Period as Month
from samplan.organisation.models import OrgUnit
from samplan_rostering.declarations import INDICATORS
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Period, WardData, Wish, WishKind
from samplan_rostering.figure_words import DEFINITIONS
from samplan_rostering.figure_words import INDICATORS as FIGURES
from samplan_rostering.models import (
    Employee,
    EnteredFigure,
    Publication,
    PublicationShift,
    RosterFigures,
    RosterPeriod,
    WorkedShift,
)
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status

JANUARY, FEBRUARY = (
    Month(date(2027, month, 1), date(2027, month, last)) for month, last in ((1, 31), (2, 28))
)
CODES = tuple(f"M{number:02d}" for number in range(1, 7))
# From Monday 18 January to Sunday 14 February; a night to Saturday the 30th is followed by a day at once.
CELLS = (
    *(Assignment(code, day, "D") for code in CODES for day in (0, 5)),
    Assignment("M01", 11, "N"),
    Assignment("M01", 12, "D"),
    Assignment("M02", 14, "D"),
)


def store(session: TenantSession, ward: WardData, period_id: UUID, *cells: Assignment) -> UUID:
    evaluation = evaluate_ward(ward, cells)
    solution = Solution(Status.FEASIBLE, evaluation.objective, None, 1.0, 1, {}, evaluation.breakdown, cells)
    made = Made(new_id(), new_id(), period_id, input_hash(ward))
    store_roster(session, made, ward, solution)
    return made.roster_id


def value(session: TenantSession, name: str, month: Month = JANUARY) -> IndicatorValue:
    spec: IndicatorSpec = next(spec for spec in INDICATORS if spec.name == f"rostering.{name}")
    assert spec.compute is not None
    found: IndicatorValue = load(spec.compute)(session, month)
    return found


def made_of(found: IndicatorValue) -> tuple[float | None, float | None]:
    return found.numerator, found.denominator


@pytest.fixture
def six(ward: WardData) -> WardData:
    return replace(
        ward,
        period=Period(date(2027, 1, 18), date(2027, 2, 14), "Vår 1"),
        employees=tuple(replace(ward.employees[0], code=code, name="") for code in CODES),
        contracts=tuple(replace(ward.contracts[0], employee=code) for code in CODES),
        dated_requirements=(),
        absences=(),
        wishes=(
            Wish("M01", date(2027, 1, 23), WishKind.WANT, "D", 5),
            Wish("M02", date(2027, 1, 18), WishKind.OFF, None, 3),
        ),
        pins=(),
        history=(),
    )


@pytest.fixture
def rostered(tenant_session: TenantSession, unit: OrgUnit, six: WardData) -> tuple[UUID, UUID]:
    """Period and roster."""
    period_id = import_ward(tenant_session, six)
    return period_id, store(tenant_session, six, period_id, *CELLS)


def test_every_key_figure_is_an_indicator_with_its_words() -> None:
    specs = {spec.name: spec for spec in INDICATORS}
    assert set(FIGURES) == set(DEFINITIONS)
    for key, name in FIGURES.items():
        assert specs[name].compute is not None, key
        assert str(specs[name].definition), key
        assert str(specs[name].source), key
        assert bool(str(specs[name].numerator)) == bool(str(specs[name].denominator)), key


def test_shifts_count_in_their_month(
    tenant_session: TenantSession, six: WardData, rostered: tuple[UUID, UUID]
) -> None:
    # 14 days and 2 Friday nights of each month are in the period.
    assert made_of(value(tenant_session, "coverage")) == (4, 16)
    assert value(tenant_session, "coverage").value == 25
    assert made_of(value(tenant_session, "coverage", FEBRUARY)) == (1, 16)
    assert value(tenant_session, "unfilled").value == 12
    required = 14 * 480 + 2 * 600
    assert made_of(value(tenant_session, "unfilled_share")) == (required - 3 * 480 - 600, required)
    # Everybody once, M01 twice more; M02 comes back in February.
    quick = value(tenant_session, "quick_returns")
    assert (*made_of(quick), quick.n, quick.value) == (1, 8, 8, 12.5)
    assert made_of(value(tenant_session, "quick_returns", FEBRUARY)) == (0, 1)
    assert made_of(value(tenant_session, "night_shift_share")) == (1, 14)
    assert made_of(value(tenant_session, "wishes_met_share")) == (1, 2)
    assert value(tenant_session, "wishes_met_share", FEBRUARY).value is None


def test_people_count_for_the_days_that_are_rostered_and_contracts_where_a_period_begins(
    tenant_session: TenantSession, six: WardData, rostered: tuple[UUID, UUID]
) -> None:
    nights, weekends = (value(tenant_session, name) for name in ("nights", "weekends"))
    assert (nights.numerator, nights.n) == (1, 6)
    assert nights.denominator == pytest.approx(6 * 14 / 31)
    assert weekends.value == pytest.approx(7 / (6 * 14 / 31))
    # 14 days of 8 hours and a night of 10, against four weeks of 75.5 % of 36:20 for six people.
    hours = value(tenant_session, "hours")
    assert made_of(hours) == (pytest.approx(122), pytest.approx(6 * 6584 / 60))
    assert value(tenant_session, "hours", FEBRUARY).value is None
    assert value(tenant_session, "breaches").value == len(evaluate_ward(six, CELLS).violations)


def test_rosters_are_judged_once_and_the_best_counts(
    tenant_session: TenantSession, six: WardData, rostered: tuple[UUID, UUID]
) -> None:
    store(tenant_session, six, rostered[0])  # the newest, with nobody in it
    assert made_of(value(tenant_session, "coverage")) == (4, 16)
    counted = select(RosterFigures.roster_id, RosterFigures.counted_at)
    before = tenant_session.execute(counted).all()
    assert [row.roster_id for row in before] == [rostered[1]]
    value(tenant_session, "nights", FEBRUARY)
    assert tenant_session.execute(counted).all() == before


def test_publications_outcome_and_entered_numbers(
    tenant_session: TenantSession, six: WardData, rostered: tuple[UUID, UUID]
) -> None:
    period_id, roster_id = rostered
    period = tenant_session.get_one(RosterPeriod, (tenant_session.tenant_id, period_id))
    _publish(tenant_session, period, roster_id)
    row = tenant_session.scalars(select(PublicationShift)).first()
    assert row is not None
    times = {"starts_at": row.starts_at, "ends_at": row.ends_at, "paid_minutes": 480, "extra_minutes": 60}
    worked = {"kind": "overtime", "source": "entered", "number": 0}
    worked |= {"period_id": period_id, "employee_id": row.employee_id, "on_date": row.on_date}
    tenant_session.add(WorkedShift(**worked, **times))
    numbers = {"employees": 46, "managers": 2, "external_hours": 80, "scheduling_clinical": 12.5}
    numbers |= {"scheduling_administrative": 4, "payroll_corrections": 3, "units_stood_down": 1}
    for kind, amount in numbers.items():
        place = {"ward_id": period.ward_id, "month": JANUARY.start, "source": "räknat"}
        tenant_session.add(EnteredFigure(**place, kind=kind, amount=Decimal(str(amount))))
    tenant_session.flush()

    assert value(tenant_session, "lead_time").value == 20
    assert made_of(value(tenant_session, "changes")) == (1, 4)
    beyond = value(tenant_session, "beyond")
    assert (beyond.value, beyond.n) == (12.5, 1)
    assert made_of(value(tenant_session, "agency_share")) == (80, 88)
    assert value(tenant_session, "employees_per_manager").value == 23
    for kind in ("scheduling_clinical", "scheduling_administrative", "payroll_corrections"):
        assert value(tenant_session, kind).value == numbers[kind]
    assert value(tenant_session, "units_stood_down").value == 1
    for spec in INDICATORS:
        nothing = value(
            tenant_session, spec.name.removeprefix("rostering."), Month(date(2027, 4, 1), date(2027, 4, 30))
        )
        assert nothing.value is None, spec.name


def _publish(session: TenantSession, period: RosterPeriod, roster_id: UUID) -> None:
    """Publish four shifts 20 days before, and one of them in another way later."""
    people = session.scalars(select(Employee.id).order_by(Employee.code)).all()
    for number, changed in ((1, 0), (2, 1)):
        row = Publication(period_id=period.id, roster_id=roster_id, roster_version=1, number=number)
        row.first_date, row.lead_days, row.notice_days, row.reason = period.start_date, 20, 14, ""
        row.changed_cells, row.sha256, row.published_by = changed, "0" * 64, new_id()
        session.add(row)
        session.flush()
        times = {
            "starts_at": datetime(2027, 1, 18, 6, tzinfo=UTC),
            "ends_at": datetime(2027, 1, 18, 14, 30, tzinfo=UTC),
        }
        shift = {"unit_code": "AVD12", "shift_code": "D", "shift_name": "Dag", "shift_kind": "day", **times}
        shift |= {
            "publication_id": row.id,
            "on_date": period.start_date,
            "break_minutes": 30,
            "paid_minutes": 480,
        }
        session.add_all(PublicationShift(employee_id=person, **shift) for person in people[:4])
    session.flush()
