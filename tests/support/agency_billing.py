"""A region whose supplier has billed two shifts, and what its invoice control found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from agency_rows import AgencyRows
from samplan.db.session import TenantSession
from samplan.organisation.models import OrgUnit
from samplan.organisation.models import Site as Place
from samplan.testing.site import Person, Site
from samplan_agency.domain.keys import line_key
from samplan_agency.models import (
    Agreement,
    InvoiceDeviation,
    MunicipalityZone,
    Price,
    TimeReport,
)

BASE = "/t/ett/agency/invoices"
MAY, DAY = date(2027, 5, 1), date(2027, 5, 4)
NOW = datetime(2027, 6, 1, 8, tzinfo=UTC)
LEVEL = "Biomedicinsk analytiker"


@contextmanager
def work(site: Site, slug: str = "ett") -> Iterator[TenantSession]:
    with site.core.database.unit_of_work(site.tenants[slug].id) as session:
        yield session


@dataclass(frozen=True)
class Billing:
    """A region with two invoice lines: 8 hours at 520 as agreed, and 9 hours for 8 worked."""

    site: Site
    good: UUID
    long: UUID


def billed_site(site: Site) -> Billing:
    """Return a region with an agreement, time reports and the two lines."""
    site.add_tenant("ett", ("agency",))
    with work(site) as session:
        rows = AgencyRows(session)
        unit, supplier = rows.unit("LAB"), rows.supplier("P7")
        place = Place(code="lab", name="Labbet", municipality_code="2326", municipality="Berg")
        agreement = Agreement(
            reference="D7", name="Labbavtalet", valid_from=MAY, source="prov", confirmed=True
        )
        session.add_all([place, agreement])
        session.flush()
        session.scalars(select(OrgUnit).where(OrgUnit.id == unit)).one().site_id = place.id
        common = {"level": LEVEL, "category": "other", "valid_from": MAY, "source": "prov"}
        for zone, price in ((1, 480), (2, 520)):
            session.add(Price(agreement_id=agreement.id, zone=zone, per_hour=Decimal(price), **common))
        zone = MunicipalityZone(municipality_code="2326", municipality="Berg", zone=2)
        zone.agreement_id = agreement.id
        session.add(zone)
        for consultant in ("K1", "K2"):
            shift = {"begins": time(7), "ends": time(15, 30), "break_minutes": 30, "hours": Decimal(8)}
            report = TimeReport(
                supplier_id=supplier, consultant=consultant, work_date=DAY, line_key=line_key(consultant)
            )
            for name, value in shift.items():
                setattr(report, name, value)
            session.add(report)
        told = {"unit": "LAB", "supplier": "P7", "source": "invoices", "work_date": DAY, "level": LEVEL}
        good = rows.line(MAY, 4160, 8, category="other", consultant="K1", invoice="F-1", **told)
        long = rows.line(MAY, 4680, 9, category="other", consultant="K2", invoice="F-2", **told)
        rows.finish()
        session.flush()
        return Billing(site, good.id, long.id)


def controlled(billing: Billing, controller: Person) -> list[tuple[UUID, str, Decimal, str]]:
    assert controller.client.post(f"{BASE}/control").status_code == 303
    billing.site.dispatcher().work(billing.site.core)
    return found(billing)


def found(billing: Billing) -> list[tuple[UUID, str, Decimal, str]]:
    with work(billing.site) as session:
        rows = session.scalars(select(InvoiceDeviation).order_by(InvoiceDeviation.id))
        return [(row.line_id, row.reason, row.difference, row.state) for row in rows]


def deviation(billing: Billing, reason: str, line: UUID | None = None) -> UUID:
    with work(billing.site) as session:
        of_reason = select(InvoiceDeviation.id).where(InvoiceDeviation.reason == reason)
        return session.scalars(of_reason.where(InvoiceDeviation.line_id == line) if line else of_reason).one()


def answer(key: UUID, state: str, version: int, note: str = "") -> dict[str, str]:
    return {f"{key}-state": state, f"{key}-note": note, f"{key}-version": str(version)}
