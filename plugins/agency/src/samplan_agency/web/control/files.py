"""Deviations for the supplier as a workbook and as a document, and which time reports there are."""

from __future__ import annotations

from flask import render_template
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from samplan.plugin_api import (
    Cell,
    Invalid,
    NumberFormat,
    TableColumn,
    _,
    _l,
    current_core,
    current_session,
    current_tenant,
    download,
    language,
    requires,
    today,
    write_table,
)
from samplan_agency import labels
from samplan_agency.deviation_pdf import write_pdf
from samplan_agency.models import Delivery, TimeReport
from samplan_agency.permissions import Allow
from samplan_agency.queries.control.lines import QueueLine, queue, queue_sum
from samplan_agency.web.blueprint import blueprint
from samplan_agency.web.control.filters import asked

MOST_ROWS = 20_000
MOST_TYPESET = 2_000
"""Deviations of a workbook, and of a document: what is written while somebody waits for the page."""
COLUMNS = (
    (_l("Supplier"), NumberFormat.GENERAL),
    (_l("Invoice"), NumberFormat.GENERAL),
    (_l("Call-off"), NumberFormat.GENERAL),
    (_l("Consultant id"), NumberFormat.GENERAL),
    (_l("Month"), NumberFormat.GENERAL),
    (_l("Date"), NumberFormat.DATE),
    (_l("Hours"), NumberFormat.DECIMAL),
    (_l("SEK an hour"), NumberFormat.DECIMAL),
    (_l("Reason"), NumberFormat.GENERAL),
    (_l("Billed, SEK"), NumberFormat.DECIMAL),
    (_l("Expected, SEK"), NumberFormat.DECIMAL),
    (_l("Difference, SEK"), NumberFormat.DECIMAL),
    (_l("State"), NumberFormat.GENERAL),
    (_l("Note"), NumberFormat.GENERAL),
)


@blueprint.get("/invoices.xlsx")
@requires(Allow.READ_INVOICE)
def deviations_workbook() -> Response:
    """Answer the chosen deviations as a workbook, to be sent to the supplier."""
    lines = _chosen(MOST_ROWS)
    columns = [TableColumn(str(label), kind) for label, kind in COLUMNS]
    content = write_table(
        _("Invoice deviations"), columns, map(_cells, lines), created=current_core().clock.now()
    )
    return download(content, _("Invoice deviations"), "xlsx")


@blueprint.get("/invoices.pdf")
@requires(Allow.READ_INVOICE)
def deviations_document() -> Response:
    """Answer the chosen deviations as a document, to be sent to the supplier."""
    lines = _chosen(MOST_TYPESET)
    day = today()
    content = write_pdf(lines, current_tenant().name, day, language())
    name = _("Invoice deviations %(day)s", day=day.isoformat())
    return download(content, name, "pdf")


@blueprint.get("/invoices/time-reports")
@requires(Allow.READ_INVOICE)
def time_reports() -> str:
    """Show which time reports there are."""
    month = func.date_trunc("month", TimeReport.work_date)
    rows = current_session().execute(
        select(month, func.count(), func.sum(TimeReport.hours), func.max(Delivery.number))
        .outerjoin(Delivery, Delivery.id == TimeReport.delivery_id)
        .where(TimeReport.replaced_by.is_(None))
        .group_by(month)
        .order_by(month.desc())
    )
    return render_template("agency/time_reports.html", months=rows.all())


def _chosen(most: int) -> list[QueueLine]:
    """Return the chosen deviations; raises `Invalid` where they are more than a file takes."""
    filters = asked().filters
    count, _amount = queue_sum(current_session(), filters)
    if count > most:
        message = _(
            "There are %(count)s deviations; a file takes %(most)s. Choose a supplier, reason or month.",
            count=count,
            most=most,
        )
        raise Invalid(message)
    return queue(current_session(), filters, limit=None)[0]


def _cells(line: QueueLine) -> list[Cell]:
    return [
        line.supplier,
        line.line.invoice,
        line.line.order_reference,
        line.line.consultant,
        f"{line.line.work_month:%Y-%m}",
        line.line.work_date,
        line.line.hours,
        line.line.unit_price,
        str(labels.REASONS[line.row.reason]),
        line.row.billed,
        line.row.expected,
        line.row.difference,
        str(labels.DEVIATION_STATES[line.row.state]),
        line.row.note,
    ]
