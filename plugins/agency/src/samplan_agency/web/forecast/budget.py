"""The budget of a year: what is in force, and as a workbook that can be read in again."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from flask import render_template
from werkzeug.wrappers import Response

from samplan.plugin_api import _, current_core, current_session, download, language, requires, write_workbook
from samplan_agency.domain.forecast_table import KIND_ORDER
from samplan_agency.models import BudgetLine
from samplan_agency.permissions import Allow
from samplan_agency.queries.forecast.budget import budget_deliveries
from samplan_agency.queries.forecast.given import lines_of, months_of
from samplan_agency.queries.unit_tree import unit_tree
from samplan_agency.services.deliveries.read_budget import BUDGET_READER
from samplan_agency.services.forecast.budget import budget_rows
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.forecast.plan_lines import year_asked


@blueprint.get("/budget")
@requires(Allow.READ)
def budget() -> str:
    """Show the budget of a year."""
    session, year = current_session(), year_asked()
    names = unit_tree(session).division_names
    lines = sorted(
        lines_of(session, "budget", year),
        key=lambda line: _order(line, names.get(line.division_id or UUID(int=0), "")),
    )
    return render_template(
        "agency/budget.html",
        year=year,
        names=names,
        lines=[(line, abs(sum(months_of(line), Decimal(0)))) for line in lines],
        deliveries=budget_deliveries(session),
    )


@blueprint.get("/budget.xlsx")
@requires(Allow.READ)
def budget_file() -> Response:
    """Answer the budget of a year as the workbook that can be read in again."""
    session, year = current_session(), year_asked()
    spec = BUDGET_READER.spec(session)
    content = write_workbook(
        (spec,),
        {spec.key: budget_rows(session, year)},
        title=spec.name.to(language()),
        language=language(),
        created=current_core().clock.now(),
    )
    return download(content, _("Budget %(year)s", year=year), "xlsx")


def _order(line: BudgetLine, division: str) -> tuple[str, int, str]:
    return division, KIND_ORDER.index(line.cost_kind), line.cost_type
