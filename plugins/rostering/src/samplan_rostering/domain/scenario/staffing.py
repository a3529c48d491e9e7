"""Changes of what is needed: other numbers, and tasks that move from one competence to another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, TypeVar

from samplan_rostering.domain.faults import Expected
from samplan_rostering.domain.scenario.base import Change, Trouble, half_up, one_of
from samplan_rostering.domain.scenario.readers import Code, Codes, Weekdays, Whole, holds, must_hold
from samplan_rostering.domain.ward import DatedRequirement, WardData, WeeklyRequirement

Row = TypeVar("Row", WeeklyRequirement, DatedRequirement)
MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing(Change):
    """Other numbers where people are needed: by per cent, by people more or fewer, or the numbers themselves.

    What is chosen nowhere means all. Halves are rounded upwards; minimum, target and maximum stay in order.
    """

    kind: ClassVar[str] = "staffing"
    shifts: tuple[str, ...] = holds(Codes("shifts"), ())
    skills: tuple[str, ...] = holds(Codes("skills"), ())
    weekdays: tuple[int, ...] = holds(Weekdays(), ())
    percent: int | None = holds(Whole(0, 1000))
    add: int | None = holds(Whole(-50, 50))
    minimum: int | None = holds(Whole(0, MOST))
    target: int | None = holds(Whole(0, MOST))
    maximum: int | None = holds(Whole(0, MOST))

    def troubles(self, ward: WardData) -> Iterator[Trouble]:
        """Refuse a change of nothing, numbers out of order, and a choice that fits no requirement."""
        yield from one_of(self, "percent", "add", "minimum", "target", "maximum")
        numbers = [number for number in (self.minimum, self.target, self.maximum) if number is not None]
        if numbers != sorted(numbers):
            yield Trouble("minimum", ", ".join(map(str, numbers)), Expected.ORDERED)
        rows: tuple[WeeklyRequirement | DatedRequirement, ...] = (
            *ward.weekly_requirements,
            *ward.dated_requirements,
        )
        if not self._adds and not any(self._fits(row) for row in rows):
            yield Trouble("shifts", ", ".join((*self.shifts, *self.skills)), Expected.MATCHES)

    def apply(self, ward: WardData) -> WardData:
        """Change the rows that fit, and add those that are asked for and not there."""
        weekly = [self._changed(row) if self._fits(row) else row for row in ward.weekly_requirements]
        there = {(row.weekday, row.shift, row.skill) for row in weekly}
        if self._adds:
            weekly += [row for row in self._wanted() if (row.weekday, row.shift, row.skill) not in there]
        return replace(
            ward,
            weekly_requirements=tuple(weekly),
            dated_requirements=tuple(
                self._changed(row) if self._fits(row) else row for row in ward.dated_requirements
            ),
        )

    @property
    def _adds(self) -> bool:
        """Whether the change says what is needed where nothing was: shifts with numbers of their own."""
        return bool(self.shifts and self.skills) and self.target is not None

    def _wanted(self) -> Iterator[WeeklyRequirement]:
        target = self.target or 0
        for weekday in self.weekdays or range(7):
            for shift in self.shifts:
                for skill in self.skills:
                    minimum = target if self.minimum is None else self.minimum
                    yield WeeklyRequirement(weekday, shift, skill, minimum, target, self.maximum)

    def _fits(self, row: WeeklyRequirement | DatedRequirement) -> bool:
        return (
            (not self.shifts or row.shift in self.shifts)
            and (not self.skills or row.skill in self.skills)
            and (not self.weekdays or weekday_of(row) in self.weekdays)
        )

    def _changed(self, row: Row) -> Row:
        minimum, target, maximum = (
            None if number is None else self._scaled(number)
            for number in (row.minimum, row.target, row.maximum)
        )
        if self.maximum is not None:
            maximum = self.maximum
        target = self.target if self.target is not None else target or 0
        if self.minimum is not None:
            minimum = self.minimum
            target = target if self.target is not None else max(target, minimum)
        else:
            minimum = min(minimum or 0, target)
        maximum = None if maximum is None else max(maximum, target)
        return replace(row, minimum=min(minimum, target), target=target, maximum=maximum)

    def _scaled(self, number: int) -> int:
        scaled = number if self.percent is None else half_up(number * self.percent, 100)
        return max(scaled + (self.add or 0), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskShift(Change):
    """Tasks move from one competence to another: so many people of what is needed, or so many per cent."""

    kind: ClassVar[str] = "task_shift"
    from_skill: str = must_hold(Code("skills"))
    to_skill: str = must_hold(Code("skills"))
    percent: int | None = holds(Whole(1, 100))
    count: int | None = holds(Whole(1, 50))
    shifts: tuple[str, ...] = holds(Codes("shifts"), ())
    weekdays: tuple[int, ...] = holds(Weekdays(), ())

    def troubles(self, ward: WardData) -> Iterator[Trouble]:
        """Refuse moving to the same competence, moving nothing, and a choice that fits no requirement."""
        yield from one_of(self, "percent", "count")
        if self.from_skill == self.to_skill:
            yield Trouble("to_skill", self.to_skill, Expected.OTHER, {"other": self.from_skill})
        rows: tuple[WeeklyRequirement | DatedRequirement, ...] = (
            *ward.weekly_requirements,
            *ward.dated_requirements,
        )
        if not any(self._fits(row) for row in rows):
            yield Trouble("from_skill", self.from_skill, Expected.MATCHES)

    def apply(self, ward: WardData) -> WardData:
        """Move people from row to row; a row that is not there is added."""
        weekly = {(row.weekday, row.shift, row.skill): row for row in ward.weekly_requirements}
        dated = {(row.date, row.shift, row.skill): row for row in ward.dated_requirements}
        new_dated = dict(dated)
        for on, shift in self._dates(ward):
            source = dated.get((on, shift, self.from_skill)) or _on(weekly, on, shift, self.from_skill)
            if source is not None and self._fits(source):
                target = dated.get((on, shift, self.to_skill)) or _on(weekly, on, shift, self.to_skill)
                less, more = self._moved(source, target)
                new_dated[on, shift, self.from_skill] = DatedRequirement(on, shift, self.from_skill, *less)
                new_dated[on, shift, self.to_skill] = DatedRequirement(on, shift, self.to_skill, *more)
        new_weekly = dict(weekly)
        for (weekday, shift, skill), row in weekly.items():
            if skill == self.from_skill and self._fits(row):
                less, more = self._moved(row, weekly.get((weekday, shift, self.to_skill)))
                new_weekly[weekday, shift, skill] = WeeklyRequirement(weekday, shift, skill, *less)
                new_weekly[weekday, shift, self.to_skill] = WeeklyRequirement(
                    weekday, shift, self.to_skill, *more
                )
        return replace(
            ward,
            weekly_requirements=tuple(new_weekly.values()),
            dated_requirements=tuple(new_dated.values()),
        )

    def _dates(self, ward: WardData) -> Iterable[tuple[date, str]]:
        """Return the dates and shifts that have an exception of either competence."""
        either = (self.from_skill, self.to_skill)
        return sorted({(row.date, row.shift) for row in ward.dated_requirements if row.skill in either})

    def _fits(self, row: WeeklyRequirement | DatedRequirement) -> bool:
        return (
            row.skill == self.from_skill
            and (not self.shifts or row.shift in self.shifts)
            and (not self.weekdays or weekday_of(row) in self.weekdays)
        )

    def _moved(
        self,
        source: WeeklyRequirement | DatedRequirement,
        target: WeeklyRequirement | DatedRequirement | None,
    ) -> tuple[tuple[int, int, int | None], tuple[int, int, int | None]]:
        """Return the numbers of the row that people leave and of the one that they come to."""
        wanted = half_up(source.target * (self.percent or 0), 100) if self.count is None else self.count
        moved = min(wanted, source.target)
        needed = min(moved, source.minimum)
        left = source.target - moved
        less = source.minimum - needed, left, _shifted(source.maximum, -moved, left)
        if target is None:
            return less, (needed, moved, None)
        gained = target.target + moved
        return less, (target.minimum + needed, gained, _shifted(target.maximum, moved, gained))


def weekday_of(row: WeeklyRequirement | DatedRequirement) -> int:
    """Return the weekday of a requirement, 0 is Monday."""
    return row.weekday if isinstance(row, WeeklyRequirement) else row.date.weekday()


def _on(
    weekly: dict[tuple[int, str, str | None], WeeklyRequirement], on: date, shift: str, skill: str
) -> WeeklyRequirement | None:
    return weekly.get((on.weekday(), shift, skill))


def _shifted(maximum: int | None, by: int, least: int) -> int | None:
    return None if maximum is None else max(maximum + by, least)
