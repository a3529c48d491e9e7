"""Invoice control: lines controlled by the job, deviations handled, files for the supplier, time reports."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from agency_billing import (
    BASE,
    DAY,
    LEVEL,
    MAY,
    NOW,
    Billing,
    answer,
    billed_site,
    controlled,
    deviation,
    found,
    work,
)
from agency_files import checked, faults_of, read_in, said
from agency_rows import AgencyRows
from samplan.modules.contributions import SubjectRef
from samplan.plugin_api import Period
from samplan.testing.site import Person, Site
from samplan_agency.domain.control import Controlled
from samplan_agency.domain.keys import line_key
from samplan_agency.models import (
    ControlMonth,
    CostLine,
    InvoiceDeviation,
    Price,
    TimeReport,
)
from samplan_agency.queries.control.lines import control_line, control_month, get_invoice_line
from samplan_agency.queries.control.worked import worked_shifts
from samplan_agency.queries.extract import export_person
from samplan_agency.services.control import renew_control
from samplan_agency.web.control import files as invoice_files


@pytest.fixture
def billing(site: Site) -> Billing:
    return billed_site(site)


@pytest.fixture
def controller(billing: Billing) -> Person:
    return billing.site.person("ett", "controller")


def test_the_job_finds_what_is_beyond_the_worked_hours(billing: Billing, controller: Person) -> None:
    """Neither line names an order; the second bills 9 hours for 8: 520 too much."""
    rows = controlled(billing, controller)

    assert (billing.long, "hours_not_worked", Decimal("520.00"), "new") in rows
    assert {reason for line, reason, _, _ in rows if line == billing.good} == {"missing_reference"}
    with work(billing.site) as session:
        row = session.scalars(select(ControlMonth)).one()
        assert (row.lines, row.amount) == (2, Decimal("8840.00"))
    page = controller.client.get(f"{BASE}?reason=hours_not_worked")
    assert "1 avvikelse, 520,00 kronor" in page.text
    assert "F-2" in page.text
    assert "F-1" not in page.text
    matched = controller.client.get(f"{BASE}/matched")
    assert "Exempel P7 AB" in matched.text
    assert "prov-invoices.csv" in matched.text


def test_a_line_stands_beside_its_sides_and_is_handled_once(billing: Billing, controller: Person) -> None:
    controlled(billing, controller)
    page = controller.client.get(f"{BASE}/lines/{billing.long}")
    for words in ("Förväntat: 4", "160,00 kronor", "07:00–15:30", "Labbavtalet", "Inget avrop hittades"):
        assert words in page.text.replace("\xa0", " ")
    key = deviation(billing, "hours_not_worked")
    url = f"{BASE}/deviations/{key}"

    assert controller.client.post(url, data=answer(key, "sålt", 1)).status_code == 422
    assert controller.client.post(url, data=answer(key, "asked", 1, "19121212-1212")).status_code == 422
    assert controller.client.post(url, data=answer(key, "asked", 1, "Mejlat 3 juni")).status_code == 303
    assert controller.client.post(url, data=answer(key, "accepted", 1)).status_code == 409
    assert "Mejlat 3 juni" in controller.client.get(f"{BASE}/lines/{billing.long}").text


def test_the_queue_is_gone_through_line_by_line(billing: Billing, controller: Person) -> None:
    """After the largest deviation comes one of the other line."""
    controlled(billing, controller)
    where = f"{BASE}/lines/{billing.long}?of={deviation(billing, 'hours_not_worked')}&state=new"
    text = controller.client.get(where).text
    [following] = re.findall(rf'href="({BASE}/lines/{billing.good}\?[^"]*)"', text)
    assert "Nästa avvikelse" in text
    assert f'href="{BASE}?state=new&amp;' in text
    last = controller.client.get(following.replace("&amp;", "&")).text
    assert "Till listan" in last
    assert "Till listan" not in controller.client.get(f"{BASE}/lines/{billing.good}").text
    key = deviation(billing, "hours_not_worked")
    sent = controller.client.post(f"{BASE}/deviations/{key}?of={key}&state=new", data=answer(key, "asked", 1))
    assert f"of={key}" in sent.headers["Location"]


def test_one_line_is_judged_as_in_its_month_from_a_part_of_it(billing: Billing) -> None:
    with work(billing.site) as session:
        rows = AgencyRows(session)
        told = {"unit": "LAB", "supplier": "P7", "source": "invoices", "level": LEVEL, "category": "other"}
        again = {"work_date": DAY, "consultant": "k 1", "booked_month": date(2027, 6, 1)}
        twice = rows.line(MAY, 4160, 8, line_key=line_key("again"), **told, **again)
        for day in range(10, 20):
            other = {"work_date": date(2027, 5, day), "consultant": f"K{day}"}
            rows.line(MAY, 1000, 8, line_key=line_key(f"other {day}"), **told, **other)
        rows.finish()
        session.flush()

        def judged() -> tuple[list[Controlled], list[Controlled | None]]:
            whole = control_month(session, MAY, "Europe/Stockholm", None)
            lines = [get_invoice_line(session, each.line.id) for each in whole]
            return whole, [control_line(session, line, "Europe/Stockholm", None) for line in lines]

        whole, alone = judged()
        assert whole == alone
        [duplicate] = [each for each in whole if each.line.id == twice.id]
        assert duplicate.first == billing.good
        assert duplicate.per_hour == 520, "what an hour costs is told where nothing is due too"
        undated = rows.line(MAY, 4160, 16, line_key=line_key("undated"), consultant="K2", **told)
        rows.finish()
        session.flush()
        whole, alone = judged()
        assert whole == alone
        assert undated.id in {each.line.id for each in whole}


def test_ticked_deviations_are_handled_all_or_none(billing: Billing, controller: Person) -> None:
    controlled(billing, controller)
    shown = controller.client.get(f"{BASE}?state=open").text
    assert shown.index("Timmar som inte är arbetade</td>") < shown.index(
        "Referens saknas</td>"
    )  # 520 before 0
    ticks = [f"{text.split('.')[0]}.1" for text in shown.split('name="chosen" value="')[1:]]
    assert len(ticks) == 3
    url, given = f"{BASE}/deviations", {"said": "asked", "note": "Mejlat 3 juni"}

    for wrong in ([], ["x.1"], [ticks[0], f"{UUID(int=1)}.1"], [*ticks] * 17):
        assert controller.client.post(url, data=given | {"chosen": wrong}).status_code in {404, 422}, wrong
    assert controller.client.post(url, data=given | {"chosen": ticks, "said": "sålt"}).status_code == 422
    stale = controller.client.post(url, data=given | {"chosen": [*ticks[:2], ticks[2][:-1] + "7"]})
    assert stale.status_code == 409
    summary = stale.text.partition('<ds-error-summary class="ds-error-summary" tabindex="-1">')[2]
    assert "har ändrat" in summary.partition("</ds-error-summary>")[0], "it takes the focus"
    assert stale.text.count(" checked aria-label") == 3, "nothing that was said is lost"
    assert '<option value="asked" selected>' in stale.text
    assert 'value="Mejlat 3 juni"' in stale.text
    assert {state for *_, state in found(billing)} == {"new"}
    done = controller.client.post(f"{url}?state=all", data=given | {"chosen": ticks})
    assert done.status_code == 303
    assert "state=all" in done.headers["Location"]
    assert {state for *_, state in found(billing)} == {"asked"}


def bill(billing: Billing, hours: int, amount: int) -> None:
    """Let the long line say other hours, and control it again."""
    with work(billing.site) as session:
        line = session.scalars(select(CostLine).where(CostLine.id == billing.long)).one()
        line.hours, line.amount = Decimal(hours), Decimal(amount)
        session.flush()
        renew_control(session, MAY, "Europe/Stockholm", NOW)


def test_what_was_handled_stays_so_until_the_line_is_another(billing: Billing, controller: Person) -> None:
    controlled(billing, controller)
    key = deviation(billing, "hours_not_worked")
    controller.client.post(f"{BASE}/deviations/{key}", data=answer(key, "asked", 1))
    assert (billing.long, "hours_not_worked", Decimal("520.00"), "asked") in controlled(billing, controller)

    bill(billing, 8, 4160)
    assert (billing.long, "hours_not_worked", Decimal("520.00"), "credited") in found(billing)
    bill(billing, 9, 4680)
    assert (billing.long, "hours_not_worked", Decimal("520.00"), "new") in found(billing), "it came back"
    with work(billing.site) as session:
        version = session.scalars(select(InvoiceDeviation.version).where(InvoiceDeviation.id == key)).one()
    controller.client.post(f"{BASE}/deviations/{key}", data=answer(key, "credited", version))
    bill(billing, 9, 4680)
    assert (billing.long, "hours_not_worked", Decimal("520.00"), "credited") in found(billing)
    with work(billing.site) as session:
        subject = SubjectRef(controller.account_id)
        parts = {part.name: part.rows for part in export_person(session, subject)}
    assert [(row["reason"], row["state"]) for row in parts["deviation"]] == [("hours_not_worked", "credited")]


def test_a_deviation_that_a_corrected_price_ends_is_not_credited(
    billing: Billing, controller: Person
) -> None:
    """The supplier was asked, but it was the region's price that was wrong."""

    def agree(price: int) -> None:
        with work(billing.site) as session:
            session.scalars(select(Price).where(Price.zone == 2)).one().per_hour = Decimal(price)
            session.flush()
            renew_control(session, MAY, "Europe/Stockholm", NOW)

    agree(500)
    key = deviation(billing, "price_above", billing.good)
    controller.client.post(f"{BASE}/deviations/{key}", data=answer(key, "asked", 1))
    agree(520)
    ended = (billing.good, "price_above", Decimal("160.00"), "accepted")
    assert ended in found(billing)
    assert "Hittades inte längre" in controller.client.get(f"{BASE}/lines/{billing.good}").text
    agree(520)
    assert ended in found(billing)
    agree(500)
    assert (billing.good, "price_above", Decimal("160.00"), "new") in found(billing), "it came back"


