"""The runs of background work."""

from __future__ import annotations

from sqlalchemy import select

from samplan.plugin_api import JobRun, TenantSession


def newest_run(session: TenantSession, subject: str) -> JobRun | None:
    """Return the run about `subject` that was asked for last."""
    return session.scalar(select(JobRun).where(JobRun.subject == subject).order_by(JobRun.id.desc()).limit(1))
