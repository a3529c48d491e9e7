"""Demo data: the invented wards, below the region's first hospital."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from samplan.plugin_api import DemoSeed, OrgUnit, TenantSession, find_members
from samplan_rostering.demo_gaps import first_day, gap_ward, load_gaps
from samplan_rostering.demo_ward import DEMO_START, demo_ward
from samplan_rostering.models import Employee, Ward
from samplan_rostering.queries.employees.accounts import ROLE
from samplan_rostering.services.employees.accounts import link_account
from samplan_rostering.services.periods.wards import import_ward

SOURCE = "exempeldata"
LINKED = "M3-07"
"""Whom of the demo ward the demo's employee signs in as."""


def load_demo(seed: DemoSeed) -> None:
    """Read in the demo's wards, unless the tenant has a ward already; each tenant has its own chance."""
    number = seed.random.randrange(1, 1_000_000)
    if not seed.tenant.demo or seed.session.scalar(select(Ward.id).limit(1)) is not None:
        return
    ward = demo_ward(number, DEMO_START)
    if _ensure_unit(seed.session, ward.unit.code, ward.unit.name):
        period_id = import_ward(seed.session, ward)
        _link_employee(seed.session, period_id)
    gaps = gap_ward(first_day(seed.today))
    if _ensure_unit(seed.session, gaps.unit.code, gaps.unit.name):
        load_gaps(seed.session, gaps)


def _link_employee(session: TenantSession, period_id: UUID) -> None:
    """Let the demo's first login with just the role of employees be one of the ward's people."""
    for member in find_members(session, "@", role=ROLE):
        if member.roles == {ROLE}:
            employee_id = session.scalars(select(Employee.id).where(Employee.code == LINKED)).one()
            link_account(session, period_id, employee_id, member.account_id)
            return


def _ensure_unit(session: TenantSession, code: str, name: str) -> bool:
    """Make sure that the unit is there; False where the organisation is empty."""
    if session.scalar(select(OrgUnit.id).where(OrgUnit.code == code)) is not None:
        return True
    kinds = ("hospital", "region")
    above = {
        kind: session.scalar(select(OrgUnit.id).where(OrgUnit.kind == kind).order_by(OrgUnit.code).limit(1))
        for kind in kinds
    }
    parent = next((above[kind] for kind in kinds if above[kind] is not None), None)
    if parent is None:
        return False
    session.add(OrgUnit(kind="ward", code=code, name=name, parent_id=parent, source=SOURCE))
    session.flush()
    return True
