"""A scheduler's way: read a ward in, have its roster made, look at it; and what happens to a bad file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

from browsing import LONG, follow
from rostering_flow import TENANT, look_at, optimise, own_ward, start_search
from samplan_rostering.domain.ward import DatedRequirement
from samplan_rostering.workbook import read_ward, write_ward


def look_at_what_follows(page: Page, check_accessible: Callable) -> None:
    """Look at the pages that a roster's page leads to, and come back."""
    roster = page.url
    for name, heading in (("Varför?", "Varför är"), ("Planera om", "Planera om")):
        follow(page.get_by_role("link", name=name, exact=True).first)
        expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        check_accessible(page)
        page.goto(roster)


def look_at_a_shift_that_lacks_people(page: Page, check_accessible: Callable) -> None:
    """List what the roster lacks, look at who can take the first of it, and come back."""
    roster = page.url
    follow(page.get_by_role("navigation", name="Du är här").get_by_role("link").last)
    follow(page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name="Avrop"))
    follow(page.get_by_role("button", name="Lista det som schemat saknar"))
    follow(page.get_by_role("link", name="Vem kan ta det").first)
    expect(page.get_by_role("heading", name="1. Egen personal")).to_be_visible()
    page.get_by_text("inte kan", exact=False).first.click()
    check_accessible(page)
    page.goto(roster)


def test_a_ward_is_read_in_optimised_looked_at_and_exported(
    visit: Callable, check_accessible: Callable, tmp_path: Path
) -> None:
    ward = own_ward()
    need = next(row for row in ward.weekly_requirements if row.weekday == ward.period.start.weekday())
    more = DatedRequirement(ward.period.start, need.shift, need.skill, 11, 11, None)
    page = look_at(visit(), replace(ward, dated_requirements=(more,)), tmp_path)  # there are ten people
    follow(page.get_by_role("button", name="Läs in"))
    follow(page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name="Optimera"))
    page.get_by_label("Starta ändå").check()  # the page tells that nobody can meet the requirement
    start_search(page, 3)
    page.evaluate("window.stillThere = true")
    news = page.get_by_role("status").filter(has_text="Schema 1 är klart")
    expect(news).to_be_visible(timeout=LONG)
    expect(page.get_by_role("table", name="Scheman").get_by_role("link", name="Schema 1")).to_be_visible()
    expect(page.get_by_text("Inget schema än")).to_have_count(0)
    assert page.evaluate("window.stillThere") is True  # no reload
    follow(news.get_by_role("link", name="Visa schema 1"))
    grid = page.get_by_role("grid")
    expect(grid).to_be_visible()
    for employee in own_ward().employees[:3]:
        expect(grid.get_by_role("rowheader", name=employee.name).first).to_be_visible()
    check_accessible(page)
    look_at_what_follows(page, check_accessible)
    look_at_a_shift_that_lacks_people(page, check_accessible)
    with page.expect_download() as download:
        page.get_by_role("link", name="Ladda ner som arbetsbok").click()
    book = CalamineWorkbook.from_filelike(BytesIO(Path(download.value.path()).read_bytes()))
    assert book.sheet_names


def test_what_was_read_in_comes_out_again(visit: Callable, tmp_path: Path) -> None:
    ward = own_ward(date(2027, 10, 4), "Två veckor i oktober")
    visitor = visit()
    page = look_at(visitor, ward, tmp_path)
    follow(page.get_by_role("button", name="Läs in"))
    visitor.go(f"/t/{TENANT}/rostering/")
    follow(page.get_by_role("row", name="Två veckor i oktober").get_by_role("link").first)
    with page.expect_download() as download:
        page.get_by_role("link", name="Ladda ner arbetsboken").click()
    said = read_ward(Path(download.value.path()).read_bytes())
    # The ward has absences in another period, which the demo brought; all else is what was read in.
    assert replace(said, absences=()) == ward


def press_until(box: Locator, key: str, is_so: str) -> None:
    """Press a key as somebody does who sees that nothing moves, until what is said of the box is so."""
    for attempt in range(300):
        if attempt % 30 == 0:
            box.press(key)
        box.page.wait_for_timeout(100)
        if box.evaluate(is_so):
            return
    pytest.fail(f"{key} does not scroll")


