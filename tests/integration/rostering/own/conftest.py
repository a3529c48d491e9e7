"""A period whose roster has been chosen, a manager, and somebody who is linked to M01."""

from __future__ import annotations

from uuid import UUID

import pytest

from own_pages import START, link
from rostering_pages import make_roster, work
from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.modules.manager import Modules
from samplan.testing.site import Person, Site, build_site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster, RosterPeriod
from samplan_rostering.services.periods.wards import import_ward


@pytest.fixture
def clock() -> FrozenClock:
    """A month and a half before the ward's period."""
    return FrozenClock(START)


@pytest.fixture
def site(database: Database, modules: Modules, clock: FrozenClock) -> Site:
    return build_site(database, modules, clock=clock)


@pytest.fixture
def manager(rostering_site: Site) -> Person:
    return rostering_site.person("ett", "ward_manager")


@pytest.fixture
def period_id(rostering_site: Site, ward: WardData) -> UUID:
    with work(rostering_site) as session:
        return import_ward(session, ward)


@pytest.fixture
def me(rostering_site: Site, period_id: UUID) -> Person:
    """Who signs in as M01."""
    person = rostering_site.person("ett", "employee", name="Åsa Exempel")
    link(rostering_site, period_id, "M01", person)
    return person


@pytest.fixture
def colleague(rostering_site: Site, period_id: UUID) -> Person:
    """Who signs in as M02."""
    person = rostering_site.person("ett", "employee", name="Bo Exempel")
    link(rostering_site, period_id, "M02", person)
    return person


@pytest.fixture
def roster_id(rostering_site: Site, ward: WardData, period_id: UUID) -> UUID:
    """A chosen roster: M01 works Monday by day and Friday night, M02 Tuesday by day."""
    cells = Assignment("M01", 0, "D"), Assignment("M01", 4, "N"), Assignment("M02", 1, "D")
    made = make_roster(rostering_site, ward, period_id, *cells)
    with work(rostering_site) as session:
        session.get_one(Roster, (session.tenant_id, made)).chosen = True
    return made


@pytest.fixture
def published(rostering_site: Site, period_id: UUID, roster_id: UUID) -> UUID:
    """The chosen roster, published."""
    with work(rostering_site) as session:
        session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = "published"
    return roster_id
