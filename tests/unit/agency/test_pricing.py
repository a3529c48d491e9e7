"""What an hour costs by agreement, and which hours of a shift belong to which time of day and week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency_prices import price
from samplan_agency.domain.control import Billed, Ordered, Reason, Worked
from samplan_agency.domain.pricing import PriceBook, Question, Rule
from samplan_agency.domain.time_classes import class_hours
from samplan_agency.domain.verdict import control

SUPPLIER, OTHER = UUID(int=1), UUID(int=2)
DAY = date(2027, 3, 9)
ZONE = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("begin", "end", "pause", "hours"),
    [
        ("2027-03-03T07:00", "2027-03-03T15:30", 30, {"ordinary": 8}),
        ("2027-03-03T13:30", "2027-03-03T22:00", 30, {"ordinary": 5, "evening": 3}),
        ("2027-03-05T21:00", "2027-03-06T07:00", 0, {"evening": 1, "night": 2, "weekend": 7}),
        ("2027-03-07T21:00", "2027-03-08T07:00", 60, {"ordinary": 1, "night": 5, "weekend": 3}),
        (
            "2027-05-05T21:00",
            "2027-05-06T07:00",
            0,
            {"evening": 1, "night": 2, "holiday": 7},
        ),  # Ascension Day
        (
            "2026-12-23T21:00",
            "2026-12-24T07:00",
            0,
            {"evening": 1, "night": 2, "holiday": 7},
        ),  # Christmas Eve
        (
            "2026-06-18T21:00",
            "2026-06-19T07:00",
            0,
            {"evening": 1, "night": 2, "holiday": 7},
        ),  # Midsummer Eve
        ("2026-12-31T21:00", "2027-01-01T07:00", 0, {"holiday": 10}),  # from New Year's Eve
        ("2026-04-30T13:00", "2026-04-30T18:00", 0, {"ordinary": 5}),  # the eve of another day
        ("2027-10-30T21:00", "2027-10-31T07:00", 0, {"weekend": 11}),  # the clock goes back
        ("2027-03-27T21:00", "2027-03-28T07:00", 0, {"weekend": 3, "holiday": 6}),  # on, Easter Day
    ],
)
def test_hours_belong_to_the_time_of_day_and_week(
    begin: str, end: str, pause: int, hours: dict[str, float]
) -> None:
    """The break lies in the middle: of the night to Monday from half past one to half past two."""
    starts, ends = (datetime.fromisoformat(text).replace(tzinfo=ZONE) for text in (begin, end))
    found = class_hours(starts, ends, pause)
    assert {name: float(each) for name, each in found.items()} == hours


@given(st.integers(0, 60 * 24 * 365), st.integers(1, 60 * 30), st.integers(0, 240))
def test_the_parts_of_a_shift_are_all_its_paid_hours(begin: int, length: int, pause: int) -> None:
    starts = datetime.fromtimestamp(1_800_000_000 + begin * 60, ZONE)
    ends = datetime.fromtimestamp(starts.timestamp() + length * 60, ZONE)
    found = class_hours(starts, ends, pause)
    assert round(sum(found.values()) * 3600) == max(length - pause, 0) * 60
    assert all(hours > 0 for hours in found.values())


def ordered(begin: datetime, end: datetime) -> Ordered:
    return Ordered(
        id=UUID(int=200),
        reference="AVR-12",
        supplier_id=SUPPLIER,
        work_date=DAY,
        starts_at=begin,
        ends_at=end,
        hours=Decimal("9.5"),
        break_minutes=30,
        level="Sjuksköterska, röntgen",
        zone=2,
        price=Decimal(645),
    )


def test_hours_of_the_night_cost_what_the_call_off_says() -> None:
    """The parts of a night on the lines of an invoice are expected to cost what the call-off expects."""
    begin = datetime(2027, 3, 9, 21, tzinfo=ZONE)
    end = datetime(2027, 3, 10, 7, tzinfo=begin.tzinfo)
    order = ordered(begin, end)
    book = PriceBook([price(2, 650), price(2, 700, time_class="night")], {})
    hours = class_hours(begin, end, 30)
    lines = [
        Billed(
            id=UUID(int=400 + n),
            supplier_id=SUPPLIER,
            amount=part * 700,
            work_month=date(2027, 3, 1),
            booked_month=date(2027, 4, 1),
            reference="AVR-12",
            work_date=DAY,
            time_class=name,
            hours=part,
        )
        for n, (name, part) in enumerate(hours.items())
    ]
    worked = Worked(id=UUID(int=300), work_date=DAY, hours=Decimal("9.5"), reference="AVR-12")
    found = {each.line.time_class: each for each in control(lines, [order], [worked], book, Decimal(0))}
    assert {name: each.expected for name, each in found.items()} == {
        "ordinary": 645, "evening": 645, "night": Decimal(5250),
    }  # fmt: skip
    assert [(d.reason, d.amount) for d in found["evening"].deviations] == [(Reason.PRICE_ABOVE, 55)], (
        "an evening has no price: an ordinary hour's holds"
    )
    outside = replace(order, price=Decimal(690), within_agreement=False)
    found = {each.line.time_class: each for each in control(lines, [outside], [worked], book, Decimal(0))}
    assert [float(found[name].expected) for name in hours] == [690, 690, 5250]


def test_prices_are_found_by_supplier_before_agreement_and_the_newest_first() -> None:
    own = price(2, 630, id=UUID(int=150), supplier_id=SUPPLIER)
    newer = price(2, 670, id=UUID(int=151), valid_from=date(2027, 3, 1))
    ended = price(2, 1, id=UUID(int=152), valid_from=date(2027, 3, 2), valid_to=date(2027, 3, 8))
    book = PriceBook([own, newer, ended, price(2, 650)], {})
    asked = Question(
        supplier_id=OTHER, level="sjuksköterska, röntgen", time_class="ordinary", day=DAY, zone=2
    )

    found = book.find(asked)
    assert found is not None
    assert found.price == newer
    assert found.rule is Rule.AGREEMENT
    found = book.find(replace(asked, supplier_id=SUPPLIER))
    assert found is not None
    assert found.price == own
    assert found.rule is Rule.SUPPLIER
    assert book.find(replace(asked, zone=3)) is None
    assert book.find(replace(asked, zone=None)) is None
    found = book.find(replace(asked, day=date(2027, 2, 28)))
    assert found is not None
    assert found.price.per_hour == 650
