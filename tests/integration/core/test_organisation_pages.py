"""The organisation's pages and API, used as people and programs use them."""

import base64
import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from samplan.audit.models import AuditEntry
from samplan.db.session import Database
from samplan.imports.template import write_workbook
from samplan.modules.manager import Modules
from samplan.organisation import service
from samplan.organisation.models import OrgUnit, Population
from samplan.organisation.models import Site as Place
from samplan.organisation.service import UnitFields
from samplan.organisation.workbook import SHEETS
from samplan.testing.site import Person, Site, build_site

BASE, API = "/t/ett/organisation", "/api/v1/t/ett"


@pytest.fixture
def modules() -> Modules:
    """Use the core alone."""
    return Modules.load([])


@pytest.fixture
def site(database: Database, modules: Modules) -> Site:
    site = build_site(database, modules)
    site.add_tenant("ett")
    site.add_tenant("annat")
    return site


@pytest.fixture
def boss(site: Site) -> Person:
    return site.person("ett", "administrator")


@pytest.fixture
def units(site: Site) -> dict[str, UUID]:
    """Add a region with two hospitals and a ward."""
    ids: dict[str, UUID] = {}
    rows = [("r", "region", None), ("h1", "hospital", "r"), ("h2", "hospital", "r"), ("w", "ward", "h1")]
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        for code, kind, parent in rows:
            fields = UnitFields(f"Enhet {code}", ids[parent] if parent else None, None)
            ids[code] = service.create_unit(session, kind=kind, code=code, fields=fields).id
    return ids


def unit(site: Site, unit_id: UUID) -> OrgUnit:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        return service.get_unit(session, unit_id)


def version(site: Site, unit_id: UUID) -> str:
    return service.version_of(unit(site, unit_id))


def everything(site: Site, kind: type[Any]) -> list[Any]:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        return list(session.scalars(select(kind)))


# --- by hand -----------------------------------------------------------------------------------------


def test_an_empty_organisation_says_what_to_do_and_is_begun_with_the_region(site: Site, boss: Person) -> None:
    assert f"{BASE}/import" in boss.client.get(BASE).text
    form = boss.client.get(f"{BASE}/units/new").text
    assert 'value="region"' in form
    assert 'name="parent_id"' not in form
    data = {"kind": "region", "code": "r", "name": " Region Prov ", "active": "y", "site_id": ""}
    assert boss.client.post(f"{BASE}/units/new", data=data).status_code == 302
    page = boss.client.get(BASE).text
    assert "Region Prov" in page
    assert [row.name for row in everything(site, OrgUnit)] == ["Region Prov"]


