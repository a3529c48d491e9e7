"""Disturbed standby: what is worked in it, the rest that it takes, and whether the next work leaves that."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from samplan.plugin_api import Invalid
from samplan_rostering.domain.disturbance import RestOwed, rests_owed
from samplan_rostering.domain.outcome import Work, WorkKind, account
from samplan_rostering.models import RosterPeriod
from samplan_rostering.queries.outcome.days import Entered, Outcome, Person
from samplan_rostering.services.outcome.edit import Entry, Place, worked_values

ZONE = ZoneInfo("Europe/Stockholm")
MONDAY = date(2027, 1, 11)


def at(on: date, clock: str) -> datetime:
    return datetime.combine(on, time.fromisoformat(clock), ZONE).astimezone(UTC)


def standby(on: date, start: str = "07:00", turn: str = "15:00", end: str = "07:00") -> Work:
    """Return a shift of work, perhaps none, with standby until the next day."""
    begin, first, last = at(on, start), at(on, turn), at(on + timedelta(1), end)
    paid, length = ((each.seconds + each.days * 86400) // 60 for each in (first - begin, last - first))
    return Work(employee="E", on=on, kind=WorkKind.PLANNED, begin=begin, end=first, paid=paid, standby=length)


def call(on: date, start: str, end: str, kind: WorkKind = WorkKind.OVERTIME) -> Work:
    """Return work on a date, such as what somebody is called in for."""
    begin = at(on, start)
    last = at(on + timedelta(1) if end <= start else on, end)
    paid = int((last - begin).total_seconds()) // 60
    return Work(employee="E", on=on, kind=kind, begin=begin, end=last, paid=paid, extra=paid)


def owed(
    works: list[Work], ahead: list[Work] | None = None, day_break: time = time(12)
) -> list[tuple[int, int, int | None, int, str]]:
    found = rests_owed(works, ahead or [], day_break, ZONE)
    return [(each.worked, each.missing, each.rest, each.limit, each.state) for each in found]


TUESDAY = MONDAY + timedelta(1)
NIGHT = [standby(MONDAY), call(TUESDAY, "00:00", "02:00")]
"""Of 15 to 7 the longest rest left is the nine hours before midnight: two of eleven are lost."""


@pytest.mark.parametrize(
    ("start", "state", "rest"), [("20:00", "kept", 780), ("19:59", "broken", 779), (None, "open", None)]
)
def test_what_is_lost_is_made_good_with_the_next_daily_rest(
    start: str | None, state: str, rest: int | None
) -> None:
    ahead = [call(TUESDAY, start, "23:00", WorkKind.PLANNED)] if start else []
    assert owed(NIGHT, ahead, time(7)) == [(120, 120, rest, 780, state)]


def test_a_rest_that_is_still_there_asks_for_nothing() -> None:
    assert owed([standby(MONDAY), call(TUESDAY, "02:00", "04:00")], day_break=time(7)) == []
    assert owed([standby(MONDAY), call(TUESDAY, "01:59", "04:00")], day_break=time(7))[0][1] == 1
    assert owed([standby(MONDAY)], day_break=time(7)) == []


def test_the_own_day_break_tells_where_a_rest_may_lie() -> None:
    """Of 14 to 14, 2 to 13 is rest enough; one minute of it is taken by work at 12:59."""
    assert owed(NIGHT, day_break=time(14)) == []
    early = [call(TUESDAY, "12:59", "14:00", WorkKind.PLANNED)]
    assert owed(NIGHT, early, time(14)) == [(120, 1, 359, 661, "broken")]


def test_standby_that_goes_straight_on_is_made_good_after_its_end() -> None:
    """The second night is quiet: the rest is asked for on Wednesday, when the period ends."""
    again = standby(TUESDAY)
    late, soon = (
        [call(TUESDAY + timedelta(1), start, "23:00", WorkKind.PLANNED)] for start in ("20:00", "19:59")
    )
    assert owed([*NIGHT, again], late, time(7)) == [(120, 120, 780, 780, "kept")]
    assert owed([*NIGHT, again], soon, time(7)) == [(120, 120, 779, 780, "broken")]


@pytest.mark.parametrize(
    ("on", "lost", "starts"),
    [
        (date(2027, 1, 31), 120, ("20:00", "19:59")),  # the end of a month: nine hours are left from 22 to 7
        (date(2027, 10, 30), 60, ("19:00", "18:59")),  # ten, over the change to winter time
        (date(2027, 3, 27), 180, ("21:00", "20:59")),  # eight, over the change to summer time
    ],
)
def test_over_the_end_of_a_month_and_both_clock_changes(on: date, lost: int, starts: tuple[str, str]) -> None:
    called, after = call(on, "15:00", "22:00"), on + timedelta(1)
    found = [
        owed([standby(on), called], [call(after, start, "23:00", WorkKind.PLANNED)], time(7))[0]
        for start in starts
    ]
    assert [(each[1], each[4]) for each in found] == [(lost, "kept"), (lost, "broken")]


def test_work_in_a_duty_is_no_duty() -> None:
    counted = account(NIGHT, (), ZONE)
    assert (counted.standby, counted.worked) == (960 - 120, 480 + 120)
    on_call = Work(
        employee="E", on=MONDAY, kind=WorkKind.PLANNED, begin=at(MONDAY, "16:00"), end=at(MONDAY, "16:00"),
        on_call=480,
    )  # fmt: skip
    assert account([on_call, call(MONDAY, "23:00", "01:00")], (), ZONE).on_call == 420
    assert rests_owed([on_call, call(MONDAY, "23:00", "01:00")], [], time(7), ZONE) == []


def test_when_work_may_begin_again() -> None:
    (found,) = rests_owed(NIGHT, [], time(7), ZONE)
    assert isinstance(found, RestOwed)
    assert found.earliest == at(TUESDAY, "20:00")


def test_work_may_be_entered_within_a_duty_and_not_within_work() -> None:
    who = UUID(int=1)
    row = Entered(
        employee_id=who, on_date=MONDAY, number=0, kind="planned", starts_at=at(MONDAY, "07:00"),
        ends_at=at(TUESDAY, "07:00"), paid_minutes=480, on_call_minutes=0, standby_minutes=960,
    )  # fmt: skip
    there = Outcome(
        RosterPeriod(start_date=MONDAY, end_date=TUESDAY), ZONE, None, (Person(who, "E", "", ""),), {},
        {(who, MONDAY): (row,)}, {},
    )  # fmt: skip

    def entered(on: date, start: str, end: str) -> int:
        clock = {"start": time.fromisoformat(start), "end": time.fromisoformat(end)}
        values = worked_values(there, Place(who, on, 1), Entry(kind=WorkKind.OVERTIME, **clock))
        return int(values["paid_minutes"])

    assert entered(MONDAY, "15:00", "16:00") == 60
    assert entered(TUESDAY, "00:00", "02:00") == 120
    with pytest.raises(Invalid):
        entered(MONDAY, "14:59", "16:00")
