"""What employees have done on pages of their own is in their extract, and goes when they are erased."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import func, select

from own_pages import OPEN, OWN, employee_id
from rostering_pages import BASE, work
from samplan.modules.contributions import RetentionPolicy, SubjectRef
from samplan.testing.site import Person, Site
from samplan_rostering.models import AbsenceRequest, RosterPeriod, Swap, Wish, WishAnswer
from samplan_rostering.queries.extract.person import export_person
from samplan_rostering.services.erasure.person import erase_person

ME = SubjectRef(reference="M01")


@pytest.fixture
def active(rostering_site: Site, period_id: UUID, roster_id: UUID, me: Person, manager: Person) -> None:
    """M01 has wished, asked for leave and proposed a swap."""
    manager.client.post(f"{BASE}/periods/{period_id}/wishes", data=OPEN)
    wished = {"on": "2027-01-19", "kind": "veto", "points": 1}
    assert me.client.post(f"{OWN}/wishes/{period_id}", data=wished).status_code == 303
    away = {"first": "2027-01-25", "last": "2027-01-26", "kind": "leave"}
    assert me.client.post(f"{OWN}/absences", data=away).status_code == 303
    other = employee_id(rostering_site, "M02")
    with work(rostering_site) as session:
        session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = "published"
    swap = {"period_id": period_id, "given_on": "2027-01-04", "taker_id": other, "taken_on": "2027-01-05"}
    assert me.client.post(f"{OWN}/swaps", data=swap).status_code == 303


def test_it_is_in_the_extract_and_is_erased(rostering_site: Site, period_id: UUID, active: None) -> None:
    with work(rostering_site) as session:
        parts = {part.name: len(part.rows) for part in export_person(session, ME)}
        assert (parts["wish"], parts["wish_answer"], parts["rule_setting"]) == (2, 1, 1)
        assert (parts["absence_request"], parts["swap"]) == (1, 1)
        report = erase_person(session, RetentionPolicy(subject=ME, dry_run=False))
        own = ("wish_answer", "absence_request", "swap")
        assert [report.rows[f"rostering.{name}"] for name in own] == [1, 1, 1]
        assert set(report.rows) <= set(report.labels)
        for model in (WishAnswer, AbsenceRequest, Swap):
            assert session.scalar(select(func.count()).select_from(model)) == 0
        mine = select(func.count()).select_from(Wish).where(Wish.points == 100)
        assert session.scalar(mine) == 0
