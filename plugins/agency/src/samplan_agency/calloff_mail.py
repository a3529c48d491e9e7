"""The mail that asks a supplier for staff: what the text says, with the shifts as a workbook and as a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from samplan.plugin_api import Attachment, OutsideMail, TenantSession, _, current_tenant
from samplan_agency.calloff_files import PDF, XLSX, file_name, request_pdf, request_workbook
from samplan_agency.models import CallOffRequest, Supplier
from samplan_agency.queries.calloffs import call_off_view


def request_mail(session: TenantSession, payload: Mapping[str, Any]) -> OutsideMail | None:
    """Return the mail of a request; None where it is withdrawn, or the supplier has no address any more."""
    request = session.get(CallOffRequest, (session.tenant_id, UUID(payload["request_id"])))
    supplier = session.get(Supplier, (session.tenant_id, request.supplier_id)) if request else None
    if request is None or supplier is None or request.state == "withdrawn" or not supplier.email:
        return None
    tenant = current_tenant()
    zone = ZoneInfo(tenant.timezone)
    view = call_off_view(session, request.call_off_id, zone)
    lines = [line for line in view.lines if line.missing]
    if not lines:
        return None
    until = f"{request.deadline.astimezone(zone):%Y-%m-%d %H:%M}"
    words = {
        "tenant": tenant.name,
        "reference": view.reference,
        "until": until,
        "people": sum(line.missing for line in lines),
        "shifts": len(lines),
    }
    text = _(
        "%(tenant)s calls off hired staff: %(people)s people on %(shifts)s shifts.\n\n"
        "Answer by %(until)s at the latest: fill in your own id and the price for each person in the "
        "workbook, and send it back. Give neither names nor personal identity numbers.\n\n"
        "State %(reference)s in your answer and on the invoice.",
        **words,
    )
    name = file_name(view)
    return OutsideMail(
        supplier.email,
        _("Call-off %(reference)s from %(tenant)s", **words),
        text,
        (
            Attachment(f"{name}.xlsx", XLSX, request_workbook(view, lines, request.sent_at)),
            Attachment(f"{name}.pdf", PDF, request_pdf(view, lines, tenant.name, until)),
        ),
    )
