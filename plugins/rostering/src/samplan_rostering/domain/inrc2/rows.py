"""Sections and rows of the text files of the competition INRC-II, with every fault named by file and line."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import TypeVar

from samplan_rostering.domain.inrc2.values import WEEKDAYS, Span

_Value = TypeVar("_Value")
_HEADING = re.compile(r"([A-Z_]+)(?:\s*(=)\s*(.*))?")
_SPAN = re.compile(r"\(([0-9]{1,8}),([0-9]{1,8})\)")
_SHOWN = 80  # characters of a value that a fault repeats

ANY, NONE = "Any", "None"
"""Words that stand for any shift in a request and for no shift in a history."""


class Inrc2Expected(StrEnum):
    """What was expected instead, in English sentences."""

    HEADING = "one of the headings %(names)s"
    SECTION = "this section, once"
    NO_VALUE = "a heading without a value"
    ONE_ROW = "a single row below this heading"
    NO_ROW = "no row below this heading"
    COUNT = "as many rows as the heading says, %(count)s"
    FIELDS = "%(count)s values separated by spaces"
    NAMES = "as many names as the number before them says, %(count)s"
    NUMBER = "a whole number from %(low)s to %(high)s"
    SPAN = "a least and a most such as (2,5), the least not above the most"
    CODE = "a name of its own, neither Any nor None"
    UNIQUE = "a value that occurs once"
    SKILL = "a skill of the scenario"
    SHIFT = "a shift type of the scenario"
    CONTRACT = "a contract of the scenario"
    NURSE = "a nurse of the scenario"
    DAY = "one of Mon, Tue, Wed, Thu, Fri, Sat, Sun"
    SCENARIO = "the name of the scenario, %(name)s"
    PAST_FREE = "no days of work, since the last shift is None"
    PAST_WORK = "days of that shift, no fewer days of work and no days off, since there is a last shift"
    EVERY_SHIFT = "a row for this shift type"
    EVERY_NURSE = "a row for this nurse"
    WEEKS = "%(count)s weeks, as the scenario and the history say"
    SOLUTION = "one solution for this week"
    SOLUTION_WEEK = "a solution for the week data %(week)s"
    SMALLER = "at most %(high)s combinations of nurse, day and shift type"
    FILE = "a file that can be read (%(reason)s)"
    SCENARIO_FILE = "a folder with a single file Sc-NAME.txt"


@dataclass(frozen=True, slots=True)
class Inrc2Fault:
    """One fault of a file; `line` counts from 1 and is 0 where the file as a whole is meant."""

    file: str
    section: str
    line: int
    value: str
    expected: Inrc2Expected
    data: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.section) if part)
        line = f", line {self.line}" if self.line else ""
        return f"{place}{line}: {self.value!r}, expected {self.expected % self.data}"


class Inrc2FaultsError(ValueError):
    """The files are no instance, or no roster for it; `faults` lists why."""

    def __init__(self, faults: Iterable[Inrc2Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class BadRowError(Exception):
    """The row being read was refused; its fault is already noted."""


class Kind(Enum):
    """What stands behind and below a heading."""

    VALUE = auto()  # `WEEKS = 4`, and no rows
    COUNTED = auto()  # `SKILLS = 2`, and two rows
    SINGLE = auto()  # `HISTORY`, and one row
    ROWS = auto()  # `REQUIREMENTS`, and any number of rows


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a section with its place in the file."""

    section: str
    line: int
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        """The row as one text."""
        return " ".join(self.cells)


