"""Read scenario, history, week data and solutions of the competition INRC-II, with every fault named.

The format is that of arXiv 1501.04177, section 4: lines of values separated by spaces, below headings.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from samplan_rostering.domain.inrc2.rows import (
    ANY,
    NONE,
    Inrc2Expected,
    Inrc2Fault,
    Inrc2FaultsError,
    Kind,
    Reader,
    Row,
)
from samplan_rostering.domain.inrc2.values import (
    DAYS_A_WEEK,
    Inrc2Assignment,
    Inrc2Contract,
    Inrc2History,
    Inrc2Instance,
    Inrc2Nurse,
    Inrc2Request,
    Inrc2Requirement,
    Inrc2Scenario,
    Inrc2Shift,
    Inrc2Week,
    NursePast,
    Span,
)

_MAX_WEEKS = 100
_MAX_CELLS = 5_000_000
_FORBIDDEN = "FORBIDDEN_SHIFT_TYPES_SUCCESSIONS"
_SCENARIO: Mapping[str, Kind] = MappingProxyType(
    {
        "SCENARIO": Kind.VALUE,
        "WEEKS": Kind.VALUE,
        "SKILLS": Kind.COUNTED,
        "SHIFT_TYPES": Kind.COUNTED,
        _FORBIDDEN: Kind.ROWS,
        "CONTRACTS": Kind.COUNTED,
        "NURSES": Kind.COUNTED,
    }
)
_HISTORY: Mapping[str, Kind] = MappingProxyType({"HISTORY": Kind.SINGLE, "NURSE_HISTORY": Kind.ROWS})
_WEEK: Mapping[str, Kind] = MappingProxyType(
    {"WEEK_DATA": Kind.SINGLE, "REQUIREMENTS": Kind.ROWS, "SHIFT_OFF_REQUESTS": Kind.COUNTED}
)
_SOLUTION: Mapping[str, Kind] = MappingProxyType({"SOLUTION": Kind.SINGLE, "ASSIGNMENTS": Kind.COUNTED})
_REMARK = re.compile(r"(?m)^[A-Za-z ]+:.*$")
"""What programs write below their assignments, such as `Cost: 575`: no part of the format, passed over."""


@dataclass(frozen=True, slots=True)
class Inrc2WeekSolution:
    """The roster of the week of number `week` of the horizon; its days count from 0 in this week."""

    file: str
    week: int
    assignments: tuple[Inrc2Assignment, ...]


def parse_scenario(file: str, text: str) -> Inrc2Scenario:
    """Read a scenario; raises Inrc2FaultsError with all faults of the file."""
    reader = Reader(file, text, _SCENARIO)
    name = reader.heading("SCENARIO", lambda row: reader.new(row, row.cells[0], set()))
    weeks = reader.heading("WEEKS", lambda row: reader.number(row, row.cells[0], 1, _MAX_WEEKS))
    skills: set[str] = set()
    skill_rows = reader.rows("SKILLS", lambda row: reader.new(row, row.cells[0], skills), 1)
    shifts = _read_shifts(reader)
    contract_ids: set[str] = set()
    contracts = reader.rows("CONTRACTS", lambda row: _contract(reader, row, contract_ids), 6)
    nurse_ids: set[str] = set()
    nurses = reader.rows("NURSES", lambda row: _nurse(reader, row, (nurse_ids, contract_ids, skills)))
    if len(nurses) * (weeks or 0) * DAYS_A_WEEK * len(shifts) > _MAX_CELLS:
        line = reader.line_of("NURSES")
        reader.note("NURSES", line, str(len(nurses)), Inrc2Expected.SMALLER, high=str(_MAX_CELLS))
    reader.finish()
    return Inrc2Scenario(name or "", weeks or 0, tuple(skill_rows), shifts, tuple(contracts), tuple(nurses))


def _read_shifts(reader: Reader) -> tuple[Inrc2Shift, ...]:
    ids: set[str] = set()
    spans = dict(
        reader.rows(
            "SHIFT_TYPES",
            lambda row: (reader.new(row, row.cells[0], ids), reader.span(row, row.cells[1])),
            2,
        )
    )
    followed: set[str] = set()

    def read(row: Row) -> tuple[str, tuple[str, ...]]:
        shift = reader.known(row, row.cells[0], ids, Inrc2Expected.SHIFT)
        reader.new(row, shift, followed)
        return shift, reader.names(row, row.cells[1:], ids, Inrc2Expected.SHIFT)

    forbidden = dict(reader.rows(_FORBIDDEN, read))
    for shift in spans:
        if shift not in followed:
            reader.note(_FORBIDDEN, reader.line_of(_FORBIDDEN), shift, Inrc2Expected.EVERY_SHIFT)
    return tuple(Inrc2Shift(shift, span, forbidden.get(shift, ())) for shift, span in spans.items())


def _contract(reader: Reader, row: Row, ids: set[str]) -> Inrc2Contract:
    code = reader.new(row, row.cells[0], ids)
    assignments, work, off = (reader.span(row, cell) for cell in row.cells[1:4])
    weekends = reader.number(row, row.cells[4])
    return Inrc2Contract(code, assignments, work, off, weekends, bool(reader.number(row, row.cells[5], 0, 1)))


def _nurse(reader: Reader, row: Row, known: tuple[set[str], set[str], set[str]]) -> Inrc2Nurse:
    nurses, contracts, skills = known
    code = reader.new(row, row.cells[0], nurses)
    if len(row.cells) < 3:
        raise reader.refuse(row, row.text, Inrc2Expected.NAMES, count="0")
    contract = reader.known(row, row.cells[1], contracts, Inrc2Expected.CONTRACT)
    return Inrc2Nurse(code, contract, reader.names(row, row.cells[2:], skills, Inrc2Expected.SKILL))


def parse_history(file: str, text: str, scenario: Inrc2Scenario) -> Inrc2History:
    """Read the history of a scenario; raises Inrc2FaultsError with all faults of the file."""
    reader = Reader(file, text, _HISTORY)
    week = _heading(reader, "HISTORY", scenario)
    nurses, shifts = scenario.nurse_ids, scenario.shift_ids
    seen: set[str] = set()

    def read(row: Row) -> NursePast:
        code = reader.known(row, row.cells[0], nurses, Inrc2Expected.NURSE)
        reader.new(row, code, seen)
        last = reader.known(row, row.cells[3], shifts | {NONE}, Inrc2Expected.SHIFT)
        assignments, weekends, same, work, off = (
            reader.number(row, row.cells[cell]) for cell in (1, 2, 4, 5, 6)
        )
        if last == NONE and (same or work):
            raise reader.refuse(row, row.text, Inrc2Expected.PAST_FREE)
        if last != NONE and (not 0 < same <= work or off):
            raise reader.refuse(row, row.text, Inrc2Expected.PAST_WORK)
        return NursePast(code, assignments, weekends, None if last == NONE else last, same, work, off)

    records = reader.rows("NURSE_HISTORY", read, 7)
    for nurse in scenario.nurses:
        if nurse.id not in seen:
            line = reader.line_of("NURSE_HISTORY")
            reader.note("NURSE_HISTORY", line, nurse.id, Inrc2Expected.EVERY_NURSE)
    reader.finish()
    return Inrc2History(week, scenario.id, tuple(records))


def _heading(reader: Reader, section: str, scenario: Inrc2Scenario) -> int:
    """Read a row of the week's number and the scenario's name."""

    def read(row: Row) -> int:
        if row.cells[1] != scenario.id:
            reader.note(section, row.line, row.cells[1], Inrc2Expected.SCENARIO, name=scenario.id)
        return reader.number(row, row.cells[0], 0, scenario.weeks - 1)

    return next(iter(reader.rows(section, read, 2)), 0)


def parse_week(file: str, text: str, scenario: Inrc2Scenario) -> Inrc2Week:
    """Read the data of one week of a scenario; raises Inrc2FaultsError with all faults of the file."""
    reader = Reader(file, text, _WEEK)
    nurses, shifts = scenario.nurse_ids, scenario.shift_ids
    pairs: set[str] = set()

    def named(row: Row) -> None:
        if row.cells[0] != scenario.id:
            reader.note(row.section, row.line, row.cells[0], Inrc2Expected.SCENARIO, name=scenario.id)

    def required(row: Row) -> tuple[tuple[str, str], tuple[Span, ...]]:
        shift = reader.known(row, row.cells[0], shifts, Inrc2Expected.SHIFT)
        skill = reader.known(row, row.cells[1], scenario.skills, Inrc2Expected.SKILL)
        reader.new(row, f"{shift} {skill}", pairs)
        return (shift, skill), tuple(reader.span(row, cell) for cell in row.cells[2:])

    def request(row: Row) -> Inrc2Request:
        nurse = reader.known(row, row.cells[0], nurses, Inrc2Expected.NURSE)
        shift = reader.known(row, row.cells[1], shifts | {ANY}, Inrc2Expected.SHIFT)
        return Inrc2Request(nurse, reader.day(row, row.cells[2]), None if shift == ANY else shift)

    reader.rows("WEEK_DATA", named, 1)
    requirements = tuple(
        Inrc2Requirement(shift, skill, day, span.minimum, span.maximum)
        for (shift, skill), spans in reader.rows("REQUIREMENTS", required, 2 + DAYS_A_WEEK)
        for day, span in enumerate(spans)
    )
    requests = tuple(reader.rows("SHIFT_OFF_REQUESTS", request, 3))
    reader.finish()
    return Inrc2Week(scenario.id, requirements, requests)


def parse_solution(file: str, text: str, scenario: Inrc2Scenario) -> Inrc2WeekSolution:
    """Read the roster of one week; raises Inrc2FaultsError with all faults of the file.

    What breaks a rule is no fault: two shifts on one day, or a skill that the nurse lacks.
    """
    reader = Reader(file, _REMARK.sub("", text), _SOLUTION)
    week = _heading(reader, "SOLUTION", scenario)
    nurses, shifts = scenario.nurse_ids, scenario.shift_ids

    def read(row: Row) -> Inrc2Assignment:
        nurse = reader.known(row, row.cells[0], nurses, Inrc2Expected.NURSE)
        day = reader.day(row, row.cells[1])
        shift = reader.known(row, row.cells[2], shifts, Inrc2Expected.SHIFT)
        skill = reader.known(row, row.cells[3], scenario.skills, Inrc2Expected.SKILL)
        return Inrc2Assignment(nurse, day, shift, skill)

    assignments = tuple(reader.rows("ASSIGNMENTS", read, 4))
    reader.finish()
    return Inrc2WeekSolution(file, week, assignments)


def join_instance(
    scenario: Inrc2Scenario, history: Inrc2History, weeks: Sequence[Inrc2Week]
) -> Inrc2Instance:
    """Return the instance of all weeks from the history on; Inrc2FaultsError when their number is wrong."""
    asked = scenario.weeks - history.week
    if len(weeks) != asked:
        found = str(len(weeks))
        raise Inrc2FaultsError(
            [Inrc2Fault("weeks", "", 0, found, Inrc2Expected.WEEKS, {"count": str(asked)})]
        )
    return Inrc2Instance(scenario, history, tuple(weeks))


def join_solutions(
    instance: Inrc2Instance, solutions: Iterable[Inrc2WeekSolution]
) -> tuple[Inrc2Assignment, ...]:
    """Return the roster over all weeks; Inrc2FaultsError when a week has no solution, or more than one."""
    first = instance.history.week
    faults: list[Inrc2Fault] = []
    by_week: dict[int, Inrc2WeekSolution] = {}
    for solution in solutions:
        if solution.week in by_week or not 0 <= solution.week - first < len(instance.weeks):
            place = (solution.file, "SOLUTION", 0, str(solution.week))
            faults.append(Inrc2Fault(*place, Inrc2Expected.SOLUTION))
        by_week.setdefault(solution.week, solution)
    missing = (week for week in range(first, first + len(instance.weeks)) if week not in by_week)
    faults += [Inrc2Fault("solution", "", 0, str(week), Inrc2Expected.SOLUTION) for week in missing]
    if faults:
        raise Inrc2FaultsError(faults)
    return tuple(
        Inrc2Assignment(cell.nurse, (week - first) * DAYS_A_WEEK + cell.day, cell.shift, cell.skill)
        for week, solution in by_week.items()
        for cell in solution.assignments
    )
