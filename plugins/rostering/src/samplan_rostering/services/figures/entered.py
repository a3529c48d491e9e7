"""Figures that a ward enters for a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from samplan.plugin_api import Conflict, NotFound, TenantSession, _, record
from samplan_rostering.models import EnteredFigure, Ward


@dataclass(frozen=True, slots=True)
class FigureEntry:
    """A number of a kind that a ward enters for a month, with where it comes from."""

    ward_id: UUID
    month: date
    kind: str
    amount: Decimal
    source: str


def find_figure(session: TenantSession, ward_id: UUID, month: date, kind: str) -> EnteredFigure | None:
    """Return what is entered for a ward, month and kind."""
    same = (EnteredFigure.ward_id == ward_id) & (EnteredFigure.month == month.replace(day=1))
    return session.scalar(select(EnteredFigure).where(same, EnteredFigure.kind == kind))


def enter_figure(session: TenantSession, entry: FigureEntry, *, version: int) -> EnteredFigure:
    """Store a number in place of what was entered before.

    Raises `NotFound` for an unknown ward, and `Conflict` where another version than `version` (0: none) is
    stored.
    """
    # Locked, so that two who enter the first number do not both add it.
    if session.get(Ward, (session.tenant_id, entry.ward_id), with_for_update=True) is None:
        raise NotFound(_("There is no such ward."))
    row = find_figure(session, entry.ward_id, entry.month, entry.kind)
    if version != (0 if row is None else row.version):
        raise Conflict(_("A number is entered for this month already. This is what it says now."))
    before = None if row is None else {"amount": str(row.amount), "source": row.source}
    if row is None:
        row = EnteredFigure(ward_id=entry.ward_id, month=entry.month.replace(day=1), kind=entry.kind)
        session.add(row)
    else:
        row.version += 1
        row.updated_at = func.now()
    row.amount, row.source = entry.amount, entry.source
    session.flush()
    after = {"month": row.month, "kind": row.kind, "amount": str(row.amount), "source": row.source}
    record(session, "figure.entered", "rostering.figure", row.id, before=before, after=after)
    return row
