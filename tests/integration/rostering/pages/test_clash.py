"""Whether a period can have a roster: said at once where it contradicts itself, else searched for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from rostering_pages import BASE, make_roster, work
from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.jobs.models import JobRun
from samplan.testing.site import Person, Site
from samplan_rostering.domain.explain.news import News
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.rule_setting import Level, RuleSetting
from samplan_rostering.domain.ward import Absence, AbsenceKind, Pin, WardData, WeeklyRequirement
from samplan_rostering.jobs_explain import explain_period, replan_roster
from samplan_rostering.queries.periods.lists import get_roster
from samplan_rostering.queries.replanning import situation
from samplan_rostering.services.periods.wards import import_ward


@dataclass
class Context:
    """What a handler is given, without a worker."""

    site: Site
    run_id: UUID
    stop: bool = False
    told: int = 0

    @contextmanager
    def unit_of_work(self) -> Iterator[TenantSession]:
        with work(self.site) as session:
            yield session

    def progress(self, **_news: Any) -> bool:
        self.told += 1
        return not self.stop


def shown(person: Person, period_id: UUID, path: str = "clash") -> str:
    answer = person.client.get(f"{BASE}/periods/{period_id}/{path}".rstrip("/"))
    assert answer.status_code == 200, answer.text
    return answer.text


def stored(site: Site, ward: WardData) -> UUID:
    with work(site) as session:
        return import_ward(session, ward)


def searched(site: Site, person: Person, period_id: UUID, **params: Any) -> dict[str, Any]:
    """Ask for the search by the page, and do a worker's work."""
    form = {"seconds": 30, **({"hard_cover": "y"} if params.get("hard_cover") else {})}
    asked = person.client.post(f"{BASE}/periods/{period_id}/clash", data=form)
    assert asked.status_code == 303, asked.text
    assert "hx-get" in shown(person, period_id)
    with work(site) as session:
        run = session.scalars(select(JobRun).where(JobRun.job_type == "rostering.explain")).one()
        given = {"period_id": period_id, "hard_cover": run.params["hard_cover"], "seconds": 30}
    outcome = explain_period(Context(site, run.id), given)  # type: ignore[arg-type]
    with work(site) as session:
        run = session.get_one(JobRun, (session.tenant_id, run.id))
        run.status, run.result = "succeeded", dict(outcome.result)
    return dict(outcome.result)


def test_what_leaves_everybody_no_row_is_said_at_once(
    rostering_site: Site, scheduler: Person, ward: WardData
) -> None:
    one_day = RuleSetting("consecutive_days", Level.HARD, parameters=(("limit", "1"),))
    full = tuple(replace(c, percentage=Decimal(100), fulltime_week_minutes=2400) for c in ward.contracts)
    period_id = stored(rostering_site, replace(ward, settings=(one_day,), contracts=full, pins=()))
    page = shown(scheduler, period_id, "check")
    assert "Reglerna lämnar ingen en möjlig rad" in page
    assert "4 personer</summary>" in page
    assert page.count("hindras av: ") == 1, "told once for all four"
    assert "<li>Bo Exempel: krävs: 152:00, möjligt: 116:00</li>" in page
    assert re.search(r'lätta under: <a [^>]*href="[^"]*/rules">Regelprofil</a>', page)
    for path in ("", "optimise", "rules"):
        assert f"{BASE}/periods/{period_id}/check" in shown(scheduler, period_id, path), path


def test_a_locked_shift_during_absence_is_said_with_where_to_ease_it(
    rostering_site: Site, scheduler: Person, ward: WardData
) -> None:
    clashing = replace(ward, pins=(Pin("M01", date(2027, 1, 11), "D"),))
    page = shown(scheduler, stored(rostering_site, clashing))
    assert "Åsa Exempel: Inget pass under frånvaro, låst till Dag, 2027-01-11" in page
    assert re.search(r'lätta under: <a [^>]*href="[^"]*/import">Frånvaro</a>', page)


