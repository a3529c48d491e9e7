"""Signing in: nobody learns who has an account, guesses without end, or slips into another's session."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from samplan.audit.models import AuditEntry
from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.identity import passwords
from samplan.identity.models import Account, LoginSession
from samplan.identity.service import add_member, create_account, find_account, find_member, set_active
from samplan.modules.manager import Modules
from samplan.testing.browser import csrf_token, submit
from samplan.testing.site import Person, Site, build_site

COOKIE = "samplan_session"
PASSWORD, WRONG = "hästsko brygga lampa", "fel fel fel fel fel"
EMAIL = "ada@example.test"
START = datetime(2027, 1, 4, 8, tzinfo=UTC)
CHANGING = re.compile(
    r'(csrf_token"[^>]*value=|nonce=|X-CSRFToken": )"[^"]*"|name="email"[^>]*>|<code>\w+</code>'
)


class CountingHasher(PasswordHasher):
    """Counts how many passwords were verified."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the name of the base
        self.verified += 1
        return super().verify(hash, password)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    hasher = CountingHasher()
    monkeypatch.setattr(passwords, "HASHER", hasher)
    return hasher


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
def site(
    database: Database, modules: Modules, redis_url: str, hasher: CountingHasher, clock: FrozenClock
) -> Site:
    site = build_site(database, modules, redis_url=redis_url, clock=clock)
    site.app.config["WTF_CSRF_ENABLED"] = True
    site.add_tenant("ett")
    return site


@pytest.fixture
def ada(site: Site) -> Person:
    """Give somebody with a password, who has not signed in yet."""
    person = site.person("ett", "administrator", name="Ada Prov")
    change(site, person, email=EMAIL, password_hash=passwords.hash_password(PASSWORD))
    person.client.delete_cookie(COOKIE)
    with site.core.database.system_session() as system:
        system.execute(delete(LoginSession))
    return person


def change(site: Site, person: Person, **values: object) -> None:
    with site.core.database.system_session() as system:
        system.execute(update(Account).where(Account.id == person.account_id).values(**values))


def log_in(site: Site, email: str = EMAIL, password: str = PASSWORD, **more: str) -> TestResponse:
    return submit(site.client(), "/login", email=email, password=password, **more)


def actions(site: Site, tenant: str = "ett") -> list[str]:
    with site.core.database.unit_of_work(site.tenants[tenant].id) as session:
        query = select(AuditEntry.action).where(AuditEntry.action.startswith("login."))
        return list(session.scalars(query.order_by(AuditEntry.sequence)))


def test_the_right_password_lets_in(site: Site, ada: Person) -> None:
    client = ada.client
    response = submit(client, "/login", email=" ADA@example.test", password=PASSWORD)
    assert (response.status_code, response.location) == (302, "/")
    assert client.get("/").location == "/t/ett/", "the only tenant is entered at once"
    assert client.get("/t/ett/").status_code == 200
    assert actions(site) == ["login.succeeded"]


def test_all_refusals_look_and_cost_the_same(site: Site, ada: Person, hasher: CountingHasher) -> None:
    nobody = site.person("ett", "viewer")  # an account without a password
    closed = site.person("ett", "viewer")
    late = site.person("ett", "viewer")
    hashed = passwords.hash_password(PASSWORD)
    change(site, nobody, email="none@example.test")
    change(site, closed, email="closed@example.test", password_hash=hashed, active=False)
    change(site, late, email="late@example.test", password_hash=hashed, one_time_until=START)
    seen = set()
    for email, password in [
        (EMAIL, WRONG),
        ("unknown@example.test", PASSWORD),
        ("none@example.test", PASSWORD),
        ("closed@example.test", PASSWORD),
        ("late@example.test", PASSWORD),
    ]:
        hasher.verified = 0
        response = log_in(site, email, password)
        headers = {
            name for name, _value in response.headers if name not in {"Content-Length", "X-Request-ID"}
        }
        text = CHANGING.sub("", response.text)
        seen.add((response.status_code, hasher.verified, text, tuple(sorted(headers))))
    assert len(seen) == 1
    status, verified, text, _headers = seen.pop()
    assert (status, verified) == (422, 1)
    assert "lösenord" in text.lower() or "password" in text.lower()


