"""The organisation's API, used as programs use it."""

import sys
from typing import Any
from uuid import UUID, uuid4

import pytest

from organisations import API, BASE, content, everything, unit, workbook
from samplan.audit.models import AuditEntry
from samplan.testing.site import Person, Site


def test_units_are_listed_page_by_page(boss: Person, units: dict[str, UUID]) -> None:
    first = boss.client.get(f"{API}/units?limit=3").json
    assert first is not None
    second = boss.client.get(f"{API}/units?limit=3&cursor={first['next_cursor']}").json
    assert second is not None
    assert [row["code"] for row in first["items"] + second["items"]] == ["r", "h1", "h2", "w"]
    assert second["next_cursor"] is None
    hospitals = boss.client.get(f"{API}/units?kind=hospital&parent_id={units['r']}").json
    assert hospitals is not None
    assert [row["code"] for row in hospitals["items"]] == ["h1", "h2"]
    for query in ("kind=palace", "limit=0", "limit=x", "cursor=x"):
        assert boss.client.get(f"{API}/units?{query}").status_code == 422


def test_a_unit_is_changed_only_on_top_of_its_newest_version(
    site: Site, boss: Person, units: dict[str, UUID]
) -> None:
    url = f"{API}/units/{units['w']}"
    shown = boss.client.get(url)
    tag = shown.headers["ETag"]
    assert boss.client.get(url, headers={"If-None-Match": tag}).status_code == 304
    assert boss.client.patch(url, json={"name": "Ny"}).status_code == 428
    assert boss.client.patch(url, json={"name": "Ny"}, headers={"If-Match": '"gammal"'}).status_code == 412
    changed = boss.client.patch(url, json={"name": "Ny"}, headers={"If-Match": tag})
    assert changed.status_code == 200
    assert changed.json is not None
    assert changed.json["name"] == "Ny"
    assert boss.client.patch(url, json={"name": "Åter"}, headers={"If-Match": tag}).status_code == 412
    moved = {"parent_id": str(units["h2"]), "active": False}
    assert (
        boss.client.patch(url, json=moved, headers={"If-Match": changed.headers["ETag"]}).status_code == 200
    )
    row = unit(site, units["w"])
    assert (row.name, row.parent_id, row.active) == ("Ny", units["h2"], False)
    actions = [entry.action for entry in everything(site, AuditEntry)]
    assert actions.count("org_unit.updated") == 2


@pytest.mark.parametrize(
    "body", ['{"name": ' + "[" * 50_000, '{"name": ' + "9" * 5_000 + "}", '{"name": ', b'{"name": "\xff"}']
)
def test_a_body_that_cannot_be_read_is_refused(
    boss: Person, units: dict[str, UUID], body: str | bytes
) -> None:
    url = f"{API}/units/{units['w']}"
    headers = {"If-Match": boss.client.get(url).headers["ETag"], "Content-Type": "application/json"}
    answer = boss.client.patch(url, data=body, headers=headers)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_a_body_as_deep_as_the_stack_is_refused(boss: Person, units: dict[str, UUID]) -> None:
    url = f"{API}/units/{units['w']}"
    headers = {"If-Match": boss.client.get(url).headers["ETag"], "Content-Type": "application/json"}
    deepest = sys.getrecursionlimit()
    answers = set()
    for depth in (10, *range(deepest - 120, deepest + 20, 7)):
        for start, end in (("[", "]"), ('{"name":', "}")):
            body = start * depth + '"x"' + end * depth
            answers.add((depth == 10, boss.client.patch(url, data=body, headers=headers).status_code))
    assert answers == {(True, 422), (False, 400)}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " x"}, "name"),
        ({"name": None}, "name"),
        ({"parent_id": str(uuid4())}, "parent_id"),
        ({"parent_id": None}, "parent_id"),
        ({"site_id": str(uuid4())}, "site_id"),
        ({"kind": "clinic"}, "kind"),
        ([], None),
    ],
)
def test_a_wrong_change_is_refused_by_field(
    site: Site, boss: Person, units: dict[str, UUID], body: Any, field: str | None
) -> None:
    url = f"{API}/units/{units['w']}"
    answer = boss.client.patch(url, json=body, headers={"If-Match": boss.client.get(url).headers["ETag"]})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert field is None or f'"{field}"' in answer.text
    assert unit(site, units["w"]).name == "Enhet w"


def test_the_api_keeps_to_permissions_and_tenants(site: Site, units: dict[str, UUID]) -> None:
    viewer, other = site.person("ett", "viewer"), site.person("annat", "administrator")
    url = f"{API}/units/{units['w']}"
    assert viewer.client.get(url).status_code == 200
    assert viewer.client.patch(url, json={}, headers={"If-Match": '"x"'}).status_code == 403
    assert other.client.get(url).status_code == 404
    assert other.client.get(f"/api/v1/t/annat/units/{units['w']}").status_code == 404
    listed = other.client.get("/api/v1/t/annat/units").json
    assert listed == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("what", ["sites", "professions", "sectors"])
def test_the_other_lists_answer(site: Site, boss: Person, what: str) -> None:
    data = workbook(
        sites=[{"code": "s", "name": "Sjukhuset", "kind": "hospital"}],
        professions=[{"code": "ssk", "name": "Sjuksköterska", "category": "nurse"}],
        sectors=[{"code": "som", "name": "Somatik"}],
    )
    boss.client.post(f"{BASE}/import/confirm", data=content(data))
    answer = boss.client.get(f"{API}/{what}")
    assert answer.status_code == 200
    assert answer.json is not None
    assert len(answer.json["items"]) == 1
    assert site.person("annat", "administrator").client.get(f"{API}/{what}").status_code == 404
