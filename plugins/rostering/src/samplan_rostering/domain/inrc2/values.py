"""Instances of the Second International Nurse Rostering Competition, INRC-II (2014-15).

Source of format and rules: S. Ceschia, N. T. T. Dang, P. De Causmaecker, S. Haspeslagh, A. Schaerf, "Second
International Nurse Rostering Competition (INRC-II): Problem Description and Rules", arXiv 1501.04177. Such an
instance brings its own rules and nothing else applies. Time is counted in days: there are no hours, a weekend
is Saturday and Sunday, and day 0 is the Monday of the first week.
"""

from dataclasses import dataclass

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAYS_A_WEEK = len(WEEKDAYS)
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Span:
    """A least and a most, both allowed."""

    minimum: int
    maximum: int

    def missed_by(self, value: int) -> int:
        """Return how far a value lies outside, 0 when it lies inside."""
        return max(self.minimum - value, value - self.maximum, 0)


@dataclass(frozen=True, slots=True)
class Inrc2Shift:
    """A shift type: how many days in a row it is to be worked, and which types may not follow next day."""

    id: str
    consecutive: Span
    not_followed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inrc2Contract:
    """Limits of a kind of contract.

    `assignments` and `max_weekends` are meant over the whole horizon; `consecutive_work` and
    `consecutive_off` are days in a row; with `complete_weekends`, both days of a weekend are to be worked or
    none.
    """

    id: str
    assignments: Span
    consecutive_work: Span
    consecutive_off: Span
    max_weekends: int
    complete_weekends: bool


@dataclass(frozen=True, slots=True)
class Inrc2Nurse:
    """A nurse: the id of a contract, and the skills that she or he has."""

    id: str
    contract: str
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inrc2Scenario:
    """What holds for all weeks of the horizon; `weeks` is its length."""

    id: str
    weeks: int
    skills: tuple[str, ...]
    shifts: tuple[Inrc2Shift, ...]
    contracts: tuple[Inrc2Contract, ...]
    nurses: tuple[Inrc2Nurse, ...]

    @property
    def nurse_ids(self) -> frozenset[str]:
        """The ids of all nurses."""
        return frozenset(nurse.id for nurse in self.nurses)

    @property
    def shift_ids(self) -> frozenset[str]:
        """The ids of all shift types."""
        return frozenset(shift.id for shift in self.shifts)


@dataclass(frozen=True, slots=True)
class NursePast:
    """What went before for one nurse.

    `assignments` and `weekends` are totals since the horizon began, and what the first history brings. The
    others describe the day before: `last_shift` (None: free), and for how many days up to then that shift,
    any work, or time off has gone on.
    """

    nurse: str
    assignments: int = 0
    weekends: int = 0
    last_shift: str | None = None
    consecutive_shift: int = 0
    consecutive_work: int = 0
    consecutive_off: int = 0


@dataclass(frozen=True, slots=True)
class Inrc2History:
    """The state before the week of number `week`, counted from 0 at the start of the horizon."""

    week: int
    scenario: str
    nurses: tuple[NursePast, ...]


@dataclass(frozen=True, slots=True)
class Inrc2Requirement:
    """Nurses required for a shift and skill on a day of the week (0 is Monday): at least, and at best."""

    shift: str
    skill: str
    day: int
    minimum: int
    optimal: int


@dataclass(frozen=True, slots=True)
class Inrc2Request:
    """A nurse's wish not to work a shift (None: any) on a day of the week (0 is Monday)."""

    nurse: str
    day: int
    shift: str | None


@dataclass(frozen=True, slots=True)
class Inrc2Week:
    """What one week asks for; a shift and skill without a requirement need nobody."""

    scenario: str
    requirements: tuple[Inrc2Requirement, ...]
    requests: tuple[Inrc2Request, ...]


@dataclass(frozen=True, slots=True)
class Inrc2Instance:
    """A scenario, the history before the first of the weeks, and the weeks in their order.

    The weeks may be a part of the horizon: they begin with number `history.week`.
    """

    scenario: Inrc2Scenario
    history: Inrc2History
    weeks: tuple[Inrc2Week, ...]

    @property
    def days(self) -> int:
        """How many days the weeks have."""
        return len(self.weeks) * DAYS_A_WEEK

    @property
    def ends_horizon(self) -> bool:
        """Whether the last of the weeks is the last one of the horizon."""
        return self.history.week + len(self.weeks) >= self.scenario.weeks


@dataclass(frozen=True, slots=True, order=True)
class Inrc2Assignment:
    """One shift of one nurse in one skill; `day` counts from 0 at the first of the instance's weeks."""

    nurse: str
    day: int
    shift: str
    skill: str
