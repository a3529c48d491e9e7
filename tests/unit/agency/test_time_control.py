"""Hours billed at another time of day than they were worked, by hand; the break is let pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from samplan_agency.domain.control import Billed, Controlled, Ordered, Reason, Worked
from samplan_agency.domain.pricing import AgreedPrice, PriceBook
from samplan_agency.domain.verdict import control

ZONE = ZoneInfo("Europe/Stockholm")
SUPPLIER, LEVEL = UUID(int=1), "Sjuksköterska"
TUESDAY, ASCENSION_EVE, CLOCKS_FORWARD = date(2027, 3, 9), date(2027, 5, 5), date(2027, 3, 27)
PRICES = {"ordinary": 600, "evening": 650, "night": 700, "weekend": 800, "holiday": 1000}


def agreed(number: int, time_class: str, per_hour: int) -> AgreedPrice:
    return AgreedPrice(
        id=UUID(int=number),
        agreement="R",
        agreement_name="R",
        supplier_id=None,
        level=LEVEL,
        zone=1,
        time_class=time_class,
        per_hour=Decimal(per_hour),
        valid_from=date(2027, 1, 1),
        valid_to=None,
        source="prov",
        confirmed=True,
    )


BOOK = PriceBook([agreed(number, *of) for number, of in enumerate(PRICES.items(), start=10)], {})


def called_off(day: date, times: tuple[time, time], paid: Decimal, *, timed: bool) -> tuple[Ordered, Worked]:
    """A shift with a break of half an hour, as it was called off and worked."""
    begins, ends = times
    last = date.fromordinal(day.toordinal() + (ends <= begins))
    order = Ordered(
        id=UUID(int=100),
        reference="AVROP-1",
        supplier_id=SUPPLIER,
        work_date=day,
        last_date=None if last == day else last,
        starts_at=datetime.combine(day, begins, ZONE),
        ends_at=datetime.combine(last, ends, ZONE),
        hours=paid,
        break_minutes=30,
        level=LEVEL,
        zone=1,
        consultant="K1",
    )
    work = Worked(
        id=UUID(int=200),
        work_date=day,
        hours=paid,
        break_minutes=30,
        supplier_id=SUPPLIER,
        consultant="K1",
        begins=begins if timed else None,
        ends=ends if timed else None,
    )
    return order, work


def judged(
    day: date,
    times: tuple[time, time],
    paid: str,
    *billed: tuple[str, str],
    timed: bool = True,
) -> list[Controlled]:
    order, work = called_off(day, times, Decimal(paid), timed=timed)
    lines = [
        Billed(
            id=UUID(int=300 + number),
            supplier_id=SUPPLIER,
            amount=Decimal(hours) * PRICES[name],
            work_month=day.replace(day=1),
            booked_month=date(2027, 6, 1),
            reference="AVROP-1",
            consultant="K1",
            work_date=day,
            time_class=name,
            level=LEVEL,
            hours=Decimal(hours),
        )
        for number, (name, hours) in enumerate(billed)
    ]
    return control(lines, [order], [work], BOOK, Decimal(1), zone=ZONE)


def told(found: list[Controlled]) -> list[tuple[Reason, Decimal]]:
    return [(deviation.reason, deviation.amount) for each in found for deviation in each.deviations]


DAY_SHIFT, NIGHT_SHIFT = (time(7), time(15, 30)), (time(22), time(6, 30))


@pytest.mark.parametrize("timed", [True, False])
def test_a_day_billed_as_a_night_costs_too_much(timed: bool) -> None:
    """8 hours at 700 for 600: the order's times tell it where the time report has none."""
    assert told(judged(TUESDAY, DAY_SHIFT, "8", ("night", "8"), timed=timed)) == [
        (Reason.PRICE_ABOVE, Decimal(800))
    ]


def test_hours_not_worked_are_told_apart_from_the_time_of_day() -> None:
    found = told(judged(TUESDAY, DAY_SHIFT, "8", ("night", "9")))
    assert found == [(Reason.HOURS_NOT_WORKED, Decimal(700)), (Reason.PRICE_ABOVE, Decimal(800))]


@pytest.mark.parametrize(
    ("day", "times", "paid", "billed"),
    [
        (TUESDAY, DAY_SHIFT, "8", [("ordinary", "8")]),
        (TUESDAY, (time(14), time(22)), "7.5", [("ordinary", "4.5"), ("evening", "3")]),
        (TUESDAY, NIGHT_SHIFT, "8", [("night", "7.5"), ("ordinary", "0.5")]),
        (TUESDAY, NIGHT_SHIFT, "8", [("night", "8")]),  # the break may have been after six
        (TUESDAY, NIGHT_SHIFT, "8", [("ordinary", "8")]),  # cheaper than agreed
        (ASCENSION_EVE, NIGHT_SHIFT, "8", [("night", "2"), ("holiday", "6")]),
        (CLOCKS_FORWARD, NIGHT_SHIFT, "7", [("weekend", "7")]),
    ],
)
def test_what_the_clock_says_is_matched(
    day: date, times: tuple[time, time], paid: str, billed: list[tuple[str, str]]
) -> None:
    assert told(judged(day, times, paid, *billed)) == []


def test_the_night_before_a_holiday_is_no_holiday() -> None:
    """Two of the eight hours are before midnight: 300 too much for each."""
    assert told(judged(ASCENSION_EVE, NIGHT_SHIFT, "8", ("holiday", "8"))) == [
        (Reason.PRICE_ABOVE, Decimal(600))
    ]


def test_hours_of_a_spring_night_that_were_not_there_are_not_worked() -> None:
    found = told(judged(CLOCKS_FORWARD, NIGHT_SHIFT, "7", ("weekend", "8")))
    assert found == [(Reason.HOURS_NOT_WORKED, Decimal(800))]


def test_duty_that_the_clock_does_not_tell_is_left_alone() -> None:
    lines = judged(TUESDAY, DAY_SHIFT, "8", ("night", "4"), ("ordinary", "4"))
    assert told(lines) == [(Reason.PRICE_ABOVE, Decimal(400))]
    duty = replace(lines[1].line, time_class="on_call")
    found = control([lines[0].line, duty], lines[0].orders, lines[0].worked, BOOK, Decimal(1), zone=ZONE)
    assert told([each for each in found if each.line.time_class == "night"]) == []
