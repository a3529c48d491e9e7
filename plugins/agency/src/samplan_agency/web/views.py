"""The overview: what hired staff cost, as everybody quotes it; and the card of the start page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from sqlalchemy import literal, select, union_all

from samplan.plugin_api import Invalid, Sector, Text, _, _l, current_session, requires
from samplan_agency.domain.months import Months
from samplan_agency.domain.ratios import HOURS_PER_FTE_MONTH, TARGET_SHARE, above_target, share, target_share
from samplan_agency.labels import CATEGORIES
from samplan_agency.models import Supplier
from samplan_agency.permissions import Allow
from samplan_agency.queries.costs.figures import Figures, KeyFigures, by_children, key_figures, vintages
from samplan_agency.queries.parameters import numbers_on
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.charts import line_chart
from samplan_agency.web.choosing import (
    Chosen,
    chosen,
    nothing_page,
    period_options,
    region_tree,
    unit_options,
)

COURSE_MONTHS = 13
"""So many ends of 12 months are drawn: this year's newest and the one a year before, with all between."""


@dataclass(frozen=True, slots=True)
class Part:
    """A row of a table: its name, its figures, and the unit that it can be opened as."""

    name: Text
    figures: Figures
    unit: Any = None


@blueprint.get("/")
@requires(Allow.READ)
def index() -> str | tuple[str, int]:
    """Show the measures of a period, their course, and their parts."""
    try:
        choice = chosen()
    except Invalid as invalid:
        return nothing_page(str(invalid)), 422
    if choice is None:
        return nothing_page()
    found = key_figures(current_session(), choice.asked)
    return render_template(
        "agency/index.html",
        choice=choice,
        found=found,
        tables=_tables(choice, found),
        periods=period_options(choice.there, [choice.asked.months]),
        units=unit_options(),
        sources=vintages(current_session(), choice.asked.months, ("ledger", choice.asked.source)),
        **course_and_target(choice, found),
    )


@blueprint.get("/card")
@requires(Allow.READ)
def card() -> str:
    """Answer the card of the start page: the newest half-year's share, cost and distance to the target."""
    choice = chosen()
    if choice is None:
        return render_template("agency/card.html", choice=None)
    found = key_figures(current_session(), choice.asked)
    return render_template("agency/card.html", choice=choice, found=found, **course_and_target(choice, found))


def course_and_target(choice: Chosen, found: KeyFigures) -> dict[str, Any]:
    """Return the numbers that figures are computed by, and the course of the share beside the target."""
    session, last = current_session(), choice.asked.months.last
    target, fte_hours = numbers_on(session, (TARGET_SHARE, HOURS_PER_FTE_MONTH), last)
    course = [
        (month, hired, own, share(hired, own, choice.asked.denominator))
        for month, hired, own in found.rolling(last, COURSE_MONTHS)
        if Months.rolling(month).first >= choice.there.first
    ]
    level = target_share(target.value, choice.asked.denominator)
    points = [(month, value) for month, _, _, value in course if value is not None]
    return {
        "target": target,
        "fte_hours": fte_hours,
        "above": above_target(found.whole.hired, found.whole.own, target.value),
        "course": course,
        "level": level,
        "chart": line_chart(points, level),
    }


def _tables(choice: Chosen, found: KeyFigures) -> list[tuple[str, Text, list[Part]]]:
    """Return the tables: id, heading and rows, the dearest first."""
    names = _names()
    below = by_children(region_tree(), found.by["unit_id"], choice.unit)
    lone = {
        name: {key: figures.within(found.whole) for key, figures in found.by[name].items()}
        for name in ("supplier_id", "zone")
    }
    return [
        (
            "divisions",
            _l("By division and unit"),
            _parts(below, lambda unit: names["unit"].get(unit) or _("No unit"), opens=choice.unit),
        ),
        ("categories", _l("By profession"), _parts(found.by["category"], CATEGORIES.get)),
        ("sectors", _l("By sector"), _parts(found.by["sector_id"], names["sector"].get)),
        ("suppliers", _l("By supplier"), _parts(lone["supplier_id"], names["supplier"].get)),
        (
            "zones",
            _l("By price zone"),
            _parts(lone["zone"], lambda zone: zone and _("Zone %(number)s", number=zone)),
        ),
    ]


def _names() -> Mapping[str, Mapping[Any, str]]:
    kinds: tuple[tuple[str, Any], ...] = (("sector", Sector), ("supplier", Supplier))
    rows = union_all(*(select(literal(name), kind.id, kind.name) for name, kind in kinds))
    found: dict[str, dict[Any, str]] = {"unit": {key: unit.name for key, unit in region_tree().units.items()}}
    for kind, row_id, text in current_session().execute(rows):
        found.setdefault(kind, {})[row_id] = text
    return defaultdict(dict, found)


def _parts(
    figures: Mapping[Any, Figures], name_of: Callable[[Any], Text | None], opens: Any = ...
) -> list[Part]:
    rows = [
        Part(name_of(key) or _("Not stated"), part, None if opens is ... or key == opens else key)
        for key, part in figures.items()
        if part.hired or part.hired_before
    ]
    return sorted(rows, key=lambda row: -row.figures.hired)
