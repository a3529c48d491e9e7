"""Read own staff by month, unit and profession, as a staff system counts them."""

from __future__ import annotations

from samplan.plugin_api import _l
from samplan_agency.files.delivered import STAFF_FILE
from samplan_agency.services.month_table import MonthTable
from samplan_agency.services.reading import Reader, spec_with_words

_COUNTED = ("started", "ended", "residents", "past_65", "introduction")
_TABLE = MonthTable(
    "staff_month",
    ("category",),
    {"headcount": "t.headcount", "fte": "round(t.fte, 2)", **{name: f"t.{name}" for name in _COUNTED}},
)

STAFF_READER = Reader(
    kind="staff",
    label=_l("Own staff"),
    by=_l("Cost centre"),
    spec=spec_with_words(STAFF_FILE),
    shape=_TABLE.shape,
    refusals=_TABLE.refusals,
    check=_TABLE.check,
    count=_TABLE.count,
    read=_TABLE.read,
)
