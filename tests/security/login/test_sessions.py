"""Nobody slips into another's session, and one's own can be ended."""

from __future__ import annotations

import re

from logging_in import COOKIE, EMAIL, PASSWORD, WRONG, actions, change_password, log_in
from samplan.testing.browser import submit
from samplan.testing.site import Person, Site


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
