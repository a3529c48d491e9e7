"""Evaluate the rosters of several wards and their internal unit, whose people are judged over all wards."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.evaluation import Evaluation, Gap, Violation
from samplan_rostering.domain.hospital import (
    Hospital,
    Placement,
    guests_of,
    internal_view,
    may_work,
    needs_on,
    own_place,
    rows_of_internal,
    skills_on,
)
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rules import Rule, Term
from samplan_rostering.domain.ward import Employee, WardData
from samplan_rostering.domain.ward_rules.given import Skilled


@dataclass(frozen=True, slots=True)
class HospitalEvaluation:
    """The judgement of each unit, by its code; the internal unit's is of its people's rows over all wards."""

    units: Mapping[str, Evaluation]

    @property
    def violations(self) -> tuple[tuple[str, Violation], ...]:
        """Every broken rule, with the unit whose people break it."""
        return tuple((code, broken) for code, unit in self.units.items() for broken in unit.violations)

    @property
    def gaps(self) -> tuple[tuple[str, Gap], ...]:
        """Where people are missing below the minimum, by unit."""
        return tuple((code, gap) for code, unit in self.units.items() for gap in unit.gaps)

    @property
    def objective(self) -> int:
        """Sum of all soft terms of all units."""
        return sum(unit.objective for unit in self.units.values())

    @property
    def uncovered(self) -> int:
        """People missing below the minimum, in all units."""
        return sum(unit.uncovered for unit in self.units.values())


def evaluate_hospital(
    hospital: Hospital, rosters: Mapping[str, Iterable[Assignment]], placements: Sequence[Placement]
) -> HospitalEvaluation:
    """Judge the rosters of the wards, by unit code, and where the internal unit's people work.

    A ward without a roster is judged as if nobody worked.
    """
    units = {
        ward.unit.code: evaluate_ward(
            ward, rosters.get(ward.unit.code, ()), guests_of(hospital, ward, placements)
        )
        for ward in hospital.wards
    }
    if hospital.internal is not None:
        units[hospital.internal.unit.code] = evaluate_internal(hospital, placements)
    return HospitalEvaluation(units)


def evaluate_internal(
    hospital: Hospital, placements: Sequence[Placement], *, places: bool = True
) -> Evaluation:
    """Judge the rows of the internal unit's people: rules, wishes and evenness over all wards together.

    What the wards need is priced with the wards, what the internal unit needs at its own place here. Without
    `places` the wards are those of their shifts alone, and who may work where is left aside.
    """
    view, place = internal_view(hospital), own_place(hospital)
    rows = evaluate_ward(view, rows_of_internal(hospital, placements))
    own = evaluate_ward(place, (), guests_of(hospital, place, placements))
    breakdown: dict[Term, int] = defaultdict(int)
    for part in (rows, own):
        for term, points in part.breakdown.items():
            breakdown[term] += points
    return replace(
        own,
        violations=(*rows.violations, *(_misplaced(hospital, placements) if places else ())),
        breakdown=dict(breakdown),
        charges=(*rows.charges, *own.charges),
    )


def _misplaced(hospital: Hospital, placements: Iterable[Placement]) -> Iterator[Violation]:
    """Yield who works where nobody of these skills is needed, or where they have not been introduced."""
    place = own_place(hospital)
    places = {ward.unit.code: ward for ward in (*hospital.wards, place)}
    people = {} if hospital.internal is None else {e.code: e for e in hospital.internal.employees}
    for cell in sorted(placements):
        ward, person = places.get(cell.unit), people.get(cell.employee)
        if ward is None or person is None or not 0 <= cell.day < ward.period.days:
            yield Violation(Rule.UNKNOWN, cell.employee, cell.day)
        elif not _fits(ward, person, cell, own=ward is place):
            yield Violation(Rule.SKILL, cell.employee, cell.day, source=Skilled.source)


def _fits(ward: WardData, person: Employee, cell: Placement, *, own: bool) -> bool:
    on = ward.period.date_of(cell.day)
    skills = skills_on(person, on)
    needed = any(
        need.shift == cell.shift and (need.skill is None or need.skill in skills)
        for need in needs_on(ward, cell.day)
    )
    return needed and (own or may_work(person, ward, on))
