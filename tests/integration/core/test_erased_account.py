"""An account that several regions have used is closed by the last one that erases the person."""

from __future__ import annotations

import re

import pytest

from samplan.errors import Conflict
from samplan.identity.models import Account, Membership
from samplan.identity.onboarding import invite_member
from samplan.identity.service import add_member
from samplan.testing.site import Person, Site


def erase(administrator: Person, slug: str, member: str) -> None:
    fields = {"member": member}
    page = administrator.client.post(f"/t/{slug}/personal-data", data=fields).text
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert seen is not None
    answer = administrator.client.post(f"/t/{slug}/personal-data/erase", data={**fields, "seen": seen[1]})
    assert answer.status_code == 302


def account(site: Site, person: Person) -> Account:
    with site.core.database.system_session(person.account_id) as system:
        return system.get_one(Account, person.account_id)


def test_the_last_region_that_erases_a_person_closes_the_account(site: Site) -> None:
    for slug in ("region-a", "region-b"):
        site.add_tenant(slug)
    administrators = {slug: site.person(slug, "administrator") for slug in ("region-a", "region-b")}
    person = site.person("region-a", "viewer")
    address = account(site, person).email
    with site.core.database.unit_of_work(site.tenants["region-b"].id) as session:
        other: Membership = add_member(session, person.account_id, "Prov Person", address, ["viewer"])

    erase(administrators["region-a"], "region-a", str(person.membership_id))
    kept = account(site, person)
    assert (kept.email, kept.active) == (address, True), "the other region still uses it"

    erase(administrators["region-b"], "region-b", str(other.id))
    closed = account(site, person)
    assert closed.email.endswith("@erased.invalid")
    assert not closed.active


def test_who_was_erased_here_and_has_an_account_elsewhere_can_come_back(site: Site) -> None:
    for slug in ("region-a", "region-b"):
        site.add_tenant(slug)
    administrator, person = site.person("region-a", "administrator"), site.person("region-b", "viewer")
    address = account(site, person).email
    tenant = site.tenants["region-a"].id

    def invite() -> Membership:
        with site.core.database.unit_of_work(tenant) as session:
            found = invite_member(site.core, session, "Åter Exempel", address, ["viewer"])
            assert found.one_time_password is None, "the account is the other region's too"
            return found.member

    first = invite()
    with pytest.raises(Conflict):
        invite()
    erase(administrator, "region-a", str(first.id))
    again = invite()
    assert (again.id, again.display_name, again.email, again.active) == (
        first.id, "Åter Exempel", address, True,
    )  # fmt: skip
    assert site.client(person.account_id).get("/t/region-a/").status_code == 200
    erase(administrator, "region-a", str(again.id))
    assert site.client(person.account_id).get("/t/region-a/").status_code in {403, 404}
    assert site.client(person.account_id).get("/t/region-b/").status_code == 200
