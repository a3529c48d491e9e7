"""The page of an optimisation: its choices, its run with the curve, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from rostering_pages import BASE, make_roster, work
from samplan.jobs.models import JobRun
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward import Pin, RuleProfile, WardData, WeeklyRequirement
from samplan_rostering.models import Roster, SolveTrace
from samplan_rostering.queries.rosters.stored import assignments
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.solving.traces import Trace, begin_trace
from samplan_rostering.solver.solution import Snapshot

FORM = {"goal": "balanced", "locks": "period", "start": "", "seconds": 2, "workers": 1, "seed": 1}


@pytest.fixture
def easy(ward: WardData) -> WardData:
    """The ward with a band of hours that its needs can keep, and one week."""
    return replace(ward, rules=replace(ward.rules, hours_band_percent=100))


@pytest.fixture
def period_id(rostering_site: Site, easy: WardData) -> UUID:
    with work(rostering_site) as session:
        return import_ward(session, easy)


def start(person: Person, period_id: UUID, **choices: Any) -> TestResponse:
    form = {**FORM, **choices}
    return person.client.post(f"{BASE}/periods/{period_id}/optimise", data=form, buffered=True)


def newest(site: Site) -> JobRun:
    with work(site) as session:
        run = session.scalars(select(JobRun).order_by(JobRun.id.desc()).limit(1)).one()
        session.expunge(run)
        return run


def test_a_roster_is_made_as_the_form_says_and_its_curve_stays(
    rostering_site: Site, period_id: UUID, easy: WardData
) -> None:
    person = rostering_site.person("ett", "scheduler")
    base = make_roster(rostering_site, easy, period_id, Assignment("M03", 3, "D"), Assignment("M02", 1, "D"))
    answer = start(person, period_id, locks="before", before="2027-01-06", start=str(base), goal="coverage")
    assert answer.status_code == 303, answer.text
    run = newest(rostering_site)
    assert (run.params["goal"], run.params["locks"], run.params["before"]) == (
        "coverage",
        "before",
        "2027-01-06",
    )
    page = person.client.get(f"{BASE}/periods/{period_id}/optimise").text
    assert f'hx-get="{BASE}/runs/{run.id}/curve"' in page

    rostering_site.dispatcher().work(rostering_site.core)

    assert newest(rostering_site).status == "succeeded", newest(rostering_site).error_details
    with work(rostering_site) as session:
        made = session.scalars(select(Roster).where(Roster.run_id == run.id)).one()
        cells = assignments(session, made)
        assert [cell for cell in cells if cell.day < 2] == [Assignment("M02", 1, "D")], "kept as they were"
        assert (made.status, made.bound) == ("feasible", None), "the search's bound is not the ward's"
        trace = session.scalars(select(SolveTrace).where(SolveTrace.run_id == run.id)).one()
        assert trace.points
        assert trace.cells is None
    page = person.client.get(f"{BASE}/periods/{period_id}/optimise").text
    assert "Så gick sökningen" in page
    assert "<svg" in page
    assert "hx-get" not in person.client.get(f"{BASE}/runs/{run.id}/curve").text


def test_the_best_so_far_shows_while_the_search_runs_and_a_new_attempt_goes_on_from_it(
    rostering_site: Site, period_id: UUID
) -> None:
    person = rostering_site.person("ett", "scheduler")
    start(person, period_id)
    run = newest(rostering_site)
    cells = (Assignment("M01", 0, "D"),)
    with work(rostering_site) as session:
        trace = begin_trace(session, run.id)
        assert trace.note(Snapshot(1.5, 4000, 10, cells))
        trace.store(session)
        assert not trace.note(Snapshot(1.6, 4000, 10, cells)), "nothing is new"
    fragment = person.client.get(f"{BASE}/runs/{run.id}/curve").text
    assert f'href="{BASE}/runs/{run.id}/best"' in fragment
    assert "4\N{NO-BREAK SPACE}000" in fragment
    assert "Åsa Exempel" in person.client.get(f"{BASE}/runs/{run.id}/best").text
    with work(rostering_site) as session:
        again: Trace = begin_trace(session, run.id)
    assert again.cells == cells
    again.note(Snapshot(1.0, 3000, 10, cells))
    assert again.points[-1] == (2.5, 3000, 10), "time goes on where the attempt before stopped"
    colleague = rostering_site.person("ett", "viewer").client
    neighbour = rostering_site.person("annat", "scheduler").client
    for path in ("curve", "best"):
        assert colleague.get(f"{BASE}/runs/{run.id}/{path}").status_code == 404
        assert neighbour.get(f"/t/annat/rostering/runs/{run.id}/{path}").status_code == 404
        assert person.client.get(f"{BASE}/runs/{uuid4()}/{path}").status_code == 404


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"locks": "before", "before": "2027-01-04"}, "Ange ett datum från 2027-01-05 till 2027-01-31."),
        ({"locks": "before", "before": "2027-01-08"}, "Välj schemat vars första dagar behålls."),
        ({"goal": "least_change"}, "ska ändras så lite som möjligt"),
        ({"goal": "money"}, "goal"),
        ({"start": str(uuid4())}, "start"),
        ({"seconds": 100_000}, "seconds"),
        ({"before": "i morgon", "locks": "before"}, "before"),
    ],
)
def test_choices_that_do_not_go_together_are_refused(
    rostering_site: Site, period_id: UUID, choices: dict[str, Any], told: str
) -> None:
    person = rostering_site.person("ett", "scheduler")
    answer = start(person, period_id, **choices)
    assert answer.status_code == 422
    assert told in answer.text
    with work(rostering_site) as session:
        assert session.scalars(select(JobRun)).all() == []


def test_a_search_that_cannot_end_well_is_refused_and_the_tick_starts_what_only_lacks_people(
    rostering_site: Site, easy: WardData
) -> None:
    person = rostering_site.person("ett", "scheduler")
    crowd = (*easy.weekly_requirements, WeeklyRequirement(2, "N", None, 5, 5, None))
    with work(rostering_site) as session:
        period_id = import_ward(session, replace(easy, weekly_requirements=crowd))
    page = person.client.get(f"{BASE}/periods/{period_id}/optimise").text
    assert f"{BASE}/periods/{period_id}/check?starting=1" in page
    told = person.client.get(f"{BASE}/periods/{period_id}/check?starting=1").text
    assert 'name="start_anyway" value="y" form="solve-form"' in told
    refused = start(person, period_id)
    assert refused.status_code == 422
    assert "4 krav kan inte uppfyllas av någon" in refused.text
    assert 'name="start_anyway"' in refused.text
    assert start(person, period_id, start_anyway="y").status_code == 303
    run = newest(rostering_site)
    assert run.params["start_anyway"] is True

    nobody = RuleSetting("weekly_rest", Level.HARD, parameters=(("minutes", "8640"),))
    full = tuple(replace(c, percentage=Decimal(100), fulltime_week_minutes=2400) for c in easy.contracts)
    hopeless = replace(easy, settings=(nobody,), contracts=full, rules=RuleProfile())
    with work(rostering_site) as session:
        import_ward(session, hopeless)
    refused = start(person, period_id, start_anyway="y")
    assert refused.status_code == 422
    assert "Inget schema är möjligt" in refused.text
    assert 'name="start_anyway"' not in refused.text
    assert newest(rostering_site).id == run.id


def test_a_search_does_not_start_from_a_roster_that_breaks_rules(
    rostering_site: Site, period_id: UUID, easy: WardData
) -> None:
    broken = make_roster(rostering_site, easy, period_id, Assignment("M04", 3, "D"))
    answer = start(rostering_site.person("ett", "scheduler"), period_id, start=str(broken))
    assert answer.status_code == 422
    assert "Schemat bryter mot regler" in answer.text
    assert easy.pins[1] == Pin("M04", date(2027, 1, 7), None)


def test_a_period_that_asks_for_nobody_is_not_searched(rostering_site: Site, easy: WardData) -> None:
    with work(rostering_site) as session:
        empty = import_ward(session, replace(easy, weekly_requirements=(), dated_requirements=()))
    person = rostering_site.person("ett", "scheduler")
    answer = start(person, empty)
    assert answer.status_code == 422
    for page in (answer.text, person.client.get(f"{BASE}/periods/{empty}/optimise").text):
        assert "Perioden har inga bemanningskrav" in page
        assert f'href="{BASE}/periods/{empty}/coverage"' in page
        assert 'id="solve-form"' not in page
    with work(rostering_site) as session:
        assert session.scalars(select(JobRun)).all() == []


def test_only_who_may_optimises_and_only_the_own(rostering_site: Site, period_id: UUID) -> None:
    for role, status in (("viewer", 403), ("production_director", 403), ("staffing_coordinator", 200)):
        person = rostering_site.person("ett", role)
        assert person.client.get(f"{BASE}/periods/{period_id}/optimise").status_code == status, role
    neighbour = rostering_site.person("annat", "scheduler").client
    assert neighbour.get(f"/t/annat/rostering/periods/{period_id}/optimise").status_code == 404
    assert start(rostering_site.person("ett", "scheduler"), uuid4()).status_code == 404