class Reader:
    """A file in its sections, and the faults found in it so far."""

    def __init__(self, file: str, text: str, kinds: Mapping[str, Kind]) -> None:
        self.faults: list[Inrc2Fault] = []
        self._file = file
        self._kinds = kinds
        self._rows: dict[str, list[Row]] = {name: [] for name in kinds}
        self._headings: dict[str, Row] = {}
        self._last = self._split(text)
        for name in kinds:
            self._check_section(name)

    def _split(self, text: str) -> int:
        section, number = "", 0
        for number, raw in enumerate(text.splitlines(), start=1):
            line = raw.strip()
            heading = _HEADING.fullmatch(line)
            if heading is not None and heading[1] in self._kinds:
                section = heading[1]
                if section in self._headings:
                    self.note(section, number, line, Inrc2Expected.SECTION)
                self._headings.setdefault(section, Row(section, number, self._behind(heading, number)))
            elif line and section:
                # A pair may be written with a space: (2, 5)
                cells = re.sub(r"\(\s*(\S+?)\s*,\s*(\S+?)\s*\)", r"(\1,\2)", line).split()
                self._rows[section].append(Row(section, number, tuple(cells)))
            elif line:
                self.note("", number, line, Inrc2Expected.HEADING, names=", ".join(self._kinds))
        return number

    def _behind(self, heading: re.Match[str], line: int) -> tuple[str, ...]:
        if heading[2] and self._kinds[heading[1]] in (Kind.SINGLE, Kind.ROWS):
            self.note(heading[1], line, heading[0], Inrc2Expected.NO_VALUE)
        return ((heading[3] or "").strip(),)

    def _check_section(self, name: str) -> None:
        heading, rows, kind = self._headings.get(name), self._rows[name], self._kinds[name]
        if heading is None:
            self.note(name, self._last, "", Inrc2Expected.SECTION)
        elif kind is Kind.SINGLE and len(rows) != 1:
            self.note(name, rows[1].line if rows else heading.line, str(len(rows)), Inrc2Expected.ONE_ROW)
        elif kind is Kind.VALUE and rows:
            self.note(name, rows[0].line, rows[0].text, Inrc2Expected.NO_ROW)
        elif kind is Kind.COUNTED:
            counted = self.heading(name, lambda row: self.number(row, row.cells[0]))
            if counted is not None and counted != len(rows):
                self.note(name, heading.line, str(len(rows)), Inrc2Expected.COUNT, count=str(counted))

    def note(self, section: str, line: int, value: str, expected: Inrc2Expected, **data: str) -> None:
        """Keep a fault."""
        self.faults.append(Inrc2Fault(self._file, section, line, value[:_SHOWN], expected, data))

    def refuse(self, row: Row, value: str, expected: Inrc2Expected, **data: str) -> BadRowError:
        """Keep a fault of a row, and return what gives the row up."""
        self.note(row.section, row.line, value, expected, **data)
        return BadRowError()

    def finish(self) -> None:
        """Raise Inrc2FaultsError when there are faults, in the order of their lines."""
        if self.faults:
            raise Inrc2FaultsError(sorted(self.faults, key=lambda fault: fault.line))

    def line_of(self, section: str) -> int:
        """Return where a section begins, or the end of the file when it has none."""
        return self._headings[section].line if section in self._headings else self._last

    def heading(self, section: str, read: Callable[[Row], _Value]) -> _Value | None:
        """Read what stands behind a heading; None when it is refused or missing."""
        heading = self._headings.get(section)
        try:
            return None if heading is None else read(heading)
        except BadRowError:
            return None

    def rows(self, section: str, read: Callable[[Row], _Value], fields: int | None = None) -> list[_Value]:
        """Read the rows of a section; those that are refused are left out."""
        done = []
        for row in self._rows[section]:
            try:
                if fields is not None and len(row.cells) != fields:
                    raise self.refuse(row, row.text, Inrc2Expected.FIELDS, count=str(fields))
                done.append(read(row))
            except BadRowError:
                continue
        return done

    def number(self, row: Row, value: str, low: int = 0, high: int = 10_000_000) -> int:
        """Read a whole number."""
        plain = value.isascii() and value.isdecimal() and len(value) < 9
        if not plain or not low <= int(value) <= high:
            raise self.refuse(row, value, Inrc2Expected.NUMBER, low=str(low), high=str(high))
        return int(value)

    def span(self, row: Row, value: str) -> Span:
        """Read a least and a most."""
        found = _SPAN.fullmatch(value)
        if found is None or int(found[1]) > int(found[2]):
            raise self.refuse(row, value, Inrc2Expected.SPAN)
        return Span(int(found[1]), int(found[2]))

    def new(self, row: Row, value: str, known: set[str]) -> str:
        """Read a name that is defined here, and add it to the known ones."""
        if value in ("", ANY, NONE):
            raise self.refuse(row, value, Inrc2Expected.CODE)
        if value in known:
            raise self.refuse(row, value, Inrc2Expected.UNIQUE)
        known.add(value)
        return value

    def known(self, row: Row, value: str, known: Collection[str], expected: Inrc2Expected) -> str:
        """Read a name that is defined elsewhere."""
        if value not in known:
            raise self.refuse(row, value, expected)
        return value

    def names(
        self, row: Row, cells: tuple[str, ...], known: set[str], kind: Inrc2Expected
    ) -> tuple[str, ...]:
        """Read a number and as many names."""
        count = self.number(row, cells[0]) if cells else None
        if count != len(cells) - 1:
            raise self.refuse(row, row.text, Inrc2Expected.NAMES, count=str(count or 0))
        found: set[str] = set()
        return tuple(self.new(row, self.known(row, cell, known, kind), found) for cell in cells[1:])

    def day(self, row: Row, value: str) -> int:
        """Read a day of the week; 0 is Monday."""
        return WEEKDAYS.index(self.known(row, value, WEEKDAYS, Inrc2Expected.DAY))
