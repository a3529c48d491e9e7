"""Putting in the shifts that suppliers have confirmed: their people as hired staff, with these shifts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import ConfirmedShifts, Conflict, TenantSession, _, record
from samplan_rostering.models import CallOffLine, Employee, PeriodEmployee, RosterPeriod, Skill
from samplan_rostering.queries.hired.confirmed import Waiting, confirmed_to_put_in
from samplan_rostering.services.hired.edit import Engagement, add_hired
from samplan_rostering.services.rosters.cells import Wanted
from samplan_rostering.services.rosters.edits import Editor, edit_roster


def put_in_confirmed(
    session: TenantSession, period_id: UUID, offer: ConfirmedShifts | None, editor: Editor
) -> int:
    """Put in what can be, all or nothing, as one change of the roster's log; return how many shifts.

    Hired staff's shifts are kept by every optimisation. The lines that they fill lack one less.

    Raises:
        Conflict: there is nothing to put in, or the roster or period is not as it was seen.
        Invalid: the change makes no sense, or lacks a reason after publication.
    """
    session.get(RosterPeriod, (session.tenant_id, period_id), with_for_update=True)
    found = confirmed_to_put_in(session, period_id, offer)
    if found is None or not found.possible:
        raise Conflict(_("There are no confirmed shifts to put in."))
    for one in found.possible:
        _let_take_part(session, period_id, one, found.possible)
    wanted = [Wanted(one.confirmed.consultant, one.on, one.shift) for one in found.possible]
    edit_roster(session, found.roster.id, editor, wanted)
    for one in found.possible:
        _fill(session, period_id, one)
    after = {"lines": len(wanted)}
    record(session, "calloff.put_in", "rostering.period", period_id, after=after)
    session.flush()
    return len(wanted)


def _let_take_part(
    session: TenantSession, period_id: UUID, one: Waiting, others: tuple[Waiting, ...]
) -> None:
    """Let a person be hired for the period, with the skills of the shifts that are confirmed."""
    code = one.confirmed.consultant
    part = (
        select(PeriodEmployee.id)
        .join(Employee, Employee.id == PeriodEmployee.employee_id)
        .where(PeriodEmployee.period_id == period_id, Employee.code == code)
    )
    if session.scalar(part) is not None:
        return
    period = session.get_one(RosterPeriod, (session.tenant_id, period_id))
    asked = {other.confirmed.skill for other in others if other.confirmed.consultant == code}
    skills = session.scalars(
        select(Skill.id)
        .where(Skill.ward_id == period.ward_id, Skill.code.in_([skill for skill in asked if skill]))
        .order_by(Skill.position)
    )
    wanted = Engagement(profession=one.confirmed.level, skills=tuple(skills))
    add_hired(session, period_id, one.confirmed.supplier, code, wanted)


def _fill(session: TenantSession, period_id: UUID, one: Waiting) -> None:
    """Count a person less on the line that a shift fills."""
    if one.confirmed.gap_id is None:
        return
    line = session.scalar(
        select(CallOffLine)
        .where(CallOffLine.period_id == period_id, CallOffLine.id == one.confirmed.gap_id)
        .with_for_update()
    )
    if line is None or line.state in {"filled", "withdrawn"}:
        return
    line.people = max(line.people - 1, 0)
    line.state = line.state if line.people else "filled"
    line.version, line.updated_at = line.version + 1, func.now()
    session.flush()
