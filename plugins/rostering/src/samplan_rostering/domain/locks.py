"""What an optimisation may not change."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Pin, WardData
from samplan_rostering.domain.ward_rules.case import kept_by_parts


class LockChoice(StrEnum):
    """What is locked: nothing, the period's locked cells, or these and all before a date."""

    NOTHING = "nothing"
    PERIOD = "period"
    BEFORE = "before"


def with_locks(
    ward: WardData, choice: LockChoice, roster: Iterable[Assignment] = (), days: int = 0
) -> WardData:
    """Return a ward with what is to be locked; with `BEFORE` also its first days, as in a roster.

    A shift that the person cannot work any more, because of a new absence, is not locked. What somebody is
    hired for always is.
    """
    if choice is LockChoice.NOTHING:
        return replace(ward, pins=tuple(pin for pin in ward.pins if pin.employee in ward.hired))
    if choice is LockChoice.PERIOD:
        return ward
    worked = {(cell.employee, cell.day): cell.shift for cell in roster}
    own = {(pin.employee, ward.period.day_of(pin.date)) for pin in ward.pins}
    away = {
        (row.employee, day)
        for row in ward.absences
        for day in range(ward.period.day_of(row.first), ward.period.day_of(row.last) + 1)
        if row.whole
    }
    away |= kept_by_parts(ward, ((code, day, shift) for (code, day), shift in worked.items()))
    pins = tuple(
        Pin(person.code, ward.period.date_of(day), worked.get((person.code, day)))
        for person in ward.employees
        for day in range(days)
        if (person.code, day) not in own | away
    )
    return replace(ward, pins=(*ward.pins, *pins))
