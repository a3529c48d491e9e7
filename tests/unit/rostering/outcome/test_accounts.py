"""Worked time: additional time and overtime, the limits of the law, and what it all comes to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from samplan_rostering.domain.outcome import (
    Extra,
    LimitKind,
    Work,
    WorkKind,
    account,
    limits,
    shares,
    split_extra,
)
from samplan_rostering.domain.unsocial import UnsocialClass
from samplan_rostering.domain.ward import Contract, RosterType

ZONE = ZoneInfo("Europe/Stockholm")
MONDAY = date(2027, 1, 11)


def contract(percentage: int) -> Contract:
    return Contract("M1", date(2020, 1, 1), None, Decimal(percentage), RosterType.DAY, 2400)


def work(day: int, kind: WorkKind = WorkKind.PLANNED, paid: int = 480, extra: int = 0, hour: int = 6) -> Work:
    on = MONDAY + timedelta(days=day)
    begin = datetime(on.year, on.month, on.day, hour, tzinfo=UTC)
    return Work(
        employee="M1",
        on=on,
        kind=kind,
        begin=begin,
        end=begin + timedelta(minutes=paid),
        paid=paid,
        extra=extra,
    )


def test_a_part_timer_has_additional_time_until_the_week_is_a_full_one() -> None:
    week = [work(day) for day in range(4)] + [work(5, WorkKind.EXTRA, 600, 600)]
    (extra,) = split_extra(week, lambda _on: contract(80))
    assert (extra.additional, extra.overtime) == (480, 120)
    (alone,) = split_extra(week[-1:], lambda _on: contract(80))
    assert (alone.additional, alone.overtime) == (600, 0)


def test_a_full_timer_has_overtime_only_and_so_has_who_is_told_to() -> None:
    extra = work(5, WorkKind.EXTRA, 300, 300)
    assert split_extra([extra], lambda _on: contract(100)) == [Extra(extra.on, 0, 300)]
    told = work(5, WorkKind.OVERTIME, 300, 300)
    assert split_extra([told], lambda _on: contract(50)) == [Extra(told.on, 0, 300)]
    assert split_extra([extra], lambda _on: None) == [], "without a contract there is nothing to exceed"


@given(
    percentage=st.integers(1, 100),
    rows=st.lists(st.tuples(st.integers(0, 27), st.integers(1, 720), st.integers(0, 720)), max_size=20),
)
def test_every_extra_minute_is_one_or_the_other_once(
    percentage: int, rows: list[tuple[int, int, int]]
) -> None:
    works = [work(day, WorkKind.CHANGED, paid, min(extra, paid)) for day, paid, extra in rows]
    found = split_extra(works, lambda _on: contract(percentage))
    assert sum(e.additional + e.overtime for e in found) == sum(w.extra for w in works)
    assert percentage < 100 or not any(e.additional for e in found)
    for week in range(4):
        dates = {MONDAY + timedelta(days=7 * week + day) for day in range(7)}
        ordinary = sum(w.paid - w.extra for w in works if w.on in dates)
        additional = sum(e.additional for e in found if e.on in dates)
        assert additional <= max(0, 2400 - ordinary)


def test_limits_are_near_and_over() -> None:
    extras = [Extra(date(2027, 1, 4), overtime=41 * 60), Extra(date(2027, 1, 31), 170 * 60, 9 * 60)]
    uses = {use.kind: use for use in limits(extras, date(2027, 1, 4), date(2027, 1, 31))}
    month = uses[LimitKind.OVERTIME_MONTH]
    assert (month.used, month.limit, month.state) == (50 * 60, 50 * 60, "near")
    assert uses[LimitKind.ADDITIONAL_YEAR].state == "near"
    assert uses[LimitKind.OVERTIME_YEAR].state == "ok"
    weeks = limits(extras, date(2027, 1, 4), date(2027, 1, 31), by_month=False)[0]
    assert (weeks.kind, weeks.used, weeks.state) == (LimitKind.OVERTIME_WEEKS, 50 * 60, "over")
    assert (weeks.first, weeks.last) == (date(2027, 1, 4), date(2027, 1, 31))


def test_four_weeks_hold_28_dates_and_a_year_its_own() -> None:
    extras = [Extra(date(2026, 12, 31), overtime=2000), Extra(date(2027, 1, 28), overtime=2000)]
    weeks = limits(extras, date(2027, 1, 4), date(2027, 1, 31), by_month=False)[0]
    assert weeks.used == 2000, "the 28th is the 29th date"
    years = [
        use
        for use in limits(extras, date(2026, 12, 21), date(2027, 1, 31))
        if use.kind is LimitKind.OVERTIME_YEAR
    ]
    assert [(use.first.year, use.used) for use in years] == [(2026, 2000), (2027, 2000)]


def test_an_account_counts_hours_nights_weekends_and_holidays() -> None:
    saturday, sunday = work(5, paid=600), work(6, WorkKind.EXTRA, 300, 300)
    absent = Work(employee="M1", on=MONDAY, kind=WorkKind.ABSENCE)
    holiday = Work(
        employee="M1",
        on=date(2027, 1, 6),
        kind=WorkKind.PLANNED,
        begin=datetime(2027, 1, 6, 20, tzinfo=UTC),
        end=datetime(2027, 1, 7, 6, tzinfo=UTC),
        paid=600,
        night=True,
    )
    found = account([saturday, sunday, absent, holiday], [Extra(sunday.on, 300)], ZONE)
    assert (found.worked, found.ordinary, found.additional, found.overtime) == (1500, 1200, 300, 0)
    assert (found.nights, found.weekends, found.holidays, found.absences) == (1, 1, 1, 1)
    assert found.unsocial[UnsocialClass.WEEKEND_NIGHT] == 480


@given(counts=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 200)), min_size=1, max_size=8))
def test_what_somebody_has_beyond_an_even_share(counts: list[tuple[int, int]]) -> None:
    had = {str(n): count for n, (count, _hours) in enumerate(counts)}
    hours = {str(n): weight for n, (_count, weight) in enumerate(counts)}
    found = shares(had, hours)
    assert abs(sum(found.values())) <= len(counts) / 2 + 1e-9
    even = shares(dict.fromkeys(had, 4), dict.fromkeys(hours, 7))
    assert set(even.values()) == {0}


def test_nobody_has_a_share_where_there_are_no_hours() -> None:
    assert shares({"a": 3}, {"a": 0}) == {"a": 0}
