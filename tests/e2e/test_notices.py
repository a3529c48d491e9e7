"""An administrator lets another system know of what happens, and takes that back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from browsing import follow

TENANT = "region-uppsala"


def test_a_webhook_is_added_looked_at_and_removed(visit: Callable, check_accessible: Callable) -> None:
    visitor = visit()
    visitor.log_in("administrator", TENANT)
    page = visitor.go(f"/t/{TENANT}/webhooks")
    page.get_by_label("Namn").fill("Löner")
    page.get_by_label("Adress").fill("http://hooks.example.org/samplan")
    page.get_by_label("Schema publicerat").check()
    follow(page.get_by_role("button", name="Lägg till webhooken"))
    expect(page.get_by_role("link", name="Adressen måste börja med https://.")).to_be_visible()
    check_accessible(page)
    page.get_by_label("Adress").fill(f"https://hooks.example.org/{'samplan' * 20}")
    follow(page.get_by_role("button", name="Lägg till webhooken"))
    expect(page.locator("#webhook-secret")).to_contain_text("whsec_")
    check_accessible(page)
    follow(page.get_by_role("link", name="Till webhooken"))
    expect(page.get_by_role("heading", name="Inget har skickats än")).to_be_visible()
    check_accessible(page)
    visitor.go(f"/t/{TENANT}/webhooks")
    check_accessible(page)
    follow(page.get_by_role("link", name="Löner"))
    page.get_by_role("button", name="Ta bort").first.click()
    follow(page.get_by_role("dialog").get_by_role("button", name="Ta bort"))
    expect(page.get_by_role("heading", name="Inga webhooks än")).to_be_visible()
