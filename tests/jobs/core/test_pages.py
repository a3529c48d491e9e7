"""The pages and the API of runs, in the whole application."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from jobprobe import PERMISSION
from sqlalchemy import select

from samplan.access.policy import requires
from samplan.jobs import transitions
from samplan.jobs.models import JobRun
from samplan.jobs.requests import request_job
from samplan.jobs.service import request_run
from samplan.modules.lifecycle import disable_module
from samplan.testing.site import Person, Site

HERE = "/t/hem"
API = "/api/v1/t/hem"


@pytest.fixture
def home(site: Site) -> Site:
    """Give the application with one tenant that uses the probe."""
    site.add_tenant("hem", ("jobprobe",))
    return site


def ask(site: Site, person: Person, name: str = "double", **params: Any) -> UUID:
    """Ask for a run on a person's behalf."""
    tenant = site.core.tenants.by_slug("hem")
    with site.core.database.unit_of_work(tenant.id) as session:
        run = request_run(
            site.core,
            session,
            tenant,
            f"jobprobe.{name}",
            params or {"number": 4},
            requested_by=person.account_id,
        )
    return run.id


def status(site: Site, run_id: UUID) -> str:
    with site.core.database.unit_of_work(site.tenants["hem"].id) as session:
        return session.scalars(select(JobRun.status).where(JobRun.id == run_id)).one()


def change(site: Site, run_id: UUID, **values: Any) -> None:
    with site.core.database.unit_of_work(site.tenants["hem"].id) as session:
        run = session.scalars(select(JobRun).where(JobRun.id == run_id)).one()
        for name, value in values.items():
            setattr(run, name, value)


def test_one_sees_ones_own_runs_an_administrator_all_and_others_none(home: Site) -> None:
    home.add_tenant("borta", ("jobprobe",))
    mine, other = home.person("hem", "scheduler"), home.person("hem", "scheduler")
    chief, viewer = home.person("hem", "administrator"), home.person("hem", "viewer")
    stranger = home.person("borta", "administrator")
    run_id = ask(home, mine)
    for address in (f"{HERE}/jobs/{run_id}", f"{HERE}/jobs/{run_id}/progress", f"{API}/jobs/{run_id}"):
        assert mine.client.get(address).status_code == 200
        assert chief.client.get(address).status_code == 200
        assert other.client.get(address).status_code == 404
        assert stranger.client.get(address).status_code == 404
        assert stranger.client.get(address.replace("/hem/", "/borta/")).status_code == 404
        assert viewer.client.get(address).status_code == 403
        assert home.client().get(address).status_code in (302, 401)
    lists = {
        who: [item["id"] for item in person.client.get(f"{API}/jobs").json["items"]]
        for who, person in {"mine": mine, "chief": chief, "other": other}.items()
    }
    assert lists == {"mine": [str(run_id)], "chief": [str(run_id)], "other": []}
    assert str(run_id) in mine.client.get(f"{HERE}/jobs").text
    assert str(run_id) not in other.client.get(f"{HERE}/jobs").text


def test_the_page_renews_itself_only_while_the_run_is_active(home: Site) -> None:
    person = home.person("hem", "scheduler")
    run_id = ask(home, person)
    page = person.client.get(f"{HERE}/jobs/{run_id}").text
    assert f'hx-get="{HERE}/jobs/{run_id}/progress"' in page
    assert 'hx-trigger="every 2s"' in page
    home.dispatcher().work(home.core)
    fragment = person.client.get(f"{HERE}/jobs/{run_id}/progress").text
    assert "hx-get" not in fragment
    assert "<html" not in fragment
    assert f"{HERE}/jobs?status=succeeded" in fragment, "the way to the result"


def test_no_way_leads_to_a_result_in_a_module_that_is_off(home: Site) -> None:
    person = home.person("hem", "scheduler")
    run_id = ask(home, person)
    home.dispatcher().work(home.core)
    with home.core.database.unit_of_work(home.tenants["hem"].id) as session:
        disable_module(home.core, session, "jobprobe")
    page = person.client.get(f"{HERE}/jobs/{run_id}").text
    assert f"{HERE}/jobs?status=succeeded" not in page


