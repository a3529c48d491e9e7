"""Local clock times as instants, in whole minutes since 1970 UTC."""

from datetime import datetime, time, timedelta
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

    def paid_minutes(self, day: int, shift: int) -> int:
        """Return what a shift counts against the contract; a clock change adds or takes its hour."""
        start, end = self.span(day, shift)
        return self._shifts[shift].paid_minutes + (end - start) - self.nominal_minutes(shift)

    def nominal_minutes(self, shift: int) -> int:
        """Return the length of a shift by the clock, on a day without a clock change."""
        kind = self._shifts[shift]
        on_the_clock = _minute(kind.end) - _minute(kind.start)
        return on_the_clock + (24 * 60 if kind.end <= kind.start else 0)


def _minute(clock: time) -> int:
    return int(timedelta(hours=clock.hour, minutes=clock.minute).total_seconds()) // 60
