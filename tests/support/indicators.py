"""An indicator, two periods, and what enters values."""

from datetime import UTC, date, datetime
from typing import Any

from samplan.db.session import TenantSession
from samplan.indicators.service import (
    Note,
    record_value,
)
from samplan.modules.contributions import IndicatorSpec, IndicatorValue, Period

SPEC = IndicatorSpec("core.test", "Test", "st", "lower", "def", "src", min_n=10)


MAY = Period(date(2026, 5, 1), date(2026, 5, 31))


JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))


NOTE = Note("manual", "HR")


NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def enter(session: TenantSession, value: float | None, period: Period = MAY, **kwargs: Any) -> bool:
    return record_value(session, SPEC, period, IndicatorValue(value, **kwargs), NOTE) is not None
