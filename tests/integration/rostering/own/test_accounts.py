"""Linking employees to accounts: who may, whom, and what the trail says."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select

from own_pages import employee_id
from rostering_pages import BASE, work
from samplan.audit.models import AuditEntry
from samplan.testing.site import Person, Site
from samplan_rostering.models import Employee


def account_of(site: Site, code: str) -> UUID | None:
    with work(site) as session:
        return session.scalars(select(Employee.account_id).where(Employee.code == code)).one()


def test_the_manager_finds_an_account_by_its_address_links_and_unlinks_it(
    rostering_site: Site, period_id: UUID, manager: Person
) -> None:
    employee = rostering_site.person("ett", "employee", name="Åsa Exempel")
    rostering_site.person("ett", "viewer", name="Ingen Medarbetare")
    page = f"{BASE}/periods/{period_id}/accounts"
    own = f"{page}/{employee_id(rostering_site, 'M01')}"
    assert "Koppla" in manager.client.get(page).text

    found = manager.client.get(own, query_string={"q": "EXAMPLE.test"}).text
    assert str(employee.account_id) in found
    assert "Ingen Medarbetare" not in found
    assert manager.client.post(f"{own}/link", data={"account_id": employee.account_id}).status_code == 303

    assert account_of(rostering_site, "M01") == employee.account_id
    assert "Koppla loss" in manager.client.get(page).text
    assert manager.client.post(f"{own}/unlink").status_code == 303
    assert account_of(rostering_site, "M01") is None
    with work(rostering_site) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    assert [entry.action for entry in entries[-2:]] == [
        "employee.account_linked",
        "employee.account_unlinked",
    ]


def test_only_a_free_account_with_the_role_of_employees_is_linked(
    rostering_site: Site, period_id: UUID, manager: Person, me: Person
) -> None:
    viewer = rostering_site.person("ett", "viewer")
    stranger = rostering_site.person("annat", "employee")
    second = rostering_site.person("ett", "employee")

    def answer(code: str, account: object) -> tuple[int, str]:
        url = f"{BASE}/periods/{period_id}/accounts/{employee_id(rostering_site, code)}/link"
        found = manager.client.post(url, data={"account_id": str(account)})
        return found.status_code, found.text

    for account in (viewer.account_id, stranger.account_id, uuid4()):
        status, text = answer("M02", account)
        assert (status, "rollen Medarbetare" in text) == (422, True)
    assert answer("M02", "x")[0] == 422
    assert answer("M02", me.account_id)[0] == 409, "the account is M01's"
    assert answer("M01", second.account_id)[0] == 409, "M01 has an account"
    assert answer("M01", me.account_id)[0] == 303, "as it is already"
    assert account_of(rostering_site, "M02") is None
    missing = manager.client.get(f"{BASE}/periods/{period_id}/accounts/{uuid4()}")
    assert missing.status_code == 404


def test_others_do_not_link(rostering_site: Site, period_id: UUID) -> None:
    url = f"{BASE}/periods/{period_id}/accounts/{employee_id(rostering_site, 'M01')}/link"
    for role in ("scheduler", "employee", "viewer"):
        person = rostering_site.person("ett", role)
        assert person.client.post(url, data={"account_id": person.account_id}).status_code == 403
    assert account_of(rostering_site, "M01") is None
