"""Who counts for which need, and what a cell's work is worth there: to sort out candidates quickly.

Nothing is claimed by it: what a suggestion does is told by the evaluator.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from samplan_rostering.domain.hospital import Guest
from samplan_rostering.domain.ward import DatedRequirement, Employee, WardData, WeeklyRequirement

_Requirement = WeeklyRequirement | DatedRequirement
_Cell = tuple[int, str]


class Coverage:
    """The needs of a ward by day and shift, and how many count for each in a roster."""

    def __init__(
        self, ward: WardData, rows: Mapping[str, Mapping[int, str]], guests: Collection[Guest] = ()
    ) -> None:
        self._ward, self._guests = ward, guests
        self._people = {employee.code: employee for employee in ward.employees}
        self._dated: dict[int, list[DatedRequirement]] = defaultdict(list)
        for row in ward.dated_requirements:
            self._dated[ward.period.day_of(row.date)].append(row)
        self._needs: dict[_Cell, list[_Requirement]] = {}
        self._there: dict[_Cell, set[str]] = defaultdict(set)
        for code, own in rows.items():
            for day, shift in own.items():
                self._there[day, shift].add(code)

    def counts(self, employee: str, day: int, skill: str | None) -> bool:
        """Tell whether somebody counts for a need of a skill on a day."""
        return skill is None or skill in _skills(self._people[employee], self._ward, day)

    def there(self, day: int, shift: str) -> frozenset[str]:
        """Return who works a shift on a day."""
        return frozenset(self._there[day, shift])

    def wanted(self, employee: str, day: int, shift: str) -> bool:
        """Tell whether somebody counts for some need of a cell."""
        return bool(self._of(employee, day, shift))

    def loss(self, employee: str, day: int, shift: str) -> int:
        """Return how many needs would be below their minimum, or further below, without somebody."""
        return sum(self._present(day, need) <= need.minimum for need in self._of(employee, day, shift))

    def price(self, employee: str, day: int, shift: str, step: int) -> int:
        """Return what staffing costs more if somebody comes (step 1) to a cell or goes from it (-1)."""
        total = 0
        for need in self._of(employee, day, shift):
            present = self._present(day, need)
            total += self._cost(need, present + step) - self._cost(need, present)
        return total

    def _cost(self, need: _Requirement, present: int) -> int:
        rules = self._ward.rules
        cost = rules.weight_under_minimum * max(need.minimum - present, 0)
        cost += rules.weight_under_target * max(need.target - present, 0)
        if need.maximum is not None:
            cost += rules.weight_over_maximum * max(present - need.maximum, 0)
        return cost

    def _present(self, day: int, need: _Requirement) -> int:
        own = sum(self.counts(code, day, need.skill) for code in self._there[day, need.shift])
        return own + sum(guest.day == day and guest.counts(need) for guest in self._guests)

    def _of(self, employee: str, day: int, shift: str) -> list[_Requirement]:
        """Return the needs of a cell that somebody counts for."""
        if (day, shift) not in self._needs:
            dated = [row for row in self._dated[day] if row.shift == shift]
            replaced = {row.skill for row in dated}
            weekday = self._ward.period.date_of(day).weekday()
            weekly = [
                row
                for row in self._ward.weekly_requirements
                if row.weekday == weekday and row.shift == shift and row.skill not in replaced
            ]
            self._needs[day, shift] = [*dated, *weekly]
        return [need for need in self._needs[day, shift] if self.counts(employee, day, need.skill)]


def _skills(employee: Employee, ward: WardData, day: int) -> set[str]:
    on = ward.period.date_of(day)
    return {held.skill for held in employee.skills if held.valid_on(on)}
