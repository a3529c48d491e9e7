"""Re-planning by pages: who could come, old and new side by side, accepted whole or refused whole."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from rostering_pages import BASE, make_roster, work
from samplan.audit.models import AuditEntry
from samplan.clock import SystemClock
from samplan.jobs.models import JobRun
from samplan.testing.site import Person, Site
from samplan_rostering.domain.explain.news import Away, News
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import DatedRequirement, Skill, WardData
from samplan_rostering.models import Absence, Requirement, Roster, RosterPeriod
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.queries.replanning import situation
from samplan_rostering.queries.rosters.stored import assignments, input_hash
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.web.replanning import views as replanning

TODAY = datetime(2027, 1, 11, 6, tzinfo=UTC)  # the eighth day of the period
SICK = {"away-employee": "M02", "away-first": "2027-01-13", "away-last": "2027-01-14"}
CELLS = (Assignment("M02", 9, "D"), Assignment("M02", 10, "D"), Assignment("M03", 3, "D"))


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _self: TODAY)


@pytest.fixture
def roster_id(rostering_site: Site, ward: WardData, period_id: UUID) -> UUID:
    """M02 works on the 13th and 14th, M03 a day that is over."""
    return make_roster(rostering_site, ward, period_id, *CELLS)


Post = Callable[..., str]


@pytest.fixture
def post(scheduler: Person, roster_id: UUID) -> Post:
    """Post to the roster's re-planning as the scheduler."""

    def send(path: str, form: dict[str, object], status: int = 200) -> str:
        answer = scheduler.client.post(f"{BASE}/rosters/{roster_id}/replan{path}", data=form)
        assert answer.status_code == status, answer.text
        return answer.text

    return send


def fields(shown: str, action: str) -> dict[str, object]:
    """Return the hidden fields of the form with an action."""
    form = shown[shown.index(f'action="{action}"') if action in shown else 0 :]
    form = form[: form.index("</form>")]
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def rosters(site: Site, period_id: UUID) -> list[Roster]:
    with work(site) as session:
        own = select(Roster).where(Roster.period_id == period_id).order_by(Roster.number)
        return list(session.scalars(own))


def chosen(post: Post, roster_id: UUID) -> dict[str, object]:
    """Let M02 fall ill, choose the first replacement of the first lost shift, and return what is accepted."""
    here = f"{BASE}/rosters/{roster_id}/replan"
    answer = post("", SICK)
    ask = fields(answer, f"{here}/replacements")
    choices = re.findall(r'name="choice" value="([^"]*)"', post("/replacements", ask))
    shown = post("/preview", {"news": ask["news"], "choice": html.unescape(choices[0])})
    return fields(shown, f"{here}/accept")


def test_a_sick_call_tells_what_falls_away_and_who_could_come(post: Post, roster_id: UUID) -> None:
    answer = post("", SICK)
    assert "De här passen faller bort" in answer
    assert answer.count('hx-trigger="load"') == 2
    ask = fields(answer, f"{BASE}/rosters/{roster_id}/replan/replacements")
    part = post("/replacements", ask)
    assert "<html" not in part
    assert "Tar passet" in part
    assert "&#34;M02&#34;" not in part  # who is ill is not asked


def test_more_people_are_asked_for_as_well(post: Post, roster_id: UUID) -> None:
    need = {"need-on": "2027-01-20", "need-shift": "N", "need-skill": "", "need-number": 2}
    ask = fields(post("", need), f"{BASE}/rosters/{roster_id}/replan/replacements")
    assert json.loads(str(ask["news"]))["needs"] == [["2027-01-20", "N", None, 2]]
    assert "Tar passet" in post("/replacements", ask)


def test_old_and_new_stand_side_by_side_with_notice(post: Post, roster_id: UUID) -> None:
    ask = fields(post("", SICK), f"{BASE}/rosters/{roster_id}/replan/replacements")
    choice = html.unescape(re.findall(r'name="choice" value="([^"]*)"', post("/replacements", ask))[0])
    shown = post("/preview", {"news": ask["news"], "choice": choice})
    assert "3 ändrade celler" in shown
    assert "14 dagars varsel" in shown
    assert shown.count('class="ro-new"') == 3
    twice = post("/preview", {"news": ask["news"], "choice": [choice, choice]}, 422)
    assert "Två av valen" in twice


