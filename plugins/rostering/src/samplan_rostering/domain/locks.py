"""What an optimisation may not change."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum

from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Pin, WardData
from samplan_rostering.domain.ward_rules.case import Case


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
    away |= _kept_from(ward, worked)
    pins = tuple(
        Pin(person.code, ward.period.date_of(day), worked.get((person.code, day)))
        for person in ward.employees
        for day in range(days)
        if (person.code, day) not in own | away
    )
    return replace(ward, pins=(*ward.pins, *pins))


def _kept_from(ward: WardData, worked: Mapping[tuple[str, int], str]) -> set[tuple[str, int]]:
    """Return the cells whose shift reaches into an absence for a part of a day."""
    if all(row.whole for row in ward.absences):
        return set()
    case = Case(ward)
    return {
        (code, day)
        for (code, day), shift in worked.items()
        if (person := case.by_code.get(code)) is not None and person.parts and case.away(person, day, shift)
    }
