"""Rosters on paper: tagged, in Swedish, marked as a draft until they are published."""

from __future__ import annotations

import time
from uuid import UUID

import pytest

from rostering_pages import BASE
from samplan.testing.site import Person, Site


@pytest.mark.parametrize("layout", ["grid", "people", "weeks"])
def test_a_roster_is_a_tagged_swedish_document(scheduler: Person, roster_id: UUID, layout: str) -> None:
    answer = scheduler.client.get(f"{BASE}/rosters/{roster_id}/{layout}.pdf")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    content = answer.data
    assert content.startswith(b"%PDF-")
    for sign in (b"StructTreeRoot", b"/Lang(sv", b"pdfuaid"):
        assert sign in content, sign


def test_an_unknown_layout_and_roster_are_not_found(
    rostering_site: Site, scheduler: Person, roster_id: UUID, period_id: UUID
) -> None:
    assert scheduler.client.get(f"{BASE}/rosters/{roster_id}/poster.pdf").status_code == 404
    assert scheduler.client.get(f"{BASE}/rosters/{period_id}/grid.pdf").status_code == 404
    other = rostering_site.person("annat", "administrator").client
    assert other.get(f"/t/annat/rostering/rosters/{roster_id}/grid.pdf").status_code == 404


def test_a_document_is_made_within_the_request(scheduler: Person, roster_id: UUID) -> None:
    scheduler.client.get(f"{BASE}/rosters/{roster_id}/grid.pdf")
    begin = time.process_time()  # of this process: the machine may be busy with others
    scheduler.client.get(f"{BASE}/rosters/{roster_id}/grid.pdf")
    assert time.process_time() - begin < 5
