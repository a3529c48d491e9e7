"""Contracts that another system tells anew: the past stays, and what is to come is as the file says."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplan_rostering.domain.contract_history import IncompleteError, Stated, overlap, told_anew
from samplan_rostering.domain.ward import Contract, RosterType

ON = date(2027, 3, 1)
OLD = Contract("M1", date(2020, 1, 1), None, Decimal(100), RosterType.DAY_WEEKEND, 2250)


def told(*stated: Stated, former: tuple[Contract, ...] = (OLD,)) -> list[tuple[str, str | None, int, int]]:
    found = told_anew(former, stated, employee="M1", on=ON, usual=RosterType.DAY)
    return [
        (
            str(c.valid_from),
            str(c.valid_to) if c.valid_to else None,
            int(c.percentage),
            c.fulltime_week_minutes,
        )
        for c in found
    ]


def test_the_same_again_changes_nothing() -> None:
    for first in (None, date(2015, 5, 1), date(2020, 1, 1), ON, date(2028, 1, 1)):
        assert told(Stated(first, percentage=Decimal("100.00"), open_end=True)) == told()
    assert told(Stated()) == told()
    assert told(Stated(open_end=True)) == told()


def test_another_percentage_ends_the_old_contract_the_day_before() -> None:
    ended = ("2020-01-01", "2027-02-28", 100, 2250)
    assert told(Stated(percentage=Decimal(75))) == [ended, ("2027-03-01", None, 75, 2250)]
    assert told(Stated(date(2020, 1, 1), percentage=Decimal(75)))[0] == ended
    later = Stated(date(2027, 6, 1), date(2027, 8, 31), Decimal(50), RosterType.NIGHT)
    assert told(later) == [("2020-01-01", "2027-05-31", 100, 2250), ("2027-06-01", "2027-08-31", 50, 2060)]


def test_an_end_is_taken_and_a_new_one_follows() -> None:
    rows = (
        Stated(date(2020, 1, 1), date(2027, 6, 30), Decimal(100)),
        Stated(date(2027, 7, 1), None, Decimal(60)),
    )
    assert told(*rows) == [("2020-01-01", "2027-06-30", 100, 2250), ("2027-07-01", None, 60, 2250)]
    assert (
        told(Stated(last=date(2027, 4, 30)), Stated(date(2027, 7, 1), None, Decimal(60)))[1][0]
        == "2027-07-01"
    )
    assert told(Stated(last=date(2026, 4, 30))) == told(), "what has ended already is not told anew"
    fixed = (Contract("M1", date(2026, 1, 1), date(2027, 5, 31), Decimal(80), RosterType.DAY, 2400),)
    assert told(Stated(percentage=Decimal(80)), former=fixed)[0][1] == "2027-05-31"
    assert told(Stated(percentage=Decimal(80), open_end=True), former=fixed)[0][1] is None


def test_a_first_contract_needs_a_percentage_and_a_roster_type() -> None:
    row = Stated(date(2026, 1, 1), None, Decimal(80))
    assert told(row, former=()) == [("2026-01-01", None, 80, 2400)]
    assert told(Stated(date(2018, 1, 1), date(2019, 1, 1), Decimal(50)), row, former=())[0][2] == 50
    with pytest.raises(IncompleteError) as caught:
        told(Stated(date(2026, 1, 1)), former=())
    assert caught.value.missing == "percentage"
    with pytest.raises(IncompleteError) as caught:
        told_anew((), [row], employee="M1", on=ON)
    assert caught.value.missing == "roster_type"


def test_rows_of_one_person_may_not_overlap() -> None:
    one, other = Stated(date(2027, 1, 1), date(2027, 3, 1)), Stated(None, None, Decimal(50))
    assert overlap([one, other], ON)
    assert not overlap([one, Stated(date(2027, 3, 2))], ON)
    assert not overlap([one, Stated(open_end=True)], ON)


DAYS = st.integers(-600, 600).map(lambda days: ON + timedelta(days=days))
WORK = st.tuples(st.integers(1, 100).map(Decimal), st.sampled_from(list(RosterType)))


@st.composite
def spans(draw: st.DrawFn) -> list[tuple[date, date | None]]:
    days = sorted(draw(st.sets(DAYS, max_size=6)))
    found: list[tuple[date, date | None]] = list(zip(days[::2], days[1::2], strict=False))
    return [*found, (days[-1], None)] if len(days) % 2 else found


@given(spans(), spans(), st.lists(WORK, min_size=8, max_size=8))
def test_history_stays_and_the_future_is_as_told(
    old: list[tuple[date, date | None]],
    new: list[tuple[date, date | None]],
    work: list[tuple[Decimal, RosterType]],
) -> None:
    former = [
        Contract("M1", first, last, *each, 2000) for (first, last), each in zip(old, work, strict=False)
    ]
    stated = [
        Stated(first, last, *each, 2000, open_end=True)
        for (first, last), each in zip(new, reversed(work), strict=False)
    ]
    found = told_anew(former, stated, employee="M1", on=ON)
    assert all((one.valid_to or date.max) < other.valid_from for one, other in pairwise(found))
    assert all(each.valid_from <= (each.valid_to or date.max) for each in found)
    assert told_anew(found, stated, employee="M1", on=ON) == found, "the same file twice changes nothing"
    for days in range(-700, 700, 7):
        on = ON + timedelta(days=days)
        now = next((each for each in found if each.valid_on(on)), None)
        was = next((each for each in former if each.valid_on(on)), None)
        said = next((row for row in stated if row.first and row.first <= on <= (row.last or date.max)), None)
        if on < ON and was is not None:
            assert now is not None
            assert (now.percentage, now.roster_type) == (was.percentage, was.roster_type)
        if on >= ON and said is not None:
            assert now is not None
            assert (now.percentage, now.roster_type) == (said.percentage, said.roster_type)
