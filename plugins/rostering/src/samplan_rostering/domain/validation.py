"""Find what is wrong with a ward's input, all faults at once and in plain terms."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from samplan_rostering.domain.faults import Expected, Fault
from samplan_rostering.domain.validate_hired import check_hired
from samplan_rostering.domain.validate_settings import check_settings, longest_permitted
from samplan_rostering.domain.ward import (
    Contract,
    DatedRequirement,
    PastShift,
    Pin,
    RuleProfile,
    ShiftType,
    WardData,
    WeeklyRequirement,
    WishKind,
)
from samplan_rostering.domain.ward_rules.rest import MAIN_RULE_SHIFT

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MAX_DAYS = 366
_MAX_POINTS = 1000
_WEEK_MINUTES = 7 * 24 * 60
MOST_EMPLOYEES = 3000
"""More are not rostered together: each ward is to be rostered by itself."""

_Place = tuple[str, int | None, str]
"""Entity, index and field of a fault."""


def validate(ward: WardData) -> list[Fault]:
    """Return every fault of the ward; an empty list means that it can be rostered."""
    checks: tuple[Callable[[WardData], Iterable[Fault]], ...] = (
        _frame,
        _shift_types,
        _employees,
        check_hired,
        _contracts,
        _contract_overlaps,
        _requirements,
        _absences,
        _wishes,
        _cells,
        _rules,
        check_settings,
    )
    return [fault for check in checks for fault in check(ward)]


def nominal_minutes(shift: ShiftType) -> int:
    """Minutes on the clock from start to end, over midnight when end is not after start."""
    start = datetime.combine(date.min, shift.start)
    end = datetime.combine(date.min, shift.end)
    if end <= start:
        end += timedelta(days=1)
    return int((end - start).total_seconds()) // 60


def ordinary_minutes(shift: ShiftType) -> int:
    """Minutes on the clock that are neither on-call duty nor standby."""
    return nominal_minutes(shift) - shift.on_call_minutes - shift.standby_minutes


def minutes_allowed(shift: ShiftType) -> dict[str, tuple[int, int]]:
    """Return the least and the most of each number of minutes that a shift type tells, by name."""
    length, ordinary = nominal_minutes(shift), ordinary_minutes(shift)
    return {
        "standby_minutes": (0, length),
        "on_call_minutes": (0, max(length - shift.standby_minutes, 0)),
        "break_minutes": (0, max(ordinary - 1, 0)),
        "paid_minutes": (1, 24 * 60) if ordinary > 0 else (0, 0),
    }


def _between(at: _Place, value: float, low: int, high: int) -> Iterator[Fault]:
    if not low <= value <= high:
        yield Fault(*at, str(value), Expected.BETWEEN, {"low": str(low), "high": str(high)})


def _known(at: _Place, value: str | None, known: set[str], what: Expected) -> Iterator[Fault]:
    if value is not None and value not in known:
        yield Fault(*at, value, what)


def _unique(entity: str, name: str, keys: Iterable[tuple[Hashable, str]]) -> Iterator[Fault]:
    """Report every row after the first with the same key; keys come with the value to show."""
    seen: Counter[Hashable] = Counter()
    for index, (key, shown) in enumerate(keys):
        if seen[key]:
            yield Fault(entity, index, name, shown, Expected.UNIQUE)
        seen[key] += 1


def _ordered(entity: str, index: int, name: str, first: date | None, last: date | None) -> Iterator[Fault]:
    if first is not None and last is not None and last < first:
        yield Fault(
            entity, index, name, last.isoformat(), Expected.NOT_BEFORE, {"earliest": first.isoformat()}
        )


def _in_period(ward: WardData, entity: str, index: int, on: date) -> Iterator[Fault]:
    start, end = ward.period.start, ward.period.end
    if not start <= on <= end:
        limits = {"start": start.isoformat(), "end": end.isoformat()}
        yield Fault(entity, index, "date", on.isoformat(), Expected.IN_PERIOD, limits)


def _frame(ward: WardData) -> Iterator[Fault]:
    try:
        ZoneInfo(ward.unit.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Fault("unit", None, "timezone", ward.unit.timezone, Expected.TIMEZONE)
    yield from _between(("period", None, "days"), ward.period.days, 1, _MAX_DAYS)
    if len(ward.employees) > MOST_EMPLOYEES:
        yield from _between(("employee", None, "code"), len(ward.employees), 1, MOST_EMPLOYEES)
    for entity, rows in (
        ("employee", ward.employees),
        ("shift_type", ward.shift_types),
        ("weekly_requirement", ward.weekly_requirements + ward.dated_requirements),
    ):
        if not rows:
            yield Fault(entity, None, "code", "", Expected.ANY_ROW)
    for entity, coded in (
        ("skill", ward.skills),
        ("shift_type", ward.shift_types),
        ("employee", ward.employees),
    ):
        codes = [row.code for row in coded]
        yield from _unique(entity, "code", ((code, code) for code in codes))
        yield from (Fault(entity, i, "code", c, Expected.CODE) for i, c in enumerate(codes) if not c.strip())


def _shift_types(ward: WardData) -> Iterator[Fault]:
    limit = longest_permitted(ward)
    for index, shift in enumerate(ward.shift_types):
        length = nominal_minutes(shift)
        if length - shift.standby_minutes > limit:
            data = {"low": "1", "high": str(limit)}
            yield Fault("shift_type", index, "end", _clock(shift.end), Expected.BETWEEN, data)
        for name, (low, high) in minutes_allowed(shift).items():
            yield from _between(("shift_type", index, name), getattr(shift, name), low, high)
        if shift.colour is not None and not _COLOUR.fullmatch(shift.colour):
            yield Fault("shift_type", index, "colour", shift.colour, Expected.COLOUR)


def _clock(value: time) -> str:
    return value.isoformat("minutes")


def _employees(ward: WardData) -> Iterator[Fault]:
    skills = {skill.code for skill in ward.skills}
    period = ward.period
    contracted = {
        c.employee
        for c in ward.contracts
        if c.valid_from <= period.end and (c.valid_to is None or period.start <= c.valid_to)
    }
    for index, employee in enumerate(ward.employees):
        for held in employee.skills:
            yield from _known(("employee", index, "skills"), held.skill, skills, Expected.KNOWN_SKILL)
            yield from _ordered("employee", index, "skills", held.valid_from, held.valid_to)
        if not employee.hired and employee.code not in contracted:
            yield Fault("employee", index, "code", employee.code, Expected.CONTRACT)


def _employee_codes(ward: WardData) -> set[str]:
    return {employee.code for employee in ward.employees}


def _shift_codes(ward: WardData) -> set[str]:
    return {shift.code for shift in ward.shift_types}


def _contracts(ward: WardData) -> Iterator[Fault]:
    known = _employee_codes(ward)
    for index, row in enumerate(ward.contracts):
        yield from _known(("contract", index, "employee"), row.employee, known, Expected.KNOWN_EMPLOYEE)
        yield from _ordered("contract", index, "valid_to", row.valid_from, row.valid_to)
        yield from _between(("contract", index, "percentage"), float(row.percentage), 1, 100)
        minutes = row.fulltime_week_minutes
        yield from _between(("contract", index, "fulltime_week_minutes"), minutes, 60, _WEEK_MINUTES)


def _contract_overlaps(ward: WardData) -> Iterator[Fault]:
    by_employee: dict[str, list[tuple[int, Contract]]] = {}
    for index, row in enumerate(ward.contracts):
        by_employee.setdefault(row.employee, []).append((index, row))
    for rows in by_employee.values():
        rows.sort(key=lambda item: item[1].valid_from)
        latest: date | None = date.min
        for index, row in rows:
            if latest is None or row.valid_from <= latest:
                shown = row.valid_from.isoformat()
                yield Fault("contract", index, "valid_from", shown, Expected.NO_OVERLAP)
            latest = None if latest is None or row.valid_to is None else max(latest, row.valid_to)


def _requirements(ward: WardData) -> Iterator[Fault]:
    for index, weekly in enumerate(ward.weekly_requirements):
        yield from _between(("weekly_requirement", index, "weekday"), weekly.weekday, 0, 6)
        yield from _requirement("weekly_requirement", index, weekly, ward)
    for index, dated in enumerate(ward.dated_requirements):
        yield from _in_period(ward, "dated_requirement", index, dated.date)
        yield from _requirement("dated_requirement", index, dated, ward)
    weekly_keys = (((r.weekday, r.shift, r.skill), str(r.weekday)) for r in ward.weekly_requirements)
    yield from _unique("weekly_requirement", "weekday", weekly_keys)
    dated_keys = (((r.date, r.shift, r.skill), r.date.isoformat()) for r in ward.dated_requirements)
    yield from _unique("dated_requirement", "date", dated_keys)


def _requirement(
    entity: str, index: int, row: WeeklyRequirement | DatedRequirement, ward: WardData
) -> Iterator[Fault]:
    skills = {skill.code for skill in ward.skills}
    yield from _known((entity, index, "shift"), row.shift, _shift_codes(ward), Expected.KNOWN_SHIFT)
    yield from _known((entity, index, "skill"), row.skill, skills, Expected.KNOWN_SKILL)
    numbers = [0, row.minimum, row.target]
    if row.maximum is not None:
        numbers.append(row.maximum)
    if numbers != sorted(numbers):
        shown = ", ".join(str(number) for number in numbers[1:])
        yield Fault(entity, index, "minimum", shown, Expected.ORDERED)


def _absences(ward: WardData) -> Iterator[Fault]:
    known = _employee_codes(ward)
    for index, row in enumerate(ward.absences):
        yield from _known(("absence", index, "employee"), row.employee, known, Expected.KNOWN_EMPLOYEE)
        yield from _ordered("absence", index, "last", row.first, row.last)
        if not row.sound:
            told = "" if row.end is None else row.end.isoformat("minutes")
            yield Fault("absence", index, "end", told, Expected.PART_OF_DAY)


def _wishes(ward: WardData) -> Iterator[Fault]:
    employees, shifts = _employee_codes(ward), _shift_codes(ward)
    for index, wish in enumerate(ward.wishes):
        yield from _known(("wish", index, "employee"), wish.employee, employees, Expected.KNOWN_EMPLOYEE)
        yield from _known(("wish", index, "shift"), wish.shift, shifts, Expected.KNOWN_SHIFT)
        yield from _in_period(ward, "wish", index, wish.date)
        yield from _between(("wish", index, "points"), wish.points, 1, _MAX_POINTS)
        if wish.kind is WishKind.OFF and wish.shift is not None:
            yield Fault("wish", index, "shift", wish.shift, Expected.NO_SHIFT)


def _cells(ward: WardData) -> Iterator[Fault]:
    """Check history and pins: known names, the right side of the border, one row a cell."""
    employees, shifts = _employee_codes(ward), _shift_codes(ward)
    for index, past in enumerate(ward.history):
        if past.date >= ward.period.start:
            limit = {"start": ward.period.start.isoformat()}
            yield Fault("history", index, "date", past.date.isoformat(), Expected.BEFORE_PERIOD, limit)
    for index, pin in enumerate(ward.pins):
        yield from _in_period(ward, "pin", index, pin.date)
    tables: tuple[tuple[str, tuple[PastShift | Pin, ...]], ...] = (
        ("history", ward.history),
        ("pin", ward.pins),
    )
    for entity, rows in tables:
        for index, row in enumerate(rows):
            yield from _known((entity, index, "employee"), row.employee, employees, Expected.KNOWN_EMPLOYEE)
            yield from _known((entity, index, "shift"), row.shift, shifts, Expected.KNOWN_SHIFT)
        yield from _unique(entity, "date", (((r.employee, r.date), r.date.isoformat()) for r in rows))


def _rules(ward: WardData) -> Iterator[Fault]:
    highs = {
        "daily_rest_minutes": 22 * 60,  # a period of 24 h may be 23 h long in spring
        "max_shift_minutes": MAIN_RULE_SHIFT,  # longer by a permission in the rule profile only
        "weekly_rest_minutes": 6 * 24 * 60,
        "max_weekends_percent": 100,
    }
    usual = RuleProfile()  # shorter rest likewise
    lows = {
        "daily_rest_minutes": usual.daily_rest_minutes,
        "weekly_rest_minutes": usual.weekly_rest_minutes,
    }
    for item in fields(ward.rules):
        value = getattr(ward.rules, item.name)
        low = 1 if item.name.startswith("max_consecutive") else lows.get(item.name, 0)
        yield from _between(("rules", None, item.name), value, low, highs.get(item.name, 100_000))
