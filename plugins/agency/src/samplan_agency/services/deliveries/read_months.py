"""Read hours, and own staff as a staff system counts them: figures by month, unit and profession."""

from __future__ import annotations

from samplan.plugin_api import _l
from samplan_agency.files.delivered import HOURS_FILE, STAFF_FILE
from samplan_agency.services.deliveries.month_table import MonthTable

_COUNTED = ("started", "ended", "residents", "past_65", "introduction")

HOURS_READER = MonthTable(
    kind="hours",
    label=_l("Hours"),
    spec=HOURS_FILE,
    keys=("category", "staff", "basis"),
    figures={"hours": "round(t.hours, 2)"},
    figure=_l("Hours"),
    told="time_class",
).reader()
STAFF_READER = MonthTable(
    kind="staff",
    label=_l("Own staff"),
    spec=STAFF_FILE,
    keys=("category",),
    figures={
        "headcount": "t.headcount",
        "fte": "round(t.fte, 2)",
        **{name: f"t.{name}" for name in _COUNTED},
    },
    figure=_l("People employed"),
).reader()
