"""The module's indicators for a month, by the roster in force of each period that meets it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from samplan.plugin_api import IndicatorValue, Period, TenantSession
from samplan_rostering.models import RosterPeriod
from samplan_rostering.queries.figures.facts import (
    Choice,
    Fact,
    entered_facts,
    month_facts,
    publication_facts,
)
from samplan_rostering.queries.figures.key_figures import observations
from samplan_rostering.services.figures.counting import counted

Source = Callable[[TenantSession, Period], Iterable[Fact]]


def _rostered(session: TenantSession, month: Period) -> Iterable[Fact]:
    meets = RosterPeriod.start_date <= month.end, RosterPeriod.end_date >= month.start
    return month_facts(counted(session, *meets), month.start, month.end)


def _published(session: TenantSession, month: Period) -> Iterable[Fact]:
    return publication_facts(session, Choice((), month.start, month.end))


def _entered(session: TenantSession, month: Period) -> Iterable[Fact]:
    return entered_facts(session, Choice((), month.start, month.end))


def _indicator(
    session: TenantSession, month: Period, *, key: str, source: Source, scale: int = 1, total: bool = False
) -> IndicatorValue:
    """Return a part of a whole, or the sum where it is of nothing; no value where nothing is known."""
    facts = [fact for fact in source(session, month) if fact.key == key]
    part, whole = sum(fact.part for fact in facts), sum(fact.whole for fact in facts)
    n = observations(facts)
    if total:
        return IndicatorValue(value=part, n=n or None) if facts else IndicatorValue(value=None)
    if not whole:
        return IndicatorValue(value=None)
    return IndicatorValue(value=scale * part / whole, numerator=part, denominator=whole, n=n)


_of_rosters = partial(_indicator, source=_rostered)
_in_per_cent = partial(_of_rosters, scale=100)

coverage = partial(_in_per_cent, key="coverage")
unfilled = partial(_of_rosters, key="unfilled", total=True)
breaches = partial(_of_rosters, key="breaches")
hours = partial(_in_per_cent, key="hours")
weekends = partial(_of_rosters, key="weekends")
nights = partial(_of_rosters, key="nights")
quick_returns = partial(_in_per_cent, key="quick_returns")
hired_share = partial(_in_per_cent, key="hired_share")
unfilled_share = partial(_in_per_cent, key="unfilled_minutes")
wishes_met_share = partial(_in_per_cent, key="wishes")
night_shift_share = partial(_in_per_cent, key="night_shifts")
lead_time = partial(_indicator, key="lead_time", source=_published)
changes = partial(_indicator, key="changes", source=_published, scale=100)
beyond = partial(_indicator, key="beyond", source=_entered, scale=100)
scheduling_clinical = partial(_indicator, key="scheduling_clinical", source=_entered)
scheduling_administrative = partial(_indicator, key="scheduling_administrative", source=_entered)
payroll_corrections = partial(_indicator, key="payroll_corrections", source=_entered)
units_stood_down = partial(_indicator, key="units_stood_down", source=_entered)
employees_per_manager = partial(_indicator, key="employees_per_manager", source=_entered)
agency_share = partial(_indicator, key="agency_share", source=_entered, scale=100)
