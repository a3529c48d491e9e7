"""A call-off from a draft by hand to confirmed shifts: who is asked when, what is refused, the figures."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import select

from calloffs import (
    LEVEL,
    NOW,
    PAGES,
    SHIFT,
    again,
    answer,
    make,
    policy,
    send,
    sent,
    session_of,
    session_rows,
    supplier,
    two_lines,
    version_of,
)
from samplan.clock import FrozenClock
from samplan.imports.template import write_workbook
from samplan.modules.contributions import Period
from samplan.notices.models import Mail
from samplan.plugin_api import ConfirmedShifts
from samplan.tenancy.context import tenant_scope
from samplan.testing.site import Person, Site
from samplan_agency.files.calloff import ANSWERS, LINES
from samplan_agency.models import CallOff, CallOffAnswer, CallOffLine, CallOffRequest
from samplan_agency.queries.calloff.ordered import ordered_lines
from samplan_agency.queries.calloff.shown import named_call_offs
from samplan_agency.services.calloff.asking import go_on


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
        orders = ordered_lines(session, Period(date(2031, 3, 1), date(2031, 3, 31)), "Europe/Stockholm")
        assert [(o.consultant, o.hours, o.price, o.within_agreement) for o in orders] == [
            ("K-1", Decimal("9.5"), Decimal("691.58"), True),
            ("K-2", Decimal("9.5"), Decimal("660.50"), False),
        ]
        assert {o.reference for o in orders} == {"AVROP-1"}
        named = named_call_offs(session, ["AVROP-1", "avrop 1", "AVROP-2", "1x", "AVROP-²", ""])
        assert set(named) == {"AVROP-1", "avrop 1"}
        found = agency.core.modules.find(ConfirmedShifts, session, frozenset({"agency"}))
        assert found is not None
        march = Period(date(2031, 3, 1), date(2031, 3, 5))
        assert [(s.unit, s.consultant) for s in found.confirmed(march)] == [
            ("AVD12", "K-1"),
            ("AVD12", "K-2"),
        ]
        assert found.confirmed(march, ["AVD13"]) == []
        assert found.confirmed(Period(date(2031, 3, 6), date(2031, 3, 31))) == []


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
        {"line": 1, "consultant": "Exempel Exempelsson", "price": Decimal(1)},
        fine | {"price": Decimal(699)},
    ):
        assert read([fine, wrong]) == 422, wrong
    for wrong in ({"date": date(2031, 3, 6)}, {"begins": time(20)}, {"ends": time(7, 30)}):
        assert read([fine | wrong]) == 422, "the workbook of another call-off"
    assert session_of(agency, select(CallOffAnswer.id)) is None
    told = {"date": date(2031, 3, 5), "begins": time(21), "ends": time(7)}
    assert read([fine | told, {"line": 1}]) == 303
    assert session_of(agency, select(CallOffRequest.state)) == "answered"
    assert session_of(agency, select(CallOffRequest.id).where(CallOffRequest.rank == 2)), "asked at once"
    assert read([{"line": 1}]) == 303
    assert session_of(agency, select(CallOffAnswer.state)) == "refused"


def test_shifts_come_by_workbook_and_the_policy_holds(agency: Site, coordinator: Person) -> None:
    page = make(agency, coordinator, times="nights", max_price="700")
    proposed = coordinator.client.get(f"{PAGES}/new").text
    assert '<option selected value="nights">' in proposed, "the newest call-off's policy is the usual one"
    assert re.search(r'name="max_price"[^>]*value="700"', proposed)

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
    for wrong in (
        {"last": "2031-02-01"}, {"times": "sometimes"}, {"max_price": "-1"}, {"first": "x"},
        {"first": "0001-01-01"},
    ):  # fmt: skip
        assert send(coordinator, PAGES, **policy(**wrong)).status_code == 422, wrong
    page = make(agency, coordinator)
    for wrong in ({"answer_hours": "0"}, {"answer_hours": "999"}):
        assert (
            send(coordinator, f"{page}/send", **{"answer_hours": "1", "version": "2"} | wrong).status_code
            == 422
        )
    assert send(coordinator, f"{page}/send", answer_hours="1", version="1").status_code == 409
    for field, value in (("unit_id", "x"), ("unit_id", str(uuid4())), ("date", "9999-12-31")):
        fields = {**SHIFT, field: value, "version": "2"}
        assert send(coordinator, f"{page}/lines", **fields).status_code == 422
    assert send(coordinator, f"{page}/lines/{uuid4()}/remove", version="2").status_code == 404
    assert send(coordinator, f"{page}/send", answer_hours="1", version="2").status_code == 303
    one = supplier(agency, "L1")
    for wrong in (
        {"consultant": "K-1"},
        {"price": "700"},
        {"consultant": "19121212-1212", "price": "700"},
        {"consultant": "Exempel Exempelsson", "price": "700"},
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


def test_a_supplier_has_nobody_more_for_all_that_is_left(agency: Site, coordinator: Person) -> None:
    """Two shifts for two and one: one person is offered, then nobody more; the next supplier is asked."""
    page = two_lines(agency, coordinator)
    one, two = supplier(agency, "L1"), supplier(agency, "L2")
    line = session_of(agency, select(CallOffLine.id).order_by(CallOffLine.starts_at))
    offer = {"supplier_id": one, "line_id": str(line), "consultant": "K-1", "price": "690"}
    assert answer(agency, coordinator, page, **offer) == 303
    nobody = {"supplier_id": one, "line_id": "all"}
    assert answer(agency, coordinator, page, **nobody, consultant="K-2") == 422
    assert answer(agency, coordinator, page, **nobody) == 303
    said = session_rows(agency, select(CallOffAnswer.consultant, CallOffAnswer.state))
    assert sorted(tuple(row) for row in said) == [("", "refused"), ("", "refused"), ("K-1", "offered")]
    text = coordinator.client.get(page).text
    ids = re.findall(r' id="([^"]+)"', text)
    assert {each for each in ids if ids.count(each) > 1} <= {"version", "csrf_token"}
    assert 0 < text.index(f'value="{two}"') < text.index(f'value="{one}"'), "who has not answered is first"


def test_what_cannot_be_confirmed_is_said(agency: Site, coordinator: Person, clock: FrozenClock) -> None:
    """Two people are asked for at 700 at most: three are offered, one too dear; one works elsewhere then."""
    other, page = sent(agency, coordinator), two_lines(agency, coordinator)
    first = CallOffLine.starts_at < datetime(2031, 3, 20, tzinfo=UTC)
    lines = dict(session_rows(agency, select(CallOffLine.call_off_id, CallOffLine.id).where(first)))
    one = supplier(agency, "L1")

    def offer(at: str, consultant: str, price: str = "690") -> int:
        line = str(lines[UUID(at.rsplit("/", 1)[1])])
        return answer(
            agency, coordinator, at, supplier_id=one, line_id=line, consultant=consultant, price=price
        )

    def confirm(at: str, consultant: str) -> str:
        text = coordinator.client.get(at).text
        rows = select(CallOffAnswer.id).where(
            CallOffAnswer.consultant == consultant,
            CallOffAnswer.line_id == lines[UUID(at.rsplit("/", 1)[1])],
        )
        got = send(coordinator, f"{at}/answers/{session_of(agency, rows)}/confirm", version=version_of(text))
        return f"{got.status_code} {got.text}"

    for consultant, price in (("K-1", "690"), ("K-2", "690"), ("K-3", "690"), ("K-4", "700,01")):
        assert offer(page, consultant, price) == 303
    assert "kostar mer än högsta priset" in coordinator.client.get(page).text
    assert "högsta pris." in confirm(page, "K-4")
    assert offer(other, "K-1") == 303
    assert confirm(other, "K-1").startswith("303")
    assert "K-1 är bekräftad för ett annat pass den tiden (AVROP-1)" in confirm(page, "K-1")
    assert confirm(page, "K-2").startswith("303")
    clock.advance(timedelta(days=5))
    coordinator = again(agency, coordinator)
    assert "Passet har redan börjat." in confirm(page, "K-3")
    assert offer(page, "K-5") == 422
    clock.advance(timedelta(days=-5))
    coordinator = again(agency, coordinator)
    assert confirm(page, "K-3").startswith("303")
    assert confirm(other, "K-1").startswith("422"), "confirmed twice"
    assert "Ingen saknas" in confirm(page, "K-1")
