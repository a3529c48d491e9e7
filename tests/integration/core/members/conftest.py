"""Two tenants, a clock that stands, and somebody who administers the first."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from members import START
from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.identity import passwords
from samplan.modules.manager import Modules
from samplan.testing.site import Person, Site, build_site


@pytest.fixture(autouse=True)
def quick_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(START)


@pytest.fixture
def site(database: Database, modules: Modules, clock: FrozenClock, redis_url: str) -> Site:
    site = build_site(database, modules, clock=clock, redis_url=redis_url)
    site.app.config["WTF_CSRF_ENABLED"] = True
    site.add_tenant("ett")
    site.add_tenant("annat")
    return site


@pytest.fixture
def boss(site: Site) -> Person:
    return site.person("ett", "administrator", name="Ada Chef")