def test_a_unit_is_added_renamed_and_moved(site: Site, boss: Person, units: dict[str, UUID]) -> None:
    new = {"kind": "clinic", "code": "k", "name": "Klinik", "parent_id": str(units["h1"]), "active": "y"}
    page = boss.client.get(f"{BASE}/units/new?parent={units['h1']}").text
    assert f'selected value="{units["h1"]}"' in page
    assert str(units["w"]) not in page  # nothing stands below a ward
    assert boss.client.post(f"{BASE}/units/new", data=new).status_code == 302
    moved = {"name": "Avdelning", "parent_id": str(units["h2"]), "version": version(site, units["w"])}
    assert boss.client.post(f"{BASE}/units/{units['w']}", data=moved).status_code == 302
    row = unit(site, units["w"])
    assert (row.name, row.parent_id, row.active) == ("Avdelning", units["h2"], False)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"code": ""}, "code"),
        ({"kind": "region"}, "kind"),
        ({"kind": "palace"}, "kind"),
        ({"parent_id": "x"}, "parent_id"),
        ({"parent_id": str(uuid4())}, "parent_id"),
        ({"site_id": str(uuid4())}, "site_id"),
    ],
)
def test_a_wrong_unit_is_shown_beside_its_field_and_not_saved(
    site: Site, boss: Person, units: dict[str, UUID], changed: dict[str, str], field: str
) -> None:
    sound = {"kind": "ward", "code": "n", "name": "Ny", "parent_id": str(units["h1"]), "active": "y"}
    answer = boss.client.post(f"{BASE}/units/new", data={**sound, **changed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert len(everything(site, OrgUnit)) == 4
    taken = boss.client.post(f"{BASE}/units/new", data={**sound, "code": "w"})
    assert taken.status_code == 422
    assert "ds-error-summary" in taken.text


def test_a_unit_that_somebody_else_changed_meanwhile_is_not_overwritten_unseen(
    site: Site, boss: Person, units: dict[str, UUID]
) -> None:
    old = version(site, units["w"])
    data = {"name": "Min", "parent_id": str(units["h1"]), "active": "y", "version": old}
    assert boss.client.post(f"{BASE}/units/{units['w']}", data=data).status_code == 302
    late = boss.client.post(f"{BASE}/units/{units['w']}", data={**data, "name": "Din"})
    assert late.status_code == 422
    assert unit(site, units["w"]).name == "Min"
    assert f'value="{version(site, units["w"])}"' in late.text  # saving again replaces it knowingly


def test_a_place_that_breaks_the_tree_is_refused_with_the_reason(
    site: Site, boss: Person, units: dict[str, UUID]
) -> None:
    url = f"{BASE}/units/{units['h1']}"
    data = {"name": "Enhet h1", "parent_id": str(units["r"]), "version": version(site, units["h1"])}
    answer = boss.client.post(url, data=data)  # out of use, while a ward below it is in use
    assert answer.status_code == 422
    assert 'id="active-error"' in answer.text
    assert unit(site, units["h1"]).active
    root = boss.client.get(f"{BASE}/units/{units['r']}").text
    assert 'name="parent_id"' not in root
    renamed = {"name": "Regionen", "active": "y", "version": version(site, units["r"])}
    assert boss.client.post(f"{BASE}/units/{units['r']}", data=renamed).status_code == 302
    assert unit(site, units["r"]).name == "Regionen"


def test_sites_are_added_corrected_and_thereby_confirmed(site: Site, boss: Person) -> None:
    data = {"code": "s", "name": "Sjukhuset", "kind": "hospital", "latitude": "60.5", "longitude": "15.25"}
    assert boss.client.post(f"{BASE}/sites/new", data=data).status_code == 302
    assert boss.client.post(f"{BASE}/sites/new", data=data).status_code == 422
    (place,) = everything(site, Place)
    assert boss.client.get(f"{BASE}/sites/{place.id}").status_code == 200
    changed = {**data, "longitude": "15.5", "municipality_code": "2080", "version": service.version_of(place)}
    assert boss.client.post(f"{BASE}/sites/{place.id}", data=changed).status_code == 302
    assert boss.client.post(f"{BASE}/sites/{place.id}", data=changed).status_code == 422  # an old version
    (place,) = everything(site, Place)
    assert (place.longitude, place.municipality_code, place.notes) == (15.5, "2080", {"confirmed": True})
    for wrong in ({"latitude": ""}, {"longitude": "190"}, {"municipality_code": "20"}, {"latitude": "x"}):
        answer = boss.client.post(f"{BASE}/sites/new", data={**data, "code": "t", **wrong})
        assert answer.status_code == 422


def test_inhabitants_are_entered_and_confirmed(site: Site, boss: Person) -> None:
    data = {"year": "2025", "inhabitants": "286100", "source": "SCB"}
    assert boss.client.post(f"{BASE}/population", data=data).status_code == 302
    (row,) = everything(site, Population)
    assert (row.inhabitants, row.source, row.confirmed) == (286_100, "SCB", True)
    for wrong in ({"year": "25"}, {"inhabitants": "-1"}, {"inhabitants": "many"}, {"source": " "}):
        assert boss.client.post(f"{BASE}/population", data={**data, **wrong}).status_code == 422
    assert "286 100" in boss.client.get(BASE).text.replace("\xa0", " ")


def test_who_may_only_look_and_who_is_elsewhere(site: Site, boss: Person, units: dict[str, UUID]) -> None:
    viewer, other = site.person("ett", "viewer"), site.person("annat", "administrator")
    page = viewer.client.get(BASE)
    assert page.status_code == 200
    assert f"{BASE}/units" not in page.text
    assert viewer.client.get(f"{BASE}/export.xlsx").status_code == 200
    for path in ("/units/new", f"/units/{units['w']}", "/import", "/sites/new"):
        assert boss.client.get(BASE + path).status_code == 200
        assert viewer.client.get(BASE + path).status_code == 403
        assert other.client.get(BASE + path).status_code == 404
    assert other.client.get(f"/t/annat/organisation/units/{units['w']}").status_code == 404
    assert site.person("ett", "employee").client.get(BASE).status_code == 403
    assert boss.client.get(f"{BASE}/units/{uuid4()}").status_code == 404


# --- by workbook -------------------------------------------------------------------------------------


def workbook(**rows: list[dict[str, Any]]) -> bytes:
    return write_workbook(SHEETS, rows, title="Prov", created=datetime(2027, 1, 4, tzinfo=UTC))


SOUND = {
    "units": [
        {"code": "r", "name": "Region Prov", "kind": "region"},
        {"code": "h", "name": "Sjukhuset", "kind": "hospital", "parent": "r"},
    ]
}
FAULTY = {"units": [{"code": "h", "name": "Sjukhuset", "kind": "hospital", "parent": "q"}]}


def upload(client: FlaskClient, data: bytes) -> TestResponse:
    answer = client.post(f"{BASE}/import", data={"file": (io.BytesIO(data), "o.xlsx")})
    answer.request.input_stream.close()  # the test client leaves a large form open
    return answer


def content(data: bytes) -> dict[str, str]:
    return {"content": base64.b64encode(data).decode()}


def test_a_workbook_is_looked_at_first_and_then_imported(site: Site, boss: Person) -> None:
    data = workbook(**SOUND)
    preview = upload(boss.client, data)
    assert preview.status_code == 200
    assert "Sjukhuset" in preview.text
    assert content(data)["content"] in preview.text
    assert everything(site, OrgUnit) == []
    assert boss.client.post(f"{BASE}/import/confirm", data=content(data)).status_code == 302
    assert {row.code for row in everything(site, OrgUnit)} == {"r", "h"}
    exported = boss.client.get(f"{BASE}/export.xlsx")
    assert exported.headers["Content-Disposition"].startswith("attachment")
    same = upload(boss.client, exported.data)
    assert same.status_code == 200
    assert "import/confirm" not in same.text  # nothing would change


def test_a_faulty_workbook_is_explained_marked_and_not_saved(site: Site, boss: Person) -> None:
    data = workbook(**FAULTY)
    answer = upload(boss.client, data)
    assert answer.status_code == 422
    assert "Enheter" in answer.text
    assert boss.client.post(f"{BASE}/import/confirm", data=content(data)).status_code == 422
    assert everything(site, OrgUnit) == []
    marked = boss.client.post(f"{BASE}/import/marked", data=content(data))
    assert marked.data.startswith(b"PK")
    assert boss.client.post(f"{BASE}/import/marked", data=content(workbook(**SOUND))).status_code == 302


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04 no", b"x" * 900_000])
def test_another_file_is_refused_with_a_reason(site: Site, boss: Person, data: bytes) -> None:
    answer = upload(boss.client, data)
    assert answer.status_code == 422
    assert 'id="faults"' in answer.text
    assert everything(site, OrgUnit) == []


def test_no_file_and_half_a_file_are_refused(boss: Person) -> None:
    assert boss.client.post(f"{BASE}/import", data={}).status_code == 422
    for path in ("confirm", "marked"):
        assert boss.client.post(f"{BASE}/import/{path}", data={"content": "räv"}).status_code == 422
    assert boss.client.post(f"{BASE}/import/confirm", data={}).status_code == 422


def test_the_template_can_be_had(boss: Person) -> None:
    assert boss.client.get(f"{BASE}/template.xlsx").data.startswith(b"PK")


# --- by API ------------------------------------------------------------------------------------------


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
