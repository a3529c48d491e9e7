"""What those are told who see to the measures: a report to the board is due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from samplan.plugin_api import EventSpec, MailText, _, _l, show_month

PAGE = "agency/measures/reports"


class ReportDueSchema(Schema):
    """Which reports the board is to have."""

    board = fields.String(required=True, metadata={"description": "The board."})
    months = fields.List(
        fields.Date(), required=True, metadata={"description": "The months, by their first dates."}
    )


def due_mail(payload: Mapping[str, Any]) -> MailText:
    """Return what is told when a report is due."""
    words = {
        "board": payload["board"],
        "months": ", ".join(show_month(str(month)) for month in payload["months"]),
    }
    return MailText(
        _("Report on measures to %(board)s: %(months)s", **words),
        _("%(board)s is to have a report on the measures, which has not been made yet: %(months)s.", **words),
        PAGE,
    )


REPORT_DUE = EventSpec(
    "agency.measure_report.due",
    _l("Report on measures due"),
    _l(
        "The board is to have a report on the measures this month, or should have had it, and it is not made."
    ),
    ReportDueSchema,
    mail="samplan_agency.measure_events:due_mail",
)
