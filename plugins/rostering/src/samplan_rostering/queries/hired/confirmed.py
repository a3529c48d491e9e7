"""Shifts that suppliers have confirmed and the roster in force has not: what speaks against each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from samplan.plugin_api import ConfirmedShift, ConfirmedShifts, Period, TenantSession
from samplan_rostering.domain.evaluation import Violation
from samplan_rostering.domain.explain.effect import newly_broken
from samplan_rostering.domain.explain.judge import Judge
from samplan_rostering.domain.hired import Hired
from samplan_rostering.domain.timeline import Timeline
from samplan_rostering.domain.ward import Employee as EmployeeValue
from samplan_rostering.domain.ward import HeldSkill, WardData
from samplan_rostering.models import CallOffLine, Employee, Roster, ShiftType
from samplan_rostering.queries.hired.elsewhere import work_elsewhere
from samplan_rostering.queries.rosters.desks import Desk, open_desk
from samplan_rostering.queries.solving.best import rosters_in_force

BUSY, TAKEN, UNKNOWN, OTHER_TIMES = "busy", "taken", "unknown", "other_times"
"""What keeps a confirmed shift from being put in, beside the rules."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A confirmed shift that is not in the roster: its cell, what keeps it out, and what it would break."""

    confirmed: ConfirmedShift
    on: date
    shift: str
    obstacle: str | None = None
    broken: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class ToPutIn:
    """The roster in force, and the confirmed shifts that it lacks; the ward has the people of these too."""

    roster: Roster
    ward: WardData
    waiting: tuple[Waiting, ...]

    @property
    def possible(self) -> tuple[Waiting, ...]:
        """What can be put in; the rules are told and do not hinder."""
        return tuple(one for one in self.waiting if one.obstacle is None)


def confirmed_to_put_in(
    session: TenantSession, period_id: UUID, offer: ConfirmedShifts | None
) -> ToPutIn | None:
    """Return the confirmed shifts of a period's unit that its roster lacks; None where there are none."""
    roster = next(iter(rosters_in_force(session, Roster.period_id == period_id)), None)
    if offer is None or roster is None:
        return None
    desk = open_desk(session, roster)
    within = Period(desk.period.start_date, desk.period.end_date)
    cells = [_cell(session, desk, shift) for shift in offer.confirmed(within, [desk.ward.unit.code])]
    rows = desk.rows
    lacking = [
        cell
        for cell in cells
        if rows.get((cell.confirmed.consultant, desk.ward.period.day_of(cell.on))) != cell.shift
    ]
    if not lacking:
        return None
    ward = _with_people(session, desk, lacking)
    judge, others = Judge(ward, desk.stands.cells, desk.stands.guests), _others(session, lacking)
    planned: dict[str, dict[int, str]] = {}
    waiting = [_judged(judge, cell, others, planned) for cell in lacking]
    return ToPutIn(roster, ward, tuple(waiting))


def _cell(session: TenantSession, desk: Desk, shift: ConfirmedShift) -> Waiting:
    """Return the cell of a shift: that of the line which it fills, else of the shift with its code."""
    zone, code = ZoneInfo(desk.ward.unit.timezone), shift.shift
    on = shift.starts_at.astimezone(zone).date()
    if shift.gap_id is not None:
        line = session.execute(
            select(CallOffLine.on_date, ShiftType.code)
            .join(ShiftType, ShiftType.id == CallOffLine.shift_type_id)
            .where(CallOffLine.id == shift.gap_id, CallOffLine.period_id == desk.period.id)
        ).first()
        on, code = line or (on, code)
    if code not in {kind.code for kind in desk.ward.shift_types}:
        return Waiting(shift, on, code, UNKNOWN)
    times = Timeline(desk.ward).interval(desk.ward.period.day_of(on), code)
    return Waiting(shift, on, code, None if times == (shift.starts_at, shift.ends_at) else OTHER_TIMES)


def _with_people(session: TenantSession, desk: Desk, cells: Sequence[Waiting]) -> WardData:
    """Return a ward with the confirmed people who are not in it yet, and what they work in other wards."""
    ward = desk.stands.ward
    known = {person.code for person in ward.employees}
    skills = {skill.code for skill in ward.skills}
    added: dict[str, EmployeeValue] = {}
    for cell in cells:
        one = cell.confirmed
        if one.consultant in known:
            continue
        person = added.get(one.consultant) or EmployeeValue(
            one.consultant, "", one.level, hired=Hired(one.supplier)
        )
        if one.skill in skills and one.skill not in {held.skill for held in person.skills}:
            person = replace(person, skills=(*person.skills, HeldSkill(str(one.skill))))
        added[one.consultant] = person
    ids = select(Employee.id, Employee.code).where(Employee.code.in_(added), Employee.supplier.is_not(None))
    more = work_elsewhere(session, desk.period, dict(session.execute(ids).all()))
    return replace(
        ward, employees=(*ward.employees, *added.values()), elsewhere=tuple(sorted((*ward.elsewhere, *more)))
    )


def _others(session: TenantSession, cells: Collection[Waiting]) -> frozenset[str]:
    """Return the references that are somebody else's: own staff's, or another supplier's."""
    codes = {cell.confirmed.consultant for cell in cells}
    rows = session.execute(select(Employee.code, Employee.supplier).where(Employee.code.in_(codes)))
    suppliers = dict(rows.all())
    return frozenset(
        cell.confirmed.consultant
        for cell in cells
        if cell.confirmed.consultant in suppliers
        and suppliers[cell.confirmed.consultant] != cell.confirmed.supplier
    )


def _judged(
    judge: Judge, cell: Waiting, others: Collection[str], planned: dict[str, dict[int, str]]
) -> Waiting:
    """Return a shift with what it breaks beside the person's shifts and those to be put in before it."""
    code, day = cell.confirmed.consultant, judge.ward.period.day_of(cell.on)
    if code in others:
        return replace(cell, obstacle=TAKEN)
    if cell.obstacle:
        return cell
    row = planned.setdefault(code, dict(judge.rows[code]))
    if day in row:
        return replace(cell, obstacle=BUSY)
    after = {**row, day: cell.shift}
    broken = newly_broken(judge.alone(code, row).violations, judge.alone(code, after).violations)
    planned[code] = after
    return replace(cell, broken=broken)
