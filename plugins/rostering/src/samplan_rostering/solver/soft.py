"""What a roster may cost beyond cover, requests, weekends and even shares, and sums over windows of days.

Each of these has its meaning once as a price (`soft_price`), once in the CP-SAT model (`soft_model`), and
once in the search for rows: in the row graph where what has to be remembered is small, else in the master
problem (`own_costs` decides). All weights are whole numbers of the objective per unit and never negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from samplan_rostering.domain.rules import Rule, Term

Cell = tuple[int, int]
FREE = -1
"""In place of a shift in a combination: the day is free."""
Amounts = tuple[tuple[int, ...], ...]
"""By day of a window and by shift what a shift worked adds to the sum; a free day adds nothing."""


@dataclass(frozen=True, slots=True)
class CombinationCost:
    """Cost `weight` if all the cells, which are on different days, are worked (or `FREE`, as they say).

    The soft side of `Forbidden`: a quick return, a backward rotation, any pattern that is not wanted.
    """

    term: Term
    employee: int
    cells: tuple[Cell, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class RunCost:
    """Cost of days in a row that are too few or too many; `shifts` None means days off.

    A run is a longest stretch of days with any of the shifts. It costs `under` for each day short of `low`
    when it ends inside the period, and `over` for each day beyond `high`. `before` days of the run lie before
    day 0: such a run costs `under` also when it ended there, and no day before day 0 costs `over`. A run that
    reaches the last day may go on and is not too short. So count rules S2 and S3 of the competition INRC-II
    (arXiv 1501.04177).
    """

    term: Term
    employee: int
    shifts: frozenset[int] | None
    low: int
    high: int
    under: int = 0
    over: int = 0
    before: int = 0


@dataclass(frozen=True, slots=True)
class WindowLimit:
    """A hard rule of one employee: the sum over the days of a window is from `low` to `high` (None: no end).

    Such are hours averaged over some weeks, nine free days in four weeks, at most one night a week.
    """

    rule: Rule
    days: range
    amounts: Amounts
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class WindowCost:
    """Cost `weight` per unit by which the sum over the days of a window lies below `low` or above `high`.

    The soft side of `WindowLimit`. Limits may be negative where a past has used up more than there is.
    """

    term: Term
    employee: int
    days: range
    amounts: Amounts
    low: int | None
    high: int | None
    weight: int


@dataclass(frozen=True, slots=True)
class WholeWeekend:
    """Cost `weight` for each weekend of which exactly one of two days is worked (S5 of INRC-II).

    A weekend with only one day inside the period costs nothing.
    """

    term: Term
    employee: int
    weight: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """Cells of one person and cells of another, each on a single day, that concern one another."""

    cells: frozenset[Cell]
    others: frozenset[Cell]


@dataclass(frozen=True, slots=True)
class PairCost:
    """Cost `weight` for each meeting at which two people are not as they should be.

    Together: `one` works one of the cells while `other` works none of the others, as a student without the
    mentor. Apart: both work, as two who are never to be on duty at once.
    """

    term: Term
    one: int
    other: int
    meetings: tuple[Meeting, ...]
    together: bool
    weight: int


@dataclass(frozen=True, slots=True)
class PairLimit:
    """A hard rule of two people: at each meeting they are as they should be, in the sense of `PairCost`."""

    rule: Rule
    one: int
    other: int
    meetings: tuple[Meeting, ...]
    together: bool


def each_day(days: range, by_shift: Sequence[int]) -> Amounts:
    """Return amounts that are the same on all days of a window."""
    return (tuple(by_shift),) * len(days)
