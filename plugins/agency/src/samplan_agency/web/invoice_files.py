"""Deviations for the supplier as a workbook and as a document, and time reports read in."""

from __future__ import annotations

from io import BytesIO

from flask import flash, redirect, render_template, send_file, url_for
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Cell,
    ImportFaults,
    NumberFormat,
    TableColumn,
    _,
    _l,
    current_core,
    current_session,
    current_tenant,
    local_now,
    ngettext,
    requires,
    write_table,
    write_workbook,
)
from samplan_agency import labels
from samplan_agency.deviation_pdf import write_pdf
from samplan_agency.files.time_reports import TIME_REPORTS
from samplan_agency.models import TimeReport
from samplan_agency.permissions import Allow
from samplan_agency.queries.control import QueueLine, queue
from samplan_agency.services.time_reports import read_time_reports
from samplan_agency.web.blueprint import blueprint, language, workbook
from samplan_agency.web.forms import PageForm
from samplan_agency.web.invoice_filters import asked

LARGEST_FILE = 3_000_000
COLUMNS = (
    (_l("Supplier"), NumberFormat.GENERAL),
    (_l("Invoice"), NumberFormat.GENERAL),
    (_l("Call-off"), NumberFormat.GENERAL),
    (_l("Consultant id"), NumberFormat.GENERAL),
    (_l("Month"), NumberFormat.GENERAL),
    (_l("Date"), NumberFormat.DATE),
    (_l("Hours"), NumberFormat.DECIMAL),
    (_l("Reason"), NumberFormat.GENERAL),
    (_l("Billed, SEK"), NumberFormat.DECIMAL),
    (_l("Expected, SEK"), NumberFormat.DECIMAL),
    (_l("Difference, SEK"), NumberFormat.DECIMAL),
    (_l("State"), NumberFormat.GENERAL),
)


class TimeReportForm(PageForm):
    """A workbook of time reports."""

    file = FileField(_l("Workbook (.xlsx)"), validators=[FileRequired(_l("Choose a file."))])


@blueprint.get("/invoices.xlsx")
@requires(Allow.READ_INVOICE)
def deviations_workbook() -> Response:
    """Answer the chosen deviations as a workbook, to be sent to the supplier."""
    lines, _following = queue(current_session(), asked().filters, limit=None)
    columns = [TableColumn(str(label), kind) for label, kind in COLUMNS]
    content = write_table(
        _("Invoice deviations"), columns, map(_cells, lines), created=current_core().clock.now()
    )
    return workbook(content, _("Invoice deviations"))


@blueprint.get("/invoices.pdf")
@requires(Allow.READ_INVOICE)
def deviations_document() -> Response:
    """Answer the chosen deviations as a document, to be sent to the supplier."""
    lines, _following = queue(current_session(), asked().filters, limit=None)
    today = local_now(current_core().clock, current_tenant().timezone).date()
    content = write_pdf(lines, current_tenant().name, today, language())
    name = _("Invoice deviations %(day)s", day=today.isoformat())
    return send_file(BytesIO(content), "application/pdf", as_attachment=True, download_name=f"{name}.pdf")


@blueprint.get("/invoices/time-reports")
@requires(Allow.READ_INVOICE)
def time_reports() -> str:
    """Show which time reports there are, with the form for more."""
    return _page(TimeReportForm(formdata=None))


@blueprint.get("/invoices/time-reports.xlsx")
@requires(Allow.READ_INVOICE)
def time_reports_template() -> Response:
    """Answer the template of time reports."""
    created = current_core().clock.now()
    content = write_workbook(
        (TIME_REPORTS,), {}, title=_("Time reports"), language=language(), created=created
    )
    return workbook(content, _("Time reports, template"))


@blueprint.post("/invoices/time-reports")
@requires(Allow.CONTROL_INVOICE)
def add_time_reports() -> Response | tuple[str, int]:
    """Read time reports in: all of the file or nothing."""
    form = TimeReportForm()
    if not form.validate_on_submit():
        return _page(form), 422
    content = form.file.data.stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        form.file.errors = [_("The file is larger than %(limit)s kB.", limit=LARGEST_FILE // 1000)]
        return _page(form), 422
    name = (form.file.data.filename or "")[:200]
    try:
        count = read_time_reports(current_session(), content, name, current_core().clock.now())
    except ImportFaults as faults:
        return _page(form, faults), 422
    flash(ngettext("%(num)d shift has been read in.", "%(num)d shifts have been read in.", count), "success")
    return redirect(url_for("agency.time_reports"), 303)


def _cells(line: QueueLine) -> list[Cell]:
    return [
        line.supplier,
        line.line.invoice,
        line.line.order_reference,
        line.line.consultant,
        f"{line.line.work_month:%Y-%m}",
        line.line.work_date,
        line.line.hours,
        str(labels.REASONS[line.row.reason]),
        line.row.billed,
        line.row.expected,
        line.row.difference,
        str(labels.DEVIATION_STATES[line.row.state]),
    ]


def _page(form: TimeReportForm, faults: ImportFaults | None = None) -> str:
    month = func.date_trunc("month", TimeReport.work_date)
    rows = current_session().execute(
        select(month, func.count(), func.sum(TimeReport.hours), func.max(TimeReport.read_at))
        .group_by(month)
        .order_by(month.desc())
    )
    return render_template("agency/time_reports.html", form=form, faults=faults, months=rows.all())
