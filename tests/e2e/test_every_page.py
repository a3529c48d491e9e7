"""Every page: no accessibility fault, no CSP report, no other host, readable on a phone, in two languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

TENANT = "region-uppsala"

# Role and page; what hangs on a row (a run, a roster) is looked at in the flows.
PAGES = [
    ("administrator", ""),
    ("administrator", "members"),
    ("administrator", "modules"),
    ("administrator", "audit"),
    ("administrator", "jobs"),
    ("administrator", "organisation"),
    ("administrator", "indicators"),
    ("administrator", "api-keys"),
    ("administrator", "api-docs"),
    ("administrator", "personal-data"),
    ("scheduler", ""),
    ("scheduler", "rostering/"),
]


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_a_page_is_accessible_and_fits(
    visit: Callable, check_accessible: Callable, role: str, path: str
) -> None:
    visitor = visit()
    visitor.log_in(role, TENANT)
    page = visitor.go(f"/t/{TENANT}/{path}")
    expect(page.get_by_role("main")).to_be_visible()
    check_accessible(page)


@pytest.mark.parametrize("path", ["/login", "/accessibility", "/nothing-here"])
def test_a_page_for_everybody_is_accessible_and_fits(
    visit: Callable, check_accessible: Callable, path: str
) -> None:
    page = visit().go(path)
    expect(page.get_by_role("main")).to_be_visible()
    check_accessible(page)


def test_the_language_can_be_switched_and_stays(visit: Callable) -> None:
    visitor = visit()
    page = visitor.log_in("viewer", TENANT)  # the account keeps its language: not one that others use
    assert page.locator("html").get_attribute("lang") == "sv-SE"
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    visitor.go(f"/t/{TENANT}/")
    assert page.locator("html").get_attribute("lang") == "en-GB"


def test_the_keyboard_reaches_the_content_and_the_navigation(visit: Callable) -> None:
    page = visit().log_in("scheduler", TENANT)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("Hoppa till innehållet")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_menu_opens_on_a_phone(visit: Callable) -> None:
    page = visit(390, 844).log_in("scheduler", TENANT)
    page.get_by_role("button", name="Meny").first.click()
    expect(page.get_by_role("navigation", name="Huvudmeny")).to_be_visible()
