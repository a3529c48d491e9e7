"""Somebody who makes rosters, a period, and a roster with a breach."""

from __future__ import annotations

from uuid import UUID

import pytest

from rostering_pages import make_roster, work
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.services.periods.wards import import_ward


@pytest.fixture
def scheduler(rostering_site: Site) -> Person:
    return rostering_site.person("ett", "scheduler")


@pytest.fixture
def period_id(rostering_site: Site, ward: WardData) -> UUID:
    with work(rostering_site) as session:
        return import_ward(session, ward)


@pytest.fixture
def roster_id(rostering_site: Site, ward: WardData, period_id: UUID) -> UUID:
    """A roster in which M01 works two days, one of them while absent."""
    cells = Assignment("M01", 0, "D"), Assignment("M01", 7, "D"), Assignment("M03", 3, "D")
    return make_roster(rostering_site, ward, period_id, *cells)
