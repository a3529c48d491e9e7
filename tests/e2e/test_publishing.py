"""A period's whole way as four people go it: scheduler, ward manager, employee and staffing coordinator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from browsing import LONG, follow
from rostering_flow import TENANT, look_at, own_ward, start_search


def next_step(page: Page, name: str) -> None:
    """Follow the link to the next step of a period."""
    follow(page.get_by_text("Nästa steg:").get_by_role("link", name=name, exact=True))


def add_template(page: Page) -> None:
    """Go from a publication to the templates of files, and add one."""
    follow(page.get_by_role("link", name="Mallar"))
    follow(page.get_by_role("link", name="Ny mall").first)
    page.get_by_label("Namn", exact=True).fill("Lönesystemet")
    follow(page.get_by_role("button", name="Spara mallen"))
    expect(page.get_by_role("heading", name="Filens början")).to_be_visible()
    expect(page.locator("pre")).to_contain_text("Anställnings-id;Datum;Pass")


def wish(phone: Page, on: date) -> None:
    """Wish for a day off that no roster may take."""
    phone.get_by_role("button", name="Meny", exact=True).click()
    follow(phone.get_by_role("link", name="Min sida"))
    follow(phone.get_by_role("link", name="Önskemål", exact=True))
    follow(phone.get_by_role("link", name="Önska").first)
    phone.get_by_label("Datum").fill(on.isoformat())
    phone.get_by_label("Veto", exact=True).check()
    follow(phone.get_by_role("button", name="Spara önskemålet"))
    expect(phone.get_by_role("status")).to_contain_text("Ditt önskemål är sparat")
    expect(phone.get_by_role("listitem").filter(has_text=f"{on.day}/{on.month}")).to_contain_text("Veto")


def publish(page: Page) -> None:
    """Decide on a roster that is in consultation, and publish it."""
    next_step(page, "Fastställ schemat")
    follow(page.get_by_role("button", name="Fastställ schemat"))
    expect(page.get_by_role("heading", name="Fastställt: schema 1")).to_be_visible()
    follow(page.get_by_role("button", name="Publicera", exact=True))
    row = page.get_by_role("table", name="Publiceringar").get_by_role("row", name="Publicering 1")
    expect(row).to_contain_text("I tid")


def look_as_coordinator(visitor: Any, address: str) -> None:
    """See what is left to call off; publication is not the coordinator's."""
    page = visitor.log_in("staffing_coordinator", TENANT)
    page.goto(f"{address}/publication")
    expect(page.get_by_role("heading", name="Publicerat: schema 1")).to_be_visible()
    expect(page.get_by_text("Öppna igen")).to_have_count(0)
    follow(page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name="Avrop"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Avrop")


def optimise_and_consult(page: Page) -> None:
    """Have a roster made, and send it to consultation; a scheduler does not decide on it."""
    page.reload()
    next_step(page, "Optimera när önskemålen har kommit in")
    start_search(page, 1)
    follow(page.get_by_role("status").get_by_role("link", name="Visa schema 1"), LONG)
    next_step(page, "Skicka på samråd")
    page.get_by_label("Kommentar").fill("Se helgerna.")
    follow(page.get_by_role("button", name="Skicka på samråd"))
    expect(page.get_by_role("heading", name="Samråd: schema 1")).to_be_visible()
    expect(page.get_by_role("button", name="Fastställ schemat")).to_have_count(0)


def comment(phone: Page, address: str, off: date) -> None:
    """See the proposal, with the day off that was wished for, and speak for the union."""
    follow(phone.get_by_role("link", name="Schema", exact=True))
    expect(phone.get_by_text("förslag, på samråd").first).to_be_visible()
    expect(phone.get_by_text(f"{off.day}/{off.month}", exact=True)).to_have_count(0)
    phone.goto(address)
    next_step(phone, "Läs och lämna synpunkter")
    phone.get_by_label("Kommentar").fill("Facket har inget att invända.")
    phone.get_by_label("för facket").check()
    follow(phone.get_by_role("button", name="Skicka synpunkten"))


def test_four_people_take_a_period_from_file_to_published(
    visit: Callable, check_accessible: Callable, tmp_path: Path
) -> None:
    today = datetime.now(UTC).date()  # a window opens at most a year before its period
    start = today + timedelta(days=200 - today.weekday() + (-200) % 7)
    off, ward = start + timedelta(days=10), own_ward(start, "Två veckor att önska")
    planning = look_at(visit(), ward, tmp_path)
    follow(planning.get_by_role("button", name="Läs in"))
    address = planning.url

    managing = visit().log_in("ward_manager", TENANT)
    managing.goto(address)
    next_step(managing, "Öppna för önskemål")
    follow(managing.get_by_role("button", name="Spara tiden"))
    expect(managing.get_by_role("status")).to_contain_text("har sparats")
    expect(managing.get_by_text("0 av 10 har svarat")).to_be_visible()
    phone = visit(width=390, height=844).log_in("employee", TENANT)
    wish(phone, off)
    check_accessible(phone)
    managing.reload()
    expect(managing.get_by_text("1 av 10 har svarat")).to_be_visible()
    check_accessible(managing)

    optimise_and_consult(planning)
    comment(phone, address, off)

    managing.goto(address)
    next_step(managing, "Läs och lämna synpunkter")
    expect(managing.get_by_text("Facket har inget att invända.")).to_be_visible()
    check_accessible(managing)
    publish(managing)
    check_accessible(managing)
    look_as_coordinator(visit(), address)
    look_at_the_publication(managing, f"{address}/publication", ward.employees[0].name, check_accessible)


def look_at_the_publication(page: Page, address: str, name: str, check_accessible: Callable) -> None:
    """See what was frozen, and the files for other systems."""
    follow(page.get_by_role("link", name="Publicering 1"))
    add_template(page)
    check_accessible(page)
    page.goto(address)
    follow(page.get_by_role("link", name="Publicering 1"))
    expect(page.get_by_role("link", name="Lönesystemet (CSV)")).to_be_visible()
    expect(page.get_by_role("table").first.get_by_role("rowheader", name=name)).to_be_visible()
    check_accessible(page)
