"""What hired people work in other wards while a period lasts, so that their rest is judged over all wards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.hired import WorkElsewhere
from samplan_rostering.domain.timeline import local_instant
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Employee, Lock, RosterPeriod, ShiftType, Ward
from samplan_rostering.queries.periods.ward_data import ward_data

DAY = timedelta(days=1)


def judged_ward(session: TenantSession, period_id: UUID) -> WardData:
    """Return a period's input with what its hired people work in other wards, to judge its rosters by.

    A search gets it without: it keeps the shifts of hired people and can mend nothing. Raises `NotFound`.
    """
    ward = ward_data(session, period_id)
    if not ward.hired:
        return ward
    period = session.get_one(RosterPeriod, (session.tenant_id, period_id))
    ids = session.execute(select(Employee.id, Employee.code).where(Employee.code.in_(ward.hired)))
    return replace(ward, elsewhere=work_elsewhere(session, period, dict(ids.all())))


def work_elsewhere(
    session: TenantSession, period: RosterPeriod, people: Mapping[UUID, str]
) -> tuple[WorkElsewhere, ...]:
    """Return the shifts of hired people, by id and code, in other wards on the period's dates and the next.

    Their shifts are locked cells of the periods that they are hired for. What lies before the period is part
    of its history.
    """
    if not people:
        return ()
    rows = session.execute(
        select(Lock.employee_id, Lock.on_date, ShiftType, Ward.timezone)
        .join(ShiftType, ShiftType.id == Lock.shift_type_id)
        .join(RosterPeriod, RosterPeriod.id == Lock.period_id)
        .join(Ward, Ward.id == RosterPeriod.ward_id)
        .where(
            Lock.employee_id.in_(people),
            RosterPeriod.ward_id != period.ward_id,
            Lock.on_date.between(period.start_date, period.end_date + DAY),
        )
    )
    found = []
    for person, on, shift, timezone in rows:
        zone = ZoneInfo(timezone)
        begins = local_instant(on, shift.start_time, zone)
        ends = local_instant(on + DAY * (shift.end_time <= shift.start_time), shift.end_time, zone)
        works_until = ends - timedelta(minutes=shift.standby_minutes)
        found.append(WorkElsewhere(people[person], begins, works_until, ends))
    return tuple(sorted(found))
