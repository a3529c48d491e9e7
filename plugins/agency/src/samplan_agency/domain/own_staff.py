"""Own staff by profession: how many, how many came and left, and who may be missed soon.

Turnover is who left during 12 months in per cent of how many there were on average over them: the share of
the staff that has to be found anew each year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from samplan_agency.domain.months import Months

SMALLEST = 5
"""Fewer people than so many, but some, are not shown: they could be known."""


@dataclass(frozen=True, slots=True)
class StaffCount:
    """Own staff at a month's end, and who came and left during it; None: not told."""

    headcount: int
    fte: Decimal | None = None
    started: int | None = None
    ended: int | None = None
    residents: int | None = None
    past_65: int | None = None
    introduction: int | None = None


@dataclass(frozen=True, slots=True)
class StaffYear:
    """Own staff at the end of 12 months; `started` and `ended` are of all of them. None: not known.

    `before` is the headcount 12 months earlier; `turnover` and `change` are in per cent.
    """

    headcount: int
    before: int | None
    fte: Decimal | None
    started: int | None
    ended: int | None
    turnover: Decimal | None
    residents: int | None
    past_65: int | None
    introduction: int | None

    @property
    def change(self) -> Decimal | None:
        """The change of the headcount in per cent."""
        return None if not self.before else Decimal(100 * (self.headcount - self.before)) / self.before


def year_to(month: date, counts: Mapping[date, StaffCount]) -> StaffYear | None:
    """Return the 12 months that end with one; None where nothing is known of that month.

    What is counted over the months is only known where each of them is.
    """
    now = counts.get(month)
    if now is None:
        return None
    months = Months.rolling(month)
    year = [counts[each] for each in months if each in counts]
    whole = len(year) == len(months)
    started, ended = (_sum([getattr(each, name) for each in year]) for name in ("started", "ended"))
    average = Decimal(sum(each.headcount for each in year)) / len(year)
    before = counts.get(months.year_before().last)
    return StaffYear(
        headcount=now.headcount,
        before=None if before is None else before.headcount,
        fte=now.fte,
        started=started if whole else None,
        ended=ended if whole else None,
        turnover=100 * ended / average if whole and ended is not None and average else None,
        residents=now.residents,
        past_65=now.past_65,
        introduction=now.introduction,
    )


def too_few(*counts: int | None) -> bool:
    """Tell whether one of some counts may not be shown; their sum may not be either, it would tell it."""
    return any(count is not None and 0 < count < SMALLEST for count in counts)


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
