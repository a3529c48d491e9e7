"""What may be wrong with a ward's input, in plain terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum


class Expected(StrEnum):
    """What was expected instead: English sentences; the edge translates them."""

    ANY_ROW = "at least one row"
    CODE = "a code that is not empty"
    COLOUR = "a colour written #rrggbb"
    OWN_STAFF = "somebody employed here, not hired"
    CONTRACT = "a contract in force on some date of the period"
    KNOWN_EMPLOYEE = "an employee listed among the employees"
    KNOWN_SHIFT = "a shift type listed among the shift types"
    KNOWN_SKILL = "a skill listed among the skills"
    TIMEZONE = "a known time zone, such as Europe/Stockholm"
    UNIQUE = "a value that occurs once"
    NO_OVERLAP = "dates that do not overlap another contract of the same employee"
    NOT_BEFORE = "a date not before %(earliest)s"
    IN_PERIOD = "a date from %(start)s to %(end)s"
    BEFORE_PERIOD = "a date before %(start)s"
    BETWEEN = "a number from %(low)s to %(high)s"
    ORDERED = "numbers in order: minimum, target, maximum"
    NO_SHIFT = "no shift: a wish for time off covers the whole date"
    KNOWN_RULE = "a rule of the rule profile"
    LEVEL = "one of %(levels)s"
    FIGURES = "figures of the rule, written name=value with semicolons between: %(names)s"
    SOUND = "values that fit together, none of them missing: %(names)s"
    CHOICE = "one of: %(choices)s"
    DATE = "a date written 2027-01-31"
    TIME = "a time of day written 07:30"
    PART_OF_DAY = "a start and a later end, or neither: then it is the whole day"
    TEXT = "a text of at most %(longest)s characters"
    LIST = "a list of values"
    PAIRS = "values by name"
    OBJECT = "an object with a kind and its values"
    KNOWN_KIND = "a kind of change: %(choices)s"
    KNOWN_FIELD = "one of the values of this kind of change: %(names)s"
    KNOWN_PROFESSION = "a profession of one of the employees"
    GIVEN = "a value: it must be given"
    ONE_GIVEN = "at least one of these values: %(names)s"
    MATCHES = "a choice that fits at least one requirement"
    OTHER = "something else than %(other)s"
    KEPT = "a rule that is always kept: %(why)s"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: which value of which row, and what was expected (filled in from `data`).

    `entity` is the name of a part of WardData in the singular; `index` counts its rows from
    0, None where the fault concerns the part as a whole.
    """

    entity: str
    index: int | None
    field: str
    value: str
    expected: Expected
    data: Mapping[str, str] = default(default_factory=dict)

    def __str__(self) -> str:
        row = "" if self.index is None else f" {self.index + 1}"
        return f"{self.entity}{row}, {self.field}: {self.value!r}, expected {self.expected % self.data}"
