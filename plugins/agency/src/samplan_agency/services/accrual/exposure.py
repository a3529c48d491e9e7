"""Entering hours of hired staff by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import Conflict, Invalid, OrgUnit, TenantSession, _, record
from samplan_agency.models import CATEGORIES, Exposure
from samplan_agency.queries.rows import get_row

MOST_HOURS = Decimal(1_000_000)
MOST_PER_HOUR = Decimal(100_000)


@dataclass(frozen=True, slots=True)
class GivenHours:
    """Hours of a month, unit and profession; without `per_hour` the agreement's price counts."""

    month: date
    unit_id: UUID | None
    category: str
    hours: Decimal
    per_hour: Decimal | None = None
    price_source: str = ""


def enter_hours(session: TenantSession, given: GivenHours, *, version: int, now: datetime) -> Exposure:
    """Enter hours, or change those that are there for the month, unit and profession.

    `version` is that of the row that was seen, 0 for none. Raises `Invalid`, and `Conflict` where another is
    there by now.
    """
    check_hours(session, given)
    row = same_cell(session, given)
    if (row.version if row else 0) != version:
        raise Conflict(_("There are hours for this month, unit and profession already. They are shown now."))
    before = _told(session, row) if row else None
    if row is None:
        row = Exposure(month=given.month, unit_id=given.unit_id, category=given.category, version=0)
        session.add(row)
    row.hours, row.per_hour, row.price_source = given.hours, given.per_hour, given.price_source
    row.version, row.updated_at = row.version + 1, now
    session.flush()
    record(session, "exposure.entered", "agency.exposure", row.id, before=before, after=_told(session, row))
    return row


def delete_hours(session: TenantSession, exposure_id: UUID, *, version: int) -> None:
    """Delete hours; raises `NotFound`, and `Conflict` where they are another version by now."""
    row = get_row(session, Exposure, exposure_id, _("There are no such hours."), lock=True)
    if row.version != version:
        raise Conflict(_("Somebody else has changed the hours since. These are the newest."))
    record(session, "exposure.deleted", "agency.exposure", row.id, before=_told(session, row))
    session.delete(row)
    session.flush()


def _told(session: TenantSession, row: Exposure) -> dict[str, str | None]:
    unit = session.get(OrgUnit, (session.tenant_id, row.unit_id)) if row.unit_id else None
    return {
        "month": row.month.isoformat(),
        "unit": unit.code if unit else None,
        "category": row.category,
        "hours": str(row.hours),
        "per_hour": None if row.per_hour is None else str(row.per_hour),
        "source": row.price_source,
    }


def check_hours(session: TenantSession, given: GivenHours) -> None:
    """Raise `Invalid` for what cannot be, with what was expected of each field."""
    wrong = {}
    if given.category not in CATEGORIES:
        wrong["category"] = [_("Choose a profession.")]
    if not 0 <= given.hours <= MOST_HOURS:
        wrong["hours"] = [_("Give hours from 0 to %(most)s.", most=MOST_HOURS)]
    if given.per_hour is not None and not 0 < given.per_hour <= MOST_PER_HOUR:
        wrong["per_hour"] = [_("Give a price above 0, at most %(most)s.", most=MOST_PER_HOUR)]
    if given.unit_id is not None and session.get(OrgUnit, (session.tenant_id, given.unit_id)) is None:
        wrong["unit_id"] = [_("There is no such unit.")]
    if wrong:
        raise Invalid(_("The hours cannot be entered like this."), wrong)


def same_cell(session: TenantSession, given: GivenHours) -> Exposure | None:
    """Return the hours that are there for the month, unit and profession, locked."""
    return session.scalar(
        select(Exposure)
        .where(
            Exposure.month == given.month,
            Exposure.unit_id.is_not_distinct_from(given.unit_id),
            Exposure.category == given.category,
        )
        .with_for_update()
    )
