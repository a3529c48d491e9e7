"""Shifts over midnight in the control of invoices: billed whole on their first date, or by their dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pytest

from samplan_agency.domain.control import Billed, Controlled, Ordered, Worked
from samplan_agency.domain.pricing import AgreedPrice, PriceBook
from samplan_agency.domain.verdict import control

SUPPLIER = UUID(int=1)
LEVEL = "Sjuksköterska"
LAST, FIRST = date(2027, 3, 31), date(2027, 4, 1)
BOOK = PriceBook(
    [
        AgreedPrice(
            id=UUID(int=9),
            agreement="R",
            agreement_name="R",
            supplier_id=None,
            level=LEVEL,
            zone=1,
            time_class="ordinary",
            per_hour=Decimal(500),
            valid_from=date(2027, 1, 1),
            valid_to=None,
            source="prov",
            confirmed=True,
        )
    ],
    {},
)


def night(number: int, begins: date) -> tuple[Ordered, Worked]:
    """A night of 8 paid hours, 22 to 6.30, as it was called off and worked."""
    ends = date.fromordinal(begins.toordinal() + 1)
    order = Ordered(
        id=UUID(int=100 + number),
        reference="AVROP-1",
        supplier_id=SUPPLIER,
        work_date=begins,
        last_date=ends,
        starts_at=datetime.combine(begins, time(20), UTC),
        ends_at=datetime.combine(ends, time(4, 30), UTC),
        hours=Decimal(8),
        break_minutes=30,
        level=LEVEL,
        zone=1,
        consultant="K1",
    )
    work = Worked(
        id=UUID(int=200 + number),
        work_date=begins,
        hours=Decimal(8),
        break_minutes=30,
        supplier_id=SUPPLIER,
        consultant="K1",
        begins=time(22),
        ends=time(6, 30),
    )
    return order, work


def line(number: int, day: date, hours: int) -> Billed:
    return Billed(
        id=UUID(int=300 + number),
        supplier_id=SUPPLIER,
        amount=Decimal(500 * hours),
        work_month=day.replace(day=1),
        booked_month=date(2027, 5, 1),
        reference="AVROP-1",
        consultant="K1",
        work_date=day,
        level=LEVEL,
        hours=Decimal(hours),
    )


def judged(lines: list[Billed], *nights: date) -> list[Controlled]:
    pairs = [night(number, begins) for number, begins in enumerate(nights)]
    return control(lines, [one for one, _ in pairs], [two for _, two in pairs], BOOK, Decimal(1))


@pytest.mark.parametrize(
    "billed",
    [
        [(LAST, 8)],
        [(LAST, 2), (FIRST, 6)],
        [(FIRST, 6)],  # a month's end: the rest is the month before's
    ],
)
def test_a_night_is_matched_billed_whole_or_by_its_dates(billed: list[tuple[date, int]]) -> None:
    found = judged([line(number, *of) for number, of in enumerate(billed)], LAST)
    assert [(each.matched, len(each.orders), len(each.worked)) for each in found] == [(True, 1, 1)] * len(
        billed
    )


def test_hours_beyond_the_night_are_found_whichever_date_bills_them() -> None:
    found = judged([line(1, LAST, 2), line(2, FIRST, 7)], LAST)
    told = [(deviation.reason.value, deviation.amount) for each in found for deviation in each.deviations]
    assert told == [("hours_not_worked", Decimal(500))]


def test_nights_in_a_row_are_billed_by_their_dates_or_whole() -> None:
    nights = (date(2027, 3, 9), date(2027, 3, 10))
    parts = [(date(2027, 3, 9), 2), (date(2027, 3, 10), 6), (date(2027, 3, 10), 2), (date(2027, 3, 11), 6)]
    for billed in (parts, [(night_begins, 8) for night_begins in nights]):
        found = judged([line(number, *of) for number, of in enumerate(billed)], *nights)
        assert all(each.matched for each in found), billed
    whole = judged([line(number, night_begins, 8) for number, night_begins in enumerate(nights)], *nights)
    assert [len(each.orders) for each in whole] == [1, 1], "each night by itself"


def test_a_shift_until_midnight_is_none_of_the_next_date() -> None:
    order, work = night(1, LAST)
    until = replace(work, ends=time())
    assert until.last_date is None
    assert replace(work, begins=None).last_date is None
    assert work.last_date == FIRST
    late = [line(1, FIRST, 8)]
    found = control(late, [replace(order, last_date=None)], [until], BOOK, Decimal(1))
    assert [deviation.reason.value for deviation in found[0].deviations] == ["missing_reference"]
