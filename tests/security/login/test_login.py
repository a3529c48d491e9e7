"""Signing in: nobody learns who has an account, or guesses without end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from logging_in import (
    COOKIE,
    EMAIL,
    PASSWORD,
    START,
    WRONG,
    CountingHasher,
    actions,
    change,
    change_password,
    log_in,
)
from samplan.clock import FrozenClock
from samplan.identity import passwords
from samplan.identity.service import add_member, create_account, find_account, find_member, set_active
from samplan.testing.browser import csrf_token, submit
from samplan.testing.site import Person, Site

CHANGING = re.compile(
    r'(csrf_token"[^>]*value=|nonce=|X-CSRFToken": )"[^"]*"|name="email"[^>]*>|<code>\w+</code>'
)


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
