"""What is kept about a person: which valuations somebody has kept, which deviations somebody has handled."""

from __future__ import annotations

from sqlalchemy import select

from samplan.plugin_api import ExportPart, SubjectRef, TenantSession, _l
from samplan_agency.models import InvoiceDeviation, Valuation


def export_person(session: TenantSession, subject: SubjectRef) -> list[ExportPart]:
    """Return what is kept about who has the account."""
    if subject.account_id is None:
        return []
    kept = (
        select(Valuation.number, Valuation.booked_to, Valuation.kept_at)
        .where(Valuation.kept_by == subject.account_id)
        .order_by(Valuation.number)
    )
    names = ("work_month", "reason", "state", "note", "updated_at")
    handled = (
        select(*(getattr(InvoiceDeviation, name) for name in names))
        .where(InvoiceDeviation.handled_by == subject.account_id)
        .order_by(InvoiceDeviation.id)
    )
    parts = (
        ("valuation", kept, _l("Valuations of costs to come that the person kept")),
        ("deviation", handled, _l("Deviations of invoices that the person handled last")),
    )
    found = [
        (name, tuple(dict(row._mapping) for row in session.execute(query)), label)  # noqa: SLF001 - a row's names
        for name, query, label in parts
    ]
    return [ExportPart(name, rows, label) for name, rows, label in found if rows]
