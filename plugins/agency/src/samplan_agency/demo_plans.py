"""Demo data: budget, own staff, planned hours, valuations with their look-back, a forecast, and a plan.

All of it is invented, follows from the invented ledger, and is marked so.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import insert, select

from samplan.plugin_api import OrgUnit, TenantSession, new_id
from samplan_agency.domain.keys import line_key
from samplan_agency.domain.months import Months, month_of, plus_months
from samplan_agency.models import BudgetLine, HoursMonth, StaffMonth
from samplan_agency.queries.accrual.valuing import Wanted, value
from samplan_agency.queries.costs.sums import Choice, cost_sums
from samplan_agency.queries.forecast.given import given, outcome
from samplan_agency.services.accrual.valuations import keep_valuation, save_journal_template
from samplan_agency.services.costs.invented import invented_delivery
from samplan_agency.services.forecast.kept import Made, keep_forecast
from samplan_agency.services.independence import add_plan, set_action

Hours: TypeAlias = Mapping[tuple[date, str, str, str], Decimal]
"""By month, unit, category and time of day."""
PLAN = "Oberoende på tre år (exempel)"
VALUED_MONTHS = 3
"""So many of the last months have a kept valuation."""
PLANNED_MONTHS = 7
"""For so many of the last months there are planned hours: the example's agreement has prices for them."""
_GROWTH: Mapping[str, Decimal] = MappingProxyType(
    {
        "hired": Decimal("0.8"),
        "own": Decimal("1.03"),
        "other_cost": Decimal("1.02"),
        "revenue": Decimal("1.02"),
    }
)
"""The budget beside last year's outcome, by kind."""
_ACCOUNTS: Mapping[str, str] = MappingProxyType({"physician": "4610", "nurse": "4620", "other": "4630"})
_MONTHLY_COST: Mapping[str, int] = MappingProxyType({"physician": 118_000, "nurse": 61_000, "other": 50_000})
"""What a full-time employee costs a month, SEK with employer's contributions."""
_ORE = Decimal("0.01")
_ROUNDED = Decimal(1000)


def load_plans(session: TenantSession, today: date, seed: str, hours: Hours) -> None:
    """Add what a controller would have entered, read in and kept by now; `hours` were planned."""
    now = datetime.combine(today, time(7), UTC)
    last = plus_months(month_of(today), -1)
    _add_budget(session, today.year)
    _add_staff(session, Months.rolling(last, 25), seed)
    _add_hours(session, Months.rolling(last, PLANNED_MONTHS), hours)
    _keep_valuations(session, last, now)
    _keep_forecast(session, last, now)
    _add_way(session, today, now)


def _add_budget(session: TenantSession, year: int) -> None:
    """Add a budget for each division and cost type: less for hired staff than it cost the year before."""
    delivery = invented_delivery(session, "budget")
    before = outcome(session, Months.year(year - 1))
    rows = []
    for cell, months in before.items():
        amounts = [str((amount * _GROWTH[cell.kind]).quantize(_ROUNDED).quantize(_ORE)) for amount in months]
        rows.append(
            {
                "kind": "budget",
                "year": year,
                "division_id": cell.division,
                "cost_kind": cell.kind,
                "cost_type": cell.cost_type,
                "months": amounts,
                "delivery_id": delivery.id,
            }
        )
        delivery.amount += sum(map(Decimal, amounts))
    delivery.rows = delivery.added = len(rows)
    delivery.first_month, delivery.last_month = date(year, 1, 1), date(year, 12, 1)
    session.flush()
    if rows:
        session.execute(insert(BudgetLine), rows)


def _add_staff(session: TenantSession, months: Months, seed: str) -> None:
    """Add own staff of each unit, as many as the ledger's cost of own staff pays for."""
    delivery = invented_delivery(session, "staff")
    codes = dict(session.execute(select(OrgUnit.id, OrgUnit.code)).all())
    costs: dict[tuple[UUID, str], dict[date, Decimal]] = defaultdict(dict)
    for row in cost_sums(session, Choice(months, kinds=("own",)), ("work_month", "unit_id", "category")):
        month, unit_id, category = row.key
        if unit_id in codes and category in _MONTHLY_COST:
            costs[unit_id, category][month] = row.amount
    rows: list[dict[str, Any]] = []
    for (unit_id, category), by_month in costs.items():
        told = {"delivery_id": delivery.id, "unit": codes[unit_id], "unit_id": unit_id, "category": category}
        for month, counts in _counts(by_month, category, random.Random(f"{seed}/{unit_id}/{category}")):  # noqa: S311 - invented
            key = f"{month:%Y-%m-01}|{codes[unit_id]}|{category}"
            row_of = {"work_month": month, "row_number": len(rows) + 2, "line_key": line_key(key)}
            rows.append(told | row_of | counts)
    delivery.rows = delivery.added = len(rows)
    delivery.first_month, delivery.last_month = months.first, months.last
    session.flush()
    if rows:
        session.execute(insert(StaffMonth), rows)


