"""A roster on the table: what a change of some cells does, told at once.

Most rules judge one person's row or one day, so that only the changed rows and days are judged again. What is
told equals the difference of two evaluations of the whole; a test holds it to that.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace

from samplan_rostering.domain.evaluate_ward import charge_of, gap_of, lay_out, violation_of
from samplan_rostering.domain.evaluation import Charge, Evaluation, Gap, Violation
from samplan_rostering.domain.explain.effect import CellChange, Effect, minutes_of, newly_broken
from samplan_rostering.domain.hospital import Guest
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Term
from samplan_rostering.domain.ward import WardData
from samplan_rostering.domain.ward_rules import Case, rule_set
from samplan_rostering.domain.ward_rules.base import DayRule, PersonRule, RosterRule
from samplan_rostering.domain.ward_rules.case import Person
from samplan_rostering.domain.ward_rules.cover import UnderMinimum
from samplan_rostering.domain.ward_rules.fairness import EvenShare, shares

MOST_SHARES = 500
"""Ways of sharing whose judgement is remembered for a roster."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a part of a roster breaks and costs."""

    violations: tuple[Violation, ...] = ()
    charges: tuple[Charge, ...] = ()
    gaps: tuple[Gap, ...] = ()


class Board:
    """A ward with a roster, judged part by part; what was judged is remembered."""

    def __init__(
        self, ward: WardData, assignments: Iterable[Assignment], guests: Collection[Guest] = ()
    ) -> None:
        rules = rule_set(ward)
        self.ward = ward
        self.case = rules.case(ward, guests)
        self._unplaced = tuple(lay_out(self.case, assignments))
        self._terms = frozenset(rule.term for rule in rules.rules if not rule.hard)
        self._by_row, self._by_day, self._by_share, self._other = _kinds(rules.rules)
        self._groups = shares(self.case)
        self._rows: dict[str, Judged] = {}
        self._asked: dict[tuple[str, tuple[tuple[int, str], ...]], Judged] = {}
        self._days: dict[int, Judged] = {}
        self._shares: dict[tuple[int, tuple[int, ...]], tuple[Charge, ...]] = {}
        self._counts: dict[str, dict[str, int]] = {}
        self._whole: Judged | None = None

    def shift(self, employee: str, day: int) -> str:
        """Return the shift of a cell; an empty text is a free day."""
        return self.case.by_code[employee].row.get(day, "")

    def change(self, employee: str, day: int, after: str) -> CellChange:
        """Return the change of a cell to a shift, or to a free day where that is an empty text."""
        return CellChange(employee, day, self.shift(employee, day), after)

    @property
    def cells(self) -> list[Assignment]:
        """The roster, in order."""
        return sorted(
            Assignment(person.code, day, shift)
            for person in self.case.people
            for day, shift in person.row.items()
        )

    def evaluation(self) -> Evaluation:
        """Return the judgement of the whole roster."""
        people = [self._of_row(person) for person in self.case.people]
        parts = [*people, *(self._of_day(day) for day in range(self.ward.period.days)), self._of_whole()]
        breakdown: dict[Term, int] = defaultdict(int)
        for part in parts:
            for charge in part.charges:
                breakdown[charge.term] += charge.points
        place = {person.code: number for number, person in enumerate(self.case.people)}
        broken = sorted((v for part in parts for v in part.violations), key=lambda v: place[v.employee])
        return Evaluation(
            violations=(*self._unplaced, *broken),
            gaps=tuple(gap for part in parts for gap in part.gaps),
            breakdown={term: breakdown[term] for term in Term if term in self._terms},
            charges=tuple(charge for part in parts for charge in part.charges),
        )

    def effect(self, changes: Iterable[CellChange]) -> Effect:
        """Return what changes do; each cell is named once."""
        kept = tuple(change for change in sorted(changes) if change.before != change.after)
        people, days = self._changed_people(kept), sorted({change.day for change in kept})
        case = self.case.with_people(people)
        before = [self._of_row(self.case.by_code[code]) for code in people]
        after = [self._of_other_row(person) for person in people.values()]
        old = [*before, *(self._of_day(day) for day in days), self._of_whole()]
        new = [
            *after,
            *(self._judge_day(case, day) for day in days),
            self._judge_whole(case, self._counts_with(case, people)),
        ]
        broken_before = [violation for part in old for violation in part.violations]
        broken_after = [violation for part in new for violation in part.violations]
        opened, closed = _gap_changes(old, new)
        return Effect(
            changes=kept,
            broken=newly_broken(broken_before, broken_after),
            mended=newly_broken(broken_after, broken_before),
            opened=opened,
            closed=closed,
            costs=_cost_changes(old, new),
            minutes=minutes_of(self.case.timeline, kept),
        )

    def with_changes(self, changes: Iterable[CellChange]) -> "Board":
        """Return the board of the roster with changes made; what stays is not judged again."""
        kept = [change for change in changes if change.before != change.after]
        people, days = self._changed_people(kept), {change.day for change in kept}
        other, case = copy(self), self.case.with_people(people)
        vars(other).update(
            case=case,
            _rows={code: part for code, part in self._rows.items() if code not in people},
            _days={day: part for day, part in self._days.items() if day not in days},
            _counts=self._counts_with(case, people),
            _asked={},
            _shares={},
            _whole=None,
        )
        return other

    def _changed_people(self, changes: Iterable[CellChange]) -> dict[str, Person]:
        rows: dict[str, dict[int, str]] = {}
        for change in changes:
            row = rows.setdefault(change.employee, dict(self.case.by_code[change.employee].row))
            row.pop(change.day, None)
            if change.after:
                row[change.day] = change.after
        return {
            code: replace(self.case.by_code[code], row=dict(sorted(row.items())))
            for code, row in rows.items()
        }

    def _of_row(self, person: Person) -> Judged:
        if person.code not in self._rows:
            self._rows[person.code] = self._judge_row(self.case, person)
        return self._rows[person.code]

    def _of_other_row(self, person: Person) -> Judged:
        """Judge a row that is not on the board; many questions are about the same."""
        key = person.code, tuple(person.row.items())
        if key not in self._asked:
            self._asked[key] = self._judge_row(self.case, person)
        return self._asked[key]

    def _of_day(self, day: int) -> Judged:
        if day not in self._days:
            self._days[day] = self._judge_day(self.case, day)
        return self._days[day]

    def _of_whole(self) -> Judged:
        if self._whole is None:
            if not self._counts:
                self._counts = self._counts_with(self.case, self.case.by_code)
            self._whole = self._judge_whole(self.case, self._counts)
        return self._whole

    def _judge_row(self, case: Case, person: Person) -> Judged:
        violations: list[Violation] = []
        charges: list[Charge] = []
        for rule in self._by_row:
            if not rule.concerns(person.code):
                continue
            breaches = rule.of_person(case, person)
            if rule.hard:
                violations += [violation_of(rule, breach) for breach in breaches]
            else:
                charges += [charge_of(rule, breach) for breach in breaches]
        return Judged(tuple(violations), tuple(charges))

    def _judge_day(self, case: Case, day: int) -> Judged:
        return Judged(
            charges=tuple(
                charge_of(rule, breach) for rule in self._by_day for breach in rule.on_days(case, (day,))
            ),
            gaps=tuple(gap_of(breach) for breach in UnderMinimum().on_days(case, (day,))),
        )

    def _judge_whole(self, case: Case, counts: Mapping[str, Mapping[str, int]]) -> Judged:
        shared = [
            charge
            for number, rule in enumerate(self._by_share)
            for charge in self._of_share(number, rule, counts[rule.key])
        ]
        others = [(rule, breach) for rule in self._other for breach in rule.breaches(case)]
        return Judged(
            violations=tuple(violation_of(rule, breach) for rule, breach in others if rule.hard),
            charges=(*shared, *(charge_of(rule, breach) for rule, breach in others if not rule.hard)),
        )

    def _of_share(self, number: int, rule: EvenShare, counts: Mapping[str, int]) -> tuple[Charge, ...]:
        """Judge how evenly something is shared; most changes leave the counts of most rules as they are."""
        key = number, tuple(counts.values())
        if key not in self._shares:
            if len(self._shares) >= MOST_SHARES:
                self._shares.clear()
            found = rule.by_counts(self._groups, counts)
            self._shares[key] = tuple(charge_of(rule, breach) for breach in found)
        return self._shares[key]

    def _counts_with(self, case: Case, people: Mapping[str, Person]) -> dict[str, dict[str, int]]:
        """Return what each has of what is shared, some people counted anew."""
        if not self._counts and people is not self.case.by_code:
            self._counts = self._counts_with(self.case, self.case.by_code)
        return {
            rule.key: self._counts.get(rule.key, {})
            | {code: rule.counted(case, person) for code, person in people.items()}
            for rule in self._by_share
        }


