"""Reports to the board: made once, frozen with their documents."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from samplan.plugin_api import Conflict, TenantSession, _, record
from samplan_agency.files.report import Report, write_report_docx, write_report_pdf
from samplan_agency.models import MeasureReport


def make_report(
    session: TenantSession, due: date, board: str, report: Report, now: datetime
) -> MeasureReport:
    """Freeze a report with its Word file and PDF; one more for the same month gets the next number.

    Raises:
        Conflict: somebody else made one for the month at the same moment.
    """
    number = 1 + (
        session.scalar(select(func.max(MeasureReport.number)).where(MeasureReport.due_month == due)) or 0
    )
    figures = report.plain()
    told = json.dumps(figures, ensure_ascii=False, sort_keys=True).encode()
    row = MeasureReport(
        due_month=due,
        number=number,
        board=board,
        figures=figures,
        docx=write_report_docx(report, now),
        pdf=write_report_pdf(report),
        sha256=hashlib.sha256(told).hexdigest(),
        made_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict(_("Somebody else has just made a report for this month.")) from error
    after = {"due_month": due, "number": number, "board": board}
    record(session, "measure_report.made", "agency.measure_report", row.id, after=after)
    return row
