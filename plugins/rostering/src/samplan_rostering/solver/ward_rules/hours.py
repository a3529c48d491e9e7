"""Hours of the contract, averages over reference periods, and what work costs."""

from dataclasses import replace
from datetime import timedelta

from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.domain.ward_rules.hours import (
    AverageHours,
    AverageOrdinary,
    AverageTotal,
    Cost,
    LeastHours,
    MostHours,
    NightAverage,
)
from samplan_rostering.solver.ward_rules.builder import ProblemBuilder, compiles


@compiles(LeastHours)
def least_hours(rule: LeastHours, out: ProblemBuilder) -> None:
    """Set the fewest minutes."""
    for number, employee in out.concerned(rule):
        target = out.facts.targets[employee.code]
        out.own[number].min_minutes = max(target - rule.band(target), 0)


@compiles(MostHours)
def most_hours(rule: MostHours, out: ProblemBuilder) -> None:
    """Set the most minutes."""
    for number, employee in out.concerned(rule):
        most = rule.most(out.facts.targets[employee.code], employee.hired)
        if most is not None:
            out.own[number].max_minutes = min(out.own[number].max_minutes, most)


@compiles(AverageTotal, AverageOrdinary, NightAverage)
def average_hours(rule: AverageHours, out: ProblemBuilder) -> None:
    """Limit the sum of minutes of each reference period to what past and absence leave."""
    facts = out.facts
    on_call = facts.clock.on_call_minutes if rule.on_call else lambda _day, _shift: 0
    amounts = out.minutes
    if rule.on_call and any(kind.on_call_minutes for kind in facts.ward.shift_types):
        amounts = out.work_minutes
    for number, employee in out.concerned(rule):
        contract = facts.first_contract(employee)
        night_worker = not isinstance(rule, NightAverage) or (
            contract is not None and contract.roster_type.value in rule.roster_types
        )
        if contract is None or not night_worker:
            continue
        past = facts.past_of(number)
        for end in range(len(facts.days), 0, -7):
            first = end - 7 * rule.weeks
            start = max(first, min(past, default=0))
            before = [cell for cell in past.items() if cell[0] >= start]
            worked = sum(facts.clock.paid_minutes(*cell) + on_call(*cell) for cell in before)
            spent = worked + facts.credited_minutes(employee, range(start, end))
            inside = range(max(start, 0), end)
            high = max(rule.allowed(end - start) - spent, 0)
            whole = end - max(start, 0) == len(facts.days)
            if not whole or amounts is not out.minutes or high < out.own[number].max_minutes:
                out.window(rule, number, inside, amounts[inside.start : inside.stop], (None, high))
            if first <= 0:
                break


@compiles(Cost)
def cost(rule: Cost, out: ProblemBuilder) -> None:
    """Charge each shift by its paid time and its duty."""
    facts = out.facts
    prices = {}
    for day, shift in sorted(facts.cells):
        on = facts.ward.period.date_of(day)
        dear = on.weekday() >= 5 or public_holiday(on) or public_holiday(on + timedelta(1))
        rate = rule.hour + (rule.night_hour if shift in facts.nights else 0)
        sixtieths = (rate + (rule.weekend_hour if dear else 0)) * out.minutes[day][shift]
        sixtieths += rule.on_call_hour * facts.clock.on_call_minutes(day, shift)
        amount = (sixtieths + rule.standby_hour * facts.clock.standby_minutes(day, shift)) // 60
        if amount:
            prices[day, shift] = replace(rule, weight=rule.weight * amount)
    for number, _ in out.concerned(rule):
        for cell, priced in prices.items():
            out.exclude(priced, number, (cell,))