def test_a_need_that_nobody_can_meet_is_said(rostering_site: Site, scheduler: Person, ward: WardData) -> None:
    needs = (*ward.weekly_requirements, WeeklyRequirement(2, "N", None, 5, 5, None))
    page = shown(scheduler, stored(rostering_site, replace(ward, weekly_requirements=needs)), "check")
    assert "krav kan inte uppfyllas" in page
    assert "4 krav kan inte uppfyllas" in page
    assert "Krav Natt (lätta under:" in page
    assert "<summary>4 datum</summary>" in page
    assert "<li>2027-01-06, krävs: 5, möjligt: 4</li>" in page


def test_nothing_is_said_of_a_period_that_can_be(scheduler: Person, period_id: UUID) -> None:
    assert "möjligt" not in shown(scheduler, period_id, "check")
    assert "Inget motsäger sig" in shown(scheduler, period_id)


def test_the_search_names_the_smallest_clash_in_words(
    rostering_site: Site, scheduler: Person, ward: WardData
) -> None:
    monday = ward.period.start + timedelta(days=7)
    away = tuple(Absence(code, monday, monday, AbsenceKind.VACATION) for code in ("M01", "M02", "M03", "M04"))
    clashing = replace(ward, absences=away, pins=(), wishes=(), history=())
    period_id = stored(rostering_site, clashing)
    result = searched(rostering_site, scheduler, period_id, hard_cover=True)
    assert result["answer"]["verdict"] == "clash"
    page = shown(scheduler, period_id)
    assert "Konflikt 1" in page
    assert "Inget pass under frånvaro, 2027-01-11" in page
    with work(rostering_site) as session:
        import_ward(session, replace(clashing, absences=()))
    assert "Underlaget har ändrats" in shown(scheduler, period_id)


def test_a_search_that_finds_nothing_says_so(
    rostering_site: Site, scheduler: Person, period_id: UUID
) -> None:
    assert searched(rostering_site, scheduler, period_id)["answer"]["verdict"] == "possible"
    assert "Alla kan få en rad" in shown(scheduler, period_id)


def test_a_stopped_search_knows_nothing(rostering_site: Site, period_id: UUID) -> None:
    given = {"period_id": period_id, "hard_cover": True, "seconds": 30}
    context = Context(rostering_site, new_id(), stop=True)
    outcome = explain_period(context, given)  # type: ignore[arg-type]
    assert outcome.result["answer"]["verdict"] == "unknown"


def test_pages_ask_for_permission_and_bad_input_is_refused(
    rostering_site: Site, scheduler: Person, period_id: UUID
) -> None:
    reader = rostering_site.person("ett", "viewer").client
    neighbour = rostering_site.person("annat", "scheduler").client
    for path in ("check", "clash"):
        assert reader.get(f"{BASE}/periods/{period_id}/{path}").status_code == 403
        assert neighbour.get(f"/t/annat/rostering/periods/{period_id}/{path}").status_code == 404
    url = f"{BASE}/periods/{period_id}/clash"
    assert reader.post(url, data={"seconds": 5}).status_code == 403
    assert neighbour.post(f"/t/annat/rostering/periods/{period_id}/clash").status_code == 404
    assert scheduler.client.post(url, data={"seconds": 10**6}).status_code == 422


def test_the_least_change_is_searched_and_can_be_stopped(
    rostering_site: Site, ward: WardData, period_id: UUID
) -> None:
    roster_id = make_roster(rostering_site, ward, period_id, Assignment("M02", 9, "D"))
    today = date(2027, 1, 11)
    news = {"employee": "M02", "first": date(2027, 1, 13), "last": date(2027, 1, 14)}
    with work(rostering_site) as session:
        mark = str(situation(session, get_roster(session, roster_id), News(), today).mark)
    given: dict[str, Any] = {"roster_id": roster_id, "today": today, "away": [news], "needs": []}
    given |= {"seen": mark, "everywhere": False, "seconds": 3}
    context = Context(rostering_site, new_id())
    outcome = replan_roster(context, given)  # type: ignore[arg-type]
    assert ["M02", 9, "D", ""] in outcome.result["changes"]
    assert context.told > 2
