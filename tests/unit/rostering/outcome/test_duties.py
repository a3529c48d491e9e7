"""On-call duty and standby in what was worked: beside the ordinary work, and without unsocial hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from samplan_rostering.domain.outcome import WorkKind, account
from samplan_rostering.domain.unsocial import UnsocialClass
from samplan_rostering.models import RosterPeriod
from samplan_rostering.queries.outcome.days import Outcome, Person, Rostered
from samplan_rostering.queries.outcome.works import planned_work
from samplan_rostering.services.outcome.edit import Entry, Place, worked_values

ZONE = ZoneInfo("Europe/Stockholm")
WHO, ON = UUID(int=1), date(2027, 1, 11)


def rostered(paid: int, on_call: int, standby: int) -> Rostered:
    """Return a shift of a Monday from 13 to Tuesday 13."""
    begin, end = (datetime(2027, 1, day, 12, tzinfo=UTC) for day in (11, 12))
    return Rostered(WHO, ON, UUID(int=2), "J", True, begin, end, 0, paid, on_call, standby)


def found(shift: Rostered) -> Outcome:
    period = RosterPeriod(start_date=ON, end_date=ON)
    return Outcome(period, ZONE, None, (Person(WHO, "E", "", ""),), {(WHO, ON): shift}, {}, {})


def test_unsocial_hours_are_those_of_ordinary_work() -> None:
    """Of 13 to 21 two hours lie after 19; on-call duty to 4 and standby after that have none."""
    worked = account([planned_work(rostered(480, 420, 540), "E")], [], ZONE)
    assert worked.unsocial == {UnsocialClass.EVENING: 120}
    assert (worked.worked, worked.on_call, worked.standby, worked.nights) == (480, 420, 540, 1)
    only = account([planned_work(rostered(0, 0, 1440), "E")], [], ZONE)
    assert (only.unsocial, only.standby, only.nights) == ({}, 1440, 0)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (time(13), time(13), (480, 420, 540, 0)),
        (time(15), time(14), (420, 420, 540, 0)),
        (time(13), time(2), (0, 240, 540, 0)),
    ],
)
def test_the_end_of_other_times_stays_duty(start: time, end: time, minutes: tuple[int, ...]) -> None:
    entry = Entry(kind=WorkKind.CHANGED, start=start, end=end)
    values = worked_values(found(rostered(480, 420, 540)), Place(WHO, ON), entry)
    names = ("paid_minutes", "on_call_minutes", "standby_minutes", "extra_minutes")
    assert tuple(values[name] for name in names) == minutes


def test_a_duty_confirmed_or_missed() -> None:
    there = found(rostered(0, 1440, 0))
    planned = worked_values(there, Place(WHO, ON), Entry(kind=WorkKind.PLANNED))
    assert (planned["paid_minutes"], planned["on_call_minutes"]) == (0, 1440)
    missed = worked_values(there, Place(WHO, ON), Entry(kind=WorkKind.ABSENCE, absence="sick"))
    assert (missed["on_call_minutes"], missed["standby_minutes"]) == (0, 0)
    beside = worked_values(there, Place(WHO, ON, 1), Entry(kind=WorkKind.EXTRA, start=time(8), end=time(9)))
    assert (beside["paid_minutes"], beside["on_call_minutes"]) == (60, 0)
