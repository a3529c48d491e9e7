"""What is kept about a person: which valuations somebody has kept."""

from __future__ import annotations

from sqlalchemy import select

from samplan.plugin_api import ExportPart, SubjectRef, TenantSession, _l
from samplan_agency.models import Valuation


def export_person(session: TenantSession, subject: SubjectRef) -> list[ExportPart]:
    """Return what is kept about who has the account."""
    if subject.account_id is None:
        return []
    query = (
        select(Valuation.number, Valuation.booked_to, Valuation.kept_at)
        .where(Valuation.kept_by == subject.account_id)
        .order_by(Valuation.number)
    )
    rows = tuple(dict(row._mapping) for row in session.execute(query))  # noqa: SLF001 - a row's names
    label = _l("Valuations of costs to come that the person kept")
    return [ExportPart("valuation", rows, label)] if rows else []
