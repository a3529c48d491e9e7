"""Plans: a rule, a row that just keeps it, and one that just breaks it, judged and compiled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal

from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.rules import Rule
from samplan_rostering.domain.ward import (
    Contract,
    Employee,
    PastShift,
    Period,
    RosterType,
    RuleProfile,
    ShiftKind,
    ShiftType,
    Unit,
    WardData,
    WeeklyRequirement,
)
from samplan_rostering.solver.evaluate_problem import broken_rules
from samplan_rostering.solver.from_ward import problem_from_ward

MONDAY = date(2027, 1, 4)
NIGHT = ShiftKind.NIGHT


def shift(code: str, start: str, end: str, on_call: int = 0, standby: int = 0) -> ShiftType:
    """Return a shift type that is paid for all of its ordinary work."""
    kind = NIGHT if start >= "16:00" else ShiftKind.DAY
    plain = ShiftType(code, code, kind, time.fromisoformat(start), time.fromisoformat(end), 0, 0)
    length = (plain.end.hour - plain.start.hour) * 60 + plain.end.minute - plain.start.minute
    length += 1440 * (plain.end <= plain.start)
    paid = length - on_call - standby
    return replace(plain, paid_minutes=paid, on_call_minutes=on_call, standby_minutes=standby)


DAY = shift("D", "07:00", "15:00")
CALL = shift("J", "16:00", "08:00", on_call=960)
MINUTE = shift("m", "12:00", "12:01", on_call=1)
PERMIT = (("negotiated", "2026-12-01"), ("reason", "liv och hälsa"))


def setting(rule: str, **figures: object) -> RuleSetting:
    return RuleSetting(rule, Level.HARD, parameters=tuple((k, str(v)) for k, v in figures.items()))


def permission(minutes: int) -> RuleSetting:
    figures = (("minutes", str(minutes)), *PERMIT)
    last = MONDAY + timedelta(365)
    return RuleSetting(
        "long_shift_permission", Level.HARD, parameters=figures, valid_from=MONDAY, valid_to=last
    )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A rule, a row that just keeps it, and one that just breaks it; `past` is by days before the period."""

    rule: Rule
    types: tuple[ShiftType, ...]
    keeps: str
    breaks: str
    start: date = MONDAY
    days: int = 7
    day_break: time = time(19, 0)
    roster_type: RosterType = RosterType.ROTATION_20
    settings: tuple[RuleSetting, ...] = (permission(1440),)
    past: tuple[tuple[int, str], ...] = ()

    @property
    def ward(self) -> WardData:
        """A ward of one person in which everything is required."""
        return WardData(
            unit=Unit("P", "Prov"),
            period=Period(self.start, self.start + timedelta(self.days - 1)),
            skills=(),
            shift_types=self.types,
            employees=(Employee("E", "E", "Läkare", self.day_break),),
            contracts=(Contract("E", date(2026, 1, 1), None, Decimal(100), self.roster_type, 2400),),
            weekly_requirements=tuple(
                WeeklyRequirement(weekday, kind.code, None, 0, 0, None)
                for weekday in range(7)
                for kind in self.types
            ),
            history=tuple(PastShift("E", self.start - timedelta(back), code) for back, code in self.past),
            rules=RuleProfile(hours_band_minutes=100_000),
            settings=self.settings,
        )


def check(plan: Plan) -> None:
    """Assert that evaluator and model find the one row sound and the other not."""
    used = {*plan.keeps, *plan.breaks, *(code for _back, code in plan.past)}
    plan = replace(plan, types=tuple(kind for kind in plan.types if kind.code in used))
    problem, numbers = problem_from_ward(plan.ward), {kind.code: n for n, kind in enumerate(plan.types)}
    for row, broken in ((plan.keeps, False), (plan.breaks, True)):
        cells = [Assignment("E", day, code) for day, code in enumerate(row) if code != "-"]
        judged = {violation.rule for violation in evaluate_ward(plan.ward, cells).violations}
        compiled = broken_rules(problem, 0, tuple(numbers.get(code) for code in row.ljust(plan.days, "-")))
        assert (plan.rule in judged) is broken, row
        assert (plan.rule in {violation.rule for violation in compiled}) is broken, row
