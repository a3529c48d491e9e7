"""An invoice that bills what was worked raises no deviation: over midnight, on eves, when clocks are set."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agency_prices import price
from samplan_agency.domain.control import Billed, Ordered, Worked
from samplan_agency.domain.pricing import PriceBook
from samplan_agency.domain.time_classes import class_at
from samplan_agency.domain.verdict import control

ZONE = ZoneInfo("Europe/Stockholm")
SUPPLIER, LEVEL = UUID(int=1), "Sjuksköterska, röntgen"
PRICES = {"ordinary": 600, "evening": 650, "night": 700, "weekend": 800, "holiday": 1000}
BOOK = PriceBook([price(1, per_hour, time_class=name) for name, per_hour in PRICES.items()], {})
# The clocks forward and back, Easter, Ascension, Midsummer Eve, Christmas Eve, and a plain week.
DAYS = (
    date(2027, 3, 27), date(2027, 3, 25), date(2027, 10, 30), date(2027, 5, 5),
    date(2027, 6, 24), date(2027, 12, 23), date(2027, 3, 9), date(2027, 3, 31),
)  # fmt: skip


def two_decimals(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def minutes_by_class(starts: datetime, length: int, pause: range) -> Counter[str]:
    """Count each minute that was worked by the class of its own clock."""
    instants = (starts.timestamp() + 60 * minute for minute in range(length) if minute not in pause)
    return Counter(class_at(datetime.fromtimestamp(at, ZONE)) for at in instants)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(DAYS),
    st.integers(0, 191),
    st.integers(8, 56),
    st.sampled_from((0, 30, 45, 60)),
    st.data(),
)
def test_what_was_worked_is_billed_without_a_deviation(
    day: date, quarter: int, quarters: int, pause: int, data: st.DataObject
) -> None:
    length = 15 * quarters
    starts = datetime.fromtimestamp(datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp(), ZONE)
    starts = (starts.astimezone(UTC) + timedelta(minutes=15 * quarter)).astimezone(ZONE)
    ends = (starts.astimezone(UTC) + timedelta(minutes=length)).astimezone(ZONE)
    assume(not starts.fold and not ends.fold)  # a time report's times do not tell such hours apart
    rest = data.draw(st.integers(0, length - pause), "the break begins after so many minutes")
    worked = minutes_by_class(starts, length, range(rest, rest + pause))
    hours = two_decimals(Decimal(worked.total()) / 60)
    order = Ordered(
        id=UUID(int=100), reference="AVROP-1", supplier_id=SUPPLIER, work_date=starts.date(),
        last_date=None if ends.date() == starts.date() else ends.date(), starts_at=starts.astimezone(UTC),
        ends_at=ends.astimezone(UTC), hours=hours, break_minutes=pause, level=LEVEL, zone=1, consultant="K1",
    )  # fmt: skip
    report = Worked(
        id=UUID(int=200), work_date=starts.date(), hours=hours, break_minutes=pause, supplier_id=SUPPLIER,
        consultant="K1", begins=starts.time(), ends=ends.time(),
    )  # fmt: skip
    lines = [
        Billed(
            id=UUID(int=300 + number), supplier_id=SUPPLIER, work_month=starts.date().replace(day=1),
            amount=two_decimals(billed * PRICES[name]), booked_month=date(2028, 6, 1), reference="AVROP-1",
            consultant="K1", work_date=starts.date(), time_class=name, level=LEVEL, hours=billed,
        )
        for number, (name, minutes) in enumerate(worked.items())
        for billed in [two_decimals(Decimal(minutes) / 60)]
    ]  # fmt: skip
    found = control(lines, [order], [report], BOOK, Decimal(1), zone=ZONE)
    assert [(each.line.time_class, each.deviations) for each in found if each.deviations] == []
    assert sum(each.expected for each in found) == sum(line.amount for line in lines)
