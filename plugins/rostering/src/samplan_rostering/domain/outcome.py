"""Worked time as it turned out: ordinary, additional and overtime, its limits, and what is carried on; pure.

Arbetstidslagen: overtime is work beyond the ordinary hours of full time (7 §), additional time (mertid) what
part-timers work beyond their contract up to there (10 §). Here the ordinary hours of full time are those of
the contract's full-time week, in the calendar week of the shift.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.domain.timeline import Interval, minutes
from samplan_rostering.domain.unsocial import UnsocialClass, unsocial_minutes
from samplan_rostering.domain.ward import Contract

WEEKS_LIMIT = 48 * 60  # ATL 8 §: in four weeks
MONTH_LIMIT = 50 * 60  # ATL 8 §: in a calendar month, instead
YEAR_LIMIT = 200 * 60  # ATL 8 and 10 §§: in a calendar year
NEAR = 80
"""Per cent of a limit from which it is said to be near."""

ContractOn = Callable[[date], Contract | None]


class WorkKind(StrEnum):
    """How a date turned out.

    PLANNED: as rostered. CHANGED: other times, some of them perhaps beyond the ordinary hours. EXTRA: a shift
    beyond the roster. OVERTIME: one that is overtime whatever the week's hours. ABSENCE: not worked.
    """

    PLANNED = "planned"
    CHANGED = "changed"
    EXTRA = "extra"
    OVERTIME = "overtime"
    ABSENCE = "absence"


class Work(NamedTuple):  # thousands are made for a page, several times as fast as frozen dataclasses are
    """What one person did on one date; `extra` are the paid minutes beyond the ordinary hours.

    `begin` and `end` are those of work beside on-call duty and standby, which follow it.
    """

    employee: str
    on: date
    kind: WorkKind
    begin: datetime | None = None
    end: datetime | None = None
    paid: int = 0
    extra: int = 0
    night: bool = False
    on_call: int = 0
    standby: int = 0

    @property
    def unpaid(self) -> int:
        """Minutes of the time present that are not paid: breaks."""
        if self.begin is None or self.end is None:
            return 0
        return max(0, minutes(self.end - self.begin) - self.paid)


@dataclass(frozen=True, slots=True)
class Extra:
    """Minutes beyond the ordinary hours of one date."""

    on: date
    additional: int = 0
    overtime: int = 0


def split_extra(works: Iterable[Work], contract_on: ContractOn) -> list[Extra]:
    """Return one person's additional time and overtime by date, in order.

    `works` holds whole calendar weeks. Who works full time has no additional time; who has no contract on the
    date has neither. What is beyond the contract is additional time until the week's hours are those of full
    time, and overtime beyond that.
    """
    weeks: dict[date, list[Work]] = defaultdict(list)
    for work in works:
        weeks[work.on - timedelta(days=work.on.weekday())].append(work)
    return [extra for monday in sorted(weeks) for extra in _of_week(weeks[monday], contract_on)]


def _of_week(works: list[Work], contract_on: ContractOn) -> Iterator[Extra]:
    used = sum(work.paid - work.extra for work in works)
    for work in sorted(works, key=lambda work: (work.on, work.begin is not None and work.begin.timestamp())):
        contract = contract_on(work.on)
        if not work.extra or contract is None:
            continue
        room = contract.fulltime_week_minutes - used if contract.percentage < 100 else 0
        additional = 0 if work.kind is WorkKind.OVERTIME else min(work.extra, max(0, room))
        used += work.extra
        yield Extra(work.on, additional, work.extra - additional)


class LimitKind(StrEnum):
    """The limits of Arbetstidslagen on work beyond the ordinary hours."""

    OVERTIME_WEEKS = "overtime_weeks"
    OVERTIME_MONTH = "overtime_month"
    OVERTIME_YEAR = "overtime_year"
    ADDITIONAL_YEAR = "additional_year"


@dataclass(frozen=True, slots=True)
class LimitUse:
    """How much of a limit is used, at most, in a stretch of dates; minutes."""

    kind: LimitKind
    used: int
    limit: int
    first: date
    last: date

    @property
    def state(self) -> str:
        """`over`, `near` or `ok`."""
        if self.used > self.limit:
            return "over"
        return "near" if 100 * self.used >= NEAR * self.limit else "ok"


def limits(extras: Sequence[Extra], first: date, last: date, *, by_month: bool = True) -> list[LimitUse]:
    """Return how one person's limits are used by what falls in or leads up to some dates.

    Overtime is held against 50 h in a calendar month, or else against 48 h in four weeks: the employer goes
    by one of them (Arbetstidslagen 8 §). `extras` reach back to the start of the year and four weeks.
    """
    uses = list(_months(extras, first, last)) if by_month else [_weeks(extras, first, last)]
    for year in range(first.year, last.year + 1):
        whole = date(year, 1, 1), date(year, 12, 31)
        within = [extra for extra in extras if whole[0] <= extra.on <= min(whole[1], last)]
        overtime, additional = sum(e.overtime for e in within), sum(e.additional for e in within)
        uses.append(LimitUse(LimitKind.OVERTIME_YEAR, overtime, YEAR_LIMIT, *whole))
        uses.append(LimitUse(LimitKind.ADDITIONAL_YEAR, additional, YEAR_LIMIT, *whole))
    return uses


def _weeks(extras: Sequence[Extra], first: date, last: date) -> LimitUse:
    ends = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    uses = [
        LimitUse(
            LimitKind.OVERTIME_WEEKS,
            sum(extra.overtime for extra in extras if end - timedelta(days=27) <= extra.on <= end),
            WEEKS_LIMIT,
            end - timedelta(days=27),
            end,
        )
        for end in ends
    ]
    return max(uses, key=lambda use: use.used)


def _months(extras: Sequence[Extra], first: date, last: date) -> Iterator[LimitUse]:
    start = first.replace(day=1)
    while start <= last:
        following = (start + timedelta(days=31)).replace(day=1)
        end = following - timedelta(days=1)
        used = sum(extra.overtime for extra in extras if start <= extra.on <= end)
        yield LimitUse(LimitKind.OVERTIME_MONTH, used, MONTH_LIMIT, start, end)
        start = following


def duty_intervals(work: Work) -> tuple[Interval, Interval] | None:
    """Return when a shift was on-call duty and when standby, empty or not; None without either."""
    if work.end is None or not (work.on_call or work.standby):
        return None
    turn = work.end + timedelta(minutes=work.on_call)
    return (work.end, turn), (turn, turn + timedelta(minutes=work.standby))


def worked_in_duty(works: Iterable[Work]) -> tuple[int, int]:
    """Return how many minutes of one person's on-call duty, and of the standby, were worked."""
    known = list(works)
    duties = [duty for work in known if (duty := duty_intervals(work)) is not None]
    spans = [span for work in known if (span := beside(work)) is not None]
    totals = [sum(shared(duty[part], span) for duty in duties for span in spans) for part in (0, 1)]
    return totals[0], totals[1]


