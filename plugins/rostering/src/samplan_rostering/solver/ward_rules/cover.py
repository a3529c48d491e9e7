"""Staffing, skills on each shift, and wishes."""

from samplan_rostering.domain.rules import Term
from samplan_rostering.domain.ward import WishKind
from samplan_rostering.domain.ward_rules.cover import OverMaximum, SkillMix, UnderMinimum, UnderTarget, Wishes
from samplan_rostering.solver.problem import CoverStep, Request
from samplan_rostering.solver.ward_facts import Requirement
from samplan_rostering.solver.ward_rules.builder import ProblemBuilder, compiles


@compiles(UnderMinimum, UnderTarget, OverMaximum)
def staffing(rule: UnderMinimum | UnderTarget | OverMaximum, out: ProblemBuilder) -> None:
    """Charge each person missing below, or too many above, a level."""
    for day in out.facts.days:
        for row in out.facts.requirements[day]:
            step = _step(rule, row)
            if step is not None:
                _add(out, day, row.shift, row.skill, step)


def _step(rule: UnderMinimum | UnderTarget | OverMaximum, row: Requirement) -> CoverStep | None:
    if isinstance(rule, UnderMinimum):
        return CoverStep(rule.term, row.minimum, under=rule.weight)
    if isinstance(rule, UnderTarget):
        return CoverStep(rule.term, row.target, under=rule.weight)
    return None if row.maximum is None else CoverStep(rule.term, row.maximum, over=rule.weight)


def _add(out: ProblemBuilder, day: int, shift: str, skill: str | None, step: CoverStep) -> None:
    out.needs[day, out.facts.shifts[shift]].setdefault(skill, []).append(step)


@compiles(SkillMix)
def skill_mix(rule: SkillMix, out: ProblemBuilder) -> None:
    """Charge each person with the skill who is missing on a shift that is needed."""
    for day in out.facts.days:
        for shift in dict.fromkeys(row.shift for row in out.facts.requirements[day]):
            if rule.shift in {None, shift} and rule.holds_on(out.facts.ward.period.date_of(day)):
                step = CoverStep(Term.SKILL_MIX, rule.minimum, under=rule.weight)
                _add(out, day, shift, rule.skill, step)


@compiles(Wishes)
def wishes(rule: Wishes, out: ProblemBuilder) -> None:
    """Charge wishes that are not met."""
    facts = out.facts
    numbers = {employee.code: number for number, employee in enumerate(facts.ward.employees)}
    for wish in facts.ward.wishes:
        day = facts.ward.period.day_of(wish.date)
        shifts = facts.shift_numbers if wish.shift is None else (facts.shifts[wish.shift],)
        cells = tuple((day, shift) for shift in shifts)
        wanted = wish.kind is WishKind.WANT
        number = numbers[wish.employee]
        out.requests.append(Request(rule.term, number, cells, wanted, weight=wish.points * rule.weight))
