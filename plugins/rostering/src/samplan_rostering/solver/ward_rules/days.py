"""Free days, nights and days a week, and numbers of shifts of a type."""

from samplan_rostering.domain.ward_rules import WardRule
from samplan_rostering.domain.ward_rules.days import FreeDays, NightsPerWeek, ShiftCount, WeekSpread
from samplan_rostering.solver.soft import each_day
from samplan_rostering.solver.ward_rules.builder import ProblemBuilder, compiles


@compiles(FreeDays)
def free_days(rule: FreeDays, out: ProblemBuilder) -> None:
    """Limit the days worked in each stretch of weeks."""
    length, whole = len(out.facts.days), 7 * rule.weeks
    for first in range(0, length, whole):
        days = range(first, min(first + whole, length))
        most = len(days) - rule.days * len(days) // whole
        for number, _ in out.concerned(rule):
            out.window(rule, number, days, each_day(days, [1] * len(out.facts.shifts)), (None, most))


@compiles(NightsPerWeek)
def nights_per_week(rule: NightsPerWeek, out: ProblemBuilder) -> None:
    """Limit the nights of each calendar week."""
    for number, _ in out.concerned(rule):
        _weekly(rule, out, number, out.facts.nights, rule.limit)


@compiles(WeekSpread)
def week_spread(rule: WeekSpread, out: ProblemBuilder) -> None:
    """Limit the working days of each calendar week of those who work part-time."""
    for number, employee in out.concerned(rule):
        contract = out.facts.first_contract(employee)
        if contract is not None and contract.percentage < 100:
            most = -int(-5 * contract.percentage // 100) + rule.more
            _weekly(rule, out, number, out.facts.working, most)


def _weekly(rule: WardRule, out: ProblemBuilder, number: int, shifts: frozenset[int], limit: int) -> None:
    facts = out.facts
    past = facts.past_of(number)
    by_shift = [int(shift in shifts) for shift in facts.shift_numbers]
    for monday in range(-facts.ward.period.start.weekday(), len(facts.days), 7):
        days = range(max(monday, 0), min(monday + 7, len(facts.days)))
        before = sum(past.get(day) in shifts for day in range(monday, 0))
        if rule.holds_on(facts.ward.period.date_of(days.start)):
            out.window(rule, number, days, each_day(days, by_shift), (None, max(limit - before, 0)))


@compiles(ShiftCount)
def shift_count(rule: ShiftCount, out: ProblemBuilder) -> None:
    """Limit the shifts of a type in the period."""
    wanted = out.facts.shifts[rule.shift]
    by_shift = [int(shift == wanted) for shift in out.facts.shift_numbers]
    days = out.facts.days
    for number, _ in out.concerned(rule):
        out.window(rule, number, days, each_day(days, by_shift), (rule.minimum, rule.maximum))
