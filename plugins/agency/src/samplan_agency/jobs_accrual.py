"""Background work: proposing a valuation when a month has ended."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from samplan.plugin_api import JobContext, JobFailed, Outcome, RosteredHours, TenantSession, _l
from samplan_agency.domain.months import month_of, plus_months
from samplan_agency.queries.accrual.valuing import Wanted, newest_booked, value
from samplan_agency.services.accrual.valuations import keep_valuation

NOTHING = _l("Nothing is booked that a valuation could rest on.")


def propose_valuation(ctx: JobContext, params: dict[str, Any]) -> Outcome:
    """Value what is still to come by the recommended method, and keep it as a proposal."""
    from samplan_agency.domain.triangle import TriangleFault

    now = ctx.clock.now()
    asked: date | None = params["booked_to"]
    with ctx.unit_of_work() as session:
        last = plus_months(month_of(now.astimezone(ZoneInfo(ctx.tenant.timezone)).date()), -1)
        booked_to = month_of(asked) if asked else newest_booked(session, "ledger", last)
        try:
            found = booked_to and value(session, Wanted(booked_to), ctx.find(RosteredHours, session))
        except TriangleFault as fault:
            raise JobFailed("nothing_to_value", NOTHING, fault=str(fault)) from fault
    if not found:
        return Outcome({"months": 0})

    def write(session: TenantSession) -> None:
        keep_valuation(session, found, by=None, now=now, proposed=True)

    result = {"months": len(found.valued.rows), "reserve": float(found.valued.total.mean)}
    return Outcome({**result, "link": {"endpoint": "agency.accrual"}}, write)
