"""What the area of indicators declares, with the core's own indicators."""

from __future__ import annotations

from samplan.i18n import _l
from samplan.indicators.compute import JOB, ComputeSchema
from samplan.modules.contributions import (
    IndicatorSpec,
    JobType,
    NavItem,
    Permission,
    RoleTemplate,
    Schedule,
)

READ = "core:indicator:read"
ENTER = "core:indicator:enter"
COMPUTE = "core:indicator:compute"
PUBLISH = "core:indicator:publish"

PERMISSIONS = (
    Permission(READ, _l("See indicators and their values")),
    Permission(ENTER, _l("Enter values of indicators by hand")),
    Permission(COMPUTE, _l("Have indicators computed anew")),
    Permission(PUBLISH, _l("Publish values of indicators to the management group, and withdraw them")),
)

_ALL = frozenset({READ, ENTER, COMPUTE})
_READ = frozenset({READ})
ROLES = (
    RoleTemplate("administrator", _l("Administrator"), _ALL | {PUBLISH}),
    RoleTemplate("controller", _l("Controller"), _ALL | {PUBLISH}),
    RoleTemplate("laboratory_head", _l("Head of laboratory medicine"), _ALL),
    RoleTemplate("ward_manager", _l("Ward manager"), _READ),
    RoleTemplate("staffing_coordinator", _l("Staffing coordinator"), _READ),
    RoleTemplate("production_director", _l("Production director"), _READ | {PUBLISH}),
    RoleTemplate("board_secretary", _l("Board secretary"), _READ),
    RoleTemplate("viewer", _l("Viewer"), _READ),
    RoleTemplate("group_member", _l("Group member"), _READ),
)

NAV = (NavItem("core.indicators", _l("Indicators"), READ, order=5, icon="chart"),)

JOBS = (
    JobType(
        name=JOB,
        label=_l("Compute indicators"),
        handler="samplan.indicators.compute:compute_indicators",
        params=ComputeSchema,
        permission=COMPUTE,
    ),
)

# Early on the second, when what belongs to the last day of the month has come in.
SCHEDULES = (Schedule(job=JOB, cron="20 4 2 * *"),)

INDICATORS = (
    IndicatorSpec(
        name="core.inhabitants",
        title=_l("Inhabitants"),
        unit=_l("inhabitants"),
        good="neutral",
        definition=_l("The number of people registered in the county on 31 December of the year."),
        source=_l("The region's population as recorded under Organisation (Statistics Sweden)"),
        period="year",
        decimals=0,
        compute="samplan.indicators.own:inhabitants",
    ),
    IndicatorSpec(
        name="core.sickness_absence",
        title=_l("Sickness absence"),
        unit=_l("per cent"),
        good="lower",
        definition=_l(
            "Hours of absence because of sickness, as a share of the ordinary working hours, all employees."
        ),
        source=_l("The region's personnel system, entered by hand"),
        period="month",
        numerator=_l("Hours of absence because of sickness"),
        denominator=_l("Ordinary working hours"),
    ),
)
