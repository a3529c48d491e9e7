"""The API of changes by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from rostering_edits import cells
from samplan.testing.site import Person, Site

API = "/api/v1/t/ett/rostering/rosters"
PLACE = {"cells": [{"employee": "M02", "date": "2027-01-05", "shift": "D", "locked": True}]}


def post(person: Person, roster_id: UUID, body: dict[str, Any], match: str | None = '"1"') -> TestResponse:
    headers = {} if match is None else {"If-Match": match}
    return person.client.post(f"{API}/{roster_id}/edits", json=body, headers=headers)


def test_a_change_is_made_listed_undone_and_redone(
    rostering_site: Site, roster_id: UUID, scheduler: Person
) -> None:
    made = post(scheduler, roster_id, PLACE)
    assert (made.status_code, made.headers["ETag"]) == (201, '"2"')
    assert made.json is not None
    assert made.json["edit"]["kind"] == "place"
    assert made.json["effect"]["minutes"] == {"M02": 480}
    assert {"uncovered", "text"} & made.json["effect"].keys() == {"text"}
    assert post(scheduler, roster_id, {"turn": "undo"}, '"2"').status_code == 201
    assert ("M02", 5) not in cells(rostering_site, roster_id)
    assert post(scheduler, roster_id, {"turn": "redo"}, '"3"').status_code == 201
    listed = scheduler.client.get(f"{API}/{roster_id}/edits?after=2")
    assert (listed.headers["ETag"], listed.json and listed.json["version"]) == ('"4"', 4)
    assert listed.json is not None
    assert [(edit["number"], edit["kind"], edit["of_number"]) for edit in listed.json["edits"]] == [
        (4, "redo", 2),
        (3, "undo", 2),
    ]
    assert listed.json["edits"][0]["cells"] == [
        {
            "employee": "M02",
            "date": "2027-01-05",
            "before": "",
            "after": "D",
            "lock_before": None,
            "lock_after": "D",
        }
    ]


@pytest.mark.parametrize(
    ("match", "body", "status"),
    [
        (None, PLACE, 428),
        ('"2"', PLACE, 412),
        ("nonsense", PLACE, 412),
        ('"1"', {}, 422),
        ('"1"', {**PLACE, "turn": "undo"}, 422),
        ('"1"', {"turn": "undo"}, 422),
        ('"1"', {"cells": [{"employee": "M02", "date": "2027-02-01", "shift": "D"}]}, 422),
        ('"1"', {"cells": [{"employee": "M02", "date": "2027-01-05", "shift": 1}]}, 422),
    ],
)
def test_what_is_refused_changes_nothing(
    rostering_site: Site,
    roster_id: UUID,
    scheduler: Person,
    match: str | None,
    body: dict[str, Any],
    status: int,
) -> None:
    before = cells(rostering_site, roster_id)
    answer = post(scheduler, roster_id, body, match)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert cells(rostering_site, roster_id) == before


@pytest.mark.parametrize("role", ["employee", "viewer", "production_director"])
def test_others_may_not_change_nor_read_who_did(rostering_site: Site, roster_id: UUID, role: str) -> None:
    person = rostering_site.person("ett", role)
    assert post(person, roster_id, PLACE).status_code == 403
    assert person.client.get(f"{API}/{roster_id}/edits").status_code == 403


@pytest.mark.parametrize("role", ["administrator", "ward_manager", "staffing_coordinator"])
def test_those_who_plan_may(rostering_site: Site, roster_id: UUID, role: str) -> None:
    assert post(rostering_site.person("ett", role), roster_id, PLACE).status_code == 201


def test_another_tenant_finds_nothing(rostering_site: Site, roster_id: UUID, scheduler: Person) -> None:
    stranger = rostering_site.person("annat", "administrator")
    there = API.replace("/ett/", "/annat/")
    for url in (f"{there}/{roster_id}/edits", f"{API}/{roster_id}/edits"):
        assert stranger.client.post(url, json=PLACE, headers={"If-Match": '"1"'}).status_code == 404
        assert stranger.client.get(url).status_code == 404
    assert scheduler.client.get(f"{API}/{roster_id}/edits").status_code == 200


def test_a_decided_period_answers_409(
    roster_id: UUID, scheduler: Person, set_state: Callable[[str], None]
) -> None:
    set_state("decided")
    assert post(scheduler, roster_id, PLACE).status_code == 409
