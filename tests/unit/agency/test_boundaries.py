"""Where each reason of the control begins, and by what an agreed price holds: just within, just beyond."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from agency_control import DAY, LINE, ORDER, OTHER, SUPPLIER, WORKED, judged, told
from agency_prices import price
from samplan_agency.domain.control import Billed, Ordered, Worked
from samplan_agency.domain.pricing import PriceBook, Question

ASKED = Question(
    supplier_id=SUPPLIER, level="Sjuksköterska, röntgen", time_class="ordinary", day=DAY, municipality="2303"
)


def billed(hours: str, amount: str, **other: object) -> Billed:
    return replace(LINE, hours=Decimal(hours), amount=Decimal(amount), **other)  # type: ignore[arg-type] # fields


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # 8 h at 650 = 5,200, and 1 SEK that is no difference.
        (billed("8", "5201"), {}),
        (billed("8", "5201.01"), {"price_above": 1.01}),
        # Zone 3's 720 an hour = 5,760: what is at most 1 SEK above it is that zone's.
        (billed("8", "5761", zone=3), {"wrong_zone": 561}),
        (billed("8", "5761.01", zone=3), {"wrong_zone": 560, "price_above": 1.01}),
        # 8.02 h are a minute, as hours are rounded; 8.03 h at 650 cost 19.50 more.
        (billed("8.02", "5213"), {}),
        (billed("8.03", "5219.50"), {"hours_not_worked": 19.5}),
        # The break is half an hour, a minute more or less.
        (billed("8.48", "5512"), {"break_paid": 312}),
        (billed("8.52", "5538"), {"break_paid": 338}),
        (billed("8.47", "5505.50"), {"hours_not_worked": 305.5}),
        (billed("8.53", "5544.50"), {"hours_not_worked": 344.5}),
        # At 25 öre an hour: what the hours beyond cost is 1 SEK, and then more.
        (billed("12", "3"), {}),
        (billed("13", "3.25"), {"hours_not_worked": 1.25}),
        # A reference is the same whatever stands between its letters and digits.
        (billed("8", "5200", reference="AVR12"), {}),
        (billed("8", "5200", reference="AVR-123"), {"missing_reference": 0}),
    ],
)
def test_where_a_deviation_begins(line: Billed, expected: dict[str, float]) -> None:
    assert told(judged(line)[0]) == expected


@pytest.mark.parametrize(
    ("again", "twice"),
    [
        ({}, True),
        ({"invoice": "F9"}, True),
        ({"consultant": " k-31 "}, True),
        ({"hours": Decimal("7.99")}, False),
        ({"work_date": DAY + timedelta(days=1)}, False),
        ({"time_class": "evening"}, False),
        ({"shift": "kväll"}, False),
        ({"consultant": "K-32"}, False),
        ({"supplier_id": OTHER}, False),
        ({"work_date": None}, False),
    ],
)
def test_what_makes_a_line_a_duplicate(again: dict[str, object], twice: bool) -> None:
    other = replace(LINE, id=UUID(int=401), **again)  # type: ignore[arg-type] # fields of the class
    found = {each.line.id: told(each) for each in judged(LINE, other)}
    assert ("duplicate" in found[other.id]) is twice


@pytest.mark.parametrize(
    ("work", "reasons"),
    [
        (WORKED, set()),
        (replace(WORKED, work_date=DAY + timedelta(days=1)), {"no_time_report"}),
        (replace(WORKED, supplier_id=OTHER), {"no_time_report"}),
        (replace(WORKED, consultant="K-32"), {"no_time_report"}),
        (replace(WORKED, consultant="", reference="avr12"), set()),
    ],
)
def test_what_is_a_lines_time_report(work: Worked, reasons: set[str]) -> None:
    assert set(told(judged(LINE, worked=(work,))[0])) == reasons


@pytest.mark.parametrize(
    ("order", "reasons"),
    [
        (replace(ORDER, level="SJUKSKÖTERSKA,   röntgen"), set()),
        (replace(ORDER, level="Sjuksköterska"), {"no_price"}),
        (replace(ORDER, zone=3), set()),
        (replace(ORDER, supplier_id=OTHER), {"missing_reference"}),
    ],
)
def test_what_an_order_says_decides(order: Ordered, reasons: set[str]) -> None:
    assert set(told(judged(LINE, orders=(order,))[0])) == reasons


@pytest.mark.parametrize(
    ("change", "per_hour"),
    [
        ({}, 650),
        ({"municipality": "2326"}, 720),
        ({"municipality": "0180"}, None),
        ({"municipality": None, "zone": 1}, 600),
        ({"zone": 3}, 720),  # what is told goes before the municipality
        ({"level": "sjuksköterska,  RÖNTGEN"}, 650),
        ({"level": "Sjuksköterska"}, None),
        ({"time_class": "night"}, 800),
        ({"time_class": "weekend"}, 650),  # without a price of its own: an ordinary hour's
        ({"time_class": "travel"}, None),  # which is no hour of the clock
        ({"day": date(2026, 12, 31)}, None),
        ({"day": date(2027, 1, 1)}, 650),
        ({"day": date(2027, 6, 30)}, 650),
        ({"day": date(2027, 7, 1)}, 680),
        ({"day": date(2027, 12, 31)}, 680),
        ({"day": date(2028, 1, 1)}, None),
        ({"supplier_id": OTHER}, 640),
    ],
)
def test_by_what_the_price_of_an_hour_is_found(change: dict[str, object], per_hour: int | None) -> None:
    """By place, level, time of day, date and supplier; the dates of a price are both its own."""
    year = {"valid_from": date(2027, 1, 1), "valid_to": date(2027, 12, 31)}
    book = PriceBook(
        [
            price(1, 600, **year),
            price(2, 650, **year),
            price(2, 680, id=UUID(int=160), valid_from=date(2027, 7, 1), valid_to=date(2027, 12, 31)),
            price(2, 800, id=UUID(int=161), time_class="night", **year),
            price(2, 640, id=UUID(int=162), supplier_id=OTHER, **year),
            price(3, 720, **year),
        ],
        {("RAM-7", "2303"): 2, ("RAM-7", "2326"): 3},
    )
    found = book.hour(replace(ASKED, **change))  # type: ignore[arg-type] # fields of the class
    assert (None if found is None else found.price.per_hour) == per_hour
