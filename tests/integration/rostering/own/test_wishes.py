"""Employees wish within the window, their manager follows it, and the optimiser gets it as ever."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from own_pages import OPEN, OWN
from rostering_pages import BASE, work
from samplan.audit.models import AuditEntry
from samplan.clock import FrozenClock
from samplan.testing.site import Person, Site
from samplan_rostering.domain.ward import Wish, WishKind
from samplan_rostering.domain.ward_rules.patterns import UnwantedPattern
from samplan_rostering.domain.wishing import VETO_POINTS
from samplan_rostering.models import RosterPeriod
from samplan_rostering.queries.periods.ward_data import ward_data
from samplan_rostering.services.periods.effects import effects_of, import_if
from samplan_rostering.services.periods.sources import read_source
from samplan_rostering.workbook import write_ward

TUESDAY = {"on": "2027-01-19", "kind": "want", "shift": "D", "points": 4}


@pytest.fixture
def window(manager: Person, period_id: UUID) -> str:
    """A window that is open; returns the page's address."""
    page = f"{BASE}/periods/{period_id}/wishes"
    assert manager.client.post(page, data=OPEN).status_code == 303
    return page


def wish(person: Person, period_id: UUID, **fields: object) -> tuple[int, str]:
    found = person.client.post(f"{OWN}/wishes/{period_id}", data=TUESDAY | fields)
    return found.status_code, found.text


def wishes_of(site: Site, period_id: UUID, code: str) -> list[Wish]:
    with work(site) as session:
        return [row for row in ward_data(session, period_id).wishes if row.employee == code]


def test_what_is_wished_becomes_the_optimisers_input_and_is_withdrawn_again(
    rostering_site: Site, period_id: UUID, me: Person, window: str
) -> None:
    before = wishes_of(rostering_site, period_id, "M01")
    assert "Poäng kvar" in me.client.get(f"{OWN}/wishes").text

    assert wish(me, period_id)[0] == 303
    assert wish(me, period_id, on="2027-01-20", kind="veto")[0] == 303

    added = [row for row in wishes_of(rostering_site, period_id, "M01") if row not in before]
    assert added == [
        Wish("M01", date(2027, 1, 19), WishKind.WANT, "D", 4),
        Wish("M01", date(2027, 1, 20), WishKind.OFF, None, VETO_POINTS),
    ]
    with work(rostering_site) as session:
        data = ward_data(session, period_id)
        version = session.get_one(RosterPeriod, (session.tenant_id, period_id)).version
    (rule,) = data.settings
    assert (rule.rule, rule.employee, rule.valid_from) == (UnwantedPattern.key, "M01", date(2027, 1, 20))
    assert version == 3

    page = me.client.get(f"{OWN}/wishes/{period_id}").text
    assert re.search(r"Poäng kvar</dt><dd>1 ", page), "five by the workbook, four in person"
    assert re.search(r"Veton kvar</dt><dd>0 ", page)
    for url in re.findall(r'action="([^"]+/withdraw)"', page):
        assert me.client.post(url).status_code == 303
    assert wishes_of(rostering_site, period_id, "M01") == []
    with work(rostering_site) as session:
        assert ward_data(session, period_id).settings == ()
        entries = session.scalars(select(AuditEntry).where(AuditEntry.object_type == "rostering.wish")).all()
    assert {entry.action for entry in entries} == {"wish.added", "wish.withdrawn"}
    assert "2027" not in repr([(entry.before, entry.after) for entry in entries])


def test_a_wish_that_cannot_be_taken_is_refused_with_the_reason(
    rostering_site: Site, period_id: UUID, me: Person, window: str
) -> None:
    before = wishes_of(rostering_site, period_id, "M01")
    refused: tuple[tuple[dict[str, object], str], ...] = (
        ({"points": 6}, "inte så många poäng"),
        ({"on": "2027-02-01"}, "Välj en dag i perioden"),
        ({"on": "nonsense"}, 'href="#on"'),
        ({"on": ""}, 'href="#on"'),
        ({"kind": "never"}, 'href="#kind"'),
        ({"shift": "X"}, 'href="#shift"'),
        ({"points": 0}, 'href="#points"'),
        ({"on": "2027-01-11"}, "redan borta"),
        ({"on": "2027-01-05"}, "redan ett önskemål"),
    )
    for fields, says in refused:
        status, page = wish(me, period_id, **fields)
        assert (status, says in page) == (422, True), fields
    assert wishes_of(rostering_site, period_id, "M01") == before