def test_failures_of_known_accounts_are_recorded_where_they_belong(site: Site, ada: Person) -> None:
    site.add_tenant("annat")
    log_in(site, EMAIL, WRONG)
    log_in(site, "unknown@example.test", WRONG)
    assert actions(site) == ["login.failed"]
    assert actions(site, "annat") == []


def test_a_failure_is_recorded_after_the_answer(site: Site, ada: Person) -> None:
    client = site.client()
    fields = {"email": EMAIL, "password": WRONG, "csrf_token": csrf_token(client)}
    response = client.post("/login", data=fields)
    assert response.status_code == 422
    assert actions(site) == [], "until then the work is the same as for an unknown account"
    response.close()
    assert actions(site) == ["login.failed"]


def test_signing_in_gives_a_new_token(site: Site, ada: Person) -> None:
    """Session fixation: what the browser had before is worth nothing afterwards."""
    attacker = site.person("ett", "viewer")
    planted = attacker.client.get_cookie(COOKIE)
    assert planted is not None
    victim = site.client()
    victim.set_cookie(COOKIE, planted.value)
    submit(victim, "/account", "/logout")
    victim.set_cookie(COOKIE, planted.value)
    before = csrf_token(victim)
    submit(victim, "/login", email=EMAIL, password=PASSWORD)
    token = victim.get_cookie(COOKIE)
    assert token is not None
    assert token.value != planted.value
    assert EMAIL in victim.get("/account").text
    assert csrf_token(victim, "/account") != before
    thief = site.client()
    thief.set_cookie(COOKIE, planted.value)
    assert thief.get("/account").status_code == 302


