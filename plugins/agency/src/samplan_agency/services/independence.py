"""Plans for independence: added, changed and removed, each change in the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Invalid, TenantSession, _, record
from samplan_agency.independence_schema import MOST_ACTIONS, checked
from samplan_agency.models import IndependencePlan
from samplan_agency.queries.independence import get_plan_row
from samplan_agency.services.versions import expect_version

MOST_PLANS = 50
LEAST_MONTHS, MOST_MONTHS = 6, 120
LONGEST_NAME = 80
_OBJECT = "agency.independence_plan"


def add_plan(
    session: TenantSession, name: str, first: date, months: int, *, like: UUID | None = None
) -> IndependencePlan:
    """Add a plan, with the actions of another where that is wished.

    Raises `Invalid` for a name that is taken or numbers out of reason, `NotFound` for no such other.
    """
    actions = list(get_plan_row(session, like).actions) if like else []
    _check(session, name, first, months)
    if (session.scalar(select(func.count()).select_from(IndependencePlan)) or 0) >= MOST_PLANS:
        raise Invalid(_("There are at most %(most)s plans. Remove one first.", most=MOST_PLANS))
    row = IndependencePlan(name=name, first_month=first, months=months, actions=actions)
    session.add(row)
    session.flush()
    record(session, "independence_plan.added", _OBJECT, row.id, after=_told(row))
    return row


def change_plan(
    session: TenantSession, plan_id: UUID, version: int, values: tuple[str, date, int], now: datetime
) -> IndependencePlan:
    """Change name, first month and number of months; raises as `add_plan`, and `Conflict`."""
    row = _at(session, plan_id, version)
    name, first, months = values
    _check(session, name, first, months, row.id)
    before = _told(row)
    row.name, row.first_month, row.months = name, first, months
    return _changed(session, row, before, now)


def set_action(
    session: TenantSession,
    plan_id: UUID,
    version: int,
    content: Any,
    now: datetime,
    *,
    number: int | None = None,
) -> IndependencePlan:
    """Add an action to a plan, or replace that of a number counted from 0.

    Raises `Invalid` with messages by field, `NotFound` and `Conflict`.
    """
    row = _at(session, plan_id, version)
    action, actions = checked(content), list(row.actions)
    if number is None:
        if len(actions) >= MOST_ACTIONS:
            raise Invalid(_("A plan has at most %(most)s actions.", most=MOST_ACTIONS))
        actions.append(action)
    else:
        _check_number(actions, number)
        actions[number] = action
    return _set_actions(session, row, actions, now)


def remove_action(
    session: TenantSession, plan_id: UUID, version: int, number: int, now: datetime
) -> IndependencePlan:
    """Take an action out of a plan, counted from 0; raises `Invalid`, `NotFound` and `Conflict`."""
    row = _at(session, plan_id, version)
    _check_number(row.actions, number)
    return _set_actions(session, row, [one for at, one in enumerate(row.actions) if at != number], now)


def remove_plan(session: TenantSession, plan_id: UUID, version: int) -> None:
    """Remove a plan; raises `NotFound` and `Conflict`."""
    row = _at(session, plan_id, version)
    record(session, "independence_plan.removed", _OBJECT, row.id, before=_told(row))
    session.delete(row)
    session.flush()


def _at(session: TenantSession, plan_id: UUID, version: int) -> IndependencePlan:
    row = get_plan_row(session, plan_id, lock=True)
    expect_version(row.version, version)
    return row


def _check(session: TenantSession, name: str, first: date, months: int, own: UUID | None = None) -> None:
    fields: dict[str, list[str]] = {}
    same = select(IndependencePlan.id).where(IndependencePlan.name == name, IndependencePlan.id != own)
    if own is None:
        same = select(IndependencePlan.id).where(IndependencePlan.name == name)
    if not name or len(name) > LONGEST_NAME:
        fields["name"] = [_("Give a name of at most %(most)s characters.", most=LONGEST_NAME)]
    elif session.scalar(same.limit(1)) is not None:
        fields["name"] = [_("There is such a plan already.")]
    if first.day != 1:
        fields["first_month"] = [_("Give a month.")]
    if not LEAST_MONTHS <= months <= MOST_MONTHS:
        fields["months"] = [_("From %(least)s to %(most)s.", least=LEAST_MONTHS, most=MOST_MONTHS)]
    if fields:
        raise Invalid(next(iter(fields.values()))[0], fields)


def _check_number(actions: Sequence[Any], number: int) -> None:
    if not 0 <= number < len(actions):
        raise Invalid(_("There is no such action."))


def _set_actions(
    session: TenantSession, row: IndependencePlan, actions: list[Any], now: datetime
) -> IndependencePlan:
    before = _told(row)
    row.actions = actions
    return _changed(session, row, before, now)


def _changed(
    session: TenantSession, row: IndependencePlan, before: dict[str, Any], now: datetime
) -> IndependencePlan:
    after = _told(row)
    if after != before:
        row.version += 1
        row.updated_at = now
        session.flush()
        record(session, "independence_plan.changed", _OBJECT, row.id, before=before, after=after)
    return row


def _told(row: IndependencePlan) -> dict[str, Any]:
    return {
        "name": row.name,
        "first_month": row.first_month.isoformat(),
        "months": row.months,
        "actions": row.actions,
    }