def test_dates_names_and_coverage_stay_in_sight(visit: Callable) -> None:
    """The roster of the demo's ward is longer and wider than the box that it scrolls in."""
    visitor = visit()
    page = visitor.log_in("scheduler", TENANT)
    visitor.go(f"/t/{TENANT}/rostering/")
    follow(page.get_by_role("row", name="Demoperiod").get_by_role("link").first)
    optimise(page, 1)
    follow(page.get_by_role("status").get_by_role("link", name="Visa schema"), LONG)
    box = page.get_by_role("region", name="Vem som arbetar vilket pass vilken dag")
    expect(box).to_be_visible()
    press_until(
        box, "End", "box => box.scrollTop > 0 && box.scrollTop + box.clientHeight >= box.scrollHeight - 1"
    )
    press_until(box, "ArrowRight", "box => box.scrollLeft > 0")
    seen = box.bounding_box()
    assert seen is not None
    last = page.locator(".ro-people tr").last.locator("th")
    for part in (page.locator(".ro-days th").first, last, page.locator(".ro-coverage tr").last.locator("th")):
        place = part.bounding_box()
        assert place is not None
        assert place["x"] >= seen["x"] - 1
        assert seen["y"] - 1 <= place["y"]
        assert place["y"] + place["height"] <= seen["y"] + seen["height"] + 1


def test_who_is_rostered_elsewhere_is_shown_and_one_may_stop(
    visit: Callable, check_accessible: Callable, tmp_path: Path
) -> None:
    ward = own_ward(date(2027, 11, 1), "Två veckor i november")
    changed = replace(ward.contracts[0], percentage=Decimal("42.5"))
    page = look_at(visit(), replace(ward, contracts=(changed, *ward.contracts[1:])), tmp_path)
    shared = page.get_by_role("table", name="Medarbetare som också schemaläggs på annat håll")
    expect(shared.get_by_role("row", name=ward.employees[0].name)).to_contain_text("42,5\N{NO-BREAK SPACE}%")
    check_accessible(page)
    follow(page.get_by_role("link", name="Avbryt, ändra inget"))
    expect(page.get_by_role("heading", level=1, name="Schemaläggning")).to_be_visible()
    expect(page.get_by_text("Två veckor i november")).to_have_count(0)


def test_a_bad_file_is_answered_with_all_its_faults(visit: Callable, tmp_path: Path) -> None:
    ward = own_ward()
    bad = replace(
        ward,
        weekly_requirements=(replace(ward.weekly_requirements[0], shift="ZZ"), *ward.weekly_requirements[1:]),
        contracts=(*ward.contracts, ward.contracts[0]),
    )
    path = tmp_path / "fel.xlsx"
    path.write_bytes(write_ward(bad))
    visitor = visit(390, 844)
    page = visitor.log_in("scheduler", TENANT)
    visitor.go(f"/t/{TENANT}/rostering/")
    follow(page.get_by_role("link", name="Läs in en fil").first)
    page.locator("input[type=file]").set_input_files(path)
    follow(page.get_by_role("button", name="Titta på filen"))
    expect(page.get_by_role("heading", name="Filen har fel")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("ZZ")
    with page.expect_download() as download:
        page.get_by_role("button", name="Ladda ner filen med felen markerade").click()
    assert (
        "Fel" in CalamineWorkbook.from_filelike(BytesIO(Path(download.value.path()).read_bytes())).sheet_names
    )
    picture = tmp_path / "bild.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    visitor.go(f"/t/{TENANT}/rostering/")
    follow(page.get_by_role("link", name="Läs in en fil").first)
    page.locator("input[type=file]").set_input_files(picture)
    follow(page.get_by_role("button", name="Titta på filen"))
    expect(page.get_by_role("main")).to_contain_text("xlsx")


def test_an_administrator_switches_a_module_off_and_on(visit: Callable) -> None:
    visitor = visit()
    page = visitor.log_in("administrator", TENANT)
    link = page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Schemaläggning")
    expect(link).to_be_visible()
    for action, shown in (("Slå av", False), ("Slå på", True)):
        visitor.go(f"/t/{TENANT}/modules")
        card = page.locator("section", has=page.get_by_role("heading", name="Schemaläggning"))
        card.get_by_role("button", name=action).click()
        follow(page.get_by_role("dialog").get_by_role("button", name=action))
        expect(page.get_by_role("status").first).to_be_visible()
        expect(link).to_be_visible() if shown else expect(link).to_be_hidden()
