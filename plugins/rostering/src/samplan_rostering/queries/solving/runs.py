"""The runs of optimisations."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import JobRun, NotFound, TenantSession, _
from samplan_rostering import labels
from samplan_rostering.domain.rules import Rule
from samplan_rostering.models import Employee, PeriodEmployee


def newest_run(session: TenantSession, subject: str) -> JobRun | None:
    """Return the run about `subject` that was asked for last."""
    return session.scalar(select(JobRun).where(JobRun.subject == subject).order_by(JobRun.id.desc()).limit(1))


def is_active(run: JobRun | None) -> bool:
    """Tell whether a run waits or works."""
    return run is not None and run.status in ("queued", "running")


def get_run(session: TenantSession, run_id: UUID) -> JobRun:
    """Return the run of an optimisation; raises `NotFound`, also for other kinds of runs."""
    run = session.scalar(select(JobRun).where(JobRun.id == run_id, JobRun.subject.startswith("rostering:")))
    if run is None:
        raise NotFound(_("There is no such run."))
    return run


def source_of(run: JobRun) -> UUID:
    """Return the id of the period or benchmark problem that a run is about."""
    return UUID((run.subject or "").removeprefix("rostering:"))


def names(session: TenantSession, period_id: UUID) -> dict[str, str]:
    """Return the names of a period's people by code; nobody's for a benchmark problem."""
    people = (
        select(Employee.code, Employee.name)
        .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
        .where(PeriodEmployee.period_id == period_id)
    )
    return dict(session.execute(people).all())


def reasons(run: JobRun | None, names: Mapping[str, str]) -> list[str]:
    """Return why a run found that there can be no roster, a line for each person; `names` by code."""
    if run is None or run.status != "failed" or run.error_code != "infeasible":
        return []
    lines = []
    for reason in (run.error_details or {}).get("reasons", ()):
        rules = ", ".join(str(labels.RULES[Rule(rule)]) for rule in reason["rules"])
        line = _("%(name)s cannot keep all of: %(rules)s", name=_name(reason, names), rules=rules)
        if reason["minutes"] is not None and reason["limit"] is not None:
            possible = labels.clock_minutes(reason["minutes"])
            asked = labels.clock_minutes(reason["limit"])
            line += " " + _("(possible: %(possible)s, asked for: %(asked)s)", possible=possible, asked=asked)
        lines.append(line)
    return lines


def _name(reason: Mapping[str, str], names: Mapping[str, str]) -> str:
    return names.get(reason["employee"]) or reason["employee"]


def newest_joint_run(session: TenantSession, requested_by: UUID | None) -> JobRun | None:
    """Return the run over several wards that was asked for last, by somebody or by anybody."""
    query = select(JobRun).where(JobRun.job_type == "rostering.solve_wards")
    if requested_by is not None:
        query = query.where(JobRun.requested_by == requested_by)
    return session.scalar(query.order_by(JobRun.id.desc()).limit(1))
