"""Asking for the optimisation of several wards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Invalid, NotFound, TenantSession, _
from samplan_rostering.models import Employee, PeriodEmployee, RosterPeriod

MOST_NAMED = 10


def subject_of_wards(period_ids: Sequence[UUID], internal_id: UUID | None) -> str:
    """Return what the run of a joint optimisation is about."""
    return f"wards:{internal_id or min(period_ids)}"


def check_joint_limits(settings: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    """Refuse a search longer than the region allows; raises `Invalid`."""
    limit = settings["max_joint_seconds"]
    if params["seconds"] > limit:
        message = _("at most %(limit)s seconds", limit=limit)
        raise Invalid(_("The time limit is longer than the region allows."), {"seconds": [message]})


def check_periods(session: TenantSession, period_ids: Sequence[UUID], internal_id: UUID | None) -> None:
    """Refuse periods that cannot be rostered together, before a run is asked for.

    Raises:
        NotFound: one of them is not there.
        Invalid: a period or ward twice, other dates, or people who belong to several of the wards.
    """
    ids = [*period_ids, *([internal_id] if internal_id else [])]
    rows = session.scalars(select(RosterPeriod).where(RosterPeriod.id.in_(ids))).all()
    if len(rows) < len(set(ids)):
        raise NotFound(_("There is no such roster period."))
    if len(set(ids)) < len(ids) or len({row.ward_id for row in rows}) < len(rows):
        raise _refused(_("each ward may be there once"))
    if len({(row.start_date, row.end_date) for row in rows}) > 1:
        raise _refused(_("the periods have different dates"))
    shared = _shared(session, ids)
    if shared:
        raise _refused(_("some people belong to several of the wards: %(people)s", people=", ".join(shared)))


def _refused(message: str) -> Invalid:
    return Invalid(_("These wards cannot be rostered together."), {"period_ids": [message]})


def _shared(session: TenantSession, ids: Sequence[UUID]) -> list[str]:
    """Return some of those who take part in several of the periods."""
    several = (
        select(Employee.code)
        .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
        .where(PeriodEmployee.period_id.in_(ids))
        .group_by(Employee.code)
        .having(func.count() > 1)
    )
    return list(session.scalars(several.order_by(Employee.code).limit(MOST_NAMED)))
