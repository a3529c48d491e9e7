"""What is still to be invoiced: shown, kept for good, booked by a file, and looked back on."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import ProgrammingError

from agency_rows import AgencyRows, late_invoices
from samplan.db.session import TenantSession
from samplan.ids import new_id
from samplan.testing.site import Site
from samplan_agency.domain.months import Months, plus_months
from samplan_agency.models import (
    Agreement,
    Delivery,
    HoursMonth,
    Price,
    Valuation,
    ValuationPart,
    ValuationRow,
)
from samplan_agency.queries.accrual.exposure import entered_costs
from samplan_agency.queries.accrual.valuations import back_tests

PAGE = "/t/ett/agency/accrual"
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture
def agency(site: Site) -> SimpleNamespace:
    """Give a region with late invoices, its controller, and sessions."""
    tenant = site.add_tenant("ett", ("agency",))
    with site.core.database.unit_of_work(tenant.id) as session:
        late_invoices(session, JUNE)
    return SimpleNamespace(
        site=site,
        tenant=tenant,
        controller=site.person("ett", "controller"),
        work=lambda: site.core.database.unit_of_work(tenant.id),
    )


def hidden(text: str) -> dict[str, Any]:
    """Return what the form for keeping a valuation holds."""
    form = re.search(r'<form[^>]*accrual/keep".*?</form>', text, re.DOTALL)
    assert form is not None
    found: dict[str, Any] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[0]):
        found.setdefault(name, []).append(value)
    return found


def keep(agency: SimpleNamespace, query: str = "?method=mack", **changed: Any) -> Any:
    shown = agency.controller.client.get(PAGE + query)
    assert shown.status_code == 200
    return agency.controller.client.post(f"{PAGE}/keep", data={**hidden(shown.text), **changed})


def newest(session: TenantSession) -> Valuation:
    return session.scalars(select(Valuation).order_by(Valuation.number.desc())).first()  # type: ignore[return-value]


def test_the_page_values_by_month_division_profession_and_sector(agency: SimpleNamespace) -> None:
    text = agency.controller.client.get(PAGE + "?method=mack&booked_to=2026-06").text
    assert "<strong>0,12</strong>" in text  # 60 + 30 thousand of June, 20 + 10 of May
    assert "Enhet D1" in text
    assert 'data-shade="3"' in text
    assert "Sjuksköterskor" in text
    assert hidden(text)["seen"] == ["120000.00"]
    left_out = agency.controller.client.get(
        PAGE + "?booked_months=2026-03&halved=2026-04&work_months=2026-02"
    )
    assert left_out.status_code == 200
    assert left_out.text.count("checked") >= 3
    assert agency.controller.client.get(PAGE + "?booked_to=2026-05").status_code == 200
    assert agency.controller.client.get(PAGE + "?source=invoices").status_code == 200


def test_suppliers_are_judged_by_themselves_and_it_is_kept_how(agency: SimpleNamespace) -> None:
    assert "Alla leverantörer bedöms tillsammans" in agency.controller.client.get(PAGE).text
    with agency.work() as session:
        rows = AgencyRows(session)
        for month in Months.rolling(JUNE, 14):
            at = plus_months(month, 1)
            rows.line(month, 30_000, unit="K1", booked_month=month, supplier="SNABB", line_key=new_id())
            if month < JUNE:
                rows.line(month, 30_000, unit="K1", booked_month=at, supplier="SEN", line_key=new_id())
        rows.finish()
    text = agency.controller.client.get(PAGE + "?method=mack").text
    assert "Exempel SNABB AB" in text
    assert "Övriga" in text
    assert "Exempel SNABB AB" not in agency.controller.client.get(PAGE + "?method=mack&pattern=region").text
    shown = agency.controller.client.get(keep(agency).headers["Location"]).text
    assert "Exempel SEN AB" in shown
    with agency.work() as session:
        groups = newest(session).params["groups"]
        assert len(groups) == 3
        assert sum(Decimal(group["reserve"]) for group in groups) == newest(session).reserve


@pytest.mark.parametrize(
    "query",
    [
        "months=2",
        "months=x",
        "method=guess",
        "pattern=x",
        "booked_to=x",
        "booked_months=1999-01",
        "uncertainty=-1",
    ],
)
def test_what_cannot_be_asked_for_is_said(agency: SimpleNamespace, query: str) -> None:
    shown = agency.controller.client.get(f"{PAGE}?{query}")
    assert shown.status_code == 422
    assert "ds-error-summary" in shown.text


def test_a_valuation_is_kept_as_it_was_shown_and_for_good(agency: SimpleNamespace) -> None:
    assert keep(agency, seen="1.00").status_code == 409
    assert keep(agency, seen="x").status_code == keep(agency, seen="sNaN").status_code == 422
    assert keep(agency).status_code == 303
    with agency.work() as session:
        row = newest(session)
        assert (row.number, row.method, row.reserve, row.booked_to) == (1, "mack", Decimal(120_000), JUNE)
        assert row.kept_by == agency.controller.account_id
        assert row.deliveries[0]["number"] == 1
        assert row.params["method"] == "mack"
        months = session.scalars(select(ValuationRow.reserve).order_by(ValuationRow.work_month)).all()
        assert months[-2:] == [Decimal(30_000), Decimal(90_000)]
        parts = session.execute(select(ValuationPart.category, ValuationPart.amount)).all()
        assert sum(amount for _category, amount in parts) == Decimal(120_000)
        assert sum(amount for category, amount in parts if category == "nurse") == Decimal(80_000)
    for change in (update(Valuation).values(reserve=0), update(ValuationRow).values(reserve=0)):
        with pytest.raises(ProgrammingError, match="permission denied"), agency.work() as session:
            session.execute(change)


def test_the_next_months_see_what_became_of_it(agency: SimpleNamespace) -> None:
    keep(agency)
    with agency.work() as session:
        rows = AgencyRows(session)
        rows.line(JUNE, 66_000, unit="K1", booked_month=plus_months(JUNE, 1), line_key=new_id())
        rows.finish()
    with agency.work() as session:
        tested = back_tests(session, {JUNE: Decimal(30_000)}, plus_months(JUNE, 1))
        test = tested[0].test
        assert (test.held.accrued, test.booked, test.to_come) == (120_000, 66_000, 30_000)
        assert test.difference == -24_000
        assert back_tests(session, {}, plus_months(JUNE, 1), "invoices") == []
    text = agency.controller.client.get(PAGE + "?booked_to=2026-07&method=mack").text
    assert "0,12 mkr periodiserade" in text or "periodiserades 0,12 mkr" in text


def test_a_valuation_is_booked_by_a_file_that_balances(agency: SimpleNamespace) -> None:
    address = keep(agency).headers["Location"]
    client = agency.controller.client
    assert client.get(f"{address}/journal.csv").status_code == 409
    accounts = {"physician": "4601", "nurse": "4602", "other": "4609", "counter_account": "2990"}
    given = {**accounts, "cost_centre": "=99", "version": "0"}
    assert client.post(f"{address}/accounts", data={**given, "nurse": " "}).status_code == 422
    assert client.post(f"{address}/accounts", data=given).status_code == 303
    stale = client.post(f"{address}/accounts", data={**given, "nurse": "4700"})
    assert stale.status_code == 409
    assert 'value="4602"' in stale.text
    assert "2990" in client.get(address).text
    lines = client.get(f"{address}/journal.csv").data.decode("utf-8-sig").splitlines()
    cells = [line.split(";") for line in lines[1:]]
    assert {row[0] for row in cells} == {"2026-06", "2026-07"}
    assert sum(Decimal(row[4].replace(",", ".")) for row in cells) == 0
    debit = [row for row in cells if row[0] == "2026-06" and row[1] != "2990"]
    assert sum(Decimal(row[4].replace(",", ".")) for row in debit) == 120_000
    assert {(row[1], row[3]) for row in debit} == {("4601", "K2"), ("4602", "K1")}


WRONG_HOURS: tuple[dict[str, str], ...] = (
    {"month": "juni"}, {"month": "9999-12"}, {"hours": "-1"}, {"hours": "NaN"}, {"category": "x"},
    {"per_hour": "0"},
)  # fmt: skip


def tell_hours_by_class(session: TenantSession, delivery_id: Any, price: dict[str, Any]) -> None:
    """Hold that delivered hours are priced by time of day, and those that tell none do not count beside."""
    delivered = {"unit": "K9", "category": "nurse", "staff": "hired", "row_number": 1}
    one = new_id()
    for time_class, hours_given in ((None, 9), ("ordinary", 100), ("night", 10), ("weekend", 1)):
        more = {"line_key": new_id(), "basis": "planned", "hours": Decimal(hours_given)}
        of_unit = {**delivered, "unit_id": one, "time_class": time_class}
        session.add(HoursMonth(delivery_id=delivery_id, work_month=MAY, **of_unit, **more))
    night = price | {"per_hour": Decimal(700), "time_class": "night"}
    session.add(Price(agreement_id=session.scalar(select(Agreement.id)), zone=1, valid_from=MAY, **night))
    session.flush()
    found = entered_costs(session, Months(MAY, MAY))
    assert found.costs[MAY, one, "nurse"] == 101 * 500 + 10 * 700, "no price for weekends"
    assert found.by_class == {"ordinary": 100, "night": 10, "weekend": 1, None: 2}


def test_hours_with_a_price_make_the_method_by_hours_recommended(agency: SimpleNamespace) -> None:
    with agency.work() as session:
        row = Agreement(reference="A1", name="Exempelavtal", valid_from=date(2026, 1, 1), source="prov")
        session.add(row)
        session.flush()
        price = {"level": "Sjuksköterska", "category": "nurse", "per_hour": Decimal(500), "source": "prov"}
        session.add(Price(agreement_id=row.id, zone=1, valid_from=date(2026, 1, 1), **price))
    client, hours = agency.controller.client, f"{PAGE}/hours"
    given = {"month": "2026-06", "category": "nurse", "unit_id": "", "hours": "400", "version": "0"}
    assert client.post(hours, data=given).status_code == 303
    for wrong in WRONG_HOURS:
        assert client.post(hours, data={**given, **wrong}).status_code == 422, wrong
    again = client.post(hours, data={**given, "hours": "9"})
    assert again.status_code == 409
    assert 'value="400.00"' in again.text
    assert "att bekräfta" in client.get(hours).text
    assert "hours" not in hidden(client.get(PAGE).text)["method"]
    may = {"month": "2026-05", "hours": "2", "per_hour": "75000"}
    assert client.post(hours, data={**given, **may}).status_code == 303
    shown = client.get(PAGE).text
    assert "Bornhuetter" in shown
    assert hidden(shown)["seen"] == ["150000.00"]  # 60 per cent of 200 and 20 per cent of 150 thousand
    with agency.work() as session:
        delivered = {"unit": "R", "category": "physician", "staff": "hired", "row_number": 1}
        for basis, hours_given in (("worked", 9), ("planned", 1)):
            more = {"line_key": new_id(), "basis": basis, "hours": Decimal(hours_given)}
            delivery_id = session.scalars(select(Delivery.id)).first()
            session.add(HoursMonth(delivery_id=delivery_id, work_month=JUNE, **delivered, **more))
        tell_hours_by_class(session, delivery_id, price)
    assert {"Inlästa timmar", "Natt"} <= {*re.findall(r"Inlästa timmar|Natt", client.get(hours).text)}
    assert "Pris saknas för timmar i: juni\u00a02026" in client.get(PAGE).text
    row_id, version = re.findall(
        r'hours/([-\w]{36})/delete".*?name="version" value="(\d+)"', client.get(hours).text, re.DOTALL
    )[0]
    assert client.get(f"{hours}?change={row_id}").status_code == 200
    assert client.get(f"{hours}?change=x").status_code == 404
    assert client.post(f"{hours}/{row_id}/delete", data={"version": "7"}).status_code == 409
    assert client.post(f"{hours}/{row_id}/delete", data={"version": version}).status_code == 303
    assert client.post(f"{hours}/{row_id}/delete", data={"version": version}).status_code == 404


def test_the_job_proposes_what_somebody_then_keeps(agency: SimpleNamespace) -> None:
    from samplan.jobs.service import request_run

    with agency.work() as session:
        request_run(
            agency.site.core, session, agency.tenant, "agency.propose_valuation", {}, requested_by=None
        )
    agency.site.dispatcher().work(agency.site.core)
    with agency.work() as session:
        row = newest(session)
        assert row.proposed
        assert row.kept_by is None
        proposal_id = row.id
    assert "Visa förslaget" in agency.controller.client.get(PAGE).text
    assert "förslag" in agency.controller.client.get(f"{PAGE}/valuations/{proposal_id}").text
    assert keep(agency, "").status_code == 303
    assert "Visa förslaget" not in agency.controller.client.get(PAGE).text


def test_who_may_not_and_others_are_refused(agency: SimpleNamespace) -> None:
    address = keep(agency).headers["Location"]
    viewer, nobody = agency.site.person("ett", "viewer"), agency.site.person("ett", "employee")
    assert viewer.client.get(address).status_code == 200
    assert "accrual/keep" not in viewer.client.get(PAGE).text
    for method, rest in (("get", ""), ("get", "/hours")):
        assert getattr(nobody.client, method)(PAGE + rest).status_code == 403
    for rest in ("/keep", "/hours", f"/valuations/{new_id()}/accounts", f"/hours/{new_id()}/delete"):
        assert viewer.client.post(PAGE + rest).status_code == 403
    agency.site.add_tenant("annat", ("agency",))
    stranger = agency.site.person("annat", "controller").client
    assert stranger.get(address.replace("/ett/", "/annat/")).status_code == 404
    assert "Inget är bokfört än" in stranger.get("/t/annat/agency/accrual").text
    assert stranger.post("/t/annat/agency/accrual/keep").status_code == 404
