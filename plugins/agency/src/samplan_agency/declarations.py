"""What the module declares: links, cards, jobs and indicators."""

from __future__ import annotations

from samplan.plugin_api import Card, IndicatorSpec, JobType, NavItem, Schedule, _l
from samplan_agency.params import NoParams
from samplan_agency.permissions import Allow

REMIND = "agency.remind_of_reports"

NAV = (NavItem("agency.index", _l("Hired staff"), Allow.READ, 200, "group"),)
CARDS = (
    Card("agency_measures", _l("Reports to the board"), "agency.measure_card", Allow.WRITE_MEASURE, 210),
)
JOBS = (
    JobType(
        name=REMIND,
        label=_l("Reminder of reports to the board"),
        handler="samplan_agency.jobs_measures:remind_of_reports",
        params=NoParams,
        permission=Allow.WRITE_MEASURE,
    ),
)
SCHEDULES = (Schedule(REMIND, "15 6 1 * *"),)
INDICATORS: tuple[IndicatorSpec, ...] = ()
