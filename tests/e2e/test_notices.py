"""An administrator lets another system know of what happens, and takes that back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

TENANT = "region-uppsala"


def test_a_webhook_is_added_looked_at_and_removed(visit: Callable, check_as_it_is: Callable) -> None:
    visitor = visit(lets_axe_in=True)
    visitor.log_in("administrator", TENANT)
    page = visitor.go(f"/t/{TENANT}/webhooks")
    page.get_by_label("Namn").fill("Löner")
    page.get_by_label("Adress").fill("http://hooks.example.org/samplan")
    page.get_by_label("Schema publicerat").check()
    page.get_by_role("button", name="Lägg till webhooken").click()
    expect(page.get_by_role("link", name="Adressen måste börja med https://.")).to_be_visible()
    check_as_it_is(page)
    page.get_by_label("Adress").fill(f"https://hooks.example.org/{'samplan' * 20}")
    page.get_by_role("button", name="Lägg till webhooken").click()
    expect(page.locator("#webhook-secret")).to_contain_text("whsec_")
    check_as_it_is(page)
    page.get_by_role("link", name="Till webhooken").click()
    expect(page.get_by_role("heading", name="Inget har skickats än")).to_be_visible()
    check_as_it_is(page)
    visitor.go(f"/t/{TENANT}/webhooks")
    check_as_it_is(page)
    page.get_by_role("link", name="Löner").click()
    page.get_by_role("button", name="Ta bort").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Ta bort").click()
    expect(page.get_by_role("heading", name="Inga webhooks än")).to_be_visible()
