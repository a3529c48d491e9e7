"""Several small wards and their internal unit as one problem, so that one search sees everything at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from samplan_rostering.domain.hospital import Hospital, Placement, clock_of
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Employee, HeldSkill, ShiftType, Skill, WardData
from samplan_rostering.solver.from_ward import problem_from_ward
from samplan_rostering.solver.problem import Cell, Problem, Request

MOST_CELLS = 20_000
"""People times days times kinds of shift up to which wards are solved together.

About two wards of twelve people over four weeks, of which one search gets a roster within seconds.
"""
MOST_SHIFTS = 12
"""Kinds of shift, over all wards, up to which rests are compiled in well under a second a person."""

_MARK = "\x1f"
_ANYBODY = ""


def fits_together(hospital: Hospital) -> bool:
    """Tell whether a hospital is small enough, and uniform enough, to be one problem."""
    units = hospital.units
    shifts = sum(len(ward.shift_types) for ward in units)
    people = sum(len(ward.employees) for ward in units)
    locked = hospital.internal is not None and any(pin.shift for pin in hospital.internal.pins)
    return (
        shifts <= MOST_SHIFTS
        and people * units[0].period.days * shifts <= MOST_CELLS
        and len({ward.rules for ward in units}) == 1
        and not any(ward.settings for ward in units)
        and not locked  # somebody of the internal unit is locked to a time, not to a place
    )


def problem_together(hospital: Hospital) -> Problem:
    """Return the whole as one problem; shifts, skills and professions carry their unit."""
    problem = problem_from_ward(_merged(hospital))
    if hospital.internal is None:
        return problem
    floating = {employee.code for employee in hospital.internal.employees}
    alike = _alike(hospital)
    return replace(
        problem,
        requests=tuple(
            _anywhere(request, alike) if problem.employees[request.employee].id in floating else request
            for request in problem.requests
        ),
    )


def split(
    hospital: Hospital, assignments: Iterable[Assignment]
) -> tuple[dict[str, tuple[Assignment, ...]], tuple[Placement, ...]]:
    """Return the wards' rosters by unit, and where the internal unit's people work."""
    internal = hospital.internal
    floating = set() if internal is None else {employee.code for employee in internal.employees}
    rosters: dict[str, list[Assignment]] = {ward.unit.code: [] for ward in hospital.wards}
    placements = []
    for cell in assignments:
        unit, _, shift = cell.shift.partition(_MARK)
        if cell.employee in floating:
            placements.append(Placement(cell.employee, cell.day, unit, shift))
        else:
            rosters[unit].append(replace(cell, shift=shift))
    return {code: tuple(sorted(cells)) for code, cells in rosters.items()}, tuple(sorted(placements))


def _merged(hospital: Hospital) -> WardData:
    parts = [_marked(ward) for ward in hospital.wards]
    if hospital.internal is not None:
        parts.append(_floating(hospital, hospital.internal))
    return replace(
        parts[0],
        skills=tuple(row for part in parts for row in part.skills),
        shift_types=tuple(row for part in parts for row in part.shift_types),
        employees=tuple(row for part in parts for row in part.employees),
        contracts=tuple(row for part in parts for row in part.contracts),
        weekly_requirements=tuple(row for part in parts for row in part.weekly_requirements),
        dated_requirements=tuple(row for part in parts for row in part.dated_requirements),
        absences=tuple(row for part in parts for row in part.absences),
        wishes=tuple(row for part in parts for row in part.wishes),
        history=tuple(row for part in parts for row in part.history),
        pins=tuple(row for part in parts for row in part.pins),
    )


def _marked(ward: WardData) -> WardData:
    """Return a ward whose shifts, skills and professions carry its unit; everybody has a skill for it."""
    unit = ward.unit.code

    def mark(code: str) -> str:
        return f"{unit}{_MARK}{code}"

    def mark_or_none(code: str | None) -> str | None:
        return None if code is None else mark(code)

    return replace(
        ward,
        skills=(
            *(replace(row, code=mark(row.code)) for row in ward.skills),
            Skill(mark(_ANYBODY), ward.unit.name),
        ),
        shift_types=tuple(replace(row, code=mark(row.code)) for row in ward.shift_types),
        employees=tuple(
            replace(
                row,
                profession=mark(row.profession),
                skills=(
                    HeldSkill(mark(_ANYBODY)),
                    *(replace(held, skill=mark(held.skill)) for held in row.skills),
                ),
            )
            for row in ward.employees
        ),
        weekly_requirements=tuple(
            replace(row, shift=mark(row.shift), skill=mark(row.skill or _ANYBODY))
            for row in ward.weekly_requirements
        ),
        dated_requirements=tuple(
            replace(row, shift=mark(row.shift), skill=mark(row.skill or _ANYBODY))
            for row in ward.dated_requirements
        ),
        wishes=tuple(replace(row, shift=mark_or_none(row.shift)) for row in ward.wishes),
        history=tuple(replace(row, shift=mark(row.shift)) for row in ward.history),
        pins=tuple(replace(row, shift=mark_or_none(row.shift)) for row in ward.pins),
    )


def _floating(hospital: Hospital, internal: WardData) -> WardData:
    """Return the internal unit, whose people also have their skills in the wards that they may work in."""
    marked = _marked(internal)
    units = {ward.unit.code for ward in hospital.wards}
    return replace(
        marked,
        employees=tuple(
            replace(at_home, skills=(*at_home.skills, *_skills_away(person, units)))
            for at_home, person in zip(marked.employees, internal.employees, strict=True)
        ),
    )


def _skills_away(person: Employee, units: set[str]) -> Iterator[HeldSkill]:
    for introduced in person.skills:
        if introduced.skill in units:
            yield replace(introduced, skill=f"{introduced.skill}{_MARK}{_ANYBODY}")
            for held in person.skills:
                first = _latest(introduced.valid_from, held.valid_from)
                last = _earliest(introduced.valid_to, held.valid_to)
                if first is None or last is None or first <= last:
                    yield HeldSkill(f"{introduced.skill}{_MARK}{held.skill}", first, last)


def _latest(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)


def _earliest(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _alike(hospital: Hospital) -> list[list[int]]:
    """Return for each shift of the whole the shifts at the same times."""
    shifts: Sequence[ShiftType] = [shift for ward in hospital.units for shift in ward.shift_types]
    return [
        [number for number, other in enumerate(shifts) if clock_of(other) == clock_of(shift)]
        for shift in shifts
    ]


def _anywhere(request: Request, alike: list[list[int]]) -> Request:
    """Return a wish of somebody of the internal unit, who does not mind where."""
    cells: dict[Cell, None] = {}
    for day, shift in request.cells:
        cells.update(((day, other), None) for other in alike[shift])
    return replace(request, cells=tuple(cells))
