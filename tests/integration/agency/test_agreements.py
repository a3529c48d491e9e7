"""The pages of agreements: added, priced, looked up, and as a workbook out and in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from agency_files import checked, faults_of, read_in, said
from samplan.audit.models import AuditEntry
from samplan.db.session import TenantSession
from samplan.documents.xlsx import Book
from samplan.testing.site import Person, Site
from samplan_agency.models import Agreement, MunicipalityZone, Price, Supplier

BASE = "/t/ett/agency"
PRICE = {
    "price-level": "Röntgensjuksköterska",
    "price-category": "nurse",
    "price-zone": "2",
    "price-time_class": "night",
    "price-supplier_id": "",
    "price-per_hour": "701,50",
    "price-valid_from": "2027-02-01",
    "price-source": "Prisbilaga 3",
    "price-confirmed": "y",
}


@contextmanager
def work(site: Site, slug: str = "ett") -> Iterator[TenantSession]:
    with site.core.database.unit_of_work(site.tenants[slug].id) as session:
        yield session


@pytest.fixture
def agency(site: Site) -> Site:
    site.add_tenant("ett", ("agency",))
    return site


@pytest.fixture
def controller(agency: Site) -> Person:
    return agency.person("ett", "controller")


def add_agreement(person: Person, **changes: str) -> TestResponse:
    fields = {"reference": "DNR 7", "name": "Provavtalet", "valid_from": "2027-01-01", "source": "Avtalet"}
    return person.client.post(f"{BASE}/agreements/new", data={**fields, **changes})


def agreement_id(site: Site) -> UUID:
    with work(site) as session:
        return session.scalars(select(Agreement.id)).one()


def send(person: Person, content: bytes) -> TestResponse:
    data = {"file": (io.BytesIO(content), "avtal.xlsx")}
    return person.client.post(f"{BASE}/agreements/file", data=data, buffered=True)


def carried(page: TestResponse) -> dict[str, str]:
    """Return the hidden fields of the page's form."""
    import re

    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))


def book(sheets: dict[str, list[list[Any]]]) -> bytes:
    from samplan.clock import SystemClock

    made = Book(title="Prov", created=SystemClock().now())
    for name, rows in sheets.items():
        sheet = made.sheet(name)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                made.put(sheet, number, place, value)
    return made.finish()


def test_an_agreement_is_priced_and_looked_up(agency: Site, controller: Person) -> None:
    assert add_agreement(controller).status_code == 303
    key = agreement_id(agency)
    page = f"{BASE}/agreements/{key}"
    assert controller.client.post(f"{page}/prices", data={**PRICE, "price-version": "1"}).status_code == 303
    zone = {"zone-municipality_code": "2326", "zone-municipality": "Berg", "zone-zone": "2"}
    assert controller.client.post(f"{page}/zones", data={**zone, "zone-version": "2"}).status_code == 303

    shown = controller.client.get(page)
    assert "701,50" in shown.text
    assert "Att bekräfta" in shown.text  # the agreement itself
    asked = {
        "level": "Röntgensjuksköterska",
        "place": "municipality-2326",
        "time_class": "night",
        "supplier_id": "",
    }
    found = controller.client.get(f"{BASE}/prices", query_string={**asked, "day": "2027-02-01"})
    assert "701,50 kronor per timme" in found.text
    assert "2, enligt kommunen" in found.text
    before = controller.client.get(f"{BASE}/prices", query_string={**asked, "day": "2027-01-31"})
    assert "Inget avtal har något pris" in before.text
    with work(agency) as session:
        actions = set(session.scalars(select(AuditEntry.action)))
    assert {"agreement.added", "price.added", "zone.set"} <= actions


def test_faults_are_told_and_an_older_page_changes_nothing(agency: Site, controller: Person) -> None:
    assert add_agreement(controller, valid_to="2026-12-31").status_code == 422
    assert add_agreement(controller).status_code == 303
    assert add_agreement(controller).status_code == 422  # the reference is taken
    page = f"{BASE}/agreements/{agreement_id(agency)}"
    for wrong in ({"price-per_hour": "mycket"}, {"price-per_hour": "0"}, {"price-valid_from": ""}):
        sent = controller.client.post(f"{page}/prices", data={**PRICE, "price-version": "1", **wrong})
        assert sent.status_code == 422
    assert controller.client.post(f"{page}/prices", data={**PRICE, "price-version": "9"}).status_code == 409
    with work(agency) as session:
        assert session.scalars(select(Price)).all() == []


def test_a_price_is_changed_and_removed(agency: Site, controller: Person) -> None:
    add_agreement(controller)
    page = f"{BASE}/agreements/{agreement_id(agency)}"
    controller.client.post(f"{page}/prices", data={**PRICE, "price-version": "1"})
    with work(agency) as session:
        price = f"{page}/prices/{session.scalars(select(Price.id)).one()}"
    change = {"per_hour": "710", "valid_from": "2027-02-01", "source": "Rättad bilaga", "version": "2"}

    assert controller.client.get(price).status_code == 200
    assert controller.client.post(price, data=change).status_code == 303
    with work(agency) as session:
        row = session.scalars(select(Price)).one()
        assert (row.per_hour, row.confirmed, row.source) == (Decimal(710), False, "Rättad bilaga")
    assert controller.client.post(price, data=change).status_code == 409
    assert controller.client.post(f"{price}/remove", data={"version": "3"}).status_code == 303
    assert controller.client.get(price).status_code == 404


