"""The roster's page with its tools: what comes back from a change, and who may use them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from rostering_edits import Change, cells
from rostering_pages import BASE
from samplan.testing.site import Person, Site


def wanted(*items: tuple[str, str, str]) -> str:
    return json.dumps([{"employee": code, "date": on, "shift": shift} for code, on, shift in items])


PLACE = wanted(("M02", "2027-01-05", "D"))


def post(person: Person, roster_id: UUID, what: str = "edits", **form: str) -> TestResponse:
    return person.client.post(f"{BASE}/rosters/{roster_id}/{what}", data={"version": "1", **form})


def renewed(answer: TestResponse) -> set[str]:
    return set(re.findall(r'<hx-partial hx-target="([^"]+)"', answer.text))


def test_a_change_answers_the_changed_rows_and_what_stands_around_them(
    rostering_site: Site, roster_id: UUID, scheduler: Person
) -> None:
    answer = post(scheduler, roster_id, cells=PLACE)

    assert answer.status_code == 200
    assert cells(rostering_site, roster_id)["M02", 5] == "D"
    parts = renewed(answer)
    assert {"#person-2", "#cover-1", "#gaps", "#roster-check", "#roster-log"} <= parts
    assert (
        not {"#person-1", "#roster", "#share-1", "#roster-fairness"} & parts
    )  # of a weekday nothing is shared
    assert 'id="cell-2-1" tabindex="-1" data-shift="D"' in answer.text
    assert 'id="roster-version" name="version" value="2"' in answer.text
    undone = post(scheduler, roster_id, "undo", version="2")
    assert (undone.status_code, "#person-2" in renewed(undone)) == (200, True)
    assert post(scheduler, roster_id, "redo", version="3").status_code == 200
    assert cells(rostering_site, roster_id)["M02", 5] == "D"


def test_who_is_late_sees_the_newest_roster_and_keeps_what_they_wanted(
    rostering_site: Site, roster_id: UUID, scheduler: Person, change: Change
) -> None:
    change(1, ("M02", 5, "N"))
    other = rostering_site.person("ett", "ward_manager")

    late = post(other, roster_id, cells=PLACE)

    assert late.status_code == 409
    assert cells(rostering_site, roster_id)["M02", 5] == "N"
    assert "Schemaläggare Ett" in late.text  # who was faster
    assert "Bo Exempel 2027-01-05, D" in late.text
    assert {"#roster", "#roster-turns"} <= renewed(late)
    (kept,) = re.findall(r'name="cells" value="([^"]+)"', late.text)
    again = post(other, roster_id, version="2", cells=kept.replace("&#34;", '"'))
    assert again.status_code == 200
    assert cells(rostering_site, roster_id)["M02", 5] == "D"


@pytest.mark.parametrize(
    "form",
    [
        {"cells": "nonsense"},
        {"cells": "[1]"},
        {"cells": '[{"employee": "M02", "date": "2027-01-05", "shift": 1}]'},
        {"cells": '[{"employee": "M02", "date": "2027-01-05", "locked": "yes"}]'},
        {"cells": '{"employee": 1}'},
        {"cells": wanted(("M0\ud800", "2027-01-05", "D"))},
        {"cells": wanted(("M02", "2027-01-05", "\ud800"))},
        {"cells": wanted(("M99", "2027-01-05", "D"))},
        {"cells": wanted(("M03", "2027-01-07", ""))},  # locked
    ],
)
def test_what_is_refused_is_said_and_changes_nothing(
    rostering_site: Site, roster_id: UUID, scheduler: Person, form: dict[str, str]
) -> None:
    before = cells(rostering_site, roster_id)
    answer = post(scheduler, roster_id, **form)
    assert answer.status_code == 422
    assert 'data-color="danger"' in answer.text
    assert not renewed(answer)
    assert cells(rostering_site, roster_id) == before


def test_a_version_that_is_none_is_an_old_one(roster_id: UUID, scheduler: Person) -> None:
    for version in ("", "x", "²", "9" * 30, "1" * 5000):
        assert post(scheduler, roster_id, version=version, cells=PLACE).status_code == 409


def test_the_effect_is_told_before_dropping(roster_id: UUID, scheduler: Person) -> None:
    url = f"{BASE}/rosters/{roster_id}/effects?employee=M01&date=2027-01-04"
    column = scheduler.client.get(url).json
    assert column is not None
    assert [target["employee"] for target in column["targets"]] == ["M02", "M03", "M04"]
    assert {target["level"] for target in column["targets"]} <= {"good", "dear", "bad"}
    one = scheduler.client.get(f"{url}&to_employee=M01&to_date=2027-01-11").json
    assert one is not None
    assert [(target["level"], target["broken"] > 0) for target in one["targets"]] == [("bad", True)]
    assert "Frånvaro" in one["targets"][0]["text"] or "frånvaro" in one["targets"][0]["text"]
    for wrong in ("employee=M99&date=2027-01-04", "employee=M01&date=2027-02-01", "employee=M01", ""):
        answer = scheduler.client.get(f"{BASE}/rosters/{roster_id}/effects?{wrong}")
        assert answer.status_code == 404


def test_the_menu_of_a_cell_tells_wishes_effects_and_history(
    roster_id: UUID, scheduler: Person, change: Change
) -> None:
    change(1, ("M01", 5, "N"))
    menu = scheduler.client.get(f"{BASE}/rosters/{roster_id}/cell?employee=M01&date=2027-01-05").text

    assert "vill arbeta D" in menu
    assert {'{"shift": "D"}', '{"shift": ""}', '{"locked": true}'} <= set(
        re.findall(r"data-cell='([^']+)'", menu)
    )
    assert "Varför inte?" in menu
    assert "Schemaläggare Ett" in menu


def test_who_only_reads_gets_no_tools_and_not_who_changed_what(
    rostering_site: Site, roster_id: UUID, change: Change
) -> None:
    change(1, ("M01", 5, "N"))
    reader = rostering_site.person("ett", "employee")
    page = reader.client.get(f"{BASE}/rosters/{roster_id}").text

    assert "<roster-grid" not in page
    assert 'role="grid"' not in page
    assert "Schemaläggare Ett" not in page
    assert "roster-fairness" not in page
    for what in ("edits", "undo", "redo"):
        assert post(reader, roster_id, what, cells=PLACE).status_code == 403
    for what in ("effects", "cell"):
        url = f"{BASE}/rosters/{roster_id}/{what}?employee=M01&date=2027-01-05"
        assert reader.client.get(url).status_code == 403


def test_the_page_says_what_the_periods_state_asks_for(
    roster_id: UUID, scheduler: Person, set_state: Callable[[str], None]
) -> None:
    url = f"{BASE}/rosters/{roster_id}"
    assert "roster-reason" not in scheduler.client.get(url).text.replace("#roster-reason", "")
    set_state("published")
    assert 'id="roster-reason"' in scheduler.client.get(url).text
    assert post(scheduler, roster_id, cells=PLACE, reason="").status_code == 422
    set_state("decided")
    page = scheduler.client.get(url).text
    assert "<roster-grid" not in page
    assert "Öppna perioden igen" in page
    assert post(scheduler, roster_id, cells=PLACE).status_code == 409


def test_another_tenant_finds_nothing(rostering_site: Site, roster_id: UUID) -> None:
    stranger = rostering_site.person("annat", "scheduler")
    for base in (BASE, BASE.replace("/ett/", "/annat/")):
        for what in ("edits", "undo", "redo"):
            url = f"{base}/rosters/{roster_id}/{what}"
            assert stranger.client.post(url, data={"version": "1", "cells": PLACE}).status_code == 404
        for what in ("effects", "cell"):
            url = f"{base}/rosters/{roster_id}/{what}?employee=M01&date=2027-01-05"
            assert stranger.client.get(url).status_code == 404
