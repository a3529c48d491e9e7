"""Why a roster is as it is, as a page: exact where one may see the ward, silent about others where not."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from rostering_pages import BASE, make_roster, work
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.models import Employee, Roster
from samplan_rostering.queries.rosters.stored import assignments
from samplan_rostering.services.rosters.edits import Editor, undo_edit

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def page(person: Person, roster_id: UUID, query: str = "", status: int = 200) -> str:
    answer = person.client.get(f"{BASE}/rosters/{roster_id}/why{query}")
    assert answer.status_code == status, answer.text
    return answer.text


def test_the_roster_leads_from_its_gaps_to_what_would_close_them(scheduler: Person, roster_id: UUID) -> None:
    shown = scheduler.client.get(f"{BASE}/rosters/{roster_id}").text
    where = f"{BASE}/rosters/{roster_id}/why"
    assert f'href="{where}"' in shown
    assert f'href="{where}?day=1&amp;shift=D&amp;skill=SSK"' in shown
    assert "Vad skulle täcka detta?" in shown


def test_the_whole_tells_gaps_and_the_share_of_each_cost(scheduler: Person, roster_id: UUID) -> None:
    shown = page(scheduler, roster_id)
    for words in ("Bemanning under minimibemanningen", "Andel", "De dyraste enskilda kostnaderna"):
        assert words in shown, words
    assert f"{BASE}/rosters/{roster_id}/why?day=2" in shown


def test_a_cell_tells_rules_with_source_and_figures_and_other_choices(
    scheduler: Person, roster_id: UUID
) -> None:
    away = page(scheduler, roster_id, "?employee=M01&day=8&shift=D")
    assert "1 regel talar emot" in away
    assert "Inget pass under frånvaro" in away
    tired = page(scheduler, roster_id, "?employee=M01&day=0")
    assert "som det är nu" in tired
    assert f"{BASE}/rosters/{roster_id}/why?employee=M01&amp;day=0&amp;shift=N" in tired


def test_a_wish_is_told_with_the_cell(scheduler: Person, roster_id: UUID) -> None:
    assert "vill arbeta Dag" in page(scheduler, roster_id, "?employee=M01&day=1&shift=D")


def test_a_gap_gets_ranked_suggestions_with_effect(scheduler: Person, roster_id: UUID) -> None:
    shown = page(scheduler, roster_id, "?day=1&shift=D&skill=SSK")
    assert "Tar passet" in shown
    assert "−1" in shown  # thousand points less
    everybody = page(scheduler, roster_id, "?day=8&shift=D&skill=SSK&everybody=1")
    assert "Varför de andra inte tar passet" in everybody
    assert "Åsa Exempel" in everybody


def test_a_part_is_answered_to_htmx(scheduler: Person, roster_id: UUID) -> None:
    url = f"{BASE}/rosters/{roster_id}/why?employee=M02&day=1&shift=D"
    part = scheduler.client.get(url, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Bo Exempel" in part


@pytest.mark.parametrize(
    "query", ["?day=x&shift=D", "?day=28&shift=D", "?day=1&shift=Z", "?day=1", "?shift=D",
              "?employee=X&day=1&shift=D", "?day=1&shift=D&skill=Z", "?day=-1&shift=D",
              f"?shift=D&day={'1' * 5000}"]
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_refused(scheduler: Person, roster_id: UUID, query: str) -> None:
    assert "Poäng" not in page(scheduler, roster_id, query, 422), "nothing is answered"


def test_who_only_reads_is_told_of_staffing_and_nothing_of_others(
    rostering_site: Site, roster_id: UUID
) -> None:
    reader = rostering_site.person("ett", "viewer")
    for query in ("", "?employee=M01&day=8&shift=D", "?employee=M01&day=1&shift=D", "?day=8&shift=D"):
        shown = page(reader, roster_id, query)
        for secret in ("Åsa", "Bo Exempel", "frånvaro", "vill arbeta", "M01", "Önskemål", "Semester"):
            assert secret not in shown.replace("employee=M01", ""), (query, secret)
    assert "Bemanning" in page(reader, roster_id, "?employee=M01&day=8&shift=D")


def test_who_has_a_row_is_told_of_that_row_alone(
    rostering_site: Site, ward: WardData, period_id: UUID
) -> None:
    employee = rostering_site.person("ett", "employee")
    with work(rostering_site) as session:
        session.execute(update(Employee).where(Employee.code == "M01").values(account_id=employee.account_id))
        assert session.scalar(select(Employee.id).where(Employee.account_id == employee.account_id))
    roster_id = make_roster(rostering_site, ward, period_id, Assignment("M02", 8, "D"))
    own = page(employee, roster_id, "?employee=M01&day=8&shift=D")
    assert "Inget pass under frånvaro" in own
    assert "vill arbeta Dag" in page(employee, roster_id, "?employee=M01&day=1")
    others = page(employee, roster_id, "?employee=M02&day=0&shift=D")
    assert "Bo Exempel" not in others
    assert "vill arbeta" not in others


def test_another_tenant_and_a_benchmark_find_nothing(rostering_site: Site, roster_id: UUID) -> None:
    neighbour = rostering_site.person("annat", "scheduler")
    assert neighbour.client.get(f"/t/annat/rostering/rosters/{roster_id}/why").status_code == 404
    own = rostering_site.person("ett", "scheduler").client
    assert own.get(f"{BASE}/rosters/{uuid4()}/why").status_code == 404


def suggestion(shown: str) -> dict[str, str]:
    """Return the fields of the first suggestion's form."""
    form = shown[shown.index("/why/apply") :]
    form = form[: form.index("</form>")]
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def test_a_suggestion_is_made_by_its_button_and_can_be_undone(
    rostering_site: Site, scheduler: Person, roster_id: UUID
) -> None:
    form = suggestion(page(scheduler, roster_id, "?day=1&shift=D&skill=SSK"))
    url = f"{BASE}/rosters/{roster_id}/why/apply"

    reader = rostering_site.person("ett", "viewer").client
    assert reader.post(url, data=form).status_code == 403
    assert scheduler.client.post(url, data=form | {"changes": "[[1]]"}).status_code == 422
    assert scheduler.client.post(url, data=form | {"changes": '[["M02",99,"","D"]]'}).status_code == 422
    assert scheduler.client.post(url, data=form).status_code == 303

    with work(rostering_site) as session:
        roster = session.get_one(Roster, (session.tenant_id, roster_id))
        assert (roster.version, roster.origin) == (2, "edited")
        (employee, day, _before, shift), *_rest = json.loads(form["changes"])
        assert Assignment(employee, day, shift) in assignments(session, roster)
        undo_edit(session, roster_id, Editor(scheduler.account_id, NOW, 2))


def test_a_suggestion_for_an_older_roster_is_refused_with_the_newest(
    rostering_site: Site, scheduler: Person, roster_id: UUID
) -> None:
    form = suggestion(page(scheduler, roster_id, "?day=1&shift=D&skill=SSK"))
    url = f"{BASE}/rosters/{roster_id}/why/apply"
    assert scheduler.client.post(url, data=form).status_code == 303
    assert scheduler.client.post(url, data=form | {"version": "1" * 5000}).status_code == 409
    refused = scheduler.client.post(url, data=form)
    assert refused.status_code == 409
    assert "Inget har ändrats" in refused.text
    assert 'name="version" value="2"' in refused.text
