"""Telling employees and other systems that a roster was published, or that a published one was changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import OrgUnit, TenantSession, notify
from samplan_rostering.events import CHANGED, PUBLISHED
from samplan_rostering.models import Employee, PeriodEmployee, Publication, Roster, RosterPeriod, Ward
from samplan_rostering.queries.publishing.publications import newest_publication


def tell_published(
    session: TenantSession, publication: Publication, people: Collection[UUID], changed: int
) -> None:
    """Tell of a publication; the first one concerns everybody, a later one the `people` with other shifts."""
    period = session.get_one(RosterPeriod, (session.tenant_id, publication.period_id))
    told = _told(session, period, publication, changed)
    to = None if publication.number == 1 else people
    notify(session, PUBLISHED, told, now=publication.published_at, mail_to=_accounts(session, period.id, to))


def tell_changed(
    session: TenantSession, roster: Roster, people: Collection[UUID], changed: int, now: datetime
) -> None:
    """Tell that shifts of a published roster are others now; of any other roster nobody is told.

    Changes in a row are one mail to each of the `people` whose shifts they are.
    """
    if roster.period_id is None or not changed:
        return
    period = session.get_one(RosterPeriod, (session.tenant_id, roster.period_id))
    if period.state != "published" or not roster.chosen:
        return
    publication = newest_publication(session, period.id)
    if publication is None:
        return
    told = _told(session, period, publication, changed)
    told |= {"roster_id": roster.id, "version": roster.version}
    accounts = _accounts(session, period.id, people)
    notify(session, CHANGED, told, now=now, mail_to=accounts, about=f"period:{period.id}")


def _told(
    session: TenantSession,
    period: RosterPeriod,
    publication: Publication,
    changed: int,
) -> dict[str, Any]:
    unit = session.scalars(
        select(OrgUnit).join(Ward, Ward.unit_id == OrgUnit.id).where(Ward.id == period.ward_id)
    ).one()
    return {
        "publication_id": publication.id,
        "publication": publication.number,
        "roster_id": publication.roster_id,
        "version": publication.roster_version,
        "changed": changed,
        "ward": {"code": unit.code, "name": unit.name},
        "period": {
            "id": period.id,
            "name": period.name,
            "start": period.start_date,
            "end": period.end_date,
        },
    }


def _accounts(session: TenantSession, period_id: UUID, people: Collection[UUID] | None) -> list[UUID]:
    """Return the accounts of a period's employees, all of them or those of `people`."""
    query = (
        select(Employee.account_id)
        .join(PeriodEmployee, PeriodEmployee.employee_id == Employee.id)
        .where(PeriodEmployee.period_id == period_id, Employee.account_id.is_not(None))
    )
    if people is not None:
        query = query.where(Employee.id.in_(people))
    return [account for account in session.scalars(query) if account is not None]
