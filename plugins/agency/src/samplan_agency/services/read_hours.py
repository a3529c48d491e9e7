"""Read hours by month, unit and profession."""

from __future__ import annotations

from samplan.plugin_api import _l
from samplan_agency.files.delivered import HOURS_FILE
from samplan_agency.services.month_table import MonthTable
from samplan_agency.services.reading import Reader, spec_with_words

_TABLE = MonthTable(
    "hours_month", ("category", "staff", "basis"), {"hours": "round(t.hours, 2)"}, hours="t.hours"
)

HOURS_READER = Reader(
    kind="hours",
    label=_l("Hours"),
    by=_l("Cost centre"),
    spec=spec_with_words(HOURS_FILE),
    shape=_TABLE.shape,
    refusals=_TABLE.refusals,
    check=_TABLE.check,
    count=_TABLE.count,
    read=_TABLE.read,
)
