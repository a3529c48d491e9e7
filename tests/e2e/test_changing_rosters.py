"""Changing a roster by hand: dragged, clicked and typed, undone, and by two at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from browsing import LONG, follow, settle
from rostering_flow import TENANT, look_at, optimise, own_ward

FIRST = own_ward().shift_types[0].code


def free_on(page: Page, day: int) -> Locator:
    """Return the first cell of a day in which nobody works and nothing is locked."""
    name = page.locator(
        f".ro-people td[id$='-{day}']:not([data-shift]):not([data-locked])"
    ).first.get_attribute("id")
    return page.locator(f"#{name}")


def drag(page: Page, cell: Locator, target: Locator) -> None:
    """Drag with the mouse, as a person does: in several moves."""
    target.scroll_into_view_if_needed()
    for step, place in enumerate((cell, target)):
        box = place.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=6)
        if not step:
            page.mouse.down()
    page.mouse.up()


def made_roster(visitor: Any, folder: Path) -> Page:
    """Have a small ward read in and rostered, and give the page of its roster."""
    page: Page = look_at(visitor, own_ward(date(2028, 2, 7), "Två veckor i februari"), folder)
    follow(page.get_by_role("button", name="Läs in"))
    optimise(page, 1)
    follow(page.get_by_role("status").get_by_role("link", name="Visa schema 1"), LONG)
    expect(page.get_by_role("grid")).to_be_visible()
    return settle(page)


def change_by_mouse(page: Page) -> Locator:
    """Drag a shift away and bring it back by two clicks; return its cell."""
    say = page.locator("#roster-say")
    cell = page.locator(f"#{page.locator('.ro-people td[data-shift]').first.get_attribute('id')}")
    shift = cell.get_attribute("data-shift") or ""
    target = free_on(page, int((cell.get_attribute("id") or "").split("-")[2]))
    drag(page, cell, target)
    expect(target).to_have_attribute("data-shift", shift)
    expect(target).to_be_focused()
    expect(say).to_contain_text("Flyttat")
    expect(page.locator("#roster-log")).to_contain_text("Flyttat")
    target.click()
    expect(say).to_contain_text("lyft från")
    expect(page.locator("td[data-effect]").first).to_be_visible()
    cell.click()
    expect(cell).to_have_attribute("data-shift", shift)
    expect(page.locator("#roster-version")).to_have_value("3")
    return cell


def change_by_keys(page: Page, cell: Locator) -> None:
    """Remove a shift, place the first one, lock the cell, undo that and look at the menu."""
    cell.press("Delete")
    expect(cell.locator(".ro-shift")).to_have_count(0)
    expect(cell).to_be_focused()
    page.keyboard.press("1")
    expect(cell).to_have_attribute("data-shift", FIRST)
    page.keyboard.press("l")
    expect(cell).to_have_attribute("data-locked", "")
    page.keyboard.press("Control+z")
    expect(cell).not_to_have_attribute("data-locked", "")
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("dialog").get_by_role("link", name="Varför inte?").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()


def reach_by_keys(page: Page) -> None:
    """Reach the grid by its link and by F6, leave it for its tools and walk in it; one cell is a Tab stop."""
    page.reload()
    settle(page)
    page.get_by_role("link", name="Hoppa till rutnätet").press("Enter")
    expect(page.locator("#cell-1-0")).to_be_focused()
    page.keyboard.press("F6")
    expect(page.get_by_role("button", name="Rutans meny")).to_be_focused()
    page.keyboard.press("F6")
    for key in ("PageDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator("#cell-2-8")).to_be_focused()
    expect(page.locator(".ro-people [tabindex='0']")).to_have_count(1)


def test_a_roster_is_changed_by_mouse_and_keys_and_by_two_at_once(
    visit: Callable, check_accessible: Callable, tmp_path: Path
) -> None:
    page = made_roster(visit(), tmp_path)
    other: Page = visit().log_in("ward_manager", TENANT)
    other.goto(page.url)
    settle(other)
    cell = change_by_mouse(page)
    change_by_keys(page, cell)
    reach_by_keys(page)

    late, news = other.locator(f"#{cell.get_attribute('id')}"), other.locator("#roster-news")
    late.press("Delete")
    expect(news).to_contain_text("Någon annan har ändrat schemat")
    expect(late).to_have_attribute("data-shift", FIRST)  # the newest is shown
    news.get_by_role("button", name="Gör ändringen ändå").click()
    expect(late.locator(".ro-shift")).to_have_count(0)
    expect(news).to_be_empty()
    check_accessible(page)
