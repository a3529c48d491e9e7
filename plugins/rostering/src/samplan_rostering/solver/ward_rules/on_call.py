"""On-call duty: its minutes in four weeks or a calendar month."""

from datetime import time, timedelta

from samplan_rostering.domain.ward_rules.on_call import OnCallHours, Reference
from samplan_rostering.solver.ward_facts import WardFacts
from samplan_rostering.solver.ward_rules.builder import ProblemBuilder, compiles


@compiles(OnCallHours)
def on_call_hours(rule: OnCallHours, out: ProblemBuilder) -> None:
    """Limit the on-call duty of each stretch to what the past leaves."""
    facts = out.facts
    if not any(kind.on_call_minutes for kind in facts.ward.shift_types):
        return
    stretches = _months(facts) if rule.reference is Reference.MONTH else _weeks(facts)
    limit = rule.month_minutes if rule.reference is Reference.MONTH else rule.minutes
    for first, last in stretches:
        # A shift of the day before may reach into the stretch.
        days = range(max(first - 1, 0), min(last, len(facts.days)))
        amounts = tuple(
            tuple(_inside(facts, day, shift, first, last) for shift in facts.shift_numbers) for day in days
        )
        for number, _ in out.concerned(rule):
            past = facts.past_of(number).items()
            spent = sum(_inside(facts, day, shift, first, last) for day, shift in past)
            out.window(rule, number, days, amounts, (None, max(limit - spent, 0)))


def _weeks(facts: WardFacts) -> list[tuple[int, int]]:
    length = len(facts.days)
    return [(length - back - 28, length - back) for back in range(0, length, 7)]


def _months(facts: WardFacts) -> list[tuple[int, int]]:
    """Return the first day of each calendar month touched, and that of the next."""
    dates = [facts.ward.period.date_of(day) for day in facts.days]
    found = []
    for year, month in sorted({(on.year, on.month) for on in dates}):
        first = dates[0].replace(year=year, month=month, day=1)
        after = first + timedelta(days=32)
        ends = after - timedelta(days=after.day - 1)
        found.append(((first - dates[0]).days, (ends - dates[0]).days))
    return found


def _inside(facts: WardFacts, day: int, shift: int, first: int, last: int) -> int:
    """Return the minutes of a shift's on-call duty from the start of one day to that of another."""
    begins, ends = facts.clock.on_call(day, shift)
    midnight = time.min
    return max(min(ends, facts.clock.at(last, midnight)) - max(begins, facts.clock.at(first, midnight)), 0)
