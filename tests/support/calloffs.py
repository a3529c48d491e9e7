"""An agreement, suppliers and shifts for the tests of call-offs."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from werkzeug.test import TestResponse

from samplan.db.session import TenantSession
from samplan.organisation.models import OrgUnit
from samplan.organisation.models import Site as Place
from samplan.testing.site import Person
from samplan_agency.models import Agreement, MunicipalityZone, Price, Supplier

LEVEL = "Legitimerad sjuksköterska"
PAGES = "/t/ett/agency/call-offs"
SHIFT = {
    "date": "2031-03-05", "begins": "21:00", "ends": "07:00", "break_minutes": "30", "shift": "N",
    "skill": "SSK", "level": LEVEL, "people": "2", "own_asked": "y",
}  # fmt: skip


def add_agreement(session: TenantSession, unit: OrgUnit) -> None:
    """Add suppliers, of which two can be asked, and prices in zone 2, where the unit is."""
    place = Place(code="PLATS", name="Plats", municipality_code="2380", municipality="Östersund")
    agreement = Agreement(reference="RS 1", name="Avtal", valid_from=date(2025, 1, 1), source="prov")
    first = Supplier(code="L1", name="Exempel Ett AB", email="ett@bolag.example", rank=1)
    second = Supplier(code="L2", name="Exempel Två AB", email="tva@bolag.example", rank=2)
    unasked = Supplier(code="L3", name="Exempel Tre AB", rank=3)
    session.add_all([place, agreement, first, second, unasked])
    session.flush()
    unit.site_id = place.id
    session.add(
        MunicipalityZone(
            agreement_id=agreement.id, municipality_code="2380", municipality="Östersund", zone=2
        )
    )
    common = {"agreement_id": agreement.id, "level": LEVEL, "category": "nurse", "source": "prov"}
    since = date(2025, 1, 1)
    prices = ((None, 2, "ordinary", 660), (None, 3, "ordinary", 715), (first.id, 2, "night", 700))
    for supplier_id, zone, time_class, amount in prices:
        price = Price(supplier_id=supplier_id, zone=zone, time_class=time_class, valid_from=since, **common)
        price.per_hour = Decimal(amount)
        session.add(price)
    session.flush()


def send(person: Person, url: str, **fields: Any) -> TestResponse:
    """Post a form."""
    return person.client.post(url, data=fields, buffered=True)


def version_of(text: str) -> str:
    """Return the version that a page's forms carry."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', text)
    assert found is not None
    return found[1]


def policy(**other: str) -> dict[str, str]:
    """Return the fields of the policy."""
    usual = {
        "first": "2031-03-01",
        "last": "2031-03-31",
        "own_first": "yes",
        "times": "all",
        "lead_hours": "0",
    }
    return usual | other
