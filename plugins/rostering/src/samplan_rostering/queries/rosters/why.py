"""What a page tells about why a roster is as it is: of the whole, of a cell, of a need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.evaluation import Charge, Violation
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.explain.recommend import Recommendation, recommend
from samplan_rostering.domain.explain.shares import shares_of
from samplan_rostering.domain.explain.why_not import GapReasons, WhyNot, check_named, gap_reasons, why_not
from samplan_rostering.domain.rules import Term
from samplan_rostering.domain.ward import Wish
from samplan_rostering.models import Employee, PeriodEmployee
from samplan_rostering.queries.rosters.coverage import Need, coverage
from samplan_rostering.queries.rosters.judging import Judged

MOST_CHARGES = 40
"""Single costs that a page lists; the rest stands as a sum."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about: a cell, a need, or, with nothing, the whole roster.

    Without a shift a cell is asked about with every shift; `everybody` wants the reasons of all who are not
    suggested.
    """

    employee: str | None = None
    day: int | None = None
    shift: str | None = None
    skill: str | None = None
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Costs:
    """What a roster's penalty points are for; `rest` is what the charges listed leave out."""

    objective: int
    terms: Mapping[Term, int]
    employees: Mapping[str | None, int]
    charges: tuple[Charge, ...]
    rest: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What one shift (an empty text is a free day) would do in a cell; `current` is what it is now."""

    shift: str
    current: bool
    broken: tuple[Violation, ...]
    points: int


@dataclass(frozen=True, slots=True)
class CellAnswer:
    """Why somebody does not work a shift, their wishes for the day, and what else could stand in the cell."""

    employee: str
    day: int
    current: str
    why_not: WhyNot | None
    wishes: tuple[Wish, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class NeedAnswer:
    """How many a shift has and needs, what would bring one more to it, and why not the others."""

    needs: tuple[Need, ...]
    skill: str | None
    recommendation: Recommendation | None
    reasons: GapReasons | None


def unmet(found: Judged) -> tuple[Need, ...]:
    """Return the needs below their target, those below the minimum first."""
    needs = [need for need in coverage(found.ward, found.cells, found.stands.guests) if need.missing]
    return tuple(sorted(needs, key=lambda need: (need.staffed >= need.minimum, need.day)))


def costs(judge: Judge) -> Costs:
    """Return the roster's penalty points by term and person, with the dearest of the single costs."""
    shares = shares_of(judge.before)
    charges, others = shares.charges[:MOST_CHARGES], shares.charges[MOST_CHARGES:]
    return Costs(
        objective=shares.objective,
        terms={term: points for term, points in shares.terms.items() if points},
        employees={code: points for code, points in shares.employees.items() if points},
        charges=charges,
        rest=sum(charge.points for charge in others),
        left_out=len(others),
    )


def about_cell(judge: Judge, employee: str, day: int, shift: str | None) -> CellAnswer:
    """Tell why somebody does not work a shift on a day; raises `UnknownError` for what the ward has not."""
    ward = judge.ward
    check_named(judge, day, shift or ward.shift_types[0].code, employee=employee)
    current = judge.rows[employee].get(day, "")
    shifts = ("", *(kind.code for kind in ward.shift_types))
    return CellAnswer(
        employee=employee,
        day=day,
        current=current,
        why_not=why_not(judge, employee, day, shift) if shift and shift != current else None,
        wishes=tuple(w for w in ward.wishes if w.employee == employee and ward.period.day_of(w.date) == day),
        choices=tuple(_choice(judge, employee, day, code) for code in shifts),
    )


def about_need(found: Judged, judge: Judge, question: Question) -> NeedAnswer:
    """Tell what a shift needs on a day and what would bring one more; raises `UnknownError`.

    Without a skill the need is meant that lacks most.
    """
    day, shift = question.day or 0, question.shift or ""
    check_named(judge, day, shift, skill=question.skill)
    here = needs_of_cell(found, day, shift)
    skill = question.skill or _dearest(here)
    answer = recommend(judge, day, shift, skill)
    reasons = answer.reasons
    if reasons is None and question.everybody:
        reasons = gap_reasons(judge, day, shift, skill)
    return NeedAnswer(here, skill, answer, reasons)


def needs_of_cell(found: Judged, day: int, shift: str) -> tuple[Need, ...]:
    """Return what a shift needs on a day, and has."""
    needs = coverage(found.ward, found.cells, found.stands.guests)
    return tuple(need for need in needs if (need.day, need.shift) == (day, shift))


def own_code(session: TenantSession, period_id: UUID, account_id: UUID) -> str | None:
    """Return by which code somebody who is signed in takes part in a period, if at all."""
    return session.scalar(
        select(Employee.code)
        .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
        .where(PeriodEmployee.period_id == period_id, Employee.account_id == account_id)
    )


def _dearest(needs: Iterable[Need]) -> str | None:
    """Return the skill of the need that lacks most, below the minimum before below the target."""
    ordered = sorted(
        needs, key=lambda need: (need.staffed - need.minimum, -need.missing, need.skill is not None)
    )
    return ordered[0].skill if ordered else None


def _choice(judge: Judge, employee: str, day: int, shift: str) -> Choice:
    effect = judge.effect([judge.change(employee, day, shift)])
    current = judge.rows[employee].get(day, "") == shift
    return Choice(shift, current, effect.broken, effect.points)
