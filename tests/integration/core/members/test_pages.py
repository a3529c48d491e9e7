"""The pages of members, used as people use them."""

from __future__ import annotations

import re

import pytest

from members import ONE_TIME, actions, found
from samplan.identity.service import add_member
from samplan.testing.browser import submit
from samplan.testing.site import Person, Site


def add(boss: Person, **fields: object) -> str:
    values = {"name": "Bo Ny", "email": "bo@example.test", "roles": ["viewer"], **fields}
    return submit(boss.client, "/t/ett/members", **values).text


def test_a_new_member_gets_in_with_the_one_time_password(site: Site, boss: Person) -> None:
    password = found(ONE_TIME, add(boss))
    page = boss.client.get("/t/ett/members").text
    assert "Bo Ny" in page
    assert password not in page, "shown once"
    client = site.client()
    submit(client, "/login", email="bo@example.test", password=password)
    assert client.get("/t/ett/").location == "/account"
    fields = {"current": password, "password": "båt ö sol träd", "repeated": "båt ö sol träd"}
    assert submit(client, "/account", "/account/password", **fields).status_code == 302
    assert client.get("/t/ett/").status_code == 200
    assert actions(site)[-2:] == ["login.succeeded", "account.password_changed"]
    assert password not in str(actions(site))


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"email": "bo"},
        {"roles": []},
        {"roles": ["emperor"]},
        {"name": "x" * 121},
        {"email": "a\x00@b.se"},
    ],
)
def test_what_is_wrong_is_said_at_its_field(site: Site, boss: Person, fields: dict[str, object]) -> None:
    values = {"name": "Bo Ny", "email": "bo@example.test", "roles": ["viewer"], **fields}
    response = submit(boss.client, "/t/ett/members", **values)
    assert response.status_code == 422
    assert "ds-error-summary" in response.text
    assert f'id="{next(iter(fields))}' in response.text
    assert "member.added" not in actions(site)[-1]


def test_a_member_cannot_be_added_twice(site: Site, boss: Person) -> None:
    add(boss)
    again = submit(boss.client, "/t/ett/members", name="Bo", email="BO@example.test", roles=["viewer"])
    assert again.status_code == 409
    assert "ds-error-summary" in again.text


def test_who_has_an_account_keeps_the_password(site: Site, boss: Person) -> None:
    add(boss)
    other = site.person("annat", "administrator")
    response = submit(
        other.client, "/t/annat/members", name="Bo B", email="bo@example.test", roles=["viewer"]
    )
    assert response.status_code == 302
    page = other.client.get("/t/annat/members").text
    assert "Bo B" in page
    assert "Bo Ny" not in page, "each tenant knows people by its own name"


def test_roles_and_access_are_changed(site: Site, boss: Person) -> None:
    bo = site.person("ett", "viewer", name="Bo Ny")
    page = f"/t/ett/members/{bo.membership_id}"
    assert bo.client.get("/t/ett/members").status_code == 403
    assert submit(boss.client, page, f"{page}/roles", roles=["ward_manager"]).status_code == 302
    assert bo.client.get("/t/ett/members").status_code == 200
    assert bo.client.get(page).status_code == 403, "may look, not change"
    assert submit(boss.client, page, f"{page}/access", active="0").status_code == 302
    assert bo.client.get("/t/ett/").status_code == 404
    assert submit(boss.client, page, f"{page}/access", active="1").status_code == 302
    assert bo.client.get("/t/ett/").status_code == 200
    assert actions(site)[-3:] == ["member.roles_changed", "member.deactivated", "member.reactivated"]


def test_the_last_who_manages_members_stays(site: Site, boss: Person) -> None:
    page = f"/t/ett/members/{boss.membership_id}"
    for action, fields in (("roles", {"roles": ["viewer"]}), ("access", {"active": "0"})):
        response = submit(boss.client, page, f"{page}/{action}", **fields)
        assert response.status_code == 409
        assert "ds-error-summary" in response.text
    assert boss.client.get(page).status_code == 200


def test_a_lost_password_is_replaced(site: Site, boss: Person) -> None:
    bo = site.person("ett", "viewer", name="Bo Ny")
    page = f"/t/ett/members/{bo.membership_id}"
    assert bo.client.get("/account").status_code == 200
    response = submit(boss.client, page, f"{page}/password")
    password = found(ONE_TIME, response.text)
    assert response.headers["Cache-Control"] == "private, no-store"
    assert bo.client.get("/account").status_code == 302, "signed out everywhere"
    email = re.findall(r"person\d+@example\.test", response.text)[-1]
    client = site.client()
    assert submit(client, "/login", email=email, password=password).status_code == 302
    assert actions(site)[-2:] == ["member.password_reset", "login.succeeded"]


def test_no_tenant_sets_the_password_of_anothers_member(site: Site, boss: Person) -> None:
    """Whoever sets a password can sign in with it, and would be in the other tenant as well."""
    target = site.person("annat", "administrator")
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        member = add_member(session, target.account_id, "Gäst", "gast@example.test", ["viewer"])
        member_id = member.id
    page = f"/t/ett/members/{member_id}"
    assert submit(boss.client, page, f"{page}/password").status_code == 403
    assert target.client.get("/t/annat/").status_code == 200, "and nothing has happened"
    outside = f"/t/ett/members/{target.membership_id}"
    for response in (
        boss.client.get(outside),
        submit(boss.client, page, f"{outside}/password"),
        submit(boss.client, page, f"{outside}/roles", roles=["viewer"]),
        submit(boss.client, page, f"{outside}/access", active="0"),
    ):
        assert response.status_code == 404
