"""A line of the rule profile: a rule of a ward that is not as usual."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """How a rule of the profile is kept: not at all, at a cost, or always."""

    OFF = "off"
    SOFT = "soft"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """A line of the rule profile: a rule other than usual, for all or for one employee.

    `parameters` are figures of the rule by name, as text; what is left out has its usual value. `other` is
    the second person of a rule about two. The reason behind a rule for one person is never stored.
    """

    rule: str
    level: Level
    weight: int | None = None
    employee: str | None = None
    other: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
