"""Reports about measures to the board: which are due, what one would say, and those that were made."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Conflict,
    _,
    can,
    current_core,
    current_principal,
    current_session,
    current_tenant,
    download,
    requires,
    today,
)
from samplan_agency.domain.spelling import read_month
from samplan_agency.files.report import Report, report_of
from samplan_agency.models import MeasureReport
from samplan_agency.permissions import Allow
from samplan_agency.queries.measures.due import reports_due
from samplan_agency.queries.measures.report import get_report, made_reports, write_report
from samplan_agency.services.measures.reports import make_report
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.measures.forms import ReportForm
from samplan_agency.web.measures.views import all_standings, module_settings

Answer = Response | tuple[str, int]


@blueprint.get("/measures/reports")
@requires(Allow.READ)
def measure_reports() -> str:
    """Show the reports that are due and those that were made."""
    return _list_page(ReportForm(formdata=None))


@blueprint.get("/measures/reports/new")
@requires(Allow.MAKE_REPORT)
def new_measure_report() -> Answer:
    """Show what the report for a month would say."""
    due = read_month(request.args.get("due", ""))
    if due is None:
        form = ReportForm(formdata=None)
        form.due.errors = [_("Choose a month.")]
        return _list_page(form), 422
    settings = module_settings()
    return _report_page(_written(due, settings["board"]), due=due), 200


@blueprint.post("/measures/reports/new")
@requires(Allow.MAKE_REPORT)
def make_measure_report() -> Answer:
    """Make the report for a month: its figures and documents are frozen."""
    session, form = current_session(), ReportForm()
    if not form.validate_on_submit():
        return _list_page(form), 422
    board, due = module_settings()["board"], form.due.data
    try:
        row = make_report(session, due, board, _written(due, board), current_core().clock.now())
    except Conflict as error:
        form.show(error)
        return _list_page(form), 409
    flash(_("The report has been made and frozen."), "success")
    return redirect(url_for("agency.measure_report", report_id=row.id), 303)


@blueprint.get("/measures/reports/<uuid:report_id>")
@requires(Allow.READ)
def measure_report(report_id: UUID) -> str:
    """Show a report as it was made."""
    row = get_report(current_session(), report_id)
    return _report_page(report_of(row.figures), made=row)


@blueprint.get("/measures/reports/<uuid:report_id>/report.docx")
@requires(Allow.READ)
def measure_report_docx(report_id: UUID) -> Response:
    """Give a report's Word file as it was made."""
    row = get_report(current_session(), report_id)
    return _file(row, row.docx, "docx")


@blueprint.get("/measures/reports/<uuid:report_id>/report.pdf")
@requires(Allow.READ)
def measure_report_pdf(report_id: UUID) -> Response:
    """Give a report's PDF as it was made."""
    row = get_report(current_session(), report_id)
    return _file(row, row.pdf, "pdf")


@blueprint.get("/measures/card")
@requires(Allow.MAKE_REPORT)
def measure_card() -> str:
    """Answer the card of the start page: reports to the board that are due."""
    return render_template(
        "agency/measure_card.html", due=reports_due(current_session(), module_settings(), today())
    )


def _file(row: MeasureReport, content: bytes, ending: str) -> Response:
    return download(content, f"{_('measures')}-{row.due_month:%Y-%m}-{row.number}", ending)


def _written(due: date, board: str) -> Report:
    session = current_session()
    return write_report(
        session, all_standings(session), due, board=board, region=current_tenant().name, made=today()
    )


def _report_page(report: Report, **more: object) -> str:
    context = {"made": None, "due": None} | more
    return render_template("agency/measure_report.html", report=report, **context)


def _list_page(form: ReportForm) -> str:
    session, settings = current_session(), module_settings()
    if not form.is_submitted():
        form.due.data = form.due.data or today().replace(day=1)
    return render_template(
        "agency/measure_reports.html",
        due=reports_due(session, settings, today()),
        made=made_reports(session),
        form=form,
        settings=settings,
        editable=can(current_principal(), Allow.MAKE_REPORT),
    )
