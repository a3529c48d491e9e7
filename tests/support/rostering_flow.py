"""A scheduler's first steps at a browser: a small ward of our own, and its workbook looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from browsing import follow
from samplan_rostering.domain.ward import DatedRequirement, Period, WardData, WeeklyRequirement
from samplan_rostering.workbook import write_ward

TENANT = "region-gavleborg"


def own_ward(start: date = date(2027, 9, 6), name: str = "Två veckor i september") -> WardData:
    """Return a small ward of our own: ten of the demo's kind of people, two weeks in another month."""
    from samplan_rostering.demo_ward import demo_ward

    ward = demo_ward(3, start)
    kept = tuple(e for i, e in enumerate(ward.employees) if i % 3 == 0)
    codes = {employee.code for employee in kept}

    def less(row: WeeklyRequirement | DatedRequirement) -> WeeklyRequirement | DatedRequirement:
        return replace(row, minimum=min(row.minimum, 1), target=min(row.target, 1), maximum=None)

    return replace(
        ward,
        period=Period(start, start + timedelta(days=13), name),
        employees=kept,
        contracts=tuple(c for c in ward.contracts if c.employee in codes),
        weekly_requirements=tuple(less(row) for row in ward.weekly_requirements),
        dated_requirements=(),
        absences=(),
        wishes=(),
        history=(),
        pins=(),
    )


def optimise(page: Page, seconds: int) -> None:
    """Start an optimisation from any page of a period."""
    follow(page.get_by_role("navigation", name="Periodens sidor").get_by_role("link", name="Optimera"))
    start_search(page, seconds)


def start_search(page: Page, seconds: int) -> None:
    """Start an optimisation from the page that has its form."""
    page.get_by_label("Söktid").fill(str(seconds))
    follow(page.get_by_role("button", name="Starta optimeringen"))


def look_at(visitor: Any, ward: WardData, folder: Path) -> Page:
    """Upload the ward's workbook and stop where the page shows what it says."""
    path = folder / "provavdelning.xlsx"
    path.write_bytes(write_ward(ward))
    page: Page = visitor.log_in("scheduler", TENANT)
    visitor.go(f"/t/{TENANT}/rostering/")
    follow(page.get_by_role("link", name="Läs in en fil").first)
    page.locator("input[type=file]").set_input_files(path)
    follow(page.get_by_role("button", name="Titta på filen"))
    expect(page.get_by_role("main")).to_contain_text(ward.period.start.isoformat())
    return page
