"""What the compilation of a ward looks up again and again, by day and shift number."""

from collections import defaultdict
from fractions import Fraction

from samplan_rostering.domain.ward import (
    Contract,
    DatedRequirement,
    Employee,
    ShiftKind,
    WardData,
    WeeklyRequirement,
)
from samplan_rostering.solver.instants import WardClock

Requirement = WeeklyRequirement | DatedRequirement
_SATURDAY = 5


class WardFacts:
    """A ward's rows, indexed; days count from 0, negative ones belong to the history."""

    def __init__(self, ward: WardData) -> None:
        self.ward = ward
        self.days = range(ward.period.days)
        self.clock = WardClock(ward)
        self.shifts = {shift.code: index for index, shift in enumerate(ward.shift_types)}
        self.nights = frozenset(
            index for index, shift in enumerate(ward.shift_types) if shift.kind is ShiftKind.NIGHT
        )
        self.history: dict[str, dict[int, int]] = defaultdict(dict)
        for past in ward.history:
            self.history[past.employee][ward.period.day_of(past.date)] = self.shifts[past.shift]
        self.requirements = [self._requirements_on(day) for day in self.days]
        self._contracts: dict[str, list[Contract]] = defaultdict(list)
        for contract in ward.contracts:
            self._contracts[contract.employee].append(contract)
        self.absent = {employee.code: self._absent_days(employee) for employee in ward.employees}
        self.targets = {employee.code: self._target_minutes(employee) for employee in ward.employees}

    @property
    def saturdays(self) -> range:
        """First days of the weekends that touch the period; -1 when it starts on a Sunday."""
        first = _SATURDAY - self.ward.period.start.weekday()
        return range(first, len(self.days), 7)

    def contract_on(self, employee: Employee, day: int) -> Contract | None:
        """Return the contract in force on a day."""
        on = self.ward.period.date_of(day)
        return next((c for c in self._contracts[employee.code] if c.valid_on(on)), None)

    def skills_on(self, employee: Employee, day: int) -> set[str]:
        """Return the skills that may be used on a day."""
        on = self.ward.period.date_of(day)
        return {held.skill for held in employee.skills if held.valid_on(on)}

    def counts(self, employee: Employee, day: int, requirement: Requirement) -> bool:
        """Tell whether the employee counts towards a requirement of the day."""
        return requirement.skill is None or requirement.skill in self.skills_on(employee, day)

    def _requirements_on(self, day: int) -> list[Requirement]:
        on = self.ward.period.date_of(day)
        rows: dict[tuple[str, str | None], Requirement] = {
            (row.shift, row.skill): row
            for row in self.ward.weekly_requirements
            if row.weekday == on.weekday()
        }
        rows |= {(row.shift, row.skill): row for row in self.ward.dated_requirements if row.date == on}
        return list(rows.values())

    def _absent_days(self, employee: Employee) -> frozenset[int]:
        """Return the absent days; the day after the period too, where a night may end."""
        date_of = self.ward.period.date_of
        return frozenset(
            day
            for row in self.ward.absences
            if row.employee == employee.code
            for day in range(len(self.days) + 1)
            if row.first <= date_of(day) <= row.last
        )

    def _target_minutes(self, employee: Employee) -> int:
        """Return the contract's minutes for the period: a seventh of a week each day not absent."""
        target = Fraction(0)
        for day in self.days:
            contract = self.contract_on(employee, day)
            if contract is not None and day not in self.absent[employee.code]:
                target += Fraction(contract.percentage) * contract.fulltime_week_minutes / 700
        return int(target + Fraction(1, 2))
