"""Changes that would close a gap, judged row by row; `recommend` has the promising ones evaluated whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from samplan_rostering.domain.evaluation import Gap
from samplan_rostering.domain.explain.effect import CellChange
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.rules import Rule

MOST_ROWS = 300
"""Rows that are evaluated for one question, so that the answer comes within two seconds."""
ENOUGH = 10
"""Candidates with which nobody else is asked to hand over a shift."""
MOST_HANDOVERS = 8
"""Shifts to hand over for which somebody is looked for, the cheapest first."""
MOST_TRIES, MOST_WAYS = 8, 2
"""Shifts that somebody may give up: how many are tried, and of how many that help something is made."""


class Kind(StrEnum):
    """How a gap is closed."""

    DIRECT = "direct"  # somebody who is free takes the shift
    EXTRA = "extra"  # a part-timer takes it beyond the contract's hours, not beyond those of full time
    MOVE = "move"  # somebody gives up another shift of theirs for it
    SWAP = "swap"  # somebody takes it, and a colleague takes one of theirs
    CHAIN = "chain"  # as a swap, and the colleague gives up another shift for that
    CALL_OFF = "call_off"  # nobody here can: ask the internal unit or an agency


@dataclass(frozen=True, slots=True)
class Candidate:
    """Changes that close a gap, with the points they are likely to cost."""

    kind: Kind
    changes: tuple[CellChange, ...]
    guess: int

    @property
    def order(self) -> tuple[bool, int, int, tuple[CellChange, ...]]:
        """What candidates are sorted by: no extra time, cheap, few changes."""
        return self.kind is Kind.EXTRA, self.guess, len(self.changes), self.changes


@dataclass(frozen=True, slots=True)
class _Taker:
    """Somebody who can take a shift with what they give up for it: a cell, or nothing."""

    employee: str
    changes: tuple[CellChange, ...]
    given_up: tuple[int, str] | None
    guess: int


class Finder:
    """Finds candidates for a gap, within a limited number of rows looked at."""

    def __init__(self, judge: Judge, gap: Gap) -> None:
        self._judge, self._gap = judge, gap
        self.coverage = judge.coverage()

    def find(self) -> list[Candidate]:
        """Return the candidates, those that promise most first."""
        gap = self._gap
        counted = [c for c in self._judge.own if self.coverage.counts(c, gap.day, gap.skill)]
        takers = [taker for code in counted for taker in self._takers(code, gap.day, gap.shift)]
        found = [*self._alone(takers), *self._extra(counted), *self._exchanges(counted)]
        if len(found) >= ENOUGH:
            return sorted(found, key=lambda candidate: candidate.order)
        handing_over = [t for t in takers if t.given_up and self.coverage.loss(t.employee, *t.given_up)]
        for taker in sorted(handing_over, key=lambda t: (t.guess, t.changes))[:MOST_HANDOVERS]:
            found += self._handed_over(taker)
        return sorted(found, key=lambda candidate: candidate.order)

    def _alone(self, takers: list[_Taker]) -> Iterator[Candidate]:
        """Yield what one person can do without leaving a gap elsewhere."""
        for taker in takers:
            if taker.given_up is None:
                yield Candidate(Kind.DIRECT, taker.changes, taker.guess)
            elif not self.coverage.loss(taker.employee, *taker.given_up):
                yield Candidate(Kind.MOVE, taker.changes, taker.guess)

    def _extra(self, counted: list[str]) -> Iterator[Candidate]:
        """Yield part-timers whose hours would exceed the contract's, but no rule for full time."""
        gap, judge = self._gap, self._judge
        for code in counted:
            row = judge.rows[code]
            if gap.day in row or self._left <= 0:
                continue
            taken = {**row, gap.day: gap.shift}
            broken = judge.breaks(code, taken)
            hours_only = broken and all(violation.rule is Rule.HOURS_MAX for violation in broken)
            if hours_only and judge.within_full_time(code, taken):
                change = judge.change(code, gap.day, gap.shift)
                yield Candidate(Kind.EXTRA, (change,), self._guess(code, (change,)))

    def _exchanges(self, counted: list[str]) -> Iterator[Candidate]:
        """Yield exchanges of shifts on the day with those who are there without counting for the gap."""
        gap, judge = self._gap, self._judge
        there = self.coverage.there(gap.day, gap.shift)
        for one in sorted(there.difference(counted)):
            for code in counted:
                shift = judge.rows[code].get(gap.day)
                if shift is None or code in there or self._left <= 0:
                    continue
                changes = (judge.change(code, gap.day, gap.shift), judge.change(one, gap.day, shift))
                if all(self._keeps(change) for change in changes):
                    guess = sum(self._guess(change.employee, (change,)) for change in changes)
                    yield Candidate(Kind.SWAP, changes, guess)

    def _handed_over(self, taker: _Taker) -> Iterator[Candidate]:
        """Yield who could take what a taker gives up: without giving up anything, or a shift not needed."""
        if taker.given_up is None:
            return
        for code in self._judge.own:
            if code == taker.employee:
                continue
            for second in self._takers(code, *taker.given_up):
                changes, guess = (*taker.changes, *second.changes), taker.guess + second.guess
                if second.given_up is None:
                    yield Candidate(Kind.SWAP, changes, guess)
                elif not self.coverage.loss(code, *second.given_up):
                    yield Candidate(Kind.CHAIN, changes, guess)

    def _takers(self, code: str, day: int, shift: str) -> Iterator[_Taker]:
        """Yield how somebody can take a shift: as it is, or for one other shift of theirs."""
        judge, row = self._judge, self._judge.rows[code]
        if row.get(day) == shift or self._left <= 0 or not self.coverage.wanted(code, day, shift):
            return
        change, taken = judge.change(code, day, shift), {**row, day: shift}
        broken = judge.breaks(code, taken)
        if not broken:
            given_up = (day, row[day]) if day in row else None
            yield _Taker(code, (change,), given_up, self._guess(code, (change,)))
        elif day not in row and not judge.could_ever(code, day, shift):
            ways = 0
            for other in self._to_give_up(code, [v.day for v in broken if v.day is not None]):
                less = {d: s for d, s in taken.items() if d != other}
                if ways < MOST_WAYS and self._left > 0 and not judge.breaks(code, less):
                    ways += 1
                    changes = (change, judge.change(code, other, ""))
                    yield _Taker(code, changes, (other, row[other]), self._guess(code, changes))

    def _to_give_up(self, code: str, near: list[int]) -> list[int]:
        """Return the days of shifts whose loss could mend what is broken, those needed least first."""
        row = self._judge.rows[code]
        days = [d for d in row if d >= self._judge.first and all(abs(d - place) <= _REACH for place in near)]
        needed = {
            d: (self.coverage.loss(code, d, row[d]), self.coverage.price(code, d, row[d], -1)) for d in days
        }
        return sorted(days, key=lambda d: (needed[d], d))[:MOST_TRIES]

    @property
    def complete(self) -> bool:
        """Whether all was looked at that was meant to be."""
        return self._left > 0

    @property
    def _left(self) -> int:
        return MOST_ROWS - self._judge.asked

    def _keeps(self, change: CellChange) -> bool:
        row = {**self._judge.rows[change.employee], change.day: change.after}
        return not self._judge.breaks(change.employee, row)

    def _guess(self, code: str, changes: tuple[CellChange, ...]) -> int:
        """Return what changes of one row are likely to cost: staffing, and the person's own wishes."""
        row = dict(self._judge.rows[code])
        points = -self._judge.own_points(code, row)
        for change in changes:
            row.pop(change.day, None)
            if change.before:
                points += self.coverage.price(code, change.day, change.before, -1)
            if change.after:
                row[change.day] = change.after
                points += self.coverage.price(code, change.day, change.after, 1)
        return points + self._judge.own_points(code, row)


_REACH = 8
"""Days around a broken rule within which giving up a shift can mend it: a week, and a night's end."""
