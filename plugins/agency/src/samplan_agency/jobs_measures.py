"""Background work: reminding of reports to the board."""

from __future__ import annotations

from typing import Any

from samplan.plugin_api import (
    JobContext,
    Outcome,
    TenantSession,
    local_now,
    members_allowed,
    notify,
    settings_of,
)
from samplan_agency.measure_events import REPORT_DUE
from samplan_agency.permissions import Allow
from samplan_agency.queries.measures.due import reports_due


def remind_of_reports(ctx: JobContext, _params: dict[str, Any]) -> Outcome:
    """Tell those who see to the measures which reports to the board are due this month or late."""
    now = ctx.clock.now()
    today = local_now(ctx.clock, ctx.tenant.timezone).date()
    with ctx.unit_of_work() as session:
        settings = settings_of(ctx.modules, session, "agency")
        due = [one for one in reports_due(session, settings, today) if one.urgent]
        accounts = [member.account_id for member in members_allowed(session, Allow.MAKE_REPORT)]

    def write(session: TenantSession) -> None:
        if due:
            payload = {"board": settings["board"], "months": [one.month for one in due]}
            notify(session, REPORT_DUE, payload, now=now, mail_to=accounts, about=f"{today:%Y-%m}")

    return Outcome({"reports": len(due), "link": {"endpoint": "agency.measure_reports"}}, write)
