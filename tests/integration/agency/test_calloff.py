"""A call-off from a draft by hand to confirmed shifts: who is asked when, what is refused, the figures."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from calloffs import LEVEL, PAGES, SHIFT, add_agreement, policy, send, version_of
from samplan.clock import FrozenClock
from samplan.db.session import Database
from samplan.imports.template import write_workbook
from samplan.modules.contributions import Period
from samplan.modules.manager import Modules
from samplan.notices.models import Event, Mail
from samplan.organisation.models import OrgUnit
from samplan.plugin_api import ConfirmedShifts
from samplan.tenancy.context import tenant_scope
from samplan.testing.site import Person, Site, build_site
from samplan_agency.calloff_mail import request_mail
from samplan_agency.domain.months import Months
from samplan_agency.files.calloff import ANSWERS, LINES
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine, CallOffRequest, Supplier
from samplan_agency.queries.ordered import ordered_lines
from samplan_agency.services.asking import go_on

NOW = datetime(2031, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def agency(db: Database, modules: Modules, clock: FrozenClock) -> Site:
    site = build_site(db, modules, clock=clock)
    for slug in ("ett", "annat"):
        site.add_tenant(slug, ("agency",))
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        region = OrgUnit(kind="region", code="R", name="Region")
        session.add(region)
        session.flush()
        unit = OrgUnit(kind="ward", code="AVD12", name="Avdelning 12", parent_id=region.id)
        session.add(unit)
        add_agreement(session, unit)
    return site


@pytest.fixture
def coordinator(agency: Site) -> Person:
    return agency.person("ett", "staffing_coordinator")


def make(agency: Site, coordinator: Person, **other: str) -> str:
    """Make a draft with a night shift for two people, and return its address."""
    made = send(coordinator, PAGES, **policy(**other))
    assert made.status_code == 303
    page: str = made.headers["Location"]
    unit = session_of(agency, select(OrgUnit.id).where(OrgUnit.code == "AVD12"))
    fields = {**SHIFT, "unit_id": str(unit), "version": "1"}
    assert send(coordinator, f"{page}/lines", **fields).status_code == 303
    return page


def session_of(agency: Site, statement: object) -> object:
    with agency.core.database.unit_of_work(agency.tenants["ett"].id) as session:
        return session.scalars(statement).first()  # type: ignore[call-overload] # a statement


def sent(agency: Site, coordinator: Person) -> str:
    page = make(agency, coordinator)
    assert send(coordinator, f"{page}/send", answer_hours="24", version="2").status_code == 303
    return page


def again(agency: Site, person: Person) -> Person:
    """Sign somebody in again, when time has passed."""
    return replace(person, client=agency.client(person.account_id))


def supplier(agency: Site, code: str) -> str:
    return str(session_of(agency, select(Supplier.id).where(Supplier.code == code)))


def answer(agency: Site, coordinator: Person, page: str, **fields: str) -> int:
    now = version_of(coordinator.client.get(page).text)
    line = str(session_of(agency, select(CallOffLine.id)))
    given = {"line_id": line, "version": now} | fields
    return send(coordinator, f"{page}/answers", **given).status_code


def test_from_a_draft_to_confirmed_shifts(agency: Site, coordinator: Person, clock: FrozenClock) -> None:
    page = make(agency, coordinator)
    text = coordinator.client.get(page).text
    # For each of two people 1 h of evening and 1 h of day at the ordinary 660, and 7.5 h of night at 700.
    assert "13\xa0140,00 SEK utan moms för 19,00 timmar" in text
    assert "691,58" in text, "6 570 SEK for 9.5 h"
    assert "Natt 7,50 h: 700,00" in text
    assert '<td data-align="end" data-label="Zon">2</td>' in text
    assert send(coordinator, f"{page}/send", answer_hours="24", version="2").status_code == 303
    with agency.core.database.unit_of_work(agency.tenants["ett"].id) as session:
        assert session.scalars(select(Mail.account_id)).all() == [None]
        assert go_on(session, clock.now()) == 0, "the first supplier has time to answer"
    one, two = supplier(agency, "L1"), supplier(agency, "L2")
    assert answer(agency, coordinator, page, supplier_id=one, consultant="K-1", price="691,58") == 303
    assert answer(agency, coordinator, page, supplier_id=two, consultant="X") == 422, "not asked"
    clock.advance(timedelta(hours=24))
    coordinator = again(agency, coordinator)
    for asked in (1, 0):
        with agency.core.database.unit_of_work(agency.tenants["ett"].id) as session:
            assert go_on(session, clock.now()) == asked
    assert answer(agency, coordinator, page, supplier_id=two, consultant="K-2", price="660,50") == 303
    text = coordinator.client.get(page).text
    assert "inom avtalet" in text
    assert "utanför: över avtalat pris" in text
    for confirm in re.findall(r'action="([^"]*/confirm)"', text):
        now = version_of(coordinator.client.get(page).text) if "Registrera" in text else ""
        assert send(coordinator, confirm, version=now).status_code == 303
    assert session_of(agency, select(CallOff.state)) == "closed"
    figures = coordinator.client.get(PAGES).text
    assert "100,0 %" in figures
    assert "24,0 h" in figures
    assert "50,0 %" in figures
    others_read_the_shifts(agency)


def others_read_the_shifts(agency: Site) -> None:
    """Hold what the control of invoices and other plugins are told of two people confirmed."""
    context = agency.core.tenants.fresh(agency.tenants["ett"].id)
    with tenant_scope(context), agency.core.database.unit_of_work(context.id) as session:
        orders = ordered_lines(session, Months(date(2031, 3, 1), date(2031, 3, 1)), "Europe/Stockholm")
        assert [(o.consultant, o.hours, o.price, o.within_agreement) for o in orders] == [
            ("K-1", Decimal("9.5"), Decimal("691.58"), True),
            ("K-2", Decimal("9.5"), Decimal("660.50"), False),
        ]
        assert {o.reference for o in orders} == {"AVROP-1"}
        found = agency.core.modules.find(ConfirmedShifts, session, frozenset({"agency"}))
        assert found is not None
        march = Period(date(2031, 3, 1), date(2031, 3, 5))
        assert [(s.unit, s.consultant) for s in found.confirmed(march)] == [
            ("AVD12", "K-1"),
            ("AVD12", "K-2"),
        ]
        assert found.confirmed(march, ["AVD13"]) == []
        assert found.confirmed(Period(date(2031, 3, 6), date(2031, 3, 31))) == []


def test_the_mail_has_the_shifts_and_no_more(agency: Site, coordinator: Person) -> None:
    page = sent(agency, coordinator)
    context = agency.core.tenants.fresh(agency.tenants["ett"].id)
    with tenant_scope(context), agency.core.database.unit_of_work(context.id) as session:
        payload = session.scalars(select(Event)).one().payload
        mail = request_mail(session, payload)
        assert mail is not None
        assert mail.address == "ett@bolag.example"
        assert "AVROP-1" in str(mail.text)
        assert [file.name for file in mail.attachments] == ["Call-off AVROP-1.xlsx", "Call-off AVROP-1.pdf"]
        book, document = mail.attachments
        assert document.content.startswith(b"%PDF-")
        rows = (
            CalamineWorkbook.from_filelike(io.BytesIO(book.content))
            .get_sheet_by_name("Avropssvar")
            .to_python()
        )
        assert [row[0] for row in rows[1:3]] == [1.0, 1.0], "a row for each person"
        assert rows[1][rows[0].index("Yrkeskategori *") if "Yrkeskategori *" in rows[0] else -1] == LEVEL
    withdraw = send(coordinator, f"{page}/withdraw", version=version_of(coordinator.client.get(page).text))
    assert withdraw.status_code == 303
    with tenant_scope(context), agency.core.database.unit_of_work(context.id) as session:
        assert request_mail(session, payload) is None


def test_answers_come_by_workbook_all_or_none(agency: Site, coordinator: Person) -> None:
    page = sent(agency, coordinator)
    one = supplier(agency, "L1")

    def read(rows: list[dict[str, object]]) -> int:
        content = write_workbook([ANSWERS], {"answers": rows}, title="Svar", created=NOW)
        fields = {"supplier_id": one, "version": version_of(coordinator.client.get(page).text)}
        return send(
            coordinator, f"{page}/answers/file", file=(io.BytesIO(content), "svar.xlsx"), **fields
        ).status_code

    fine = {"line": 1, "consultant": "K-1", "price": Decimal(700)}
    for wrong in (
        {"line": 2, "consultant": "K-2", "price": Decimal(1)},
        {"line": 1, "consultant": "K-2"},
        {"line": 1, "price": Decimal(1)},
        {"line": 1, "consultant": "19121212-1212", "price": Decimal(1)},
        fine | {"price": Decimal(699)},
    ):
        assert read([fine, wrong]) == 422, wrong
    assert session_of(agency, select(CallOffAnswer.id)) is None
    assert read([fine, {"line": 1}]) == 303
    assert session_of(agency, select(CallOffRequest.state)) == "answered"
    assert session_of(agency, select(CallOffRequest.id).where(CallOffRequest.rank == 2)), "asked at once"
    assert read([{"line": 1}]) == 303
    assert session_of(agency, select(CallOffAnswer.state)) == "refused"


def test_shifts_come_by_workbook_and_the_policy_holds(agency: Site, coordinator: Person) -> None:
    page = make(agency, coordinator, times="nights", max_price="700")

    def read(version: str, **other: object) -> str:
        row = {
            "unit": "avd12", "date": date(2031, 3, 6), "begins": time(21),
            "ends": time(7), "break_minutes": 0, "level": LEVEL, "people": 1,
            "own_asked": True,
        } | other  # fmt: skip
        content = write_workbook([LINES], {"lines": [row]}, title="Pass", created=NOW)
        got = send(
            coordinator, f"{page}/lines/file", file=(io.BytesIO(content), "pass.xlsx"), version=version
        )
        return f"{got.status_code} {got.text}"

    for wrong, word in (
        ({"unit": "AVD99"}, "finns ingen sådan enhet"),
        (
            {"begins": time(7), "ends": time(15)},
            "vid den här tiden",
        ),
        ({"own_asked": False}, "egen personal är inte tillfrågad"),
        ({"level": "Okänd"}, "inget avtalat pris"),
        ({"skill": "19121212-1212"}, "ersonnummer"),
    ):
        got = read("2", **wrong)
        assert got.startswith("422"), wrong
        assert word in got, wrong
    assert read("1").startswith("409")
    assert read("2").startswith("303")
    assert coordinator.client.get(f"{PAGES}/template.xlsx").status_code == 200


def test_what_makes_no_sense_is_refused(agency: Site, coordinator: Person, clock: FrozenClock) -> None:
    empty = send(coordinator, PAGES, **policy()).headers["Location"]
    assert send(coordinator, f"{empty}/send", answer_hours="24", version="1").status_code == 422
    for wrong in ({"last": "2031-02-01"}, {"times": "sometimes"}, {"max_price": "-1"}, {"first": "x"}):
        assert send(coordinator, PAGES, **policy(**wrong)).status_code == 422, wrong
    page = make(agency, coordinator)
    for wrong in ({"answer_hours": "0"}, {"answer_hours": "999"}):
        assert (
            send(coordinator, f"{page}/send", **{"answer_hours": "1", "version": "2"} | wrong).status_code
            == 422
        )
    assert send(coordinator, f"{page}/send", answer_hours="1", version="1").status_code == 409
    for unit in ("x", str(uuid4())):
        fields = {**SHIFT, "unit_id": unit, "version": "2"}
        assert send(coordinator, f"{page}/lines", **fields).status_code == 422
    assert send(coordinator, f"{page}/lines/{uuid4()}/remove", version="2").status_code == 404
    assert send(coordinator, f"{page}/send", answer_hours="1", version="2").status_code == 303
    one = supplier(agency, "L1")
    for wrong in (
        {"consultant": "K-1"},
        {"price": "700"},
        {"consultant": "19121212-1212", "price": "700"},
        {"consultant": "K-1", "price": "NaN"},
        {"supplier_id": str(uuid4())},
    ):
        assert answer(agency, coordinator, page, **{"supplier_id": one} | wrong) == 422, wrong
    assert answer(agency, coordinator, page, supplier_id=one, version="1") == 409
    assert send(coordinator, f"{page}/answers/{uuid4()}/confirm", version="3").status_code == 404
    assert send(coordinator, f"{page}/lines", **SHIFT, unit_id=str(uuid4()), version="3").status_code == 409
    late = make(agency, coordinator)
    clock.advance(timedelta(days=30))
    coordinator = again(agency, coordinator)
    assert send(coordinator, f"{late}/send", answer_hours="1", version="2").status_code == 422


def test_who_may(agency: Site, coordinator: Person) -> None:
    page = make(agency, coordinator)
    reader, nobody = agency.person("ett", "controller"), agency.person("ett", "viewer")
    for kind in ("", ".xlsx", ".pdf"):
        assert reader.client.get(f"{page}{kind}", buffered=True).status_code == 200, kind
    assert "answer_hours" not in reader.client.get(page).text
    assert send(reader, PAGES, **policy()).status_code == 403
    assert reader.client.get(f"{PAGES}/new").status_code == 403
    assert nobody.client.get(page).status_code == 403
    stranger = agency.person("annat", "staffing_coordinator")
    assert stranger.client.get(page.replace("/ett/", "/annat/")).status_code == 404
    assert "har inga scheman" in coordinator.client.get(f"{PAGES}/new").text