def test_a_supplier_is_changed_from_its_newest_state(agency: Site, controller: Person) -> None:
    new = {"code": "X9", "name": "Prov Vård AB", "email": "avrop@example.test", "rank": "2", "active": "y"}
    assert controller.client.post(f"{BASE}/suppliers/new", data=new).status_code == 303
    assert controller.client.post(f"{BASE}/suppliers/new", data=new).status_code == 422
    with work(agency) as session:
        page = f"{BASE}/suppliers/{session.scalars(select(Supplier.id)).one()}"
    assert controller.client.post(page, data={**new, "email": "ingen", "version": "1"}).status_code == 422
    assert controller.client.post(page, data={**new, "rank": "1", "version": "1"}).status_code == 303
    assert controller.client.post(page, data={**new, "rank": "5", "version": "1"}).status_code == 409
    assert "Prov Vård AB" in controller.client.get(f"{BASE}/agreements").text


def test_a_workbook_goes_out_and_in_again(agency: Site, controller: Person) -> None:
    content = book({
        "Leverantörer": [["Kod", "Namn"], ["B2", "Prov Bemanning AB"]],
        "Avtal": [["Diarienummer", "Namn", "Gäller från", "Källa"], ["D-1", "Avtal", "2027-01-01", "egen"]],
        "Zoner": [["Diarienummer", "Kommunkod", "Kommun", "Zon"], ["D-1", "2326", "Berg", 3]],
    })  # fmt: skip
    seen = send(controller, content)
    assert seen.status_code == 200
    taken = controller.client.post(f"{BASE}/agreements/file/confirm", data=carried(seen))
    assert taken.status_code == 303
    with work(agency) as session:
        assert session.scalars(select(MunicipalityZone.zone)).one() == 3

    out = controller.client.get(f"{BASE}/agreements.xlsx")
    again = send(controller, out.data)
    assert again.status_code == 200
    assert "3 rader finns redan" in again.text
    outdated = controller.client.post(f"{BASE}/agreements/file/confirm", data=carried(seen))
    assert outdated.status_code == 409


def test_every_fault_of_a_workbook_is_named(agency: Site, controller: Person) -> None:
    content = book({
        "Leverantörer": [["Kod", "Namn", "E-post för avrop"], ["B2", "Anna 19121212-1212", "ring"]],
        "Zoner": [["Diarienummer", "Kommunkod", "Kommun", "Zon"], ["D-9", "23", "Berg", 3]],
    })  # fmt: skip
    shown = send(controller, content)

    assert shown.status_code == 422
    for words in (
        "4 fel",
        "ingen e-postadress",
        "innehåller ett personnummer",
        "Det finns inget avtal med det diarienumret",
        "kommunkod",
    ):
        assert words in shown.text
    fields = carried(shown)
    assert controller.client.post(f"{BASE}/agreements/file/marked.xlsx", data=fields).status_code == 200
    with work(agency) as session:
        assert session.scalars(select(Supplier)).all() == []


def test_prices_are_delivered_replaced_and_written_out(agency: Site, controller: Person) -> None:
    add_agreement(controller)
    page = f"{BASE}/agreements/{agreement_id(agency)}"
    head = "Avtal;Leverantör;Yrkeskategori;Yrke;Zon;Timpris;Gäller från;T.o.m.\n"
    lines = f"{head}Provavtalet;;Barnmorska;Ssk;3;733,50;20270101;\n"
    lines += "DNR 7;B2;Barnmorska;Ssk;Zon 3;720;2027-01-01;\n"
    with work(agency) as session:
        session.add(Supplier(code="B2", name="Prov Bemanning AB"))
        first = read_in(session, lines, said("prices", filename="bilaga.csv"))
        assert (first.added, first.replaced) == (2, 0)
        assert {price.source for price in session.scalars(select(Price))} == {"bilaga.csv"}
        second = read_in(session, lines.replace("733,50", "740"), said("prices"))
        assert (second.added, second.replaced, second.unchanged) == (0, 1, 1)
        [change] = second.summary["changes"]
        assert (change["before"], change["after"]) == ("733.50", "740.00")
        assert "zon 3 · Ordinarie tid · 2027-01-01" in change["name"]
        told = {price.per_hour: price.delivery_id for price in session.scalars(select(Price))}
        assert told == {Decimal(740): second.id, Decimal(720): first.id}

        wrong = f"{head}DNR 8;;A;Ssk;4;-2;2027-01-01;\nDNR 7;X9;A;Ssk;1;5;2027-01-01;2026-01-01\n" + 2 * (
            "DNR 7;;B;Ssk;1;5;2027-01-01;\n"
        )
        assert {fault[:2] for fault in faults_of(checked(session, wrong, said("prices")))} == {
            ("not_a_choice", 2),
            ("out_of_range", 2),
            ("unknown_supplier", 3),
            ("last_before_first", 3),
            ("duplicate", 5),
        }
    assert f"/deliveries/{second.id}" in controller.client.get(page).text
    out = controller.client.get(f"{BASE}/agreements/prices.xlsx").data
    with work(agency) as session:
        again = read_in(session, out, said("prices", filename="priser.xlsx"))
        assert (again.added, again.replaced, again.unchanged) == (0, 0, 2)


def test_only_who_may_changes_and_nobody_elses_is_seen(agency: Site, controller: Person) -> None:
    add_agreement(controller)
    key = agreement_id(agency)
    reader, outside = agency.person("ett", "viewer"), agency.person("ett", "employee")
    assert reader.client.get(f"{BASE}/agreements/{key}").status_code == 200
    assert add_agreement(reader, reference="D2").status_code == 403
    assert outside.client.get(f"{BASE}/agreements").status_code == 403
    agency.add_tenant("tva", ("agency",))
    other = agency.person("tva", "controller")
    assert other.client.get(f"/t/tva/agency/agreements/{key}").status_code == 404
