"""Evaluate a roster of a ward straight from the ward's rows: hard rules, gaps and soft terms."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from samplan_rostering.domain.evaluation import Charge, Evaluation, Gap, Violation
from samplan_rostering.domain.hospital import Guest
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.ward import WardData
from samplan_rostering.domain.ward_rules import Breach, Case, WardRule, rule_set
from samplan_rostering.domain.ward_rules.cover import UnderMinimum


def evaluate_ward(
    ward: WardData, assignments: Iterable[Assignment], guests: Collection[Guest] = ()
) -> Evaluation:
    """Judge a roster of a valid ward; assignments that name what does not exist are violations.

    `guests` come from an internal unit: they count for what is needed, and are judged there.
    """
    rules = rule_set(ward)
    case = rules.case(ward, guests)
    violations = list(lay_out(case, assignments))
    charges: list[Charge] = []
    breakdown: dict[Term, int] = defaultdict(int)
    broken: list[Violation] = []
    for rule in rules.rules:
        breaches = rule.breaches(case)
        if rule.hard:
            broken += [violation_of(rule, breach) for breach in breaches]
        else:
            costs = [charge_of(rule, breach) for breach in breaches]
            breakdown[rule.term] += sum(charge.points for charge in costs)
            charges += costs
    place = {person.code: number for number, person in enumerate(case.people)}
    violations += sorted(broken, key=lambda violation: place[violation.employee])
    by_term = {term: breakdown[term] for term in Term if term in breakdown}
    return Evaluation(tuple(violations), tuple(_gaps(case)), by_term, tuple(charges))


def lay_out(case: Case, assignments: Iterable[Assignment]) -> Iterator[Violation]:
    """Put a roster into an empty case, and yield what cannot be put there."""
    shifts = {shift.code for shift in case.ward.shift_types}
    for cell in sorted(assignments):
        person = case.by_code.get(cell.employee)
        if person is None or cell.shift not in shifts or not 0 <= cell.day < case.ward.period.days:
            yield Violation(Rule.UNKNOWN, cell.employee, cell.day)
        elif cell.day in person.row:
            yield Violation(Rule.ONE_SHIFT, cell.employee, cell.day, 2, 1)
        else:
            person.row[cell.day] = cell.shift


def violation_of(rule: WardRule, breach: Breach) -> Violation:
    """Return a hard rule's breach as it is reported."""
    employee = breach.employee or ""
    return Violation(rule.rule, employee, breach.day, breach.measured, breach.limit, rule.source)


def charge_of(rule: WardRule, breach: Breach) -> Charge:
    """Return a soft rule's breach with what it costs."""
    points = rule.weight * breach.amount
    return Charge(rule.term, points, breach.employee, breach.day, breach.shift, breach.skill)


def gap_of(breach: Breach) -> Gap:
    """Return a need below its minimum as a gap."""
    return Gap(breach.day or 0, breach.shift or "", breach.skill, breach.amount)


def _gaps(case: Case) -> Iterator[Gap]:
    return map(gap_of, UnderMinimum().breaches(case))
