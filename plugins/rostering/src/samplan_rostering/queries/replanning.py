"""Re-planning a stored roster: what is new, what falls away, who could come instead, what a proposal does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.evaluation import Gap
from samplan_rostering.domain.explain.effect import CellChange, Effect
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.explain.news import USUAL_PRICES, News, applied, forced, with_news
from samplan_rostering.domain.explain.recommend import Recommendation, recommend
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.domain.ward_rules import rule_set
from samplan_rostering.models import Employee, Roster, RosterEdit, RosterPeriod
from samplan_rostering.queries.rosters.coverage import Need, coverage
from samplan_rostering.queries.rosters.judging import Judged, judged
from samplan_rostering.queries.rosters.stored import assignments, input_hash

MOST_SUGGESTIONS = 5
AROUND = 3
"""Days before and after the changes that old and new are shown side by side for."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a proposal was made for: the versions of a roster and its period, and the input."""

    version: int
    period_version: int
    input_hash: str

    def __str__(self) -> str:
        """Return it as one text, to be compared."""
        return f"{self.version}.{self.period_version}.{self.input_hash}"


@dataclass(frozen=True, slots=True)
class Situation:
    """A roster to be re-planned on a day, with what is new.

    Days count from the period's start. Cells before `first` stay; `told` are cells that people were told of
    when it was re-planned before. `lost` are the shifts that nobody can work any more.
    """

    found: Judged
    news: News
    now: WardData
    first: int
    today: int
    told: frozenset[tuple[str, int]]
    lost: tuple[CellChange, ...]
    mark: Mark

    @property
    def over(self) -> bool:
        """Whether the whole period lies in the past."""
        return self.first >= self.found.ward.period.days

    def base(self) -> tuple[Assignment, ...]:
        """Return the roster without what is lost."""
        return applied(self.found.cells, self.lost)

    def judge(self) -> Judge:
        """Return a judge of what is left, by the input with the news."""
        return Judge(self.now, self.base(), self.found.stands.guests, first=self.first)

    def wanted(self) -> Wanted:
        """Return the needs of lost shifts and new requirements that lack people, by what opens them."""
        places = {(change.day, change.before) for change in self.lost}
        places |= {(self.now.period.day_of(row.date), row.shift) for row in self.news.needs}
        guests = self.found.stands.guests
        before = {
            (need.day, need.shift, need.skill): need.missing
            for need in coverage(self.found.ward, self.found.cells, guests)
        }
        short = [
            ShortNeed(need, min(before.get((need.day, need.shift, need.skill), 0), need.missing))
            for need in coverage(self.now, self.base(), guests)
            if (need.day, need.shift) in places and need.missing and need.day >= self.first
        ]
        opened = tuple(need for need in short if need.opened)
        return Wanted(opened, tuple(need for need in short if not need.opened))


@dataclass(frozen=True, slots=True)
class ShortNeed:
    """A need with too few people; `already` of those missing were so before what is new."""

    need: Need
    already: int

    @property
    def opened(self) -> int:
        """How many are missing because of what is new."""
        return self.need.missing - self.already


