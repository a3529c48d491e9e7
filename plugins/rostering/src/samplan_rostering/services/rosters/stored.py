"""Storing what an optimisation found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import OrgUnit, TenantSession, record
from samplan_rostering.domain.hospital import Hospital, Placement
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.timeline import Timeline
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Assignment as AssignmentRow
from samplan_rostering.models import (
    BenchmarkProblem,
    Employee,
    Roster,
    RosterPeriod,
    Scenario,
    ShiftType,
    Ward,
)
from samplan_rostering.solver.solution import Solution

SourceKind = Literal["period", "problem", "scenario"]
_SOURCES: Mapping[SourceKind, Any] = MappingProxyType(
    {"period": RosterPeriod, "problem": BenchmarkProblem, "scenario": Scenario}
)


@dataclass(frozen=True, slots=True)
class Made:
    """Where a roster comes from: the run, and the input's mark at the time; `kind` of a ward's input."""

    roster_id: UUID
    run_id: UUID | None
    source_id: UUID
    input_hash: str
    kind: SourceKind = "period"
    origin: str = "solved"


def store_roster(session: TenantSession, made: Made, ward: WardData | None, solution: Solution) -> None:
    """Store a solution as the next roster of its period or scenario; of a problem when `ward` is None."""
    kind = "problem" if ward is None else made.kind
    roster = _add(session, made, solution, kind)
    if ward is not None and kind == "period":
        session.add_all(assignment_rows(session, roster, ward, solution.assignments))
    _recorded(session, roster)


def store_internal(
    session: TenantSession,
    made: Made,
    hospital: Hospital,
    placements: Sequence[Placement],
    solution: Solution,
) -> None:
    """Store where an internal unit's people work as the next roster of its period, in the wards' shifts."""
    roster = _add(session, made, solution, "period")
    people = select(Employee.code, Employee.id).where(Employee.code.in_({p.employee for p in placements}))
    employees = dict(session.execute(people).all())
    shifts = _shifts_of(session, {place.unit for place in placements})
    wards = {ward.unit.code: ShiftRows(ward) for ward in hospital.units}
    session.add_all(
        wards[place.unit].row(
            roster.id, employees[place.employee], place.day, place.shift, shifts[place.unit, place.shift]
        )
        for place in placements
    )
    _recorded(session, roster)


def _add(session: TenantSession, made: Made, solution: Solution, kind: SourceKind) -> Roster:
    """Add a roster without its assignments."""
    key = (session.tenant_id, made.source_id)
    # Locked, because two runs that finish together get two numbers.
    session.get_one(_SOURCES[kind], key, with_for_update=True)
    own = getattr(Roster, f"{kind}_id") == made.source_id
    last = session.scalar(select(func.max(Roster.number)).where(own)) or 0
    if solution.objective is None:
        raise ValueError("a solution without a roster cannot be stored")
    roster = Roster(
        id=made.roster_id,
        **{f"{kind}_id": made.source_id},
        origin=made.origin,
        number=last + 1,
        run_id=made.run_id,
        status=solution.status.value,
        objective=solution.objective,
        bound=solution.bound,
        breakdown={term.value: points for term, points in solution.breakdown.items()},
        seconds=round(solution.seconds, 3),
        seed=solution.seed,
        versions=dict(solution.versions),
        input_hash=made.input_hash,
        cells=None
        if kind == "period"
        else [[a.employee, a.day, a.shift] for a in sorted(solution.assignments)],
    )
    session.add(roster)
    session.flush()
    return roster


def _recorded(session: TenantSession, roster: Roster) -> None:
    after = {"number": roster.number, "status": roster.status, "objective": roster.objective}
    record(session, "roster.made", "rostering.roster", roster.id, after=after)
    session.flush()


def assignment_rows(
    session: TenantSession, roster: Roster, ward: WardData, assignments: tuple[Assignment, ...]
) -> list[AssignmentRow]:
    """Return the rows of a roster, with the instants and minutes that its shifts have on their dates."""
    codes = {cell.employee for cell in assignments}
    people = select(Employee.code, Employee.id).where(Employee.code.in_(codes))
    employees = dict(session.execute(people).all())
    of_ward = (
        select(ShiftType.code, ShiftType.id)
        .join(RosterPeriod, RosterPeriod.ward_id == ShiftType.ward_id)
        .where(RosterPeriod.id == roster.period_id)
    )
    shifts = dict(session.execute(of_ward).all())
    kinds = ShiftRows(ward)
    return [
        kinds.row(roster.id, employees[cell.employee], cell.day, cell.shift, shifts[cell.shift])
        for cell in sorted(assignments)
    ]


def _shifts_of(session: TenantSession, units: Collection[str]) -> dict[tuple[str, str], UUID]:
    """Return the ids of the units' shift types by unit and code."""
    rows = session.execute(
        select(OrgUnit.code, ShiftType.code, ShiftType.id)
        .select_from(ShiftType)
        .join(Ward, Ward.id == ShiftType.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(OrgUnit.code.in_(units))
    )
    return {(unit, code): shift_id for unit, code, shift_id in rows}


class ShiftRows:
    """Makes rows of assignments in a ward's shifts."""

    def __init__(self, ward: WardData) -> None:
        self._ward = ward
        self._timeline = Timeline(ward)
        self._breaks = {shift.code: shift.break_minutes for shift in ward.shift_types}

    def row(self, roster_id: UUID, employee_id: UUID, day: int, code: str, shift_id: UUID) -> AssignmentRow:
        """Return a row with the instants and minutes that the shift has on its date."""
        starts_at, ends_at = self._timeline.interval(day, code)
        return AssignmentRow(
            roster_id=roster_id,
            employee_id=employee_id,
            on_date=self._ward.period.date_of(day),
            shift_type_id=shift_id,
            starts_at=starts_at,
            ends_at=ends_at,
            break_minutes=self._breaks[code],
            paid_minutes=self._timeline.paid_minutes(day, code),
            on_call_minutes=self._timeline.on_call_minutes(day, code),
            standby_minutes=self._timeline.standby_minutes(day, code),
        )
