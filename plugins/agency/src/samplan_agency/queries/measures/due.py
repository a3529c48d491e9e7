"""Which reports to the board are due: the months that the region has chosen, against what was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from samplan.plugin_api import TenantSession
from samplan_agency.domain.months import month_of, plus_months
from samplan_agency.models import Measure, MeasureReport
from samplan_agency.params import due_months

_BACK, _AHEAD = 3, 12


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report that was not made yet: the month in which the board gets it, and when that is."""

    month: date
    when: str

    @property
    def urgent(self) -> bool:
        """Whether it is due this month, or was before."""
        return self.when != "later"


def reports_due(session: TenantSession, settings: Mapping[str, Any], today: date) -> list[DueReport]:
    """Return the reports of the last three and the next twelve months that are not made, by month.

    Where there is no measure yet nothing has been due.
    """
    now = month_of(today)
    first, last = plus_months(now, -_BACK), plus_months(now, _AHEAD)
    begun = session.scalar(select(exists().where(Measure.code != "")))
    made = set(session.scalars(select(MeasureReport.due_month).where(MeasureReport.due_month >= first)))
    months = [month for year in range(first.year, last.year + 1) for month in due_months(settings, year)]
    return [
        DueReport(month, "late" if month < now else "now" if month == now else "later")
        for month in months
        if first <= month <= last and month not in made and (begun or month > now)
    ]