@dataclass(frozen=True, slots=True)
class Wanted:
    """Needs that the news open, and those of the same shifts that lacked people already."""

    opened: tuple[ShortNeed, ...]
    already: tuple[ShortNeed, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A changed cell with its days of notice, whether that is `late` by the ward's rule, and its points."""

    cell: CellChange
    notice: int
    late: bool
    forced: bool
    told: bool
    price: int


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A person's shifts before and after by day, an empty text for a free day."""

    employee: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a proposal does: its changes, old and new side by side, effect, and who is still missing."""

    changes: tuple[ChangeLine, ...]
    days: range
    rows: tuple[SideBySide, ...]
    effect: Effect
    gaps: tuple[Gap, ...]
    notice_days: int

    @property
    def price(self) -> int:
        """Points of all changes."""
        return sum(line.price for line in self.changes)

    @property
    def late(self) -> int:
        """How many changes come with less notice than the rule asks for."""
        return sum(line.late for line in self.changes)


def situation(session: TenantSession, roster: Roster, news: News, today: date) -> Situation:
    """Return a roster's situation; raises `NotFound` for one that cannot be judged."""
    found = judged(session, roster)
    period = session.get_one(RosterPeriod, (session.tenant_id, roster.period_id))
    ward = found.ward
    day = ward.period.day_of(today)
    first = max(day, 0)
    return Situation(
        found=found,
        news=news,
        now=with_news(ward, news),
        first=first,
        today=day,
        told=frozenset(_told(session, roster, found.cells)),
        lost=forced(ward, news, found.cells, first),
        mark=Mark(roster.version, period.version, input_hash(ward)),
    )


def replacements(case: Situation, day: int, shift: str, skill: str | None) -> Recommendation:
    """Return who could come to a need, ranked; raises `UnknownError`."""
    return recommend(case.judge(), day, shift, skill, MOST_SUGGESTIONS)


def preview(case: Situation, changes: Collection[CellChange]) -> Preview:
    """Return what a proposal does, shifts that are lost included.

    Raises:
        ValueError: it changes what is over, or a cell from what the roster does not say.
    """
    every = tuple(sorted({*case.lost, *changes}))
    if any(not case.first <= change.day < case.now.period.days for change in every):
        raise ValueError("a change lies outside the days that may change")
    people = {person.code for person in case.now.employees}
    shifts = {"", *(kind.code for kind in case.now.shift_types)}
    if any(change.employee not in people or change.after not in shifts for change in every):
        raise ValueError("a change names what the ward has not")
    after = applied(case.found.cells, every)
    evaluation = evaluate_ward(case.now, after, case.found.stands.guests)
    chosen = tuple(change for change in every if change not in case.lost)
    notice = rule_set(case.now).notice
    late = {(b.employee, b.day) for b in notice.late(((c.employee, c.day) for c in every), case.today)}
    days = _shown_days(case, every)
    return Preview(
        changes=tuple(_line(case, c, notice.days, late=(c.employee, c.day) in late) for c in every),
        days=days,
        rows=tuple(_side_by_side(case.found.cells, after, days, every)),
        effect=case.judge().compare(chosen, evaluation),
        gaps=tuple(gap for gap in evaluation.gaps if gap.day >= case.first),
        notice_days=notice.days,
    )


def _line(case: Situation, change: CellChange, asked: int, *, late: bool) -> ChangeLine:
    told, lost = (change.employee, change.day) in case.told, change in case.lost
    notice = change.day - case.today
    price = 0 if lost else USUAL_PRICES.of(notice, asked, told)
    return ChangeLine(change, notice, late, lost, told, price)


def _shown_days(case: Situation, changes: Collection[CellChange]) -> range:
    days = [change.day for change in changes] or [min(case.first, case.now.period.days - 1)]
    return range(max(min(days) - AROUND, 0), min(max(days) + AROUND + 1, case.now.period.days))


def _side_by_side(
    before: Iterable[Assignment], after: Iterable[Assignment], days: range, changes: Iterable[CellChange]
) -> Iterator[SideBySide]:
    old, new = ({(c.employee, c.day): c.shift for c in cells} for cells in (before, after))
    for employee in sorted({change.employee for change in changes}):
        yield SideBySide(
            employee,
            tuple(old.get((employee, day), "") for day in days),
            tuple(new.get((employee, day), "") for day in days),
        )


def _told(session: TenantSession, roster: Roster, cells: Iterable[Assignment]) -> Iterator[tuple[str, int]]:
    """Yield the cells that people were told of: what this roster changed when it was re-planned."""
    if roster.based_on_id is not None:
        former = session.get_one(Roster, (session.tenant_id, roster.based_on_id))
        old, new = set(assignments(session, former)), set(cells)
        yield from ((cell.employee, cell.day) for cell in old ^ new)
        yield from _told(session, former, old)
    yield from _told_by_hand(session, roster)


def _told_by_hand(session: TenantSession, roster: Roster) -> Iterator[tuple[str, int]]:
    """Yield the cells that were changed by hand after the roster was published."""
    period = session.get_one(RosterPeriod, (session.tenant_id, roster.period_id))
    own = RosterEdit.roster_id == roster.id, RosterEdit.after_publication
    changes = [change for edit in session.scalars(select(RosterEdit).where(*own)) for change in edit.changes]
    people = select(Employee.id, Employee.code).where(
        Employee.id.in_({UUID(change["employee"]) for change in changes})
    )
    codes = dict(session.execute(people).all())
    for change in changes:
        day = (date.fromisoformat(change["date"]) - period.start_date).days
        yield codes[UUID(change["employee"])], day
