"""Storing what an optimisation found."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import TenantSession, record
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.timeline import Timeline
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Assignment as AssignmentRow
from samplan_rostering.models import (
    BenchmarkProblem,
    Employee,
    Roster,
    RosterPeriod,
    ShiftType,
)
from samplan_rostering.solver.solution import Solution


@dataclass(frozen=True, slots=True)
class Made:
    """Where a roster comes from: the run, and the input's mark at the time."""

    roster_id: UUID
    run_id: UUID
    source_id: UUID
    input_hash: str


def store_roster(session: TenantSession, made: Made, ward: WardData | None, solution: Solution) -> None:
    """Store a solution as the next roster of its period, or of its benchmark problem when `ward` is None."""
    key = (session.tenant_id, made.source_id)
    # Locked, because two runs that finish together get two numbers.
    session.get_one(RosterPeriod if ward else BenchmarkProblem, key, with_for_update=True)
    own = (Roster.period_id if ward else Roster.problem_id) == made.source_id
    last = session.scalar(select(func.max(Roster.number)).where(own)) or 0
    if solution.objective is None:
        raise ValueError("a solution without a roster cannot be stored")
    roster = Roster(
        id=made.roster_id,
        period_id=made.source_id if ward else None,
        problem_id=None if ward else made.source_id,
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
        cells=None if ward else [[a.employee, a.day, a.shift] for a in sorted(solution.assignments)],
    )
    session.add(roster)
    session.flush()
    if ward is not None:
        session.add_all(_rows(session, roster, ward, solution.assignments))
    after = {"number": roster.number, "status": roster.status, "objective": roster.objective}
    record(session, "roster.made", "rostering.roster", roster.id, after=after)
    session.flush()


def _rows(
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
    timeline = Timeline(ward)
    breaks = {shift.code: shift.break_minutes for shift in ward.shift_types}
    rows = []
    for cell in sorted(assignments):
        starts_at, ends_at = timeline.interval(cell.day, cell.shift)
        rows.append(
            AssignmentRow(
                roster_id=roster.id,
                employee_id=employees[cell.employee],
                on_date=ward.period.date_of(cell.day),
                shift_type_id=shifts[cell.shift],
                starts_at=starts_at,
                ends_at=ends_at,
                break_minutes=breaks[cell.shift],
                paid_minutes=timeline.paid_minutes(cell.day, cell.shift),
            )
        )
    return rows
