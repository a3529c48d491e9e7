"""What the tests of the pages of one's own share."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from rostering_pages import work
from samplan.testing.site import Person, Site
from samplan_rostering.models import Employee
from samplan_rostering.services.employees.accounts import link_account

OWN = "/t/ett/rostering/own"
START = datetime(2026, 11, 20, 12, tzinfo=UTC)
OPEN = {"opens": "2026-11-20T08:00", "closes": "2026-12-04T16:00", "points": 10, "vetoes": 1, "version": 0}
"""A window that is open at the start, by the region's clock."""


def employee_id(site: Site, code: str) -> UUID:
    with work(site) as session:
        return session.scalars(select(Employee.id).where(Employee.code == code)).one()


def link(site: Site, period_id: UUID, code: str, person: Person) -> None:
    """Let a person sign in as the employee."""
    found = employee_id(site, code)
    with work(site) as session:
        link_account(session, period_id, found, person.account_id)
