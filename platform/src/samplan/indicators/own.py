"""The core's own indicators, from what the core itself knows."""

from __future__ import annotations

from sqlalchemy import select

from samplan.db.session import TenantSession
from samplan.modules.contributions import IndicatorValue, Period
from samplan.organisation.models import Population


def inhabitants(session: TenantSession, period: Period) -> IndicatorValue:
    """Return the inhabitants on 31 December of the period's year; provisional until confirmed."""
    row = session.scalar(select(Population).where(Population.year == period.start.year))
    if row is None:
        return IndicatorValue(None)
    return IndicatorValue(float(row.inhabitants), n=row.inhabitants, provisional=not row.confirmed)
