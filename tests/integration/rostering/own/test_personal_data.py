"""What employees have done on pages of their own is in their extract, and goes when they are erased."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import func, select

from own_pages import OPEN, OWN
from rostering_pages import BASE, work
from samplan.modules.contributions import RetentionPolicy, SubjectRef
from samplan.testing.site import Person, Site
from samplan_rostering.models import Wish, WishAnswer
from samplan_rostering.queries.extract import export_person
from samplan_rostering.services.erasure import erase_person

ME = SubjectRef(reference="M01")


@pytest.fixture
def active(period_id: UUID, me: Person, manager: Person) -> None:
    """M01 has wished in person."""
    manager.client.post(f"{BASE}/periods/{period_id}/wishes", data=OPEN)
    wished = {"on": "2027-01-19", "kind": "veto", "points": 1}
    assert me.client.post(f"{OWN}/wishes/{period_id}", data=wished).status_code == 303


def test_it_is_in_the_extract_and_is_erased(rostering_site: Site, period_id: UUID, active: None) -> None:
    with work(rostering_site) as session:
        parts = {part.name: len(part.rows) for part in export_person(session, ME)}
        assert (parts["wish"], parts["wish_answer"], parts["rule_setting"]) == (2, 1, 1)
        report = erase_person(session, RetentionPolicy(subject=ME, dry_run=False))
        assert report.rows["rostering.wish_answer"] == 1
        assert set(report.rows) <= set(report.labels)
        assert session.scalar(select(func.count()).select_from(WishAnswer)) == 0
        mine = select(func.count()).select_from(Wish).where(Wish.points == 100)
        assert session.scalar(mine) == 0
