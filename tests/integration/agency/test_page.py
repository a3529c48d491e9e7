"""The overview: measures as given rows make them, what it refuses, and the numbers that it computes by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.support.agency_rows import AgencyRows

from agency_files import read_in, said
from samplan.testing.site import Person, Site
from samplan_agency.domain.months import Months
from samplan_agency.queries.costs.figures import Asked, key_figures
from samplan_agency.queries.costs.sums import Choice, cost_sums

PAGE = "/t/ett/agency/"
H1 = Months.half_year(2026, 1)


@pytest.fixture
def region(site: Site) -> Iterator[AgencyRows]:
    """Give a region whose hired nurses cost 40,000 in a half-year and 50,000 in that a year before."""
    tenant = site.add_tenant("ett", ("agency",))
    with site.core.database.unit_of_work(tenant.id) as session:
        rows = AgencyRows(session)
        rows.unit("D1", "division")
        rows.unit("U1", parent="D1")
        rows.unit("U2", parent="D1")
        for month, amount, hours in ((date(2025, 2, 1), 50_000, 70), (date(2026, 2, 1), 30_000, 45)):
            rows.line(month, amount, hours, unit="U1", supplier="S1", zone=2)
        rows.line(date(2026, 6, 1), 10_000, 12, unit="U2", category="physician", supplier="S2", zone=3)
        for month in (date(2025, 6, 1), date(2026, 6, 1)):
            rows.line(month, 1_000_000, kind="own", unit="U1")
        rows.line(date(2026, 2, 1), 77_777, 99, unit="U1", source="invoices", supplier="S1", zone=2)
        rows.finish()
        yield rows


@pytest.fixture
def controller(site: Site, region: AgencyRows) -> Person:
    """Give a controller of the region; its rows are there for everybody."""
    region.session.commit()
    return site.person("ett", "controller")


def test_the_measures_are_what_the_rows_make_them(region: AgencyRows) -> None:
    found = key_figures(region.session, Asked(H1))

    whole = found.whole
    assert (whole.hired, whole.hired_before, whole.own) == (40_000, 50_000, 1_000_000)
    assert (whole.share, whole.share_before, whole.points, whole.change) == (4, 5, -1, -20)
    assert whole.fte(Decimal(165)) == Decimal(57) / (165 * 6)
    both = key_figures(region.session, Asked(H1, denominator="own_and_hired"))
    assert both.whole.share == Decimal(4_000_000) / 1_040_000
    parts = [part.within(both.whole).share for part in both.by["supplier_id"].values() if part.hired]
    assert sum(filter(None, parts)) == both.whole.share, "suppliers' shares are of the same whole"
    hired = {
        name: {key: part.hired for key, part in parts.items() if part.hired}
        for name, parts in found.by.items()
    }
    units, suppliers = region.unit, region.supplier
    assert hired["unit_id"] == {units("U1"): 30_000, units("U2"): 10_000}
    assert hired["category"] == {"nurse": 30_000, "physician": 10_000}
    assert hired["supplier_id"] == {suppliers("S1"): 30_000, suppliers("S2"): 10_000}
    assert hired["zone"] == {2: 30_000, 3: 10_000}
    only = key_figures(region.session, Asked(H1, units=frozenset({units("U2")}))).whole
    assert (only.hired, only.own, only.share) == (10_000, 0, None)


def test_the_ledger_and_the_invoices_are_never_added_together(region: AgencyRows) -> None:
    assert key_figures(region.session, Asked(H1, source="invoices")).whole.hired == 77_777
    assert key_figures(region.session, Asked(H1, source="invoices")).whole.own == 1_000_000
    assert [found.amount for found in cost_sums(region.session, Choice(H1))] == [40_000]
    assert [found.amount for found in cost_sums(region.session, Choice(H1, source="invoices"))] == [77_777]


def test_the_overview_shows_figures_and_where_they_come_from(controller: Person, region: AgencyRows) -> None:
    shown = controller.client.get(PAGE)

    assert shown.status_code == 200
    assert "<h1>Hyrpersonal</h1>" in shown.text
    assert "första halvåret 2026" in shown.text
    assert "<strong>4,0</strong> %" in shown.text
    assert "<strong>−20,0</strong> %" in shown.text
    assert "prov-ledger.csv" in shown.text
    assert "Region Jämtland Härjedalen, 2023" in shown.text  # the source of the hours
    inside = controller.client.get(PAGE, query_string={"unit": str(region.unit("D1")), "period": "2025H1"})
    assert "Enhet U1" in inside.text
    assert "<strong>5,0</strong> %" in inside.text
    assert "4,0 % (−1,0)" in controller.client.get(f"{PAGE}card").text


def test_the_menu_tells_where_one_is(controller: Person) -> None:
    for page, place in (("", ""), ("parameters", ""), ("plan", "forecast"), ("suppliers/new", "agreements")):
        shown = controller.client.get(PAGE + page).text
        assert f'<a href="{PAGE}{place}" aria-current="page">' in shown, page
    refused = controller.client.post(f"{PAGE}measures/new", data={})
    assert refused.status_code == 422
    assert f'<a href="{PAGE}measures" aria-current="page">' in refused.text


def test_a_year_that_was_never_read_in_is_no_zero(controller: Person) -> None:
    # The invoices begin in 2026: there is nothing a year before to compare with.
    shown = controller.client.get(f"{PAGE}?source=invoices").text
    assert "det finns inget att jämföra med året före" in shown
    assert "året före 0,0" not in shown
    assert '<td data-align="end" data-label="Året före, mkr">–</td>' in shown
    whole = controller.client.get(f"{PAGE}?period=2025").text
    assert "Kostnader finns från feb\u00a02025: perioden är inte hel." in whole
    assert "året före är inte helt" in controller.client.get(f"{PAGE}?period=2026H1").text


def test_months_without_own_staffs_cost_make_no_share_of_twelve_months(
    controller: Person, region: AgencyRows
) -> None:
    """Hired staff's cost is known from February 2025, own staff's from June: the page says so."""
    for page in ("", "report"):
        for period, told in (("2025H1", True), ("2025-06", False), ("2026H1", False)):
            shown = controller.client.get(f"{PAGE}{page}?period={period}").text
            assert ("finns först från juni\u00a02025: andelarna blir för höga" in shown) is told, (
                page,
                period,
            )
        assert "andelen året före blir för hög" in shown
    found = key_figures(region.session, Asked(H1))
    found.monthly = {
        month: {"hired": Decimal(1)} | ({"own": Decimal(9)} if month < date(2026, 6, 1) else {})
        for month in Months.rolling(date(2026, 6, 1), 13)
    }
    assert found.rolling(date(2026, 6, 1), 2) == [(date(2026, 5, 1), 12, 108)]


@pytest.mark.parametrize(
    "asked", ["period=2026H3", "period=x", "period=0001-01", "denominator=all", "source=both"]
)
def test_what_is_no_choice_is_refused(controller: Person, asked: str) -> None:
    refused = controller.client.get(f"{PAGE}?{asked}")
    assert refused.status_code == 422
    assert "sp-message" in refused.text


def test_who_may_see_costs_sees_them(site: Site, controller: Person) -> None:
    nobody, elsewhere = UUID(int=1), site.add_tenant("annan", ("agency",))
    assert elsewhere.slug == "annan"
    assert controller.client.get(f"{PAGE}?unit={nobody}").status_code == 404
    assert site.person("ett", "employee").client.get(PAGE).status_code == 403
    for role in ("board_secretary", "ward_manager"):
        reader = site.person("ett", role).client
        assert reader.get(PAGE).status_code == reader.get(f"{PAGE}measures/reports").status_code == 200
        assert reader.get(f"{PAGE}why/lines").status_code == reader.get(f"{PAGE}invoices").status_code == 403
    head = site.person("ett", "production_director").client
    assert head.get(f"{PAGE}why/lines").status_code == 200
    assert head.post(f"{PAGE}invoices/control").status_code == 403
    empty = site.person("annan", "controller").client.get("/t/annan/agency/")
    assert empty.status_code == 200
    assert "Inga kostnader är inlästa" in empty.text
    steps = ("/annan/agency/accounts", "/annan/agency/deliveries/new?kind=ledger", "/annan/agency/budget")
    places = [empty.text.index(f'<li><a href="/t{step}"') for step in steps]
    assert places == sorted(places)
    site.add_tenant("utan", ())
    assert site.person("utan", "administrator").client.get("/t/utan/agency/").status_code == 404


def test_a_number_holds_from_its_date(controller: Person, site: Site) -> None:
    page = f"{PAGE}parameters"
    given = {"name": "target_share", "valid_from": "2026-01-01", "value": "2,5", "source": "Regionplan"}
    assert controller.client.post(page, data=given).status_code == 303
    again = controller.client.post(page, data=given)
    assert again.status_code == 409
    assert "Regionplan" in again.text
    for wrong in (
        {"value": "många"}, {"value": "101"}, {"value": "NaN"}, {"value": "1e-9999999"}, {"name": "annat"},
        {"source": ""}, {"valid_from": "0001-01-01"},
    ):  # fmt: skip
        refused = controller.client.post(page, data=given | {"valid_from": "2026-02-01"} | wrong)
        assert refused.status_code == 422, wrong
    for name, value in (("employers_contributions", "31,42"), ("control_tolerance", "0,5")):
        assert controller.client.post(page, data=given | {"name": name, "value": value}).status_code == 303
    assert "Över målet 2,5 %" in controller.client.get(PAGE).text
    reader = site.person("ett", "viewer").client
    assert reader.get(page).status_code == 200
    assert reader.post(page, data=given).status_code == 403
    remove = again.text.split('action="/t/ett/agency/parameters/')[1].split('"')[0]
    assert controller.client.post(f"{page}/{remove}").status_code == 303
    assert controller.client.post(f"{page}/{remove}").status_code == 404


def test_the_queue_says_that_there_is_nothing_to_hold_invoices_against(
    site: Site, controller: Person
) -> None:
    told = "Det finns inga tidrapporter och inga avrop"
    assert told in controller.client.get(f"{PAGE}invoices").text
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        read_in(session, "Lev.nr;Konsult;Datum;Timmar\nS1;K1;2026-02-02;8\n", said("time_reports"))
    assert told not in controller.client.get(f"{PAGE}invoices").text
