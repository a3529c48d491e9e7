"""An agreement, suppliers and shifts for the tests of call-offs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from werkzeug.test import TestResponse

from samplan.clock import FrozenClock
from samplan.db.session import Database, TenantSession
from samplan.modules.manager import Modules
from samplan.organisation.models import OrgUnit
from samplan.organisation.models import Site as Place
from samplan.plugin_api import StaffingGap
from samplan.testing.site import Person, Site, build_site
from samplan_agency.models import Agreement, CallOffLine, MunicipalityZone, Price, Supplier

NOW = datetime(2031, 3, 1, 9, tzinfo=UTC)
LEVEL = "Legitimerad sjuksköterska"
PAGES = "/t/ett/agency/call-offs"
GAP = UUID(int=5)
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


def calling_site(database: Database, modules: Modules, clock: FrozenClock) -> Site:
    """Return the application with two tenants that have the module, one of them with unit and agreement."""
    site = build_site(database, modules, clock=clock)
    for slug in ("ett", "annat"):
        site.add_tenant(slug, ("agency",))
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        region = OrgUnit(kind="region", code="R", name="Region")
        session.add(region)
        session.flush()
        unit = OrgUnit(kind="ward", code="AVD12", name="Avdelning 12", parent_id=region.id)
        session.add(unit)
        add_agreement(session, unit)
    return site


def make(agency: Site, coordinator: Person, **other: str) -> str:
    """Make a draft with a night shift for two people, and return its address."""
    made = send(coordinator, PAGES, **policy(**other))
    assert made.status_code == 303
    page: str = made.headers["Location"]
    unit = session_of(agency, select(OrgUnit.id).where(OrgUnit.code == "AVD12"))
    fields = {**SHIFT, "unit_id": str(unit), "version": "1"}
    assert send(coordinator, f"{page}/lines", **fields).status_code == 303
    return page


def session_of(agency: Site, statement: object) -> object:
    with agency.core.database.unit_of_work(agency.tenants["ett"].id) as session:
        return session.scalars(statement).first()  # type: ignore[call-overload] # a statement


def sent(agency: Site, coordinator: Person) -> str:
    page = make(agency, coordinator)
    assert send(coordinator, f"{page}/send", answer_hours="24", version="2").status_code == 303
    return page


def two_lines(agency: Site, coordinator: Person) -> str:
    """Send a call-off with a second night two weeks later, at 700 SEK an hour at most."""
    page = make(agency, coordinator, max_price="700")
    unit = session_of(agency, select(OrgUnit.id).where(OrgUnit.code == "AVD12"))
    more = SHIFT | {"unit_id": str(unit), "version": "2", "date": "2031-03-20"}
    assert send(coordinator, f"{page}/lines", **more).status_code == 303
    assert send(coordinator, f"{page}/send", answer_hours="99", version="3").status_code == 303
    return page


def again(agency: Site, person: Person) -> Person:
    """Sign somebody in again, when time has passed."""
    return replace(person, client=agency.client(person.account_id))


def supplier(agency: Site, code: str) -> str:
    return str(session_of(agency, select(Supplier.id).where(Supplier.code == code)))


def answer(agency: Site, coordinator: Person, page: str, **fields: str) -> int:
    now = version_of(coordinator.client.get(page).text)
    line = str(session_of(agency, select(CallOffLine.id)))
    given = {"line_id": line, "version": now} | fields
    return send(coordinator, f"{page}/answers", **given).status_code


def session_rows(agency: Site, statement: object) -> list[Any]:
    with agency.core.database.unit_of_work(agency.tenants["ett"].id) as session:
        return list(session.execute(statement).all())  # type: ignore[call-overload] # a statement


class OneGap:
    """A ward that lacks a nurse on a day, whose skill is called as the agreement's category or otherwise."""

    def __init__(self, skill_name: str) -> None:
        self.skill_name = skill_name

    def open(self, *_wanted: object) -> list[StaffingGap]:
        begins = datetime(2031, 3, 5, 7, tzinfo=UTC)
        return [
            StaffingGap(
                GAP, "AVD12", begins, begins + timedelta(hours=8), 0, "D", "SSK", 1, "agency", NOW,
                self.skill_name,
            )
        ]  # fmt: skip
