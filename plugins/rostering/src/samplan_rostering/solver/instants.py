"""Local clock times as instants, in whole minutes since 1970 UTC."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from samplan_rostering.domain.ward import WardData

Span = tuple[int, int]
"""Start and end of a piece of work or rest; the end is not part of it."""


class WardClock:
    """Turns the days and shifts of a ward into instants, over both clock changes."""

    def __init__(self, ward: WardData) -> None:
        self._period = ward.period
        self._shifts = ward.shift_types
        self._zone = ZoneInfo(ward.unit.timezone)
        self._spans: dict[tuple[int, int], Span] = {}
        self._turns: dict[tuple[int, int], tuple[int, int]] = {}
        self._paid: dict[tuple[int, int], int] = {}

    def at(self, day: int, clock: time) -> int:
        """Return the instant of a local time on a day of the period (negative: before it)."""
        local = datetime.combine(self._period.date_of(day), clock, tzinfo=self._zone)
        return int(local.timestamp()) // 60

    def span(self, day: int, shift: int) -> Span:
        """Return when a shift that starts on a day begins and ends."""
        key = (day, shift)
        if key not in self._spans:
            kind = self._shifts[shift]
            next_day = day + 1 if kind.end <= kind.start else day
            self._spans[key] = (self.at(day, kind.start), self.at(next_day, kind.end))
        return self._spans[key]

    def work(self, day: int, shift: int) -> Span:
        """Return when a shift has work, ordinary or on call; an empty span for nothing but standby."""
        return self.span(day, shift)[0], self._turn(day, shift)[1]

    def ordinary(self, day: int, shift: int) -> Span:
        """Return when a shift has ordinary work, likewise."""
        return self.span(day, shift)[0], self._turn(day, shift)[0]

    def on_call(self, day: int, shift: int) -> Span:
        """Return when a shift is on-call duty, likewise."""
        return self._turn(day, shift)

    def on_call_minutes(self, day: int, shift: int) -> int:
        """Return how long the on-call duty of a shift is."""
        start, end = self._turn(day, shift)
        return end - start

    def standby_minutes(self, day: int, shift: int) -> int:
        """Return how long the standby of a shift is."""
        return self.span(day, shift)[1] - self._turn(day, shift)[1]

    def _turn(self, day: int, shift: int) -> tuple[int, int]:
        """Return when ordinary work ends and when all work ends: clock times counted back from the end."""
        key = (day, shift)
        if key not in self._turns:
            start, end = self.span(day, shift)
            kind = self._shifts[shift]
            last = day + 1 if kind.end <= kind.start else day
            turns = []
            for tail in (kind.on_call_minutes + kind.standby_minutes, kind.standby_minutes):
                before, clock = divmod(_minute(kind.end) - tail, 24 * 60)
                turn = self.at(last + before, time(*divmod(clock, 60))) if tail else end
                turns.append(min(max(turn, start), end))
            self._turns[key] = min(turns), turns[1]
        return self._turns[key]

    def paid_minutes(self, day: int, shift: int) -> int:
        """Return what a shift counts against the contract; a clock change adds or takes its hour."""
        key = (day, shift)
        if key not in self._paid:
            start, end = self.ordinary(day, shift)
            ordinary = end - start - self.ordinary_minutes(shift)
            self._paid[key] = self._shifts[shift].paid_minutes + ordinary
        return self._paid[key]

    def ordinary_minutes(self, shift: int) -> int:
        """Return how much of a shift by the clock is neither on-call duty nor standby."""
        kind = self._shifts[shift]
        return self.nominal_minutes(shift) - kind.on_call_minutes - kind.standby_minutes

    def nominal_minutes(self, shift: int) -> int:
        """Return the length of a shift by the clock, on a day without a clock change."""
        kind = self._shifts[shift]
        on_the_clock = _minute(kind.end) - _minute(kind.start)
        return on_the_clock + (24 * 60 if kind.end <= kind.start else 0)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