def test_the_supplier_gets_a_workbook_and_a_document(
    billing: Billing, controller: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    controlled(billing, controller)
    out = controller.client.get(f"{BASE}.xlsx?reason=hours_not_worked")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(out.data)).get_sheet_by_index(0).to_python()
    assert [rows[1][place] for place in (0, 1, 8, 11)] == [
        "Exempel P7 AB",
        "F-2",
        "Timmar som inte är arbetade",
        520,
    ]

    for address, name in ((f"{BASE}.xlsx", "MOST_ROWS"), (f"{BASE}.pdf", "MOST_TYPESET")):
        with monkeypatch.context() as few:
            few.setattr(invoice_files, name, 2)
            refused = controller.client.get(address)
            assert (refused.status_code, "tar 2" in refused.text) == (422, True)
            assert controller.client.get(f"{address}?reason=hours_not_worked").status_code == 200
    document = controller.client.get(f"{BASE}.pdf")
    assert document.mimetype == "application/pdf"
    assert document.data.startswith(b"%PDF")


HEAD = "Leverantör;Avrop;Konsult;Datum;Start;Slut;Rast;Timmar"


def test_time_reports_are_read_in_whole_or_not_at_all(billing: Billing, controller: Person) -> None:
    """22:00 to 06:30 with a break of 30 minutes is 8 hours; the same shift again replaces it."""
    night = f"{HEAD}\nP7;AVR-9;K9;{DAY};22:00;06.30;30;\nP7;;K9;{DAY};;;;7:45\n"
    with work(billing.site) as session:
        read_in(session, night, said("time_reports"))
        new = read_in(session, night.replace(";30;", ";90;"), said("time_reports"))
        assert (new.added, new.replaced, new.unchanged) == (0, 1, 1)
        [change] = new.summary["changes"]
        assert (change["name"], change["before"], change["after"]) == (
            f"{DAY} · 22:00 · AVR-9",
            "8.00",
            "7.00",
        )
        rows = session.scalars(select(TimeReport).where(TimeReport.consultant == "K9")).all()
        assert sorted(row.hours for row in rows) == [Decimal("7.00"), Decimal("7.75"), Decimal("8.00")]
        worked = worked_shifts(session, Period(DAY, DAY), None)
        assert sorted(each.hours for each in worked if each.consultant == "K9") == [7, Decimal("7.75")]

        wrong = f"{HEAD}\nX;AVR-9;K8;{DAY};;;;8\nP7;;Anna;{DAY};;;;8\nP7;A;;{DAY};;;;\nP7;;;{DAY};;;;-8\n"
        found = [fault[:3] for fault in faults_of(checked(session, wrong, said("time_reports")))]
        assert sorted(found, key=str) == [
            ("hours", 4, "Datum"),
            ("nobody", 5, "Datum"),
            ("out_of_range", 5, "Timmar"),
            ("person_named", 3, "Konsult"),
            ("unknown_supplier", 2, "Leverantör"),
        ]
    page = controller.client.get(f"{BASE}/time-reports").text
    assert "K8" not in page
    assert "maj\u00a02027" in page
    reader = billing.site.person("ett", "staffing_coordinator")
    assert reader.client.get(f"/t/ett/agency/deliveries/{new.id}/mapping").status_code == 403


def test_only_who_may_sees_and_handles(billing: Billing, controller: Person) -> None:
    controlled(billing, controller)
    reader = billing.site.person("ett", "viewer")
    assert reader.client.get(BASE).status_code == 403
    assert reader.client.post(f"{BASE}/control").status_code == 403
    key = deviation(billing, "hours_not_worked")
    assert reader.client.post(f"{BASE}/deviations/{key}", data=answer(key, "asked", 1)).status_code == 403
    assert reader.client.post(f"{BASE}/deviations", data={"chosen": f"{key}.1"}).status_code == 403
    billing.site.add_tenant("tva", ("agency",))
    other = billing.site.person("tva", "controller")
    assert other.client.get(f"/t/tva/agency/invoices/lines/{billing.long}").status_code == 404
    assert other.client.post(f"/t/tva/agency/invoices/deviations/{key}").status_code == 404
    chosen = {"chosen": f"{key}.1", "said": "asked"}
    assert other.client.post("/t/tva/agency/invoices/deviations", data=chosen).status_code == 404