def test_accepting_stores_roster_and_absence_together(
    rostering_site: Site, post: Post, ward: WardData, period_id: UUID, roster_id: UUID
) -> None:
    with work(rostering_site) as session:
        session.get_one(Roster, (session.tenant_id, roster_id)).chosen = True
        session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = "published"
    form = chosen(post, roster_id)
    assert rosters(rostering_site, period_id)[-1].id == roster_id  # nothing is saved by looking
    post("/accept", form | {"kind": "parental"}, 303)

    old, new = rosters(rostering_site, period_id)
    assert (new.origin, new.based_on_id, new.chosen, old.chosen) == ("replanned", old.id, True, False)
    with work(rostering_site) as session:
        now = ward_data(session, period_id)
        assert new.input_hash == input_hash(now)
        cells = assignments(session, new)
        assert not [cell for cell in cells if cell.employee == "M02"]
        assert Assignment("M03", 3, "D") in cells
        added = set(now.absences) - set(ward.absences)
        assert [(a.employee, a.first, a.last, a.kind.value) for a in added] == [
            ("M02", date(2027, 1, 13), date(2027, 1, 14), "parental")
        ]
        actions = set(session.scalars(select(AuditEntry.action)))
        assert {"roster.replanned", "employee.changed"} <= actions
        assert "2027-01-13" not in str(list(session.scalars(select(AuditEntry.after))))


def test_a_part_of_a_day_takes_what_it_meets(rostering_site: Site, post: Post, roster_id: UUID) -> None:
    here = f"{BASE}/rosters/{roster_id}/replan"
    answer = post("", SICK | {"away-last": "2027-01-13", "away-start": "13:00", "away-end": "15:00"})
    shown = post("/preview", fields(answer, f"{here}/preview"))
    post("/accept", fields(shown, f"{here}/accept") | {"kind": "leave"}, 303)
    with work(rostering_site) as session:
        (row,) = session.execute(select(Absence.end_time, Absence.kind).where(Absence.start_time == time(13)))
    assert tuple(row) == (time(15), "leave")


def test_a_decided_roster_is_not_re_planned(
    rostering_site: Site, post: Post, period_id: UUID, roster_id: UUID
) -> None:
    form = chosen(post, roster_id)
    with work(rostering_site) as session:
        session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = "decided"
    assert "Öppna perioden" in post("/accept", form, 409)
    assert len(rosters(rostering_site, period_id)) == 1


def test_accepting_records_new_demand(
    rostering_site: Site, post: Post, period_id: UUID, roster_id: UUID
) -> None:
    here = f"{BASE}/rosters/{roster_id}/replan"
    need = {"need-on": "2027-01-20", "need-shift": "N", "need-skill": "", "need-number": 2}
    ask = fields(post("", need), f"{here}/replacements")
    form = fields(post("/preview", {"news": ask["news"]}), f"{here}/accept")
    post("/accept", form, 303)
    with work(rostering_site) as session:
        row = session.scalars(select(Requirement).where(Requirement.on_date == date(2027, 1, 20))).one()
        assert (row.minimum, row.target, row.maximum) == (2, 2, None)


def test_a_roster_or_input_that_changed_meanwhile_is_refused(
    rostering_site: Site, post: Post, period_id: UUID, roster_id: UUID
) -> None:
    form = chosen(post, roster_id)
    post("/accept", form, 303)
    for _again in range(2):
        assert "har ändrats under tiden" in post("/accept", form, 409)
    assert len(rosters(rostering_site, period_id)) == 2
    with work(rostering_site) as session:
        assert session.scalar(select(func.count()).select_from(Absence)) == 3


def test_who_was_told_of_a_change_costs_more_to_change_again(
    rostering_site: Site, post: Post, scheduler: Person, period_id: UUID, roster_id: UUID
) -> None:
    post("/accept", chosen(post, roster_id), 303)
    new = rosters(rostering_site, period_id)[-1]
    with work(rostering_site) as session:
        came = next(c for c in assignments(session, new) if c.day == 9)
    url = f"{BASE}/rosters/{new.id}/replan"
    need = {"need-on": "2027-01-20", "need-shift": "D", "need-skill": "SSK", "need-number": 1}
    answer = scheduler.client.post(url, data=need).text
    change = json.dumps([[came.employee, 9, "D", ""]])
    form = {"news": fields(answer, f"{url}/replacements")["news"], "choice": change}
    shown = scheduler.client.post(f"{url}/preview", data=form).text
    assert "har redan fått besked" in shown
    assert ">200<" in shown


@pytest.mark.parametrize(
    "changes",
    ['[["M03",3,"D",""]]', '[["M04",99,"","D"]]', '[["M04",9,"D",""]]', '[["X",9,"","D"]]',
     '[["M04",9,"","X"]]', "[]]", "[" * 100_000, '[["M04",9,"","\\ud800"]]'],
)  # fmt: skip
def test_what_is_over_or_makes_no_sense_is_refused(
    rostering_site: Site, post: Post, period_id: UUID, roster_id: UUID, changes: str
) -> None:
    form = chosen(post, roster_id)
    post("/accept", form | {"changes": changes}, 422)
    post("/accept", form | {"kind": "unwell"}, 422)
    for news in ("{}", "[" * 100_000, '{"away":[],"needs":[["2027-01-20",[],null,1]]}'):
        post("/accept", form | {"news": news}, 422)
    assert len(rosters(rostering_site, period_id)) == 1


