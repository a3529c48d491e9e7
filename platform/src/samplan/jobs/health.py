"""Whether a tenant's runs are being worked off."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from samplan.db.session import TenantSession
from samplan.i18n import _l, ngettext
from samplan.jobs.models import JobRun
from samplan.modules.contributions import Check

LONG = timedelta(minutes=15)


def waiting_runs(session: TenantSession) -> Check:
    """Return whether runs have waited for a worker for longer than a quarter of an hour."""
    waiting = (
        session.scalar(
            select(func.count())
            .select_from(JobRun)
            .where(
                JobRun.status == "queued",
                JobRun.queued_at < func.now() - LONG,
                JobRun.parent_id.is_(None),  # parts wait for one another
            )
        )
        or 0
    )
    detail = ngettext(
        "%(num)d run has waited for more than 15 minutes: see that workers and the reconciler are running.",
        "%(num)d runs have waited for more than 15 minutes: see that workers and the reconciler are running.",
        waiting,
    )
    return Check(_l("Runs are started"), ok=not waiting, detail=detail if waiting else "")
