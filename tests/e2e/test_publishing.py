"""From draft to published: a scheduler and a ward manager, each at a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from rostering_flow import LONG, TENANT, look_at, optimise, own_ward


def add_template(page: Page) -> None:
    """Go from a publication to the templates of files, and add one."""
    page.get_by_role("link", name="Mallar").click()
    page.get_by_role("link", name="Ny mall").first.click()
    page.get_by_label("Namn", exact=True).fill("Lönesystemet")
    page.get_by_role("button", name="Spara mallen").click()
    expect(page.get_by_role("heading", name="Filens början")).to_be_visible()
    expect(page.locator("pre")).to_contain_text("Anställnings-id;Datum;Pass")


def test_two_people_take_a_period_from_draft_to_published(
    visit: Callable, check_accessible: Callable, tmp_path: Path
) -> None:
    ward = own_ward(date(2028, 1, 10), "Två veckor i januari")
    page = look_at(visit(), ward, tmp_path)
    page.get_by_role("button", name="Läs in").click()
    optimise(page, 3)
    expect(page.get_by_role("status").filter(has_text="Schema 1 är klart")).to_be_visible(timeout=LONG)
    page.get_by_role("link", name="Publicering", exact=True).click()
    page.get_by_label("Kommentar").fill("Se helgerna.")
    page.get_by_role("button", name="Skicka på samråd").click()
    expect(page.get_by_role("heading", name="Samråd: schema 1")).to_be_visible()
    address = page.url.removesuffix("/publication")

    manager = visit()
    page = manager.log_in("ward_manager", TENANT)
    page.goto(f"{address}/consultation")
    page.get_by_label("Kommentar").fill("Facket har inget att invända.")
    page.get_by_label("för facket").check()
    page.get_by_role("button", name="Skicka synpunkten").click()
    expect(page.get_by_text("Facket har inget att invända.")).to_be_visible()
    check_accessible(page)
    page.get_by_role("link", name="Publicering", exact=True).click()
    page.get_by_role("button", name="Fastställ schemat").click()
    expect(page.get_by_role("heading", name="Fastställt: schema 1")).to_be_visible()
    page.get_by_role("button", name="Publicera", exact=True).click()
    row = page.get_by_role("table", name="Publiceringar").get_by_role("row", name="Publicering 1")
    expect(row).to_contain_text("I tid")
    check_accessible(page)
    row.get_by_role("link", name="Publicering 1").click()
    add_template(page)
    check_accessible(page)
    manager.go(f"{address.removeprefix(manager.demo.url.rstrip('/'))}/publication")
    page.get_by_role("link", name="Publicering 1").click()
    expect(page.get_by_role("link", name="Lönesystemet (CSV)")).to_be_visible()
    name = ward.employees[0].name
    expect(page.get_by_role("table").first.get_by_role("rowheader", name=name)).to_be_visible()
    check_accessible(page)
