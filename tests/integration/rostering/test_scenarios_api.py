"""The API of scenarios: made, changed, rostered, compared, accepted and deleted; and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from rostering_pages import make_roster, work
from samplan.identity.principal import load_principal
from samplan.identity.tokens import create_api_key
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster, RosterPeriod, Scenario
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.queries.scenarios.stored import scenario_ward
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status

API = "/api/v1/t/ett/rostering"
HALF = {"kind": "contract", "employees": ["M01"], "percentage": 50}
RULE = {"kind": "limit", "name": "weight_wish", "value": 2}


@pytest.fixture
def easy(ward: WardData) -> WardData:
    """The ward with a band of hours that its needs can keep."""
    return replace(ward, rules=replace(ward.rules, hours_band_percent=100))


@pytest.fixture
def period_id(rostering_site: Site, easy: WardData) -> UUID:
    with work(rostering_site) as session:
        return import_ward(session, easy)


@pytest.fixture
def person(rostering_site: Site) -> Person:
    return rostering_site.person("ett", "scheduler")


def call(
    person: Person, method: str, path: str, body: object = None, match: int | None = None
) -> TestResponse:
    headers = {} if match is None else {"If-Match": f'"{match}"'}
    return person.client.open(f"{API}{path}", method=method, json=body, headers=headers)


def value(answer: TestResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.get_json()


def made(person: Person, period_id: UUID, name: str, *changes: dict[str, Any]) -> str:
    body = {"name": name, "changes": list(changes)}
    return str(value(call(person, "POST", f"/periods/{period_id}/scenarios", body), 201)["id"])


def rostered(site: Site, scenario_id: str, *cells: Assignment) -> UUID:
    """Store a roster of a scenario, as its run would."""
    with work(site) as session:
        ward = scenario_ward(session, UUID(scenario_id))
        origin = Made(uuid4(), uuid4(), UUID(scenario_id), input_hash(ward), "scenario", "scenario")
        store_roster(session, origin, ward, Solution(Status.FEASIBLE, 9, 0, 1.5, 1, {}, {}, cells))
        return origin.roster_id


def test_a_key_makes_changes_rosters_and_deletes_a_scenario(
    rostering_site: Site, person: Person, period_id: UUID
) -> None:
    client, now = rostering_site.client(), rostering_site.core.clock.now()
    with work(rostering_site) as session:
        principal = load_principal(rostering_site.core, session, person.account_id)
        assert principal is not None
        until = now + timedelta(days=1)
        _, key = create_api_key(session, principal, "prov", principal.permissions, expires_at=until, now=now)
    program = replace(person, client=client)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"

    answer = call(program, "POST", f"/periods/{period_id}/scenarios", {"name": "Deltid", "changes": [HALF]})
    scenario = value(answer, 201)
    assert (answer.headers["ETag"], answer.location) == ('"1"', f"{API}/scenarios/{scenario['id']}")
    assert value(client.get(answer.location)) == scenario
    changed = call(program, "PUT", f"/scenarios/{scenario['id']}/changes", {"changes": [HALF, RULE]}, 1)
    assert (value(changed)["changes"], changed.headers["ETag"]) == ([HALF, RULE], '"2"')
    asked = call(program, "POST", f"/scenarios/{scenario['id']}/solves", {"seconds": 1, "workers": 1})
    assert value(asked, 202)["subject"] == f"scenario:{scenario['id']}"
    rostering_site.dispatcher().work(rostering_site.core)
    assert value(client.get(asked.location))["status"] == "succeeded"
    result = value(client.get(f"{API}/scenarios/{scenario['id']}/result"))
    assert (result["outdated"], result["faults"]) == (False, [])
    assert result["figures"]["breaches"] == 0
    assert len(result["roster"]["assignments"]) > 10
    (line,) = value(client.get(f"{API}/periods/{period_id}/scenarios"))
    assert (line["state"], line["people_below_minimum"]) == (
        "rostered",
        result["figures"]["people_below_minimum"],
    )
    copy = {"name": "Kopia", "like": scenario["id"]}
    assert value(call(program, "POST", f"/periods/{period_id}/scenarios", copy), 201)["changes"] == [
        HALF,
        RULE,
    ]
    assert call(program, "DELETE", f"/scenarios/{scenario['id']}", match=2).status_code == 204
    assert client.get(f"{API}/scenarios/{scenario['id']}").status_code == 404


def test_scenarios_are_compared_by_figures_days_and_staffing(
    rostering_site: Site, person: Person, period_id: UUID, easy: WardData
) -> None:
    base = make_roster(rostering_site, easy, period_id, Assignment("M01", 0, "D"), Assignment("M03", 3, "D"))
    nobody = {"kind": "staffing", "percent": 0, "shifts": ["N"]}
    scenario_id = made(person, period_id, "Ett", nobody)
    rostered(rostering_site, scenario_id, Assignment("M02", 0, "N"), Assignment("M03", 3, "D"))

    url = f"/periods/{period_id}/scenarios/comparison"
    found = value(call(person, "GET", f"{url}?scenario={scenario_id}"))

    assert found["roster_id"] == str(base)
    (one,) = found["scenarios"]
    assert one["more"]["rostered_minutes"] == 120
    assert one["cells"] == [
        {"employee": "M01", "date": "2027-01-04", "before": "D", "after": ""},
        {"employee": "M02", "date": "2027-01-04", "before": "", "after": "N"},
    ]
    day = next(row for row in one["staffing"] if row["shift"] == "D")
    assert (day["date"], day["skill"], day["before"]["staffed"], day["after"]["staffed"]) == (
        "2027-01-04",
        "SSK",
        1,
        0,
    )
    nights = [row for row in one["staffing"] if row["shift"] == "N"]
    assert [(row["before"]["target"], row["after"]["target"]) for row in nights] == [(1, 0)] * 4
    assert call(person, "GET", url).status_code == 422
    assert call(person, "GET", f"{url}?scenario={uuid4()}").status_code == 404
    assert call(person, "GET", f"{url}?scenario=x").status_code == 422


def test_accepting_tells_first_and_takes_what_was_read(
    rostering_site: Site, person: Person, period_id: UUID
) -> None:
    scenario_id = made(person, period_id, "Deltid", HALF)
    url = f"/scenarios/{scenario_id}/acceptance"
    assert call(person, "GET", url).status_code == 422, "there is no roster yet"
    rostered(rostering_site, scenario_id, Assignment("M03", 3, "D"))
    effects = value(call(person, "GET", url))
    assert [(who["employee"], who["changed"]) for who in effects["people"]] == [("M01", ["contracts"])]
    other = call(person, "POST", url, {"mark": "other"}, 1)
    assert value(other, 409)["effects"] == effects
    assert call(person, "POST", url, {"mark": effects["mark"]}, 2).status_code == 412
    assert call(person, "POST", url, {"mark": effects["mark"]}).status_code == 428
    with work(rostering_site) as session:
        assert session.scalars(select(Roster).where(Roster.period_id == period_id)).all() == []

    accepted = value(call(person, "POST", url, {"mark": effects["mark"]}, 1), 201)

    with work(rostering_site) as session:
        (roster,) = session.scalars(select(Roster).where(Roster.period_id == period_id))
        assert str(roster.id) == accepted["roster_id"]
    assert call(person, "PUT", f"/scenarios/{scenario_id}/changes", {"changes": []}, 2).status_code == 409
    assert call(person, "POST", f"/scenarios/{scenario_id}/solves", {"seconds": 1}).status_code == 409


def test_who_may_not_change_rules_accepts_none(rostering_site: Site, person: Person, period_id: UUID) -> None:
    scenario_id = made(person, period_id, "Önskemål", RULE)
    rostered(rostering_site, scenario_id, Assignment("M03", 3, "D"))
    url = f"/scenarios/{scenario_id}/acceptance"
    page = f"/t/ett/rostering/scenarios/{scenario_id}/accept"
    assert call(person, "GET", url).status_code == 403
    assert call(person, "POST", url, {"mark": ""}, 1).status_code == 403
    assert "enhetschef" in person.client.get(page).text
    assert person.client.post(page, data={"version": 1, "seen": ""}).status_code == 403
    with work(rostering_site) as session:
        assert session.get_one(RosterPeriod, (session.tenant_id, period_id)).version == 1
    manager = rostering_site.person("ett", "ward_manager")
    mark = value(call(manager, "GET", url))["mark"]
    assert call(manager, "POST", url, {"mark": mark}, 1).status_code == 201


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "A", "changes": ["x"]}, "changes.0.change"),
        ({"name": "A", "changes": [HALF, {"kind": "x"}]}, "changes.1.kind"),
        ({"name": "A", "changes": [{**HALF, "percentage": 1e400}]}, "changes.0.percentage"),
        ({"name": "A", "changes": [{**HALF, "employees": ["M99"]}]}, "changes.0.employees"),
        ({"name": "A", "changes": [{**HALF, "more": 1}]}, "changes.0.more"),
        ({"name": "A", "changes": [RULE] * 101}, "changes"),
        ({"name": "A", "more": 1}, "more"),
        ({"name": "A", "changes": [RULE], "like": str(uuid4())}, "changes"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_place(
    rostering_site: Site, person: Person, period_id: UUID, body: dict[str, Any], place: str
) -> None:
    answer = call(person, "POST", f"/periods/{period_id}/scenarios", body)
    problem = value(answer, 422)
    assert answer.mimetype == "application/problem+json"
    assert place in problem["errors"].get("json", problem["errors"]), problem
    with work(rostering_site) as session:
        assert session.scalars(select(Scenario)).all() == []


def test_two_who_change_the_same_are_told(person: Person, period_id: UUID) -> None:
    scenario_id = made(person, period_id, "Ett")
    url = f"/scenarios/{scenario_id}/changes"
    assert call(person, "PUT", url, {"changes": [RULE]}).status_code == 428
    assert call(person, "PUT", url, {"changes": [RULE]}, 7).status_code == 412
    assert call(person, "DELETE", f"/scenarios/{scenario_id}", match=7).status_code == 412
    assert call(person, "DELETE", f"/scenarios/{scenario_id}").status_code == 428
    assert value(call(person, "GET", f"/scenarios/{scenario_id}"))["changes"] == []
    too_long = call(person, "POST", f"/scenarios/{scenario_id}/solves", {"seconds": 3601})
    assert too_long.status_code == 422


def test_only_who_may_and_only_the_own(rostering_site: Site, person: Person, period_id: UUID) -> None:
    scenario_id = made(person, period_id, "Hemligt")
    roster_id = rostered(rostering_site, scenario_id, Assignment("M03", 3, "D"))
    paths = [f"/periods/{period_id}/scenarios", f"/scenarios/{scenario_id}/result"]
    for role, status in (("employee", 403), ("viewer", 403), ("production_director", 200)):
        other = rostering_site.person("ett", role)
        assert [call(other, "GET", path).status_code for path in paths] == [status] * 2, role
        assert call(other, "GET", f"/scenarios/{scenario_id}/acceptance").status_code == 403, role
        assert call(other, "GET", f"/rosters/{roster_id}").status_code == 404, "not by way of rosters"
    stranger = rostering_site.person("annat", "administrator").client
    for path in paths:
        assert stranger.get(f"{API}{path}".replace("/ett/", "/annat/")).status_code == 404
