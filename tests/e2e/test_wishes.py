"""An employee wishes on a phone, and the manager sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import expect

from rostering_flow import TENANT, look_at, own_ward


def test_an_employee_wishes_on_a_phone_and_the_manager_sees_it(
    visit: Callable, check_accessible: Callable, tmp_path: Path
) -> None:
    today = datetime.now(UTC).date()  # a window opens at most a year before its period
    start = today + timedelta(days=200 - today.weekday() + (-200) % 7)
    wished = start + timedelta(days=10)
    page = look_at(visit(), own_ward(start, "Två veckor att önska"), tmp_path)
    page.get_by_role("button", name="Läs in").click()
    expect(page.get_by_role("link", name="Önskemål", exact=True)).to_be_visible()
    address = f"{page.url}/wishes"
    page = visit().log_in("ward_manager", TENANT)
    page.goto(address)
    page.get_by_label("Öppnar").fill(f"{today - timedelta(days=30)}T08:00")
    page.get_by_label("Stänger").fill(f"{start - timedelta(days=1)}T16:00")
    page.get_by_label("Poäng per medarbetare").fill("500")
    page.get_by_role("button", name="Spara tiden").click()
    expect(page.get_by_role("status")).to_contain_text("har sparats")
    expect(page.get_by_text("0 av 10 har svarat")).to_be_visible()

    employee = visit(width=390, height=844)
    phone = employee.log_in("employee", TENANT)
    phone.get_by_role("button", name="Meny", exact=True).click()
    phone.get_by_role("link", name="Min sida").click()
    check_accessible(phone)
    phone.get_by_role("link", name="Önskemål", exact=True).click()
    phone.get_by_role("link", name="Önska").first.click()
    phone.get_by_label("Datum").fill(wished.isoformat())
    phone.get_by_label("Veto", exact=True).check()
    phone.get_by_role("button", name="Spara önskemålet").click()
    expect(phone.get_by_role("status")).to_contain_text("Ditt önskemål är sparat")
    expect(phone.get_by_role("listitem").filter(has_text=f"{wished.day}/{wished.month}")).to_contain_text(
        "Veto"
    )
    check_accessible(phone)

    page.goto(address)
    expect(page.get_by_text("1 av 10 har svarat")).to_be_visible()
    check_accessible(page)
