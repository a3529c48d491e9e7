"""The four-way match of an invoice: each reason by hand, and parts that always add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from agency_control import BOOK, DAY, LINE, ORDER, OTHER, WORKED, judged, told
from samplan_agency.domain.control import Billed, Reason
from samplan_agency.domain.pricing import ZoneRule
from samplan_agency.domain.verdict import control

ORE = Decimal("0.01")


def test_a_clean_line_has_no_deviation() -> None:
    """8 hours worked at zone 2's 650 = 5,200; the zone is that of the unit's municipality."""
    (found,) = judged(LINE)

    assert found.matched
    assert found.expected == 5200
    assert found.per_hour == 650
    assert found.price is not None
    assert found.price.zone_rule is ZoneRule.MUNICIPALITY
    assert found.orders == (ORDER,)
    assert found.worked == (WORKED,)
    assert not found.proposed


def test_a_price_that_is_right_for_another_zone_is_wrong_zone_only() -> None:
    """8 × (720 − 650) = 560, whatever zone the line says; below the right zone's price nothing is wrong."""
    for zone in (3, 2, None):
        (found,) = judged(replace(LINE, amount=Decimal(5760), zone=zone))
        assert told(found) == {"wrong_zone": 560}
        assert found.expected == 5200
    assert judged(replace(LINE, amount=Decimal(4800), zone=1))[0].matched


def test_a_price_above_the_other_zone_is_told_apart() -> None:
    """At 730 in zone 3: 8 × 70 for the zone and 8 × 10 above it; at 660 in zone 2: 8 × 10 above."""
    assert told(judged(replace(LINE, amount=Decimal(5840), zone=3))[0]) == {
        "wrong_zone": 560,
        "price_above": 80,
    }
    assert told(judged(replace(LINE, amount=Decimal(5280)))[0]) == {"price_above": 80}


def test_hours_that_equal_the_break_are_the_break_and_others_are_not_worked() -> None:
    """8.5 of 8 hours: half an hour of break at 650; 9 hours: one hour that was not worked."""
    assert told(judged(replace(LINE, hours=Decimal("8.5"), amount=Decimal(5525)))[0]) == {"break_paid": 325}
    assert told(judged(replace(LINE, hours=Decimal(9), amount=Decimal(5850)))[0]) == {"hours_not_worked": 650}


def test_hours_and_price_are_told_apart() -> None:
    """9 hours at 700: one hour at the billed 700, and eight at 50 too much."""
    (found,) = judged(replace(LINE, hours=Decimal(9), amount=Decimal(6300)))

    assert told(found) == {"hours_not_worked": 700, "price_above": 400}
    assert found.expected == 5200


def test_a_shift_billed_in_two_lines_is_held_against_its_hours_together() -> None:
    """5 + 3 hours are the 8 worked; with 5 + 4 the longer line is cut by an hour."""
    day = replace(LINE, hours=Decimal(5), amount=Decimal(3250))
    late = replace(LINE, id=UUID(int=401), hours=Decimal(3), amount=Decimal(1950), shift="kväll")
    assert all(found.matched for found in judged(day, late))

    more = replace(late, hours=Decimal(4), amount=Decimal(2600))
    assert [told(found) for found in judged(more, day)] == [{"hours_not_worked": 650}, {}]


def test_the_same_work_billed_again_is_a_duplicate_within_and_between_invoices() -> None:
    again, later = replace(LINE, id=UUID(int=401)), replace(LINE, id=UUID(int=399), invoice="F2")
    found = {each.line.id: each for each in judged(later, again, LINE)}

    assert found[LINE.id].matched
    assert {told(found[key])["duplicate"] for key in (again.id, later.id)} == {5200}
    assert {found[key].first for key in (again.id, later.id)} == {LINE.id}


def test_of_two_lines_for_the_same_work_the_one_that_names_its_order_is_the_bill() -> None:
    """The first invoice names no order, the second does: 5,200 are due, and 5,200 are billed twice."""
    unnamed, named = replace(LINE, reference=""), replace(LINE, id=UUID(int=401), invoice="F2")
    for orders in ((ORDER,), (replace(ORDER, consultant="K-9"),)):
        found = {each.line.id: each for each in judged(unnamed, named, orders=orders)}
        assert found[named.id].matched
        assert (told(found[unnamed.id]), found[unnamed.id].first) == ({"duplicate": 5200}, named.id)


def test_two_people_of_one_order_are_no_duplicates_but_a_third_is() -> None:
    """Nobody is named, two were called off: two lines of 8 hours are right."""
    order, work = (
        replace(ORDER, people=2, consultant=""),
        replace(WORKED, hours=Decimal(16), consultant="", reference="AVR12"),
    )
    lines = [replace(LINE, id=UUID(int=400 + number), consultant="") for number in range(3)]
    found = judged(*lines, orders=(order,), worked=(work,))

    assert [told(each) for each in found] == [{}, {}, {"duplicate": 5200}]


def test_a_credit_note_in_full_takes_the_repeated_line_back() -> None:
    again = replace(LINE, id=UUID(int=401), invoice="F2")
    credit = replace(LINE, id=UUID(int=402), invoice="K1", amount=Decimal(-5200), hours=Decimal(-8))

    found = judged(LINE, again, credit)

    assert all(each.matched for each in found)
    assert sum(each.expected for each in found) == 5200


