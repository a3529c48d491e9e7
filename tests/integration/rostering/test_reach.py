"""Of older periods only those are looked at whose input may have changed, and none of these is missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.organisation.models import OrgUnit
from samplan_rostering.domain.ward import Absence, AbsenceKind, HeldSkill, Period, WardData
from samplan_rostering.models import RosterPeriod
from samplan_rostering.queries.periods.reach import reached_periods, shared
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.periods import effects
from samplan_rostering.services.periods.effects import effects_of, import_if
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status

START = date(2027, 1, 4)
NEW = 4
"""The number of the period that is read in, after four older ones of four weeks each."""


def in_period(ward: WardData, number: int) -> WardData:
    """Return the ward in the period of this number, with nothing that stands at a date of another."""
    first = START + timedelta(weeks=4 * number)
    return replace(
        ward,
        period=Period(first, first + timedelta(days=27), f"Period {number}"),
        dated_requirements=(),
        absences=(),
        wishes=(),
        history=(),
        pins=(),
    )


@pytest.fixture
def older(tenant_session: TenantSession, unit: OrgUnit, ward: WardData) -> list[UUID]:
    """Four older periods of the ward, each with a roster; M04 is in the first two only."""
    ids = []
    for number in range(NEW):
        data = in_period(ward, number)
        if number >= 2:
            without = [person for person in data.employees if person.code != "M04"]
            contracts = tuple(row for row in data.contracts if row.employee != "M04")
            data = replace(data, employees=tuple(without), contracts=contracts)
        period_id = import_ward(tenant_session, data)
        solution = Solution(Status.FEASIBLE, 0, 0, 1.5, 1, {}, {}, ())
        store_roster(tenant_session, Made(new_id(), new_id(), period_id, input_hash(data)), data, solution)
        ids.append(period_id)
    return ids


def same(ward: WardData) -> WardData:
    return ward


def absent_in_the_second(ward: WardData) -> WardData:
    return replace(ward, absences=(Absence("M02", date(2027, 2, 10), date(2027, 2, 12), AbsenceKind.SICK),))


def absent_after_the_last_night_of_the_first(ward: WardData) -> WardData:
    return replace(ward, absences=(Absence("M02", date(2027, 2, 1), date(2027, 2, 1), AbsenceKind.SICK),))


def works_less_from_the_fourth(ward: WardData) -> WardData:
    ended = replace(ward.contracts[0], valid_to=date(2027, 3, 28))
    less = replace(ward.contracts[0], valid_from=date(2027, 3, 29), percentage=Decimal(50))
    return replace(ward, contracts=(ended, less, *ward.contracts[1:]))


def renamed(ward: WardData) -> WardData:
    return replace(ward, employees=(*ward.employees[:3], replace(ward.employees[3], name="Dag Exempel")))


def learnt(ward: WardData) -> WardData:
    held = (HeldSkill("USK", date(2027, 5, 1), None),)
    return replace(ward, employees=(*ward.employees[:3], replace(ward.employees[3], skills=held)))


def skills_turned_about(ward: WardData) -> WardData:
    first = ward.employees[0]
    return replace(
        ward, employees=(replace(first, skills=tuple(reversed(first.skills))), *ward.employees[1:])
    )


def longer_days(ward: WardData) -> WardData:
    return replace(ward, shift_types=(replace(ward.shift_types[0], paid_minutes=490), *ward.shift_types[1:]))


def fewer_skills(ward: WardData) -> WardData:
    kept = [replace(person, skills=person.skills[:1]) for person in ward.employees]
    return replace(ward, skills=ward.skills[:1], employees=tuple(kept))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (same, ()),
        (absent_in_the_second, (1,)),
        (absent_after_the_last_night_of_the_first, (0, 1)),
        (works_less_from_the_fourth, (0, 1, 2, 3)),  # the contract that ended began before them all
        (renamed, (0, 1)),
        (learnt, (0, 1)),
        (skills_turned_about, (0, 1, 2, 3)),
        (longer_days, (0, 1, 2, 3)),
        (fewer_skills, (0, 1, 2, 3)),
    ],
)
def test_what_is_looked_at_holds_all_that_changes(
    tenant_session: TenantSession,
    older: list[UUID],
    ward: WardData,
    change: Callable[[WardData], WardData],
    expected: tuple[int, ...],
) -> None:
    data = change(in_period(ward, NEW))
    hashes = [input_hash(ward_data(tenant_session, key)) for key in older]
    before = shared(tenant_session, data)
    import_ward(tenant_session, data)
    tenant_session.expire_all()

    reached = reached_periods(tenant_session, data, before, shared(tenant_session, data))

    assert [older.index(key) for key in reached] == list(expected)
    now = [input_hash(ward_data(tenant_session, key)) for key in older]
    assert {key for key, old, new in zip(older, hashes, now, strict=True) if old != new} <= set(reached)


def test_periods_that_cannot_change_are_not_loaded(
    tenant_session: TenantSession, older: list[UUID], ward: WardData, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[UUID] = []

    def watched(session: TenantSession, period_id: UUID) -> WardData:
        loaded.append(period_id)
        return ward_data(session, period_id)

    monkeypatch.setattr(effects, "ward_data", watched)
    assert effects_of(tenant_session, in_period(ward, NEW)).mark == ""
    assert loaded == []

    found = effects_of(tenant_session, absent_in_the_second(in_period(ward, NEW)))
    assert set(loaded) == {older[1]}
    assert [roster.start for roster in found.rosters] == [date(2027, 2, 1)]


def test_what_reaches_rosters_is_read_in_when_it_is_agreed_to(
    tenant_session: TenantSession, older: list[UUID], ward: WardData
) -> None:
    data = longer_days(in_period(ward, NEW))

    assert import_if(tenant_session, data, lambda _found: False)[1] is None
    assert len(tenant_session.scalars(select(RosterPeriod.id)).all()) == NEW

    found, period_id = import_if(tenant_session, data, lambda shown: len(shown.rosters) == NEW)
    assert period_id is not None
    assert len(found.rosters) == NEW
    assert ward_data(tenant_session, period_id) == data
    assert ward_data(tenant_session, older[0]).shift_types == data.shift_types
