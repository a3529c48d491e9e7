"""A period's roster as it stands among others: with guests from an internal unit, or in other wards' shifts.

Rosters in force belong together, and so do those of one run among which none is. Who works in another ward
than that of the own period does so in that ward's shift; there the person is a guest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from samplan.plugin_api import OrgUnit, TenantSession
from samplan_rostering.domain.evaluate_hospital import evaluate_internal
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.evaluation import Evaluation
from samplan_rostering.domain.hospital import Guest, Hospital, Placement
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import ShiftType as ShiftValue
from samplan_rostering.domain.ward import Unit, WardData
from samplan_rostering.models import Assignment as AssignmentRow
from samplan_rostering.models import EmployeeSkill, Roster, RosterPeriod, ShiftType, Skill, Ward
from samplan_rostering.queries.periods.ward_data import shift_value
from samplan_rostering.queries.solving.best import rosters_in_force

AWAY = "/"
"""Between unit and shift in the code of a shift that is worked in another ward."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A ward with every shift that its people work, who works what, and who comes from elsewhere."""

    ward: WardData
    cells: tuple[Assignment, ...]
    guests: tuple[Guest, ...]
    away: tuple[tuple[str, ShiftValue], ...]
    """Shifts of other wards that are worked, with their units."""

    def evaluate(self, ward: WardData) -> Evaluation:
        """Let the independent evaluator judge the roster by a ward's input.

        What the other wards need is judged with theirs.
        """
        if not self.away:
            return evaluate_ward(ward, self.cells, self.guests)
        hospital = Hospital(tuple(_stub(ward, unit, self.away) for unit in self._units()), ward)
        return evaluate_internal(hospital, [self._placement(ward, cell) for cell in self.cells], places=False)

    def _units(self) -> list[str]:
        return sorted({unit for unit, _ in self.away})

    def _placement(self, ward: WardData, cell: Assignment) -> Placement:
        for unit, shift in self.away:
            if cell.shift == f"{unit}{AWAY}{shift.code}":
                return Placement(cell.employee, cell.day, unit, shift.code)
        return Placement(cell.employee, cell.day, ward.unit.code, cell.shift)


def standing(
    session: TenantSession,
    roster: Roster,
    ward: WardData,
    cells: Iterable[Assignment],
    lending: Collection[UUID] = (),
) -> Standing:
    """Return a period's roster as it stands, from its ward's input and assignments.

    `lending` names shift types of other wards that are about to be worked, by id.
    """
    period = session.get_one(RosterPeriod, (session.tenant_id, roster.period_id))
    away = _away(session, roster.id, period.ward_id, lending)
    shown = replace(
        ward,
        shift_types=(
            *ward.shift_types,
            *(
                replace(shift, code=f"{unit}{AWAY}{shift.code}", name=f"{shift.name}, {unit}")
                for unit, shift in away
            ),
        ),
    )
    return Standing(shown, tuple(cells), _guests(session, roster, period), away)


def _stub(ward: WardData, unit: str, away: Iterable[tuple[str, ShiftValue]]) -> WardData:
    """Return another ward as far as the rules of the own people see it: its shifts."""
    return replace(
        ward,
        unit=Unit(unit, unit, ward.unit.timezone),
        shift_types=tuple(shift for of, shift in away if of == unit),
        employees=(),
        contracts=(),
        weekly_requirements=(),
        dated_requirements=(),
        absences=(),
        wishes=(),
        history=(),
        pins=(),
    )


def _away(
    session: TenantSession, roster_id: UUID, ward_id: UUID, lending: Collection[UUID]
) -> tuple[tuple[str, ShiftValue], ...]:
    worked = select(AssignmentRow.shift_type_id).where(AssignmentRow.roster_id == roster_id)
    rows = session.execute(
        select(OrgUnit.code, ShiftType)
        .select_from(ShiftType)
        .join(Ward, Ward.id == ShiftType.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(
            ShiftType.ward_id != ward_id,
            or_(ShiftType.id.in_(worked), ShiftType.id.in_(lending)) if lending else ShiftType.id.in_(worked),
        )
        .order_by(OrgUnit.code, ShiftType.position, ShiftType.id)
    )
    return tuple((unit, shift_value(shift)) for unit, shift in rows)


def _guests(session: TenantSession, roster: Roster, period: RosterPeriod) -> tuple[Guest, ...]:
    """Return who works in the ward by another roster that it belongs together with."""
    others = _together(session, roster, period)
    if not others:
        return ()
    shifts = session.execute(
        select(AssignmentRow.employee_id, AssignmentRow.on_date, ShiftType.code, RosterPeriod.ward_id)
        .select_from(AssignmentRow)
        .join(Roster, Roster.id == AssignmentRow.roster_id)
        .join(RosterPeriod, RosterPeriod.id == Roster.period_id)
        .join(ShiftType, ShiftType.id == AssignmentRow.shift_type_id)
        .where(
            Roster.id.in_(others),
            ShiftType.ward_id == period.ward_id,
            AssignmentRow.on_date.between(period.start_date, period.end_date),
        )
    ).all()
    held = _held(session, {employee for employee, *_ in shifts}, {ward_id for *_, ward_id in shifts})
    return tuple(
        sorted(
            Guest(
                (on - period.start_date).days,
                shift,
                tuple(
                    sorted(
                        {
                            code
                            for owner, code, first, last in held
                            if owner == employee and (first or on) <= on <= (last or on)
                        }
                    )
                ),
            )
            for employee, on, shift, _ in shifts
        )
    )


def _held(
    session: TenantSession, people: Collection[UUID], wards: Collection[UUID]
) -> Sequence[tuple[UUID, str, date | None, date | None]]:
    """Return who holds which skill from when to when, of the skills of some wards."""
    rows = session.execute(
        select(EmployeeSkill.employee_id, Skill.code, EmployeeSkill.valid_from, EmployeeSkill.valid_to)
        .join(Skill, Skill.id == EmployeeSkill.skill_id)
        .where(EmployeeSkill.employee_id.in_(people), Skill.ward_id.in_(wards))
    )
    return [(person, code, first, last) for person, code, first, last in rows]


def _together(session: TenantSession, roster: Roster, period: RosterPeriod) -> Collection[UUID]:
    """Return the rosters whose people may work in the ward: for one in force those that are so too.

    For any other those of its run. The periods are those of the run, and of units with people who have been
    introduced to the ward.
    """
    of_run: dict[UUID, UUID | None] = {}
    if roster.run_id is not None:
        same = select(Roster.id, Roster.period_id).where(Roster.run_id == roster.run_id)
        of_run = dict(session.execute(same.where(Roster.id != roster.id)).all())
    unit = select(OrgUnit.code).join(Ward, Ward.unit_id == OrgUnit.id).where(Ward.id == period.ward_id)
    introduced = (
        select(RosterPeriod.id)
        .join(Skill, Skill.ward_id == RosterPeriod.ward_id)
        .where(
            Skill.code == unit.scalar_subquery(),
            RosterPeriod.ward_id != period.ward_id,
            RosterPeriod.start_date <= period.end_date,
            RosterPeriod.end_date >= period.start_date,
        )
    )
    periods = {key for key in of_run.values() if key} | set(session.scalars(introduced))
    if not periods:
        return ()
    in_force = {one.id for one in rosters_in_force(session, Roster.period_id.in_({period.id, *periods}))}
    return in_force - {roster.id} if roster.id in in_force else of_run
