"""What an employee may wish for in a period: kinds, points, vetoes, and when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward import Period, WishKind
from samplan_rostering.domain.ward_rules.patterns import ANY, UnwantedPattern

MOST_POINTS = 1000
VETO_POINTS = 100
"""What a veto's wish costs where somebody has made its rule a soft one or taken it away."""


class OwnKind(StrEnum):
    """A wish as the employee makes it: VETO is a day off that no roster may take."""

    WANT = "want"
    AVOID = "avoid"
    OFF = "off"
    VETO = "veto"

    @property
    def stored(self) -> WishKind:
        """The kind that the wish is stored with."""
        return WishKind.OFF if self is OwnKind.VETO else WishKind(self.value)

    @property
    def whole_day(self) -> bool:
        """Whether the wish is for the date and not for a shift."""
        return self in {OwnKind.OFF, OwnKind.VETO}


class WindowState(StrEnum):
    """Whether wishes are taken."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


class WishFault(StrEnum):
    """Why a wish is not taken."""

    OUTSIDE_PERIOD = "outside_period"
    SHIFT_OF_A_DAY_OFF = "shift_of_a_day_off"
    UNKNOWN_SHIFT = "unknown_shift"
    NO_POINTS = "no_points"
    ABSENT = "absent"
    LOCKED = "locked"
    TWICE = "twice"
    TOO_MANY_POINTS = "too_many_points"
    TOO_MANY_VETOES = "too_many_vetoes"


@dataclass(frozen=True, slots=True)
class OwnWish:
    """A wish of one employee; a veto costs no points but one of the vetoes."""

    on: date
    kind: OwnKind
    shift: str | None
    points: int

    @property
    def spent(self) -> int:
        """Points of the allowance that it takes."""
        return 0 if self.kind is OwnKind.VETO else self.points


@dataclass(frozen=True, slots=True)
class Allowance:
    """Points and vetoes that each employee has in a period."""

    points: int
    vetoes: int

    def left(self, wishes: Collection[OwnWish]) -> "Allowance":
        """Return what is left beside some wishes; negative where a workbook brought more."""
        return Allowance(
            self.points - sum(wish.spent for wish in wishes),
            self.vetoes - sum(wish.kind is OwnKind.VETO for wish in wishes),
        )


@dataclass(frozen=True, slots=True)
class WishRules:
    """What a wish is judged by."""

    period: Period
    shifts: frozenset[str]
    allowance: Allowance
    absent: frozenset[date]
    locked: frozenset[date]
    """Dates on which a shift is locked for the employee."""


def window_state(opens: datetime, closes: datetime, now: datetime) -> WindowState:
    """Return whether wishes are taken at an instant; the closing instant is outside."""
    if now < opens:
        return WindowState.COMING
    return WindowState.OPEN if now < closes else WindowState.CLOSED


def wish_fault(wish: OwnWish, others: Collection[OwnWish], rules: WishRules) -> WishFault | None:
    """Return why a wish is not taken beside the others of the same person; None where it is."""
    left, veto = rules.allowance.left(others), wish.kind is OwnKind.VETO
    found = (
        (WishFault.OUTSIDE_PERIOD, not rules.period.start <= wish.on <= rules.period.end),
        (WishFault.SHIFT_OF_A_DAY_OFF, wish.kind.whole_day and wish.shift is not None),
        (WishFault.UNKNOWN_SHIFT, wish.shift is not None and wish.shift not in rules.shifts),
        (WishFault.NO_POINTS, not 1 <= wish.points <= MOST_POINTS),
        (WishFault.ABSENT, wish.on in rules.absent),
        (WishFault.LOCKED, veto and wish.on in rules.locked),
        (WishFault.TWICE, any(_clashes(wish, other) for other in others)),
        (WishFault.TOO_MANY_VETOES, veto and left.vetoes < 1),
        (WishFault.TOO_MANY_POINTS, wish.spent > max(left.points, 0)),
    )
    return next((fault for fault, holds in found if holds), None)


def _clashes(one: OwnWish, other: OwnWish) -> bool:
    """Tell whether two wishes are about the same: a day off, or any shift, is about the whole date."""
    return one.on == other.on and (one.shift is None or other.shift is None or one.shift == other.shift)


def veto_rule(employee: str, on: date) -> RuleSetting:
    """Return the line of the rule profile that makes a veto: no shift at all begins on the date."""
    return RuleSetting(
        rule=UnwantedPattern.key,
        level=Level.HARD,
        employee=employee,
        parameters=(("pattern", ANY),),
        valid_from=on,
        valid_to=on,
    )
