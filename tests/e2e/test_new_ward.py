"""A ward from nothing to a search, in the browser alone: no workbook is read in."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from browsing import LONG, follow

TENANT = "region-uppsala"


def section(page: Page, name: str) -> None:
    follow(page.get_by_role("navigation", name="Avdelningens sidor").get_by_role("link", name=name))


def fill(page: Page, button: str, fields: dict[str, str] | None = None) -> None:
    """Fill in fields by their labels and press the button; the page after it has a message."""
    for label, text in (fields or {}).items():
        page.get_by_role("main").get_by_label(label, exact=False).first.fill(text)
    follow(page.get_by_role("button", name=button, exact=True))
    expect(page.locator("#flash [data-color=success]")).to_be_visible()


def add_employee(page: Page, code: str) -> None:
    section(page, "Medarbetare")
    follow(page.get_by_role("link", name="Lägg till en medarbetare"))
    page.get_by_label("Kompetens").select_option(label="PROV Provkompetens")
    page.get_by_label("Schematyp").select_option(index=0)
    page.get_by_label("Procent av heltid").fill("50")
    fields = {"Anställnings-id": code, "Namn": f"Person {code}", "Gäller från": "2026-01-01"}
    fill(page, "Lägg till medarbetaren", fields)


def test_from_an_empty_ward_to_a_search(visit: Callable, check_accessible: Callable[[Page], None]) -> None:
    visitor = visit()
    page = visitor.log_in("ward_manager", TENANT)
    visitor.go(f"/t/{TENANT}/rostering/wards/new")
    page.get_by_label("Enhet").select_option(index=0)
    fill(page, "Lägg till avdelningen")
    home = page.url
    section(page, "Passtyper")
    fill(page, "Lägg till passtypen", {"Kod": "X", "Namn": "Prov", "Börjar": "07:00", "Slutar": "15:30"})
    follow(page.get_by_role("link", name="X Prov"))
    check_accessible(page)
    follow(page.get_by_role("link", name="Ersätt med en ny passtyp"))
    check_accessible(page)
    section(page, "Kompetenser")
    fill(page, "Lägg till kompetensen", {"Kod": "PROV", "Namn": "Provkompetens"})
    for code in ("PROV-1", "PROV-2"):
        add_employee(page, code)
        page.goto(home)
    section(page, "Bemanningsmallar")
    fill(page, "Lägg till mallen", {"Namn": "Hela året"})
    page.get_by_label("Kompetens").select_option(label="PROV Provkompetens")
    for day in ("Måndag", "Tisdag", "Onsdag", "Torsdag", "Fredag"):
        page.get_by_label(day).check()
    fill(page, "Spara", {"Minst": "1"})
    check_accessible(page)
    page.goto(home)
    follow(page.get_by_role("link", name="Ny period"))
    check_accessible(page)
    fill(page, "Skapa perioden", {"Namn": "Första"})
    tabs = page.get_by_role("navigation", name="Periodens sidor")
    follow(tabs.get_by_role("link", name="Bemanningskrav"))
    follow(page.get_by_role("button", name="Visa vad som ändras"))
    expect(page.get_by_text("0 datum får andra bemanningskrav.")).to_be_visible()
    check_accessible(page)
    follow(tabs.get_by_role("link", name="Optimera"))
    page.get_by_label("Söktid (sekunder)").fill("1")
    follow(page.get_by_role("button", name="Starta optimeringen"))
    expect(page.get_by_role("link", name="Schema 1").first).to_be_visible(timeout=LONG)
