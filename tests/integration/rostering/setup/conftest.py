"""A region with a ward and its period, and who may set it up."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from rostering_pages import work
from samplan.testing.site import Person, Site
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import RosterPeriod
from samplan_rostering.services.periods.wards import import_ward


@pytest.fixture
def manager(rostering_site: Site) -> Person:
    return rostering_site.person("ett", "ward_manager")


@pytest.fixture
def scheduler(rostering_site: Site) -> Person:
    return rostering_site.person("ett", "scheduler")


@pytest.fixture
def period_id(rostering_site: Site, ward: WardData) -> UUID:
    with work(rostering_site) as session:
        return import_ward(session, ward)


@pytest.fixture
def ward_id(rostering_site: Site, period_id: UUID) -> UUID:
    with work(rostering_site) as session:
        found: UUID = session.scalars(select(RosterPeriod.ward_id).where(RosterPeriod.id == period_id)).one()
        return found
