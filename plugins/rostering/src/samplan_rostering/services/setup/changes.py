"""Changes of what several periods share: what they do to rosters is told before they are made.

The change is made within a savepoint and the rosters of the periods that it reaches are judged before and
after, as when a ward is read in (`effects`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update

from samplan.plugin_api import TenantSession
from samplan_rostering.models import PeriodEmployee, Roster, RosterPeriod
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.services.periods.effects import AffectedRoster, affected_rosters


@dataclass(frozen=True, slots=True)
class Reach:
    """The rosters whose input a change makes another, and the mark of exactly these."""

    rosters: tuple[AffectedRoster, ...]

    @property
    def mark(self) -> str:
        """A mark of these effects; empty when there are none."""
        return hashlib.sha256(repr(self.rosters).encode()).hexdigest() if self.rosters else ""


def change_if(
    session: TenantSession,
    periods: Iterable[UUID],
    change: Callable[[], None],
    agree: Callable[[Reach], bool],
) -> tuple[Reach, bool]:
    """Make a change if `agree` says yes to what it does to rosters; return that, and whether it was made.

    Otherwise nothing is stored. The versions of the periods count it.
    """
    periods = list(periods)
    with_rosters = set(session.scalars(select(Roster.period_id).where(Roster.period_id.in_(periods))))
    with session.begin_nested() as savepoint:
        change()
        session.flush()
        session.expire_all()
        now = {key: ward_data(session, key) for key in periods if key in with_rosters}
        savepoint.rollback()
    session.expire_all()
    reach = Reach(affected_rosters(session, now))
    if not agree(reach):
        return reach, False
    change()
    session.flush()
    if periods:
        session.execute(
            update(RosterPeriod)
            .where(RosterPeriod.id.in_(periods))
            .values(version=RosterPeriod.version + 1, updated_at=func.now()),
            execution_options={"synchronize_session": "fetch"},
        )
    return reach, True


def periods_of_ward(session: TenantSession, ward_id: UUID) -> list[UUID]:
    """Return a ward's periods, by date."""
    query = select(RosterPeriod.id).where(RosterPeriod.ward_id == ward_id)
    return list(session.scalars(query.order_by(RosterPeriod.start_date, RosterPeriod.id)))


def periods_of_person(session: TenantSession, employee_id: UUID) -> list[UUID]:
    """Return the periods that somebody takes part in, by date."""
    query = (
        select(RosterPeriod.id)
        .join(PeriodEmployee, PeriodEmployee.period_id == RosterPeriod.id)
        .where(PeriodEmployee.employee_id == employee_id)
    )
    return list(session.scalars(query.order_by(RosterPeriod.start_date, RosterPeriod.id)))