def test_a_missing_reference_proposes_the_likely_order() -> None:
    """By consultant; the amount is held against it. Without order and time report nothing is expected."""
    other = replace(ORDER, id=UUID(int=201), reference="AVR-13", consultant="K-32")
    (found,) = judged(replace(LINE, reference="PO 55"), orders=(other, ORDER))
    assert told(found) == {"missing_reference": 0}
    assert found.proposed
    assert found.orders == (ORDER,)

    (found,) = judged(replace(LINE, reference=""), orders=(), worked=())
    assert told(found) == {"missing_reference": 5200}
    assert found.expected == 0
    assert not found.proposed


def test_another_suppliers_order_is_none() -> None:
    (found,) = judged(replace(LINE, supplier_id=OTHER), worked=())
    assert told(found) == {"missing_reference": 5200}


def test_what_cannot_be_held_against_anything_is_told() -> None:
    """Without time report the confirmed hours count: 9 of 8; a level without a price keeps its own."""
    (found,) = judged(replace(LINE, hours=Decimal(9), amount=Decimal(5850)), worked=())
    assert told(found) == {"hours_not_worked": 650, "no_time_report": 0}

    (found,) = judged(LINE, orders=(replace(ORDER, level="Dietist"),))
    assert told(found) == {"no_price": 0}
    assert found.expected == 5200


def test_a_price_confirmed_outside_the_agreement_holds_and_a_lower_one_within_it_does() -> None:
    """Outside: 700 was accepted. Within: 640 was offered and 650 is too much."""
    outside = replace(ORDER, price=Decimal(700), within_agreement=False)
    assert judged(replace(LINE, amount=Decimal(5600)), orders=(outside,))[0].matched
    assert told(judged(LINE, orders=(replace(ORDER, price=Decimal(640)),))[0]) == {"price_above": 80}


@st.composite
def invoices(draw: st.DrawFn) -> list[Billed]:
    def line(number: int) -> Billed:
        hours = draw(st.sampled_from([None, Decimal(4), Decimal(8), Decimal("8.5"), Decimal(11)]))
        return replace(
            LINE,
            id=UUID(int=400 + number),
            amount=draw(st.decimals(-9000, 9000, places=2)),
            invoice=draw(st.sampled_from(["F1", "F2"])),
            reference=draw(st.sampled_from(["AVR-12", "AVR-13", ""])),
            consultant=draw(st.sampled_from(["K-31", "K-32", ""])),
            work_date=draw(st.sampled_from([DAY, date(2027, 3, 10), None])),
            time_class=draw(st.sampled_from(["ordinary", "night", "travel"])),
            zone=draw(st.sampled_from([1, 2, 3, None])),
            hours=hours,
        )

    return [line(number) for number in range(draw(st.integers(0, 7)))]


@settings(deadline=None)
@given(lines=invoices(), chance=st.randoms())
def test_expected_and_deviations_are_what_is_billed_in_whatever_order(
    lines: list[Billed], chance: object
) -> None:
    second = replace(ORDER, id=UUID(int=201), reference="AVR-13", consultant="K-32", people=2)
    report = replace(WORKED, id=UUID(int=301), consultant="", reference="AVR13", hours=Decimal("7.67"))
    found = judged(*lines, orders=(ORDER, second), worked=(WORKED, report))

    shuffled = list(lines)
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # a Random
    assert judged(*shuffled, orders=(second, ORDER), worked=(report, WORKED)) == found
    assert {each.line.id for each in found} == {line.id for line in lines}
    for each in found:
        assert each.expected + sum(d.amount for d in each.deviations) == each.line.amount
        assert len({d.reason for d in each.deviations}) == len(each.deviations)
        assert all(d.amount >= 0 for d in each.deviations)
        if each.line.amount > 0:
            assert each.expected >= 0


@given(
    hours=st.decimals(Decimal("0.25"), 12, places=2),
    zone=st.sampled_from([1, 2, 3]),
    days=st.lists(st.integers(1, 28), min_size=1, max_size=8, unique=True),
)
def test_a_clean_invoice_has_no_deviations(hours: Decimal, zone: int, days: list[int]) -> None:
    dates = [date(2027, 3, number) for number in days]
    orders = [
        replace(ORDER, id=UUID(int=n), work_date=d, zone=zone, hours=hours) for n, d in enumerate(dates, 500)
    ]
    worked = [replace(WORKED, id=UUID(int=n), work_date=d, hours=hours) for n, d in enumerate(dates, 600)]
    amount = (hours * {1: 600, 2: 650, 3: 720}[zone]).quantize(ORE)
    lines = [
        replace(LINE, id=UUID(int=n), work_date=d, hours=hours, amount=amount, zone=zone)
        for n, d in enumerate(dates, 700)
    ]
    assert all(each.matched for each in control(lines, orders, worked, BOOK, Decimal(0)))


def test_every_reason_is_met_above() -> None:
    assert {reason.value for reason in Reason} == {
        "duplicate", "missing_reference", "wrong_zone", "price_above", "break_paid", "hours_not_worked",
        "no_time_report", "no_price",
    }  # fmt: skip
