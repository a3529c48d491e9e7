"""Functions of the module's templates, there called `agency_…`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from samplan.plugin_api import Text, _, show_month
from samplan_agency import accrual_words, labels
from samplan_agency.domain.months import Months
from samplan_agency.domain.outlook import Reason
from samplan_agency.domain.spelling import spell_months
from samplan_agency.forecast_words import REASONS, type_name

_KINDS: Mapping[str, Mapping[str, Text]] = MappingProxyType(
    {
        "category": labels.CATEGORIES,
        "time_class": labels.TIME_CLASSES,
        "source": labels.SOURCES,
        "denominator": labels.DENOMINATORS,
        "number": labels.NUMBERS,
        "reason": labels.REASONS,
        "deviation": labels.DEVIATION_STATES,
        "method": accrual_words.METHODS,
        "accrual_reason": accrual_words.REASONS,
        "hours": accrual_words.HOURS,
        "pattern": accrual_words.PATTERNS,
    }
)


def label(kind: str, code: str | None) -> Text:
    """Return what a code is called; the code itself when it is not known."""
    return "" if code is None else _KINDS[kind].get(code, code)


def period(months: Months) -> str:
    """Return a period in words: first half of 2026, 2025, May 2026, November 2025 to October 2026."""
    text = spell_months(months)
    if text.endswith("H1"):
        return _("first half of %(year)s", year=months.first.year)
    if text.endswith("H2"):
        return _("second half of %(year)s", year=months.first.year)
    if "Q" in text:
        return _("quarter %(number)s of %(year)s", number=text[-1], year=months.first.year)
    if ".." in text:
        same = months.first.year == months.last.year
        first = show_month(months.first, "name" if same else "long")
        return _("%(first)s to %(last)s", first=first, last=show_month(months.last, "long"))
    return show_month(months.first, "long") if len(months) == 1 else text


def month_list(months: Iterable[date]) -> str:
    """Return months in order, such as `mars 2026, apr 2026`."""
    return ", ".join(map(show_month, sorted(months)))


def left_out(reason: Reason) -> Text:
    """Return why something was left out of a forecast."""
    return REASONS[reason]


FUNCTIONS: tuple[Callable[..., Any], ...] = (label, left_out, month_list, period, type_name)
"""What the templates may call."""
