"""The permissions of this module, and what the core's roles get of them."""

from __future__ import annotations

from enum import StrEnum

from samplan.plugin_api import Permission, RoleTemplate, _l


class Allow(StrEnum):
    """A permission by the name that routes, jobs and roles use."""

    READ = "agency:cost:read"
    WRITE_DELIVERY = "agency:delivery:write"
    WRITE_REFERENCE = "agency:reference:write"
    WRITE_ACCRUAL = "agency:accrual:write"
    WRITE_FORECAST = "agency:forecast:write"
    WRITE_MEASURE = "agency:measure:write"
    MAKE_REPORT = "agency:report:make"
    READ_INVOICE = "agency:invoice:read"
    CONTROL_INVOICE = "agency:invoice:control"
    READ_CALL_OFF = "agency:calloff:read"
    WRITE_CALL_OFF = "agency:calloff:write"
    WRITE_PLAN = "agency:plan:write"


PERMISSIONS = (
    Permission(Allow.READ, _l("See what hired staff cost")),
    Permission(Allow.WRITE_DELIVERY, _l("Read in costs, invoices, hours, budget and staff from files")),
    Permission(Allow.WRITE_REFERENCE, _l("Change accounts, suppliers, agreements and prices")),
    Permission(Allow.WRITE_ACCRUAL, _l("Value what is still to be invoiced, and keep the valuation")),
    Permission(Allow.WRITE_FORECAST, _l("Make forecasts and change plan lines")),
    Permission(Allow.WRITE_MEASURE, _l("Change measures and their effects")),
    Permission(Allow.MAKE_REPORT, _l("Make the reports on measures to the board")),
    Permission(Allow.READ_INVOICE, _l("See invoice lines and what is wrong with them")),
    Permission(Allow.CONTROL_INVOICE, _l("Handle deviations of invoices")),
    Permission(Allow.READ_CALL_OFF, _l("See call-offs and their answers")),
    Permission(Allow.WRITE_CALL_OFF, _l("Call off hired staff and register answers"), sensitive=True),
    Permission(Allow.WRITE_PLAN, _l("Make plans for the way to independence")),
)

EVERYTHING = frozenset(Allow)
CALLING = frozenset({Allow.READ_CALL_OFF, Allow.WRITE_CALL_OFF, Allow.READ_INVOICE, Allow.CONTROL_INVOICE})

ROLES = (
    RoleTemplate("administrator", _l("Administrator"), EVERYTHING),
    RoleTemplate("staffing_coordinator", _l("Staffing coordinator"), CALLING | {Allow.READ}),
    RoleTemplate("controller", _l("Controller"), EVERYTHING - {Allow.WRITE_CALL_OFF}),
    RoleTemplate(
        "production_director",
        _l("Production director"),
        frozenset(
            {
                Allow.READ,
                Allow.WRITE_MEASURE,
                Allow.MAKE_REPORT,
                Allow.WRITE_PLAN,
                Allow.READ_CALL_OFF,
                Allow.READ_INVOICE,
            }
        ),
    ),
    RoleTemplate("ward_manager", _l("Ward manager"), frozenset({Allow.READ, Allow.READ_CALL_OFF})),
    RoleTemplate("board_secretary", _l("Board secretary"), frozenset({Allow.READ, Allow.MAKE_REPORT})),
    RoleTemplate("viewer", _l("Viewer"), frozenset({Allow.READ})),
)
