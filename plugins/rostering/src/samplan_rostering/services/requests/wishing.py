"""Taking employees' wishes: the window of a period, and the wishes in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update

from samplan.plugin_api import Conflict, Invalid, NotFound, TenantSession, _, record
from samplan_rostering import own_labels
from samplan_rostering.domain.wishing import VETO_POINTS, OwnKind, OwnWish, WindowState, veto_rule, wish_fault
from samplan_rostering.models import (
    Employee,
    PeriodEmployee,
    RosterPeriod,
    RuleSetting,
    ShiftType,
    Wish,
    WishAnswer,
    WishWindow,
)
from samplan_rostering.queries.requests.wishing import (
    state_of,
    veto_rows,
    window_of,
    wish_rules,
    wishes_by_employee,
)

_EARLIEST = timedelta(days=366)

PERSONAL = ("on_date", "kind", "shift", "points")
"""Fields of a wish that the audit trail shows as set, never by value."""


@dataclass(frozen=True, slots=True)
class WindowValues:
    """What a manager says of a window; `version` is that of the window that was shown, 0 for none."""

    opens_at: datetime
    closes_at: datetime
    points: int
    vetoes: int
    version: int


def set_window(
    session: TenantSession, period_id: UUID, values: WindowValues, starts_at: datetime
) -> WishWindow:
    """Open a period to wishes, or change when and how much is taken; return the window.

    Args:
        session: the tenant's.
        period_id: of the period.
        values: what the window is to be.
        starts_at: when the period begins, which the window ends before.

    Raises:
        NotFound: no such period.
        Invalid: the window ends before it opens, or after the period begins (field `closes`), or opens more
            than a year ahead of it (field `opens`).
        Conflict: somebody else has changed it meanwhile.
    """
    _locked_period(session, period_id)
    _check_window(values, starts_at)
    window = window_of(session, period_id)
    if values.version != (window.version if window else 0):
        raise Conflict(_("Somebody else has changed the window meanwhile. Look at it again."))
    after = _window_facts(values)
    if window is None:
        window = WishWindow(period_id=period_id, **after)
        session.add(window)
        before = None
    else:
        before = _window_facts(window)
        for name, value in after.items():
            setattr(window, name, value)
        window.version += 1
    session.flush()
    record(session, "wish_window.set", "rostering.period", period_id, before=before, after=after)
    return window


def _check_window(values: WindowValues, starts_at: datetime) -> None:
    if values.closes_at <= values.opens_at:
        message = _("The window must close after it opens.")
        raise Invalid(message, {"closes": [message]})
    if values.closes_at > starts_at:
        message = _("The window must close before the period begins.")
        raise Invalid(message, {"closes": [message]})
    if starts_at - values.opens_at > _EARLIEST:
        message = _("The window must open within %(days)s days before the period.", days=_EARLIEST.days)
        raise Invalid(message, {"opens": [message]})


def _window_facts(window: WindowValues | WishWindow) -> dict[str, datetime | int]:
    return {
        "opens_at": window.opens_at,
        "closes_at": window.closes_at,
        "points": window.points,
        "vetoes": window.vetoes,
    }


def add_wish(
    session: TenantSession, employee: Employee, period_id: UUID, wish: OwnWish, now: datetime
) -> Wish:
    """Take a wish of an employee, and return its row.

    Raises:
        NotFound: the employee does not take part in such a period.
        Conflict: wishes are not taken now.
        Invalid: the wish is not taken; the message says why.
    """
    period, window = _open(session, employee, period_id, now)
    stored = wishes_by_employee(session, period_id, employee.id).get(employee.id, [])
    if wish.kind is OwnKind.VETO:
        wish = OwnWish(wish.on, wish.kind, wish.shift, VETO_POINTS)
    rules = wish_rules(session, period, employee.id, window)
    fault = wish_fault(wish, [row.wish for row in stored], rules)
    if fault is not None:
        raise Invalid(str(own_labels.WISH_FAULTS[fault]))
    last = session.scalar(select(func.max(Wish.position)).where(Wish.period_id == period_id))
    row = Wish(
        period_id=period_id,
        employee_id=employee.id,
        on_date=wish.on,
        kind=wish.kind.stored.value,
        shift_type_id=_shift_id(session, period, wish.shift),
        points=wish.points,
        position=0 if last is None else last + 1,
    )
    session.add(row)
    if wish.kind is OwnKind.VETO:
        session.add(_veto_row(session, employee, period_id, wish))
    _answer(session, employee, period_id, now)
    _changed(session, period_id)
    after = {"on_date": wish.on, "kind": wish.kind.value, "shift": wish.shift, "points": wish.points}
    record(session, "wish.added", "rostering.wish", row.id, after=after, personal=PERSONAL)
    return row


def withdraw_wish(
    session: TenantSession, employee: Employee, period_id: UUID, wish_id: UUID, now: datetime
) -> None:
    """Take back a wish of one's own.

    Raises:
        NotFound: the employee has no such wish there.
        Conflict: wishes are not taken now.
    """
    _open(session, employee, period_id, now)
    row = session.get(Wish, (session.tenant_id, wish_id))
    if row is None or (row.employee_id, row.period_id) != (employee.id, period_id):
        raise NotFound(_("There is no such wish."))
    for rule in veto_rows(session, period_id):
        if (rule.employee_id, rule.valid_from) == (employee.id, row.on_date):
            session.delete(rule)
    before = {"on_date": row.on_date, "kind": row.kind, "points": row.points}
    session.delete(row)
    _answer(session, employee, period_id, now)
    _changed(session, period_id)
    record(session, "wish.withdrawn", "rostering.wish", row.id, before=before, personal=PERSONAL)


def answer(session: TenantSession, employee: Employee, period_id: UUID, now: datetime) -> None:
    """Note that an employee has answered, with wishes or without.

    Raises:
        NotFound: the employee does not take part in such a period.
        Conflict: wishes are not taken now.
    """
    _open(session, employee, period_id, now)
    _answer(session, employee, period_id, now)
    record(session, "wish.answered", "rostering.period", period_id)


def _open(
    session: TenantSession, employee: Employee, period_id: UUID, now: datetime
) -> tuple[RosterPeriod, WishWindow]:
    """Return the period and its window when wishes are taken; the employee's are changed by one at a time."""
    takes_part = select(PeriodEmployee.id).where(
        PeriodEmployee.period_id == period_id, PeriodEmployee.employee_id == employee.id
    )
    if session.scalar(takes_part) is None:
        raise NotFound(_("There is no such roster period."))
    period = session.get_one(RosterPeriod, (session.tenant_id, period_id))
    session.execute(select(Employee.id).where(Employee.id == employee.id).with_for_update(key_share=True))
    window = window_of(session, period_id)
    if window is None:
        raise Conflict(_("The ward manager has not opened the period to wishes."))
    state = state_of(window, period, now)
    if state is WindowState.COMING:
        raise Conflict(_("Wishes are not taken yet. The window has not opened."))
    if state is WindowState.CLOSED:
        raise Conflict(_("Wishes are no longer taken. The window has closed; talk to your ward manager."))
    return period, window


