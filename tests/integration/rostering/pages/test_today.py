"""What is today for a page: the date where the region is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rostering_pages import BASE
from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.modules.manager import Modules
from samplan.testing.site import Person, Site, build_site


@pytest.fixture
def clock() -> FrozenClock:
    """Five minutes before midnight in Sweden, in summer."""
    return FrozenClock(datetime(2027, 5, 31, 21, 55, tzinfo=UTC))


@pytest.fixture
def site(database: Database, modules: Modules, clock: FrozenClock) -> Site:
    return build_site(database, modules, clock=clock)


def test_a_new_day_begins_at_midnight_in_the_region(scheduler: Person, clock: FrozenClock) -> None:
    url = f"{BASE}/figures"
    assert "2027-08-31" in scheduler.client.get(url).text, "the last date suggested is 92 days ahead"
    clock.advance(timedelta(minutes=10))
    assert "2027-09-01" in scheduler.client.get(url).text
