"""The pages of consultation and publication: who may do what, and what is answered to the rest."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from rostering_pages import BASE, work
from samplan.testing.site import Person, Site
from samplan_rostering.models import PeriodComment, Publication, RosterPeriod

WHY = "Ledigheten är flyttad, enligt överenskommelse."


@pytest.fixture
def manager(rostering_site: Site) -> Person:
    return rostering_site.person("ett", "ward_manager", name="Chef Exempel")


@pytest.fixture
def employee(rostering_site: Site) -> Person:
    return rostering_site.person("ett", "employee", name="Åsa Exempel")


def mark(person: Person, period_id: UUID) -> str:
    page = person.client.get(f"{BASE}/periods/{period_id}/publication").text
    found = re.search(r'name="[a-z]+-seen"[^>]*value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def take(
    person: Person, period_id: UUID, step: str, seen: str | None = None, **words: str
) -> tuple[int, str]:
    """Take a step from the page as it is now, or as it was at `seen`."""
    data = {f"{step}-{name}": value for name, value in words.items()}
    data[f"{step}-seen"] = seen or mark(person, period_id)
    answer = person.client.post(f"{BASE}/periods/{period_id}/publication/{step}", data=data)
    return answer.status_code, answer.text


def state(site: Site) -> str:
    with work(site) as session:
        return session.scalars(select(RosterPeriod)).one().state


def test_two_roles_take_a_period_from_draft_to_published(
    rostering_site: Site,
    scheduler: Person,
    manager: Person,
    employee: Person,
    period_id: UUID,
    roster_id: UUID,
) -> None:
    assert take(scheduler, period_id, "consult", roster=str(roster_id), comment="Titta gärna.")[0] == 303
    said = employee.client.post(
        f"{BASE}/periods/{period_id}/consultation", data={"text": "Jag önskar byta.", "speaks_for": "self"}
    )
    assert said.status_code == 303
    told = scheduler.client.get(f"{BASE}/periods/{period_id}/consultation").text
    assert "Jag önskar byta." in told
    assert "Åsa Exempel" in told

    status, page = take(manager, period_id, "decide")
    assert (status, "godta det och ange varför" in page) == (422, True)
    assert take(manager, period_id, "decide", accepts="y", comment=WHY)[0] == 303
    draft = f"{BASE}/rosters/{roster_id}/grid.pdf"
    assert draft in manager.client.get(f"{BASE}/periods/{period_id}/publication").text
    status, page = take(manager, period_id, "publish", comment=WHY)
    assert status == 303
    page = manager.client.get(f"{BASE}/periods/{period_id}/publication").text
    for text in ("Chef Exempel", WHY, "Publicering 1", "I tid", "det publicerade gäller"):
        assert text in page, text
    with work(rostering_site) as session:
        found = session.scalars(select(Publication)).one()
    assert (draft in page, f"{BASE}/publications/{found.id}/grid.pdf" in page) == (False, True)
    frozen = employee.client.get(f"{BASE}/publications/{found.id}")
    assert frozen.status_code == 200
    assert found.sha256 in frozen.text
    assert "Åsa Exempel" in frozen.text
    assert f"{BASE}/periods/{period_id}/publication" in frozen.text


def test_who_may_not_gets_no_form_and_is_refused(
    rostering_site: Site, scheduler: Person, employee: Person, period_id: UUID, roster_id: UUID
) -> None:
    url = f"{BASE}/periods/{period_id}/publication"
    assert "consult-seen" in scheduler.client.get(url).text
    assert "publish-seen" not in scheduler.client.get(url).text
    assert "-seen" not in employee.client.get(url).text
    viewer = rostering_site.person("ett", "viewer")
    assert viewer.client.get(url).status_code == 200
    for step in ("consult", "withdraw"):
        assert employee.client.post(f"{url}/{step}").status_code == 403
    for step in ("decide", "publish", "reopen"):
        assert scheduler.client.post(f"{url}/{step}").status_code == 403
    assert viewer.client.get(f"{BASE}/periods/{period_id}/consultation").status_code == 403
    assert state(rostering_site) == "draft"


def test_what_is_done_from_an_old_page_is_answered_with_the_new_one(
    rostering_site: Site, scheduler: Person, period_id: UUID, roster_id: UUID
) -> None:
    old = mark(scheduler, period_id)
    assert take(scheduler, period_id, "consult", roster=str(roster_id))[0] == 303
    status, page = take(scheduler, period_id, "consult", old, roster=str(roster_id))
    assert (status, "Någon annan har varit här" in page) == (409, True)
    assert mark(scheduler, period_id) in page, "from here one may go on"
    assert state(rostering_site) == "consultation"


def test_bad_input_is_told_and_changes_nothing(
    rostering_site: Site,
    scheduler: Person,
    manager: Person,
    employee: Person,
    period_id: UUID,
    roster_id: UUID,
) -> None:
    for wrong in ({}, {"roster": ""}, {"roster": str(uuid4())}, {"roster": "x"}):
        assert take(scheduler, period_id, "consult", **wrong)[0] == 422, wrong
    long = take(scheduler, period_id, "consult", roster=str(roster_id), comment="x" * 2001)
    assert long[0] == 422
    url = f"{BASE}/periods/{period_id}/publication/consult"
    assert scheduler.client.post(url, data={"consult-roster": str(roster_id)}).status_code == 422
    assert state(rostering_site) == "draft"
    comments = f"{BASE}/periods/{period_id}/consultation"
    assert employee.client.post(comments, data={"text": "Hej", "speaks_for": "self"}).status_code == 409
    take(scheduler, period_id, "consult", roster=str(roster_id))
    for bad in ({"text": ""}, {"text": "x" * 2001}, {"text": "Hej", "speaks_for": "employer"}):
        assert employee.client.post(comments, data={"speaks_for": "self", **bad}).status_code == 422, bad
    assert manager.client.post(comments, data={"text": "Svar", "speaks_for": "employer"}).status_code == 303
    with work(rostering_site) as session:
        assert session.scalars(select(PeriodComment.speaks_for)).all() == ["employer"]


def test_nobody_of_another_region_finds_anything(
    rostering_site: Site, scheduler: Person, manager: Person, period_id: UUID, roster_id: UUID
) -> None:
    take(scheduler, period_id, "consult", roster=str(roster_id))
    take(manager, period_id, "decide", accepts="y", comment=WHY)
    take(manager, period_id, "publish", comment=WHY)
    with work(rostering_site) as session:
        publication_id = session.scalars(select(Publication.id)).one()
    other = rostering_site.person("annat", "administrator").client
    base = "/t/annat/rostering"
    for path in (f"periods/{period_id}/publication", f"periods/{period_id}/consultation"):
        assert other.get(f"{base}/{path}").status_code == 404
    assert other.get(f"{base}/publications/{publication_id}").status_code == 404
    answer = other.post(f"{base}/periods/{period_id}/publication/reopen", data={"reopen-seen": "0"})
    assert answer.status_code == 404
    assert state(rostering_site) == "published"
