"""What the compilation of a ward looks up again and again, by day and shift number."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, time
from fractions import Fraction

from samplan_rostering.domain.ward import (
    Absence,
    AbsenceKind,
    Contract,
    DatedRequirement,
    Employee,
    ShiftKind,
    WardData,
    WeeklyRequirement,
)
from samplan_rostering.domain.ward_rules import rule_set
from samplan_rostering.solver.instants import WardClock
from samplan_rostering.solver.soft import Cell

Requirement = WeeklyRequirement | DatedRequirement
_SATURDAY = 5
_DAY = 24 * 60


class WardFacts:
    """A ward's rows, indexed; days count from 0, negative ones belong to the history."""

    def __init__(self, ward: WardData) -> None:
        self.ward = ward
        self.days = range(ward.period.days)
        self.clock = WardClock(ward)
        self.shifts = {shift.code: index for index, shift in enumerate(ward.shift_types)}
        self.shift_numbers = range(len(ward.shift_types))
        nominal, kinds = self.clock.nominal_minutes, ward.shift_types
        self.working = frozenset(s for s in self.shift_numbers if kinds[s].standby_minutes < nominal(s))
        """Shifts that are more than standby."""
        self.nights = frozenset(s for s in self.working if kinds[s].kind is ShiftKind.NIGHT)
        self.cells = frozenset((day, shift) for day in self.days for shift in self.shift_numbers)
        self.rule_set = rule_set(ward)
        self.history: dict[str, dict[int, int]] = defaultdict(dict)
        for past in ward.history:
            self.history[past.employee][ward.period.day_of(past.date)] = self.shifts[past.shift]
        self.requirements = [self._requirements_on(day) for day in self.days]
        self._contracts: dict[str, list[Contract]] = defaultdict(list)
        for contract in ward.contracts:
            self._contracts[contract.employee].append(contract)
        self._skills: dict[tuple[str, int], set[str]] = {}
        self.absent = {employee.code: self._absences_of(employee) for employee in ward.employees}
        self._parts = {employee.code: self._parts_of(employee) for employee in ward.employees}
        self.targets = {employee.code: self._target_minutes(employee) for employee in ward.employees}

    @property
    def saturdays(self) -> range:
        """First days of the weekends that touch the period; -1 when it starts on a Sunday."""
        first = _SATURDAY - self.ward.period.start.weekday()
        return range(first, len(self.days), 7)

    def past_of(self, number: int) -> dict[int, int]:
        """Return the shifts worked before the period by an employee, given by number."""
        return self.history.get(self.ward.employees[number].code, {})

    def run_before(self, employee: Employee, shifts: Collection[int] | None = None) -> int:
        """Return how many days in a row end the day before the period, with some shifts or any."""
        past, run = self.history.get(employee.code, {}), 0
        while -run - 1 in past and (shifts is None or past[-run - 1] in shifts):
            run += 1
        return run

    def length(self, cell: Cell) -> int:
        """Return how many minutes of work a shift that starts on a day has, its breaks included."""
        start, end = self.clock.work(*cell)
        return end - start

    def dates_of(self, day: int, shift: int) -> tuple[int, ...]:
        """Return the days on which some of a shift is worked."""
        kind = self.ward.shift_types[shift]
        over_midnight = time.min < kind.end <= kind.start
        return (day, day + 1) if over_midnight else (day,)

    def first_contract(self, employee: Employee) -> Contract | None:
        """Return the first contract in force in the period."""
        return next(filter(None, (self.contract_on(employee, day) for day in self.days)), None)

    def credited_minutes(self, employee: Employee, days: range) -> int:
        """Return what vacation and sick leave count as worked (Arbetstidslagen 10 b §)."""
        kinds = {AbsenceKind.VACATION, AbsenceKind.SICK}
        absent = self.absent[employee.code]
        counted = [day for day in days if absent.get(day) in kinds]
        whole = self._contract_minutes(employee, counted)
        return int(whole + self._part_minutes(employee, days, kinds) + Fraction(1, 2))

    def is_away(self, employee: Employee, cell: Cell) -> bool:
        """Tell whether a shift that starts on a day touches a day of absence, or the absent part of one."""
        absent, parts = self.absent[employee.code], self._parts[employee.code]
        if not absent and not parts:
            return False
        start, end = self.clock.span(*cell)
        at = self.clock.at
        return any(
            day in absent
            or any(
                start < at(day + part.clock[1] // _DAY, part.end) and at(day, part.start) < end
                for part in parts.get(day, ())
                if part.start is not None and part.end is not None
            )
            for day in self.dates_of(*cell)
        )

    def contract_on(self, employee: Employee, day: int) -> Contract | None:
        """Return the contract in force on a day."""
        on = self.ward.period.date_of(day)
        return next((c for c in self._contracts[employee.code] if c.valid_on(on)), None)

    def engaged_on(self, employee: Employee, day: int) -> bool:
        """Tell whether a contract, or the hiring, is in force on a day."""
        hired = employee.hired
        if hired:
            return hired.engaged_on(self.ward.period.date_of(day))
        return self.contract_on(employee, day) is not None

    def skills_on(self, employee: Employee, day: int) -> set[str]:
        """Return the skills that may be used on a day."""
        key = employee.code, day
        if key not in self._skills:
            on = self.ward.period.date_of(day)
            self._skills[key] = {held.skill for held in employee.skills if held.valid_on(on)}
        return self._skills[key]

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

    def _absences_of(self, employee: Employee) -> dict[int, AbsenceKind]:
        """Return the kind of absence by day; before and after the period too."""
        day_of = self.ward.period.day_of
        return {
            day: row.kind
            for row in self.ward.absences
            if row.employee == employee.code and row.start is None
            for day in range(day_of(row.first), day_of(row.last) + 1)
        }

    def _parts_of(self, employee: Employee) -> dict[int, list[Absence]]:
        """Return the absences for a part of a day, by day."""
        found: dict[int, list[Absence]] = {}
        day_of = self.ward.period.day_of
        for row in self.ward.absences:
            if row.employee == employee.code and row.start is not None:
                for day in range(day_of(row.first), day_of(row.last) + 1):
                    found.setdefault(day, []).append(row)
        return found

    def _part_minutes(self, employee: Employee, days: range, kinds: Collection[AbsenceKind]) -> Fraction:
        """Return what parts of days take of the contract: their length, at most a day's share of it."""
        total = Fraction(0)
        for day, rows in self._parts[employee.code].items():
            if day in days and day not in self.absent[employee.code]:
                spans = [row.clock for row in rows if row.kind in kinds]
                away = {minute for start, end in spans for minute in range(start, end)}
                total += min(self._contract_minutes(employee, [day]), Fraction(len(away)))
        return total

    def _contract_minutes(self, employee: Employee, days: Iterable[int]) -> Fraction:
        """Return what contracts ask for on days: a seventh of a week each."""
        own, start = self._contracts[employee.code], self.ward.period.start
        spans = [((row.valid_from - start).days, ((row.valid_to or date.max) - start).days) for row in own]
        counted = [0] * len(own)
        for day in days:
            for place, (first, last) in enumerate(spans):
                if first <= day <= last:
                    counted[place] += 1
                    break
        return sum(
            (
                Fraction(own[place].percentage) * own[place].fulltime_week_minutes * number / 700
                for place, number in enumerate(counted)
            ),
            Fraction(0),
        )

    def _target_minutes(self, employee: Employee) -> int:
        """Return the contract's minutes for the period, without absence."""
        present = (day for day in self.days if day not in self.absent[employee.code])
        parts = self._part_minutes(employee, self.days, frozenset(AbsenceKind))
        return int(self._contract_minutes(employee, present) - parts + Fraction(1, 2))
