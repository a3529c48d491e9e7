"""What the fields of a change hold: how each is read from JSON, written to it, and checked against a ward."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from samplan_rostering.domain.faults import Expected
from samplan_rostering.domain.ward import Employee, RosterType, ShiftType, Skill, WardData

LONGEST_TEXT, LONGEST_LIST = 200, 500


class UnreadableError(ValueError):
    """A value that a field cannot hold; says what was expected."""

    def __init__(self, value: object, expected: Expected, **data: str) -> None:
        """Keep the value and what was expected instead."""
        super().__init__(expected % data)
        self.value, self.expected, self.data = shown(value), expected, data


@dataclass(frozen=True, slots=True)
class Reader(ABC):
    """How a field is read; `read` raises `UnreadableError`."""

    @abstractmethod
    def read(self, value: Any) -> Any:
        """Return the value that JSON stands for."""

    def write(self, value: Any) -> Any:
        """Return the value as JSON holds it."""
        return value

    def unknown(self, value: Any, ward: WardData) -> Iterator[tuple[str, Expected]]:  # noqa: ARG002 - of some
        """Yield what the ward does not know, with what was expected."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Whole(Reader):
    """A whole number between two."""

    low: int
    high: int

    def read(self, value: Any) -> int:
        """Return the number."""
        if type(value) is not int or not self.low <= value <= self.high:
            raise UnreadableError(value, Expected.BETWEEN, low=str(self.low), high=str(self.high))
        return value


@dataclass(frozen=True, slots=True)
class Number(Reader):
    """A number with at most two decimals between two."""

    low: int
    high: int

    def read(self, value: Any) -> Decimal:
        """Return the number, exactly as it is written."""
        try:
            number = Decimal(str(value)) if type(value) in {int, float, str} else Decimal("NaN")
        except InvalidOperation:
            number = Decimal("NaN")
        if not (number.is_finite() and self.low <= number <= self.high) or number != round(number, 2):
            raise UnreadableError(value, Expected.BETWEEN, low=str(self.low), high=str(self.high))
        return number

    def write(self, value: Any) -> Any:
        """Return the number; a whole one without decimals."""
        return int(value) if value == int(value) else float(value)


@dataclass(frozen=True, slots=True)
class Choice(Reader):
    """One of some words."""

    values: tuple[str, ...]
    expected: Expected = Expected.CHOICE

    def read(self, value: Any) -> str:
        """Return the word."""
        if not isinstance(value, str) or value not in self.values:
            raise UnreadableError(value, self.expected, choices=", ".join(self.values))
        return value


@dataclass(frozen=True, slots=True)
class Text(Reader):
    """A short text that is not empty."""

    longest: int = LONGEST_TEXT

    def read(self, value: Any) -> str:
        """Return the text without spaces around it."""
        text = value.strip() if isinstance(value, str) else ""
        if not text or len(text) > self.longest or not text.isprintable():
            raise UnreadableError(value, Expected.TEXT, longest=str(self.longest))
        return text


@dataclass(frozen=True, slots=True)
class Day(Reader):
    """A date."""

    def read(self, value: Any) -> date:
        """Return the date."""
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise UnreadableError(value, Expected.DATE) from None

    def write(self, value: Any) -> Any:
        """Return the date as 2027-01-31."""
        return value.isoformat()


@dataclass(frozen=True, slots=True)
class Clock(Reader):
    """A time of the day."""

    def read(self, value: Any) -> time:
        """Return the time."""
        try:
            found = time.fromisoformat(value)
        except (TypeError, ValueError):
            raise UnreadableError(value, Expected.TIME) from None
        if found.second or found.microsecond or found.tzinfo:
            raise UnreadableError(value, Expected.TIME)
        return found

    def write(self, value: Any) -> Any:
        """Return the time as 07:30."""
        return value.isoformat("minutes")


