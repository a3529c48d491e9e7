"""Read hours, and own staff as a staff system counts them: figures by month, unit and profession."""

from __future__ import annotations

from samplan.plugin_api import _l
from samplan_agency.files.delivered import HOURS_FILE, STAFF_FILE
from samplan_agency.services.month_table import month_reader

_COUNTED = ("started", "ended", "residents", "past_65", "introduction")

HOURS_READER = month_reader(
    "hours",
    _l("Hours"),
    HOURS_FILE,
    ("category", "staff", "basis"),
    {"hours": "round(t.hours, 2)"},
    told="time_class",
    figure=_l("Hours"),
    hours="t.hours",
)
STAFF_READER = month_reader(
    "staff",
    _l("Own staff"),
    STAFF_FILE,
    ("category",),
    {"headcount": "t.headcount", "fte": "round(t.fte, 2)", **{name: f"t.{name}" for name in _COUNTED}},
    figure=_l("People employed"),
)
