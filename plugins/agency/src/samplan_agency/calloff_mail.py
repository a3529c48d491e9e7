"""Mails to suppliers, each with a workbook and a PDF: what is asked for, and what is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from samplan.plugin_api import MEDIA_TYPES, Attachment, OutsideMail, TenantSession, _, current_tenant
from samplan_agency.calloff_files import (
    confirmation_name,
    confirmation_pdf,
    confirmation_workbook,
    file_name,
    request_pdf,
    request_workbook,
)
from samplan_agency.models import CallOffRequest, Supplier
from samplan_agency.queries.calloff.shown import call_off_view


def request_mail(session: TenantSession, payload: Mapping[str, Any]) -> OutsideMail | None:
    """Return the mail of a request; None where it is withdrawn, or the supplier has no address any more."""
    found = _asked(session, payload)
    if found is None or found[0].state == "withdrawn":
        return None
    request, address = found
    tenant = current_tenant()
    zone = ZoneInfo(tenant.timezone)
    view = call_off_view(session, request.call_off_id, zone)
    lines = view.wanted(request.sent_at)
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
        address,
        _("Call-off %(reference)s from %(tenant)s", **words),
        text,
        (
            Attachment(f"{name}.xlsx", MEDIA_TYPES["xlsx"], request_workbook(view, lines, request.sent_at)),
            Attachment(f"{name}.pdf", MEDIA_TYPES["pdf"], request_pdf(view, lines, tenant.name, until)),
        ),
    )


def confirmation_mail(session: TenantSession, payload: Mapping[str, Any]) -> OutsideMail | None:
    """Return the mail with all that is confirmed of a supplier by now; None where that is nothing."""
    found = _asked(session, payload)
    if found is None:
        return None
    request, address = found
    tenant = current_tenant()
    view = call_off_view(session, request.call_off_id, ZoneInfo(tenant.timezone))
    people = [
        (line, answer.row)
        for line in view.lines
        for answer in line.answers
        if answer.row.supplier_id == request.supplier_id and answer.row.state == "confirmed"
    ]
    if not people:
        return None
    words = {"tenant": tenant.name, "reference": view.reference, "people": len(people)}
    text = _(
        "%(tenant)s confirms call-off %(reference)s: the shifts in the files, %(people)s in all. They are "
        "all that is confirmed of you by now, and replace earlier ones.\n\n"
        "State %(reference)s on the invoice.",
        **words,
    )
    name, made = (
        confirmation_name(view),
        max(answer.confirmed_at or request.sent_at for _line, answer in people),
    )
    return OutsideMail(
        address,
        _("Confirmation of call-off %(reference)s from %(tenant)s", **words),
        text,
        (
            Attachment(f"{name}.xlsx", MEDIA_TYPES["xlsx"], confirmation_workbook(view, people, made)),
            Attachment(f"{name}.pdf", MEDIA_TYPES["pdf"], confirmation_pdf(view, people, tenant.name)),
        ),
    )


def _asked(session: TenantSession, payload: Mapping[str, Any]) -> tuple[CallOffRequest, str] | None:
    """Return the request of an event with the supplier's address; None where there is no address any more."""
    request = session.get(CallOffRequest, (session.tenant_id, UUID(payload["request_id"])))
    supplier = session.get(Supplier, (session.tenant_id, request.supplier_id)) if request else None
    if request is None or supplier is None or not supplier.email:
        return None
    return request, supplier.email
