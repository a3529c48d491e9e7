"""Why the cost changed: parts that add up on the page and in the file, and lines by shift type and order."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select
from tests.support.agency_rows import AgencyRows

from samplan.ids import new_id
from samplan.testing.site import Person, Site
from samplan_agency.models import CallOff, InvoiceDeviation
from samplan_agency.services.control import renew_control

PAGE = "/t/ett/agency/why"
ASKED = "from=2025H1&to=2026H1"
WORK = {
    "shift": "N",
    "time_class": "night",
    "order_reference": "A-1",
    "invoice": "F-7",
    "supplier": "S1",
    "zone": 2,
}


@pytest.fixture
def controller(site: Site) -> Person:
    """Give a controller of a region with work in two half-years, 60 lines of it of one order."""
    tenant = site.add_tenant("ett", ("agency",))
    with site.core.database.unit_of_work(tenant.id) as session:
        rows = AgencyRows(session)
        rows.unit("D1", "division")
        rows.unit("U1", parent="D1")
        rows.line(date(2025, 3, 1), 60_000, 100, unit="U1", **WORK)
        rows.line(date(2025, 3, 1), 120_000, 100, unit="D1", category="physician", supplier="S2", zone=1)
        for number in range(60):
            description = "=1+1" if number else None
            rows.line(date(2026, 3, 1), "650.10", 1, unit="U1", description=description, **WORK)
        rows.line(
            date(2026, 4, 1), "99.99", unit="U1", time_class="travel", supplier="S1", order_reference="-2"
        )
        rows.line(date(2026, 4, 1), 5_000, 9, unit="U1", source="invoices")
        rows.finish()
    return site.person("ett", "controller")


def test_the_parts_add_up_on_the_page_and_in_the_file(controller: Person) -> None:
    shown = controller.client.get(f"{PAGE}?{ASKED}")
    assert shown.status_code == 200
    assert "Varför kostnaden ändrades" in shown.text
    assert "Enhet D1" in shown.text
    assert "Kostnaden sjönk med 0,1 mkr (78,3 %)." in shown.text
    unknown = controller.client.get(f"{PAGE}?{ASKED}&source=invoices").text
    assert "det finns inget att jämföra med året före" in unknown
    assert "Per division och enhet" not in unknown

    answer = controller.client.get(f"{PAGE}.csv?{ASKED}")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    total, *units = [[Decimal(cell.replace(",", ".")) for cell in row[1:]] for row in rows[1:]]
    before, after, change, *parts = total
    assert (before, after) == (180_000, Decimal("39105.99"))
    assert sum(parts) == change == after - before
    assert sum((unit[2] for unit in units), Decimal(0)) == change
    assert parts[-1] == Decimal("99.99")  # travel
    # Night nurses at 600 cost 650.10: the hours that remain are dearer by that.
    assert parts[-2] == 60 * (Decimal("650.10") - 600)


def test_from_a_unit_down_to_the_lines_of_an_order(controller: Person, site: Site) -> None:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        unit = AgencyRows(session).unit("U1")
    get = controller.client.get
    by_shift = get(f"{PAGE}/lines?period=2026H1&unit={unit}")
    assert "Per passtyp" in by_shift.text
    assert "39\xa0006,00" in by_shift.text
    by_order = get(f"{PAGE}/lines?period=2026H1&unit={unit}&time=night&shift=N")
    assert "Per avrop" in by_order.text
    assert "order=A-1" in by_order.text
    first = get(f"{PAGE}/lines?period=2026H1&time=night&shift=N&order=A-1")
    assert first.text.count('<td data-label="Faktura">F-7') == 25
    following = first.text.split('rel="next"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert get(following).text.count("F-7") == 25
    assert "5\xa0000,00" in get(f"{PAGE}/lines?period=2026H1&source=invoices").text

    rows = get(f"{PAGE}/lines.csv?period=2026H1").data.decode("utf-8-sig").splitlines()
    assert len(rows) == 62
    assert ";650,10;F-7;A-1;" in rows[1]
    assert ";'-2;" in rows[-1]


def test_pages_of_lines_go_by_month_and_hold_each_line_once(controller: Person, site: Site) -> None:
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        rows = AgencyRows(session)
        rows.line(date(2026, 1, 1), "11.11", unit="U1", line_key=uuid4())  # delivered last, worked first
        rows.finish()
    address, pages = f"{PAGE}/lines?period=2026H1", []
    while address:
        text = controller.client.get(address).text
        pages.append(text.split('id="lines-table"')[1].split("</table>")[0])
        following = re.search(r'<a [^>]*rel="next"[^>]*href="([^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert [page.count('<th scope="row">') for page in pages] == [25, 25, 12]
    assert sum(page.count("F-7") for page in pages) == 60
    assert "11,11" in pages[0]
    assert "99,99" in pages[-1]
    unknown = controller.client.get(f"{PAGE}/lines?period=2026H1&cursor={uuid4()}")
    assert (unknown.status_code, "F-7" in unknown.text) == (200, False)


def control_two_lines(site: Site) -> tuple[str, str, str, str]:
    """Add a line of a call-off and a credit note; return the ids of call-off, lines and delivery."""
    now = datetime.now(UTC) + timedelta(hours=1)
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        rows = AgencyRows(session)
        call_off = CallOff(number=12, made_at=now)
        session.add(call_off)
        line = rows.line(
            date(2026, 5, 1),
            700,
            1,
            source="invoices",
            supplier="S1",
            order_reference="Avrop 12",
            line_key=new_id(),
        )
        back = rows.line(
            date(2026, 5, 1),
            -50,
            source="invoices",
            supplier="S1",
            order_reference="AVROP-13",
            line_key=new_id(),
        )
        rows.finish()
        for month in (4, 5):
            renew_control(session, date(2026, month, 1), "Europe/Stockholm", now)
        session.flush()
        return str(call_off.id), str(line.id), str(back.id), str(line.delivery_id)


def test_each_line_tells_its_file_its_call_off_and_what_the_control_says(
    controller: Person, site: Site
) -> None:
    page = f"{PAGE}/lines?period=2026H1&source=invoices"
    text = controller.client.get(page).text
    assert "prov-invoices.csv" in text
    assert "Inte kontrollerad än" in text
    called, billed, credited, delivery = control_two_lines(site)
    text = controller.client.get(page).text
    assert f'call-offs/{called}">Avrop 12</a>' in text
    assert ">AVROP-13</td>" in text, "there is no such call-off"
    assert f'deliveries/{delivery}">Leverans' in text
    assert f'invoices/lines/{billed}">Referens saknas' in text
    assert f'invoices/lines/{credited}">Ingen avvikelse' in text
    with site.core.database.unit_of_work(site.tenants["ett"].id) as session:
        for row in session.scalars(select(InvoiceDeviation)):
            row.state = "accepted"
    assert "hanterad" in controller.client.get(page).text


def test_what_is_refused(controller: Person, site: Site) -> None:
    get = controller.client.get
    for wrong in (
        "?from=x",
        "?to=2026H9",
        "/lines?time=dusk",
        "/lines?cursor=1",
        "/lines?order=" + "x" * 300,
    ):
        assert get(PAGE + wrong).status_code == 422, wrong
    assert get(f"{PAGE}.csv?from=x").status_code == 422
    assert get(f"{PAGE}?from=2003H1&to=2026H1").status_code == 200  # nothing was there before
    reader = site.person("ett", "viewer").client
    assert reader.get(PAGE).status_code == 200
    assert reader.get(f"{PAGE}/lines").status_code == 403
    assert reader.get(f"{PAGE}/lines.csv").status_code == 403
    assert site.person("ett", "employee").client.get(PAGE).status_code == 403
