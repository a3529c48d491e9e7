"""The API: files in, optimisations, rosters and evaluations out."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from samplan.testing.site import Person, Site
from samplan_rostering.domain.ward import WardData, WeeklyRequirement
from samplan_rostering.workbook import read_ward, write_ward

API = "/api/v1/t/ett/rostering"


@pytest.fixture
def scheduler(rostering_site: Site) -> Person:
    return rostering_site.person("ett", "scheduler")


def send(person: Person, content: bytes, name: str = "avdelning.xlsx") -> TestResponse:
    return person.client.post(f"{API}/imports", data={"file": (io.BytesIO(content), name)}, buffered=True)


def value_of(answer: TestResponse) -> Any:
    """Return the JSON of an answer."""
    return json.loads(answer.text)


def got(person: Person, path: str) -> Any:
    return value_of(person.client.get(path))


def imported(person: Person, content: bytes) -> str:
    answer = send(person, content)
    assert answer.status_code == 201, answer.text
    return str(value_of(answer)["id"])


def solved(site: Site, person: Person, source_id: str, **options: Any) -> dict[str, Any]:
    """Ask for an optimisation, let the worker do it, and return the run."""
    body = {"source_id": source_id, "seconds": 5, "workers": 1, "seed": 1, **options}
    asked = person.client.post(f"{API}/solves", json=body, buffered=True)
    assert asked.status_code == 202, asked.text
    site.dispatcher().work(site.core)
    run: dict[str, Any] = got(person, asked.location)
    return run


def test_a_ward_is_solved_and_its_roster_holds(
    rostering_site: Site, scheduler: Person, ward: WardData
) -> None:
    source_id = imported(scheduler, write_ward(ward))

    run = solved(rostering_site, scheduler, source_id)

    assert run["status"] == "succeeded", run
    roster = got(scheduler, f"{API}/rosters/{run['result']['roster_id']}")
    assert roster["source_id"] == source_id
    assert roster["status"] in {"optimal", "feasible"}
    assert roster["objective"] == sum(roster["breakdown"].values()) >= roster["bound"]
    cells = {(cell["employee"], cell["day"]): cell["shift"] for cell in roster["assignments"]}
    assert len(cells) == len(roster["assignments"]) > 20
    assert cells["M03", 3] == "D"  # locked
    judged = got(scheduler, f"{API}/rosters/{roster['id']}/evaluation")
    assert judged["violations"] == []
    assert judged["objective"] == roster["objective"]
    assert (judged["employees"], judged["days"]) == (4, 28)
    page = scheduler.client.get(f"/t/ett/rostering/rosters/{roster['id']}").text
    assert "Den oberoende kontrollen hittar ingen bruten regel" in page
    assert scheduler.client.get(f"{API}/rosters/{roster['id']}/xlsx", buffered=True).status_code == 200


def test_a_benchmark_file_is_solved_by_its_own_rules(
    rostering_site: Site, scheduler: Person, benchmark_text: str
) -> None:
    source_id = imported(scheduler, benchmark_text.encode())
    assert imported(scheduler, benchmark_text.encode()) == source_id

    run = solved(rostering_site, scheduler, source_id)

    roster = got(scheduler, f"{API}/rosters/{run['result']['roster_id']}")
    assert (roster["status"], roster["objective"], roster["bound"]) == ("optimal", 0, 0)
    assert {(c["day"], c["shift"]) for c in roster["assignments"]} == {(0, "D"), (1, "D"), (2, "D")}
    judged = got(scheduler, f"{API}/rosters/{roster['id']}/evaluation")
    assert (judged["violations"], judged["uncovered"]) == ([], 0)
    assert (
        "hittar ingen bruten regel" in scheduler.client.get(f"/t/ett/rostering/rosters/{roster['id']}").text
    )
    assert scheduler.client.get(f"{API}/rosters/{roster['id']}/xlsx").status_code == 404


def test_what_cannot_be_is_refused_before_any_search_and_what_lacks_people_unless_it_is_to_start(
    rostering_site: Site, scheduler: Person, ward: WardData
) -> None:
    locked = tuple(replace(ward.pins[0], date=ward.period.date_of(day)) for day in range(14))
    body = {"seconds": 5, "start_anyway": True}
    impossible = {**body, "source_id": imported(scheduler, write_ward(replace(ward, pins=locked)))}
    refused = scheduler.client.post(f"{API}/solves", json=impossible, buffered=True)
    assert refused.status_code == 422, "no tick helps"
    assert "Cia Exempel" in value_of(refused)["errors"]["source_id"][0]

    crowd = (*ward.weekly_requirements, WeeklyRequirement(2, "N", None, 5, 5, None))
    short = imported(scheduler, write_ward(replace(ward, weekly_requirements=crowd)))
    refused = scheduler.client.post(f"{API}/solves", json={"source_id": short, "seconds": 5}, buffered=True)
    assert refused.status_code == 422
    assert "krävs: 5, möjligt: 4" in value_of(refused)["errors"]["start_anyway"][0]
    assert solved(rostering_site, scheduler, short, start_anyway=True)["status"] == "succeeded"


def test_the_same_key_gives_the_same_run(scheduler: Person, ward: WardData) -> None:
    body = {"source_id": imported(scheduler, write_ward(ward)), "seconds": 5}
    key = {"Idempotency-Key": "one-time"}
    first, second = (
        scheduler.client.post(f"{API}/solves", json=body, headers=key, buffered=True) for _ in range(2)
    )
    other = scheduler.client.post(f"{API}/solves", json=body, buffered=True)

    assert value_of(first)["id"] == value_of(second)["id"] != value_of(other)["id"]
    assert first.location == f"/api/v1/t/ett/jobs/{value_of(first)['id']}"


def test_faults_are_listed_and_nothing_is_stored(scheduler: Person, ward: WardData) -> None:
    faulty = replace(ward, unit=replace(ward.unit, code="AVD21"))
    refused = send(scheduler, write_ward(faulty))

    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    (fault,) = value_of(refused)["faults"]
    assert {key: fault[key] for key in ("code", "sheet", "row", "column", "value")} == {
        "code": "unknown_unit",
        "sheet": "Period",
        "row": 2,
        "column": "A",
        "value": "AVD21",
    }
    assert "AVD12" in fault["expected"]
    assert got(scheduler, f"{API}/periods") == {"items": [], "next_cursor": None}


def test_a_benchmark_files_faults_name_section_and_line(scheduler: Person, benchmark_text: str) -> None:
    refused = send(scheduler, benchmark_text.replace("A,D=3", "A,D").encode(), "fel.txt")
    (fault,) = value_of(refused)["faults"]
    assert (fault["sheet"], fault["row"], fault["value"]) == ("SECTION_STAFF", 6, "D")


def test_periods_are_listed_page_by_page(scheduler: Person, ward: WardData) -> None:
    ids = []
    for month in (1, 3):
        start = ward.period.start.replace(month=month, day=1)
        later = replace(ward.period, start=start, end=start.replace(day=28))
        bare = replace(ward, period=later, dated_requirements=(), wishes=(), history=(), pins=())
        ids.append(imported(scheduler, write_ward(bare)))

    first = got(scheduler, f"{API}/periods?limit=1")
    second = got(scheduler, f"{API}/periods?limit=1&cursor={first['next_cursor']}")

    assert [first["items"][0]["id"], second["items"][0]["id"]] == ids[::-1]
    assert second["next_cursor"] is None
    shown = got(scheduler, f"{API}/periods/{ids[0]}")
    assert (shown["unit_code"], shown["employees"], shown["roster"]) == ("AVD12", 4, None)


def test_the_workbook_comes_back(scheduler: Person, ward: WardData) -> None:
    source_id = imported(scheduler, write_ward(ward))
    answer = scheduler.client.get(f"{API}/periods/{source_id}/workbook", buffered=True)
    assert read_ward(answer.data) == ward


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"source_id": "x", "seconds": 5},
        {"source_id": str(uuid4()), "seconds": 0},
        {"source_id": str(uuid4()), "seconds": 5, "workers": 9},
        {"source_id": str(uuid4()), "seconds": 5, "seed": -1},
        {"source_id": str(uuid4()), "seconds": 3000},
        {"source_id": str(uuid4()), "seconds": 5, "more": 1},
    ],
)
def test_wrong_requests_are_refused_with_field_paths(scheduler: Person, body: dict[str, Any]) -> None:
    refused = scheduler.client.post(f"{API}/solves", json=body, buffered=True)
    assert refused.status_code == 422
    assert value_of(refused)["errors"]


def test_an_unknown_source_and_roster_are_not_found(scheduler: Person) -> None:
    body = {"source_id": str(uuid4()), "seconds": 5}
    assert scheduler.client.post(f"{API}/solves", json=body, buffered=True).status_code == 404
    for path in ("rosters/{0}", "rosters/{0}/evaluation", "rosters/{0}/xlsx", "periods/{0}"):
        assert scheduler.client.get(f"{API}/{path.format(uuid4())}").status_code == 404


def test_another_tenant_finds_nothing(
    rostering_site: Site, scheduler: Person, ward: WardData, benchmark_text: str
) -> None:
    period_id = imported(scheduler, write_ward(ward))
    problem_id = imported(scheduler, benchmark_text.encode())
    roster_id = solved(rostering_site, scheduler, problem_id)["result"]["roster_id"]
    neighbour = rostering_site.person("annat", "scheduler").client
    other = "/api/v1/t/annat/rostering"

    paths = (
        f"periods/{period_id}",
        f"periods/{period_id}/workbook",
        f"rosters/{roster_id}",
        f"rosters/{roster_id}/evaluation",
    )
    for path in paths:
        assert scheduler.client.get(f"{API}/{path}", buffered=True).status_code == 200
        assert neighbour.get(f"{other}/{path}", buffered=True).status_code == 404
        assert neighbour.get(f"{API}/{path}", buffered=True).status_code == 404
    for source in (period_id, problem_id):
        body = {"source_id": source, "seconds": 5}
        assert neighbour.post(f"{other}/solves", json=body, buffered=True).status_code == 404
    assert value_of(neighbour.get(f"{other}/periods"))["items"] == []


def test_each_endpoint_asks_for_its_permission(
    rostering_site: Site, scheduler: Person, ward: WardData
) -> None:
    period_id = imported(scheduler, write_ward(ward))
    reader = rostering_site.person("ett", "viewer")
    body = {"source_id": period_id, "seconds": 5}

    assert reader.client.get(f"{API}/periods/{period_id}").status_code == 200
    assert reader.client.get(f"{API}/periods/{period_id}/workbook").status_code == 403
    assert reader.client.post(f"{API}/solves", json=body, buffered=True).status_code == 403
    assert send(reader, b"").status_code == 403
