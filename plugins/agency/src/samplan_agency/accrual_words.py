"""What accruals call their methods, why one is recommended, and what they go by."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from samplan.plugin_api import Text, _l

METHODS: Mapping[str, Text] = MappingProxyType(
    {
        "bf": _l("Hours and price (Bornhuetter-Ferguson)"),
        "capecod": _l("Usual cost level (Cape Cod)"),
        "mack": _l("Only what is booked (chain ladder)"),
    }
)
REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "hours": _l("There are hours with a price for every month that is not fully booked."),
        "young": _l("Hours are missing, and too little of the newest month is booked to judge by it alone."),
        "mature": _l("Hours are missing, but enough of the newest month is usually booked to judge by it."),
        "credit": _l("Credit notes are more than invoices for some lag, which the chain ladder cannot take."),
        "nothing_booked": _l("Nothing is booked of some month, which the chain ladder cannot value."),
        "no_hours": _l("Hours with a price are missing for months that are not fully booked."),
    }
)
HOURS: Mapping[str, Text] = MappingProxyType(
    {"rostered": _l("Rosters and call-offs"), "entered": _l("Entered or delivered hours")}
)
PATTERNS: Mapping[str, Text] = MappingProxyType(
    {"suppliers": _l("By supplier"), "region": _l("All suppliers together")}
)
