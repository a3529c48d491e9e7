"""The invented ledger: the same every time, late as it says, and invoices that sum to it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from samplan_agency.domain.invented import LAGS, Place, Sketch, hired_lines, ledger, planned_hours
from samplan_agency.domain.invented_shifts import shifts_of
from samplan_agency.domain.months import Months, months_between

MONTHS = Months(date(2024, 1, 1), date(2025, 12, 1))
SKETCH = Sketch(
    [Place("a", "somatik", 3, 2), Place("b", "psykiatri", 1, 1)], ["S1", "S2", "S3"], MONTHS, 4000, "prov"
)


def test_the_same_sketch_gives_the_same_ledger() -> None:
    assert list(ledger(SKETCH)) == list(ledger(SKETCH))
    keys = [line.key for line in ledger(SKETCH)]
    assert len(keys) == len(set(keys))


def test_it_is_booked_late_as_it_says_and_never_after_the_last_month() -> None:
    lines = [line for line in hired_lines(SKETCH) if line.hours]
    assert max(line.booked_month for line in lines) == MONTHS.last
    for supplier, expected in zip(SKETCH.suppliers, LAGS, strict=True):
        own = [line for line in lines if line.supplier == supplier]
        early = [line for line in own if months_between(line.work_month, MONTHS.last) >= len(expected)]
        lags = Counter(months_between(line.work_month, line.booked_month) for line in early)
        assert all(abs(100 * lags[lag] / len(early) - part) < 6 for lag, part in enumerate(expected))


def test_planned_hours_are_those_of_all_work_booked_or_not() -> None:
    planned, booked = planned_hours(SKETCH), Counter[tuple[date, str | None]]()
    for line in hired_lines(SKETCH):
        booked[line.work_month, line.category] += line.hours or 0  # type: ignore[assignment] # hours are Decimal
    whole = Counter[tuple[date, str | None]]()
    for (month, _unit, category, _time_class), hours in planned.items():
        whole[month, category] += hours  # type: ignore[assignment]
    assert whole[MONTHS.first, "nurse"] == booked[MONTHS.first, "nurse"]
    assert whole[MONTHS.last, "nurse"] > 2 * booked[MONTHS.last, "nurse"]


def test_it_has_own_staff_credit_notes_travel_and_the_share_it_was_asked_for() -> None:
    lines = list(ledger(SKETCH))
    assert {line.kind for line in lines} == {"hired", "own", "other_cost", "revenue"}
    assert any(line.kind == "hired" and line.amount < 0 for line in lines)
    assert {line.unit for line in lines if line.time_class == "travel"} == {"a"}  # the one in zone 3
    sums: Counter[str] = Counter()
    for line in lines:
        if line.work_month.year == 2024:
            sums[line.kind] += line.amount  # type: ignore[assignment] # a Counter of amounts
    assert abs(100 * float(sums["hired"]) / float(sums["own"]) - SKETCH.share) < 0.3


def test_shifts_sum_to_their_line() -> None:
    for line in hired_lines(SKETCH):
        shifts = list(shifts_of(line))
        assert sum((shift.amount for shift in shifts), Decimal(0)) == line.amount
        assert sum((shift.hours or Decimal(0) for shift in shifts), Decimal(0)) == (line.hours or 0)
