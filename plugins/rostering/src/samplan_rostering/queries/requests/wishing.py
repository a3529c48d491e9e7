"""Wishes as employees make them: read from the period's wishes and the rules that stand for vetoes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, TenantSession
from samplan_rostering.domain.rule_setting import Level
from samplan_rostering.domain.ward import Period, WardData
from samplan_rostering.domain.ward_rules.patterns import ANY, UnwantedPattern
from samplan_rostering.domain.wishing import Allowance, OwnKind, OwnWish, WindowState, WishRules, window_state
from samplan_rostering.models import (
    Absence,
    Employee,
    Lock,
    PeriodEmployee,
    RosterPeriod,
    RuleSetting,
    ShiftType,
    Ward,
    Wish,
    WishAnswer,
    WishWindow,
)

TAKING = "draft"
"""The state of a period that is still open to wishes: later its roster stands."""


@dataclass(frozen=True, slots=True)
class StoredWish:
    """A wish with the id of its row."""

    id: UUID
    wish: OwnWish


def window_of(session: TenantSession, period_id: UUID) -> WishWindow | None:
    """Return the period's window, if it has one."""
    return session.scalar(select(WishWindow).where(WishWindow.period_id == period_id))


def state_of(window: WishWindow, period: RosterPeriod, now: datetime) -> WindowState:
    """Return whether wishes are taken now: never again once the period is no draft."""
    if period.state != TAKING:
        return WindowState.CLOSED
    return window_state(window.opens_at, window.closes_at, now)


def wishes_by_employee(
    session: TenantSession, period_id: UUID, employee_id: UUID | None = None
) -> Mapping[UUID, list[StoredWish]]:
    """Return the wishes of a period, or of one person in it, by employee and in the order of their dates."""
    query = select(Wish, ShiftType.code).outerjoin(ShiftType, ShiftType.id == Wish.shift_type_id)
    query = query.where(Wish.period_id == period_id).order_by(Wish.on_date, Wish.position)
    if employee_id is not None:
        query = query.where(Wish.employee_id == employee_id)
    vetoes = _vetoes(session, period_id)
    found: dict[UUID, list[StoredWish]] = defaultdict(list)
    for row, shift in session.execute(query):
        kind = OwnKind(row.kind)
        if kind is OwnKind.OFF and (row.employee_id, row.on_date) in vetoes:
            kind = OwnKind.VETO
        found[row.employee_id].append(StoredWish(row.id, OwnWish(row.on_date, kind, shift, row.points)))
    return found


def veto_rows(session: TenantSession, period_id: UUID) -> list[RuleSetting]:
    """Return the rules of a period that stand for vetoes: of a person, on one date, no shift at all."""
    query = select(RuleSetting).where(
        RuleSetting.period_id == period_id,
        RuleSetting.rule == UnwantedPattern.key,
        RuleSetting.level == Level.HARD.value,
        RuleSetting.employee_id.is_not(None),
        RuleSetting.valid_from == RuleSetting.valid_to,
    )
    return [row for row in session.scalars(query) if row.parameters == {"pattern": ANY}]


def _vetoes(session: TenantSession, period_id: UUID) -> set[tuple[UUID | None, date | None]]:
    return {(row.employee_id, row.valid_from) for row in veto_rows(session, period_id)}


def wish_rules(
    session: TenantSession, period: RosterPeriod, employee_id: UUID, window: WishWindow
) -> WishRules:
    """Return what somebody's wishes in a period are judged by."""
    shifts = select(ShiftType.code).where(ShiftType.ward_id == period.ward_id, ~ShiftType.retired)
    away = select(Absence).where(
        Absence.employee_id == employee_id,
        Absence.first_date <= period.end_date,
        Absence.last_date >= period.start_date,
        Absence.start_time.is_(None),
    )
    locked = select(Lock.on_date).where(
        Lock.period_id == period.id, Lock.employee_id == employee_id, Lock.shift_type_id.is_not(None)
    )
    return WishRules(
        period=Period(period.start_date, period.end_date, period.name),
        shifts=frozenset(session.scalars(shifts)),
        allowance=Allowance(window.points, window.vetoes),
        absent=frozenset(
            row.first_date + timedelta(days=ahead)
            for row in session.scalars(away)
            for ahead in range((row.last_date - row.first_date).days + 1)
        ),
        locked=frozenset(session.scalars(locked)),
    )


def answered(session: TenantSession, period_id: UUID) -> dict[UUID, datetime]:
    """Return who has answered in person, and when last."""
    rows = session.execute(
        select(WishAnswer.employee_id, WishAnswer.answered_at).where(WishAnswer.period_id == period_id)
    )
    return dict(rows.all())


def participants(session: TenantSession, period_id: UUID) -> list[Employee]:
    """Return the own staff that takes part in a period, in its order."""
    query = (
        select(Employee)
        .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
        .where(PeriodEmployee.period_id == period_id, Employee.supplier.is_(None))
        .order_by(PeriodEmployee.position)
    )
    return list(session.scalars(query))


def own_wishes(session: TenantSession, data: WardData) -> dict[str, tuple[str, tuple[OwnWish, ...]]]:
    """Return name and wishes, by code, of those who have answered in person in the period of an input."""
    period_id = session.scalar(
        select(RosterPeriod.id)
        .join(Ward, Ward.id == RosterPeriod.ward_id)
        .join(OrgUnit, OrgUnit.id == Ward.unit_id)
        .where(
            OrgUnit.code == data.unit.code,
            RosterPeriod.start_date == data.period.start,
            RosterPeriod.end_date == data.period.end,
        )
    )
    if period_id is None:
        return {}
    wished = wishes_by_employee(session, period_id)
    people = session.scalars(select(Employee).where(Employee.id.in_(answered(session, period_id))))
    return {row.code: (row.name, tuple(stored.wish for stored in wished.get(row.id, ()))) for row in people}
