"""From a shift that lacks people, by a call-off, to the supplier's person in the roster."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from calloffs import LEVEL, PAGES, add_agreement, policy, send, version_of
from rostering_pages import BASE, work
from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.modules.lifecycle import enable_module
from samplan.modules.manager import Modules
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Person, Site, build_site
from samplan_agency.models import CallOffLine as Asked
from samplan_agency.models import Supplier
from samplan_rostering.models import Assignment as Row
from samplan_rostering.models import CallOffLine, Employee, Roster
from samplan_rostering.services.hired.edit import Engagement, add_hired
from samplan_rostering.services.rosters.cells import Wanted
from samplan_rostering.services.rosters.edits import Editor, edit_roster


@pytest.fixture
def site(database: Database, modules: Modules) -> Site:
    """The application in the week before the ward's period."""
    return build_site(database, modules, clock=FrozenClock(datetime(2026, 12, 28, 9, tzinfo=UTC)))


@pytest.fixture
def coordinator(rostering_site: Site) -> Person:
    context = rostering_site.core.tenants.fresh(rostering_site.tenants["ett"].id)
    with work(rostering_site) as session:
        enable_module(rostering_site.core, session, context, "agency")
        add_agreement(session, session.scalars(select(OrgUnit).where(OrgUnit.code == "AVD12")).one())
    return rostering_site.person("ett", "staffing_coordinator", "scheduler")


def hand_over(site: Site, who: Person, period_id: UUID) -> list[CallOffLine]:
    """List what lacks people and hand the first two over."""
    page = f"{BASE}/periods/{period_id}/call-off"
    assert send(who, f"{page}/renew", basis="minimum").status_code == 303
    with work(site) as session:
        lines = session.scalars(select(CallOffLine).order_by(CallOffLine.starts_at).limit(2)).all()
        session.expunge_all()
    chosen = [f"{line.id}:{line.version}" for line in lines]
    assert send(who, f"{page}/state", line=chosen, state="agency").status_code == 303
    return list(lines)


def call_off(site: Site, who: Person, consultant: str) -> None:
    """Call off what was handed over, and confirm one person for it all."""
    dates = policy(first="2027-01-01", last="2027-01-31") | {"level.SSK": LEVEL}
    shown = who.client.get(f"{PAGES}/new", query_string=dates).text
    # Two day shifts of 8 h at 660 SEK.
    assert "10\xa0560,00 SEK utan moms för 16,00 timmar" in shown
    gaps = re.findall(r'name="gap" value="([^"]+)"', shown)
    page = send(who, PAGES, gap=gaps, **dates).headers["Location"]
    assert send(who, PAGES, gap=gaps, **dates).status_code == 422, "called off already"
    assert send(who, f"{page}/send", answer_hours="24", version="1").status_code == 303
    with work(site) as session:
        supplier = session.scalars(select(Supplier.id).where(Supplier.code == "L1")).one()
        lines = session.scalars(select(Asked.id)).all()
    for line in lines:
        fields = {"supplier_id": supplier, "line_id": line, "consultant": consultant, "price": "660"}
        now = version_of(who.client.get(page).text)
        assert send(who, f"{page}/answers", **fields, version=now).status_code == 303
    while found := re.search(r'action="([^"]*/confirm)"', who.client.get(page).text):
        now = version_of(who.client.get(page).text)
        assert send(who, found[1], version=now).status_code == 303


def test_a_gap_becomes_a_confirmed_shift_in_the_roster(
    rostering_site: Site, coordinator: Person, period_id: UUID, roster_id: UUID
) -> None:
    lines = hand_over(rostering_site, coordinator, period_id)
    call_off(rostering_site, coordinator, "K-1")
    page = f"{BASE}/periods/{period_id}/hired"
    shown = coordinator.client.get(page).text
    assert "Bekräftade pass att lägga in" in shown
    assert shown.count("Ingen regel bryts") == 2
    assert send(coordinator, f"{page}/confirmed", version="0").status_code == 409
    with work(rostering_site) as session:
        assert session.scalar(select(Employee.id).where(Employee.code == "K-1")) is None, "all or nothing"
        version = session.get_one(Roster, (session.tenant_id, roster_id)).version
    assert send(coordinator, f"{page}/confirmed", version=version).status_code == 303
    assert "Bekräftade pass att lägga in" not in coordinator.client.get(page).text
    with work(rostering_site) as session:
        person = session.scalars(select(Employee).where(Employee.code == "K-1")).one()
        assert (person.supplier, person.profession) == ("Exempel Ett AB", LEVEL)
        dates = session.scalars(select(Row.on_date).where(Row.employee_id == person.id)).all()
        assert sorted(dates) == [line.on_date for line in lines]
        states = session.scalars(select(CallOffLine.state).where(CallOffLine.id.in_(x.id for x in lines)))
        assert set(states) == {"filled"}
    assert send(coordinator, f"{page}/confirmed", version=version + 1).status_code == 409, "done already"


def test_too_short_rest_is_told_before(
    rostering_site: Site, coordinator: Person, period_id: UUID, roster_id: UUID
) -> None:
    lines = hand_over(rostering_site, coordinator, period_id)
    page = f"{BASE}/periods/{period_id}/hired"
    with work(rostering_site) as session:
        add_hired(session, period_id, "Exempel Ett AB", "K-1", Engagement(LEVEL, ()))
        version = session.get_one(Roster, (session.tenant_id, roster_id)).version
        editor = Editor(coordinator.account_id, rostering_site.core.clock.now(), version)
        night = Wanted("K-1", lines[0].on_date - timedelta(days=1), "N")
        edit_roster(session, roster_id, editor, [night])
    call_off(rostering_site, coordinator, "K-1")
    shown = coordinator.client.get(page).text.split('id="confirmed"', 1)[1].split("</table>", 1)[0]
    assert "Dygnsvila" in shown, shown


def test_what_speaks_against_it_is_told_before(
    rostering_site: Site, coordinator: Person, period_id: UUID, roster_id: UUID
) -> None:
    hand_over(rostering_site, coordinator, period_id)
    call_off(rostering_site, coordinator, "M02")
    page = f"{BASE}/periods/{period_id}/hired"
    assert coordinator.client.get(page).text.count("Referensen är någon annans") == 2
    assert send(coordinator, f"{page}/confirmed", version="1").status_code == 409
    assert send(rostering_site.person("ett", "viewer"), f"{page}/confirmed", version="1").status_code == 403
