"""The pages of mail and webhooks: who may, what is refused, and what is shown once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NoReturn
from uuid import UUID

import pytest
from sqlalchemy import select

from notices import KEY
from notices_bench import LOOPBACK, PAYLOAD
from samplan.audit.models import AuditEntry
from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.identity.models import Account
from samplan.ids import new_id
from samplan.modules.contributions import SubjectRef
from samplan.modules.manager import Modules
from samplan.notices.models import Mail, WebhookEndpoint
from samplan.notices.service import notify
from samplan.privacy.own import export_member
from samplan.testing.site import Person, Site, build_site
from samplan_rostering.events import PUBLISHED

SECRET = re.compile(r'id="webhook-secret">(whsec_[^<]+)<')
FIELDS = {"name": "Löner", "url": "https://hooks.example.org/samplan?to=1", "events": [PUBLISHED.name]}


@pytest.fixture
def site(database: Database, modules: Modules, clock: FrozenClock) -> Site:
    site = build_site(database, modules, clock=clock)
    settings = replace(site.core.settings, webhook_key=KEY, webhook_networks=LOOPBACK)
    site.core = site.app.extensions["samplan"] = replace(site.core, settings=settings)
    for slug in ("ett", "annat"):
        site.add_tenant(slug, ("rostering",))
    site.app.register_error_handler(Exception, unexpected)
    return site


def unexpected(error: Exception) -> NoReturn:
    """Let a bug fail the test with its traceback, not with a page about it."""
    raise error


@pytest.fixture
def boss(site: Site) -> Person:
    return site.person("ett", "administrator", name="Ada Chef")


def endpoint(site: Site) -> WebhookEndpoint:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        return session.scalars(select(WebhookEndpoint)).one()


def mail_of(site: Site, account: UUID) -> Mail:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        return session.scalars(select(Mail).where(Mail.account_id == account)).one()


def test_a_webhook_is_added_and_its_secret_shown_once(site: Site, boss: Person) -> None:
    added = boss.client.post("/t/ett/webhooks", data=FIELDS)
    assert added.status_code == 200
    secret = SECRET.search(added.text)
    assert secret is not None
    row = endpoint(site)
    for page in ("/t/ett/webhooks", f"/t/ett/webhooks/{row.id}"):
        shown = boss.client.get(page).text
        assert "Löner" in shown
        assert "whsec_" not in shown
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "webhook.added")).one()
    assert entry.after is not None
    assert entry.after["host"] == "hooks.example.org"
    assert "to=1" not in str(entry.after), "an address may hold a secret"
    rotated = boss.client.post(f"/t/ett/webhooks/{row.id}/secret", data={"version": 1})
    again = SECRET.search(rotated.text)
    assert again is not None
    assert again[1] != secret[1]


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"url": "http://hooks.example.org/"}, "måste börja med https://"),
    ({"url": "https://10.0.0.5/hook"}, "privat nät"),
    ({"url": "https://[fd00::1]/hook"}, "privat nät"),
    ({"url": "https://localhost/hook"}, "privat nät"),
    ({"url": "https://a:b@hooks.example.org/"}, "varken innehålla en användare"),
    ({"url": "hooks"}, "ingen adress"),
    ({"events": ["rostering.roster.eaten"]}, "Det finns ingen händelse rostering.roster.eaten"),
    ({"events": ["core.webhook.tried"]}, "Det finns ingen händelse"),
    ({"events": []}, "Välj minst en händelse"),
    ({"name": " "}, "namn"),
]


def test_what_may_not_be_is_refused_with_what_was_expected(site: Site, boss: Person) -> None:
    for fields, told in REFUSED:
        answer = boss.client.post("/t/ett/webhooks", data={**FIELDS, **fields})
        assert (answer.status_code, told in answer.text) == (422, True), fields
    assert boss.client.get("/t/ett/webhooks").text.count("/t/ett/webhooks/") == 0


def test_an_old_page_changes_nothing_and_another_tenant_finds_nothing(site: Site, boss: Person) -> None:
    boss.client.post("/t/ett/webhooks", data=FIELDS)
    row = endpoint(site)
    page = f"/t/ett/webhooks/{row.id}"
    changed = {**FIELDS, "name": "Bemanning", "version": row.version}
    assert boss.client.post(page, data=changed).status_code == 302
    stale = boss.client.post(page, data={**changed, "name": "Löner"})
    assert stale.status_code == 409
    assert 'value="Bemanning"' in stale.text
    for step, extra in (("active", {"active": "0"}), ("secret", {}), ("remove", {})):
        assert boss.client.post(f"{page}/{step}", data={"version": 1, **extra}).status_code == 409
    assert endpoint(site).active
    stranger = site.person("annat", "administrator").client
    for step in ("", "/active", "/secret", "/remove", "/try"):
        other = f"/t/annat/webhooks/{row.id}{step}"
        assert stranger.post(other, data={**changed, "version": 2}).status_code == 404
    assert boss.client.post(f"{page}/deliveries/{new_id()}/again").status_code == 404
    assert boss.client.post(f"{page}/remove", data={"version": 2}).status_code == 302
    assert boss.client.get(page).status_code == 404


def test_without_a_key_the_page_says_so(site: Site, boss: Person) -> None:
    settings = replace(site.core.settings, webhook_key="")
    site.app.extensions["samplan"] = replace(site.core, settings=settings)
    assert "Webhooks är inte inställda" in boss.client.get("/t/ett/webhooks").text
    assert boss.client.post("/t/ett/webhooks", data=FIELDS).status_code == 409


def test_mail_is_listed_and_sent_again_and_the_page_says_that_it_waits(site: Site, boss: Person) -> None:
    anna = site.person("ett", "employee", name="Anna Prov")
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        notify(session, PUBLISHED, PAYLOAD, now=site.core.clock.now(), mail_to=[anna.account_id])
    listed = boss.client.get("/t/ett/mail").text
    assert "Ingen e-postserver är inställd" in listed
    assert "Anna Prov" in listed
    assert "Schema publicerat" in listed
    assert anna.client.get("/t/ett/mail").status_code == 403
    mail = mail_of(site, anna.account_id)
    again = f"/t/ett/mail/{mail.id}/again"
    assert boss.client.post(again, follow_redirects=True).text.count("skickat eller på väg") == 1
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        row = session.get_one(Mail, (session.tenant_id, mail.id))
        row.status, row.tries, row.reason = "failed", 10, "refused 550"
    assert "tog inte emot det (550)" in boss.client.get("/t/ett/mail?status=failed").text
    assert boss.client.post(again).status_code == 302
    assert (mail_of(site, anna.account_id).status, mail_of(site, anna.account_id).tries) == ("queued", 0)
    stranger = site.person("annat", "administrator").client
    assert stranger.post(f"/t/annat/mail/{mail.id}/again").status_code == 404


def test_a_person_switches_mail_off_and_takes_what_is_kept_along(site: Site) -> None:
    anna = site.person("ett", "employee", name="Anna Prov")
    assert "Stäng av e-post" in anna.client.get("/account").text
    anna.client.post("/account/mail", data={"mail": "0"})
    with site.core.database.system_session() as system:
        assert not system.get_one(Account, anna.account_id).mail
    assert "Slå på e-post" in anna.client.get("/account").text
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        notify(session, PUBLISHED, PAYLOAD, now=site.core.clock.now(), mail_to=[anna.account_id])
        parts = {part.name: part.rows for part in export_member(session, SubjectRef(anna.account_id))}
    assert [row["type"] for row in parts["mail"]] == [PUBLISHED.name]
