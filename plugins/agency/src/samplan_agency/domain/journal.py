"""A valuation as lines to be booked: cost against what is accrued, and the same turned round next month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from samplan_agency.domain.months import plus_months

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Accounts:
    """Where it is booked: cost accounts by profession, counter account, cost centre where none is known."""

    cost: Mapping[str, str]
    counter: str
    cost_centre: str


@dataclass(frozen=True, slots=True)
class Accrued:
    """An amount of a work month, of a cost centre and profession as far as these are known."""

    work_month: date
    cost_centre: str | None
    category: str | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A line: a positive amount is debit, a negative one credit; `counter` is the other side's account."""

    month: date
    account: str
    counter: str
    cost_centre: str
    work_month: date
    amount: Decimal
    reverses: bool


def journal(accrued: Iterable[Accrued], booked_to: date, accounts: Accounts) -> list[JournalLine]:
    """Return the lines of a booking month and those that reverse them in the next; each month sums to 0."""
    sums: dict[tuple[str, str, date], Decimal] = defaultdict(Decimal)
    for part in accrued:
        account = accounts.cost[part.category or OTHER]
        sums[account, part.cost_centre or accounts.cost_centre, part.work_month] += part.amount
    lines = []
    for month, sign in ((booked_to, 1), (plus_months(booked_to, 1), -1)):
        for (account, centre, work_month), amount in sorted(sums.items()):
            if amount:
                cost, counter = (account, accounts.counter), (accounts.counter, account)
                lines += [
                    JournalLine(month, *cost, centre, work_month, sign * amount, sign < 0),
                    JournalLine(month, *counter, centre, work_month, -sign * amount, sign < 0),
                ]
    return lines
