"""Several wards and an internal unit, whose people help where others are missing.

The internal unit is a ward like any other, with shifts, contracts and rules of its own; what it needs by
itself may be nothing (minimum and target 0). Whoever of it holds a skill with the code of a ward's unit has
been introduced there and may work in that ward on the dates for which the skill is valid; other skills count
there by their codes. Hours and rest follow the internal unit's rules, over all wards together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time

from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import (
    DatedRequirement,
    Employee,
    ShiftKind,
    ShiftType,
    WardData,
    WeeklyRequirement,
)

Need = WeeklyRequirement | DatedRequirement
Clock = tuple[ShiftKind, time, time, tuple[int, int, int, int]]
"""What rules see of a shift: kind, start, end, and minutes of break, pay, on-call duty and standby."""

OWN_SHIFT_MARK = "@"
"""Begins the code of a shift that the internal unit has not itself; its own codes may not begin so."""


@dataclass(frozen=True, slots=True, order=True)
class Guest:
    """A shift that somebody of the internal unit works in a ward, with the skills that count that day."""

    day: int
    shift: str
    skills: tuple[str, ...]

    def counts(self, need: Need) -> bool:
        """Tell whether the guest counts for a need of the same day and shift."""
        return need.shift == self.shift and (need.skill is None or need.skill in self.skills)


@dataclass(frozen=True, slots=True, order=True)
class Placement:
    """A shift of somebody of the internal unit, in a ward or (by the internal unit's own code) in no ward."""

    employee: str
    day: int
    unit: str
    shift: str


@dataclass(frozen=True, slots=True)
class Hospital:
    """Wards with the same dates, and their internal unit if they have one."""

    wards: tuple[WardData, ...]
    internal: WardData | None = None

    @property
    def units(self) -> tuple[WardData, ...]:
        """The wards and the internal unit."""
        return self.wards if self.internal is None else (*self.wards, self.internal)


@dataclass(frozen=True, slots=True)
class HospitalFault:
    """Why some wards cannot be rostered together: `code` names the reason, `values` what it concerns."""

    code: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{FAULTS[self.code]}: {', '.join(self.values)}"


FAULTS: Mapping[str, str] = {
    "no_ward": "there is no ward to roster",
    "same_unit": "a unit is there more than once",
    "dates": "other dates than the first ward's",
    "timezone": "another time zone than the first ward's",
    "shared_employee": "people belong to several units, which cannot be rostered side by side",
    "shift_code": f"shift codes of the internal unit may not begin with {OWN_SHIFT_MARK}",
}


def hospital_faults(hospital: Hospital) -> list[HospitalFault]:
    """Return why valid wards cannot be rostered together; an empty list means that they can."""
    return [
        HospitalFault(code, tuple(values))
        for code, found in _checks(hospital)
        if (values := sorted(found)) or (code == "no_ward" and not hospital.wards)
    ]


def _checks(hospital: Hospital) -> Iterator[tuple[str, Iterable[str]]]:
    units = hospital.units
    yield "no_ward", ()
    if not hospital.wards:
        return
    first = units[0]
    codes = Counter(ward.unit.code for ward in units)
    yield "same_unit", [code for code, count in codes.items() if count > 1]
    dates = (first.period.start, first.period.end)
    yield "dates", [w.unit.code for w in units if (w.period.start, w.period.end) != dates]
    yield "timezone", [w.unit.code for w in units if w.unit.timezone != first.unit.timezone]
    people = Counter(employee.code for ward in units for employee in ward.employees)
    yield "shared_employee", [code for code, count in people.items() if count > 1]
    own = () if hospital.internal is None else hospital.internal.shift_types
    yield "shift_code", [shift.code for shift in own if shift.code.startswith(OWN_SHIFT_MARK)]


def clock_of(shift: ShiftType) -> Clock:
    """Return what rules see of a shift type."""
    lengths = shift.break_minutes, shift.paid_minutes, shift.on_call_minutes, shift.standby_minutes
    return shift.kind, shift.start, shift.end, lengths


def internal_view(hospital: Hospital) -> WardData:
    """Return the internal unit with every kind of shift that its people may work, wherever that is.

    Shifts at the same times are one kind: rules cannot tell them apart. Those that the internal unit has
    not itself get codes of their own. Who is needed where is another matter: see `own_place`.

    Raises:
        LookupError: there is no internal unit.
    """
    internal = _internal(hospital)
    codes = shift_codes(hospital)
    own = {shift.code for shift in internal.shift_types}
    added: dict[str, ShiftType] = {}
    for ward in hospital.wards:
        for shift in ward.shift_types:
            code = codes[ward.unit.code, shift.code]
            if code not in own:
                added.setdefault(code, replace(shift, code=code, name=shift.name))
    shifts = (*internal.shift_types, *added.values())
    anybody = tuple(
        WeeklyRequirement(weekday, shift.code, None, 0, 0, None) for shift in shifts for weekday in range(7)
    )
    return replace(internal, shift_types=shifts, weekly_requirements=anybody, dated_requirements=())


def own_place(hospital: Hospital) -> WardData:
    """Return the internal unit as a place to work in, which has nobody but those who are placed there."""
    internal = _internal(hospital)
    return replace(internal, employees=(), contracts=(), absences=(), wishes=(), history=(), pins=())


def shift_codes(hospital: Hospital) -> dict[tuple[str, str], str]:
    """Return by unit and shift the code that the shift has in `internal_view`."""
    internal = _internal(hospital)
    known = {clock_of(shift): shift.code for shift in reversed(internal.shift_types)}
    codes = {(internal.unit.code, shift.code): shift.code for shift in internal.shift_types}
    for ward in hospital.wards:
        for shift in ward.shift_types:
            clock = clock_of(shift)
            codes[ward.unit.code, shift.code] = known.setdefault(clock, f"{OWN_SHIFT_MARK}{len(known)}")
    return codes


def _internal(hospital: Hospital) -> WardData:
    if hospital.internal is None:
        raise LookupError("there is no internal unit")
    return hospital.internal


def may_work(employee: Employee, ward: WardData, on: date) -> bool:
    """Tell whether somebody of the internal unit has been introduced in a ward, as of a date."""
    return any(held.skill == ward.unit.code and held.valid_on(on) for held in employee.skills)


def skills_on(employee: Employee, on: date) -> tuple[str, ...]:
    """Return the skills that may be used on a date, in order of code."""
    return tuple(sorted({held.skill for held in employee.skills if held.valid_on(on)}))


def needs_on(ward: WardData, day: int) -> list[Need]:
    """Return what a ward needs on a day: a dated row replaces the weekly one of its shift and skill."""
    on = ward.period.date_of(day)
    rows: dict[tuple[str, str | None], Need] = {
        (row.shift, row.skill): row for row in ward.weekly_requirements if row.weekday == on.weekday()
    }
    rows |= {(row.shift, row.skill): row for row in ward.dated_requirements if row.date == on}
    return list(rows.values())


def guests_of(hospital: Hospital, ward: WardData, placements: Iterable[Placement]) -> tuple[Guest, ...]:
    """Return who comes to a ward from the internal unit."""
    people = {} if hospital.internal is None else {e.code: e for e in hospital.internal.employees}
    return tuple(
        sorted(
            Guest(
                place.day,
                place.shift,
                skills_on(people[place.employee], ward.period.date_of(place.day)),
            )
            for place in placements
            if place.unit == ward.unit.code and place.employee in people
        )
    )


def with_guests(ward: WardData, guests: Iterable[Guest]) -> WardData:
    """Return the ward with its needs lowered by the guests, who never are more than a maximum allows."""
    by_day: dict[int, list[Guest]] = {}
    for guest in guests:
        by_day.setdefault(guest.day, []).append(guest)
    lowered: dict[tuple[date, str, str | None], DatedRequirement] = {}
    for day, there in by_day.items():
        on = ward.period.date_of(day)
        for need in needs_on(ward, day):
            count = sum(guest.counts(need) for guest in there)
            if count:
                lowered[on, need.shift, need.skill] = DatedRequirement(
                    on,
                    need.shift,
                    need.skill,
                    max(need.minimum - count, 0),
                    max(need.target - count, 0),
                    None if need.maximum is None else max(need.maximum - count, 0),
                )
    kept = tuple(row for row in ward.dated_requirements if (row.date, row.shift, row.skill) not in lowered)
    return replace(ward, dated_requirements=(*kept, *lowered.values()))


def rows_of_internal(hospital: Hospital, placements: Iterable[Placement]) -> tuple[Assignment, ...]:
    """Return the internal unit's shifts by the codes of `internal_view`; what is not known keeps its name."""
    codes = shift_codes(hospital)
    return tuple(
        sorted(
            Assignment(p.employee, p.day, codes.get((p.unit, p.shift), f"{p.unit}/{p.shift}"))
            for p in placements
        )
    )
