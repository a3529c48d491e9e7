"""Scenarios: made, changed, rostered, compared with the period and accepted; and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from rostering_pages import BASE, counted, make_roster, sheets, work
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.scenario.apply import KINDS
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Roster, RosterPeriod, Scenario
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.queries.scenarios.stored import scenario_ward
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, Status


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


def post(person: Person, path: str, **form: Any) -> TestResponse:
    return person.client.post(f"{BASE}{path}", data=form, buffered=True)


def made(person: Person, period_id: UUID, name: str, **form: Any) -> UUID:
    answer = post(person, f"/periods/{period_id}/scenarios", name=name, **form)
    assert answer.status_code == 303, answer.text
    return UUID(answer.location.rpartition("/")[2])


def change(person: Person, scenario_id: UUID, kind: str, version: int = 1, **form: Any) -> TestResponse:
    return post(person, f"/scenarios/{scenario_id}/changes?kind={kind}", version=version, **form)


def rostered(site: Site, scenario_id: UUID, *cells: Assignment) -> None:
    """Store a roster of a scenario, as its run would."""
    with work(site) as session:
        ward = scenario_ward(session, scenario_id)
        origin = Made(uuid4(), uuid4(), scenario_id, input_hash(ward), "scenario", "scenario")
        store_roster(session, origin, ward, Solution(Status.FEASIBLE, 9, 0, 1.5, 1, {}, {}, cells))


def test_a_scenario_is_made_rostered_and_never_among_the_periods_rosters(
    rostering_site: Site, person: Person, period_id: UUID
) -> None:
    scenario_id = made(person, period_id, "Färre nätter")
    page = person.client.get(f"{BASE}/scenarios/{scenario_id}?kind=staffing").text
    assert "Procent av dagens" in page
    assert page.index("måndag") < page.index("söndag"), "0 is Monday"
    answer = change(person, scenario_id, "staffing", percent=50, shifts=["D"], weekdays=["5", "6"])
    assert answer.status_code == 303, answer.text
    started = post(person, f"/scenarios/{scenario_id}/simulate", seconds=1, workers=1, seed=1)
    assert started.status_code == 303, started.text
    assert "hx-get" in person.client.get(f"{BASE}/scenarios/{scenario_id}").text
    rostering_site.dispatcher().work(rostering_site.core)
    fragment = person.client.get(f"{BASE}/scenarios/{scenario_id}/progress").text
    assert 'id="scenario-outcome"' in fragment
    assert "Obemannade timmar" in fragment
    with work(rostering_site) as session:
        roster = session.scalars(select(Roster)).one()
        assert (roster.origin, roster.scenario_id, roster.period_id) == ("scenario", scenario_id, None)
        assert session.get_one(Scenario, (session.tenant_id, scenario_id)).changes == [
            {"kind": "staffing", "shifts": ["D"], "weekdays": [5, 6], "percent": 50}
        ]
    assert "Inget schema än" in person.client.get(f"{BASE}/periods/{period_id}").text
    grid = person.client.get(f"{BASE}/scenarios/{scenario_id}/roster")
    assert "Åsa Exempel" in grid.text


def test_scenarios_are_compared_with_the_period_and_exported(
    rostering_site: Site, person: Person, period_id: UUID, easy: WardData
) -> None:
    make_roster(rostering_site, easy, period_id, Assignment("M03", 3, "D"))
    ids = [made(person, period_id, name) for name in ("Ett", "Två")]
    change(person, ids[0], "staffing", percent=0)
    change(person, ids[1], "staffing", percent=100, weekdays=["0", "6"])
    for scenario_id in ids:
        rostered(rostering_site, scenario_id, Assignment("M03", 3, "D"), Assignment("M02", 1, "D"))
    query = "&".join(f"scenario={key}" for key in ids)
    page = person.client.get(f"{BASE}/periods/{period_id}/scenarios/compare?{query}").text
    assert "Perioden som den är" in page
    (row,) = re.findall(r"<tr><th scope=\"row\">Obemannade timmar</th>.*?</tr>", page, re.DOTALL)
    assert row.count("bättre") == 2, "one asks for nobody, the other has one more at work"
    assert "0:00" in row
    assert page.count("Bo Exempel") == 2, "who works another day, once for each scenario"
    assert "Cia Exempel" not in page, "who works as before"
    assert "1 ändrad dag, 1 person" in page
    assert page.count("0/1</del>") >= 2, "staffing of that day, before"
    book = person.client.get(f"{BASE}/periods/{period_id}/scenarios/compare.xlsx?{query}")
    assert sheets(book) == ["Jämförelse"]
    assert person.client.get(f"{BASE}/periods/{period_id}/scenarios/compare").status_code == 422
    assert "veckodagar: måndag, söndag" in person.client.get(f"{BASE}/scenarios/{ids[1]}").text
    listed = person.client.get(f"{BASE}/periods/{period_id}/scenarios").text
    assert listed.count("Schemalagt") == 2


def test_the_list_reads_the_period_once_for_all_scenarios(
    rostering_site: Site, person: Person, period_id: UUID
) -> None:
    rostered(rostering_site, made(person, period_id, "Ett"))
    url = f"{BASE}/periods/{period_id}/scenarios"
    person.client.get(url)
    with counted(rostering_site) as few:
        person.client.get(url)
    for name in ("Två", "Tre", "Fyra"):
        rostered(rostering_site, made(person, period_id, name))
    with counted(rostering_site) as many:
        assert person.client.get(url).text.count("Schemalagt") == 4
    assert len(many) == len(few)


def test_accepting_shows_what_changes_and_then_makes_it_the_periods(
    rostering_site: Site, person: Person, period_id: UUID
) -> None:
    scenario_id = made(person, period_id, "Deltid")
    change(person, scenario_id, "contract", employees=["M01"], percentage="50")
    early = person.client.get(f"{BASE}/scenarios/{scenario_id}/accept")
    assert early.status_code == 422
    assert "innan du antar det" in early.text
    rostered(rostering_site, scenario_id, Assignment("M03", 3, "D"))
    page = person.client.get(f"{BASE}/scenarios/{scenario_id}/accept").text
    assert "Åsa Exempel" in page, "whose contract changes"
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    stale = post(person, f"/scenarios/{scenario_id}/accept", version=2, seen="other")
    assert stale.status_code == 409
    with work(rostering_site) as session:
        assert session.get_one(RosterPeriod, (session.tenant_id, period_id)).version == 1

    answer = post(person, f"/scenarios/{scenario_id}/accept", version=2, seen=seen)

    assert answer.status_code == 303, answer.text
    with work(rostering_site) as session:
        now = ward_data(session, period_id)
        own = [row for row in now.contracts if row.employee == "M01"]
        assert [str(row.percentage.normalize()) for row in own] == ["75.5", "5E+1", "75.5"]
        roster = session.scalars(select(Roster).where(Roster.period_id == period_id)).one()
        assert (roster.origin, roster.input_hash) == ("scenario", input_hash(now))
    assert person.client.get(answer.location).status_code == 200
    assert change(person, scenario_id, "limit", 3, name="weight_wish", value=2).status_code == 409
    assert "Antaget" in person.client.get(f"{BASE}/scenarios/{scenario_id}").text


def test_a_decided_period_takes_no_scenario(rostering_site: Site, person: Person, period_id: UUID) -> None:
    scenario_id = made(person, period_id, "Sent")
    rostered(rostering_site, scenario_id)
    with work(rostering_site) as session:
        session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = "decided"
    assert person.client.get(f"{BASE}/scenarios/{scenario_id}/accept").status_code == 409


def test_every_kind_has_a_form_and_every_fault_its_message(person: Person, period_id: UUID) -> None:
    scenario_id = made(person, period_id, "Fel")
    for kind in KINDS:
        form = person.client.get(f"{BASE}/scenarios/{scenario_id}?kind={kind}")
        assert form.status_code == 200, kind
        own = {
            "crisis": "profilens egna",
            "vacancy": "ett yrke och hur många",
            "limit": "Dygnsvila (minuter)",
        }
        assert own.get(kind, "") in form.text
        assert kind not in own or "Inget valt betyder alla" not in form.text
        assert change(person, scenario_id, kind, value="x").status_code in (303, 422), kind
    told = change(person, scenario_id, "staffing", minimum=3, target=2)
    assert told.status_code == 422
    assert "antal i ordning" in told.text or "minst" in told.text
    assert change(person, scenario_id, "nothing").status_code == 422
    assert change(person, scenario_id, "limit", 7, name="weight_wish", value=2).status_code == 409
    assert post(person, f"/scenarios/{scenario_id}/changes/9/remove", version=1).status_code == 422
    taken = post(person, f"/periods/{period_id}/scenarios", name=" Fel ")
    assert taken.status_code == 422
    assert "redan ett scenario" in taken.text
    for name in ("", "x" * 81, "a\x00b"):
        assert post(person, f"/periods/{period_id}/scenarios", name=name).status_code == 422


def test_changes_are_removed_copied_and_no_longer_fit(
    rostering_site: Site, person: Person, period_id: UUID, easy: WardData
) -> None:
    first = made(person, period_id, "Utan M04")
    assert change(person, first, "vacancy", employees=["M04"]).status_code == 303
    copy = made(person, period_id, "Kopia", like=str(first))
    with work(rostering_site) as session:
        assert session.get_one(Scenario, (session.tenant_id, copy)).changes == [
            {"kind": "vacancy", "employees": ["M04"]}
        ]
        without = {"employees": easy.employees[:3], "contracts": easy.contracts[:3], "pins": easy.pins[:1]}
        import_ward(session, replace(easy, **without))
    page = person.client.get(f"{BASE}/scenarios/{first}").text
    assert "passar inte längre" in page
    assert post(person, f"/scenarios/{first}/simulate", seconds=1, workers=1, seed=1).status_code == 422
    assert post(person, f"/scenarios/{first}/changes/0/remove", version=2).status_code == 303
    assert "passar inte längre" not in person.client.get(f"{BASE}/scenarios/{first}").text
    for version in (2, ""):
        assert post(person, f"/scenarios/{copy}/delete", version=version).status_code == 409
    assert post(person, f"/scenarios/{copy}/delete", version=1).status_code == 303
    assert person.client.get(f"{BASE}/scenarios/{copy}").status_code == 404


def test_only_who_may_sees_scenarios_and_only_the_own(
    rostering_site: Site, person: Person, period_id: UUID
) -> None:
    scenario_id = made(person, period_id, "Hemligt")
    for role, status in (("viewer", 403), ("employee", 403), ("production_director", 200)):
        other = rostering_site.person("ett", role).client
        assert other.get(f"{BASE}/periods/{period_id}/scenarios").status_code == status, role
        assert other.get(f"{BASE}/scenarios/{scenario_id}").status_code == status, role
        assert other.get(f"{BASE}/scenarios/{scenario_id}/accept").status_code == 403, role
    neighbour = rostering_site.person("annat", "scheduler").client
    for path in (f"scenarios/{scenario_id}", f"periods/{period_id}/scenarios"):
        assert neighbour.get(f"/t/annat/rostering/{path}").status_code == 404


def test_a_rule_is_chosen_and_its_figures_are_asked_for_with_unit_and_value(
    rostering_site: Site, person: Person, period_id: UUID
) -> None:
    scenario_id = made(person, period_id, "Regler")
    page = f"{BASE}/scenarios/{scenario_id}?kind=rule"
    assert "figure." not in person.client.get(page).text, "the rule first"
    form = person.client.get(f"{page}&rule=consecutive_days").text
    assert 'name="figure.consecutive_days.limit" value="5"' in form
    assert "1–31 dagar" in form
    said = {"rule": "consecutive_days", "level.consecutive_days": "hard"}
    wrong = change(person, scenario_id, "rule", **said, **{"figure.consecutive_days.limit": "40"})
    assert wrong.status_code == 422
    assert 'href="#figure.consecutive_days.limit"' in wrong.text
    assert 'name="figure.consecutive_days.limit" value="40"' in wrong.text, "as it was sent"
    for more in (
        {"figure.consecutive_days.limit": "x"},
        {"valid_from": "x"},
        {"employee": "X"},
        {"rule": "x"},
    ):
        assert change(person, scenario_id, "rule", **(said | more)).status_code == 422, more
    right = change(person, scenario_id, "rule", **said, **{"figure.consecutive_days.limit": "4"})
    assert right.status_code == 303
    with work(rostering_site) as session:
        (stored,) = session.get_one(Scenario, (session.tenant_id, scenario_id)).changes
    assert (stored["rule"], stored["level"], stored["parameters"]) == (
        "consecutive_days",
        "hard",
        {"limit": "4"},
    )
    page = person.client.get(f"{BASE}/scenarios/{scenario_id}?kind=rule&rule=consecutive_days").text
    assert "högst: 4 dagar" in page
    assert 'name="figure.consecutive_days.limit" value="4"' in page, "as the scenario has it now"
    assert change(person, scenario_id, "rule", 1, **said).status_code == 409


def test_a_limit_is_asked_for_with_its_value(person: Person, period_id: UUID) -> None:
    scenario_id = made(person, period_id, "Gräns")
    form = person.client.get(f"{BASE}/scenarios/{scenario_id}?kind=limit&name=max_weekends_percent").text
    assert "Nu: 50" in form
    wrong = change(person, scenario_id, "limit", name="max_shift_minutes", value=900)
    assert wrong.status_code == 422
    assert 'href="#value"' in wrong.text
    assert change(person, scenario_id, "limit", name="max_weekends_percent", value=60).status_code == 303
