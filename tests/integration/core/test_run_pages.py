"""A run's pages say in words what it is, who asked for it and what came of it, and lead back."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from samplan.jobs.models import JobRun
from samplan.jobs.service import request_run
from samplan.modules.contributions import DemoSeed
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Person, Site

HERE = "/t/ett"
BEGUN = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def planner(site: Site) -> Person:
    """Give a scheduler of a tenant with the demo ward."""
    tenant = site.add_tenant("ett", ("rostering",))
    with site.core.database.unit_of_work(tenant.id) as session:
        session.add(OrgUnit(kind="region", code="ett", name="Ett"))
        session.flush()
        seed = DemoSeed(session, tenant, random.Random(7), date(2026, 11, 22))  # noqa: S311 - a demo
        site.core.modules.call("rostering", "samplan_demo", seed=seed)
    return site.person("ett", "scheduler", name="Sara Schema")


def ask(site: Site, person: Person | None, **values: Any) -> UUID:
    """Ask for a run, and give it what it would have after some work."""
    tenant = site.core.tenants.by_slug("ett")
    asker = person.account_id if person else None
    job, params = "core.compute_indicators", {"indicator": "core.inhabitants"}
    with site.core.database.unit_of_work(tenant.id) as session:
        run = request_run(
            site.core, session, tenant, job, params, requested_by=asker, subject="indicator:core.inhabitants"
        )
        for name, value in values.items():
            setattr(run, name, value)
    return run.id


def visible(page: str) -> str:
    """Return the text of a page's content, without what is folded away."""
    content = page.partition("<main")[2].partition("</main>")[0] or page
    return " ".join(
        re.sub(r"<[^>]+>", " ", re.sub(r"<details.*?</details>", "", content, flags=re.DOTALL)).split()
    )


def test_the_page_tells_status_figures_time_and_who_in_words(site: Site, planner: Person) -> None:
    roster = str(uuid4())
    run_id = ask(
        site,
        planner,
        status="succeeded",
        started_at=BEGUN,
        finished_at=BEGUN + timedelta(seconds=125),
        progress={"incumbent": 1300000, "bound": 1200000},  # of the last heartbeat
        result={"status": "feasible", "objective": 1234567, "roster_id": roster, "values": 12345},
    )
    page = planner.client.get(f"{HERE}/jobs/{run_id}").text
    text = visible(page).replace("\xa0", " ")
    for said in (
        "Beräkna indikatorer", "Invånare", "Klar", "av Sara Schema", "tog 2 minuter 5 sekunder",
        "Bästa funna (lägre är bättre) 1 234 567", "Kan inte bli lägre än 1 200 000", "12 345",
        "Tillåtet, kanske inte det bästa",
    ):  # fmt: skip
        assert said in text
    for code in (str(run_id), roster, "feasible", "succeeded", "core.compute_indicators", "1 300 000"):
        assert code not in text
    for code in (str(run_id), roster, "core.compute_indicators", "indicator:core.inhabitants"):
        assert f"<code>{code}</code>" in page


def test_the_list_tells_the_same_in_short(site: Site, planner: Person) -> None:
    chief = site.person("ett", "administrator")
    times = {"started_at": BEGUN, "finished_at": BEGUN + timedelta(hours=1, minutes=2, seconds=3)}
    ask(site, planner, status="succeeded", progress={"incumbent": 98765}, **times)
    ask(site, None, status="failed", error_code="worker_lost")
    text = visible(chief.client.get(f"{HERE}/jobs").text).replace("\xa0", " ")
    for said in ("Sara Schema", "1 timme 2 minuter", "98 765", "Systemet", "Datorn som"):
        assert said in text
    assert "worker_lost" not in text
    assert "fel" not in text
    told = {"faults": 12, "link": {"endpoint": "core.indicators"}}
    key = ask(site, None, status="succeeded", result=told, **times)
    page = chief.client.get(f"{HERE}/jobs").text
    assert "Klar, med 12 fel" in visible(page)
    assert 'href="/t/ett/indicators">Visa felen</a>' in page, "one click from the list"
    own = visible(chief.client.get(f"{HERE}/jobs/{key}").text)
    assert "Klar, med 12 fel" in own
    assert "Visa felen" in own
    own = visible(planner.client.get(f"{HERE}/jobs").text)
    assert "Sara Schema" in own
    assert "Systemet" not in own


def test_stopping_leads_back_to_the_wards_period(site: Site, planner: Person) -> None:
    index = planner.client.get(f"{HERE}/rostering/").text
    found = re.search(rf'href="({HERE}/rostering/periods/[^"]+?)"', index)
    assert found is not None
    period = found[1]
    values = {"seconds": "10", "workers": "1", "seed": "1"}
    assert planner.client.post(f"{period}/optimise", data=values).status_code == 303
    hidden = f'<input type="hidden" name="next" value="{period}">'
    page = planner.client.get(period).text
    assert hidden in page
    renewed = re.search(r'hx-get="([^"]+)"', page.partition('id="run-')[2])
    assert renewed is not None
    assert hidden in planner.client.get(renewed[1]).text, "also after it has renewed itself"
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        run_id = session.scalars(select(JobRun.id)).one()
    stopped = planner.client.post(
        f"{HERE}/jobs/{run_id}/cancel", data={"keep": "1", "next": period}, follow_redirects=True
    )
    assert stopped.request.path == period
    assert "Stoppad" in visible(stopped.text)
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        run = session.scalars(select(JobRun)).one()
        assert (run.status, run.keep_result) == ("cancelled", True)
    again = planner.client.post(f"{HERE}/jobs/{run_id}/retry", data={"next": period})
    assert again.location == period


@pytest.mark.parametrize(
    "target",
    ["", "https://evil.example", "//evil.example/t/ett/", "/\\evil.example", "/t/annat/jobs", "/logout", "x"],
)
def test_it_leads_nowhere_but_to_the_tenants_own_pages(site: Site, planner: Person, target: str) -> None:
    run_id = ask(site, planner)
    page = f"{HERE}/jobs/{run_id}"
    fragment = planner.client.get(f"{page}/progress?next={quote(target)}").text
    assert 'name="keep"' in fragment, "it can be stopped"
    assert "evil" not in fragment
    assert 'name="next"' not in fragment
    assert planner.client.post(f"{page}/cancel", data={"next": target}).location == page


def test_who_may_not_see_a_run_cannot_stop_it_with_a_way_back(site: Site, planner: Person) -> None:
    run_id = ask(site, planner)
    other = site.person("ett", "scheduler")
    answer = other.client.post(f"{HERE}/jobs/{run_id}/cancel", data={"next": f"{HERE}/jobs"})
    assert answer.status_code == 404
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        assert session.get_one(JobRun, (site.tenants["ett"].id, run_id)).status == "queued"
