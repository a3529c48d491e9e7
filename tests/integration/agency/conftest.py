"""A tenant that calls off hired staff."""

from __future__ import annotations

import pytest

from calloffs import NOW, calling_site
from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.modules.manager import Modules
from samplan.testing.site import Person, Site


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def agency(db: Database, modules: Modules, clock: FrozenClock) -> Site:
    return calling_site(db, modules, clock)


@pytest.fixture
def coordinator(agency: Site) -> Person:
    return agency.person("ett", "staffing_coordinator")
