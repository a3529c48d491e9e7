"""Background work: the control of invoices."""

from __future__ import annotations

from typing import Any

from samplan.plugin_api import JobContext, Outcome, WorkedHiredShifts, _l, record
from samplan_agency.queries.control.months import delivered_months, invoice_months
from samplan_agency.services.control import renew_control

PHASE = _l("Controlling invoices")


def control_invoices(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Control the invoice lines in force, month by month: all, or those delivered since the last time."""
    with ctx.unit_of_work() as session:
        months = delivered_months(session) if params["delivered"] else invoice_months(session)
    if not months:
        return Outcome({"months": 0})
    waiting = done = 0
    for number, month in enumerate(months):
        if not ctx.progress(pct=100.0 * number / len(months), phase=PHASE):
            break
        with ctx.unit_of_work() as session:
            roster = ctx.find(WorkedHiredShifts, session)
            waiting += renew_control(session, month, ctx.tenant.timezone, ctx.clock.now(), roster)
        done += 1
    with ctx.unit_of_work() as session:
        after = {"months": done, "waiting": waiting}
        record(session, "invoices.controlled", "agency.invoice_control", None, after=after)
    return Outcome({**after, "link": {"endpoint": "agency.invoice_control"}})
