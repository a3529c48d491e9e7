"""A person's contracts when another system tells them anew: the past stays, what is to come is replaced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from samplan_rostering.domain.ward import FULLTIME_WEEK_MINUTES, Contract, RosterType

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a row says of a contract; None is what the file does not tell, which stays as it is.

    `open_end` tells that a row without a last date means until further notice.
    """

    first: date | None = None
    last: date | None = None
    percentage: Decimal | None = None
    roster_type: RosterType | None = None
    fulltime_week_minutes: int | None = None
    open_end: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything is said."""
        return self != Stated(open_end=self.open_end)


class IncompleteError(ValueError):
    """The file does not say what a first contract needs; `missing` names it."""

    def __init__(self, missing: str) -> None:
        super().__init__(missing)
        self.missing = missing


def told_anew(
    contracts: Iterable[Contract],
    stated: Iterable[Stated],
    *,
    employee: str,
    on: date,
    usual: RosterType | None = None,
) -> tuple[Contract, ...]:
    """Return somebody's contracts when a file tells them anew, by date; what changes does so from `on`.

    Where there was a contract before `on`, nothing before `on` is changed: a row that began earlier is about
    the contract in force, and another percentage ends that on the day before `on`. A row that ended before
    `on` is taken only where nothing is known. `usual` is the roster type of who has none. The rows do not
    overlap. Raises `IncompleteError` where there is neither a former contract nor what a first one needs.
    """
    found = sorted(contracts, key=_first)
    for row in sorted(stated, key=lambda row: row.first or on):
        begin = _begin(found, row, on)
        if row and begin <= (row.last or date.max):
            found = _with(found, _contract(found, row, employee, begin, usual))
    return tuple(found)


def overlap(rows: Iterable[Stated], on: date) -> bool:
    """Tell whether two rows of a person hold on one date."""
    spans = sorted((row.first or on, row.last or date.max) for row in rows if row)
    return any(later[0] <= earlier[1] for earlier, later in pairwise(spans))


def _begin(found: Sequence[Contract], row: Stated, on: date) -> date:
    """Return the date from which a row counts."""
    if row.first is None:
        return on
    is_known = any(each.valid_from < on and _end(each) >= row.first for each in found)
    return max(row.first, on) if is_known else row.first


def _contract(
    found: Sequence[Contract], row: Stated, employee: str, begin: date, usual: RosterType | None
) -> Contract:
    """Return a row's contract; what it does not tell is as in the one in force, or the one before."""
    former = next((each for each in reversed(found) if each.valid_from <= begin), None)
    percentage = row.percentage or (former.percentage if former else None)
    roster_type = row.roster_type or (former.roster_type if former else usual)
    if percentage is None:
        raise IncompleteError("percentage")
    if roster_type is None:
        raise IncompleteError("roster_type")
    week = row.fulltime_week_minutes
    if week is None and former is not None and former.roster_type is roster_type:
        week = former.fulltime_week_minutes
    last = row.last
    if last is None and not row.open_end and former is not None and _end(former) >= begin:
        last = former.valid_to
    week = week or FULLTIME_WEEK_MINUTES[roster_type]
    return Contract(employee, begin, last, percentage, roster_type, week)


def _with(found: Sequence[Contract], new: Contract) -> list[Contract]:
    """Put a contract in place of all that it meets; the same work as before goes on as one contract."""
    begin, kept = new.valid_from, []
    for each in found:
        if _end(each) < begin or each.valid_from > _end(new):
            kept.append(each)
        elif each.valid_from < begin:
            if replace(each, valid_from=begin, valid_to=new.valid_to) == replace(new, valid_from=begin):
                new = replace(new, valid_from=each.valid_from)
            else:
                kept.append(replace(each, valid_to=begin - _DAY))
    return sorted([*kept, new], key=_first)


def _first(contract: Contract) -> date:
    return contract.valid_from


def _end(contract: Contract) -> date:
    return contract.valid_to or date.max
