"""What others see of a ward's rosters: who may only look, and how much of a roster is in sight at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browsing import LONG, follow
from rostering_flow import optimise, start_search

TENANT = "region-orebro-lan"
PROBLEM = """SECTION_HORIZON
7
SECTION_SHIFTS
D,480,
N,600,D
SECTION_STAFF
A,D=7|N=3,2400,0,5,1,1,1
B,D=7|N=3,2400,0,5,1,1,1
SECTION_DAYS_OFF
A,3
SECTION_SHIFT_ON_REQUESTS
A,2,N,7
SECTION_SHIFT_OFF_REQUESTS
B,4,D,3
SECTION_COVER
0,D,1,100,1
1,D,1,100,1
4,N,1,100,1
"""


def open_period(page: Page) -> None:
    page.goto(page.url.split("/t/")[0] + f"/t/{TENANT}/rostering/")
    follow(page.get_by_role("row", name="Demoperiod").get_by_role("link").first)


@pytest.fixture
def two_rosters(visit: Callable) -> Page:
    """Have the demo's ward rostered until there are two rosters, and give its page as a scheduler sees it."""
    page: Page = visit().log_in("scheduler", TENANT)
    open_period(page)
    for count in (1, 2):
        if page.get_by_role("table", name="Scheman").locator("tbody tr").count() < count:
            optimise(page, 1)
            expect(page.get_by_role("status").get_by_role("link", name="Visa schema")).to_be_visible(
                timeout=LONG
            )
            open_period(page)
    return page


def test_a_viewer_sees_the_best_roster_and_can_change_nothing(
    visit: Callable, check_accessible: Callable, two_rosters: Page
) -> None:
    expect(two_rosters.get_by_role("link", name="Optimera").first).to_be_visible()
    visitor = visit()
    page = visitor.log_in("viewer", TENANT)
    open_period(page)
    check_accessible(page)
    expect(page.get_by_role("heading", name="är bäst")).to_be_visible()
    for label in ("Stoppa", "Kör igen", "Läs in"):
        expect(page.get_by_role("button", name=label)).to_have_count(0)
    for label in ("Optimera", "Läs in", "Ladda ner arbetsboken"):
        expect(page.get_by_role("link", name=label)).to_have_count(0)
    period = page.url
    follow(page.get_by_role("link", name="Visa schema"))
    grid = page.get_by_role("table").first
    expect(grid.get_by_role("rowheader", name="Alma Rask")).to_be_visible()
    expect(page.get_by_title("Semester")).to_have_count(0)
    expect(grid.get_by_text("♥")).to_have_count(0)
    answers = page.evaluate(
        """async ({period, token}) => {
          const send = (url, headers) => fetch(url, {method: "POST", headers, redirect: "manual"});
          const headers = {"X-CSRFToken": token};
          return [
            (await send(period + "/optimise", headers)).status,
            (await send(period.replace(/periods.*/, "import"), headers)).status,
            (await send(period.replace(/periods.*/, "import/confirm"), headers)).status,
          ];
        }""",
        {"period": period, "token": page.locator("[name=csrf_token]").first.get_attribute("value")},
    )
    assert answers == [403, 403, 403]
    visitor.go(f"/t/{TENANT}/rostering/import")
    expect(page.get_by_role("heading", level=1)).to_have_text("Du saknar den behörighet som krävs")
    expect(page.get_by_role("navigation", name="Huvudmeny")).to_contain_text("Indikatorer")


def test_eighteen_people_are_in_sight_at_once(two_rosters: Page) -> None:
    page = two_rosters
    follow(page.get_by_role("link", name="Visa schema").first)
    page.locator(".ro-tools").evaluate("tools => tools.scrollIntoView()")
    foot = page.locator(".ro-gaps th").bounding_box()
    head = page.locator(".ro-days th").first.bounding_box()
    assert foot is not None
    assert head is not None
    rows = [row.bounding_box() for row in page.locator(".ro-people th").all()]
    seen = [row for row in rows if row and row["y"] >= head["y"] and row["y"] + row["height"] <= foot["y"]]
    assert len(seen) >= 18
    assert foot["y"] + foot["height"] <= 900
    coverage = page.locator(".ro-coverage tr").last
    expect(coverage).not_to_be_in_viewport()
    page.get_by_label("Håll bemanningen i sikte").check()
    expect(coverage).to_be_in_viewport()
    label = page.locator(".ro-pin").bounding_box()
    assert label is not None
    assert label["height"] >= 24


def test_a_stopped_search_says_so_and_leaves_no_message(visit: Callable) -> None:
    page = visit().log_in("scheduler", TENANT)
    open_period(page)
    optimise(page, 120)
    expect(page.get_by_text("Inget schema ännu")).to_have_count(0)
    page.get_by_role("button", name="Stoppa").first.click()
    dialog = page.get_by_role("dialog")
    keep = dialog.get_by_role("button", name="Stoppa och behåll det bästa")
    follow(dialog.get_by_role("button", name="Stoppa", exact=True).or_(keep).first)
    expect(page.locator(".sp-job").get_by_text("Stoppad", exact=True)).to_be_visible(timeout=LONG)
    expect(page.get_by_text("Körningen stoppas.")).to_have_count(0)
    expect(page.get_by_role("button", name="Kör igen")).to_be_visible()
    expect(page.get_by_role("button", name="Försök igen")).to_have_count(0)


def test_a_benchmark_problem_is_read_in_solved_and_looked_at(
    visit: Callable, check_accessible: Callable, tmp_path: Path
) -> None:
    path = tmp_path / "Egen.txt"
    path.write_text(PROBLEM)
    visitor = visit()
    page = visitor.log_in("scheduler", TENANT)
    visitor.go(f"/t/{TENANT}/rostering/import")
    page.locator("input[type=file]").set_input_files(path)
    follow(page.get_by_role("button", name="Titta på filen"))
    follow(page.get_by_role("button", name="Läs in"))
    expect(page.get_by_role("heading", level=1, name="Egen")).to_be_visible()
    check_accessible(page)
    start_search(page, 3)
    follow(page.get_by_role("status").get_by_role("link", name="Visa schema"), LONG)
    expect(page.get_by_role("table").first.get_by_role("rowheader", name="A", exact=True)).to_be_visible()
    check_accessible(page)
