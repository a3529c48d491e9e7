"""Changes of shift types: other times, new ones, and shifts that take the place of others."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, ClassVar

from samplan_rostering.domain.faults import Expected
from samplan_rostering.domain.scenario.base import Change, Trouble
from samplan_rostering.domain.scenario.readers import (
    Choice,
    Clock,
    Code,
    Codes,
    Text,
    Whole,
    holds,
    must_hold,
)
from samplan_rostering.domain.validation import minutes_allowed, ordinary_minutes
from samplan_rostering.domain.ward import (
    DatedRequirement,
    ShiftKind,
    ShiftType,
    WardData,
    WeeklyRequirement,
)

_MINUTES = ("break_minutes", "paid_minutes", "on_call_minutes", "standby_minutes")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftChange(Change):
    """A shift type with other times or another length; with a code that is not there, a new one.

    Where the times change and the paid minutes are not given, the paid time changes by as much as the shift.
    """

    kind: ClassVar[str] = "shift_type"
    code: str = must_hold(Text(20))
    name: str | None = holds(Text(60))
    part: str | None = holds(Choice(tuple(kind.value for kind in ShiftKind)))
    start: time | None = holds(Clock())
    end: time | None = holds(Clock())
    break_minutes: int | None = holds(Whole(0, 600))
    paid_minutes: int | None = holds(Whole(0, 1440))
    on_call_minutes: int | None = holds(Whole(0, 1440))
    standby_minutes: int | None = holds(Whole(0, 1440))

    def troubles(self, ward: WardData) -> Iterator[Trouble]:
        """Refuse a new shift type without its times, and one that is paid for no time."""
        old = self._old(ward)
        if old is None:
            for name in ("part", "start", "end"):
                if getattr(self, name) is None:
                    yield Trouble(name, "", Expected.GIVEN)
        if old is not None or None not in (self.part, self.start, self.end):
            new = self._new(ward)
            for name, (low, high) in minutes_allowed(new).items():
                minutes = getattr(new, name)
                if not low <= minutes <= high:
                    yield Trouble(name, str(minutes), Expected.BETWEEN, {"low": str(low), "high": str(high)})

    def apply(self, ward: WardData) -> WardData:
        """Change the shift type in its place, or add it after the others."""
        new = self._new(ward)
        kept = tuple(new if shift.code == self.code else shift for shift in ward.shift_types)
        return replace(ward, shift_types=kept if self._old(ward) else (*kept, new))

    def _old(self, ward: WardData) -> ShiftType | None:
        return next((shift for shift in ward.shift_types if shift.code == self.code), None)

    def _new(self, ward: WardData) -> ShiftType:
        old = self._old(ward)
        given: dict[str, Any] = {
            name: value
            for name in ("name", "start", "end", *_MINUTES)
            if (value := getattr(self, name)) is not None
        }
        if self.part is not None:
            given["kind"] = ShiftKind(self.part)
        if old is None:
            plain = {"code": self.code, "name": self.code, "break_minutes": 0, "paid_minutes": 0}
            new = ShiftType(**{**plain, **given})
            paid = ordinary_minutes(new) - new.break_minutes
        else:
            new = replace(old, **given)
            longer = ordinary_minutes(new) - ordinary_minutes(old)
            paid = old.paid_minutes + longer - (new.break_minutes - old.break_minutes)
        return new if self.paid_minutes is not None else replace(new, paid_minutes=paid)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceShifts(Change):
    """One shift takes the place of others, as when a long day replaces day and evening.

    It needs as many as the one of them that needed most. Wishes and locks follow. What was worked before the
    period stays as it was: a shift of that kind remains, and nobody is to work it.
    """

    kind: ClassVar[str] = "replace_shifts"
    shifts: tuple[str, ...] = must_hold(Codes("shifts"))
    by: str = must_hold(Code("shifts"))

    def troubles(self, ward: WardData) -> Iterator[Trouble]:  # noqa: ARG002 - as of every change
        """Refuse replacing nothing, and a shift by itself."""
        if not self.shifts:
            yield Trouble("shifts", "", Expected.GIVEN)
        if self.by in self.shifts:
            yield Trouble("by", self.by, Expected.OTHER, {"other": ", ".join(self.shifts)})

    def apply(self, ward: WardData) -> WardData:
        """Put requirements, wishes and locks on the new shift, and take the others away."""
        gone = frozenset(self.shifts)
        remembered = {past.shift for past in ward.history} & gone
        closed = [
            WeeklyRequirement(day, shift, None, 0, 0, 0) for shift in sorted(remembered) for day in range(7)
        ]
        return replace(
            ward,
            shift_types=tuple(s for s in ward.shift_types if s.code not in gone - remembered),
            weekly_requirements=(*self._weekly(ward), *closed),
            dated_requirements=self._dated(ward),
            wishes=tuple(replace(w, shift=self.by) if w.shift in gone else w for w in ward.wishes),
            pins=tuple(replace(p, shift=self.by) if p.shift in gone else p for p in ward.pins),
        )

    def _weekly(self, ward: WardData) -> tuple[WeeklyRequirement, ...]:
        rows: dict[tuple[int, str, str | None], WeeklyRequirement] = {}
        for row in ward.weekly_requirements:
            new = replace(row, shift=self.by) if row.shift in self.shifts else row
            key = new.weekday, new.shift, new.skill
            rows[key] = replace(new, **_most(rows.get(key), new))
        return tuple(rows.values())

    def _dated(self, ward: WardData) -> tuple[DatedRequirement, ...]:
        """Merge exceptions; where only one of the shifts has one, the others count as on that weekday."""
        every = {*self.shifts, self.by}
        usual = {(r.weekday, r.shift, r.skill): r for r in ward.weekly_requirements if r.shift in every}
        own = {(r.date, r.shift, r.skill): r for r in ward.dated_requirements if r.shift in every}
        merged: dict[tuple[date, str | None], DatedRequirement] = {}
        for on, _, skill in own:
            for shift in sorted(every):
                row = own.get((on, shift, skill)) or usual.get((on.weekday(), shift, skill))
                if row is not None:
                    new = DatedRequirement(on, self.by, skill, row.minimum, row.target, row.maximum)
                    merged[on, skill] = replace(new, **_most(merged.get((on, skill)), new))
        others = (row for row in ward.dated_requirements if row.shift not in every)
        return (*others, *merged.values())


def _most(
    one: WeeklyRequirement | DatedRequirement | None, two: WeeklyRequirement | DatedRequirement
) -> dict[str, Any]:
    """Return the numbers that satisfy both."""
    if one is None:
        return {"minimum": two.minimum, "target": two.target, "maximum": two.maximum}
    maxima = (one.maximum, two.maximum)
    return {
        "minimum": max(one.minimum, two.minimum),
        "target": max(one.target, two.target),
        "maximum": None if None in maxima else max(m for m in maxima if m is not None),
    }
