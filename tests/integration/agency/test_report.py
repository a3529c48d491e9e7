"""The half-year report: a total that is its parts' weighted change, and three forms of the same tables."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook
from tests.support.agency_rows import AgencyRows

from samplan.testing.site import Person, Site
from samplan_agency.domain.months import Months
from samplan_agency.queries.costs.figures import Asked
from samplan_agency.queries.costs.report import beside, half_year, published

PAGE = "/t/ett/agency/report"
# SEK thousand in H1 2023, and the change in per cent to H1 2024 as Bemanningstrenden has it.
BEFORE = {"physician": 500, "nurse": 480, "other": 40}
CHANGE = {"physician": Decimal("-15.6"), "nurse": Decimal("-42.2"), "other": Decimal("-36.9")}


@pytest.fixture
def controller(site: Site) -> Person:
    """Give a controller of a region whose professions changed as the country's did, in two sectors."""
    tenant = site.add_tenant("ett", ("agency",))
    with site.core.database.unit_of_work(tenant.id) as session:
        rows = AgencyRows(session)
        for category, thousand in BEFORE.items():
            for part, sector in ((Decimal("0.75"), "somatik"), (Decimal("0.25"), "psykiatri")):
                amount = thousand * 1000 * part
                rows.line(date(2023, 5, 1), amount, 10, category=category, sector=sector)
                now = amount * (100 + CHANGE[category]) / 100
                rows.line(
                    date(2024, 5, 1), now.quantize(Decimal("0.01")), 8, category=category, sector=sector
                )
        for year in (2023, 2024):
            rows.line(date(year, 2, 1), 20_000_000, kind="own")
        rows.finish()
    return site.person("ett", "controller")


def test_the_total_is_the_weighted_change_and_lies_within_its_parts(controller: Person, site: Site) -> None:
    """A12: SKR H1 2024 (document 001): physicians −15.6, nurses −42.2, others −36.9 per cent; total −28.2."""
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        found = half_year(session, Asked(Months.half_year(2024, 1)))

    weighted = sum(CHANGE[name] * BEFORE[name] for name in BEFORE) / sum(BEFORE.values())
    total = found.cell().change
    assert total is not None
    assert abs(total - weighted) < Decimal("0.001")
    assert min(CHANGE.values()) <= total <= max(CHANGE.values())
    for name, change in CHANGE.items():
        assert round(found.cell(category=name).change or 0, 1) == change
    assert sum(found.cell(sector).hired for sector in found.sectors) == found.cell().hired
    for sector in found.sectors:
        assert sum(found.cell(sector, name).hired for name in CHANGE) == found.cell(sector).hired
    # Published beside: the same professions, within whose changes the published total lies.
    national = {row.measure: Decimal(row.value) for row in published() if row.period == "2024H1"}
    pairs = {row.measure: own for row, own in beside(found, "Region Ett")}
    assert pairs.keys() == national.keys()
    assert pairs["förändring totalt"] == found.cell()
    assert (
        round((pairs["förändring psykiatri, läkare"] or found.cell()).change or 0, 1) == CHANGE["physician"]
    )
    assert pairs["förändring primärvård"] is None
    others = [row.whom("Region Skåne") for row in published() if row.scope != "Riket"]
    assert sorted(filter(None, others)) == ["Skåne", "Skåne"]
    assert (
        national["förändring sjuksköterska"] < national["förändring totalt"] < national["förändring läkare"]
    )


def test_page_workbook_and_pdf_say_the_same(controller: Person) -> None:
    asked = "?period=2024H1"
    page = controller.client.get(PAGE + asked)
    assert page.status_code == 200
    for text in (
        "första halvåret 2024",
        "−15,6",
        "−42,2",
        "−36,9",
        "Psykiatri",
        "andrahandskälla, att bekräfta",
        "Bredvid publicerade uppgifter",
    ):
        assert text in page.text

    answer = controller.client.get(f"{PAGE}.xlsx{asked}")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    assert "året före är inte helt." in page.text
    assert "året före är inte helt." in book.get_sheet_by_index(0).to_python()[1][0]
    rows = {row[0]: row[1:5] for row in book.get_sheet_by_index(1).to_python()[4:]}
    assert rows["Psykiatri"][:3] == [-15.6, -42.2, -36.9]
    assert rows["Psykiatri"] == rows["Alla vårdområden"]

    shown = next(name for name in book.sheet_names if name.startswith("Bredvid"))
    compared = {row[0]: row[1:4] for row in book.get_sheet_by_name(shown).to_python()[4:] if row[1]}
    assert compared["Förändring läkare"] == ["−15,6 %", "−15,6 %", "Riket"]
    assert compared["Förändring primärvård"][:2] == ["–", "−19 %"]
    assert "Bredvid" not in controller.client.get(f"{PAGE}?period=2023H2").text

    pdf = controller.client.get(f"{PAGE}.pdf{asked}")
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")
    assert "hyrpersonal-2024H1.pdf" in pdf.headers["Content-Disposition"]


def test_what_is_refused(controller: Person, site: Site) -> None:
    for wrong in ("?period=2024H3", ".xlsx?period=x", ".pdf?source=none"):
        assert controller.client.get(PAGE + wrong).status_code == 422
    other = site.person("ett", "employee").client
    assert [other.get(PAGE + ending).status_code for ending in ("", ".xlsx", ".pdf")] == [403] * 3
