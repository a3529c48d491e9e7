"""Schedules: each due time of a module's job is asked for once per tenant, in the tenant's time zone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from cronsim import CronSim
from sqlalchemy import select

from samplan.errors import TooMany
from samplan.jobs.models import ScheduleMark
from samplan.jobs.service import request_run
from samplan.modules.contributions import Schedule
from samplan.tenancy.context import TenantContext

if TYPE_CHECKING:
    from samplan.core import Core

log = structlog.get_logger(__name__)


def latest_due(cron: str, timezone: str, now: datetime) -> datetime:
    """Return the newest time, not after `now`, that a cron expression names in a time zone; in UTC.

    Around the change of clocks it follows Debian's cron: a time that is skipped comes as soon as the clock
    has moved on, one that comes twice is taken the first time.
    """
    # With a part of a second, the iterator does not pass over `now` itself.
    local = now.astimezone(ZoneInfo(timezone)).replace(microsecond=1)
    found: datetime = next(CronSim(cron, local, reverse=True))
    return found.astimezone(UTC)


def schedule_key(schedule: Schedule) -> str:
    """Return what a schedule is known by: a changed one is a new one."""
    params = json.dumps(dict(schedule.params), sort_keys=True) if schedule.params else ""
    return f"{schedule.job} {schedule.cron} {params}".strip()


def start_due(core: Core, tenant: TenantContext) -> int:
    """Ask for the runs that are due in a tenant; returns how many.

    Times that were missed, because nobody reconciled or the module was off, are made up for by one run.
    A schedule that is seen for the first time starts at its next time.
    """
    now = core.clock.now()
    with core.database.unit_of_work(tenant.id) as session:
        marks = {mark.schedule: mark.last_due for mark in session.scalars(select(ScheduleMark))}
    started = 0
    for schedule in _schedules(core, tenant):
        due = latest_due(schedule.cron, tenant.timezone, now)
        seen = marks.get(schedule_key(schedule))
        if seen is None or seen < due:
            started += _start(core, tenant, schedule, due)
    return started


def _schedules(core: Core, tenant: TenantContext) -> Iterator[Schedule]:
    for module in core.modules:
        if module.name in tenant.enabled_modules:
            yield from module.schedules


def _start(core: Core, tenant: TenantContext, schedule: Schedule, due: datetime) -> bool:
    """Move the mark on and ask for the run in one transaction; returns whether a run was asked for."""
    key = schedule_key(schedule)
    try:
        with core.database.unit_of_work(tenant.id) as session:
            mark = session.scalar(select(ScheduleMark).where(ScheduleMark.schedule == key).with_for_update())
            if mark is None:
                session.add(ScheduleMark(schedule=key, last_due=due))
                return False
            if mark.last_due >= due:
                return False
            mark.last_due = due
            request_run(core, session, tenant, schedule.job, schedule.params, requested_by=None)
    except TooMany:
        log.warning("schedule_waits", schedule=key)  # the mark was not moved: tried again next round
        return False
    return True
