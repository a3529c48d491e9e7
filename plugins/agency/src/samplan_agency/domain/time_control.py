"""Whether hours are billed at the time of day at which they were worked; pure.

The hours of the shifts that lines are about are told apart by the clock. Hours that are billed at one time of
day beyond those worked then, while too few are billed at another, count as that other. When the break was
taken is not known: what it can explain is let pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from uuid import UUID

from samplan_agency.domain.control import Billed, Ordered, Worked
from samplan_agency.domain.matching import Sides
from samplan_agency.domain.time_classes import CLOCK_CLASSES, class_hours

TRAVEL = "travel"
MINUTE = Decimal("0.02")
"""Hours have two decimals: what is within this is the same."""
Moved = Mapping[str, Decimal]
"""Hours of a line that count as another time of day's, by that."""


def moved_hours(
    groups: Iterable[Sequence[Billed]], sides: Mapping[UUID, Sides], zone: tzinfo
) -> dict[UUID, Moved]:
    """Return which hours of lines count as another time of day's; each group is about the same shifts."""
    found: dict[UUID, Moved] = {}
    for group in groups:
        lines = [line for line in group if line.time_class != TRAVEL]
        told = _told(group, sides, zone)
        if told is None or any(line.time_class not in CLOCK_CLASSES for line in lines):
            continue
        shown, pause = told
        left = {name: shown[name] - _billed(lines, name) for name in CLOCK_CLASSES}
        for name in CLOCK_CLASSES:
            if -left[name] > pause + MINUTE:
                found |= _move([line for line in lines if line.time_class == name], -left[name], left)
    return found


def _move(lines: Sequence[Billed], beyond: Decimal, left: dict[str, Decimal]) -> dict[UUID, Moved]:
    """Let hours of lines count as the times of day that have some left, the dearest first as a rule."""
    found: dict[UUID, Moved] = {}
    for line in sorted(lines, key=lambda line: (-(line.hours or 0), str(line.id))):
        moved: dict[str, Decimal] = {}
        room = line.hours or Decimal(0)
        for name in reversed(CLOCK_CLASSES):
            hours = min(room, beyond, left[name])
            if hours > MINUTE:
                moved[name] = hours
                left[name] -= hours
                room, beyond = room - hours, beyond - hours
        if moved:
            found[line.id] = moved
    return found


def _billed(lines: Iterable[Billed], name: str) -> Decimal:
    return sum((line.hours or Decimal(0) for line in lines if line.time_class == name), Decimal(0))


def _told(
    group: Sequence[Billed], sides: Mapping[UUID, Sides], zone: tzinfo
) -> tuple[dict[str, Decimal], Decimal] | None:
    """Return the hours of the shifts by time of day, and those of their breaks; None where times are missing.

    The worked shifts tell it, or else the orders.
    """
    worked = {work.id: work for line in group for work in sides[line.id].worked}
    orders = {order.id: order for line in group for order in sides[line.id].orders}
    return _summed(worked.values(), zone) or _summed(orders.values(), zone)


def _summed(works: Iterable[Ordered | Worked], zone: tzinfo) -> tuple[dict[str, Decimal], Decimal] | None:
    sums, pause = dict.fromkeys(CLOCK_CLASSES, Decimal(0)), Decimal(0)
    for work in works:
        hours, people = _by_class(work, zone), getattr(work, "people", 1)
        if hours is None or abs(sum(hours.values(), Decimal(0)) - work.hours) > MINUTE:
            return None
        for name, of in hours.items():
            sums[name] += of * people
        pause += Decimal(work.break_minutes * people) / 60
    return (sums, pause) if any(sums.values()) else None


def _by_class(work: Ordered | Worked, zone: tzinfo) -> Moved | None:
    if isinstance(work, Ordered):
        begins, ends = work.starts_at.astimezone(zone), work.ends_at.astimezone(zone)
        return class_hours(begins, ends, work.break_minutes)
    if work.begins is None or work.ends is None:
        return None
    last = work.work_date + timedelta(days=1) if work.ends <= work.begins else work.work_date
    begins = datetime.combine(work.work_date, work.begins, zone)
    return class_hours(begins, datetime.combine(last, work.ends, zone), work.break_minutes)
