"""The account table: one account by its page, all by a workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from agency_files import fill_reference
from samplan.testing.site import Person, Site
from samplan_agency.models import Account

BASE = "/t/ett/agency"


@pytest.fixture
def controller(site: Site) -> Person:
    site.add_tenant("ett", ("agency",))
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        fill_reference(session)
    return site.person("ett", "controller")


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
