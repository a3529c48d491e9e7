"""The organisation's pages, used as people use them."""

from uuid import UUID, uuid4

import pytest

from organisations import BASE, everything, unit, version
from samplan.organisation import service
from samplan.organisation.models import OrgUnit, Population
from samplan.organisation.models import Site as Place
from samplan.testing.site import Person, Site


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
