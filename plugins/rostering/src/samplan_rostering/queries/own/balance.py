"""One's own hours against the contract, and one's share of what weighs heavy, period by period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.timeline import Timeline
from samplan_rostering.domain.ward import WardData, WishKind
from samplan_rostering.models import Employee, PeriodEmployee, Roster, RosterPeriod
from samplan_rostering.queries.own.roster import SHOWN_STATES
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.hours import Hours, hours_by_employee
from samplan_rostering.queries.rosters.standing import standing
from samplan_rostering.queries.rosters.stored import assignments

SATURDAY = 5
MOST_PERIODS = 6


@dataclass(frozen=True, slots=True)
class PeriodBalance:
    """A period of one's own; `wishes` is how many there are and `met` how many the roster meets."""

    period: RosterPeriod
    hours: Hours
    weekends: int
    nights: int
    holidays: int
    wishes: int
    met: int


def own_balance(session: TenantSession, employee: Employee) -> list[PeriodBalance]:
    """Return somebody's newest periods whose roster may be seen, the newest first."""
    query = (
        select(RosterPeriod, Roster)
        .join(Roster, Roster.period_id == RosterPeriod.id)
        .join(PeriodEmployee, PeriodEmployee.period_id == RosterPeriod.id)
        .where(PeriodEmployee.employee_id == employee.id, Roster.chosen, RosterPeriod.state.in_(SHOWN_STATES))
        .order_by(RosterPeriod.start_date.desc())
        .limit(MOST_PERIODS)
    )
    return [_of_period(session, employee.code, period, roster) for period, roster in session.execute(query)]


def _of_period(session: TenantSession, code: str, period: RosterPeriod, roster: Roster) -> PeriodBalance:
    ward = ward_data(session, period.id)
    stands = standing(session, roster, ward, assignments(session, roster))
    own = [cell for cell in stands.cells if cell.employee == code]
    return balance_of(period, stands.ward, code, own)


def balance_of(period: RosterPeriod, ward: WardData, code: str, own: Iterable[Assignment]) -> PeriodBalance:
    """Return the balance of one person's shifts in a period."""
    cells = list(own)
    worked = {cell.day: cell.shift for cell in cells}
    is_night = Timeline(ward).is_night
    dates = [ward.period.date_of(day) for day in worked]
    wishes = [wish for wish in ward.wishes if wish.employee == code]
    met = [
        wish
        for wish in wishes
        if ((given := worked.get(ward.period.day_of(wish.date))) is not None and wish.shift in {None, given})
        == (wish.kind is WishKind.WANT)
    ]
    return PeriodBalance(
        period=period,
        hours=hours_by_employee(ward, cells)[code],
        weekends=len({on.isocalendar()[:2] for on in dates if on.weekday() >= SATURDAY}),
        nights=sum(map(is_night, worked.values())),
        holidays=sum(public_holiday(on) is not None for on in dates),
        wishes=len(wishes),
        met=len(met),
    )
