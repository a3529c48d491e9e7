"""Where people of an internal unit can work, and what one more person saves there."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samplan_rostering.domain.hospital import (
    Hospital,
    Need,
    internal_view,
    may_work,
    needs_on,
    own_place,
    shift_codes,
    skills_on,
)
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import Employee, WardData
from samplan_rostering.domain.ward_rules.cover import UnderMinimum, UnderTarget
from samplan_rostering.domain.ward_rules.profile import rule_set

NeedKey = tuple[int, int]
"""Number of the unit, and of the need within it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit's shift, with the needs that a person of some skills counts for on a day."""

    unit: str
    shift: str
    needs: tuple[NeedKey, ...]


Reach = Mapping[tuple[int, int], Sequence[Place]]
"""By day and kind of shift the places where somebody may work and counts for something."""


class Places:
    """What the units need and who is there; the internal unit itself is the last of them."""

    def __init__(self, hospital: Hospital) -> None:
        self._hospital = hospital
        self._units: tuple[WardData, ...] = (*hospital.wards, own_place(hospital))
        self._needs: dict[NeedKey, tuple[Need, tuple[int, int]]] = {}
        self._by_shift: dict[tuple[int, int, str], list[NeedKey]] = defaultdict(list)
        self._present: Counter[NeedKey] = Counter()
        for number, ward in enumerate(self._units):
            keys, weights = ((number, count) for count in range(2**31)), _weights(ward)
            for day in range(ward.period.days):
                for need in needs_on(ward, day):
                    key = next(keys)
                    self._needs[key] = need, weights
                    self._by_shift[number, day, need.shift].append(key)

    def take(self, rosters: Mapping[str, Sequence[Assignment]]) -> None:
        """Count the wards' own people who are there, and nobody else."""
        self._present.clear()
        for number, ward in enumerate(self._units):
            people = {employee.code: employee for employee in ward.employees}
            for cell in rosters.get(ward.unit.code, ()):
                skills = skills_on(people[cell.employee], ward.period.date_of(cell.day))
                for key in self._by_shift.get((number, cell.day, cell.shift), ()):
                    self._present[key] += self._counts(key, skills)

    def reach(self) -> list[Reach]:
        """Return for each of the internal unit's people where they can work."""
        view = internal_view(self._hospital)
        kinds = {shift.code: number for number, shift in enumerate(view.shift_types)}
        codes = shift_codes(self._hospital)
        kind_of = {place: kinds[code] for place, code in codes.items()}
        return [self._reach_of(employee, kind_of) for employee in view.employees]

    def _reach_of(self, employee: Employee, kind_of: Mapping[tuple[str, str], int]) -> Reach:
        found: dict[tuple[int, int], list[Place]] = defaultdict(list)
        own = len(self._units) - 1
        for (number, day, shift), keys in self._by_shift.items():
            ward = self._units[number]
            on = ward.period.date_of(day)
            if number == own or may_work(employee, ward, on):
                skills = skills_on(employee, on)
                counted = tuple(key for key in keys if self._counts(key, skills))
                if counted:
                    place = Place(ward.unit.code, shift, counted)
                    found[day, kind_of[ward.unit.code, shift]].append(place)
        return found

    def _counts(self, key: NeedKey, skills: Sequence[str]) -> bool:
        need, _ = self._needs[key]
        return need.skill is None or need.skill in skills

    def saving(self, place: Place) -> int | None:
        """Return what one more person saves at a place; None where a maximum is reached."""
        saved = 0
        for key in place.needs:
            need, (below_minimum, below_target) = self._needs[key]
            present = self._present[key]
            if need.maximum is not None and present >= need.maximum:
                return None
            saved += below_minimum * (present < need.minimum)
            saved += below_target * (present < need.target)
        return saved

    def best(self, places: Sequence[Place]) -> tuple[int, Place] | None:
        """Return the place where one more person saves most, the first of equal ones, and how much."""
        best: tuple[int, Place] | None = None
        for place in places:
            saved = self.saving(place)
            if saved is not None and (best is None or saved > best[0]):
                best = saved, place
        return best

    def enter(self, place: Place) -> int:
        """Let one more person work at a place; return what that saves."""
        saved = self.saving(place) or 0
        self._present.update(place.needs)
        return saved

    def leave(self, place: Place) -> int:
        """Let one person less work at a place; return what that costs."""
        self._present.subtract(place.needs)
        return self.saving(place) or 0


def _weights(ward: WardData) -> tuple[int, int]:
    """Return what somebody missing costs, below the minimum and below the target."""
    weights = {type(rule): rule.weight for rule in rule_set(ward).rules}
    return weights.get(UnderMinimum, 0), weights.get(UnderTarget, 0)
