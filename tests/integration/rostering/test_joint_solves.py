"""Several wards and their internal unit: asked for, solved in parts, stored together, judged as is."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hospital import hospital as hospital_of
from samplan.jobs.models import JobRun
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Person, Site
from samplan_rostering.domain.hospital import Hospital
from samplan_rostering.domain.ward import Pin
from samplan_rostering.models import Employee, PeriodEmployee, Roster
from samplan_rostering.solver import wards
from samplan_rostering.workbook import write_ward

API = "/api/v1/t/ett/rostering"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a ward of these sizes have less time than a real one."""
    monkeypatch.setattr(wards, "LEAST_SECONDS", 0.6)


@pytest.fixture
def small() -> Hospital:
    """Four wards of six people and an internal unit of three: too many kinds of shift for one problem."""
    return hospital_of(wards=4, staff=6, days=14, floating=3)


@pytest.fixture
def periods(rostering_site: Site, small: Hospital) -> tuple[list[str], str]:
    """Read everything in; gives the periods of the wards, and of the internal unit."""
    with rostering_site.core.database.unit_of_work(rostering_site.tenants["ett"].id) as session:
        region = session.scalars(select(OrgUnit.id).where(OrgUnit.kind == "region")).first()
        for ward in small.units:
            session.add(OrgUnit(kind="ward", code=ward.unit.code, name=ward.unit.name, parent_id=region))
    person = rostering_site.person("ett", "scheduler")
    ids = [imported(person, write_ward(ward)) for ward in small.units]
    return ids[:-1], ids[-1]


def imported(person: Person, content: bytes) -> str:
    file = {"file": (io.BytesIO(content), "ward.xlsx")}
    answer = person.client.post(f"{API}/imports", data=file, buffered=True)
    assert answer.status_code == 201, answer.text
    return str(json.loads(answer.text)["id"])


def body_of(periods: tuple[list[str], str], **options: Any) -> dict[str, Any]:
    wards, internal = periods
    return {"period_ids": wards, "internal_period_id": internal, "seconds": 10, "workers": 1, **options}


def got(person: Person, path: str) -> Any:
    return json.loads(person.client.get(path).text)


def solved(site: Site, person: Person, body: dict[str, Any]) -> dict[str, Any]:
    asked = person.client.post(f"{API}/joint-solves", json=body, buffered=True)
    assert asked.status_code == 202, asked.text
    site.dispatcher().work(site.core)
    run: dict[str, Any] = got(person, asked.location)
    return run


@pytest.mark.slow
def test_the_rosters_of_all_are_stored_together_and_hold_as_they_stand(
    rostering_site: Site, periods: tuple[list[str], str]
) -> None:
    person = rostering_site.person("ett", "scheduler")
    run = solved(rostering_site, person, body_of(periods))
    assert run["status"] == "succeeded", run
    result = run["result"]
    assert (result["wards"], result["wards_without_roster"]) == (4, 0)
    assert set(result["rosters"]) == {*periods[0], periods[1]}
    assert run["progress"]["wards"] == 4
    total = away = 0
    for period_id, roster_id in result["rosters"].items():
        roster = got(person, f"{API}/rosters/{roster_id}")
        judged = got(person, f"{API}/rosters/{roster_id}/evaluation")
        assert judged["violations"] == []
        assert judged["objective"] == roster["objective"], "guests are counted"
        total += roster["objective"]
        assert person.client.get(f"/t/ett/rostering/rosters/{roster_id}").status_code == 200
        if period_id == periods[1]:
            away = sum("/" in cell["shift"] for cell in roster["assignments"])
    assert total == result["objective"]
    assert away > 0, "somebody of the internal unit helps out"
    with rostering_site.core.database.unit_of_work(rostering_site.tenants["ett"].id) as session:
        parts = session.scalars(select(JobRun).where(JobRun.parent_id == UUID(run["id"]))).all()
        assert {part.job_type for part in parts} == {"rostering.solve_ward"}
        assert len(parts) >= 4
        assert {str(row.run_id) for row in session.scalars(select(Roster))} == {run["id"]}
    listed = {item["id"] for item in got(person, "/api/v1/t/ett/jobs")["items"]}
    assert listed == {run["id"]}


@pytest.mark.slow
def test_a_ward_that_cannot_be_rostered_keeps_no_other_from_its_roster(
    rostering_site: Site, periods: tuple[list[str], str], small: Hospital
) -> None:
    person = rostering_site.person("ett", "scheduler")
    first = small.wards[0]
    away = {row.employee for row in first.absences}
    code = next(e.code for e in first.employees[1:] if e.code not in away)
    locked = tuple(Pin(code, first.period.date_of(day), "D") for day in range(14))
    assert imported(person, write_ward(replace(first, pins=locked, wishes=()))) == periods[0][0]
    run = solved(rostering_site, person, body_of((periods[0][:2], periods[1]), internal_period_id=None))
    # Two small wards are one problem, which then has no solution; with the four each stands for itself.
    assert (run["status"], run["error_code"]) == ("failed", "infeasible")
    run = solved(rostering_site, person, body_of(periods, rounds=0))
    assert run["status"] == "succeeded", run
    assert run["result"]["wards_without_roster"] == 1
    assert periods[0][0] not in run["result"]["rosters"]
    assert len(run["result"]["rosters"]) == 4


def test_only_who_may_asks_for_several_wards(rostering_site: Site, periods: tuple[list[str], str]) -> None:
    body = body_of(periods)
    for role, status in (("viewer", 403), ("employee", 403), ("staffing_coordinator", 202)):
        person = rostering_site.person("ett", role)
        asked = person.client.post(f"{API}/joint-solves", json=body, buffered=True)
        assert asked.status_code == status, role
    neighbour = rostering_site.person("annat", "scheduler").client
    path = "/api/v1/t/annat/rostering/joint-solves"
    assert neighbour.post(path, json=body, buffered=True).status_code == 404
    assert neighbour.post(f"{API}/joint-solves", json=body, buffered=True).status_code == 404


def test_periods_that_do_not_go_together_are_refused(
    rostering_site: Site, periods: tuple[list[str], str], small: Hospital
) -> None:
    person = rostering_site.person("ett", "scheduler")

    def refused(**options: Any) -> Any:
        body = body_of(periods, **options)
        answer = person.client.post(f"{API}/joint-solves", json=body, buffered=True)
        assert answer.status_code == 422, answer.text
        return json.loads(answer.text)["errors"]

    wards, internal = periods
    assert "period_ids" in refused(period_ids=[wards[0], wards[0]])
    assert "period_ids" in refused(period_ids=[*wards, internal])
    later = replace(small.wards[0].period, start=small.wards[0].period.date_of(1))
    other = replace(small.wards[0], period=later, wishes=(), history=())
    assert "period_ids" in refused(period_ids=[imported(person, write_ward(other)), *wards[1:]])
    assert "seconds" in refused(seconds=4000)
    assert refused(period_ids=[])["json"]["period_ids"]
    assert refused(more=1)["json"]["more"]
    missing = body_of(periods, period_ids=[str(uuid4())])
    assert person.client.post(f"{API}/joint-solves", json=missing, buffered=True).status_code == 404
    with rostering_site.core.database.unit_of_work(rostering_site.tenants["ett"].id) as session:
        somebody = session.scalars(
            select(Employee.id).where(Employee.code == small.wards[0].employees[0].code)
        ).one()
        session.add(PeriodEmployee(period_id=UUID(wards[1]), employee_id=somebody, position=99))
    (told,) = refused()["period_ids"]
    assert small.wards[0].employees[0].code in told
    assert "flera" in told