def test_guessing_is_slowed_down(site: Site, ada: Person, hasher: CountingHasher) -> None:
    answers = [log_in(site, EMAIL, WRONG) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 300
    hasher.verified = 0
    assert log_in(site, EMAIL, PASSWORD).status_code == 429, "the right password does not help now"
    assert hasher.verified == 0, "and nothing is computed for it"
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    client = site.client()
    client.environ_base.update(elsewhere)
    assert submit(client, "/login", email="bo@example.test", password=WRONG).status_code == 422


@pytest.mark.parametrize(
    "path", ["/login", "/logout", "/language", "/account/password", "/account/sessions/end"]
)
def test_forms_of_other_sites_are_refused(site: Site, ada: Person, path: str) -> None:
    client = site.client(ada.account_id)
    other = csrf_token(site.client())
    for fields in ({}, {"csrf_token": "made up"}, {"csrf_token": other}):
        response = client.post(path, data={"email": EMAIL, "password": PASSWORD, "locale": "en_GB", **fields})
        assert response.status_code == 400
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_login_leads_to_no_other_site(site: Site, ada: Person, target: str) -> None:
    assert log_in(site, next=target).location == "/"
    assert log_in(site, next="/t/ett/members").location == "/t/ett/members"


def test_a_page_that_needs_signing_in_is_come_back_to(site: Site, ada: Person) -> None:
    response = ada.client.get("/t/ett/members?x=1")
    assert response.location == "/login?next=/t/ett/members?x%3D1"
    page = ada.client.get(response.location)
    assert 'value="/t/ett/members?x=1"' in page.text


def test_a_one_time_password_must_be_changed(site: Site, ada: Person, clock: FrozenClock) -> None:
    change(site, ada, one_time_until=START + timedelta(days=7))
    submit(ada.client, "/login", email=EMAIL, password=PASSWORD)
    for path in ("/", "/t/ett/", "/t/ett/members"):
        assert ada.client.get(path).location == "/account"
    assert ada.client.get("/api/v1/t/ett/jobs").status_code == 403
    weak = change_password(ada, PASSWORD, "Lösenord2026!")
    same = change_password(ada, PASSWORD, PASSWORD)
    assert (weak.status_code, same.status_code) == (422, 422)
    assert change_password(ada, PASSWORD, "båt ö sol träd").status_code == 302
    assert ada.client.get("/t/ett/").status_code == 200


def test_a_changed_password_ends_all_other_sessions(site: Site, ada: Person) -> None:
    here, there = site.client(ada.account_id), site.client(ada.account_id)
    before = here.get_cookie(COOKIE)
    wrong = change_password(Person(ada.account_id, ada.membership_id, here), WRONG, "båt ö sol träd")
    assert wrong.status_code == 422
    assert there.get("/account").status_code == 200
    changed = change_password(Person(ada.account_id, ada.membership_id, here), PASSWORD, "båt ö sol träd")
    after = here.get_cookie(COOKIE)
    assert changed.status_code == 302
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    assert log_in(site, EMAIL, PASSWORD).status_code == 422
    assert log_in(site, EMAIL, "båt ö sol träd").status_code == 302


def change_password(person: Person, current: str, new: str) -> TestResponse:
    return submit(person.client, "/account", "/account/password", current=current, password=new, repeated=new)


def test_sessions_are_listed_and_ended(site: Site, ada: Person) -> None:
    here = site.client(ada.account_id)
    there = site.client(ada.account_id)
    stranger = site.person("ett", "viewer")
    page = here.get("/account").text
    (other,) = re.findall(r'name="session" value="([^"]+)"', page)
    submit(stranger.client, "/account", "/account/sessions/end", session=other)
    assert there.get("/account").status_code == 200, "only one's own"
    submit(here, "/account", "/account/sessions/end", session=other)
    assert there.get("/account").status_code == 302
    third = site.client(ada.account_id)
    submit(here, "/account", "/account/sessions/end")
    assert third.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
    assert stranger.client.get("/account").status_code == 200


def test_logging_out_ends_the_session_itself(site: Site, ada: Person) -> None:
    client = site.client(ada.account_id)
    cookie = client.get_cookie(COOKIE)
    assert submit(client, "/account", "/logout").location == "/login"
    assert cookie is not None
    client.set_cookie(COOKIE, cookie.value)
    assert client.get("/account").status_code == 302
    assert actions(site) == ["login.ended"]


def test_old_hashes_are_renewed(site: Site, ada: Person) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    change(site, ada, password_hash=old)
    assert log_in(site).status_code == 302
    with site.core.database.system_session() as system:
        account = find_account(system, EMAIL)
    assert account is not None
    assert account.password_hash not in {None, old}
    assert log_in(site).status_code == 302


def test_a_user_of_several_tenants_picks_one(site: Site, ada: Person) -> None:
    site.add_tenant("annat")
    with site.core.database.unit_of_work(site.tenants["annat"].id) as session:
        member = add_member(session, ada.account_id, "Ada Prov", EMAIL, ["viewer"])
        member_id = member.id
    client = site.client(ada.account_id)
    page = client.get("/")
    assert page.status_code == 200
    assert 'href="/t/ett/"' in page.text
    assert 'href="/t/annat/"' in page.text
    assert client.get("/t/annat/").status_code == 200
    assert client.get("/t/annat/members").status_code == 403, "the roles of one do not count in the other"
    assert client.get("/t/ett/members").status_code == 200
    with site.core.database.unit_of_work(site.tenants["annat"].id) as session:
        set_active(session, find_member(session, member_id), active=False)
    assert client.get("/t/annat/").status_code == 404
    assert client.get("/").location == "/t/ett/"


def test_the_operator_sees_no_tenants_rows(site: Site, ada: Person) -> None:
    with site.core.database.system_session() as system:
        operator = create_account(system, "drift@example.test", None, operator=True)
    client = site.client(operator.id)
    assert client.get("/").location == "/operator/"
    page = client.get("/operator/")
    assert page.status_code == 200
    assert "/t/ett/" in page.text
    assert "Ada" not in page.text
    for path in ("/t/ett/", "/t/ett/members", "/t/ett/audit", "/t/none/"):
        assert client.get(path).status_code == 404
    assert site.client(ada.account_id).get("/operator/").status_code == 404
    assert site.client().get("/operator/").status_code == 302


def test_the_language_is_kept_with_the_account(site: Site, ada: Person) -> None:
    assert 'lang="sv-SE"' in ada.client.get("/login").text
    submit(ada.client, "/login", "/language", locale="en_GB", next="/login")
    assert 'lang="en-GB"' in ada.client.get("/login").text
    submit(ada.client, "/login", email=EMAIL, password=PASSWORD)
    assert 'lang="en-GB"' in ada.client.get("/account").text
    submit(ada.client, "/account", "/language", locale="sv_SE")
    submit(ada.client, "/account", "/language", locale="xx")
    other = site.client()
    submit(other, "/login", email=EMAIL, password=PASSWORD)
    assert 'lang="sv-SE"' in other.get("/account").text
