"""A scheduler enters what was worked, in a browser: the table, a date of a person, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from browsing import follow

TENANT = "region-uppsala"


def test_an_extra_shift_is_entered_and_shown(visit: Callable, check_accessible: Callable) -> None:
    visitor = visit()
    page = visitor.log_in("scheduler", TENANT)
    visitor.go(f"/t/{TENANT}/rostering/")
    follow(page.get_by_role("table").get_by_role("rowheader").get_by_role("link").first)
    follow(page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name="Utfall"))
    grid = page.get_by_role("table", name="Vem som arbetade vad och när")
    expect(grid).to_be_visible()
    check_accessible(page)
    follow(page.get_by_role("link", name="Läs in arbetade pass"))
    check_accessible(page)
    page.go_back()
    follow(grid.get_by_role("link", name="För in ett extrapass").first)
    page.get_by_label("Började").fill("07:00")
    page.get_by_label("Slutade").fill("07:00")
    page.get_by_label("Obetald rast").fill("1440")
    follow(page.get_by_role("button", name="Spara"))
    expect(page.get_by_text("Rasten måste vara kortare än arbetet.").first).to_be_visible()
    check_accessible(page)
    page.get_by_label("Slutade").fill("15:30")
    page.get_by_label("Obetald rast").fill("30")
    follow(page.get_by_role("button", name="Spara"))
    expect(page.get_by_role("status").get_by_text("Sparat.")).to_be_visible()
    expect(grid.get_by_role("row").nth(1)).to_contain_text("8:00")
    follow(page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name="Saldon"))
    expect(page.get_by_role("table", name="Timmar och saldon per medarbetare")).to_contain_text("8:00")
    check_accessible(page)
    follow(page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name="Avrop"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Avrop")
    check_accessible(page)


def test_hired_staff_is_added_to_a_period(visit: Callable, check_accessible: Callable) -> None:
    visitor = visit()
    page = visitor.log_in("scheduler", TENANT)
    visitor.go(f"/t/{TENANT}/rostering/")
    follow(page.get_by_role("table").get_by_role("rowheader").get_by_role("link").first)
    follow(page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name="Avrop"))
    follow(page.get_by_role("link", name="Hyrpersonal"))
    page.get_by_label("Leverantör").fill("Provbemanning AB")
    page.get_by_label("Referens").fill("PB-17")
    page.get_by_label("Yrke").fill("Sjuksköterska")
    follow(page.get_by_role("button", name="Lägg till"))
    check_accessible(page)
    follow(page.get_by_role("row", name="PB-17").get_by_role("link"))
    expect(page.get_by_label("Yrke")).to_have_value("Sjuksköterska")
    check_accessible(page)