def _add_hours(session: TenantSession, months: Months, hours: Hours) -> None:
    """Add the hours that were planned for hired staff, by time of day."""
    delivery = invented_delivery(session, "hours")
    units = dict(session.execute(select(OrgUnit.code, OrgUnit.id)).all())
    rows = [
        {
            "delivery_id": delivery.id,
            "line_key": line_key(f"{month}|{unit}|{category}|hired|planned|{time_class}"),
            "row_number": number,
            "work_month": month,
            "unit": unit,
            "unit_id": units.get(unit),
            "category": category,
            "staff": "hired",
            "basis": "planned",
            "time_class": time_class,
            "hours": count,
        }
        for number, ((month, unit, category, time_class), count) in enumerate(hours.items(), start=2)
        if month in months
    ]
    delivery.rows = delivery.added = len(rows)
    delivery.first_month, delivery.last_month = months.first, months.last
    session.flush()
    if rows:
        session.execute(insert(HoursMonth), rows)


def _counts(
    by_month: Mapping[date, Decimal], category: str, chance: random.Random
) -> Iterator[tuple[date, dict[str, Any]]]:
    """Yield each month's numbers of a unit and profession: about one in nine leaves in a year."""
    before: int | None = None
    for month, cost in sorted(by_month.items()):
        fte = (cost / _MONTHLY_COST[category]).quantize(_ORE)
        people = max(round(fte * Decimal("1.08")), 1)
        ended = sum(chance.random() < 0.0093 for _ in range(people))
        more = 0 if before is None else people - before
        ended, started = max(ended, -more), max(ended + more, 0)
        yield (
            month,
            {
                "headcount": people,
                "fte": fte,
                "started": started,
                "ended": ended,
                "residents": round(people * 0.22) if category == "physician" else 0,
                "past_65": round(people * 0.04),
                "introduction": round(people * 0.05) if category == "nurse" else 0,
            },
        )
        before = people


def _keep_valuations(session: TenantSession, last: date, now: datetime) -> None:
    """Keep a valuation of each of the last months, as it was known then, and the accounts to book it on."""
    for month in Months.rolling(last, VALUED_MONTHS):
        found = value(session, Wanted(month))
        if found is not None:
            kept_at = datetime.combine(plus_months(month, 1).replace(day=5), time(8), UTC)
            keep_valuation(session, found, by=None, now=min(kept_at, now))
    save_journal_template(session, _ACCOUNTS, "2990", "99", version=0, now=now)


def _keep_forecast(session: TenantSession, last: date, now: datetime) -> None:
    """Keep the forecast of the year, made as of the last month and as of three months before."""
    from samplan_agency.domain.outlook import outlook

    for as_of in (plus_months(last, -3), last):
        made_of = given(session, as_of.year, as_of, 2, last=last)
        if made_of is not None:
            known, accrued = made_of
            keep_forecast(session, new_id(), Made(known, outlook(known), accrued), now)


def _add_way(session: TenantSession, today: date, now: datetime) -> None:
    """Add a plan with own positions, an internal unit, and hiring for weekends only."""
    first = month_of(today)
    plan = add_plan(session, PLAN, first, 36)
    own = {"kind": "own_positions", "replaces": 0.9, "quickest": 2, "usual": 4, "slowest": 9}
    starts = {"first": plus_months(first, 1).isoformat(), "other_cost": 3000}
    nurses = {"category": "nurse", "positions": 8, "filled_percent": 25, "introduction": 2, "salary": 41_000}
    physicians = {
        "category": "physician", "positions": 3, "filled_percent": 12, "introduction": 3, "salary": 88_000,
    }  # fmt: skip
    unit = {"kind": "internal_unit", "category": "nurse", "fte": 4, "used_percent": 85, "salary": 43_000}
    weekends = {"kind": "weekends_only", "category": "other", "remains_percent": 45}
    later = {"first": plus_months(first, 6).isoformat()}
    for action in (own | starts | nurses, own | starts | physicians, unit | starts, weekends | later):
        plan = set_action(session, plan.id, plan.version, action, now)
