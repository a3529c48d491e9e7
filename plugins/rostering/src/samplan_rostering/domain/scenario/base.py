"""What every change is: named by its kind, with fields, faults of its own, and how it is applied."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from dataclasses import field as dataclass_field
from datetime import date
from typing import ClassVar

from samplan_rostering.domain.faults import Expected
from samplan_rostering.domain.scenario.readers import Reader, shown
from samplan_rostering.domain.ward import Employee, WardData


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with one field of a change."""

    field: str
    value: str
    expected: Expected
    data: Mapping[str, str] = dataclass_field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(ABC):
    """A change of a ward's input."""

    kind: ClassVar[str] = ""

    def troubles(self, ward: WardData) -> Iterator[Trouble]:  # noqa: ARG002 - most ask the ward
        """Yield what keeps the change from being applied to the ward, besides names that it has not."""
        return iter(())

    @abstractmethod
    def apply(self, ward: WardData) -> WardData:
        """Return the ward with the change; only for a change without troubles."""


def readers(kind: type[Change]) -> dict[str, Reader]:
    """Return how the fields of a kind of change are read, by name."""
    return {item.name: item.metadata["reader"] for item in fields(kind)}


def unknown_names(change: Change, ward: WardData) -> Iterator[Trouble]:
    """Yield every code that a change names and the ward has not."""
    for item in fields(change):
        value = getattr(change, item.name)
        if value is not None:
            reader: Reader = item.metadata["reader"]
            for code, expected in reader.unknown(value, ward):
                yield Trouble(item.name, code, expected)


def one_of(change: Change, *names: str) -> Iterator[Trouble]:
    """Yield a trouble when none of some fields is given."""
    if all(getattr(change, name) in (None, ()) for name in names):
        yield Trouble(names[0], "", Expected.ONE_GIVEN, {"names": ", ".join(names)})


def in_order(first: date, last: date) -> Iterator[Trouble]:
    """Yield a trouble when the last date lies before the first."""
    if last < first:
        yield Trouble("last", last.isoformat(), Expected.NOT_BEFORE, {"earliest": first.isoformat()})


def between(field: str, value: int, low: int, high: int) -> Iterator[Trouble]:
    """Yield a trouble when a figure lies outside what the ward allows."""
    if not low <= value <= high:
        yield Trouble(field, shown(value), Expected.BETWEEN, {"low": str(low), "high": str(high)})


def chosen(ward: WardData, employees: Iterable[str], professions: Iterable[str]) -> list[Employee]:
    """Return the own people of a ward that are named or of a profession; all where nothing is chosen.

    Who is hired has to be named.
    """
    codes, kinds = set(employees), set(professions)
    own = [person for person in ward.employees if not person.hired or person.code in codes]
    if not codes and not kinds:
        return own
    return [person for person in own if person.code in codes or person.profession in kinds]


def evenly(people: list[Employee], percent: int) -> list[Employee]:
    """Return a share of people, rounded, taken evenly from their list."""
    wanted = half_up(len(people) * percent, 100)
    return [p for i, p in enumerate(people) if (i + 1) * wanted // len(people) > i * wanted // len(people)]


def half_up(number: int, divisor: int) -> int:
    """Return a quotient of numbers that are not negative, rounded to the nearest, a half upwards."""
    return (2 * number + divisor) // (2 * divisor)