def test_outside_the_window_nothing_is_taken(
    rostering_site: Site, period_id: UUID, me: Person, manager: Person, clock: FrozenClock
) -> None:
    assert wish(me, period_id)[0] == 409
    assert "inte öppnat" in wish(me, period_id)[1]
    page = f"{BASE}/periods/{period_id}/wishes"
    assert manager.client.post(page, data=OPEN).status_code == 303
    clock.advance(timedelta(hours=-6))
    assert "har inte börjat" in wish(me, period_id)[1]
    clock.advance(timedelta(days=30))
    late = replace(me, client=rostering_site.client(me.account_id))  # who has signed in anew
    status, text = wish(late, period_id)
    assert (status, "är slut" in text) == (409, True)
    assert late.client.post(f"{OWN}/wishes/{period_id}/answer").status_code == 409
    clock.advance(timedelta(days=-29))
    again = replace(me, client=rostering_site.client(me.account_id))
    assert wish(again, period_id)[0] == 303
    with work(rostering_site) as session:
        session.get_one(RosterPeriod, (session.tenant_id, period_id)).state = "consultation"
    assert wish(again, period_id, on="2027-01-21")[0] == 409


def test_nobody_reaches_anothers_wishes(
    rostering_site: Site, period_id: UUID, me: Person, colleague: Person, window: str
) -> None:
    mine = me.client.get(f"{OWN}/wishes/{period_id}").text
    (url,) = re.findall(r'action="([^"]+/withdraw)"', mine)
    assert colleague.client.post(url).status_code == 404
    theirs = colleague.client.get(f"{OWN}/wishes/{period_id}").text
    assert "ons 5/1" not in theirs
    stranger = rostering_site.person("ett", "employee")
    assert stranger.client.post(f"{OWN}/wishes/{period_id}", data=TUESDAY).status_code == 404
    assert me.client.get(window).status_code == 403
    assert len(wishes_of(rostering_site, period_id, "M01")) == 1


def test_the_manager_sees_what_is_wished_and_who_has_not_answered(
    period_id: UUID, me: Person, manager: Person, window: str
) -> None:
    assert wish(me, period_id, kind="avoid")[0] == 303
    page = manager.client.get(window).text
    assert "1 av 4 har svarat" in page
    assert re.search(r"14\sdygn", page)
    unanswered = page.split("har inte svarat")[1].split("</details>", maxsplit=1)[0]
    assert "Åsa Exempel" not in unanswered
    assert "Bo Exempel" in unanswered
    day = page.split("2027-01-19")[1].split("</tr>", maxsplit=1)[0]
    cells = re.findall(r'<td data-align="end">(\d+)</td>', day)
    assert cells == ["0", "1", "0", "0", "1", "1"], "want, rather not, off, away, minimum, target"
    assert "3</td>" in day, "three are left"


def test_a_window_that_makes_no_sense_is_refused(period_id: UUID, manager: Person) -> None:
    page = f"{BASE}/periods/{period_id}/wishes"
    refused: tuple[tuple[dict[str, object], str], ...] = (
        ({"closes": "2026-11-20T08:00"}, "stänga efter"),
        ({"closes": "2027-01-04T00:01"}, "innan perioden börjar"),
        ({"opens": "2026-01-02T00:00"}, "högst 366 dagar före"),
        ({"opens": "0001-01-01T00:00"}, "högst 366 dagar före"),
        ({"closes": "soon"}, 'href="#closes"'),
        ({"points": -1}, 'href="#points"'),
        ({"version": 7}, "Någon annan"),
        ({"version": "1" * 5000}, "Någon annan"),
    )
    for change, says in refused:
        found = manager.client.post(page, data=OPEN | change)
        status = 409 if "version" in change else 422
        assert (found.status_code, says in found.text) == (status, True), change
    assert "inte öppen" in manager.client.get(page).text


def test_two_who_change_the_window_at_once_do_not_overwrite_each_other(manager: Person, window: str) -> None:
    assert manager.client.post(window, data=OPEN | {"version": 1, "points": 12}).status_code == 303
    found = manager.client.post(window, data=OPEN | {"version": 1, "points": 20})
    assert found.status_code == 409
    assert 'value="12"' in found.text, "the newest is shown"


def test_a_schedulers_new_workbook_says_which_wishes_it_would_drop(
    rostering_site: Site, period_id: UUID, me: Person, window: str
) -> None:
    assert wish(me, period_id)[0] == 303
    assert wish(me, period_id, on="2027-01-20", kind="veto")[0] == 303
    with work(rostering_site) as session:
        same = ward_data(session, period_id)
        assert read_source(session, write_ward(same)) == same, "wishes and vetoes come back from the workbook"
        older = replace(same, wishes=tuple(w for w in same.wishes if w.date < date(2027, 1, 19)), settings=())
        assert effects_of(session, same).mark == ""
        effects = effects_of(session, older)
        (change,) = effects.wishes
        assert change.code == "M01"
        assert [lost.kind.value for lost in change.wishes.removed] == ["want", "veto"]
        assert effects.mark
        assert import_if(session, older, lambda found: found.mark == "")[1] is None
        assert len([row for row in ward_data(session, period_id).wishes if row.employee == "M01"]) == 3
