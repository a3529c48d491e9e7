"""Days and nights in a row, and the order of shifts."""

from samplan_rostering.domain.ward import ShiftKind
from samplan_rostering.domain.ward_rules.runs import (
    ConsecutiveDays,
    ConsecutiveLong,
    ConsecutiveNights,
    ForwardRotation,
)
from samplan_rostering.solver.ward_rules.builder import ProblemBuilder, compiles

_PLACE = {ShiftKind.DAY: 0, ShiftKind.EVENING: 1, ShiftKind.NIGHT: 2}


@compiles(ConsecutiveDays)
def consecutive_days(rule: ConsecutiveDays, out: ProblemBuilder) -> None:
    """Limit the run of working days."""
    for number, employee in out.concerned(rule):
        working = out.facts.working
        if rule.hard and len(working) == len(out.facts.shift_numbers):
            out.own[number].max_run = min(out.own[number].max_run, rule.limit)
        else:
            out.runs(rule, number, working, rule.limit, out.facts.run_before(employee, working))


@compiles(ConsecutiveNights)
def consecutive_nights(rule: ConsecutiveNights, out: ProblemBuilder) -> None:
    """Limit the run of nights."""
    for number, employee in out.concerned(rule):
        before = out.facts.run_before(employee, out.facts.nights)
        out.runs(rule, number, out.facts.nights, rule.limit, before)


@compiles(ConsecutiveLong)
def consecutive_long(rule: ConsecutiveLong, out: ProblemBuilder) -> None:
    """Limit the run of shifts that are long by the clock."""
    nominal, kinds = out.facts.clock.nominal_minutes, out.facts.ward.shift_types
    worked = {shift: nominal(shift) - kinds[shift].standby_minutes for shift in out.facts.shift_numbers}
    long = frozenset(shift for shift, length in worked.items() if length > rule.minutes)
    for number, employee in out.concerned(rule):
        out.runs(rule, number, long, rule.limit, out.facts.run_before(employee, long))


@compiles(ForwardRotation)
def forward_rotation(rule: ForwardRotation, out: ProblemBuilder) -> None:
    """Exclude pairs of shifts on following days that go backwards through the day."""
    facts = out.facts
    place = [_PLACE[kind.kind] for kind in facts.ward.shift_types]
    pairs = [
        ((day - 1, one), (day, two))
        for day in facts.days
        if rule.holds_on(facts.ward.period.date_of(day))
        for one in sorted(facts.working)
        for two in sorted(facts.working)
        if place[two] < place[one]
    ]
    for number, _ in out.concerned(rule):
        for pair in pairs:
            out.exclude(rule, number, pair)
