"""What the codes of the module are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from samplan.plugin_api import Text, _l
from samplan_agency.domain.ratios import (
    CONTROL_TOLERANCE,
    EMPLOYERS_CONTRIBUTIONS,
    HOURS_PER_FTE_MONTH,
    TARGET_SHARE,
)

CATEGORIES: Mapping[str, Text] = MappingProxyType(
    {"physician": _l("Physicians"), "nurse": _l("Nurses"), "other": _l("Other professions")}
)
TIME_CLASSES: Mapping[str, Text] = MappingProxyType(
    {
        "ordinary": _l("Ordinary hours"),
        "evening": _l("Evening"),
        "night": _l("Night"),
        "weekend": _l("Weekend"),
        "holiday": _l("Major holiday"),
        "on_call": _l("On call"),
        "overtime": _l("Overtime"),
        "travel": _l("Travel"),
    }
)
SOURCES: Mapping[str, Text] = MappingProxyType(
    {"ledger": _l("The ledger"), "invoices": _l("Suppliers' invoices")}
)
DENOMINATORS: Mapping[str, Text] = MappingProxyType(
    {"own": _l("own staff's cost"), "own_and_hired": _l("the cost of own and hired staff")}
)
NUMBERS: Mapping[str, Text] = MappingProxyType(
    {
        HOURS_PER_FTE_MONTH: _l("Hours a month of a full-time equivalent"),
        TARGET_SHARE: _l("Target for the share, %"),
        EMPLOYERS_CONTRIBUTIONS: _l("Employer's contributions, per cent of the salary"),
        CONTROL_TOLERANCE: _l("Difference of an invoice line that counts as none, SEK"),
    }
)
CERTAINTIES: Mapping[str, Text] = MappingProxyType(
    {
        "public_body": _l("document of a public body"),
        "second_hand": _l("second-hand, to be confirmed"),
        "derived": _l("derived"),
    }
)
REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "duplicate": _l("Billed twice"),
        "missing_reference": _l("Reference missing"),
        "wrong_zone": _l("Wrong zone"),
        "price_above": _l("Price above agreement"),
        "break_paid": _l("Break paid"),
        "hours_not_worked": _l("Hours not worked"),
        "no_time_report": _l("No time report"),
        "no_price": _l("No agreed price"),
    }
)
DEVIATION_STATES: Mapping[str, Text] = MappingProxyType(
    {
        "new": _l("New"),
        "asked": _l("Asked the supplier"),
        "accepted": _l("Accepted as it is"),
        "credited": _l("Credited"),
    }
)
DELIVERY_STATES: Mapping[str, tuple[str, Text]] = MappingProxyType(
    {
        "waiting": ("waiting", _l("Not checked")),
        "checked": ("info", _l("Checked")),
        "read": ("success", _l("Has been read in")),
        "refused": ("danger", _l("Has faults")),
        "cancelled": ("neutral", _l("Left aside")),
    }
)
ACCOUNT_KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "hired": _l("Hired staff"),
        "own": _l("Own staff"),
        "other_cost": _l("Other cost"),
        "revenue": _l("Revenue"),
        "accrued": _l("Accrued hired staff"),
    }
)
