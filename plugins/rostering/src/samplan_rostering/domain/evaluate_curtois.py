"""Evaluate a roster for a benchmark instance by the rules of its own file, and nothing else."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from samplan_rostering.domain.curtois import CurtoisInstance, StaffMember
from samplan_rostering.domain.evaluation import Charge, Evaluation, Gap, Violation
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule, Term

_Row = Mapping[int, str]


def evaluate_curtois(instance: CurtoisInstance, assignments: Iterable[Assignment]) -> Evaluation:
    """Judge a roster of a benchmark instance: every hard rule, every gap, every cost."""
    staff = {member.id for member in instance.staff}
    shifts = {shift.id for shift in instance.shifts}
    violations: list[Violation] = []
    rows: dict[str, dict[int, str]] = defaultdict(dict)
    for cell in sorted(assignments):
        if cell.employee not in staff or cell.shift not in shifts or not 0 <= cell.day < instance.days:
            violations.append(Violation(Rule.UNKNOWN, cell.employee, cell.day))
        elif cell.day in rows[cell.employee]:
            violations.append(Violation(Rule.ONE_SHIFT, cell.employee, cell.day, 2, 1))
        else:
            rows[cell.employee][cell.day] = cell.shift
    for member in instance.staff:
        violations += _broken(instance, member, rows[member.id])
    gaps, charges = _costs(instance, rows)
    breakdown: dict[Term, int] = defaultdict(int)
    for charge in charges:
        breakdown[charge.term] += charge.points
    costs = tuple(charge for charge in charges if charge.points)
    return Evaluation(tuple(violations), tuple(gaps), dict(breakdown), costs)


def _broken(instance: CurtoisInstance, member: StaffMember, row: _Row) -> Iterator[Violation]:
    lengths = {shift.id: shift.minutes for shift in instance.shifts}
    minutes = sum(lengths[shift] for shift in row.values())
    if minutes < member.min_minutes:
        yield Violation(Rule.HOURS_MIN, member.id, None, minutes, member.min_minutes)
    if minutes > member.max_minutes:
        yield Violation(Rule.HOURS_MAX, member.id, None, minutes, member.max_minutes)
    worked = Counter(row.values())
    for shift, limit in member.max_shifts:
        if worked[shift] > limit:
            yield Violation(Rule.MAX_SHIFTS, member.id, None, worked[shift], limit)
    for employee, day in instance.days_off:
        if employee == member.id and day in row:
            yield Violation(Rule.ABSENCE, member.id, day)
    followers = {shift.id: shift.not_followed_by for shift in instance.shifts}
    for day, shift in row.items():
        if row.get(day + 1) in followers[shift]:
            yield Violation(Rule.SUCCESSION, member.id, day + 1)
    yield from _broken_runs(instance.days, member, row)
    weekends = sum(saturday in row or saturday + 1 in row for saturday in range(5, instance.days, 7))
    if weekends > member.max_weekends:
        yield Violation(Rule.MAX_WEEKENDS, member.id, None, weekends, member.max_weekends)


def _broken_runs(days: int, member: StaffMember, row: _Row) -> Iterator[Violation]:
    """Yield runs that are too long or too short; a short run at a border may go on beyond it."""
    day = 0
    for works, group in groupby(range(days), key=row.__contains__):
        length = len(list(group))
        inside = day > 0 and day + length < days
        if works and length > member.max_consecutive:
            yield Violation(Rule.CONSECUTIVE_DAYS, member.id, day, length, member.max_consecutive)
        if works and inside and length < member.min_consecutive:
            yield Violation(Rule.MIN_CONSECUTIVE, member.id, day, length, member.min_consecutive)
        if not works and inside and length < member.min_days_off:
            yield Violation(Rule.MIN_DAYS_OFF, member.id, day, length, member.min_days_off)
        day += length


def _costs(instance: CurtoisInstance, rows: Mapping[str, _Row]) -> tuple[list[Gap], list[Charge]]:
    charges: list[Charge] = []
    for request in instance.requests:
        given = rows.get(request.employee, {}).get(request.day) == request.shift
        term = Term.SHIFT_ON if request.wanted else Term.SHIFT_OFF
        points = request.weight if given != request.wanted else 0
        charges.append(Charge(term, points, request.employee, request.day, request.shift))
    present = Counter((day, shift) for row in rows.values() for day, shift in row.items())
    gaps = []
    for cover in instance.cover:
        missing = cover.required - present[cover.day, cover.shift]
        under, over = cover.under * max(missing, 0), cover.over * max(-missing, 0)
        charges.append(Charge(Term.UNDER_COVER, under, None, cover.day, cover.shift))
        charges.append(Charge(Term.OVER_COVER, over, None, cover.day, cover.shift))
        if missing > 0:
            gaps.append(Gap(cover.day, cover.shift, None, missing))
    return gaps, charges
