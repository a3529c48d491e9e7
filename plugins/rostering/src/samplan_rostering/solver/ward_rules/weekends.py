"""Weekends."""

from itertools import product

from samplan_rostering.domain.ward_rules.weekends import EverySecondWeekend, WeekendShare, WholeWeekend
from samplan_rostering.solver import soft
from samplan_rostering.solver.ward_rules.builder import ProblemBuilder, compiles


@compiles(WeekendShare)
def weekend_share(rule: WeekendShare, out: ProblemBuilder) -> None:
    """Limit the weekends worked, or charge those beyond the share."""
    free = -(-rule.percent * len(out.facts.saturdays) // 100)
    for number, _ in out.concerned(rule):
        if rule.hard:
            out.own[number].max_weekends = free
        else:
            out.own[number].weekends_free, out.own[number].weekend_over = free, rule.weight


@compiles(EverySecondWeekend)
def every_second_weekend(rule: EverySecondWeekend, out: ProblemBuilder) -> None:
    """Exclude two weekends in a row, or charge them."""
    for number, _ in out.concerned(rule):
        if not rule.hard:
            out.own[number].weekend_adjacent = rule.weight
            continue
        for saturday in out.facts.saturdays:
            first = product((saturday - 7, saturday - 6), out.facts.shift_numbers)
            second = product((saturday, saturday + 1), out.facts.shift_numbers)
            for pair in product(first, second):
                if pair[1][0] < len(out.facts.days):
                    out.exclude(rule, number, pair)


@compiles(WholeWeekend)
def whole_weekend(rule: WholeWeekend, out: ProblemBuilder) -> None:
    """Exclude or charge one day of a weekend without the other."""
    for number, _ in out.concerned(rule):
        if not rule.hard:
            out.whole_weekends.append(soft.WholeWeekend(rule.term, number, rule.weight))
            continue
        for day in out.facts.saturdays:
            if day >= 0 and day + 1 < len(out.facts.days):
                for shift in out.facts.shift_numbers:
                    out.exclude(rule, number, ((day, shift), (day + 1, soft.FREE)))
                    out.exclude(rule, number, ((day, soft.FREE), (day + 1, shift)))
