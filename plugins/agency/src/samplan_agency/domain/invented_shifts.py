"""The shifts that suppliers invoice for the invented work of a ledger. Nobody in them exists."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal
from functools import cache

from samplan_agency.domain.invented import InventedLine
from samplan_agency.domain.time_classes import SATURDAY

_ORE, _QUARTER, _SHIFT = Decimal("0.01"), Decimal("0.25"), Decimal(8)
_TWICE = 0.01
"""So often a shift has the date of the one before it."""


def shifts_of(line: InventedLine) -> Iterator[InventedLine]:
    """Yield the shifts that a line of hired work invoices; they sum to its hours and amount.

    A line without hours is one line of the invoice too.
    """
    if not line.hours or line.unit_price is None:
        yield line
        return
    chance = random.Random(line.key)  # noqa: S311 - invented data
    days = _days(line.work_month, line.time_class)
    days = chance.sample(days, len(days))
    usual = max(_SHIFT, (line.hours / len(days)).quantize(_QUARTER, ROUND_UP))
    left, money, number = line.hours, line.amount, 0
    while left > 0:
        number += 1
        hours = left if left <= usual + 2 else usual
        left -= hours
        amount = money if left == 0 else (hours * line.unit_price).quantize(_ORE)
        money -= amount
        # Now and then a shift is invoiced twice.
        on = days[max(number - (2 if chance.random() < _TWICE else 1), 0)]
        yield replace(line, key=f"{line.key}-{number}", hours=hours, amount=amount, work_date=on)


@cache
def _days(month: date, time_class: str) -> Sequence[date]:
    """Return the dates of a month on which work of a time of day may begin."""
    days = [month + timedelta(days=number) for number in range(28)]
    if time_class == "weekend":
        return [day for day in days if day.weekday() >= SATURDAY]
    return [day for day in days if day.weekday() < SATURDAY - (time_class == "night")]
