"""A tenant with somebody who has a password and has not signed in yet."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

from logging_in import COOKIE, EMAIL, PASSWORD, START, CountingHasher, change
from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.identity import passwords
from samplan.identity.models import LoginSession
from samplan.modules.manager import Modules
from samplan.testing.site import Person, Site, build_site


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
