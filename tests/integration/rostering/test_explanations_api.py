"""Explanations of a stored roster through the API: exact, by permission, and for one tenant only."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from samplan.audit.models import AuditEntry
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status
from samplan_rostering.workbook import write_ward

API = "/api/v1/t/ett/rostering"
QUESTIONS = (
    "why-not?employee=M02&day=1&shift=D",
    "gap-reasons?day=1&shift=D&skill=SSK",
    "recommendations?day=1&shift=D&skill=SSK",
    "shares",
)


@pytest.fixture
def scheduler(rostering_site: Site) -> Person:
    return rostering_site.person("ett", "scheduler")


@pytest.fixture
def roster_id(rostering_site: Site, scheduler: Person, ward: WardData) -> UUID:
    """Store a roster in which M01 works the first day, and nobody the others."""
    source_id = imported(scheduler, write_ward(ward))
    return stored(rostering_site, ward, source_id, [Assignment("M01", 0, "D")])


def imported(person: Person, content: bytes) -> UUID:
    answer = person.client.post(f"{API}/imports", data={"file": (io.BytesIO(content), "f")}, buffered=True)
    assert answer.status_code == 201, answer.text
    return UUID(json.loads(answer.text)["id"])


def stored(site: Site, ward: WardData | None, source_id: UUID, cells: Iterable[Assignment]) -> UUID:
    solution = Solution(Status.FEASIBLE, 0, None, 1.0, 1, {}, {}, tuple(cells))
    made = Made(uuid4(), uuid4(), source_id, input_hash(ward) if ward else "")
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        store_roster(session, made, ward, solution)
    return made.roster_id


def got(person: Person, path: str, status: int = 200) -> Any:
    answer = person.client.get(f"{API}/{path}")
    assert answer.status_code == status, answer.text
    return json.loads(answer.text)


def test_why_not_tells_rules_gaps_costs_and_hours(scheduler: Person, roster_id: UUID) -> None:
    answer = got(scheduler, f"rosters/{roster_id}/why-not?employee=M02&day=1&shift=D")
    effect = answer["effect"]
    assert (answer["current"], effect["minutes"]) == ("", {"M02": 480})
    assert [(gap["day"], gap["shift"], gap["missing"]) for gap in effect["closed"]] == [(1, "D", 1)]
    assert effect["points"] == sum(effect["costs"].values())
    assert effect["costs"]["under_minimum"] == -1000
    away = got(scheduler, f"rosters/{roster_id}/why-not?employee=M01&day=7&shift=D")["effect"]["broken"]
    assert [violation["rule"] for violation in away] == ["absence"]
    assert "Inget pass under frånvaro" in away[0]["text"]


def test_the_reasons_of_a_gap_are_grouped_by_rule(scheduler: Person, roster_id: UUID) -> None:
    answer = got(scheduler, f"rosters/{roster_id}/gap-reasons?day=7&shift=D&skill=SSK")
    assert (answer["missing"], answer["there"]) == (1, [])
    assert answer["rules"]["absence"] == ["M01"]
    assert "M02" in answer["free"]
    assert len(answer["people"]) == 4


def test_suggestions_come_ranked_with_their_effect(scheduler: Person, roster_id: UUID) -> None:
    answer = got(scheduler, f"rosters/{roster_id}/recommendations?day=7&shift=D&skill=SSK&most=2")
    assert [suggestion["kind"] for suggestion in answer["suggestions"]] == ["direct", "direct"]
    points = [suggestion["effect"]["points"] for suggestion in answer["suggestions"]]
    assert points == sorted(points)
    assert all(suggestion["effect"]["broken"] == [] for suggestion in answer["suggestions"])
    assert (answer["call_off"], answer["reasons"]) == (False, None)


def test_the_shares_sum_up_to_the_objective(scheduler: Person, roster_id: UUID) -> None:
    shares = got(scheduler, f"rosters/{roster_id}/shares")
    judged = got(scheduler, f"rosters/{roster_id}/evaluation")
    assert shares["objective"] == judged["objective"] > 0
    for view in ("by_term", "by_employee", "by_day"):
        assert sum(shares[view].values()) == shares["objective"]
    assert sum(charge["points"] for charge in shares["charges"]) == shares["objective"]


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("why-not?employee=X&day=0&shift=D", "employee"),
        ("why-not?employee=M01&day=28&shift=D", "day"),
        ("why-not?employee=M01&day=-1&shift=D", "day"),
        ("gap-reasons?day=0&shift=X", "shift"),
        ("gap-reasons?day=0&shift=D&skill=X", "skill"),
        ("recommendations?day=0&shift=D&most=11", "most"),
        ("recommendations?shift=D", "day"),
    ],
)
def test_a_question_about_what_there_is_not_names_the_field(
    scheduler: Person, roster_id: UUID, question: str, field: str
) -> None:
    refused = got(scheduler, f"rosters/{roster_id}/{question}", 422)
    assert field in json.dumps(refused["errors"])


@pytest.mark.parametrize("question", QUESTIONS)
def test_only_who_may_see_wards_is_told_and_nothing_is_recorded(
    rostering_site: Site, scheduler: Person, roster_id: UUID, question: str
) -> None:
    reader = rostering_site.person("ett", "viewer")
    neighbour = rostering_site.person("annat", "scheduler").client
    before = recorded(rostering_site)

    got(scheduler, f"rosters/{roster_id}/{question}")

    assert recorded(rostering_site) == before
    assert reader.client.get(f"{API}/rosters/{roster_id}/{question}").status_code == 403
    assert neighbour.get(f"{API}/rosters/{roster_id}/{question}").status_code == 404
    other = f"/api/v1/t/annat/rostering/rosters/{roster_id}/{question}"
    assert neighbour.get(other).status_code == 404
    got(scheduler, f"rosters/{uuid4()}/{question}", 404)


def recorded(site: Site) -> int:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_a_benchmark_problems_roster_is_not_explained(
    rostering_site: Site, scheduler: Person, benchmark_text: str
) -> None:
    source_id = imported(scheduler, benchmark_text.encode())
    roster_id = stored(rostering_site, None, source_id, [])
    for question in QUESTIONS:
        assert scheduler.client.get(f"{API}/rosters/{roster_id}/{question}").status_code == 404
