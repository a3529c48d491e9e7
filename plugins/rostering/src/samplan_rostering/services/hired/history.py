"""What somebody hired is given in other periods, wards too, as the history that later periods look back on.

Their shifts are locked cells of the periods that they are hired for, so these tell what is worked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.carrying import lasting, shift_like
from samplan_rostering.models import Employee, HistoryShift, Lock, PeriodEmployee, RosterPeriod, ShiftType
from samplan_rostering.queries.periods.ward_data import shift_value
from samplan_rostering.queries.setup.wards import shift_types_of

LOOK_BACK = timedelta(days=28)
"""How far the rules on rest and on days in a row may look back, with a margin."""
Place = tuple[UUID, date]


def look_back(
    session: TenantSession, period: RosterPeriod, people: Collection[UUID], dates: Collection[date] = ()
) -> int:
    """Give a period the history of hired people from other periods; return how many rows are others now.

    Of these dates, or of the four weeks before the period. On named dates nothing is left of what is worked
    no more; otherwise what a file has stated stays.
    """
    first, last = period.start_date - LOOK_BACK, period.start_date - timedelta(days=1)
    wanted = [on for on in dates if first <= on <= last]
    if not people or (dates and not wanted):
        return 0
    within = HistoryShift.on_date.in_(wanted) if wanted else HistoryShift.on_date.between(first, last)
    mine = HistoryShift.period_id == period.id
    rows = session.scalars(select(HistoryShift).where(mine, HistoryShift.employee_id.in_(people), within))
    known = {(row.employee_id, row.on_date): row for row in rows}
    position = session.scalar(select(func.max(HistoryShift.position)).where(mine))
    given = _given(session, period, people, wanted or (first, last), exact=bool(wanted))
    changed = 0
    for count, (place, shift) in enumerate(sorted(given.items(), key=lambda item: (item[0][1], item[0][0]))):
        row = known.pop(place, None)
        if row is None:
            row = HistoryShift(period_id=period.id, employee_id=place[0], on_date=place[1])
            row.position = count if position is None else position + 1 + count
            session.add(row)
        changed += row.shift_type_id != shift
        row.shift_type_id = shift
    for row in known.values() if wanted else ():
        session.delete(row)
        changed += 1
    session.flush()
    return changed


def look_back_all(session: TenantSession, period: RosterPeriod) -> int:
    """Give a period the history of everybody who is hired for it; return how many rows are others now."""
    hired = session.scalars(
        select(PeriodEmployee.employee_id)
        .join(Employee, Employee.id == PeriodEmployee.employee_id)
        .where(PeriodEmployee.period_id == period.id, Employee.supplier.is_not(None))
    ).all()
    return look_back(session, period, hired)


def carry_to_later(session: TenantSession, people: Collection[UUID], dates: Collection[date]) -> None:
    """Let the later periods of hired people, in any ward, see what was changed on some dates before them."""
    parts = session.execute(
        select(RosterPeriod, Employee.id)
        .join(PeriodEmployee, PeriodEmployee.period_id == RosterPeriod.id)
        .join(Employee, Employee.id == PeriodEmployee.employee_id)
        .where(
            Employee.id.in_(people),
            Employee.supplier.is_not(None),
            RosterPeriod.start_date > min(dates),
            RosterPeriod.start_date <= max(dates) + LOOK_BACK,
        )
        .order_by(RosterPeriod.start_date, RosterPeriod.id)  # always onwards: nobody waits for one before
    ).all()
    concerned: dict[RosterPeriod, list[UUID]] = defaultdict(list)
    for period, person in parts:
        concerned[period].append(person)
    for period, persons in concerned.items():
        if look_back(session, period, persons, dates):
            period.version, period.updated_at = RosterPeriod.version + 1, func.now()
    session.flush()


def tell_other_wards(
    session: TenantSession, period_id: UUID, people: Collection[UUID], dates: Collection[date]
) -> None:
    """Let the figures of other wards that people are hired for on some dates be counted anew.

    A period that somebody is just changing is left out: its roster is counted anew anyway.
    """
    day = timedelta(days=1)
    others = (
        select(RosterPeriod.id)
        .where(
            RosterPeriod.id.in_(
                select(PeriodEmployee.period_id)
                .join(Employee, Employee.id == PeriodEmployee.employee_id)
                .where(Employee.id.in_(people), Employee.supplier.is_not(None))
            ),
            RosterPeriod.id != period_id,
            RosterPeriod.start_date <= max(dates),
            RosterPeriod.end_date >= min(dates) - day,
        )
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(others).all()
    if found:
        session.execute(
            update(RosterPeriod)
            .where(RosterPeriod.id.in_(found))
            .values(version=RosterPeriod.version + 1, updated_at=func.now()),
            execution_options={"synchronize_session": "fetch"},
        )


def _given(
    session: TenantSession,
    period: RosterPeriod,
    people: Collection[UUID],
    dates: Sequence[date],
    *,
    exact: bool,
) -> Mapping[Place, UUID]:
    """Return the period's shift type that each one's work elsewhere is, or is most like."""
    when = Lock.on_date.in_(dates) if exact else Lock.on_date.between(min(dates), max(dates))
    rows = session.execute(
        select(Lock.employee_id, Lock.on_date, ShiftType)
        .join(ShiftType, ShiftType.id == Lock.shift_type_id)
        .where(Lock.employee_id.in_(people), Lock.period_id != period.id, when)
    )
    last: dict[Place, ShiftType] = {}
    for person, on, shift in rows:
        other = last.get((person, on))
        if other is None or lasting(shift_value(other)) < lasting(shift_value(shift)):
            last[person, on] = shift
    own = {row.code: row for row in shift_types_of(session, period.ward_id)}
    values = [shift_value(row) for row in own.values()]
    found: dict[Place, UUID] = {}
    for place, shift in last.items():
        if shift.ward_id == period.ward_id:
            found[place] = shift.id
        elif (like := shift_like(shift_value(shift), values)) is not None:
            found[place] = own[like.code].id
    return found