def _kinds(
    rules: Iterable[RosterRule],
) -> tuple[list[PersonRule], list[DayRule], list[EvenShare], list[RosterRule]]:
    """Sort rules by what they judge: a row, a day, shares of the whole, anything else of the whole."""
    by_row: list[PersonRule] = []
    by_day: list[DayRule] = []
    by_share: list[EvenShare] = []
    other: list[RosterRule] = []
    for rule in rules:
        if isinstance(rule, DayRule):
            by_day.append(rule)
        elif isinstance(rule, EvenShare):
            by_share.append(rule)
        elif isinstance(rule, PersonRule):
            by_row.append(rule)
        else:
            other.append(rule)
    return by_row, by_day, by_share, other


def _gap_changes(old: Iterable[Judged], new: Iterable[Judged]) -> tuple[tuple[Gap, ...], tuple[Gap, ...]]:
    missing: dict[tuple[int, str, str | None], int] = defaultdict(int)
    for sign, parts in ((-1, old), (1, new)):
        for gap in (gap for part in parts for gap in part.gaps):
            missing[gap.day, gap.shift, gap.skill] += sign * gap.missing
    places = sorted(missing, key=lambda need: (need[0], need[1], need[2] or ""))
    more = tuple(Gap(*place, missing[place]) for place in places if missing[place] > 0)
    return more, tuple(Gap(*place, -missing[place]) for place in places if missing[place] < 0)


def _cost_changes(old: Iterable[Judged], new: Iterable[Judged]) -> dict[Term, int]:
    points: dict[Term, int] = defaultdict(int)
    for sign, parts in ((-1, old), (1, new)):
        for charge in (charge for part in parts for charge in part.charges):
            points[charge.term] += sign * charge.points
    return {term: points[term] for term in Term if points.get(term)}
