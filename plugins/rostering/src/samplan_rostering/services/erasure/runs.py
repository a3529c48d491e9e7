"""Runs that have read a person's data and write them again when they end: an erasure waits for them."""

from __future__ import annotations

import json
from uuid import UUID

from sqlalchemy import select, union_all

from samplan.plugin_api import Conflict, JobRun, TenantSession, _
from samplan_rostering.models import PeriodEmployee, Roster, Scenario


def refuse_during_runs(session: TenantSession, employee_id: UUID, jobs: str, *, hold: bool) -> None:
    """Refuse while a run is under way about a period that the person takes part in.

    Args:
        session: the tenant's.
        employee_id: who is to be erased.
        jobs: what the types of the runs begin with.
        hold: let no run that waits begin before the transaction ends.

    Raises:
        Conflict: there is such a run; what it writes at its end would name the person again, or fail.
    """
    query = select(JobRun).where(JobRun.job_type.startswith(jobs), JobRun.status.in_(("queued", "running")))
    if hold:
        query = query.order_by(JobRun.id).with_for_update().execution_options(populate_existing=True)
    running = [run for run in session.scalars(query) if run.status == "running"]
    if not running:
        return
    periods = select(PeriodEmployee.period_id).where(PeriodEmployee.employee_id == employee_id)
    about = session.scalars(
        union_all(
            periods,
            select(Roster.id).where(Roster.period_id.in_(periods)),
            select(Scenario.id).where(Scenario.period_id.in_(periods)),
        )
    )
    told = json.dumps([run.params for run in running], default=str)
    if any(str(key) in told for key in about):
        raise Conflict(
            _(
                "An optimisation that the person takes part in is under way."
                " Wait until it has ended, or stop it, and erase then."
            )
        )
