"""Sessions in PostgreSQL: how they begin, live and end."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, flash, get_flashed_messages, session
from sqlalchemy import func, select, update

from samplan.access.policy import public
from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.identity.models import Account, LoginSession
from samplan.identity.sessions import VISITOR_COOKIE, SessionStore, login_session
from samplan.modules.manager import Modules
from samplan.testing.site import Person, Site, build_site

COOKIE = "samplan_session"
START = datetime(2027, 1, 4, 8, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
def site(database: Database, modules: Modules, clock: FrozenClock) -> Site:
    site = build_site(database, modules, clock=clock)
    site.add_tenant("ett")
    _add_probes(site.app)
    return site


@pytest.fixture
def ada(site: Site) -> Person:
    return site.person("ett", "viewer")


def _add_probes(app: Flask) -> None:
    @app.get("/probe/write/<value>")
    @public
    def write(value: str) -> str:
        session["value"] = value
        flash("noted", "info")
        return value

    @app.get("/probe/read")
    @public
    def read() -> str:
        messages = [tuple(message) for message in get_flashed_messages(with_categories=True)]
        return f"{session.get('account_id')} {session.get('value')} {messages}"

    @app.get("/probe/rotate")
    @public
    def rotate() -> str:
        login_session().rotate()
        return "rotated"


def rows(site: Site) -> list[LoginSession]:
    with site.core.database.system_session() as system:
        return list(system.scalars(select(LoginSession).order_by(LoginSession.created_at)))


def is_signed_in(person: Person) -> bool:
    return person.client.get("/account").status_code == 200


def test_a_session_keeps_what_it_is_told(site: Site, ada: Person) -> None:
    ada.client.get("/probe/write/x")
    assert ada.client.get("/probe/read").text == f"{ada.account_id} x [('info', 'noted')]"
    assert ada.client.get("/probe/read").text == f"{ada.account_id} x []"
    (row,) = rows(site)
    assert row.data == {"value": "x"}, "the account is a column, not data"
    token = ada.client.get_cookie(COOKIE)
    assert token is not None
    assert token.value.encode() not in row.token_hash


def test_visitors_leave_no_rows(site: Site) -> None:
    for _ in range(3):
        visitor = site.client()
        visitor.get("/login")
        visitor.get("/no/such/page")
        visitor.get("/probe/write/x")
        assert visitor.get("/probe/read").text.startswith("None x")
    assert rows(site) == []


def test_a_visitors_cookie_cannot_be_made_up(site: Site) -> None:
    visitor = site.client()
    visitor.get("/probe/write/x")
    cookie = visitor.get_cookie(VISITOR_COOKIE)
    assert cookie is not None
    visitor.set_cookie(VISITOR_COOKIE, "x" + cookie.value)
    assert visitor.get("/probe/read").text.startswith("None None")


def test_an_account_cannot_be_set_through_the_mapping(site: Site) -> None:
    with site.app.test_request_context("/"), pytest.raises(ValueError, match="begin"):
        session["account_id"] = "anything"


def test_a_session_ends_when_it_is_idle(ada: Person, clock: FrozenClock) -> None:
    for _ in range(5):
        clock.advance(timedelta(minutes=29))
        assert is_signed_in(ada), "each request prolongs it"
    clock.advance(timedelta(minutes=30))
    assert not is_signed_in(ada)


def test_a_session_ends_however_busy_it_is(ada: Person, clock: FrozenClock) -> None:
    for _ in range(35):
        clock.advance(timedelta(minutes=20))
        assert is_signed_in(ada)
    clock.advance(timedelta(minutes=20))
    assert not is_signed_in(ada), "after twelve hours"


def test_last_seen_is_written_once_a_minute(site: Site, ada: Person, clock: FrozenClock) -> None:
    clock.advance(timedelta(seconds=59))
    ada.client.get("/account")
    ada.client.get("/account")
    assert rows(site)[0].seen_at - START < timedelta(minutes=1)
    clock.advance(timedelta(seconds=61))
    ada.client.get("/account")
    seen = rows(site)[0].seen_at
    clock.advance(timedelta(seconds=30))
    ada.client.get("/account")
    assert rows(site)[0].seen_at == seen == START + timedelta(minutes=2)


def test_a_revoked_session_is_over_at_once(site: Site, ada: Person) -> None:
    bo = site.person("ett", "viewer")
    assert store(site).revoke(ada.account_id) == 1
    assert not is_signed_in(ada)
    assert is_signed_in(bo)
    assert ada.client.get_cookie(COOKIE) is None, "the useless cookie is taken away"


def test_a_closed_account_is_out_at_once(site: Site, ada: Person) -> None:
    assert is_signed_in(ada)
    with site.core.database.system_session() as system:
        system.execute(update(Account).where(Account.id == ada.account_id).values(active=False))
    assert not is_signed_in(ada)


def test_a_rotated_session_goes_on_under_another_token(site: Site, ada: Person) -> None:
    ada.client.get("/probe/write/x")
    before = ada.client.get_cookie(COOKIE)
    ada.client.get("/probe/rotate")
    after = ada.client.get_cookie(COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert ada.client.get("/probe/read").text.startswith(f"{ada.account_id} x")
    thief = site.client()
    thief.set_cookie(COOKIE, before.value)
    assert thief.get("/probe/read").text.startswith("None None")


def test_starting_a_session_clears_what_has_run_out(site: Site, ada: Person, clock: FrozenClock) -> None:
    assert is_signed_in(ada)
    clock.advance(timedelta(hours=1))
    bo = site.person("ett", "viewer")
    assert [row.account_id for row in rows(site)] == [bo.account_id]


def test_cookies_are_kept_from_scripts_and_other_sites(site: Site, ada: Person) -> None:
    site.app.config["SESSION_COOKIE_SECURE"] = True
    sent = ada.client.get("/probe/rotate", base_url="https://localhost").headers.getlist("Set-Cookie")
    visitors = site.client().get("/login").headers.getlist("Set-Cookie")
    assert len(sent) == len(visitors) == 1
    for cookie in (*sent, *visitors):
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_static_files_and_health_checks_read_no_session(site: Site, ada: Person, clock: FrozenClock) -> None:
    clock.advance(timedelta(minutes=5))
    with ada.client.get("/static/core/logo.svg") as response:
        assert response.status_code == 200
    ada.client.get("/livez")
    assert rows(site)[0].seen_at == START


def store(site: Site) -> SessionStore:
    return site.app.session_interface.store  # type: ignore[attr-defined] # it is ours


def test_the_table_is_closed_to_tenants(site: Site, ada: Person) -> None:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as tenant_session:
        assert tenant_session.scalar(select(func.count()).select_from(LoginSession)) == 0
        assert tenant_session.scalar(select(func.count()).select_from(Account)) == 0
    assert len(rows(site)) == 1
