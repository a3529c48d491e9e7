"""A person is erased from core and modules, after it was shown what that is."""

from __future__ import annotations

import re
from datetime import timedelta

from dummy import Widget

from operations import PAGE, WIDGET, entries, seen, widgets
from samplan.access.models import Role, RoleGrant, RolePermission
from samplan.identity.models import Account, ApiKey, LoginSession, Membership
from samplan.privacy.declarations import ERASE, EXPORT
from samplan.testing.site import Person, Site


def test_erasing_shows_first_and_then_erases_just_that(site: Site, administrator: Person) -> None:
    page = administrator.client.post(PAGE, data=WIDGET).text
    assert widgets(site) == ["first of region-a"], "the dry run erases nothing"
    for wrong in ("", "0" * 16):
        answer = administrator.client.post(f"{PAGE}/erase", data={**WIDGET, "seen": wrong})
        assert answer.status_code == 409
    assert widgets(site) == ["first of region-a"]
    assert entries(site, "personal_data.erased") == []
    done = administrator.client.post(f"{PAGE}/erase", data={**WIDGET, "seen": seen(page)})
    assert done.status_code == 302
    assert widgets(site) == []
    assert widgets(site, "region-b") == ["first of region-b"]
    (entry,) = entries(site, "personal_data.erased")
    assert entry.after == {"rows": 1, "reference": "set"}
    again = administrator.client.post(f"{PAGE}/erase", data={**WIDGET, "seen": seen(page)})
    assert again.status_code == 404


def test_what_has_changed_since_it_was_shown_is_not_erased(site: Site, administrator: Person) -> None:
    page = administrator.client.post(PAGE, data=WIDGET).text
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        session.add(Widget(name="first of region-a"))
    answer = administrator.client.post(f"{PAGE}/erase", data={**WIDGET, "seen": seen(page)})
    assert answer.status_code == 409
    assert "har ändrats" in answer.text
    assert len(widgets(site)) == 2
    assert seen(answer.text) != seen(page), "what is there now is shown, to be confirmed anew"


def test_a_module_that_is_off_keeps_what_it_has_and_is_named(site: Site, administrator: Person) -> None:
    administrator.client.post("/t/region-a/modules/dummy/disable")
    page = administrator.client.post(PAGE, data=WIDGET).text
    assert "Ingenting finns sparat" in page
    assert re.search(r"Moduler som är av tillfrågas inte.*Dummy", page)
    assert widgets(site) == ["first of region-a"]


def test_an_erased_member_has_no_name_no_keys_and_no_way_in(site: Site, administrator: Person) -> None:
    other = site.person("region-a", "scheduler", name="Sven Schema")
    tomorrow = site.core.clock.now().date() + timedelta(days=1)
    made = other.client.post(
        "/t/region-a/api-keys",
        data={"name": "Nyckel", "scopes": ["core:api_key:own"], "expires_on": str(tomorrow)},
    )
    assert made.status_code == 200
    fields = {"member": str(other.membership_id)}
    page = administrator.client.post(PAGE, data=fields).text
    assert "Sven Schema" in administrator.client.get("/t/region-a/members").text
    answer = administrator.client.post(f"{PAGE}/erase", data={**fields, "seen": seen(page)})
    assert answer.status_code == 302
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        member = session.get_one(Membership, (session.tenant_id, other.membership_id))
        assert (member.display_name, member.active) == ("Raderad person", False)
        assert member.email.endswith("@erased.invalid")
        assert session.query(ApiKey).count() == 0
        assert session.query(RoleGrant).filter_by(membership_id=member.id).count() == 0
    with site.core.database.system_session(other.account_id) as system:
        account = system.get_one(Account, other.account_id)
        assert (account.active, account.password_hash) == (False, None)
        assert account.email.endswith("@erased.invalid")
        assert system.query(LoginSession).filter_by(account_id=other.account_id).count() == 0
    assert other.client.get("/t/region-a/").status_code in (302, 404)
    trail = administrator.client.get("/t/region-a/audit").text
    assert "Sven Schema" not in trail
    assert [entry.object_id for entry in entries(site, "personal_data.erased")] == [str(other.membership_id)]
    again = administrator.client.post(PAGE, data=fields).text
    assert 'name="seen"' not in again
    assert "Sven Schema" not in again


def test_nobody_erases_themselves_or_the_last_who_manages_members(site: Site, administrator: Person) -> None:
    own = {"member": str(administrator.membership_id)}
    page = administrator.client.post(PAGE, data=own)
    assert page.status_code == 200
    assert "Du kan inte radera dina egna uppgifter" in page.text
    assert administrator.client.post(f"{PAGE}/erase", data={**own, "seen": "0"}).status_code == 409
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        role = session.query(Role).filter_by(key="viewer").one()
        session.add_all(RolePermission(role_id=role.id, permission=p) for p in (EXPORT, ERASE))
    viewer = site.person("region-a", "viewer").client
    page = viewer.post(PAGE, data=own)
    assert "Någon måste finnas kvar" in page.text
    assert viewer.post(f"{PAGE}/erase", data={**own, "seen": "0"}).status_code == 409
    assert administrator.client.get("/t/region-a/").status_code == 200
