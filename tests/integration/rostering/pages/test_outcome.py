"""What was worked: confirmed, entered and taken back, refused where it cannot be, and kept from others."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from rostering_pages import BASE, work
from samplan.audit.models import AuditEntry
from samplan.modules.contributions import RetentionPolicy, SubjectRef
from samplan.testing.site import Person, Site
from samplan_rostering.models import Employee, WorkedShift
from samplan_rostering.queries.extract.person import export_person
from samplan_rostering.services.erasure.person import erase_person

DAY = "2027-01-04"


@pytest.fixture
def who(rostering_site: Site, roster_id: UUID) -> UUID:
    """M01, rostered on the first Monday and the second."""
    with work(rostering_site) as session:
        return session.scalars(select(Employee.id).where(Employee.code == "M01")).one()


def rows(site: Site) -> list[tuple[date, int, str, int, int]]:
    with work(site) as session:
        found = session.scalars(select(WorkedShift).order_by(WorkedShift.on_date, WorkedShift.number))
        return [(r.on_date, r.number, r.kind, r.paid_minutes, r.extra_minutes) for r in found]


def url(period_id: UUID, who: UUID, day: str = DAY, number: int = 0) -> str:
    return f"{BASE}/periods/{period_id}/outcome/{who}/{day}/{number}"


def send(person: Person, address: str, **fields: object) -> TestResponse:
    return person.client.post(address, data={"version": "0", **fields}, buffered=True)


def confirm(person: Person, period_id: UUID, through: str) -> TestResponse:
    return send(person, f"{BASE}/periods/{period_id}/outcome/confirm", through=through)


def test_the_roster_is_confirmed_up_to_a_date(
    rostering_site: Site, scheduler: Person, period_id: UUID, who: UUID
) -> None:
    page = scheduler.client.get(f"{BASE}/periods/{period_id}/outcome").text
    assert page.count("ro-shift--absent") >= 3, "all three are open"
    assert send(scheduler, url(period_id, who), kind="absence", absence="sick").status_code == 303
    assert confirm(scheduler, period_id, "2027-01-10").status_code == 303
    assert rows(rostering_site) == [
        (date(2027, 1, 4), 0, "absence", 0, 0),
        (date(2027, 1, 7), 0, "planned", 480, 0),
    ]
    assert confirm(scheduler, period_id, "2027-01-31").status_code == 303
    assert len(rows(rostering_site)) == 3
    assert "Alla schemalagda pass" in scheduler.client.get(f"{BASE}/periods/{period_id}/outcome").text
    assert confirm(scheduler, period_id, "inget datum").status_code == 422


def test_other_times_have_what_is_longer_beyond_the_ordinary_hours(
    rostering_site: Site, scheduler: Person, period_id: UUID, who: UUID
) -> None:
    longer = {"kind": "changed", "start": "06:30", "end": "17:00", "pause": "30"}
    assert send(scheduler, url(period_id, who), **longer).status_code == 303
    assert rows(rostering_site) == [(date(2027, 1, 4), 0, "changed", 600, 120)]
    agreed = {**longer, "extra": "0", "version": "1"}
    assert send(scheduler, url(period_id, who), **agreed).status_code == 303
    assert rows(rostering_site) == [(date(2027, 1, 4), 0, "changed", 600, 0)]
    with work(rostering_site) as session:
        row = session.scalars(select(WorkedShift)).one()
        assert (row.starts_at, row.ends_at) == (
            datetime(2027, 1, 4, 5, 30, tzinfo=UTC),
            datetime(2027, 1, 4, 16, 0, tzinfo=UTC),
        )


def test_an_extra_shift_stands_beside_and_may_pass_midnight(
    rostering_site: Site, scheduler: Person, period_id: UUID, who: UUID
) -> None:
    confirm(scheduler, period_id, "2027-01-31")
    night = {"kind": "extra", "start": "21:00", "end": "07:00"}
    assert send(scheduler, url(period_id, who, number=1), **night).status_code == 303
    assert rows(rostering_site)[1] == (date(2027, 1, 4), 1, "extra", 600, 600)
    over = {"kind": "overtime", "start": "06:00", "end": "08:00"}
    clash = send(scheduler, url(period_id, who, "2027-01-05", 1), **over)
    assert clash.status_code == 422
    assert "2027-01-04" in clash.text
    assert len(rows(rostering_site)) == 4


REFUSED: list[tuple[str, int, dict[str, str]]] = [
    (DAY, 0, {"kind": "absence"}),
    (DAY, 0, {"kind": "changed", "start": "07:00", "end": ""}),
    (DAY, 0, {"kind": "changed", "start": "07:00", "end": "08:00", "pause": "60"}),
    (DAY, 0, {"kind": "changed", "start": "07:00", "end": "08:00", "extra": "90"}),
    (DAY, 0, {"kind": "extra", "start": "07:00", "end": "08:00"}),
    (DAY, 0, {"kind": "changed", "start": "sju", "end": "08:00"}),
    (DAY, 1, {"kind": "planned"}),
    (DAY, 6, {"kind": "extra", "start": "07:00", "end": "08:00"}),
    (DAY, 1, {"kind": "extra", "start": "07:00", "end": "08:00", "shift": "X"}),
    ("2027-01-05", 0, {"kind": "planned"}),
    (DAY, 0, {}),
]


def test_what_cannot_be_is_refused(
    rostering_site: Site, scheduler: Person, period_id: UUID, who: UUID
) -> None:
    for day, number, fields in REFUSED:
        answer = send(scheduler, url(period_id, who, day, number), **fields)
        assert answer.status_code == 422, fields
    assert rows(rostering_site) == []


def test_two_at_once_get_the_newest_shown(
    rostering_site: Site, scheduler: Person, period_id: UUID, who: UUID
) -> None:
    send(scheduler, url(period_id, who), kind="planned")
    late = send(scheduler, url(period_id, who), kind="absence", absence="sick")
    assert late.status_code == 409
    assert 'name="version" type="hidden" value="1"' in late.text
    gone = send(scheduler, f"{url(period_id, who)}/remove", version="7")
    assert gone.status_code == 409
    assert [row[2] for row in rows(rostering_site)] == ["planned"]
    assert send(scheduler, f"{url(period_id, who)}/remove", version="1").status_code == 303
    assert rows(rostering_site) == []
    assert send(scheduler, f"{url(period_id, who)}/remove", version="1").status_code == 404
    with work(rostering_site) as session:
        acts = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("outcome.%"))).all()
    assert sorted(acts) == ["outcome.entered", "outcome.removed"]


def test_only_who_may_sees_and_enters(
    rostering_site: Site, scheduler: Person, period_id: UUID, who: UUID
) -> None:
    employee = rostering_site.person("ett", "employee")
    coordinator = rostering_site.person("ett", "staffing_coordinator")
    stranger = rostering_site.person("annat", "scheduler")
    page = f"{BASE}/periods/{period_id}/outcome"
    assert [p.client.get(page).status_code for p in (employee, coordinator, scheduler)] == [403, 200, 200]
    assert confirm(coordinator, period_id, "2027-01-31").status_code == 403
    assert "/outcome/" not in re.sub(r"/outcome/?\"", "", coordinator.client.get(page).text)
    assert stranger.client.get(page.replace("/ett/", "/annat/")).status_code == 404
    assert scheduler.client.get(url(period_id, who, "2027-02-01")).status_code == 404
    assert scheduler.client.get(url(period_id, who, "i-dag")).status_code == 404
    assert scheduler.client.get(url(period_id, period_id)).status_code == 404
    assert scheduler.client.get(url(period_id, who)).status_code == 200
    assert rows(rostering_site) == []


def test_who_is_made_anonymous_keeps_the_hours_and_not_the_kind_of_absence(
    rostering_site: Site, scheduler: Person, period_id: UUID, who: UUID
) -> None:
    send(scheduler, url(period_id, who), kind="absence", absence="sick")
    with work(rostering_site) as session:
        parts = {part.name: part.rows for part in export_person(session, SubjectRef(reference="M01"))}
        assert [row["absence_kind"] for row in parts["worked_shift"]] == ["sick"]
        erase_person(session, RetentionPolicy(subject=SubjectRef(reference="M01"), dry_run=False))
    with work(rostering_site) as session:
        assert session.scalars(select(WorkedShift.absence_kind)).all() == ["other"]


def test_rest_after_disturbed_standby_is_asked_for(
    rostering_site: Site, scheduler: Person, period_id: UUID, who: UUID
) -> None:
    confirm(scheduler, period_id, DAY)
    with work(rostering_site) as session:
        row = session.scalars(select(WorkedShift)).one()
        row.ends_at, row.standby_minutes = datetime(2027, 1, 5, 6, tzinfo=UTC), 930  # to 7 the next day
        session.get_one(Employee, (session.tenant_id, who)).day_break = time(7)
    called = {"kind": "overtime", "start": "00:00", "end": "02:00"}
    assert send(scheduler, url(period_id, who, "2027-01-05", 1), **called).status_code == 303
    page = f"{BASE}/periods/{period_id}/outcome"
    assert "störd beredskap" not in scheduler.client.get(page).text, "the next shift is a week ahead"
    early = {"kind": "extra", "start": "12:00", "end": "14:00"}
    assert send(scheduler, url(period_id, who, "2027-01-05", 2), **early).status_code == 303
    told = scheduler.client.get(page).text
    assert "2:30 av dygnsvilan gick förlorad" in told
    assert "Nästa arbete börjar efter 5:00; vilan ska vara 13:30." in told
    assert "AB § 13 mom. 8 (AB13-BE)" in told
    balances = scheduler.client.get(f"{BASE}/periods/{period_id}/balances").text
    assert "13:30" in balances, "fifteen and a half hours without the two that were worked"
