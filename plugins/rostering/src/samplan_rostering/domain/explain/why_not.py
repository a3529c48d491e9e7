"""Why somebody does not work a shift, and why nobody closes a gap."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from samplan_rostering.domain.evaluation import Gap, Violation
from samplan_rostering.domain.explain.coverage import Coverage
from samplan_rostering.domain.explain.effect import Effect
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward_rules.given import Skilled


class UnknownError(LookupError):
    """A question names an employee, day, shift or skill that the ward has not; `args[0]` is which of them."""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What it would do to give somebody a shift on a day instead of what the roster says."""

    employee: str
    day: int
    shift: str
    current: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class PersonReasons:
    """Why somebody does not close a gap.

    `current` is what they work that day; `broken` are the rules that closing it would break, `opened` the
    people who would then be missing elsewhere. Without either, it only costs: `points`.
    """

    employee: str
    current: str
    broken: tuple[Violation, ...]
    opened: tuple[Gap, ...] = ()
    points: int | None = None

    @property
    def free(self) -> bool:
        """Whether nothing but the cost speaks against it."""
        return not (self.broken or self.opened)


@dataclass(frozen=True, slots=True)
class GapReasons:
    """Why a need is not met: who is there, and for each of the others why not."""

    day: int
    shift: str
    skill: str | None
    missing: int
    there: tuple[str, ...]
    people: tuple[PersonReasons, ...]

    def by_rule(self) -> Mapping[Rule, tuple[str, ...]]:
        """Return whom each rule keeps away, the rule that keeps most away first."""
        groups: dict[Rule, dict[str, None]] = defaultdict(dict)
        for person in self.people:
            for violation in person.broken:
                groups[violation.rule][person.employee] = None
        ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        return {rule: tuple(codes) for rule, codes in ordered}

    def needed_elsewhere(self) -> tuple[str, ...]:
        """Return whom no rule keeps away, but who would be missing elsewhere."""
        return tuple(person.employee for person in self.people if not person.broken and person.opened)

    def free(self) -> tuple[str, ...]:
        """Return who could close the gap and breaks nothing."""
        return tuple(person.employee for person in self.people if person.free)


def why_not(judge: Judge, employee: str, day: int, shift: str) -> WhyNot:
    """Tell what it would do to give somebody a shift: broken rules, gaps, costs, hours.

    Raises:
        UnknownError: no such employee, day or shift.
    """
    check_named(judge, day, shift, employee=employee)
    change = judge.change(employee, day, shift)
    return WhyNot(employee, day, shift, change.before, judge.effect([change]))


def gap_reasons(judge: Judge, day: int, shift: str, skill: str | None) -> GapReasons:
    """Tell for everybody why they do not close a gap; it may also be asked of a need that is met.

    Raises:
        UnknownError: no such day, shift or skill.
    """
    check_named(judge, day, shift, skill=skill)
    coverage = judge.coverage()
    there = coverage.there(day, shift)
    counted = (code for code in judge.rows if code in there and coverage.counts(code, day, skill))
    gaps = judge.before.gaps
    return GapReasons(
        day=day,
        shift=shift,
        skill=skill,
        missing=sum(g.missing for g in gaps if (g.day, g.shift, g.skill) == (day, shift, skill)),
        there=tuple(counted),
        people=tuple(_reasons(judge, coverage, day, shift, skill)),
    )


def check_named(
    judge: Judge, day: int, shift: str, *, employee: str | None = None, skill: str | None = None
) -> None:
    """Raise `UnknownError` where a question names what the ward has not."""
    if employee is not None and employee not in judge.rows:
        raise UnknownError("employee")
    if not 0 <= day < judge.ward.period.days:
        raise UnknownError("day")
    if shift not in {kind.code for kind in judge.ward.shift_types}:
        raise UnknownError("shift")
    if skill is not None and skill not in {held.code for held in judge.ward.skills}:
        raise UnknownError("skill")


def _reasons(
    judge: Judge, coverage: Coverage, day: int, shift: str, skill: str | None
) -> Iterator[PersonReasons]:
    there = coverage.there(day, shift)
    for code in judge.own:
        current = judge.rows[code].get(day, "")
        counts = coverage.counts(code, day, skill)
        if code in there:
            if not counts:  # there, but without the skill
                yield PersonReasons(code, current, (Violation(Rule.SKILL, code, day, source=Skilled.source),))
            continue
        broken = judge.breaks(code, {**judge.rows[code], day: shift})
        if not counts and all(violation.rule is not Rule.SKILL for violation in broken):
            broken = (Violation(Rule.SKILL, code, day, source=Skilled.source), *broken)
        if broken:
            yield PersonReasons(code, current, broken)
        else:
            effect = judge.effect([judge.change(code, day, shift)])
            yield PersonReasons(code, current, effect.broken, effect.opened, effect.points)
