"""The module's indicators, from the ledger and from confirmed call-offs.

What the ledger does not hold whole is not known: a figure has no value until own staff's cost is there for
every month of its period. It is provisional while invoices for one of the months are still to come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select

from samplan.plugin_api import IndicatorValue, Period, Population, TenantSession, current_tenant
from samplan_agency.domain.months import Months, month_of
from samplan_agency.domain.ratios import HOURS_PER_FTE_MONTH, full_time_equivalents
from samplan_agency.domain.ratios import change as change_of
from samplan_agency.domain.ratios import share as share_of
from samplan_agency.models import CallOffAnswer, CallOffLine
from samplan_agency.queries.costs.own_staff import staff_counts
from samplan_agency.queries.costs.sums import Choice, cost_sums
from samplan_agency.queries.measures.standing import known_months
from samplan_agency.queries.parameters import number_on

NOTHING = IndicatorValue(None)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Costs:
    """What hired and own staff cost in a period, and whether invoices are still to come."""

    hired: Decimal
    own: Decimal
    lines: int
    provisional: bool


def share(session: TenantSession, period: Period) -> IndicatorValue:
    """Return hired staff's cost in per cent of own staff's."""
    costs = _costs(session, _months(period))
    return NOTHING if costs is None else _part(costs, costs.own, share_of(costs.hired, costs.own))


def share_of_all(session: TenantSession, period: Period) -> IndicatorValue:
    """Return hired staff's cost in per cent of own and hired staff's together."""
    costs = _costs(session, _months(period))
    if costs is None:
        return NOTHING
    return _part(costs, costs.own + costs.hired, share_of(costs.hired, costs.own, "own_and_hired"))


def change(session: TenantSession, period: Period) -> IndicatorValue:
    """Return by how many per cent hired staff's cost differs from the same months a year earlier."""
    months = _months(period)
    now, before = _costs(session, months), _costs(session, months.year_before())
    if now is None or before is None:
        return NOTHING
    value = change_of(now.hired, before.hired)
    if value is None:
        return NOTHING
    return IndicatorValue(
        float(value),
        numerator=float(now.hired - before.hired),
        denominator=float(before.hired),
        provisional=now.provisional or before.provisional,
    )


def cost_per_inhabitant(session: TenantSession, period: Period) -> IndicatorValue:
    """Return hired staff's cost in SEK per inhabitant at the end of the year.

    Until that population is recorded it is the newest before it, and the value provisional.
    """
    costs = _costs(session, _months(period))
    people = session.scalar(
        select(Population)
        .where(Population.year <= period.end.year, Population.inhabitants > 0)
        .order_by(Population.year.desc())
        .limit(1)
    )
    if costs is None or people is None:
        return NOTHING
    certain = people.confirmed and people.year == period.end.year
    return IndicatorValue(
        float(costs.hired / people.inhabitants),
        numerator=float(costs.hired),
        denominator=float(people.inhabitants),
        provisional=costs.provisional or not certain,
    )


def fte_per_1000_own(session: TenantSession, period: Period) -> IndicatorValue:
    """Return hired full-time equivalents per 1,000 of own staff, by hours and the staff system."""
    months = _months(period)
    costs, counts = _costs(session, months), staff_counts(session, months).get(None, {})
    own = [counts[month].fte for month in months if month in counts]
    known = [each for each in own if each is not None]
    if costs is None or len(known) != len(months) or not sum(known):
        return NOTHING
    hours = sum((one.hours for one in cost_sums(session, Choice(months))), ZERO)
    if costs.hired and not hours:
        return NOTHING  # the ledger has no hours
    per_month = number_on(session, HOURS_PER_FTE_MONTH, months.last).value
    hired = full_time_equivalents(hours, len(months), per_month)
    average = sum(known, ZERO) / len(known)
    return IndicatorValue(
        float(1000 * hired / average),
        numerator=float(hired),
        denominator=float(average),
        provisional=costs.provisional,
    )


def share_within_agreement(session: TenantSession, period: Period) -> IndicatorValue:
    """Return in per cent which part of what confirmed call-offs cost is within the agreement."""
    inside, whole = ZERO, ZERO
    for cost, outside in _confirmed(session, period):
        whole += cost
        inside += ZERO if outside else cost
    if not whole:
        return NOTHING
    return IndicatorValue(float(100 * inside / whole), numerator=float(inside), denominator=float(whole))


def _months(period: Period) -> Months:
    return Months(month_of(period.start), month_of(period.end))


def _costs(session: TenantSession, months: Months) -> _Costs | None:
    """Return the costs of these months by the ledger; None where it lacks a month."""
    choice = Choice(months, kinds=("hired", "own"))
    sums = cost_sums(session, choice, ("kind", "work_month"))
    if {one.key[1] for one in sums if one.key[0] == "own"} != set(months):
        return None
    hired, own = (sum((one.amount for one in sums if one.key[0] == kind), ZERO) for kind in ("hired", "own"))
    lines = sum(one.lines for one in sums if one.key[0] == "hired")
    return _Costs(hired, own, lines, known_months(session).provisional(months.last))


def _part(costs: _Costs, whole: Decimal, value: Decimal | None) -> IndicatorValue:
    if value is None:
        return NOTHING
    return IndicatorValue(
        float(value),
        numerator=float(costs.hired),
        denominator=float(whole),
        n=costs.lines,
        provisional=costs.provisional,
    )


def _confirmed(session: TenantSession, period: Period) -> Iterable[tuple[Decimal, str]]:
    """Yield what each confirmed person of a call-off costs, and why it is outside the agreement, if it is.

    Shifts count by the region's clock.
    """
    zone = ZoneInfo(current_tenant().timezone)
    first = datetime.combine(period.start, time(), zone)
    end = datetime.combine(period.end + timedelta(days=1), time(), zone)
    found = select(CallOffLine, CallOffAnswer.price, CallOffAnswer.outside).join(
        CallOffAnswer,
        (CallOffAnswer.tenant_id == CallOffLine.tenant_id) & (CallOffAnswer.line_id == CallOffLine.id),
    )
    found = found.where(
        CallOffAnswer.state == "confirmed", CallOffLine.starts_at >= first, CallOffLine.starts_at < end
    )
    for line, price, outside in session.execute(found):
        length = line.ends_at - line.starts_at - timedelta(minutes=line.break_minutes)
        yield Decimal(int(length.total_seconds())) / 3600 * (price or ZERO), outside
