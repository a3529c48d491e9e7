"""Set the dated numbers that figures are computed by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import Conflict, Invalid, TenantSession, _, record
from samplan_agency.domain.ratios import (
    CONTROL_TOLERANCE,
    EMPLOYERS_CONTRIBUTIONS,
    HOURS_PER_FTE_MONTH,
    TARGET_SHARE,
)
from samplan_agency.models import Parameter
from samplan_agency.queries.rows import get_row

LIMITS = {
    HOURS_PER_FTE_MONTH: (Decimal(1), Decimal(744)),
    TARGET_SHARE: (Decimal(0), Decimal(100)),
    EMPLOYERS_CONTRIBUTIONS: (Decimal(0), Decimal(100)),
    CONTROL_TOLERANCE: (Decimal(0), Decimal(1000)),
}
"""From what to what a number makes sense: a month has no more hours, a share no more per cent."""


def add_parameter(session: TenantSession, name: str, valid_from: date, value: Decimal, source: str) -> UUID:
    """Let a number hold from a date on; `Conflict` where another holds from that date already."""
    if name not in LIMITS:
        raise Invalid(_("There is no such number."))
    low, high = LIMITS[name]
    if not low <= value <= high:
        message = _("Between %(low)s and %(high)s.", low=low, high=high)
        raise Invalid(message, fields={"value": [message]})
    if session.scalar(select(Parameter.id).where(Parameter.name == name, Parameter.valid_from == valid_from)):
        raise Conflict(_("A number holds from that date already. Remove it first."))
    row = Parameter(name=name, valid_from=valid_from, value=value, source=source)
    session.add(row)
    session.flush()
    record(session, "parameter.added", "agency.parameter", row.id, after=_told(row))
    return row.id


def remove_parameter(session: TenantSession, parameter_id: UUID) -> None:
    """Remove a number of the region's own; what held before holds on."""
    row = get_row(session, Parameter, parameter_id, _("There is no such number."))
    record(session, "parameter.removed", "agency.parameter", row.id, before=_told(row))
    session.delete(row)


def _told(row: Parameter) -> dict[str, str]:
    return {
        "name": row.name,
        "valid_from": row.valid_from.isoformat(),
        "value": str(row.value),
        "source": row.source,
    }