def test_a_change_that_breaks_a_rule_is_not_accepted(
    rostering_site: Site, post: Post, period_id: UUID, roster_id: UUID
) -> None:
    form = chosen(post, roster_id)
    absent = json.dumps([["M01", 8, "", "D"], ["M04", 9, "", "N"], ["M04", 10, "", "D"]])
    shown = post("/preview", {"news": form["news"], "choice": absent})
    assert "kan inte godkännas" in shown
    post("/accept", form | {"changes": absent}, 422)
    assert len(rosters(rostering_site, period_id)) == 1


@pytest.mark.parametrize(
    "wrong",
    [SICK | {"away-employee": "X"}, SICK | {"away-last": "2027-01-12"}, SICK | {"away-first": "x"},
     SICK | {"away-first": "2027-01-05", "away-last": "2027-01-06"}, {},
     SICK | {"away-start": "13:00"}, SICK | {"away-start": "15:00", "away-end": "13:00"},
     {"need-on": "2027-01-05", "need-shift": "D", "need-number": 1},
     {"need-on": "2027-01-20", "need-shift": "X", "need-number": 1},
     {"need-on": "2027-01-20", "need-shift": "D", "need-number": -1}],
)  # fmt: skip
def test_news_that_make_no_sense_are_told_at_their_field(post: Post, wrong: dict[str, object]) -> None:
    assert "ds-error-summary" in post("", wrong, 422)


def test_a_search_is_started_within_the_limits(
    rostering_site: Site, post: Post, scheduler: Person, roster_id: UUID
) -> None:
    news = fields(post("", SICK), f"{BASE}/rosters/{roster_id}/replan/search")["news"]
    post("/search", {"news": news, "seconds": 100_000}, 422)
    post("/search", {"news": news, "seconds": 5}, 303)
    with work(rostering_site) as session:
        run = session.scalars(select(JobRun).where(JobRun.job_type == "rostering.replan")).one()
    page = f"{BASE}/rosters/{roster_id}/replan/runs/{run.id}"
    assert "hx-get" in scheduler.client.get(page).text
    assert rostering_site.person("ett", "ward_manager").client.get(page).status_code == 404
    assert scheduler.client.get(f"{BASE}/rosters/{roster_id}/replan/runs/{uuid4()}").status_code == 404


def test_each_page_asks_for_its_permission_and_another_tenant_finds_nothing(
    rostering_site: Site, roster_id: UUID
) -> None:
    reader = rostering_site.person("ett", "viewer").client
    neighbour = rostering_site.person("annat", "scheduler").client
    for path in ("", "/preview", "/accept", "/replacements", "/search"):
        url = f"rostering/rosters/{roster_id}/replan{path}"
        assert reader.post(f"/t/ett/{url}", data=SICK).status_code == 403
        assert neighbour.post(f"/t/annat/{url}", data=SICK).status_code == 404
    assert reader.get(f"{BASE}/rosters/{roster_id}/replan").status_code == 403


def test_a_period_that_is_over_is_not_re_planned(
    scheduler: Person, roster_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replanning, "today", lambda: date(2027, 3, 1))
    assert "Hela perioden är slut" in scheduler.client.get(f"{BASE}/rosters/{roster_id}/replan").text


def test_gaps_that_the_news_open_stand_apart_from_what_lacked_people_already(
    rostering_site: Site, post: Post, ward: WardData, roster_id: UUID
) -> None:
    day = date(2027, 1, 13)
    more = (
        DatedRequirement(day, "D", "SSK", 1, 2, 3),  # one of two is there: one lacked before
        DatedRequirement(day, "D", "SPEC", 1, 1, 1),  # M02 does not hold it: lacked before, nothing new
    )
    with work(rostering_site) as session:
        special = Skill("SPEC", "Specialist")
        wanted = replace(
            ward, skills=(*ward.skills, special), dated_requirements=(*ward.dated_requirements, *more)
        )
        import_ward(session, wanted)
        roster = session.get_one(Roster, (session.tenant_id, roster_id))
        found = situation(session, roster, News((Away("M02", day, day),)), date(2027, 1, 11)).wanted()
        assert [(short.need.skill, short.opened, short.already) for short in found.opened] == [("SSK", 1, 1)]
        assert [(short.need.skill, short.opened, short.already) for short in found.already] == [
            ("SPEC", 0, 1)
        ]
    answer = post("", SICK | {"away-last": "2027-01-13"})
    new, already = answer.index("Nya luckor"), answer.index("1 krav på samma pass saknade personal")
    assert new < answer.index("1 saknades redan tidigare") < already
    assert answer.index("Specialist</h3>") > already
