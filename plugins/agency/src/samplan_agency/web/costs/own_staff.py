"""The page on own staff: how many, how many came and left, beside those who are hired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import render_template, request

from samplan.plugin_api import Text, _, _l, current_session, requires, show_month
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.domain.own_staff import StaffYear, too_few, year_to
from samplan_agency.domain.ratios import HOURS_PER_FTE_MONTH, full_time_equivalents
from samplan_agency.labels import CATEGORIES
from samplan_agency.permissions import Allow
from samplan_agency.queries.costs.figures import vintages
from samplan_agency.queries.costs.own_staff import Counts, staff_counts, staff_months
from samplan_agency.queries.costs.sums import Choice, cost_sums
from samplan_agency.queries.parameters import number_on
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.charts import line_chart
from samplan_agency.web.choosing import region_tree, unit_asked, unit_options

PEOPLE = ("started", "ended", "residents", "past_65", "introduction")


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A profession, or all: its own staff and the hired full-time equivalents of the same 12 months.

    `hidden` are the counts that are not shown.
    """

    name: Text
    year: StaffYear
    hired: Decimal
    hidden: frozenset[str]


@blueprint.get("/own-staff")
@requires(Allow.READ)
def own_staff() -> str | tuple[str, int]:
    """Show own staff of 12 months by profession, side by side with hired staff."""
    session, unit = current_session(), unit_asked()
    known = staff_months(session)
    month, fault = _month(known)
    if month is None:
        return render_template("agency/own_staff.html", rows=(), fault="", units=(), months=(), unit=None)
    units = region_tree().below(unit) if unit else frozenset()
    counts = staff_counts(session, Months(plus_months(month, -24), month), units)
    course = [(each, Decimal(count.headcount)) for each, count in sorted(counts.get(None, {}).items())]
    page = render_template(
        "agency/own_staff.html",
        rows=_rows(counts, month, units),
        month=month,
        months=[(f"{each:%Y-%m}", show_month(each)) for each in known],
        units=unit_options(),
        unit=unit,
        course=course,
        chart=line_chart(course),
        fte_hours=number_on(session, HOURS_PER_FTE_MONTH, month),
        sources=vintages(session, Months.rolling(month), ("staff",)),
        fault=fault,
    )
    return (page, 422) if fault else page


def _month(known: list[date]) -> tuple[date | None, str]:
    """Return the month that is asked for, else the newest, and what is wrong with the address."""
    text = request.args.get("month", "")
    newest = known[0] if known else None
    found = next((each for each in known if f"{each:%Y-%m}" == text), None)
    if found is None and text and newest is not None:
        return newest, _("Nothing is known of own staff in %(month)s.", month=text[:20])
    return found or newest, ""


def _rows(counts: Counts, month: date, units: frozenset[Any]) -> list[StaffRow]:
    session = current_session()
    months = Months.rolling(month)
    per_month = number_on(session, HOURS_PER_FTE_MONTH, month).value
    sums = cost_sums(session, Choice(months, units=units), ("category",))
    hours = {one.key[0]: one.hours for one in sums}
    years = {name: year_to(month, counts.get(name, {})) for name in (*CATEGORIES, None)}
    parts = [year for name, year in years.items() if name is not None and year is not None]
    rows = []
    for name, year in years.items():
        if year is None:
            continue
        worked = hours.get(name, Decimal(0)) if name else sum(hours.values(), Decimal(0))
        hired = full_time_equivalents(worked, len(months), per_month)
        told = parts if name is None else [year]
        hidden = frozenset(each for each in PEOPLE if too_few(*(getattr(one, each) for one in told)))
        rows.append(StaffRow(CATEGORIES[name] if name else _l("Total"), year, hired, hidden))
    return rows