@dataclass(frozen=True, slots=True)
class Code(Reader):
    """The code of something that the ward has: `of` is a key of `KNOWN`."""

    of: str

    def read(self, value: Any) -> str:
        """Return the code."""
        return Text().read(value)

    def unknown(self, value: Any, ward: WardData) -> Iterator[tuple[str, Expected]]:
        """Yield the code if the ward has it not."""
        if value not in known(ward, self.of):
            yield str(value), KNOWN[self.of]


@dataclass(frozen=True, slots=True)
class Codes(Reader):
    """Codes of what the ward has; none chosen means all."""

    of: str

    def read(self, value: Any) -> tuple[str, ...]:
        """Return the codes."""
        if not isinstance(value, list) or len(value) > LONGEST_LIST:
            raise UnreadableError(value, Expected.LIST)
        return tuple(dict.fromkeys(Text().read(item) for item in value))

    def write(self, value: Any) -> Any:
        """Return the codes as a list."""
        return list(value)

    def unknown(self, value: Any, ward: WardData) -> Iterator[tuple[str, Expected]]:
        """Yield each code that the ward has not."""
        codes = known(ward, self.of)
        yield from ((code, KNOWN[self.of]) for code in value if code not in codes)


@dataclass(frozen=True, slots=True)
class Weekdays(Reader):
    """Weekdays by number, 0 is Monday; none chosen means all."""

    def read(self, value: Any) -> tuple[int, ...]:
        """Return the numbers."""
        if not isinstance(value, list):
            raise UnreadableError(value, Expected.LIST)
        return tuple(sorted({Whole(0, 6).read(item) for item in value}))

    def write(self, value: Any) -> Any:
        """Return the numbers as a list."""
        return list(value)


@dataclass(frozen=True, slots=True)
class Words(Reader):
    """Some of the words to choose from."""

    values: tuple[str, ...]

    def read(self, value: Any) -> tuple[str, ...]:
        """Return the words."""
        if not isinstance(value, list):
            raise UnreadableError(value, Expected.LIST)
        return tuple(dict.fromkeys(Choice(self.values).read(item) for item in value))

    def write(self, value: Any) -> Any:
        """Return the words as a list."""
        return list(value)


@dataclass(frozen=True, slots=True)
class Figures(Reader):
    """Figures of a rule by name."""

    def read(self, value: Any) -> tuple[tuple[str, str], ...]:
        """Return the pairs of name and value, both as text."""
        if not isinstance(value, Mapping):
            raise UnreadableError(value, Expected.PAIRS)
        return tuple(sorted((Text().read(name), str(item)[:LONGEST_TEXT]) for name, item in value.items()))

    def write(self, value: Any) -> Any:
        """Return the figures by name."""
        return dict(value)


KNOWN: Mapping[str, Expected] = MappingProxyType(
    {
        "employees": Expected.KNOWN_EMPLOYEE,
        "professions": Expected.KNOWN_PROFESSION,
        "shifts": Expected.KNOWN_SHIFT,
        "skills": Expected.KNOWN_SKILL,
    }
)


def known(ward: WardData, of: str) -> list[str]:
    """Return the codes that a ward has of something."""
    if of == "professions":
        return sorted({employee.profession for employee in ward.employees})
    rows: Mapping[str, Sequence[Employee | ShiftType | Skill]] = {
        "employees": ward.employees,
        "shifts": ward.shift_types,
        "skills": ward.skills,
    }
    return [row.code for row in rows[of]]


def holds(reader: Reader, default: Any = None) -> Any:
    """Return a field of a change that may be left out."""
    return field(default=default, metadata={"reader": reader})


def must_hold(reader: Reader) -> Any:
    """Return a field of a change that must be given."""
    return field(metadata={"reader": reader})


def shown(value: object) -> str:
    """Return a value as messages show it: not longer than needed."""
    text = "" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


ROSTER_TYPES = tuple(kind.value for kind in RosterType)
