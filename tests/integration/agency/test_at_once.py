"""What happens at once: two confirm the same person; invoices are read in while others are controlled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from agency_billing import MAY, NOW, billed_site, work
from agency_rows import AgencyRows
from calloffs import (
    GAP,
    LEVEL,
    PAGES,
    OneGap,
    answer,
    calling_site,
    policy,
    send,
    sent,
    session_of,
    session_rows,
    supplier,
)
from samplan.clock import FrozenClock
from samplan.db.session import Database, TenantSession
from samplan.modules.manager import Modules
from samplan.organisation.models import OrgUnit
from samplan.plugin_api import Invalid
from samplan.testing.site import Person, Site
from samplan_agency.domain.keys import line_key
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine, CostLine, Delivery
from samplan_agency.queries.control.lines import matched_by_month
from samplan_agency.queries.control.months import delivered_months
from samplan_agency.services.calloff.confirming import confirm_answer
from samplan_agency.services.calloff.steps import Moment, choose_alone
from samplan_agency.services.control import renew_control
from samplan_agency.web.calloff import choice as calloff_choice


def offered(agency: Site, coordinator: Person, consultant: str) -> tuple[UUID, UUID]:
    """Send a call-off and register an offer; return the ids of both."""
    page = sent(agency, coordinator)
    call_off = UUID(page.rsplit("/", 1)[1])
    line = str(session_of(agency, select(CallOffLine.id).where(CallOffLine.call_off_id == call_off)))
    given = {"supplier_id": supplier(agency, "L1"), "line_id": line, "consultant": consultant}
    assert answer(agency, coordinator, page, **given, price="690") == 303
    offer = session_of(agency, select(CallOffAnswer.id).where(CallOffAnswer.line_id == line))
    assert isinstance(offer, UUID)
    return call_off, offer


def confirm(session: TenantSession, offer: tuple[UUID, UUID], clock: FrozenClock) -> None:
    version = session.scalars(select(CallOff.version).where(CallOff.id == offer[0])).one()
    confirm_answer(session, *offer, Moment(clock.now(), ZoneInfo("Europe/Stockholm")), version=version)


def test_two_call_offs_cannot_confirm_the_same_person_at_once(
    database: Database, modules: Modules, clock: FrozenClock
) -> None:
    """The second waits until the first is done, and is told then that the person works elsewhere.

    Ids are the same whatever their case and spaces.
    """
    agency = calling_site(database, modules, clock)
    coordinator = agency.person("ett", "staffing_coordinator")
    first, second = (offered(agency, coordinator, consultant) for consultant in ("K-1", "k- 1"))
    tenant, first_done = agency.tenants["ett"].id, Event()

    def confirm_second() -> str:
        with database.unit_of_work(tenant) as session:
            try:
                confirm(session, second, clock)
            except Invalid as error:
                return f"{first_done.is_set()}: {error}"
        return "confirmed"

    with ThreadPoolExecutor(1) as pool:
        with database.unit_of_work(tenant) as session:
            confirm(session, first, clock)
            said = pool.submit(confirm_second)
            with pytest.raises(TimeoutError):
                said.result(timeout=0.5)
            first_done.set()
        assert said.result(timeout=300).startswith("True: k- 1 ")
    confirmed = select(CallOffAnswer.id).where(CallOffAnswer.state == "confirmed")
    assert session_rows(agency, confirmed) == [first[1:]]


def test_two_do_not_call_the_same_gap_off_at_once(
    database: Database, modules: Modules, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes second waits, and is shown what is left then."""
    agency = calling_site(database, modules, clock)
    coordinator = agency.person("ett", "staffing_coordinator")
    monkeypatch.setattr(calloff_choice, "find", lambda _offer: OneGap(LEVEL))
    fields = policy() | {"gap": str(GAP)}

    def choose() -> int:
        return send(coordinator, PAGES, **fields).status_code

    with ThreadPoolExecutor(1) as pool:
        with database.unit_of_work(agency.tenants["ett"].id) as session:
            choose_alone(session)
            second = pool.submit(choose)
            with pytest.raises(TimeoutError):
                second.result(timeout=1)
            call_off = CallOff(number=1, made_at=clock.now())
            session.add(call_off)
            session.flush()
            unit = session.scalars(select(OrgUnit.id).where(OrgUnit.code == "AVD12")).one()
            told = {"shift": "D", "level": LEVEL, "people": 1, "known_at": clock.now()}
            line = CallOffLine(call_off_id=call_off.id, unit_id=unit, gap_id=GAP, break_minutes=0, **told)
            line.starts_at, line.ends_at = clock.now() + timedelta(days=4), clock.now() + timedelta(days=5)
            session.add(line)
        assert second.result(timeout=20) == 422
    assert session_rows(agency, select(CallOffLine.gap_id)) == [(GAP,)]


def test_only_what_was_delivered_since_is_controlled_again(site: Site) -> None:
    """Also what was read in while other months were controlled, or moments before its own month was."""
    billing = billed_site(site)
    june, later = date(2027, 6, 1), NOW + timedelta(minutes=30)
    with work(billing.site) as session:
        rows = AgencyRows(session)
        credit = rows.line(
            june, -500, -1, source="invoices", supplier="P7", invoice="K-1", line_key=line_key("K")
        )
        rows.finish()
        deliveries = session.scalars(select(Delivery).order_by(Delivery.number)).all()
        for delivery in deliveries:
            delivery.read_at = NOW
        session.flush()
        assert delivered_months(session) == [MAY, june]
        renew_control(session, MAY, "Europe/Stockholm", NOW + timedelta(minutes=2))
        assert delivered_months(session) == [june]
        renew_control(session, june, "Europe/Stockholm", later)
        assert delivered_months(session) == [], "a month with credit notes only is controlled too"
        assert [found.name for found in matched_by_month(session)] == ["maj\u00a02027"]

        mine = {delivery.id: delivery for delivery in deliveries}
        may = session.get_one(CostLine, (session.tenant_id, billing.good)).delivery_id
        mine[may].read_at = later - timedelta(minutes=10)
        session.flush()
        assert MAY in delivered_months(session), "after May was controlled, before June was"
        mine[credit.delivery_id].read_at = later - timedelta(seconds=1)
        session.flush()
        assert june in delivered_months(session)
