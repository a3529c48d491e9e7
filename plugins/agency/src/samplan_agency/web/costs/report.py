"""The half-year report: as a page, a workbook and a PDF."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, render_template

from samplan.plugin_api import Invalid, _, current_core, current_session, current_tenant, download, requires
from samplan_agency.domain.ratios import HOURS_PER_FTE_MONTH, TARGET_SHARE
from samplan_agency.domain.spelling import spell_months
from samplan_agency.labels import SOURCES
from samplan_agency.permissions import Allow
from samplan_agency.queries.costs.figures import vintages
from samplan_agency.queries.costs.report import half_year
from samplan_agency.queries.parameters import numbers_on
from samplan_agency.report_book import Report, make_report, typeset_report, write_report
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.choosing import Chosen, chosen, nothing_page, period_options, unit_options
from samplan_agency.web.formats import period


@dataclass(frozen=True, slots=True)
class _Made:
    choice: Chosen
    report: Report


@blueprint.get("/report")
@requires(Allow.READ)
def report() -> str | tuple[str, int]:
    """Show the report of a half-year."""
    try:
        made = _made()
    except Invalid as invalid:
        return nothing_page(str(invalid)), 422
    if made is None:
        return nothing_page()
    choice = made.choice
    return render_template(
        "agency/report.html",
        choice=choice,
        report=made.report,
        periods=period_options(choice.there, [choice.asked.months]),
        units=unit_options(),
        sources=vintages(current_session(), choice.asked.months, ("ledger", choice.asked.source)),
    )


@blueprint.get("/report.xlsx")
@requires(Allow.READ)
def report_book() -> Response:
    """Answer the report as a workbook."""
    made = _needed()
    return _file(made, write_report(made.report, created=current_core().clock.now()), "xlsx")


@blueprint.get("/report.pdf")
@requires(Allow.READ)
def report_paper() -> Response:
    """Answer the report as a PDF."""
    made = _needed()
    return _file(made, typeset_report(made.report, current_tenant().name), "pdf")


def _needed() -> _Made:
    made = _made()
    if made is None:
        raise Invalid(_("No costs have been read in"))
    return made


def _made() -> _Made | None:
    choice = chosen()
    if choice is None:
        return None
    session, asked = current_session(), choice.asked
    unit = next((one.name for one in unit_options() if one.id == choice.unit), current_tenant().name)
    title = _("Hired staff in %(unit)s, %(period)s", unit=unit, period=period(asked.months))
    numbers = [file.number for file in vintages(session, asked.months, ("ledger", asked.source))]
    lead = _(
        "Beside the same months a year before. Hired staff's cost from: %(source)s. Deliveries: %(numbers)s.",
        source=SOURCES[asked.source],
        numbers=", ".join(map(str, sorted(numbers))) or "–",
    )
    lead = " ".join((lead, *(text for _level, text in choice.gaps)))
    target, hours = numbers_on(session, (TARGET_SHARE, HOURS_PER_FTE_MONTH), asked.months.last)
    region = "" if asked.units else current_tenant().name
    made = make_report(half_year(session, asked), title, lead, target=target, fte_hours=hours, region=region)
    return _Made(choice, made)


def _file(made: _Made, content: bytes, ending: str) -> Response:
    return download(content, f"hyrpersonal-{spell_months(made.choice.asked.months)}", ending)
