"""The names of suppliers and sectors by id."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import Sector, TenantSession
from samplan_agency.models import Supplier


def supplier_names(session: TenantSession) -> dict[UUID, str]:
    """Return the suppliers' names, in the order of these."""
    return dict(session.execute(select(Supplier.id, Supplier.name).order_by(Supplier.name)).all())


def sector_names(session: TenantSession) -> dict[UUID, str]:
    """Return the names of the sectors."""
    return dict(session.execute(select(Sector.id, Sector.name)).all())
