"""The page of API keys, and what a key opens."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from members import KEY, START, actions, found
from samplan.audit.models import AuditEntry
from samplan.clock import FrozenClock
from samplan.identity.models import ApiKey
from samplan.identity.tokens import authenticate
from samplan.testing.browser import submit
from samplan.testing.site import Person, Site


def make_key(person: Person, **fields: object) -> tuple[int, str]:
    values = {"name": "Löneexport", "scopes": ["core:member:read"], "expires_on": "2027-02-01", **fields}
    response = submit(person.client, "/t/ett/api-keys", **values)
    return response.status_code, response.text


def key_of(person: Person, **fields: object) -> str:
    return found(KEY, make_key(person, **fields)[1])


def permissions(site: Site, key: str, tenant: str = "ett") -> set[str] | None:
    with site.core.database.unit_of_work(site.tenants[tenant].id) as session:
        principal = authenticate(site.core, session, key)
    return None if principal is None else set(principal.permissions)


def test_a_key_is_shown_once_and_kept_hashed(site: Site, boss: Person) -> None:
    key = key_of(boss)
    assert re.fullmatch(r"smp_[0-9a-f]{64}", key)
    page = boss.client.get("/t/ett/api-keys").text
    assert key not in page
    assert key[:12] in page
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        row = session.scalars(select(ApiKey)).one()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "api_key.created")).one()
    assert key.encode() not in row.key_hash
    assert entry.after == {
        "prefix": key[:12],
        "scopes": ["core:member:read"],
        "expires_at": "2027-02-01T22:59:59.000000+00:00",
    }, "the end of the tenant's day"


def test_a_key_works_in_its_tenant_within_its_scopes(site: Site, boss: Person) -> None:
    key = key_of(boss)
    assert permissions(site, key) == {"core:member:read"}
    assert permissions(site, key, "annat") is None
    assert permissions(site, key[:-1] + ("0" if key[-1] != "0" else "1")) is None
    assert permissions(site, "smp_" + "0" * 64) is None
    assert permissions(site, "") is None


def test_a_key_follows_its_owners_roles(site: Site, boss: Person) -> None:
    bo = site.person("ett", "administrator", name="Bo Ny")
    key = key_of(bo, scopes=["core:member:read", "core:member:manage"])
    page = f"/t/ett/members/{bo.membership_id}"
    submit(boss.client, page, f"{page}/roles", roles=["ward_manager"])
    assert permissions(site, key) == {"core:member:read"}
    submit(boss.client, page, f"{page}/access", active="0")
    assert permissions(site, key) is None


def test_a_key_ends(site: Site, boss: Person, clock: FrozenClock) -> None:
    key = key_of(boss, expires_on="2027-01-05")
    clock.instant = datetime(2027, 1, 5, 22, 59, 58, tzinfo=UTC)
    assert permissions(site, key) is not None
    clock.advance(timedelta(seconds=1))
    assert permissions(site, key) is None


def test_a_key_is_revoked_by_its_owner_or_who_manages_members(site: Site, boss: Person) -> None:
    bo, eva = site.person("ett", "ward_manager"), site.person("ett", "ward_manager")
    other = site.person("annat", "administrator")
    first, second = key_of(bo, name="A"), key_of(bo, name="B")
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        ids: list[UUID] = list(session.scalars(select(ApiKey.id).order_by(ApiKey.id)))
    revoke = [f"/t/ett/api-keys/{key_id}/revoke" for key_id in ids]
    assert "Löneexport" not in eva.client.get("/t/ett/api-keys").text
    assert submit(eva.client, "/t/ett/api-keys", revoke[0]).status_code == 404
    foreign = revoke[0].replace("/ett/", "/annat/")
    assert submit(other.client, "/t/annat/api-keys", foreign).status_code == 404
    assert permissions(site, first) is not None
    assert submit(bo.client, "/t/ett/api-keys", revoke[0]).status_code == 302
    assert submit(boss.client, "/t/ett/api-keys", revoke[1]).status_code == 302
    assert permissions(site, first) is permissions(site, second) is None
    submit(boss.client, "/t/ett/api-keys", revoke[1])
    assert actions(site).count("api_key.revoked") == 2, "once for each"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"scopes": []},
        {"scopes": ["core:member:manage"]},
        {"scopes": ["no:such:thing"]},
        {"expires_on": ""},
        {"expires_on": "2027-13-01"},
        {"expires_on": "2027-01-03"},
        {"expires_on": "2028-02-01"},
        {"expires_on": "9999-12-31"},
        {"expires_on": "0001-01-01"},
    ],
)
def test_a_key_that_would_be_too_much_is_refused(site: Site, fields: dict[str, object]) -> None:
    bo = site.person("ett", "ward_manager")
    assert make_key(bo)[0] == 200
    status, text = make_key(bo, **fields)
    assert status == 422
    assert "ds-error-summary" in text


def test_last_use_is_kept_to_the_minute(site: Site, boss: Person, clock: FrozenClock) -> None:
    key = key_of(boss)

    def last_used() -> datetime | None:
        permissions(site, key)
        with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
            return session.scalar(select(ApiKey.last_used_at))

    assert last_used() == START
    clock.advance(timedelta(seconds=59))
    assert last_used() == START
    clock.advance(timedelta(seconds=1))
    assert last_used() == START + timedelta(minutes=1)


def test_a_key_opens_the_api_and_no_page(site: Site, boss: Person) -> None:
    headers = {"Authorization": f"Bearer {key_of(boss, scopes=['core:job:read', 'core:api_key:own'])}"}
    client = site.client()
    assert client.get("/api/v1/t/ett/jobs", headers=headers).status_code == 200
    for slug in ("annat", "ingen"):
        assert client.get(f"/api/v1/t/{slug}/jobs", headers=headers).status_code == 401, "all look alike"
    assert client.get("/t/ett/api-keys", headers=headers).status_code == 302
    assert client.post("/t/ett/api-keys", headers=headers).status_code in {302, 400}
    bad = client.get("/api/v1/t/ett/jobs", headers={"Authorization": "Bearer smp_x"})
    assert (bad.status_code, bad.mimetype) == (401, "application/problem+json")
