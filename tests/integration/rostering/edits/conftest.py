"""A period with a roster, and somebody who changes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

import pytest

from rostering_edits import NOW, Change
from rostering_pages import make_roster, work
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import RosterPeriod
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.cells import Wanted
from samplan_rostering.services.rosters.edits import Edited, Editor, edit_roster


@pytest.fixture
def period_id(rostering_site: Site, ward: WardData) -> UUID:
    with work(rostering_site) as session:
        return import_ward(session, ward)


@pytest.fixture
def roster_id(rostering_site: Site, ward: WardData, period_id: UUID) -> UUID:
    """M01 and M03 work a day each; M03's is locked."""
    return make_roster(rostering_site, ward, period_id, Assignment("M01", 0, "D"), Assignment("M03", 3, "D"))


@pytest.fixture
def scheduler(rostering_site: Site) -> Person:
    return rostering_site.person("ett", "scheduler", name="Schemaläggare Ett")


@pytest.fixture
def change(rostering_site: Site, roster_id: UUID, scheduler: Person) -> Change:
    """Change cells as the scheduler, given as (employee, day of January, shift[, locked])."""

    def make(version: int, *cells: tuple[object, ...], reason: str = "", now: datetime = NOW) -> Edited:
        wanted = [Wanted(code, date(2027, 1, day), *rest) for code, day, *rest in cells]  # type: ignore[arg-type, misc]
        with work(rostering_site) as session:
            editor = Editor(scheduler.account_id, now, version, reason)
            return edit_roster(session, roster_id, editor, wanted)

    return make


@pytest.fixture
def set_state(rostering_site: Site, period_id: UUID) -> Callable[[str], None]:
    """Give the period a state."""

    def put(state: str) -> None:
        with work(rostering_site) as session:
            session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = state

    return put
