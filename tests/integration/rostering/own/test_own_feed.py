"""The calendar of one's own: made, read by a program, revoked; nobody else's, and nothing unpublished."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from icalendar import Calendar
from sqlalchemy import select, update

from own_pages import OWN, employee_id
from rostering_pages import work
from samplan.identity.models import Membership
from samplan.identity.throttle import current_throttle
from samplan.modules.contributions import RetentionPolicy, SubjectRef
from samplan.modules.lifecycle import disable_module
from samplan.testing.site import Person, Site
from samplan_rostering.models import CalendarFeed, Employee, Roster
from samplan_rostering.queries.extract.person import export_person
from samplan_rostering.queries.publishing.publications import get_period, standing_of
from samplan_rostering.services.employees.accounts import unlink_account
from samplan_rostering.services.erasure.person import erase_person
from samplan_rostering.services.publishing import steps as publishing
from samplan_rostering.services.publishing.steps import Act


def take_address(person: Person) -> str:
    page = person.client.post(f"{OWN}/calendar")
    assert page.status_code == 200
    found = re.search(r"http://localhost(/t/ett/rostering/calendar/[\w-]{43}\.ics)", page.text)
    assert found is not None
    return found[1]


def publish(site: Site, period_id: UUID, roster_id: UUID, by: UUID) -> None:
    now = site.core.clock.now()
    with work(site) as session:
        period = get_period(session, period_id)
        period.state = "draft"
        session.flush()

        def act() -> Act:
            return Act(by, now, standing_of(session, period).mark, "Godtas i provet")

        publishing.send_to_consultation(session, period_id, roster_id, act())
        publishing.decide(session, period_id, act(), accepts=True)
        publishing.publish(session, period_id, act(), today=date(2026, 11, 20), notice_days=14)


def test_a_program_reads_ones_own_published_shifts_and_nobody_elses(
    rostering_site: Site, me: Person, period_id: UUID, roster_id: UUID
) -> None:
    url, program = take_address(me), rostering_site.client()
    assert Calendar.from_ical(program.get(url).data).walk("VEVENT") == [], "nothing is published yet"
    publish(rostering_site, period_id, roster_id, me.account_id)
    answer = program.get(url)
    assert answer.mimetype == "text/calendar"
    assert "no-store" in answer.headers["Cache-Control"]
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    mine = employee_id(rostering_site, "M01")
    assert events
    assert all(event["UID"].startswith(str(mine)) for event in events)
    assert "Exempel" not in answer.text


def test_only_the_hash_is_kept_and_a_new_address_ends_the_old(rostering_site: Site, me: Person) -> None:
    program, old = rostering_site.client(), take_address(me)
    with work(rostering_site) as session:
        kept = session.scalars(select(CalendarFeed)).one()
        assert old.rpartition("/")[2].removesuffix(".ics").encode() not in kept.token_hash
    assert program.get(old).status_code == 200
    assert old.rpartition("/")[2] not in me.client.get(f"{OWN}/calendar").text
    new = take_address(me)
    assert (program.get(old).status_code, program.get(new).status_code) == (404, 200)
    assert me.client.post(f"{OWN}/calendar/revoke").status_code == 303
    assert program.get(new).status_code == 404


def test_a_wrong_address_tells_nothing_and_guessing_is_stopped(rostering_site: Site, me: Person) -> None:
    url, program = take_address(me), rostering_site.client()
    for wrong in (
        url.replace("/t/ett/", "/t/annat/"),
        url.replace("/t/ett/", "/t/finns-inte/"),
        "/t/ett/rostering/calendar/x.ics",
    ):
        assert program.get(wrong).status_code == 404, wrong
    assert program.get("/t/ett/rostering/own/calendar").status_code in {302, 401}, "the rest stays closed"
    answers = [program.get(f"/t/ett/rostering/calendar/{'A' * 42}{n}.ics") for n in range(9)]
    assert {answer.data for answer in answers} == {b""}
    more = [program.get(f"/t/ett/rostering/calendar/{'B' * 42}{n}.ics").status_code for n in range(9)]
    assert more[-1] == 429
    assert program.get(url).status_code == 200, "a good secret passes while wrong ones are refused"
    assert program.get(f"/t/ett/rostering/calendar/{'C' * 43}.ics").status_code == 429
    with rostering_site.app.app_context():
        waiting = current_throttle().seconds_to_wait("someone@ett.example.test", "127.0.0.1")
    assert waiting == 0, "signing in from there goes on"


@pytest.mark.parametrize("ended", ["unlinked", "inactive"])
def test_a_calendar_ends_with_the_account(
    rostering_site: Site, me: Person, period_id: UUID, ended: str
) -> None:
    url, program = take_address(me), rostering_site.client()
    mine = employee_id(rostering_site, "M01")
    with work(rostering_site) as session:
        if ended == "unlinked":
            unlink_account(session, period_id, mine, now=rostering_site.core.clock.now())
        else:
            own = Membership.account_id == me.account_id
            session.execute(update(Membership).where(own).values(active=False))
    assert program.get(url).status_code == 404
    with work(rostering_site) as session:
        session.get_one(Employee, (session.tenant_id, mine)).account_id = me.account_id
        kept = session.scalars(select(CalendarFeed)).one()
        assert (kept.revoked_at is not None) == (ended == "unlinked")


def test_a_region_that_switches_the_module_off_answers_no_calendar(rostering_site: Site, me: Person) -> None:
    url = take_address(me)
    with work(rostering_site) as session:
        disable_module(rostering_site.core, session, "rostering")
    rostering_site.core.tenants.fresh("ett")
    assert rostering_site.client().get(url).status_code == 404


def test_who_is_linked_to_no_employee_gets_no_address(rostering_site: Site) -> None:
    stranger = rostering_site.person("ett", "employee")
    assert stranger.client.post(f"{OWN}/calendar").status_code == 403
    assert rostering_site.person("ett", "viewer").client.get(f"{OWN}/calendar").status_code == 403


def test_the_address_goes_with_the_person(rostering_site: Site, me: Person, roster_id: UUID) -> None:
    url = take_address(me)
    with work(rostering_site) as session:
        parts = {part.name: part.rows for part in export_person(session, SubjectRef(reference="M01"))}
        assert len(parts["calendar_feed"]) == 1
        policy = RetentionPolicy(subject=SubjectRef(reference="M01"), dry_run=False)
        assert erase_person(session, policy).rows["rostering.calendar_feed"] == 1
        assert session.scalars(select(Roster.id)).all() == [roster_id]
    assert rostering_site.client().get(url).status_code == 404


@pytest.mark.parametrize("token", ["", "a" * 42, "ä" * 43, "a" * 300])
def test_an_ill_formed_secret_is_not_found(rostering_site: Site, token: str) -> None:
    assert rostering_site.client().get(f"/t/ett/rostering/calendar/{token}.ics").status_code == 404