def _locked_period(session: TenantSession, period_id: UUID) -> RosterPeriod:
    period = session.get(RosterPeriod, (session.tenant_id, period_id), with_for_update=True)
    if period is None:
        raise NotFound(_("There is no such roster period."))
    return period


def _shift_id(session: TenantSession, period: RosterPeriod, code: str | None) -> UUID | None:
    if code is None:
        return None
    own = ShiftType.ward_id == period.ward_id, ShiftType.code == code
    return session.scalars(select(ShiftType.id).where(*own)).one()


def _veto_row(session: TenantSession, employee: Employee, period_id: UUID, wish: OwnWish) -> RuleSetting:
    rule = veto_rule(employee.code, wish.on)
    last = session.scalar(select(func.max(RuleSetting.position)).where(RuleSetting.period_id == period_id))
    return RuleSetting(
        period_id=period_id,
        rule=rule.rule,
        level=rule.level.value,
        weight=rule.weight,
        employee_id=employee.id,
        other_employee_id=None,
        parameters=dict(rule.parameters),
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        position=0 if last is None else last + 1,
    )


def _answer(session: TenantSession, employee: Employee, period_id: UUID, now: datetime) -> None:
    own = WishAnswer.period_id == period_id, WishAnswer.employee_id == employee.id
    session.execute(delete(WishAnswer).where(*own))
    session.add(WishAnswer(period_id=period_id, employee_id=employee.id, answered_at=now))
    session.flush()


def _changed(session: TenantSession, period_id: UUID) -> None:
    """Count the change: wishes are a part of the period's input."""
    session.execute(
        update(RosterPeriod)
        .where(RosterPeriod.id == period_id)
        .values(version=RosterPeriod.version + 1, updated_at=func.now()),
        execution_options={"synchronize_session": False},
    )
