"""The pages on hired staff, with the demo's figures: accessible, nothing blocked, readable on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

TENANT = "region-uppsala"
BASE = f"/t/{TENANT}/agency"
ID = "[0-9a-f]{8}-[0-9a-f-]{27}"
PAGES = (
    "why",
    "why/lines",
    "report",
    "accrual",
    "accrual/hours",
    "forecast",
    "plan",
    "budget",
    "measures",
    "measures/new",
    "measures/import",
    "measures/reports",
    "agreements",
    "agreements/new",
    "agreements/file",
    "suppliers/new",
    "prices",
    "invoices",
    "invoices/matched",
    "invoices/time-reports",
    "call-offs",
    "independence",
    "own-staff",
    "deliveries",
    "deliveries/new",
    "accounts",
    "parameters",
)
# The list that leads to the page of a row, and what its address looks like.
ROWS = (
    ("accounts", rf"accounts/{ID}"),
    ("accrual", rf"accrual/valuations/{ID}"),
    ("agreements", rf"agreements/{ID}"),
    ("agreements", rf"suppliers/{ID}"),
    ("call-offs", rf"call-offs/{ID}"),
    ("deliveries", rf"deliveries/{ID}"),
    ("forecast", rf"forecasts/{ID}"),
    ("independence", rf"independence/{ID}"),
    ("invoices", rf"invoices/lines/{ID}(\?.*)?"),  # with its place among what is to be handled
    ("measures", rf"measures/{ID}"),
    ("measures/reports", r"measures/reports/new\?due=[0-9-]+"),
)


def row_of(page: Page, pattern: str) -> str:
    """Return the first link of a page that leads to a row's own."""
    links = page.locator("main a[href]").evaluate_all("nodes => nodes.map(node => node.getAttribute('href'))")
    return next(link for link in links if re.fullmatch(rf"{BASE}/{pattern}", link))


def test_the_pages_are_accessible_and_fit(visit: Callable, check_accessible: Callable) -> None:
    visitor = visit()
    visitor.sign_in("controller", TENANT)
    for path in PAGES:
        page = visitor.go(f"{BASE}/{path}")
        expect(page.get_by_role("main")).to_be_visible()
        check_accessible(page)


def test_the_pages_of_rows_are_accessible_and_fit(visit: Callable, check_accessible: Callable) -> None:
    visitor = visit()
    visitor.sign_in("administrator", TENANT)
    for path, pattern in ROWS:
        page = visitor.go(row_of(visitor.go(f"{BASE}/{path}"), pattern))
        expect(page.get_by_role("main")).to_be_visible()
        check_accessible(page)
    measure = row_of(visitor.go(f"{BASE}/measures"), rf"measures/{ID}")
    for path in (f"{measure}/edit", f"{BASE}/call-offs/new"):
        check_accessible(visitor.go(path))
