"""A staff system's file in a browser: mapped, shown, read in."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from browsing import follow

TENANT = "region-uppsala"
FILE = (
    "Kst;Anst.nr;Personnr;Namn;Befattning;Syss.grad;Fr.o.m.\r\n"
    "4711;P901;19850101-1234;Örjan Åkerlund;207009;87,5 %;20270111\r\n"
    "4711;P902;19850101-1234;Åsa Öberg;207009;400;20270111\r\n"
)


def test_employees_from_a_staff_system(visit: Callable, check_accessible: Callable) -> None:
    visitor = visit()
    page = visitor.log_in("ward_manager", TENANT)
    visitor.go(f"/t/{TENANT}/rostering/")
    wards = page.get_by_role("table", name="Avdelningar")
    follow(wards.get_by_role("link", name="Medicinavdelning 3", exact=True))
    follow(page.get_by_role("navigation", name="Avdelningens sidor").get_by_role("link", name="Medarbetare"))
    follow(page.get_by_role("link", name="Läs in från personalsystem"))
    check_accessible(page)
    upload = {"name": "utdrag.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")}
    page.get_by_label("Fil", exact=True).set_input_files(files=[upload])
    follow(page.get_by_role("button", name="Titta på filen"))
    expect(page.get_by_role("heading", level=1, name="Vilken kolumn är vad?")).to_be_visible()
    expect(page.get_by_label("Anställnings-id")).to_have_value("c2")
    page.get_by_label("Schematyp").select_option(label="för alla: Dag och helg")
    page.get_by_label("4711").select_option("=MED3")
    page.get_by_label("207009").select_option("-")
    check_accessible(page)
    follow(page.get_by_role("button", name="Visa vad som ändras"))
    expect(page.get_by_role("table", name="Nya medarbetare")).to_contain_text("Örjan Åkerlund")
    expect(page.get_by_role("table", name="Fel")).to_contain_text("400")
    check_accessible(page)
    follow(page.get_by_role("button", name="Läs in", exact=True))
    expect(page.get_by_text("Inläst: 1 nya, 0 ändrade.")).to_be_visible()
