"""From a shift that a published roster lacks to its invoice: one coordinator, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from agency_rows import AgencyRows
from browsing import follow
from calloffs import LEVEL, add_agreement
from publishing import make_desk
from rostering_flow import own_ward
from samplan.demo.run import Demo
from samplan.ids import new_id
from samplan.organisation.models import OrgUnit
from samplan.tenancy.context import tenant_scope
from samplan_agency.models import Supplier, TimeReport
from samplan_agency.services.control import renew_control
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import DatedRequirement, Unit

TENANT = "region-dalarna"
BASE = f"/t/{TENANT}/rostering/periods"
UNIT = Unit("AVD-AVROP", "Avdelning Avrop (exempel)")


def publish_a_gap(demo: Demo, start: date) -> UUID:
    """Publish the roster of a ward that lacks a nurse on the third day, and return its period."""
    context = demo.core.tenants.by_slug(TENANT)
    ward = own_ward(start, "Två veckor med ett hål")
    needs = tuple(replace(row, minimum=0, target=0) for row in ward.weekly_requirements)
    gap = DatedRequirement(start + timedelta(days=2), "D", "SSK", 1, 1, None)
    ward = replace(ward, unit=UNIT, weekly_requirements=needs, dated_requirements=(gap,))
    with tenant_scope(context), demo.core.database.unit_of_work(context.id) as session:
        region = session.scalars(select(OrgUnit.id).where(OrgUnit.kind == "region")).one()
        unit = OrgUnit(kind="ward", code=UNIT.code, name=UNIT.name, parent_id=region)
        session.add(unit)
        session.flush()
        add_agreement(session, unit)
        # The demo's own suppliers would be asked first.
        session.execute(update(Supplier).where(Supplier.code.like("L0%")).values(rank=Supplier.rank + 10))
        desk = make_desk(session, ward, (Assignment(ward.employees[0].code, 0, "D"),))
        desk.consult()
        desk.decide("Godtas i provet")
        desk.publish("Godtas i provet", today=start - timedelta(days=28))
        return desk.period_id


def hand_over(page: Page, on: date) -> None:
    """List what lacks people, and hand the shift over."""
    follow(page.get_by_role("button", name="Lista det som schemat saknar"))
    page.get_by_role("checkbox", name=re.compile("D ")).check()
    page.get_by_label("De valda raderna är").select_option("agency")
    follow(page.get_by_role("button", name="Spara"))
    row = page.get_by_role("table", name="Pass som saknar personal").get_by_role("row").nth(1)
    expect(row).to_contain_text(on.isoformat())


def call_off(page: Page, on: date) -> str:
    """Call the shift off, register the supplier's answer and confirm it; return the reference."""
    page.get_by_label("Från").fill(on.isoformat())
    page.get_by_label("Till", exact=True).fill(on.isoformat())
    follow(page.get_by_role("button", name="Visa pass och kostnad"))
    page.get_by_label(re.compile("^Yrkeskategori för")).select_option(LEVEL)
    follow(page.get_by_role("button", name="Visa pass och kostnad"))
    expect(page.get_by_role("row", name=UNIT.name)).to_contain_text("5 280,00")
    follow(page.get_by_role("button", name="Skapa utkast av de förkryssade passen"))
    follow(page.get_by_role("button", name="Skicka"))
    answers = page.get_by_role("heading", name="Registrera svar").locator("..")
    answers.get_by_label("Konsult-id").fill("DK-77")
    answers.get_by_label("Pris per timme").fill("655")
    follow(answers.get_by_role("button", name="Registrera"))
    expect(page.get_by_role("table", name="Pass")).to_contain_text("inom avtalet")
    follow(page.get_by_role("button", name="Bekräfta"))
    expect(page.get_by_role("status").get_by_text("Passet är bekräftat.")).to_be_visible()
    heading = page.get_by_role("heading", level=1).inner_text()
    return heading.split()[-1]


def bill(demo: Demo, on: date, reference: str) -> UUID:
    """Add the consultant's time report and the supplier's invoice line, and control it."""
    context = demo.core.tenants.by_slug(TENANT)
    month = on.replace(day=1)
    with tenant_scope(context), demo.core.database.unit_of_work(context.id) as session:
        rows = AgencyRows(session)
        common = {"consultant": "DK-77", "order_reference": reference, "work_date": on}
        line = rows.line(
            month, "5240.00", 8, unit=UNIT.code, supplier="L1", source="invoices", level=LEVEL, **common
        )
        line.invoice, line.unit_price, line.zone = "F-77", Decimal(655), 2
        report = TimeReport(
            supplier_id=rows.supplier("L1"), unit_id=rows.unit(UNIT.code), line_key=new_id(), **common
        )
        report.begins, report.ends, report.break_minutes, report.hours = time(7), time(15, 30), 30, Decimal(8)
        session.add(report)
        session.flush()
        renew_control(
            session, month, context.timezone, datetime.combine(on, time(12), demo.core.clock.now().tzinfo)
        )
        line_id: UUID = line.id
        return line_id


def test_a_gap_is_filled_by_a_supplier_and_billed(demo: Demo, visit: Callable) -> None:
    today = demo.core.clock.now().date()
    start = today + timedelta(days=35 - today.weekday())
    on = start + timedelta(days=2)
    period_id = publish_a_gap(demo, start)
    visitor = visit()
    page = visitor.log_in("staffing_coordinator", TENANT)
    visitor.go(f"{BASE}/{period_id}/call-off")
    hand_over(page, on)
    visitor.go(f"/t/{TENANT}/agency/call-offs/new")
    reference = call_off(page, on)
    visitor.go(f"{BASE}/{period_id}/hired")
    expect(page.get_by_role("row", name="DK-77")).to_contain_text("Ingen regel bryts")
    page.get_by_label("Skäl").fill("Bekräftat av leverantören.")
    follow(page.get_by_role("button", name="Lägg in bekräftade pass"))
    expect(page.get_by_role("status").get_by_text("1 bekräftat pass")).to_be_visible()
    visitor.go(f"{BASE}/{period_id}/call-off")
    follow(page.get_by_role("link", name="DK-77"))
    expect(page.get_by_role("row", name=re.compile("DK-77"))).to_contain_text("D")
    line_id = bill(demo, on, reference)
    controller = visit()
    page = controller.log_in("controller", TENANT)
    controller.go(f"/t/{TENANT}/agency/invoices/lines/{line_id}")
    expect(page.get_by_role("region", name="Avrop och bekräftelse")).to_contain_text(reference)
    expect(page.get_by_text("Förväntat: 5 240,00 kronor")).to_be_visible()
    expect(page.get_by_text("Inga.", exact=True)).to_be_visible()
