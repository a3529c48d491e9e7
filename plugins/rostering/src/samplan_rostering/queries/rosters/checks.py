"""What the independent evaluator says of a roster, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from samplan.plugin_api import _
from samplan_rostering import labels
from samplan_rostering.domain.curtois import CurtoisInstance
from samplan_rostering.domain.evaluate_curtois import evaluate_curtois
from samplan_rostering.domain.evaluation import Evaluation, Violation
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.rule_words import source_name


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken rule; `row` is the employee's place in the grid, counted from 1."""

    rule: str
    employee: str
    day: int | None
    row: int | None
    text: str


@dataclass(frozen=True, slots=True)
class RosterCheck:
    """Broken rules, people missing below the minimum, and the penalty points recomputed."""

    breaches: tuple[Breach, ...]
    uncovered: int
    objective: int
    breakdown: Mapping[str, int]


def check_ward(ward: WardData, evaluation: Evaluation, *, private: bool = True) -> RosterCheck:
    """Put into words what the evaluator says of a ward's roster; people are named and days are dates.

    Without `private` nothing is said of rules for one person: they are vetoes and agreements of theirs.
    """
    personal = {(line.rule, line.employee) for line in ward.settings if line.employee and not private}
    kept = [row for row in evaluation.violations if (row.rule.value, row.employee) not in personal]
    evaluation = replace(evaluation, violations=tuple(kept))
    names = {person.code: person.name or person.code for person in ward.employees}
    dates = [ward.period.date_of(day).isoformat() for day in range(ward.period.days)]
    return _check(evaluation, names, dates)


def check_problem(instance: CurtoisInstance, assignments: Iterable[Assignment]) -> RosterCheck:
    """Evaluate a benchmark problem's roster; its days are numbers."""
    names = {member.id: member.id for member in instance.staff}
    days = [_("day %(day)s", day=day) for day in range(instance.days)]
    return _check(evaluate_curtois(instance, assignments), names, days)


def _check(evaluation: Evaluation, names: Mapping[str, str], days: list[str]) -> RosterCheck:
    rows = {code: row for row, code in enumerate(names, start=1)}
    return RosterCheck(
        breaches=tuple(
            Breach(
                rule=violation.rule.value,
                employee=violation.employee,
                day=violation.day,
                row=rows.get(violation.employee),
                text=_text(violation, names.get(violation.employee, violation.employee), days),
            )
            for violation in evaluation.violations
        ),
        uncovered=evaluation.uncovered,
        objective=evaluation.objective,
        breakdown={term.value: points for term, points in evaluation.breakdown.items()},
    )


def _text(violation: Violation, name: str, days: list[str]) -> str:
    """Return who breaks which rule and when, with what was measured, the limit and the source."""
    parts = [f"{name}: {labels.RULES[violation.rule]}"]
    if violation.day is not None and 0 <= violation.day < len(days):
        parts.append(days[violation.day])
    if violation.measured is not None and violation.limit is not None:
        measured = labels.quantity(violation.rule, violation.measured)
        limit = labels.quantity(violation.rule, violation.limit)
        parts.append(_("%(measured)s against the limit %(limit)s", measured=measured, limit=limit))
    if source := source_name(violation.source):
        parts.append(source)
    return ", ".join(parts)
