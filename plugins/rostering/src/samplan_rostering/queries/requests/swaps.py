"""Which swaps of shifts could be made in a published roster, and those that are under way.

A colleague is shown with name and shifts of the published roster only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from samplan.plugin_api import TenantSession
from samplan_rostering.domain.explain.effect import Effect
from samplan_rostering.domain.swapping import SwapPlan, swap_changes
from samplan_rostering.models import Employee, Roster, RosterPeriod, ShiftType, Swap
from samplan_rostering.queries.rosters.desks import Desk, open_desk
from samplan_rostering.queries.rosters.standing import AWAY

NEAR = timedelta(days=14)
"""How far from the given shift the colleagues' shifts are offered."""


@dataclass(frozen=True, slots=True)
class SwapOption:
    """A colleague who could take the shift: for `shift` on the date, or for nothing where they are None."""

    employee_id: UUID
    name: str
    on: date | None
    shift: str | None


@dataclass(frozen=True, slots=True)
class SwapLine:
    """A swap, told by names and codes of shifts."""

    swap: Swap
    giver: str
    taker: str
    given: str
    taken: str | None


def published_desk(session: TenantSession, period_id: UUID) -> Desk | None:
    """Return the chosen roster of a published period, opened; None where there is none."""
    roster = session.scalar(
        select(Roster)
        .join(RosterPeriod, RosterPeriod.id == Roster.period_id)
        .where(Roster.period_id == period_id, Roster.chosen, RosterPeriod.state == "published")
    )
    return None if roster is None else open_desk(session, roster)


def swap_effect(desk: Desk, plan: SwapPlan) -> Effect | None:
    """Return what a swap does to the roster; None where its shifts are not there to be swapped.

    Shifts that are worked in another ward are not swapped here.
    """
    changes = swap_changes(desk.rows, plan)
    if changes is None or any(AWAY in change.before + change.after for change in changes):
        return None
    return desk.effect(changes)


def is_possible(desk: Desk, plan: SwapPlan) -> bool:
    """Tell whether a swap can be made, breaks no rule and leaves no shift short of people."""
    effect = swap_effect(desk, plan)
    return effect is not None and not effect.broken and not effect.opened


def swap_options(
    session: TenantSession, desk: Desk, employee: Employee, on: date, today: date
) -> list[SwapOption]:
    """Return who could take somebody's shift of a date, for which of their coming shifts or for nothing."""
    period = desk.ward.period
    day, names = period.day_of(on), {r.code: r.name or r.code for r in desk.ward.employees if not r.hired}
    ids = dict(session.execute(select(Employee.code, Employee.id).where(Employee.code.in_(names))).all())
    offered = sorted(
        (code, other)
        for code, other in desk.rows
        if code in names
        and code != employee.code
        and today < period.date_of(other)
        and abs(period.date_of(other) - on) <= NEAR
    )
    plans = [SwapPlan(employee.code, day, code, None) for code in names if code != employee.code]
    plans += [SwapPlan(employee.code, day, code, other) for code, other in offered]
    found = [
        SwapOption(
            ids[plan.taker],
            names[plan.taker],
            None if plan.taken_day is None else period.date_of(plan.taken_day),
            None if plan.taken_day is None else desk.rows[plan.taker, plan.taken_day],
        )
        for plan in plans
        if is_possible(desk, plan)
    ]
    return sorted(found, key=lambda option: (option.name, option.on or date.min))


def swaps_of(session: TenantSession, employee_id: UUID) -> list[SwapLine]:
    """Return the swaps that somebody gives or takes in, the newest first."""
    own = or_(Swap.giver_id == employee_id, Swap.taker_id == employee_id)
    return _lines(session, own)


def swaps_to_answer(session: TenantSession, account_id: UUID) -> int:
    """Return how many swaps wait for an answer from the employee of an account."""
    query = (
        select(func.count())
        .select_from(Swap)
        .join(Employee, Employee.id == Swap.taker_id)
        .where(Employee.account_id == account_id, Swap.state == "proposed")
    )
    return session.scalars(query).one()


def swaps_in(session: TenantSession, period_id: UUID) -> list[SwapLine]:
    """Return the swaps of a period that both have agreed to, also the decided ones; the newest first."""
    return _lines(
        session, (Swap.period_id == period_id) & Swap.state.in_(("accepted", "approved", "rejected"))
    )


def _lines(session: TenantSession, where: ColumnElement[bool]) -> list[SwapLine]:
    query = (
        select(Swap)
        .where(where)
        .order_by(Swap.state.not_in(("proposed", "accepted")), Swap.id.desc())
        .limit(100)
    )
    rows = session.scalars(query).all()
    people = {row.giver_id for row in rows} | {row.taker_id for row in rows}
    named = select(Employee.id, Employee.name, Employee.code).where(Employee.id.in_(people))
    names = {key: name or code for key, name, code in session.execute(named)}
    types = {row.given_shift_id for row in rows} | {row.taken_shift_id for row in rows}
    coded = select(ShiftType.id, ShiftType.code).where(ShiftType.id.in_(types - {None}))
    codes = dict(session.execute(coded).all())
    return [
        SwapLine(
            swap=row,
            giver=names[row.giver_id],
            taker=names[row.taker_id],
            given=codes[row.given_shift_id],
            taken=None if row.taken_shift_id is None else codes[row.taken_shift_id],
        )
        for row in rows
    ]
