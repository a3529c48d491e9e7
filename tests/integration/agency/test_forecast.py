"""The forecast of a year on its page: made by the job, kept, against budget and last year, nothing twice."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from budgets import DEVIATIONS, MILLION, counted, fill, whole_budget
from samplan.testing.site import Site
from samplan_agency.domain.forecast_table import by_division, result
from samplan_agency.models import Account, BudgetLine, Forecast, ForecastRow
from samplan_agency.queries.forecast.kept import kept_forecast

PAGE = "/t/ett/agency/forecast"

WRONG_LINES: list[dict[str, object]] = [
    {"amount": ""},
    {"amount": "0"},
    {"amount": "NaN"},
    {"amount": "1e30"},
    {"first": "6", "last": "5"},
    {"profile": "1; 2; 3"},
    {"profile": "x;" * 12},
    {"row": "hired|Annat"},
    {"note": ""},
    {"note": "för 19640823-3234"},
    {"owner": "640823-3234"},
    {"division": "x"},
    {"measure": str(UUID(int=4))},
]


@pytest.fixture
def filled(site: Site) -> Site:
    return fill(site)


def make(site: Site, client: FlaskClient, as_of: str, year: int = 2026) -> UUID:
    """Make a forecast through the page and the job; return its id."""
    assert client.post(PAGE, data={"year": year, "as_of": as_of}).status_code == 303
    site.dispatcher().work(site.core)
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        found = session.scalar(select(Forecast.id).order_by(Forecast.number.desc()).limit(1))
    assert found is not None
    return found


def test_the_deviations_of_document_002_to_the_krona(filled: Site) -> None:
    """Region Jämtland Härjedalen (2023): −220 −217 −235 +332 = −340."""
    controller = filled.person("ett", "controller").client
    assert counted(filled, whole_budget()) == (5, 0, 0, 0)

    forecast_id = make(filled, controller, "2026-12-01")

    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        kept = kept_forecast(session, forecast_id)
        names = {name: key for key, name in kept.names.items()}
        divisions = {
            line.key: line.deviation for line in by_division(kept.rows, kept.known, list(kept.names))
        }
        told = {code: divisions[names[f"Enhet {code}"]] for code in DEVIATIONS}
        revenue, _cost, net = result(kept.rows, kept.known)
        assert told == {code: Decimal(amount * MILLION) for code, amount in DEVIATIONS.items()}
        assert (net.deviation, revenue.deviation, net.low) == (-340 * MILLION, 0, net.forecast)
    page = controller.get(PAGE)
    assert page.status_code == 200
    for text in ("−220,0", "−217,0", "−235,0", "+332,0", "−340,0", "Helårsprognos 2026"):
        assert text in page.text


def test_a_year_begun_is_forecast_with_its_interval_and_kept_unchanged(filled: Site) -> None:
    controller = filled.person("ett", "controller").client
    first = make(filled, controller, "2026-06-01")
    second = make(filled, controller, "2026-09-01")

    page = controller.get(f"/t/ett/agency/forecasts/{first}")
    assert "Prognos" in page.text
    assert "Utfall till och med juni\u00a02026" in page.text
    assert 'href="/t/ett/agency/deliveries/' in page.text.partition('id="sources"')[2], "what it rests on"
    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        rows = list(session.scalars(select(ForecastRow).where(ForecastRow.forecast_id == first)))
        for row in rows:
            assert row.p50 == row.outcome + row.drawn == pytest.approx(row.last_year)
            assert row.p10 is not None
            assert row.p90 is not None
            assert row.p10 <= row.p50 <= row.p90
        assert len(rows) == 5
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(update(Forecast).values(year=2025))
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(delete(ForecastRow))
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(controller.get(f"/t/ett/agency/forecasts/{second}/forecast.xlsx").data)
    )
    assert book.sheet_names == ["Prognos", "Utfall", "Månader", "Medräknat", "Inte medräknat"]
    net = next(row for row in book.get_sheet_by_name("Prognos").to_python() if row[:1] == ["Nettokostnad"])
    assert net[1] == pytest.approx(-(4800 + 340 - 600) * MILLION, rel=1e-6)


def test_a_division_by_itself(filled: Site) -> None:
    controller = filled.person("ett", "controller").client
    make(filled, controller, "2026-06-01")

    alone = controller.get(PAGE, query_string={"division": "none"})
    assert alone.status_code == 200
    assert "Netto per division" not in alone.text
    assert controller.get(PAGE, query_string={"division": str(UUID(int=1))}).status_code == 404


def test_what_cannot_be_forecast_is_said(filled: Site) -> None:
    controller = filled.person("ett", "controller").client

    for year, month in (
        (2027, "2026-11-01"),
        (2026, "2025-06-01"),
        ("x", "2026-06-01"),
        (2026, "2026-06-02"),
    ):
        refused = controller.post(PAGE, data={"year": year, "as_of": month})
        assert refused.status_code == 422, (year, month)
    viewer = filled.person("ett", "viewer").client
    assert viewer.get(PAGE).status_code == 200
    assert viewer.post(PAGE, data={"year": 2026, "as_of": "2026-06-01"}).status_code == 403
    assert filled.person("ett", "employee").client.get(PAGE).status_code == 403


def test_without_a_ledger_the_page_says_what_is_missing(site: Site) -> None:
    site.add_tenant("ett", ("agency",))
    controller = site.person("ett", "controller").client

    assert "Det finns inget utfall än" in controller.get(PAGE).text
    assert controller.post(PAGE, data={"year": 2026, "as_of": "2026-06-01"}).status_code == 422


def plan(client: FlaskClient, path: str = "", **more: object) -> int:
    said = {
        "row": "hired|Inhyrd personal",
        "amount": "1200",
        "first": "1",
        "last": "12",
        "note": "Ny mottagning",
        "owner": "Divisionschef",
    }
    return client.post(f"/t/ett/agency/plan{path}", data=said | more, query_string={"year": 2026}).status_code


def test_plan_lines_are_added_changed_and_taken_away(filled: Site) -> None:
    controller = filled.person("ett", "controller").client
    assert plan(controller) == 303
    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        line = session.scalars(select(BudgetLine)).one()
        assert sum(map(Decimal, line.months)) == 1_200_000
    page = f"/{line.id}"
    assert "Ny mottagning" in controller.get("/t/ett/agency/plan?year=2026").text
    assert "100;" in controller.get(f"/t/ett/agency/plan{page}").text

    own_months = "0; 0; 0; 0; 0; 0; 0; 0; 0; 0; 12,5; −1"
    assert plan(controller, page, version="1", amount="", profile=own_months) == 303
    assert plan(controller, page, version="1") == 409
    assert controller.post(f"/t/ett/agency/plan{page}/delete", data={"version": "1"}).status_code == 409
    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        assert sum(map(Decimal, session.scalars(select(BudgetLine)).one().months)) == 11_500
    assert controller.post(f"/t/ett/agency/plan{page}/delete", data={"version": "2"}).status_code == 303
    assert controller.get(f"/t/ett/agency/plan{page}").status_code == 404
    assert plan(filled.person("ett", "viewer").client) == 403


def test_two_rows_of_a_plan_line_never_have_the_same_name(filled: Site) -> None:
    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        session.add(Account(code="4999", name="Utan kostnadsslag", kind="hired"))
    page = filled.person("ett", "controller").client.get("/t/ett/agency/plan?year=2026").text
    rows = page.partition('id="row"')[2].partition("</select>")[0]
    names = re.findall(r">([^<]+)</option>", rows)
    assert len(names) == len(set(names))
    assert "Inhyrd personal, utan kostnadsslag" in names


def test_a_plan_line_that_is_none_is_refused(filled: Site) -> None:
    controller = filled.person("ett", "controller").client
    for wrong in WRONG_LINES:
        assert plan(controller, **wrong) == 422, wrong
    assert controller.get("/t/ett/agency/plan?year=02026").status_code == 422
    with filled.core.database.unit_of_work(filled.tenants["ett"].id) as session:
        assert session.scalars(select(BudgetLine)).all() == []


def test_plan_lines_count_for_the_months_to_come(filled: Site) -> None:
    controller = filled.person("ett", "controller").client
    plan(controller)
    make(filled, controller, "2026-06-01")

    page = controller.get(PAGE).text
    assert "planrader −0,6" in page
    assert "Månaderna har ett utfall" in page
    counted = page.partition('id="counted"')[2].partition("</table>")[0]
    assert counted.count("−0,6</td>") == 2, "the line, and the sum, which the whole year is made of"
    assert "−0,6</td>" in page.partition('id="left"')[2].partition("</table>")[0]
