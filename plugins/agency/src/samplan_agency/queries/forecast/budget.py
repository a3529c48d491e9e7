"""The deliveries of the budget."""

from __future__ import annotations

from sqlalchemy import select

from samplan.plugin_api import TenantSession
from samplan_agency.models import Delivery

SHOWN = 30


def budget_deliveries(session: TenantSession) -> list[Delivery]:
    """Return the newest deliveries of a budget that were read in, newest first."""
    newest = (
        select(Delivery)
        .where(Delivery.kind == "budget", Delivery.state == "read")
        .order_by(Delivery.number.desc())
        .limit(SHOWN)
    )
    return list(session.scalars(newest))
