"""The description of the API: one language, and groups that say what they are about."""

from __future__ import annotations

import re
from typing import Any

import pytest

from samplan.testing.site import Person, Site

ENGLISH = {
    "Indicators": "Comparable figures and their values",
    "Organisation": "Units, sites, professions and sectors of care",
    "Rostering": "Wards, optimisations and rosters",
    "Runs": "Work in the background: followed, stopped and tried again",
}


@pytest.fixture
def person(site: Site) -> Person:
    site.add_tenant("ett", modules=("rostering",))
    site.add_tenant("annat")
    return site.person("ett", "administrator")


def document(person: Person, tenant: str = "ett") -> dict[str, Any]:
    found: dict[str, Any] = person.client.get(f"/api/v1/t/{tenant}/openapi.json").get_json()
    return found


def test_operations_are_grouped_by_what_they_are_about(person: Person) -> None:
    found = document(person)
    said = {tag["name"]: tag["description"] for tag in found["tags"]}
    assert said.keys() == ENGLISH.keys()
    assert all(text in said[name] for name, text in ENGLISH.items())
    used = {
        (path.removeprefix("/api/v1/t/{tenant}/").split("/")[0], *operation["tags"])
        for path, item in found["paths"].items()
        for operation in item.values()
        if isinstance(operation, dict)
    }
    assert used == {
        ("indicators", "Indicators"),
        ("jobs", "Runs"),
        ("professions", "Organisation"),
        ("rostering", "Rostering"),
        ("sectors", "Organisation"),
        ("sites", "Organisation"),
        ("units", "Organisation"),
    }


def test_the_document_is_english_in_every_language_of_the_user(person: Person) -> None:
    swedish = document(person)
    person.client.post("/language", data={"locale": "en_GB", "next": "/"})
    assert document(person) == swedish
    assert re.findall("[åäöÅÄÖ]", str(swedish)) == []


def test_a_module_that_is_off_has_no_group(site: Site, person: Person) -> None:
    found = document(site.person("annat", "administrator"), "annat")
    assert "Rostering" not in {tag["name"] for tag in found["tags"]}
    assert not any("/rostering/" in path for path in found["paths"])


def test_what_is_sent_to_webhooks_is_described_for_the_modules_that_are_on(
    site: Site, person: Person
) -> None:
    found = document(person)
    assert found["openapi"].startswith("3.1.")
    known = {name for name in site.core.modules.events() if name.startswith(("core.", "rostering."))}
    assert found["webhooks"].keys() == known
    sent = found["webhooks"]["rostering.roster.published"]["post"]
    body = sent["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["type"] == {"type": "string", "const": "rostering.roster.published"}
    payload = found["components"]["schemas"][body["properties"]["data"]["$ref"].rpartition("/")[2]]
    assert {"publication_id", "roster_id", "ward", "period"} <= payload["properties"].keys()
    assert {"webhook-id", "webhook-signature"} <= {header["name"] for header in sent["parameters"]}
    without = document(site.person("annat", "administrator"), "annat")
    assert without["webhooks"].keys() == {"core.webhook.tried"}