def test_the_list_is_filtered_and_paged(home: Site) -> None:
    person = home.person("hem", "scheduler")
    done = ask(home, person)
    home.dispatcher().work(home.core)
    queued = [ask(home, person) for _turn in range(2)]
    page = person.client.get(f"{HERE}/jobs?status=succeeded").text
    assert str(done) in page
    assert str(queued[0]) not in page
    assert person.client.get(f"{HERE}/jobs?status=nonsense&cursor=nonsense").status_code == 200
    assert "sp-empty" in person.client.get(f"{HERE}/jobs?status=failed").text
    first = person.client.get(f"{API}/jobs?limit=2").json
    assert [item["id"] for item in first["items"]] == [str(queued[1]), str(queued[0])]
    second = person.client.get(f"{API}/jobs?limit=2&cursor={first['next_cursor']}").json
    assert [item["id"] for item in second["items"]] == [str(done)]
    assert second["next_cursor"] is None
    assert person.client.get(f"{API}/jobs?limit=0").status_code == 422
    assert person.client.get(f"{API}/jobs?status=nonsense").status_code == 422


def test_a_run_is_stopped_on_its_page_and_through_the_api(home: Site) -> None:
    person, other = home.person("hem", "scheduler"), home.person("hem", "scheduler")
    first, second = ask(home, person), ask(home, person)
    assert other.client.post(f"{HERE}/jobs/{first}/cancel").status_code == 404
    assert other.client.post(f"{API}/jobs/{first}/cancel", json={}).status_code == 404
    assert status(home, first) == "queued"
    answer = person.client.post(f"{HERE}/jobs/{first}/cancel", data={"keep": "0"})
    assert (answer.status_code, answer.location) == (302, f"{HERE}/jobs/{first}")
    assert status(home, first) == "cancelled"
    kept = person.client.post(f"{API}/jobs/{second}/cancel", json={"keep_result": True})
    assert kept.status_code == 422
    assert kept.mimetype == "application/problem+json"
    assert person.client.post(f"{API}/jobs/{second}/cancel", json={}).json["status"] == "cancelled"


def test_stopping_a_running_search_asks_its_worker(home: Site) -> None:
    person = home.person("hem", "scheduler")
    run_id = ask(home, person, "search", folder="unused")
    tenant_id = home.tenants["hem"].id
    with home.core.database.unit_of_work(tenant_id) as session:
        claim = transitions.take(session, run_id, 1, "here:1", 60.0)
        assert claim is not None
        transitions.renew(session, claim, 60.0, {"pct": 40, "phase": "Searching", "incumbent": 9, "bound": 6})
    page = person.client.get(f"{HERE}/jobs/{run_id}").text
    assert 'name="keep" value="1"' in page
    assert 'value="40"' in page
    person.client.post(f"{HERE}/jobs/{run_id}/cancel", data={"keep": "1"})
    with home.core.database.unit_of_work(tenant_id) as session:
        assert transitions.renew(session, claim, 60.0, {}) == transitions.Wishes(
            cancel=True, keep_result=True
        )
    page = person.client.get(f"{HERE}/jobs/{run_id}").text
    assert page.count("Körningen stoppas.") == 1, "by the run itself, which tells too when it has stopped"
    assert "Stoppa" not in page.replace("Körningen stoppas.", "")
    body = person.client.get(f"{API}/jobs/{run_id}").json
    assert (body["status"], body["cancel_requested"]) == ("running", True)


def test_a_finished_run_cannot_be_stopped(home: Site) -> None:
    person = home.person("hem", "scheduler")
    run_id = ask(home, person)
    home.dispatcher().work(home.core)
    assert person.client.post(f"{HERE}/jobs/{run_id}/cancel").status_code == 302
    assert status(home, run_id) == "succeeded"
    answer = person.client.post(f"{API}/jobs/{run_id}/cancel", json={})
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")
    assert person.client.post(f"{API}/jobs/{run_id}/retry").status_code == 409
    assert person.client.post(f"{HERE}/jobs/{run_id}/retry").status_code == 302
    assert status(home, run_id) == "succeeded"


