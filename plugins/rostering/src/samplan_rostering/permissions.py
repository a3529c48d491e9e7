"""The permissions of this module, and what the core's roles get of them."""

from __future__ import annotations

from enum import StrEnum

from samplan.plugin_api import Permission, RoleTemplate, _l


class Allow(StrEnum):
    """A permission by the name that routes, jobs and roles use."""

    READ_WARD = "rostering:ward:read"
    WRITE_WARD = "rostering:ward:write"
    WRITE_RULES = "rostering:rules:write"
    WRITE_EXCEPTION = "rostering:exception:write"
    READ_ROSTER = "rostering:roster:read"
    EDIT_ROSTER = "rostering:roster:edit"
    SOLVE_ROSTER = "rostering:roster:solve"
    SOLVE_WARDS = "rostering:wards:solve"
    WRITE_SCENARIO = "rostering:scenario:write"
    OWN = "rostering:own"
    LINK_ACCOUNT = "rostering:account:link"
    READ_OUTCOME = "rostering:outcome:read"
    WRITE_OUTCOME = "rostering:outcome:write"
    CALL_OFF = "rostering:calloff:write"
    READ_FIGURES = "rostering:figure:read"
    WRITE_FIGURES = "rostering:figure:write"
    CONSULT_ROSTER = "rostering:roster:consult"
    COMMENT_ROSTER = "rostering:roster:comment"
    PUBLISH_ROSTER = "rostering:roster:publish"
    EXPORT_ROSTER = "rostering:roster:export"
    MANAGE_WISHES = "rostering:wish:manage"
    DECIDE_REQUEST = "rostering:request:decide"


PERMISSIONS = (
    Permission(
        Allow.READ_WARD, _l("See wards, periods, staff, requirements, absences and wishes"), sensitive=True
    ),
    Permission(
        Allow.WRITE_WARD, _l("Set up wards, employees and periods, by page or workbook"), sensitive=True
    ),
    Permission(Allow.WRITE_RULES, _l("Change the rule profile of wards and periods")),
    Permission(Allow.WRITE_EXCEPTION, _l("Register exceptions from the rules on rest and long shifts")),
    Permission(Allow.READ_ROSTER, _l("See rosters")),
    Permission(Allow.EDIT_ROSTER, _l("Change rosters by hand, lock cells"), sensitive=True),
    Permission(Allow.SOLVE_ROSTER, _l("Start the optimisation of a roster")),
    Permission(Allow.SOLVE_WARDS, _l("Start the optimisation of several wards with their internal unit")),
    Permission(Allow.WRITE_SCENARIO, _l("See, make, roster and compare scenarios"), sensitive=True),
    Permission(Allow.OWN, _l("See one's own roster, wish, ask for leave and swap shifts")),
    Permission(Allow.MANAGE_WISHES, _l("Open periods to wishes and follow what is wished"), sensitive=True),
    Permission(
        Allow.DECIDE_REQUEST, _l("Decide on absences asked for and on swaps of shifts"), sensitive=True
    ),
    Permission(
        Allow.LINK_ACCOUNT, _l("Link employees to the accounts that they sign in with"), sensitive=True
    ),
    Permission(Allow.READ_OUTCOME, _l("See what was worked, hours and balances"), sensitive=True),
    Permission(Allow.WRITE_OUTCOME, _l("Enter and read in what was worked"), sensitive=True),
    Permission(Allow.CALL_OFF, _l("List shifts to be called off and hand them over")),
    Permission(Allow.READ_FIGURES, _l("See the key figures of rostering")),
    Permission(Allow.WRITE_FIGURES, _l("Enter numbers for the key figures of rostering")),
    Permission(Allow.CONSULT_ROSTER, _l("Send a roster to consultation and take it back")),
    Permission(Allow.COMMENT_ROSTER, _l("Comment on a roster in consultation")),
    Permission(Allow.PUBLISH_ROSTER, _l("Decide on, publish and reopen a period's roster")),
    Permission(Allow.EXPORT_ROSTER, _l("Write files of published shifts for other systems"), sensitive=True),
)

EVERYTHING = frozenset(Allow)
DECIDING = frozenset(
    {Allow.WRITE_RULES, Allow.WRITE_EXCEPTION, Allow.LINK_ACCOUNT, Allow.DECIDE_REQUEST, Allow.PUBLISH_ROSTER}
)
"""What a ward's manager answers for, and who makes its rosters does not."""
READING = frozenset({Allow.READ_WARD, Allow.READ_ROSTER})

ROLES = (
    RoleTemplate("administrator", _l("Administrator"), EVERYTHING),
    RoleTemplate("scheduler", _l("Scheduler"), EVERYTHING - DECIDING),
    RoleTemplate("ward_manager", _l("Ward manager"), EVERYTHING),
    RoleTemplate(
        "staffing_coordinator",
        _l("Staffing coordinator"),
        READING
        | {Allow.EDIT_ROSTER, Allow.SOLVE_ROSTER, Allow.SOLVE_WARDS}
        | {Allow.READ_OUTCOME, Allow.READ_FIGURES, Allow.WRITE_SCENARIO, Allow.CALL_OFF},
    ),
    RoleTemplate(
        "production_director",
        _l("Production director"),
        frozenset({Allow.READ_ROSTER, Allow.READ_FIGURES, Allow.WRITE_SCENARIO}),
    ),
    RoleTemplate("employee", _l("Employee"), frozenset({Allow.READ_ROSTER, Allow.OWN, Allow.COMMENT_ROSTER})),
    RoleTemplate("viewer", _l("Viewer"), frozenset({Allow.READ_ROSTER})),
)
