"""Disturbed standby, and the rest that it asks for (AB § 13 mom. 8); pure.

What is worked in standby is entered as a shift beside the rostered one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from samplan_rostering.domain.outcome import Work, WorkKind, beside, duty_intervals, shared
from samplan_rostering.domain.timeline import Interval, local_instant, longest_rest, minutes

DAILY_REST = 660
"""Minutes of rest in each 24 hours (AB § 13)."""
SOURCE = "AB13-BE"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RestOwed:
    """Daily rest that was lost in standby, and what the next work leaves of the time after it; minutes.

    The standby ended at `ends`. `limit` is the daily rest with what is to be made good; `rest` is None while
    no work is known after it.
    """

    on: date
    worked: int
    missing: int
    ends: datetime
    rest: int | None
    limit: int = DAILY_REST

    @property
    def state(self) -> str:
        """`broken` where the next work begins too soon, `open` where none is known yet, `kept` otherwise."""
        if self.rest is None:
            return "open"
        return "broken" if self.rest < self.limit else "kept"

    @property
    def earliest(self) -> datetime:
        """When work may begin again."""
        return self.ends + timedelta(minutes=self.limit)


def rests_owed(
    works: Iterable[Work], ahead: Iterable[Work], day_break: time, zone: ZoneInfo
) -> list[RestOwed]:
    """Return what one person's disturbed standby asks for; `ahead` is rostered and not entered yet.

    Standby that goes straight on between shifts is one period. Rest is lost in each of the employee's own 24
    hours, as far as it would have been there without the disturbance, and is made good together with the
    daily rest after the end of the period.
    """
    known = [work for work in works if work.begin is not None and work.kind is not WorkKind.ABSENCE]
    known += [work for work in ahead if work.begin is not None]
    known.sort(key=lambda work: (work.begin.timestamp() if work.begin else 0, work.on))
    found = []
    for period in _periods(known):
        disturbing = [span for work in known if (span := beside(work)) and _touches(period, span)]
        worked = sum(shared(standby, span) for _work, standby in period for span in disturbing)
        missing = sum(_lost(known, disturbing, period, day_break, zone)) if worked else 0
        if missing:
            last, standby = period[-1]
            rest = _until_work(known, standby[1])
            found.append(RestOwed(last.on, worked, missing, standby[1], rest, DAILY_REST + missing))
    return found


Period = Sequence[tuple[Work, Interval]]


def _touches(period: Period, span: Interval) -> bool:
    return any(shared(standby, span) for _work, standby in period)


def _periods(known: Sequence[Work]) -> Iterator[Period]:
    """Yield standby that goes straight on, as shifts with their standby."""
    open_: list[tuple[Work, Interval]] = []
    for work in known:
        duty = duty_intervals(work)
        if duty is None or not work.standby:
            continue
        if open_ and work.begin != open_[-1][1][1]:
            yield open_
            open_ = []
        open_.append((work, duty[1]))
    if open_:
        yield open_


def _lost(
    known: Sequence[Work],
    disturbing: Sequence[Interval],
    period: Period,
    day_break: time,
    zone: ZoneInfo,
) -> Iterator[int]:
    """Yield the minutes of daily rest that each of the own 24 hours has lost."""
    planned = [(work.begin, duty[0][1] if (duty := duty_intervals(work)) else work.end) for work in known]
    whole = [(begin, end) for begin, end in planned if begin is not None and end is not None]
    usual = [span for span in whole if span not in disturbing]
    on = period[0][1][0].astimezone(zone).date() - _DAY
    while local_instant(on, day_break, zone) < period[-1][1][1]:
        window = local_instant(on, day_break, zone), local_instant(on + _DAY, day_break, zone)
        had, has = longest_rest(window, usual), longest_rest(window, whole)
        yield max(min(had, DAILY_REST) - has, 0)
        on += _DAY


def _until_work(known: Sequence[Work], ends: datetime) -> int | None:
    """Return how long after an instant the next work begins; standby alone is none."""
    begins = [
        work.begin
        for work in known
        if work.begin is not None and work.begin >= ends and (work.paid or work.on_call)
    ]
    return minutes(min(begins) - ends) if begins else None
