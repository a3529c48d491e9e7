"""Wards that are added by hand."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import Conflict, Invalid, OrgUnit, TenantSession, _, record
from samplan_rostering.domain.ward import Unit
from samplan_rostering.models import Ward


def add_ward(session: TenantSession, unit_id: UUID | None) -> Ward:
    """Let a unit of the organisation have rosters.

    Raises:
        Invalid: there is no such unit in use.
        Conflict: it has rosters already.
    """
    unit = None if unit_id is None else session.get(OrgUnit, (session.tenant_id, unit_id))
    if unit is None or not unit.active:
        message = _("Choose a unit of the organisation.")
        raise Invalid(message, {"unit_id": [message]})
    if session.scalar(select(Ward.id).where(Ward.unit_id == unit.id)) is not None:
        raise Conflict(_("This unit has rosters already."))
    ward = Ward(unit_id=unit.id, timezone=Unit(unit.code, unit.name).timezone)
    session.add(ward)
    session.flush()
    record(session, "ward.added", "rostering.ward", ward.id, after={"unit": unit.code})
    return ward
