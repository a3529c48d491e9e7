"""What if: an optimisation is told what to do, two scenarios are compared, and one is accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from browsing import LONG, follow
from samplan_rostering.demo_ward import demo_ward
from samplan_rostering.domain.ward import Period, WardData
from samplan_rostering.workbook import write_ward

TENANT = "region-gavleborg"


def small_ward(start: date = date(2028, 3, 6)) -> WardData:
    """Return eight people and one week of the demo's kind, in a month of its own."""
    ward = demo_ward(5, start)
    kept = ward.employees[4:12]
    codes = {employee.code for employee in kept}
    return replace(
        ward,
        period=Period(start, start + timedelta(days=6), "En vecka i mars"),
        employees=kept,
        contracts=tuple(row for row in ward.contracts if row.employee in codes),
        weekly_requirements=tuple(
            replace(row, minimum=0, target=1, maximum=None)
            for row in ward.weekly_requirements
            if row.skill == "SSK"
        ),
        dated_requirements=(),
        absences=(),
        wishes=(),
        history=(),
        pins=(),
    )


def scenario(page: Page, name: str, percent: str) -> None:
    """Make a scenario with other staffing, and roster it."""
    follow(page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name="Scenarier"))
    page.get_by_label("Namn").fill(name)
    follow(page.get_by_role("button", name="Skapa scenariot"))
    page.get_by_label("Slags ändring").select_option("staffing")
    follow(page.get_by_role("button", name="Välj", exact=True))
    page.get_by_label("Procent av dagens").fill(percent)
    follow(page.get_by_role("button", name="Lägg till ändringen"))
    expect(page.get_by_text(f"procent av dagens: {percent}")).to_be_visible()
    page.get_by_label("Söktid").fill("1")
    follow(page.get_by_role("button", name="Schemalägg scenariot"))
    expect(page.get_by_role("table", name="Nyckeltal")).to_be_visible(timeout=LONG)


def optimised(visitor: Any, folder: Path) -> Page:
    """Read a ward in, and optimise it with the coverage first."""
    path = folder / "vecka.xlsx"
    path.write_bytes(write_ward(small_ward()))
    page: Page = visitor.log_in("scheduler", TENANT)
    visitor.go(f"/t/{TENANT}/rostering/import")
    page.locator("input[type=file]").set_input_files(path)
    follow(page.get_by_role("button", name="Titta på filen"))
    follow(page.get_by_role("button", name="Läs in"))
    follow(page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name="Optimera"))
    page.get_by_label("Vad som går först").select_option("coverage")
    page.get_by_label("Söktid").fill("1")
    follow(page.get_by_role("button", name="Starta optimeringen"))
    expect(page.get_by_role("status").filter(has_text="Schema 1 är klart")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("img", name="Straffpoäng över tid")).to_be_visible()
    return page


def test_scenarios_are_compared_and_one_accepted(
    visit: Callable, check_accessible: Callable, tmp_path: Path
) -> None:
    page = optimised(visit(), tmp_path)
    check_accessible(page)

    scenario(page, "Fler på alla pass", "200")
    check_accessible(page)
    scenario(page, "Som i dag", "100")
    follow(page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name="Scenarier"))
    for name in ("Fler på alla pass", "Som i dag"):
        page.get_by_role("checkbox", name=f"Jämför {name}").check()
    check_accessible(page)
    follow(page.get_by_role("button", name="Jämför valda"))
    row = page.get_by_role("row", name="Obemannade timmar")
    expect(row).to_contain_text("sämre")
    check_accessible(page)

    follow(page.get_by_role("link", name="Fler på alla pass"))
    follow(page.get_by_role("link", name="Visa scenariots schema"))
    expect(page.get_by_role("table").first).to_be_visible()
    check_accessible(page)
    page.go_back()
    follow(page.get_by_role("link", name="Anta scenariot"))
    check_accessible(page)
    follow(page.get_by_role("button", name="Anta scenariot"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Schema 2")
    expect(page.get_by_role("main")).to_contain_text(
        "den oberoende kontrollen hittar ingen", ignore_case=True
    )
