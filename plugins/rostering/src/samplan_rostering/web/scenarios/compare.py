"""Scenarios side by side with their period: figures, and what differs in people's days and in staffing."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from werkzeug.wrappers import Response

from samplan.plugin_api import _, current_core, current_session, download, requires
from samplan_rostering.permissions import Allow
from samplan_rostering.queries.periods import lists as periods
from samplan_rostering.queries.rosters.differences import Differences, differences
from samplan_rostering.queries.scenarios.comparison import MOST_COMPARED, Column, compared
from samplan_rostering.queries.scenarios.stored import scenarios_of
from samplan_rostering.web.blueprint import blueprint
from samplan_rostering.web.figures.comparing import comparison_book, figure_rows
from samplan_rostering.web.scenarios.views import list_page


@blueprint.get("/periods/<uuid:period_id>/scenarios/compare")
@requires(Allow.WRITE_SCENARIO)
def compare_scenarios(period_id: UUID) -> str | tuple[str, int]:
    """Show up to four scenarios side by side with the period as it is."""
    ids = request.args.getlist("scenario")
    if not 1 <= len(ids) <= MOST_COMPARED:
        told = _("Choose from one to %(most)s scenarios to compare.", most=MOST_COMPARED)
        return list_page(period_id, told), 422
    columns = _columns(period_id, ids)
    return render_template(
        "rostering/compare.html",
        period=periods.overview(current_session(), period_id),
        columns=columns,
        rows=figure_rows(columns),
        changed=_changed(columns),
        ids=ids,
    )


@blueprint.get("/periods/<uuid:period_id>/scenarios/compare.xlsx")
@requires(Allow.WRITE_SCENARIO)
def comparison_workbook(period_id: UUID) -> Response:
    """Answer the comparison as a workbook."""
    ids = request.args.getlist("scenario")[:MOST_COMPARED]
    period = periods.overview(current_session(), period_id)
    content = comparison_book(_columns(period_id, ids), current_core().clock.now())
    return download(
        content, _("Scenarios %(unit)s %(start)s", unit=period.unit_name, start=period.start), "xlsx"
    )


def _columns(period_id: UUID, ids: list[str]) -> list[Column]:
    session = current_session()
    known = {str(row.id): row for row in scenarios_of(session, period_id)}
    return compared(session, period_id, [known[key] for key in dict.fromkeys(ids) if key in known])


def _changed(columns: list[Column]) -> list[tuple[Column, Differences]]:
    """Return for each scenario with a roster how it differs from the period's; nothing without a period's."""
    base = columns[0].stands
    return [(column, differences(base, column.stands)) for column in columns[1:] if base and column.stands]
