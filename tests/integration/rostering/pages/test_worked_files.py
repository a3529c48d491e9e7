"""Worked shifts from a time system: mapped, shown beside the roster, and entered whole or not at all."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import select

from file_steps import confirmed, fields, mapped, upload
from rostering_pages import BASE, work
from samplan.audit.models import AuditEntry
from samplan.testing.site import Person, Site
from samplan_rostering.models import Employee, WorkedShift

FILE = """\
Anst.nr;Datum;Starttid;Sluttid;Rast;Frånvarokod;Tidkod
M01;2027-01-04;07:00;17:00;30;;
M01;20270111;;;;SJK;
M03;2027-01-07;0700;1530;30;;
M02;2027-01-08;21:00;07:00;;;ÖT
M02;2027-02-08;21:00;07:00;;;
M77;2027-01-08;21:00;07:00;;;
M04;2027-01-08;21:00;;;;
"""
MEANS = {"SJK": "=sick", "ÖT": "=overtime"}


@pytest.fixture
def url(roster_id: UUID, period_id: UUID) -> str:
    assert roster_id
    return f"{BASE}/periods/{period_id}/outcome/import"


def rows(site: Site) -> list[tuple[str, date, int, str, int, int, str]]:
    with work(site) as session:
        found = session.execute(
            select(Employee.code, WorkedShift)
            .join(Employee, Employee.id == WorkedShift.employee_id)
            .order_by(WorkedShift.on_date, Employee.code)
        )
        return [
            (code, r.on_date, r.number, r.kind, r.paid_minutes, r.extra_minutes, r.source)
            for code, r in found
        ]


def preview(person: Person, url: str, content: str = FILE, **changes: str) -> str:
    answer = mapped(person, url, upload(person, url, content).text, MEANS, **changes)
    assert answer.status_code == 200
    page: str = answer.text
    return page


def text(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def test_worked_shifts_are_shown_and_entered(rostering_site: Site, scheduler: Person, url: str) -> None:
    page = preview(scheduler, url, name="Tidsystemet")
    assert rows(rostering_site) == [], "a preview stores nothing"
    told = text(page)
    for words in (
        "07:00–15:30",
        "07:00–17:00",
        "Sjukfrånvaro",
        "Ingen med detta id",
        "M77",
        "2 felaktiga rader",
    ):
        assert words in told, words
    assert confirmed(scheduler, url, page).status_code == 303
    entered = [
        ("M01", date(2027, 1, 4), 0, "changed", 570, 90, "imported"),
        ("M03", date(2027, 1, 7), 0, "planned", 480, 0, "imported"),
        ("M02", date(2027, 1, 8), 1, "overtime", 600, 600, "imported"),
        ("M01", date(2027, 1, 11), 0, "absence", 0, 0, "imported"),
    ]
    assert rows(rostering_site) == entered
    again = upload(scheduler, url, FILE).text
    assert "import/confirm" not in again, "the same file twice changes nothing, and needs no mapping"
    corrected = upload(scheduler, url, FILE.replace("17:00", "16:00")).text
    assert confirmed(scheduler, url, corrected).status_code == 303
    assert rows(rostering_site)[0] == ("M01", date(2027, 1, 4), 0, "changed", 510, 30, "imported")
    with work(rostering_site) as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.action == "outcome.imported")).all()
        assert [entry.after["shifts"] for entry in found if entry.after] == [4, 1]
    forgotten = [scheduler.client.post(f"{url}/forget", data={"name": "Tidsystemet"}) for _ in range(2)]
    assert [answer.status_code for answer in forgotten] == [303, 404]


def test_what_cannot_be_is_told_and_what_was_not_shown_is_not_done(
    rostering_site: Site, scheduler: Person, period_id: UUID, url: str
) -> None:
    head = FILE.splitlines()[0]
    faulty = {
        "M02;2027-01-08;21:00;07:00;;;\nM02;2027-01-09;06:00;09:00;;;": "överlappar",
        "M02;2027-01-08;;;;SJK;": "Inget är schemalagt",
        "M01;2027-01-04;07:00;08:00;90;;": "Rasten måste vara kortare",
        "M01;2027-01-04;25:00;08:00;;;": "25:00",
        "M01;2027-01-04;;;;SJK;\nM01;2027-01-04;07:00;08:00;;SJK;": "flera rader för samma pass",
    }
    for lines, told in faulty.items():
        assert told in text(preview(scheduler, url, f"{head}\n{lines}\n")), told
    page = preview(scheduler, url)
    assert confirmed(scheduler, url, page, seen="x").status_code == 409
    through = {"through": "2027-01-31"}
    scheduler.client.post(f"{BASE}/periods/{period_id}/outcome/confirm", data=through)
    before = rows(rostering_site)
    outdated = confirmed(scheduler, url, page)
    assert (outdated.status_code, rows(rostering_site)) == (409, before)
    assert confirmed(scheduler, url, outdated.text).status_code == 303
    assert upload(scheduler, url, b"").status_code == 422
    assert upload(scheduler, url, "Vad;Annat\n1;2\n").status_code == 200
    assert scheduler.client.post(f"{url}/confirm", data={"content": "x"}).status_code == 422
    data = fields(outdated.text, "import/mapping")
    assert 'name="column-code"' in scheduler.client.post(f"{url}/mapping", data=data).text
    assert upload(rostering_site.person("ett", "viewer"), url, FILE).status_code == 403
    stranger = rostering_site.person("annat", "scheduler")
    assert stranger.client.get(url.replace("/t/ett/", "/t/annat/")).status_code == 404