def test_only_who_may_ask_for_a_run_may_try_it_again(home: Site) -> None:
    person, chief = home.person("hem", "scheduler"), home.person("hem", "administrator")
    run_id = ask(home, person, "impossible", number=3)
    home.dispatcher().work(home.core)
    assert f"/jobs/{run_id}/retry" in person.client.get(f"{HERE}/jobs/{run_id}").text
    assert f"/jobs/{run_id}/retry" not in chief.client.get(f"{HERE}/jobs/{run_id}").text
    assert chief.client.post(f"{HERE}/jobs/{run_id}/retry").status_code == 403
    assert chief.client.post(f"{API}/jobs/{run_id}/retry").status_code == 403
    assert status(home, run_id) == "failed"
    assert person.client.post(f"{HERE}/jobs/{run_id}/retry").status_code == 302
    assert status(home, run_id) == "queued"
    home.dispatcher().work(home.core)
    answer = person.client.post(f"{API}/jobs/{run_id}/retry")
    assert (answer.status_code, answer.json["attempt"]) == (202, 3)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"error_code": "internal", "error_id": "abc123"}, "abc123"),
        ({"error_code": "odd", "error_details": None}, "odd"),
        ({"error_code": "odd", "error_details": {"message": "%(n)d too few", "n": 3}}, "3 too few"),
        ({"error_code": "odd", "error_details": {"message": "%(n)d too few", "m": 3}}, "%(n)d too few"),
        ({"error_code": "odd", "error_details": {"message": "100 % sure"}}, "100 % sure"),
    ],
)
def test_why_a_run_failed_is_told_in_words(home: Site, values: dict[str, Any], text: str) -> None:
    person = home.person("hem", "scheduler")
    run_id = ask(home, person)
    change(home, run_id, status="failed", **values)
    assert text in person.client.get(f"{HERE}/jobs/{run_id}").text
    assert text in person.client.get(f"{API}/jobs/{run_id}").json["error_text"]


def test_a_run_of_a_module_that_is_gone_is_still_shown(home: Site) -> None:
    person = home.person("hem", "scheduler")
    run_id = ask(home, person)
    old = "jobprobe.of_an_older_version"
    for endpoint in ("nowhere.page", "core.job"):  # no such page; a page that needs more to be found
        change(home, run_id, status="succeeded", job_type=old, result={"link": {"endpoint": endpoint}})
        page = person.client.get(f"{HERE}/jobs/{run_id}").text
        assert old in page
        assert "arrow-right" not in page
    change(home, run_id, status="failed")
    assert person.client.post(f"{HERE}/jobs/{run_id}/retry").status_code == 403


@pytest.fixture
def asking(home: Site) -> Site:
    """Add an endpoint that asks for a run, as a module has it."""

    @requires(PERMISSION)
    def ask_for_double() -> tuple[dict[str, str], int]:
        from flask import request

        run = request_job("jobprobe.double", request.get_json())
        return {"id": str(run.id)}, 202

    home.app._got_first_request = False  # the application is the test's own
    home.app.add_url_rule("/t/<tenant>/probe", "core.ask_for_double", ask_for_double, methods=["POST"])
    return home


def test_an_idempotency_key_makes_a_repeated_request_one_run(asking: Site) -> None:
    person = asking.person("hem", "scheduler")

    def post(body: dict[str, Any], key: str | None) -> Any:
        headers = {} if key is None else {"Idempotency-Key": key}
        return person.client.post(f"{HERE}/probe", json=body, headers=headers)

    first = post({"number": 1}, "key-1")
    assert first.status_code == 202
    assert post({"number": 1}, "key-1").json == first.json
    assert post({"number": 2}, "key-1").status_code == 422
    assert post({"number": 1}, None).json != first.json
    assert post({"number": 1}, "x" * 201).status_code == 422
    assert post({"number": 1}, "").status_code == 422
    assert post({"number": "x"}, None).status_code == 422
    assert len(asking.dispatcher().messages) == 2


def test_the_pages_of_unknown_runs_are_not_found(home: Site) -> None:
    person = home.person("hem", "scheduler")
    for method, address in (("get", ""), ("get", "/progress"), ("post", "/cancel"), ("post", "/retry")):
        answer = getattr(person.client, method)(f"{HERE}/jobs/{uuid4()}{address}")
        assert answer.status_code == 404