def beside(work: Work) -> Interval | None:
    """Return when a shift beside the rostered one was worked."""
    if work.kind not in {WorkKind.EXTRA, WorkKind.OVERTIME} or work.begin is None or work.end is None:
        return None
    return work.begin, work.end


def shared(one: Interval, two: Interval) -> int:
    """Return how many minutes two stretches of time have in common."""
    return max(minutes(min(one[1], two[1]) - max(one[0], two[0])), 0)


@dataclass(frozen=True, slots=True)
class Account:
    """What some worked time comes to: minutes, and counts of nights, weekends and holidays worked."""

    worked: int = 0
    additional: int = 0
    overtime: int = 0
    absences: int = 0
    nights: int = 0
    weekends: int = 0
    holidays: int = 0
    on_call: int = 0
    standby: int = 0
    unsocial: Mapping[UnsocialClass, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def ordinary(self) -> int:
        """Minutes that are neither additional time nor overtime."""
        return self.worked - self.additional - self.overtime


def _weekends(dates: Collection[date]) -> int:
    return len({on - timedelta(days=on.weekday() - 5) for on in dates if on.weekday() > 4})


def _holidays(dates: Collection[date]) -> int:
    return sum(public_holiday(on) is not None for on in dates)


def planned_account(dates: Collection[date], paid: int, nights: int, duty: tuple[int, int]) -> Account:
    """Return what one person's shifts come to as they are planned, by their dates and sums.

    `duty` are minutes of on-call duty and of standby. Unsocial hours are counted of worked time alone.
    """
    weekends, holidays = _weekends(dates), _holidays(dates)
    return Account(paid, 0, 0, 0, nights, weekends, holidays, *duty)


def account(works: Iterable[Work], extras: Iterable[Extra], zone: ZoneInfo) -> Account:
    """Return what one person's worked time comes to; weekends are counted by their Saturday or Sunday.

    What is worked during on-call duty or standby is neither (Arbetstidslagen 6 §).
    """
    works = list(works)
    present = [work for work in works if work.kind is not WorkKind.ABSENCE]
    absences = {work.on for work in works if work.kind is WorkKind.ABSENCE}
    unsocial: dict[UnsocialClass, int] = defaultdict(int)
    for work in present:
        if work.begin is not None and work.end is not None:
            for kind, amount in unsocial_minutes(work.begin, work.end, work.unpaid, zone).items():
                unsocial[kind] += amount
    extras = list(extras)
    dates = {work.on for work in present}
    on_call, standby = worked_in_duty(present)
    return Account(
        worked=sum(work.paid for work in present),
        additional=sum(extra.additional for extra in extras),
        overtime=sum(extra.overtime for extra in extras),
        absences=len(absences - dates),
        nights=sum(work.night for work in present),
        weekends=_weekends(dates),
        holidays=_holidays(dates),
        on_call=sum(work.on_call for work in present) - on_call,
        standby=sum(work.standby for work in present) - standby,
        unsocial={kind: unsocial[kind] for kind in UnsocialClass if unsocial[kind]},
    )


def shares(counts: Mapping[str, int], weights: Mapping[str, int]) -> Mapping[str, int]:
    """Return how many more, or less, than an even share by weight each one has, rounded to whole units."""
    total, weight = sum(counts.values()), sum(weights.values())
    if not weight:
        return dict.fromkeys(counts, 0)
    return {code: count - round(total * weights[code] / weight) for code, count in counts.items()}
