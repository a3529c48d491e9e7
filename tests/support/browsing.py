"""What the browser tests share: how long they wait, and when a page is there."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

PATIENCE = 30_000  # milliseconds until a step gives up: only so that a broken test ends
LONG = 180_000  # milliseconds: a solve and its queue

# The letters are those that the page is read in, and something is painted: before, a browser drops keys.
SETTLED = """() => Promise.all([document.fonts.ready, new Promise((seen) => new PerformanceObserver(
    (entries) => entries.getEntriesByName("first-contentful-paint").length && seen()
).observe({type: "paint", buffered: true}))]).then(() => null)"""


def settle(page: Page) -> Page:
    """Wait until all of a page has arrived, what it fetches too: its scripts run, and it takes keys."""
    page.wait_for_load_state()
    expect(page.locator("[aria-busy=true]:not(details:not([open]) *)")).to_have_count(0)
    page.evaluate(SETTLED)
    return page


def follow(leads_on: Locator, patience: int = PATIENCE) -> Page:
    """Click a link or a form's button once it is there, and wait until the page that it leads to is there."""
    expect(leads_on).to_be_visible(timeout=patience)
    with leads_on.page.expect_navigation():
        leads_on.click()
    return settle(leads_on.page)
