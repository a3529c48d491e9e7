"""Own staff from files: read in, shown by profession beside hired staff, and as an indicator."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from agency_files import checked, faults_of, read_in, said
from agency_rows import AgencyRows
from samplan.db.session import TenantSession
from samplan.modules.contributions import Period
from samplan.testing.site import Person, Site
from samplan_agency.indicators import fte_per_1000_own
from samplan_agency.models import Delivery, StaffMonth

PAGE = "/t/ett/agency/own-staff"
HEAD = "Månad;Kostnadsställe;Yrke;Anställda;Årsarbetare;Började;Slutade;ST;65+;Nyutexaminerade"
YEAR = Period(date(2027, 1, 1), date(2027, 12, 31))


def staff_file(year: int = 2027, nurses: int = 200) -> str:
    """Return a file: nurses of whom 2 leave each month, and 20 physicians of whom one leaves in May."""
    rows = [HEAD]
    for month in range(1, 13):
        rows.append(f"{year}-{month:02d};K1;Ssk;{nurses};180,5;3;2;0;12;6")
        rows.append(f"{year}-{month:02d};K1;Läk;20;19,5;0;{int(month == 5)};8;3;0")
    return "\n".join(rows) + "\n"


def fill(session: TenantSession) -> UUID:
    """Give a tenant hired hours of a year, and own staff of two; return its unit."""
    rows = AgencyRows(session)
    unit = rows.unit("K1")
    for month in range(1, 13):
        rows.line(date(2027, month, 1), 100_000, hours=330, unit="K1")
        rows.line(date(2027, month, 1), 5_000_000, kind="own", unit="K1")
    rows.finish()
    read_in(session, staff_file(2026, 160), said("staff"))
    read_in(session, staff_file(), said("staff"))
    return unit


@pytest.fixture
def controller(site: Site) -> Person:
    tenant = site.add_tenant("ett", ("agency",))
    with site.core.database.unit_of_work(tenant.id) as session:
        fill(session)
    return site.person("ett", "controller")


def test_a_corrected_file_replaces_and_faults_are_named(tenant_session: TenantSession) -> None:
    fill(tenant_session)
    again = read_in(tenant_session, staff_file(nurses=210), said("staff"))
    assert (again.added, again.replaced, again.unchanged) == (0, 12, 12)
    assert again.summary["changes"][0]["name"] == "2027-01 · K1 · Sjuksköterskor"
    newest = select(StaffMonth.headcount).where(
        StaffMonth.replaced_by.is_(None), StaffMonth.work_month == date(2027, 12, 1)
    )
    assert sorted(tenant_session.scalars(newest)) == [20, 210]

    wrong = (
        HEAD
        + "\n2027-13;K1;Ssk;1;1;0;0;0;0;0\n2027-12;K1;Ssk;-1;1;0;0;0;0;0\n2027-12;K1;Präst;1,5;1;0;0;0;0;0\n"
    )
    found = {fault[1:] for fault in faults_of(checked(tenant_session, wrong, said("staff")))}
    assert {row for row, *_ in found} >= {2, 3, 4}


def test_the_page_shows_professions_beside_hired_staff_and_hides_few(controller: Person) -> None:
    text = controller.client.get(PAGE).text
    nurses = text.split('<th scope="row">Sjuksköterskor</th>')[1].split("</tr>")[0]
    assert ">200<" in nurses
    assert ">+25,0<" in nurses
    assert ">12,0<" in nurses  # 24 of 200
    assert nurses.rstrip().endswith(">2,0</td>")  # 330 hours a month
    physicians = text.split('<th scope="row">Läkare</th>')[1].split("</tr>")[0]
    assert "färre än 5" in physicians
    whole = text.split('<th scope="row">Summa</th>')[1].split("</tr>")[0]
    assert "färre än 5" in whole, "the total would tell who is hidden"
    assert ">220<" in whole
    assert "Visa som tabell" in text
    assert "Leverans 2" in text or "Leverans 3" in text


def test_another_month_unit_and_a_wrong_one(controller: Person) -> None:
    assert ">160<" in controller.client.get(f"{PAGE}?month=2026-12").text
    wrong = controller.client.get(f"{PAGE}?month=2031-01")
    assert wrong.status_code == 422
    assert "2031-01" in wrong.text
    assert controller.client.get(f"{PAGE}?unit=x").status_code == 404


def test_nothing_is_known_at_first_and_others_may_not_look(site: Site) -> None:
    site.add_tenant("ett", ("agency",))
    assert "Än är inget känt om egen personal" in site.person("ett", "controller").client.get(PAGE).text
    assert site.person("ett", "employee").client.get(PAGE).status_code == 403


def test_the_indicator_sets_hired_beside_own(tenant_session: TenantSession) -> None:
    """330 hours a month are 2 full-time equivalents; own staff has 180.5 + 19.5 = 200: 10 per 1,000."""
    fill(tenant_session)
    found = fte_per_1000_own(tenant_session, YEAR)
    assert (found.value, found.numerator, found.denominator) == (10, 2, 200)
    lacking = tenant_session.scalars(
        select(StaffMonth).where(StaffMonth.work_month == date(2027, 3, 1))
    ).first()
    assert lacking is not None
    lacking.fte = None
    tenant_session.flush()
    assert fte_per_1000_own(tenant_session, YEAR).value is None


def test_a_delivery_tells_how_many_are_employed_each_month(site: Site, controller: Person) -> None:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        newest = session.scalars(select(Delivery.id).order_by(Delivery.number.desc()).limit(1)).one()
    page = controller.client.get(f"/t/ett/agency/deliveries/{newest}").text
    sums = page.partition('id="sums"')[2]
    heads = re.findall(r"<th[^>]*>\s*([^<]+?)\s*</th>", sums.partition("</thead>")[0])
    assert heads == ["Kostnadsställe", "Månad", "Rader", "Anställda"]
    assert "220" in re.findall(r'<td data-align="end">([^<]+)</td>', sums)
    assert "Belopp" not in page.partition("<main")[2], "such a file has none"
