"""An administrator takes a person's data out and erases them; the operator sees how the modules are."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from browsing import follow
from samplan.demo.run import Demo
from samplan.demo.seed import OPERATOR_EMAIL

TENANT = "region-vastmanland"  # no other flow rosters the people of this one
CODE = "M3-05"


def test_a_person_is_taken_out_and_erased(
    visit: Callable, check_accessible: Callable, tmp_path: Path
) -> None:
    visitor = visit()
    visitor.log_in("administrator", TENANT)
    page = visitor.go(f"/t/{TENANT}/personal-data")
    follow(page.get_by_role("button", name="Visa vad som finns sparat"))
    expect(page.get_by_text("Välj en medlem, eller fyll i ett anställnings-id.").first).to_be_visible()
    check_accessible(page)
    page.get_by_label("Anställnings-id").fill(CODE)
    follow(page.get_by_role("button", name="Visa vad som finns sparat"))
    expect(page.get_by_role("heading", name="Det som finns sparat")).to_be_visible()
    check_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Hämta som ZIP").click()
    file = tmp_path / "person.zip"
    download.value.save_as(file)
    assert "rostering/employee.json" in zipfile.ZipFile(file).namelist()
    page.get_by_role("button", name="Radera", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.evaluate("node => Promise.all(node.getAnimations({subtree: true}).map(each => each.finished))")
    check_accessible(page)
    dialog.get_by_role("button", name="Avbryt").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Radera", exact=True).click()
    follow(dialog.get_by_role("button", name="Radera för alltid"))
    expect(page.get_by_text("har raderats").first).to_be_visible()
    page.get_by_label("Anställnings-id").fill(CODE)
    follow(page.get_by_role("button", name="Visa vad som finns sparat"))
    expect(page.get_by_role("heading", name="Ingenting finns sparat")).to_be_visible()
    check_accessible(page)


def test_the_operator_reads_how_the_modules_are(
    visit: Callable, demo: Demo, check_accessible: Callable
) -> None:
    visitor = visit()
    page = visitor.go("/login")
    page.get_by_label("E-post").fill(OPERATOR_EMAIL)
    page.get_by_label("Lösenord").fill(demo.password)
    follow(page.get_by_role("button", name="Logga in"))
    expect(page.get_by_role("heading", name="Modulernas tillstånd")).to_be_visible()
    expect(page.locator("#module-checks").get_by_text("Körningar startas").first).to_be_visible()
    check_accessible(page)
