"""A line of an invoice with its order, its worked shift and the prices that it is held against."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from agency_prices import price
from samplan_agency.domain.control import Billed, Controlled, Ordered, Worked
from samplan_agency.domain.pricing import PriceBook
from samplan_agency.domain.verdict import control

SUPPLIER, OTHER, UNIT = UUID(int=1), UUID(int=2), UUID(int=3)
DAY = date(2027, 3, 9)

BOOK = PriceBook([price(1, 600), price(2, 650), price(3, 720)], {("RAM-7", "2303"): 2})
ORDER = Ordered(
    id=UUID(int=200),
    reference="AVR-12",
    supplier_id=SUPPLIER,
    work_date=DAY,
    starts_at=datetime(2027, 3, 9, 6, tzinfo=UTC),
    ends_at=datetime(2027, 3, 9, 14, 30, tzinfo=UTC),
    hours=Decimal(8),
    break_minutes=30,
    unit_id=UNIT,
    level="Sjuksköterska,  Röntgen",
    consultant="K-31",
)
WORKED = Worked(
    id=UUID(int=300),
    work_date=DAY,
    hours=Decimal(8),
    break_minutes=30,
    supplier_id=SUPPLIER,
    consultant="k-31",
)
LINE = Billed(
    id=UUID(int=400),
    supplier_id=SUPPLIER,
    amount=Decimal("5200.00"),
    work_month=date(2027, 3, 1),
    booked_month=date(2027, 4, 1),
    invoice="F1",
    reference="avr 12",
    consultant="K-31",
    unit_id=UNIT,
    municipality="2303",
    work_date=DAY,
    level="Sjuksköterska, röntgen",
    zone=2,
    hours=Decimal(8),
)


def judged(
    *lines: Billed, orders: tuple[Ordered, ...] = (ORDER,), worked: tuple[Worked, ...] = (WORKED,)
) -> list[Controlled]:
    """Return what the control says of lines, with 1 SEK of tolerance."""
    return control(lines, orders, worked, BOOK, Decimal(1))


def told(found: Controlled) -> dict[str, float]:
    """Return the amount of each reason."""
    return {deviation.reason.value: float(deviation.amount) for deviation in found.deviations}
