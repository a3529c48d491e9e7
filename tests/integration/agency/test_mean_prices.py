"""Mean prices of an hour: only what is in force counts, by the zone of where a unit works."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from agency_rows import AgencyRows
from samplan.db.session import TenantSession
from samplan.organisation.models import OrgUnit
from samplan.organisation.models import Site as Place
from samplan_agency.models import Agreement, MunicipalityZone, Price
from samplan_agency.queries.agreements.mean_prices import mean_prices
from samplan_agency.queries.unit_tree import unit_tree

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def agreement(session: TenantSession, reference: str, valid_from: date, valid_to: date | None) -> Agreement:
    row = Agreement(reference=reference, name=reference, valid_from=valid_from, valid_to=valid_to, source="p")
    row.confirmed = True
    session.add(row)
    session.flush()
    return row


def test_a_price_counts_while_its_agreement_does_in_the_agreements_own_zone(
    tenant_session: TenantSession,
) -> None:
    session = tenant_session
    rows = AgencyRows(session)
    ward = rows.unit("AVD", parent="KLIN")
    place = Place(code="by", name="Byn", municipality_code="2326", municipality="Berg")
    session.add(place)
    session.flush()
    clinic = session.scalars(select(OrgUnit).where(OrgUnit.code == "KLIN")).one()
    clinic.site_id = place.id
    old, new = agreement(session, "G", date(2024, 1, 1), MARCH), agreement(session, "N", APRIL, None)
    common = {"level": "Sjuksköterska", "category": "nurse", "valid_from": date(2024, 1, 1), "source": "p"}
    for row, prices, zone in ((old, (500, 600), 1), (new, (700, 900), 2)):
        for number, price in enumerate(prices, start=1):
            kept = Price(agreement_id=row.id, zone=number, per_hour=Decimal(price), confirmed=True, **common)
            session.add(kept)
        told = MunicipalityZone(municipality_code="2326", municipality="Berg", zone=zone)
        told.agreement_id = row.id
        session.add(told)
    session.flush()

    prices_now = mean_prices(session)
    found = {month: prices_now.of(ward, "nurse", month) for month in (MARCH, APRIL)}
    assert {month: price and (price.per_hour, price.zone) for month, price in found.items()} == {
        MARCH: (500, 1),
        APRIL: (900, 2),
    }
    anywhere = prices_now.of(None, "nurse", APRIL)
    assert anywhere is not None
    assert (anywhere.per_hour, anywhere.zone, anywhere.levels, anywhere.confirmed) == (800, None, 1, True)
    assert prices_now.of(ward, "nurse", date(2023, 12, 1)) is None
    assert prices_now.of(ward, "physician", APRIL) is None


def test_a_unit_works_where_the_nearest_unit_above_has_its_site(tenant_session: TenantSession) -> None:
    rows = AgencyRows(tenant_session)
    ward = rows.unit("AVD", parent="KLIN")
    place = Place(code="by", name="Byn", municipality_code="2326", municipality="Berg")
    tenant_session.add(place)
    tenant_session.flush()
    units = {unit.code: unit for unit in tenant_session.scalars(select(OrgUnit))}
    units["KLIN"].site_id = place.id
    tenant_session.flush()
    tree = unit_tree(tenant_session)
    assert (tree.municipality(ward), tree.municipality(units["R"].id)) == ("2326", None)
