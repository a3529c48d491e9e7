"""The pages of deliveries and of the account table, as their users go through them."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from agency_files import FIRST, fill_reference
from samplan.testing.site import Person, Site
from samplan_agency.models import Account, Delivery

BASE = "/t/ett/agency"


@pytest.fixture
def controller(site: Site) -> Person:
    site.add_tenant("ett", ("agency",))
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        fill_reference(session)
    return site.person("ett", "controller")


def send(person: Person, content: bytes, name: str = "huvudbok.csv", **more: str) -> Any:
    data = {"kind": "ledger", "source": "Raindance", "file": (BytesIO(content), name), **more}
    return person.client.post(f"{BASE}/deliveries/new", data=data, content_type="multipart/form-data")


def chosen(page: str) -> dict[str, str]:
    """Return what the mapping's form sends as it is shown."""
    found = {}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        selected = re.search(r'value="([^"]*)" selected', options)
        found[name] = selected[1] if selected else ""
    return found | dict(re.findall(r'name="(raw-[^"]+)" value="([^"]*)"', page))


def test_a_file_is_mapped_checked_and_read_in(site: Site, controller: Person) -> None:
    sent = send(controller, FIRST.encode("cp1252"))
    assert sent.status_code == 303
    mapping = controller.client.get(sent.location)
    assert "KONTO_ID" in mapping.text
    checked = controller.client.post(sent.location, data=chosen(mapping.text) | {"name": "Raindance"})
    assert checked.status_code == 303
    site.dispatcher().work(site.core)
    page = controller.client.get(checked.location)
    assert "Vad den ändrar" in page.text
    assert "0999" in page.text

    viewer = site.person("ett", "viewer").client
    assert viewer.get(checked.location).status_code == 200
    assert viewer.post(f"{checked.location}/read").status_code == 403
    assert controller.client.post(f"{checked.location}/read").status_code == 303
    site.dispatcher().work(site.core)

    assert "734,50" in controller.client.get(f"{BASE}/deliveries").text
    again = send(controller, FIRST.replace("1 234,50", "2 000,00").encode())
    site.dispatcher().work(site.core)  # the saved mapping fits: nobody is asked
    controller.client.post(f"{again.location}/read")
    site.dispatcher().work(site.core)
    newest = controller.client.get(again.location).text
    assert "765,50" in newest  # the difference of the line that was replaced
    assert controller.client.post(f"{again.location}/read").status_code == 303
    assert controller.client.post(f"{again.location}/cancel").status_code == 409


def test_faults_are_shown_by_row_and_column_in_the_readers_language(site: Site, controller: Person) -> None:
    sent = send(controller, FIRST.replace("4471", "9999").encode())
    mapping = controller.client.get(sent.location)
    controller.client.post(sent.location, data=chosen(mapping.text))
    site.dispatcher().work(site.core)
    page = controller.client.get(sent.location.removesuffix("/mapping")).text
    assert "Kontot finns inte i kontotabellen." in page
    assert "KONTO_ID" in page


def test_what_cannot_be_used_is_told_and_nothing_kept(site: Site, controller: Person) -> None:
    assert "kan inte läsas in" in send(controller, b"%PDF-1.7 hej").text
    assert send(controller, FIRST.encode(), first="2027-13").status_code == 422
    assert send(controller, FIRST.encode(), first="2027-03", last="2027-02").status_code == 422
    assert send(controller, FIRST.encode(), kind="recept").status_code == 422
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        assert session.scalars(select(Delivery)).all() == []


def test_accounts_are_added_changed_against_a_version_and_removed(site: Site, controller: Person) -> None:
    new = {"code": "4473", "name": "Hyr övriga", "kind": "hired", "category": "other", "sector": ""}
    assert controller.client.post(f"{BASE}/accounts", data=new).status_code == 303
    assert controller.client.post(f"{BASE}/accounts", data=new).status_code == 422
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        row = session.scalars(select(Account).where(Account.code == "4473")).one()
    url = f"{BASE}/accounts/{row.id}"
    assert "Hyr övriga" in controller.client.get(url).text
    changed = new | {"name": "Hyr annat", "version": "1"}
    assert controller.client.post(url, data=changed).status_code == 303
    outdated = controller.client.post(url, data=changed | {"name": "Något"})
    assert outdated.status_code == 409
    assert "Hyr annat" in outdated.text
    assert site.person("ett", "viewer").client.post(url, data=changed).status_code == 403
    assert controller.client.post(f"{url}/remove", data={"version": "2"}).status_code == 303


def test_the_account_table_goes_out_and_in_as_a_workbook(site: Site, controller: Person) -> None:
    book = controller.client.get(f"{BASE}/accounts.xlsx").data

    def back() -> Any:
        data = {"file": (BytesIO(book), "kontotabell.xlsx")}
        return controller.client.post(
            f"{BASE}/accounts/import", data=data, content_type="multipart/form-data"
        )

    assert back().status_code == 303
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        session.scalars(select(Account).where(Account.code == "4471")).one().version = 2
    refused = back()
    assert refused.status_code == 422
    assert "sedan arbetsboken hämtades" in refused.text
