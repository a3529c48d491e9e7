"""The region's own rates of unsocial hours and duty."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from samplan.plugin_api import TenantSession, record
from samplan_rostering.domain.unsocial import PayClass
from samplan_rostering.models import UnsocialRate


def set_rate(session: TenantSession, kind: PayClass, valid_from: date, amount: Decimal, source: str) -> None:
    """Store what an hour of a class gives from a date, in place of what was entered for that date."""
    same = (UnsocialRate.unsocial_class == kind.value) & (UnsocialRate.valid_from == valid_from)
    row = session.scalar(select(UnsocialRate).where(same).with_for_update())
    before = None if row is None else {"amount": str(row.amount), "source": row.source}
    if row is None:
        row = UnsocialRate(unsocial_class=kind.value, valid_from=valid_from, amount=amount, source=source)
        session.add(row)
    row.amount, row.source = amount, source
    session.flush()
    after = {"class": kind.value, "valid_from": valid_from, "amount": str(amount), "source": source}
    record(session, "rate.entered", "rostering.unsocial_rate", row.id, before=before, after=after)
