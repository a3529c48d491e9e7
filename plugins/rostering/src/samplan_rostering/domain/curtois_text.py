"""Read the text format of the benchmark, with every fault named by section and line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from samplan_rostering.domain.curtois import (
    Cover,
    CurtoisInstance,
    ShiftDefinition,
    ShiftRequest,
    StaffMember,
)

_Row = TypeVar("_Row")
_MAX_DAYS = 1_000
_MAX_CELLS = 5_000_000
_SECTIONS: Mapping[str, int] = MappingProxyType(
    {
        "SECTION_HORIZON": 1,
        "SECTION_SHIFTS": 3,
        "SECTION_STAFF": 8,
        "SECTION_DAYS_OFF": 0,  # an employee and any number of days
        "SECTION_SHIFT_ON_REQUESTS": 4,
        "SECTION_SHIFT_OFF_REQUESTS": 4,
        "SECTION_COVER": 5,
    }
)
"""Number of comma-separated fields of a row in each section; 0 is any number."""


class TextExpected(StrEnum):
    """What was expected instead: English sentences; the edge translates them."""

    SECTION = "one of the section headings of the format, such as SECTION_STAFF"
    ROWS = "at least one row in this section"
    ONE_ROW = "a single row in this section"
    FIELDS = "%(count)s fields separated by commas"
    NUMBER = "a whole number from %(low)s to %(high)s"
    CODE = "a code that is not empty"
    UNIQUE = "a value that occurs once"
    SHIFT = "a shift of SECTION_SHIFTS"
    EMPLOYEE = "an employee of SECTION_STAFF"
    MAX_SHIFTS = "entries such as D=14 separated by |"
    SMALLER = "a file with at most %(high)s combinations of employee, day and shift"


@dataclass(frozen=True, slots=True)
class TextFault:
    """One fault of a benchmark file; `line` counts from 1."""

    section: str
    line: int
    value: str
    expected: TextExpected
    data: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.section}, line {self.line}: {self.value!r}, expected {self.expected % self.data}"


class CurtoisFaultsError(ValueError):
    """The text is not a valid instance; `faults` lists why."""

    def __init__(self, faults: tuple[TextFault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class _BadRowError(Exception):
    """The row being read was refused; its fault is already noted."""


def looks_like_curtois(text: str) -> bool:
    """Tell whether the text has a heading of the benchmark format."""
    return any(line.strip() in _SECTIONS for line in text.splitlines())


def parse_curtois(text: str) -> CurtoisInstance:
    """Read an instance.

    Raises CurtoisFaultsError with all faults that could be found.
    """
    reader = _Reader(text)
    instance = reader.instance()
    if reader.faults:
        raise CurtoisFaultsError(tuple(sorted(reader.faults, key=lambda fault: fault.line)))
    return instance


@dataclass(slots=True)
class _Line:
    """A row of a section with its place in the file."""

    section: str
    number: int
    cells: list[str]


@dataclass(slots=True)
class _Reader:
    """Reads section by section, since employees and shifts may be named before they are defined."""

    text: str
    faults: list[TextFault] = field(default_factory=list)
    lines: dict[str, list[_Line]] = field(default_factory=lambda: {name: [] for name in _SECTIONS})
    headings: dict[str, int] = field(default_factory=dict)
    days: int = _MAX_DAYS
    shift_ids: set[str] = field(default_factory=set)
    staff_ids: set[str] = field(default_factory=set)

    def instance(self) -> CurtoisInstance:
        """Return the instance; its content is meaningful only while `faults` is empty."""
        self._split()
        horizon = self._rows("SECTION_HORIZON", self._horizon)
        self.days = horizon[0] if horizon else _MAX_DAYS
        shifts = self._rows("SECTION_SHIFTS", self._shift)
        staff = self._rows("SECTION_STAFF", self._staff)
        self._shift_references(shifts, staff)
        if len(shifts) * len(staff) * self.days > _MAX_CELLS:
            line = self.headings["SECTION_STAFF"]
            self._note("SECTION_STAFF", line, str(len(staff)), TextExpected.SMALLER, high=str(_MAX_CELLS))
        days_off = self._rows("SECTION_DAYS_OFF", self._days_off)
        wanted = self._rows("SECTION_SHIFT_ON_REQUESTS", lambda row: self._request(row, wanted=True))
        unwanted = self._rows("SECTION_SHIFT_OFF_REQUESTS", lambda row: self._request(row, wanted=False))
        cover = self._rows("SECTION_COVER", self._cover)
        free = tuple(pair for pairs in days_off for pair in pairs)
        return CurtoisInstance(self.days, shifts, staff, free, wanted + unwanted, cover)

    def _split(self) -> None:
        section = ""
        number = 0
        for number, raw in enumerate(self.text.splitlines(), start=1):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("SECTION_"):
                section = line
                self.headings[section] = number
            if section not in _SECTIONS:
                if line == section or not section:
                    self._note(section or "-", number, line[:80], TextExpected.SECTION)
            elif line != section:
                cells = [cell.strip() for cell in line.split(",")]
                self.lines[section].append(_Line(section, number, cells))
        for name in ("SECTION_HORIZON", "SECTION_SHIFTS", "SECTION_STAFF", "SECTION_COVER"):
            if not self.lines[name]:
                self._note(name, self.headings.get(name, number), "", TextExpected.ROWS)
        for extra in self.lines["SECTION_HORIZON"][1:]:
            self._note(extra.section, extra.number, ",".join(extra.cells)[:80], TextExpected.ONE_ROW)

    def _note(self, section: str, line: int, value: str, expected: TextExpected, **data: str) -> None:
        self.faults.append(TextFault(section, line, value, expected, data))

    def _refuse(self, row: _Line, value: str, expected: TextExpected, **data: str) -> _BadRowError:
        self._note(row.section, row.number, value[:80], expected, **data)
        return _BadRowError()

    def _rows(self, section: str, read: Callable[[_Line], _Row]) -> tuple[_Row, ...]:
        done: list[_Row] = []
        for row in self.lines[section]:
            try:
                count = _SECTIONS[section]
                if count and len(row.cells) != count:
                    raise self._refuse(row, ",".join(row.cells), TextExpected.FIELDS, count=str(count))
                done.append(read(row))
            except _BadRowError:
                continue
        return tuple(done)

    def _number(self, row: _Line, value: str, low: int = 0, high: int = 10_000_000) -> int:
        plain = value.removeprefix("-").isdecimal() and value.isascii() and len(value) < 12
        if not plain or not low <= int(value) <= high:
            raise self._refuse(row, value, TextExpected.NUMBER, low=str(low), high=str(high))
        return int(value)

    def _new(self, row: _Line, value: str, known: set[str]) -> str:
        if not value:
            raise self._refuse(row, value, TextExpected.CODE)
        if value in known:
            raise self._refuse(row, value, TextExpected.UNIQUE)
        known.add(value)
        return value

    def _known(self, row: _Line, value: str, known: set[str], expected: TextExpected) -> str:
        if value not in known:
            raise self._refuse(row, value, expected)
        return value

    def _day(self, row: _Line, value: str) -> int:
        return self._number(row, value, 0, self.days - 1)

    def _horizon(self, row: _Line) -> int:
        return self._number(row, row.cells[0], 1, _MAX_DAYS)

    def _shift(self, row: _Line) -> ShiftDefinition:
        code = self._new(row, row.cells[0], self.shift_ids)
        minutes = self._number(row, row.cells[1], 1, 24 * 60)
        followers = tuple(part.strip() for part in row.cells[2].split("|") if part.strip())
        return ShiftDefinition(code, minutes, followers)

    def _staff(self, row: _Line) -> StaffMember:
        code = self._new(row, row.cells[0], self.staff_ids)
        limits: list[tuple[str, int]] = []
        for part in filter(None, (part.strip() for part in row.cells[1].split("|"))):
            shift, equals, value = part.partition("=")
            if not equals:
                raise self._refuse(row, part, TextExpected.MAX_SHIFTS)
            limits.append((shift.strip(), self._number(row, value.strip())))
        numbers = [self._number(row, cell) for cell in row.cells[2:]]
        return StaffMember(code, tuple(limits), *numbers)

    def _shift_references(self, shifts: tuple[ShiftDefinition, ...], staff: tuple[StaffMember, ...]) -> None:
        """Check the shifts named in rows that may come before the shift itself is defined."""
        named = {shift.id: shift.not_followed_by for shift in shifts}
        named_by_staff = {member.id: tuple(code for code, _ in member.max_shifts) for member in staff}
        for section, references in (("SECTION_SHIFTS", named), ("SECTION_STAFF", named_by_staff)):
            for row in self.lines[section]:
                for code in references.get(row.cells[0], ()):
                    if code not in self.shift_ids:
                        self._note(section, row.number, code[:80], TextExpected.SHIFT)

    def _days_off(self, row: _Line) -> tuple[tuple[str, int], ...]:
        code = self._known(row, row.cells[0], self.staff_ids, TextExpected.EMPLOYEE)
        return tuple((code, self._day(row, cell)) for cell in row.cells[1:])

    def _request(self, row: _Line, *, wanted: bool) -> ShiftRequest:
        code = self._known(row, row.cells[0], self.staff_ids, TextExpected.EMPLOYEE)
        day = self._day(row, row.cells[1])
        shift = self._known(row, row.cells[2], self.shift_ids, TextExpected.SHIFT)
        return ShiftRequest(code, day, shift, wanted, self._number(row, row.cells[3]))

    def _cover(self, row: _Line) -> Cover:
        day = self._day(row, row.cells[0])
        shift = self._known(row, row.cells[1], self.shift_ids, TextExpected.SHIFT)
        required, under, over = (self._number(row, cell) for cell in row.cells[2:])
        return Cover(day, shift, required, under, over)
