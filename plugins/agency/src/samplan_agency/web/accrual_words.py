"""What the pages of accruals call methods, reasons and professions; months in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from samplan.plugin_api import Text, _l, show_month
from samplan_agency.labels import CATEGORIES, TIME_CLASSES

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
SOURCES: Mapping[str, Text] = MappingProxyType(
    {"ledger": _l("The ledger"), "invoices": _l("Suppliers' invoices")}
)
_WORDS: Mapping[str, Mapping[str, Text]] = MappingProxyType(
    {
        "method": METHODS,
        "reason": REASONS,
        "hours": HOURS,
        "pattern": PATTERNS,
        "source": SOURCES,
        "profession": CATEGORIES,
        "time": TIME_CLASSES,
    }
)


def accrual_word(kind: str, code: str) -> Text:
    """Return what a code is called; the code itself where it is not known."""
    return _WORDS[kind].get(code, code)


def accrual_months(months: Iterable[date]) -> str:
    """Return months in order, such as `mars 2026, apr 2026`."""
    return ", ".join(map(show_month, sorted(months)))


FUNCTIONS: tuple[Callable[..., Any], ...] = (accrual_word, accrual_months)
"""What the templates may call."""
