"""When shifts happen, as aware datetimes; used by the evaluation only."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from samplan_rostering.domain.ward import ShiftKind, ShiftType, WardData

Interval = tuple[datetime, datetime]
"""Begin and end in UTC, so that differences are real time over both clock changes."""

MIDNIGHT = time(0, 0)


class Timeline:
    """Places shifts and clock times of a ward in real time."""

    def __init__(self, ward: WardData) -> None:
        self._period = ward.period
        self._zone = ZoneInfo(ward.unit.timezone)
        self._types: dict[str, ShiftType] = {shift.code: shift for shift in ward.shift_types}
        self._instants: dict[tuple[int, time], datetime] = {}
        self._intervals: dict[tuple[int, str], Interval] = {}
        self._parts: dict[tuple[int, str], tuple[datetime, datetime, datetime, datetime]] = {}
        self._nominal: dict[str, int] = {}

    def instant(self, day: int, clock: time) -> datetime:
        """Return the instant of a local time on a day counted from the period's start."""
        known = self._instants.get((day, clock))
        if known is None:
            known = local_instant(self._period.date_of(day), clock, self._zone)
            self._instants[day, clock] = known
        return known

    def interval(self, day: int, shift: str) -> Interval:
        """Return from when to when a shift is that begins on a day, standby included."""
        known = self._intervals.get((day, shift))
        if known is None:
            kind = self._types[shift]
            last = day + (kind.end <= kind.start)
            known = self.instant(day, kind.start), self.instant(last, kind.end)
            self._intervals[day, shift] = known
        return known

    def ordinary(self, day: int, shift: str) -> Interval:
        """Return the ordinary work of a shift; begin and end are one where it has none."""
        begin, on_call, _standby, _end = self._bounds(day, shift)
        return begin, on_call

    def on_call(self, day: int, shift: str) -> Interval:
        """Return the on-call duty of a shift, likewise."""
        _begin, on_call, standby, _end = self._bounds(day, shift)
        return on_call, standby

    def work(self, day: int, shift: str) -> Interval:
        """Return when there is work, ordinary or on call, likewise."""
        begin, _on_call, standby, _end = self._bounds(day, shift)
        return begin, standby

    def _bounds(self, day: int, shift: str) -> tuple[datetime, datetime, datetime, datetime]:
        """Return when a shift begins, when on-call duty and standby take over, and when it ends."""
        known = self._parts.get((day, shift))
        if known is None:
            kind = self._types[shift]
            begin, end = self.interval(day, shift)
            on = self._period.date_of(day + (kind.end <= kind.start))
            clock = datetime.combine(on, kind.end)

            def before_end(tail: int) -> datetime:
                local = clock - timedelta(minutes=tail)
                return min(max(local_instant(local.date(), local.time(), self._zone), begin), end)

            standby = before_end(kind.standby_minutes) if kind.standby_minutes else end
            tail = kind.on_call_minutes + kind.standby_minutes
            on_call = min(before_end(tail), standby) if kind.on_call_minutes else standby
            known = self._parts[day, shift] = begin, on_call, standby, end
        return known

    def days_touched(self, day: int, shift: str) -> tuple[int, ...]:
        """Return the days on which some of the shift is worked; ending at midnight touches no new day."""
        kind = self._types[shift]
        return (day, day + 1) if kind.end <= kind.start and kind.end != MIDNIGHT else (day,)

    def meets(self, day: int, shift: str, other: int, start: time, end: time) -> bool:
        """Tell whether a shift reaches into a part of a day; an end at midnight is the end of that day."""
        begin, ends = self.interval(day, shift)
        return begin < self.instant(other + (end == MIDNIGHT), end) and self.instant(other, start) < ends

    def type_of(self, shift: str) -> ShiftType:
        """Return the type of a shift."""
        return self._types[shift]

    def is_night(self, shift: str | None) -> bool:
        """Tell whether rules on nights apply to the shift; None is no shift, and standby no work."""
        return shift is not None and self._types[shift].kind is ShiftKind.NIGHT and self.is_work(shift)

    def is_work(self, shift: str) -> bool:
        """Tell whether there is more in a shift than standby."""
        return self._types[shift].standby_minutes < self.nominal_minutes(shift)

    def is_ordinary(self, shift: str) -> bool:
        """Tell whether some of a shift is ordinary work."""
        kind = self._types[shift]
        return kind.on_call_minutes + kind.standby_minutes < self.nominal_minutes(shift)

    def nominal_minutes(self, shift: str) -> int:
        """Return the length of a shift by the clock, on a day without a clock change."""
        if shift not in self._nominal:
            kind = self._types[shift]
            days = timedelta(days=int(kind.end <= kind.start))
            begin, end = (datetime.combine(self._period.start, at) for at in (kind.start, kind.end))
            self._nominal[shift] = minutes(end + days - begin)
        return self._nominal[shift]

    def paid_minutes(self, day: int, shift: str) -> int:
        """Return what the shift counts; the hour that a clock change gives or takes is added."""
        begin, end = self.ordinary(day, shift)
        kind = self._types[shift]
        usual = self.nominal_minutes(shift) - kind.on_call_minutes - kind.standby_minutes
        return kind.paid_minutes + minutes(end - begin) - usual

    def on_call_minutes(self, day: int, shift: str) -> int:
        """Return how long the on-call duty of a shift is."""
        begin, end = self.on_call(day, shift)
        return minutes(end - begin)

    def standby_minutes(self, day: int, shift: str) -> int:
        """Return how long the standby of a shift is."""
        _begin, _on_call, standby, end = self._bounds(day, shift)
        return minutes(end - standby)


@lru_cache(maxsize=65_536)
def local_instant(on: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, of a local time on a date."""
    return datetime.combine(on, clock, zone).astimezone(UTC)


def minutes(length: timedelta) -> int:
    """Return a length of time in whole minutes."""
    return length.days * 1440 + length.seconds // 60


def longest_rest(window: Interval, work: list[Interval]) -> int:
    """Return the longest stretch of a window, in minutes, in which none of the work falls."""
    free_from, best = window[0], timedelta(0)
    for begin, end in sorted(work):
        if end <= window[0] or begin >= window[1]:
            continue
        best = max(best, begin - free_from)
        free_from = max(free_from, end)
    return minutes(max(best, window[1] - free_from))
