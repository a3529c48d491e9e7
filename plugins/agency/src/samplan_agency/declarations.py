"""What the module declares: links, cards, jobs and indicators."""

from __future__ import annotations

from samplan.plugin_api import Card, IndicatorSpec, JobType, NavItem, Schedule, _l
from samplan_agency.permissions import Allow

NAV = (NavItem("agency.index", _l("Hired staff"), Allow.READ, 200, "group"),)
CARDS: tuple[Card, ...] = ()
JOBS: tuple[JobType, ...] = ()
SCHEDULES: tuple[Schedule, ...] = ()
INDICATORS: tuple[IndicatorSpec, ...] = ()
