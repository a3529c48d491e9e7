"""A roster as a document for paper and for screen readers (PDF/UA-1), typeset by Typst."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import get_locale

from samplan.plugin_api import _, language, typeset
from samplan_rostering import labels
from samplan_rostering.domain.public_holidays import public_holiday
from samplan_rostering.queries.rosters.plan import Plan, PlanShift

LAYOUTS = ("grid", "people", "weeks")
_TEMPLATE = Path(__file__).parent / "typeset" / "roster.typ"
_DAYS_A_TABLE = 35  # columns that an A3 page has room for
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Heading:
    """What the document says of itself: `mark` stands across the pages of what is not published."""

    lead: str
    author: str
    mark: str = ""


def write_pdf(plan: Plan, layout: str, heading: Heading) -> bytes:
    """Return the roster as a tagged PDF in the language of the request.

    Args:
        plan: who works what.
        layout: `grid` (A3, people by days), `people` (A4, a page each) or `weeks` (A4, by week and date).
        heading: what stands at the top, and across the pages.
    """
    data = _common(plan, layout, heading) | {
        "grid": _grid,
        "people": _people,
        "weeks": _weeks,
    }[layout](plan)
    return typeset(_TEMPLATE, data)


def _common(plan: Plan, layout: str, heading: Heading) -> dict[str, Any]:
    period = f"{plan.start.isoformat()} – {plan.end.isoformat()}"
    title = f"{plan.unit_name}, {period}"
    return {
        "layout": layout,
        "lang": language(),
        "title": title,
        "author": heading.author,
        "lead": heading.lead,
        "mark": heading.mark,
        "foot": " · ".join(filter(None, (heading.mark, title, heading.lead))),
        "words": {
            "employee": _("Employee"),
            "nothing": _("No shifts."),
            "shifts": _("Shifts"),
            "code": _("Code"),
            "name": _("Name"),
            "times": _("Times"),
        },
        "blocks": [],
        "sections": [],
        "shifts": [],
    }


def _grid(plan: Plan) -> dict[str, Any]:
    days, cells = plan.days, plan.cells
    blocks = []
    for first in range(0, len(days), _DAYS_A_TABLE):
        part = days[first : first + _DAYS_A_TABLE]
        rows = []
        for person in plan.people:
            worked = [cells.get((person.id, on)) for on in part]
            texts = [
                {"text": shift.code, "kind": shift.kind} if shift else {"text": "", "kind": ""}
                for shift in worked
            ]
            rows.append({"name": person.shown, "cells": texts})
        blocks.append(
            {
                "title": f"{part[0].isoformat()} – {part[-1].isoformat()}",
                "days": [{"weekday": _weekday(on), "date": str(on.day), "red": _is_red(on)} for on in part],
                "rows": rows,
            }
        )
    return {"blocks": blocks, "shifts": _shift_rows(plan)}


def _people(plan: Plan) -> dict[str, Any]:
    own: Mapping[Any, list[PlanShift]] = defaultdict(list)
    for shift in plan.shifts:
        own[shift.frozen.employee_id].append(shift)
    columns = [_("Week"), _("Date"), _("Shift"), _("Times"), _("Hours"), _("Name")]
    sections = [
        {
            "title": f"{person.shown}, {_hours(own[person.id])} h",
            "columns": columns,
            "rows": [
                [
                    str(shift.frozen.on.isocalendar().week),
                    f"{_weekday(shift.frozen.on)} {shift.frozen.on.isoformat()}",
                    shift.code,
                    _times(plan, shift),
                    labels.clock_minutes(shift.frozen.paid_minutes),
                    shift.name,
                ]
                for shift in own[person.id]
            ],
        }
        for person in plan.people
    ]
    return {"sections": sections}


def _weeks(plan: Plan) -> dict[str, Any]:
    names = {person.id: person.shown for person in plan.people}
    order = {person.id: place for place, person in enumerate(plan.people)}
    weeks: Mapping[tuple[int, int], list[PlanShift]] = defaultdict(list)
    for shift in plan.shifts:
        year, week, _day = shift.frozen.on.isocalendar()
        weeks[year, week].append(shift)
    columns = [_("Date"), _("Shift"), _("Times"), _("Employee")]
    sections = []
    for (_year, week), shifts in sorted(weeks.items()):
        shifts.sort(key=lambda s: (s.frozen.on, s.frozen.starts_at, s.code, order[s.frozen.employee_id]))
        rows = [
            [
                f"{_weekday(shift.frozen.on)} {shift.frozen.on.isoformat()}",
                shift.code,
                _times(plan, shift),
                names[shift.frozen.employee_id],
            ]
            for shift in shifts
        ]
        sections.append({"title": _("Week %(number)s", number=week), "columns": columns, "rows": rows})
    return {"sections": sections}


def _shift_rows(plan: Plan) -> list[list[str]]:
    """Return the shifts that are worked, with the times that they have on most of their dates."""
    found: dict[str, tuple[str, list[str]]] = {}
    for shift in plan.shifts:
        found.setdefault(shift.code, (shift.name, []))[1].append(_times(plan, shift))
    return [[code, name, max(times, key=times.count)] for code, (name, times) in sorted(found.items())]


def _hours(shifts: Iterable[PlanShift]) -> str:
    return labels.clock_minutes(sum(shift.frozen.paid_minutes for shift in shifts))


def _times(plan: Plan, shift: PlanShift) -> str:
    zone = ZoneInfo(plan.timezone)
    starts, ends = (at.astimezone(zone) for at in (shift.frozen.starts_at, shift.frozen.ends_at))
    return f"{starts:%H:%M}–{ends:%H:%M}"


def _weekday(on: date) -> str:
    return format_date(on, "EEE", locale=get_locale() or "sv_SE").rstrip(".")


def _is_red(on: date) -> bool:
    return on.weekday() >= _SATURDAY or public_holiday(on) is not None
