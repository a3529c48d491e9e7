"""The page of key figures: as they are counted, over time, and as a file."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Invalid,
    TooMany,
    _,
    _l,
    current_session,
    download,
    request_job,
    requires,
    today,
)
from samplan_rostering.declarations import COUNT
from samplan_rostering.domain.export import Column, Spelling, write_rows
from samplan_rostering.figure_words import DEFINITIONS, INDICATORS
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.figures.facts import Choice
from samplan_rostering.queries.figures.key_figures import KeyFigure, key_figures, ward_names
from samplan_rostering.queries.solving.runs import is_active, newest_run
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.figures.courses import draw_course

BACK, AHEAD = 183, 92
"""Days that are chosen when nobody has chosen: half a year back, and a quarter ahead for what is planned."""
SUBJECT = "rostering-figures"
COLUMNS = {
    "figure": _l("Figure"),
    "unit": _l("Unit"),
    "first": _l("From"),
    "last": _l("To"),
    "value": _l("Value"),
    "part": _l("Numerator"),
    "whole": _l("Denominator"),
    "source": _l("Source"),
}


@blueprint.get("/figures")
@requires(Allow.READ_FIGURES)
def figures() -> str | tuple[str, int]:
    """Show the key figures of chosen wards and dates."""
    try:
        choice = _choice()
    except Invalid as invalid:
        return _page(_usual(), fault=str(invalid)), 422
    return _page(choice)


@blueprint.get("/figures/counted")
@requires(Allow.READ_FIGURES)
def counted_figures() -> str:
    """Answer the part of the page with the figures."""
    return render_template("rostering/figures_counted.html", **_shown(_choice()))


@blueprint.post("/figures/count")
@requires(Allow.READ_FIGURES)
def count_figures() -> Response | str:
    """Have rosters counted that are not counted as they are now."""
    choice = _choice()
    if not is_active(newest_run(current_session(), SUBJECT)):
        try:
            request_job(COUNT, {}, subject=SUBJECT)
        except TooMany as error:
            flash(str(error), "warning")
    if request.headers.get("HX-Request"):
        return render_template("rostering/figures_counted.html", **_shown(choice))
    return redirect(url_for("rostering.figures", **_asked(choice)), 303)


@blueprint.get("/figures.csv")
@requires(Allow.READ_FIGURES)
def figures_file() -> Response:
    """Answer the figures and their course over time as a file for spreadsheets."""
    choice = _choice()
    found = key_figures(current_session(), choice)
    rows = [_row(figure, choice.first, choice.last) for figure in found.figures]
    for course in found.course.values():
        rows += [
            _row(figure, span.first, span.last)
            for figure, span in zip(course, found.spans, strict=True)
            if figure.value is not None or figure.suppressed
        ]
    columns = [Column(key, str(heading)) for key, heading in COLUMNS.items()]
    name = f"samplan-{choice.first.isoformat()}-{choice.last.isoformat()}"
    return download(write_rows(rows, columns, Spelling()), name, "csv")


def _row(figure: KeyFigure, first: date, last: date) -> dict[str, Any]:
    numbers = {"value": figure.value, "part": figure.part, "whole": figure.whole}
    return {
        "figure": str(figure.definition.title),
        "unit": str(figure.definition.unit),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "source": str(figure.definition.source),
        **{key: "" if number is None else Decimal(str(round(number, 4))) for key, number in numbers.items()},
    } | ({"value": _("too few")} if figure.suppressed else {})


def _page(choice: Choice, fault: str = "") -> str:
    return render_template(
        "rostering/figures.html",
        wards=ward_names(current_session()),
        fault=fault,
        definitions=DEFINITIONS,
        indicators=INDICATORS,
        begin=True,
        **_shown(choice),
    )


def _shown(choice: Choice) -> dict[str, Any]:
    session = current_session()
    found = key_figures(session, choice)
    courses = {key: draw_course([figure.value for figure in course]) for key, course in found.course.items()}
    return {
        "found": found,
        "choice": choice,
        "asked": _asked(choice),
        "active": bool(found.uncounted) and is_active(newest_run(session, SUBJECT)),
        "courses": {key: course for key, course in courses.items() if course},
    }


def _asked(choice: Choice) -> dict[str, Any]:
    """Return the choice as arguments of an address."""
    dates = {"from": choice.first.isoformat(), "to": choice.last.isoformat()}
    return dates | ({"ward": str(choice.wards[0])} if choice.wards else {})


def _usual() -> Choice:
    first = (today() - timedelta(days=BACK)).replace(day=1)
    return Choice((), first, today() + timedelta(days=AHEAD))


def _choice() -> Choice:
    """Return what is asked for; raises `Invalid` for what is no ward or date."""
    usual = _usual()
    ward = request.args.get("ward", "")
    known = {str(key): key for key in ward_names(current_session())}
    if ward and ward not in known:
        raise Invalid(_("There is no such ward."))
    first, last = (_date(name, fallback) for name, fallback in (("from", usual.first), ("to", usual.last)))
    if last < first or (last - first).days > 5 * 366:
        raise Invalid(_("Choose dates in order, at most five years apart."))
    return Choice((known[ward],) if ward else (), first, last)


def _date(name: str, fallback: date) -> date:
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text) if text else fallback
    except ValueError as error:
        raise Invalid(_("Write dates as 2027-01-31.")) from error
