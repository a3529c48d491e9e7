"""A run on its period's page: followed while it is active, and what its end brings to the page."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from samplan.ids import new_id
from samplan.jobs.models import JobRun
from samplan.testing.site import Person, Site
from samplan_rostering.domain.evaluate_ward import evaluate_ward
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status

BASE = "/t/ett/rostering"


@pytest.fixture
def scheduler(rostering_site: Site) -> Person:
    return rostering_site.person("ett", "scheduler")


@pytest.fixture
def period_id(rostering_site: Site, ward: WardData) -> UUID:
    with rostering_site.core.database.unit_of_work(rostering_site.tenants["ett"].id) as session:
        return import_ward(session, ward)


@pytest.fixture
def run_id(rostering_site: Site, scheduler: Person, period_id: UUID) -> UUID:
    """A queued optimisation of the period, asked for by the scheduler."""
    form = {"seconds": 5, "workers": 1, "seed": 1}
    scheduler.client.post(f"{BASE}/periods/{period_id}/optimise", data=form, buffered=True)
    with rostering_site.core.database.unit_of_work(rostering_site.tenants["ett"].id) as session:
        return session.scalars(select(JobRun.id)).one()


def end(site: Site, run_id: UUID, status: str, **columns: Any) -> None:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        run = session.get_one(JobRun, (session.tenant_id, run_id))
        for name, value in {"status": status, **columns}.items():
            setattr(run, name, value)


def store(site: Site, ward: WardData, period_id: UUID, run_id: UUID) -> UUID:
    cells = (Assignment("M01", 0, "D"),)
    priced = evaluate_ward(ward, cells)
    solution = Solution(Status.FEASIBLE, priced.objective, 0, 1.5, 1, {}, priced.breakdown, cells)
    made = Made(new_id(), run_id, period_id, input_hash(ward))
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        store_roster(session, made, ward, solution)
    return made.roster_id


def test_an_active_run_is_followed_from_its_periods_page(
    scheduler: Person, period_id: UUID, run_id: UUID
) -> None:
    url = f"{BASE}/runs/{run_id}/progress"
    page = scheduler.client.get(f"{BASE}/periods/{period_id}").text
    assert f'hx-get="{url}"' in page
    assert '<div id="new-roster" role="status" class="ro-news"></div>' in page

    fragment = scheduler.client.get(url).text

    assert f'hx-get="{url}"' in fragment
    assert "hx-swap-oob" not in fragment
    assert f'value="{BASE}/periods/{period_id}"' in fragment, "stopping it leads back to the period"


def test_the_end_of_a_run_brings_the_new_roster_to_the_page(
    rostering_site: Site, scheduler: Person, ward: WardData, period_id: UUID, run_id: UUID
) -> None:
    roster_id = store(rostering_site, ward, period_id, run_id)
    end(rostering_site, run_id, "succeeded")

    fragment = scheduler.client.get(f"{BASE}/runs/{run_id}/progress").text

    assert "hx-get" not in fragment
    listed, news = fragment.split('id="new-roster"')
    assert 'id="outcome" class="ro-column" hx-swap-oob="outerHTML" hx-nonce="' in listed
    assert f'href="{BASE}/rosters/{roster_id}"' in listed
    assert 'hx-swap-oob="innerHTML" hx-nonce="' in news
    assert "Schema 1 är klart." in news
    assert f'href="{BASE}/rosters/{roster_id}"' in news


def test_a_failed_run_tells_why_to_who_may_know(
    rostering_site: Site, scheduler: Person, period_id: UUID, run_id: UUID
) -> None:
    reason = {"employee": "M01", "rules": ["hours_max"], "minutes": None, "limit": None}
    details = {"people": "M01", "reasons": [reason]}
    end(rostering_site, run_id, "failed", error_code="infeasible", error_details=details)

    fragment = scheduler.client.get(f"{BASE}/runs/{run_id}/progress").text

    assert "Åsa Exempel" in fragment
    assert 'id="outcome"' in fragment
    assert "är klart" not in fragment


def test_nobody_else_follows_a_run(rostering_site: Site, scheduler: Person, run_id: UUID) -> None:
    colleague = rostering_site.person("ett", "viewer").client
    neighbour = rostering_site.person("annat", "scheduler").client

    assert scheduler.client.get(f"{BASE}/runs/{run_id}/progress").status_code == 200
    assert colleague.get(f"{BASE}/runs/{run_id}/progress").status_code == 404
    assert neighbour.get(f"/t/annat/rostering/runs/{run_id}/progress").status_code == 404
    assert scheduler.client.get(f"{BASE}/runs/{uuid4()}/progress").status_code == 404


def test_a_run_of_another_kind_is_not_found(rostering_site: Site, scheduler: Person, run_id: UUID) -> None:
    end(rostering_site, run_id, "succeeded", subject=None)

    assert scheduler.client.get(f"{BASE}/runs/{run_id}/progress").status_code == 404
