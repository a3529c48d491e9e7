"""The module's pages of periods and rosters; each for who may, and for nobody of another tenant."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from rostering_pages import BASE, counted, make_roster, work
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster
from samplan_rostering.services.periods.wards import import_ward


def test_the_first_page_says_what_to_do_next(rostering_site: Site, scheduler: Person) -> None:
    page = scheduler.client.get(f"{BASE}/").text
    assert f'href="{BASE}/import"' in page
    assert f'href="{BASE}/template.xlsx"' in page

    reader = rostering_site.person("ett", "viewer").client.get(f"{BASE}/").text
    assert f"{BASE}/import" not in reader


def test_the_first_page_and_the_card_list_the_periods(scheduler: Person, period_id: UUID) -> None:
    for path in ("/", "/card"):
        page = scheduler.client.get(f"{BASE}{path}")
        assert page.status_code == 200
        assert f"{BASE}/periods/{period_id}" in page.text
        assert "Avdelning 12" in page.text


def test_an_optimisation_is_asked_for_within_the_limits(scheduler: Person, period_id: UUID) -> None:
    url = f"{BASE}/periods/{period_id}/optimise"
    started = scheduler.client.post(url, data={"seconds": 5, "workers": 1, "seed": 3}, buffered=True)
    assert started.status_code == 303
    overview = scheduler.client.get(f"{BASE}/periods/{period_id}").text
    assert f'href="{url}"' in overview
    assert 'name="seconds"' not in overview, "the page has no form of its own"
    assert "hx-get" in scheduler.client.get(started.location).text

    for wrong in ({"seconds": 100_000}, {"seconds": 0}, {"seconds": ""}, {"seconds": 5, "workers": 99}):
        refused = scheduler.client.post(url, data={"workers": 1, "seed": 1, **wrong}, buffered=True)
        assert refused.status_code == 422, wrong


def test_the_grid_shows_shifts_coverage_hours_and_breaches(
    scheduler: Person, roster_id: UUID, period_id: UUID
) -> None:
    page = scheduler.client.get(f"{BASE}/rosters/{roster_id}")

    assert page.status_code == 200
    for words in ("Åsa Exempel", "75,5", "1/1", "0/1", "▼", "Trettondedag jul", "8:00", "Semester"):
        assert words in page.text, words
    assert f'href="{BASE}/periods/{period_id}"' in page.text
    assert 'class="ro-breach' in page.text or "ro-breach" in page.text
    assert "style=" not in page.text


def test_who_only_reads_sees_neither_wishes_nor_kinds_of_absence(
    rostering_site: Site, roster_id: UUID
) -> None:
    reader = rostering_site.person("ett", "viewer")
    page = reader.client.get(f"{BASE}/rosters/{roster_id}").text

    assert "Åsa Exempel" in page
    assert "Semester" not in page
    assert "♥" not in page
    assert (
        "Semester" in rostering_site.person("ett", "scheduler").client.get(f"{BASE}/rosters/{roster_id}").text
    )


def test_the_grids_queries_do_not_grow_with_the_ward(
    rostering_site: Site, scheduler: Person, ward: WardData, period_id: UUID
) -> None:
    small = make_roster(rostering_site, ward, period_id, Assignment("M01", 0, "D"))
    cells = [Assignment(person.code, day, "D") for person in ward.employees for day in range(28)]
    large = make_roster(rostering_site, ward, period_id, *cells)
    scheduler.client.get(f"{BASE}/rosters/{small}")

    with counted(rostering_site) as few:
        scheduler.client.get(f"{BASE}/rosters/{small}")
    with counted(rostering_site) as many:
        scheduler.client.get(f"{BASE}/rosters/{large}")

    assert len(many) == len(few) < 40


def test_a_changed_input_is_said(
    rostering_site: Site, scheduler: Person, ward: WardData, roster_id: UUID
) -> None:
    url = f"{BASE}/rosters/{roster_id}"
    before = scheduler.client.get(url).text
    with work(rostering_site) as session:
        import_ward(session, replace(ward, wishes=()))

    after = scheduler.client.get(url).text
    assert "har ändrats sedan" in after
    assert "har ändrats sedan" not in before


PAGES = ("periods/{0}", "periods/{0}/workbook.xlsx", "rosters/{1}", "rosters/{1}/roster.xlsx")


@pytest.mark.parametrize("page", PAGES)
def test_another_tenant_finds_nothing(
    rostering_site: Site, period_id: UUID, roster_id: UUID, page: str
) -> None:
    path = page.format(period_id, roster_id)
    neighbour = rostering_site.person("annat", "scheduler")

    answer = neighbour.client.get(f"/t/annat/rostering/{path}", buffered=True)
    assert answer.status_code == 404
    assert "Åsa" not in answer.text
    assert neighbour.client.get(f"{BASE}/{path}", buffered=True).status_code == 404
    own = rostering_site.person("ett", "scheduler").client.get(f"{BASE}/{path}", buffered=True)
    assert own.status_code == 200


def test_another_tenant_cannot_start_an_optimisation(rostering_site: Site, period_id: UUID) -> None:
    neighbour = rostering_site.person("annat", "scheduler")
    form = {"seconds": 5, "workers": 1, "seed": 1}
    for wrong in (period_id, uuid4()):
        url = f"/t/annat/rostering/periods/{wrong}/optimise"
        assert neighbour.client.post(url, data=form, buffered=True).status_code == 404


def test_each_page_asks_for_its_permission(rostering_site: Site, period_id: UUID, roster_id: UUID) -> None:
    reader = rostering_site.person("ett", "viewer").client
    assert reader.get(f"{BASE}/rosters/{roster_id}").status_code == 200
    assert reader.get(f"{BASE}/periods/{period_id}").status_code == 200
    assert reader.get(f"{BASE}/periods/{period_id}/workbook.xlsx").status_code == 403
    assert reader.get(f"{BASE}/import").status_code == 403
    assert reader.post(f"{BASE}/periods/{period_id}/optimise", data={"seconds": 5}).status_code == 403
    controller = rostering_site.person("ett", "controller").client
    assert controller.get(f"{BASE}/").status_code == 403


def test_rosters_are_numbered(rostering_site: Site, ward: WardData, period_id: UUID) -> None:
    first, second = (make_roster(rostering_site, ward, period_id) for _ in range(2))
    with work(rostering_site) as session:
        numbers = {row.id: row.number for row in session.scalars(select(Roster))}
    assert numbers == {first: 1, second: 2}
