"""Every page that a ward's and a period's own navigation leads to, as its manager sees it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from browsing import follow, settle

TENANT = "region-uppsala"


def walk(page: Page, check_accessible: Callable[[Page], None], navigation: str) -> list[str]:
    """Look at each page of a navigation; return what the links are called."""
    settle(page)
    links = page.get_by_role("navigation", name=navigation).get_by_role("link")
    found = [(link.inner_text(), link.get_attribute("href") or "") for link in links.all()]
    for name, href in found:
        page.goto(page.url.split("/t/")[0] + href)
        here = page.get_by_role("navigation", name=navigation).get_by_role("link", name=name)
        expect(here).to_have_attribute("aria-current", "page")
        check_accessible(page)
    return [name for name, _href in found]


def test_the_pages_of_a_period_and_its_ward(visit: Callable, check_accessible: Callable) -> None:
    visitor = visit()
    visitor.sign_in("ward_manager", TENANT)
    page = visitor.go(f"/t/{TENANT}/rostering/")
    follow(page.get_by_role("row", name="Demoperiod").get_by_role("link").first)
    names = walk(page, check_accessible, "Periodens sidor")
    assert {"Önskemål", "Regelprofil", "Optimera", "Publicering", "Utfall"} <= set(names)

    visitor.go(f"/t/{TENANT}/rostering/")
    wards = page.get_by_role("table", name="Avdelningar")
    follow(wards.get_by_role("link", name="Medicinavdelning 3", exact=True))
    expect(page.get_by_role("heading", level=1, name="Medicinavdelning 3")).to_be_visible()
    names = walk(page, check_accessible, "Avdelningens sidor")
    assert {"Medarbetare", "Regelprofil", "Undantag"} <= set(names)


def test_the_pages_of_one_employee_and_of_one_rule(visit: Callable, check_accessible: Callable) -> None:
    visitor = visit()
    visitor.sign_in("ward_manager", TENANT)
    page = visitor.go(f"/t/{TENANT}/rostering/employees")
    follow(page.get_by_role("table", name="Medarbetare").get_by_role("link").first)
    check_accessible(page)
    visitor.go(f"/t/{TENANT}/rostering/")
    follow(page.get_by_role("row", name="Demoperiod").get_by_role("link").first)
    period = page.url
    for section, link in (("Konton", "/accounts/"), ("Regelprofil", "/rules/line")):
        follow(page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name=section))
        follow(page.locator(f"main a[href*='{link}']").first)
        expect(page.get_by_role("main")).to_be_visible()
        check_accessible(page)
        page.goto(period)
