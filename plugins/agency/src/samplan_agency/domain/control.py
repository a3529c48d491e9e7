"""Invoice control as a four-way match: order, confirmation, worked shift and invoice line; pure.

What a line may cost is the hours worked at the price agreed for the place, the level and the time of day.
What is billed beyond that is told apart by reason, in parts that add up exactly. A line that costs less than
agreed is taken as it is. The four sides are those of NHSScotland, Medical agency staff invoice best practice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from samplan_agency.domain.months import month_of
from samplan_agency.domain.pricing import Found


class Reason(StrEnum):
    """Why a line is not as it should be.

    DUPLICATE: the same work is billed already. MISSING_REFERENCE: the line leads to no order. WRONG_ZONE: the
    price of another zone than the place of work's. PRICE_ABOVE: a price above what is agreed. BREAK_PAID: the
    hours beyond those worked are the break. HOURS_NOT_WORKED: other hours beyond those worked.
    NO_TIME_REPORT, NO_PRICE: there is nothing to hold the hours or the price against.
    """

    DUPLICATE = "duplicate"
    MISSING_REFERENCE = "missing_reference"
    WRONG_ZONE = "wrong_zone"
    PRICE_ABOVE = "price_above"
    BREAK_PAID = "break_paid"
    HOURS_NOT_WORKED = "hours_not_worked"
    NO_TIME_REPORT = "no_time_report"
    NO_PRICE = "no_price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """A line of a supplier's invoice, in SEK without VAT; without a date it is for all of the month.

    `municipality` is the code of the unit's, for its price zone; `zone` what the line itself says.
    """

    id: UUID
    supplier_id: UUID | None
    amount: Decimal
    work_month: date
    booked_month: date
    time_class: str = "ordinary"
    invoice: str = ""
    reference: str = ""
    consultant: str = ""
    unit_id: UUID | None = None
    municipality: str | None = None
    work_date: date | None = None
    level: str = ""
    zone: int | None = None
    hours: Decimal | None = None
    shift: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """A shift that was called off and that the supplier has confirmed; instants are in UTC.

    `reference` is what invoices are to name. `work_date` is the date, where the work is done, on which the
    shift begins, `last_date` that on which it ends where it is another; `hours` are without the break, for
    one person. `price` is the confirmed one for an hour, None where nothing but the agreement was said; where
    it is not `within_agreement` it is what holds.
    """

    id: UUID
    reference: str
    supplier_id: UUID
    work_date: date
    starts_at: datetime
    ends_at: datetime
    hours: Decimal
    break_minutes: int = 0
    unit_id: UUID | None = None
    level: str = ""
    zone: int | None = None
    people: int = 1
    consultant: str = ""
    price: Decimal | None = None
    within_agreement: bool = True
    last_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """Work as the time report, or the roster's outcome, tells it.

    `hours` are without the break, `begins` and `ends` the times where the work is done.
    """

    id: UUID
    work_date: date
    hours: Decimal
    break_minutes: int = 0
    supplier_id: UUID | None = None
    reference: str = ""
    consultant: str = ""
    unit_id: UUID | None = None
    begins: time | None = None
    ends: time | None = None

    @property
    def last_date(self) -> date | None:
        """The date on which it ends where that is another than the one on which it begins."""
        over = self.begins is not None and self.ends is not None and time() < self.ends <= self.begins
        return self.work_date + timedelta(days=1) if over else None


@dataclass(frozen=True, slots=True)
class Deviation:
    """A reason, and what of the line's amount it makes; 0 where it only keeps the line from being matched."""

    reason: Reason
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Controlled:
    """A line with its four sides beside each other; `expected` and the deviations sum to what is billed.

    `proposed` tells that the order is only likely the one that is meant. `per_hour` is the price that holds,
    or would where nothing is due, `first` the line that bills the same work already. Credit notes, and the
    lines that they take back, do not count.
    """

    line: Billed
    expected: Decimal
    deviations: tuple[Deviation, ...] = ()
    orders: tuple[Ordered, ...] = ()
    proposed: bool = False
    worked: tuple[Worked, ...] = ()
    price: Found | None = None
    per_hour: Decimal | None = None
    first: UUID | None = None
    counts: bool = True

    @property
    def difference(self) -> Decimal:
        """Return what is billed beyond the expected amount."""
        return self.line.amount - self.expected

    @property
    def matched(self) -> bool:
        """Tell whether the four sides agree."""
        return not self.deviations


def falls_in(line: Billed, work: Ordered | Worked) -> bool:
    """Tell whether work may be what a line bills; what goes over midnight may be billed by its dates."""
    if line.work_date is None:
        return line.work_month == month_of(work.work_date)
    return line.work_date in {work.work_date, work.last_date}
