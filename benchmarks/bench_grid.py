"""How long a moved shift takes, from letting it go to the new grid on the screen, and of that the server.

A private PostgreSQL gets the demo ward grown, with a roster that the engine finds in the time given. A real
browser opens it signed in, and drags shifts with the mouse; the clock runs in the page, from the release of
the button to the frame after the answer is in place. Beside it, in the same run, an htmx request that answers
nothing: what no page can be quicker than. Then a longer period without the browser: one changed cell, sent
and answered. Milliseconds of the wall clock, and for the server of this process too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from bench_edits import invented_roster, timed, told
from bench_explain import grown_ward
from bench_figures import TENANT, region
from samplan.ids import new_id
from samplan.organisation.models import OrgUnit
from samplan.testing.site import Person, Site
from samplan_rostering.domain.roster import Assignment
from samplan_rostering.domain.ward import WardData
from samplan_rostering.queries.rosters.stored import input_hash
from samplan_rostering.services.periods.wards import import_ward
from samplan_rostering.services.rosters.stored import Made, store_roster
from samplan_rostering.solver.solution import Solution, SolveOptions, Status
from samplan_rostering.solver.solve import solve_ward

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LONG = "long"  # the region with the longer period
WARM = 2  # measurements that are left out
# What the page measures: `drop` from the release of the mouse, `empty` from a request that answers nothing.
WATCH = """() => {
  window.benched = {};
  const painted = (name, begin) => requestAnimationFrame(() => {
    const port = new MessageChannel();
    port.port1.onmessage = () => { window.benched[name] = performance.now() - begin; };
    port.port2.postMessage(null);
  });
  let dropped = 0;
  addEventListener("pointerup", () => { dropped = performance.now(); }, true);
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.detail.ctx.sourceElement;
    if (form.id === "roster-edit") painted("drop", dropped);
    if (form.id === "bench-empty") painted("empty", window.begun);
  });
}"""
EMPTY = """() => {
  let place = document.getElementById("bench-empty");
  if (!place) {
    place = document.createElement("p");
    place.id = "bench-empty";
    document.querySelector("main").append(place);
  }
  window.begun = performance.now();
  htmx.ajax("GET", "/livez", { source: place, target: place, swap: "innerHTML" });
}"""


# Shifts in sight that the next person does not have that day, by row and day.
PLACES = """() => [...document.querySelectorAll(".ro-people td[data-shift]")]
  .map((cell) => [cell.dataset.shift, ...cell.id.split("-").slice(1).map(Number)])
  .filter(([shift, row, day]) => row < 18 && day < 20)
  .filter(([shift, row, day]) => document.getElementById(`cell-${row + 1}-${day}`).dataset.shift !== shift)
  .map(([shift, row, day]) => [row, day])"""


class Quiet(WSGIRequestHandler):
    """Answers as a server that stays connected, and writes no log."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_args: object, **_names: object) -> None:
        """Say nothing."""


def roster_of(ward: WardData, seconds: float, seed: int) -> tuple[Assignment, ...]:
    """Return what the engine finds in so many seconds; an invented roster for none."""
    if not seconds:
        return tuple(invented_roster(ward, seed))
    return tuple(solve_ward(ward, SolveOptions(seconds=seconds, seed=seed)).assignments)


def add_roster(site: Site, tenant: str, ward: WardData, cells: tuple[Assignment, ...]) -> UUID:
    """Add a ward with a period and its roster to a region that has none."""
    with site.core.database.unit_of_work(site.tenants[tenant].id) as session:
        over = OrgUnit(kind="region", code="R", name="Region")
        session.add(over)
        session.flush()
        session.add(OrgUnit(kind="ward", code=ward.unit.code, name=ward.unit.name, parent_id=over.id))
        session.flush()
        period_id, roster_id = import_ward(session, ward), new_id()
        solution = Solution(Status.FEASIBLE, 0, None, 1.0, 1, {}, {}, cells)
        store_roster(session, Made(roster_id, None, period_id, input_hash(ward)), ward, solution)
    return roster_id


@contextmanager
def served(site: Site) -> Iterator[str]:
    """Answer on a free port, in threads of this process."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


def measured(page: Page, name: str) -> float:
    """Return what the page has measured, in milliseconds."""
    page.wait_for_function("name => window.benched[name] !== undefined", arg=name)
    value: float = page.evaluate("name => { const v = benched[name]; delete benched[name]; return v; }", name)
    return value


def drag(page: Page, row: int, day: int) -> float:
    """Drag the shift of a person and day to the next person, and return how long the new grid took."""
    for step, number in enumerate((row, row + 1)):
        cell = page.locator(f"#cell-{number}-{day}")
        box = cell.bounding_box()
        if box is None:
            raise SystemExit("a cell is out of sight")
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
        if not step:
            page.mouse.down()
    page.wait_for_load_state("networkidle")  # the effects that were asked for on the way
    page.mouse.up()
    return measured(page, "drop")


def in_browser(program: str, url: str, person: Person, runs: int) -> None:
    """Drag shifts and ask for nothing by turns; print what each takes and their ratio."""
    cookie = next(iter(person.client._cookies.values()))  # noqa: SLF001 - the test client has no other way
    drops, empty = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="sv-SE")
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])
        page = context.new_page()
        page.goto(url)
        page.evaluate(WATCH)
        page.locator(".ro-tools").evaluate("tools => tools.scrollIntoView()")
        places = page.evaluate(PLACES)
        for row, day in places[:: max(len(places) // (runs + WARM), 1)][: runs + WARM]:
            shift, other = (
                page.locator(f"#cell-{each}-{day}").get_attribute("data-shift") for each in (row, row + 1)
            )
            if shift in {None, other}:  # moved by a drag before
                continue
            drops.append(drag(page, row, day))
            page.evaluate(EMPTY)
            empty.append(measured(page, "empty"))
        browser.close()
    middle, nothing = statistics.median(drops[WARM:]), statistics.median(empty[WARM:])
    longest = f"longest {max(drops[WARM:]):.0f} ms, {len(drops) - WARM} drags"
    print(f"drop to painted: median {middle:.0f} ms, {longest}")
    print(f"an empty htmx request: median {nothing:.0f} ms; ratio {middle / nothing:.1f}")


def on_server(person: Person, url: str, ward: WardData, runs: int) -> None:
    """Change one cell at a time without a browser; print what each takes, and how much is answered."""
    edits, nothing, sizes, shifts = [], [], [], [shift.code for shift in ward.shift_types]
    page = person.client.get(url)
    for number in range(runs + WARM):
        employee, on = ward.employees[number % len(ward.employees)], ward.period.date_of(3 + number % 20)
        wanted = {"employee": employee.code, "date": on.isoformat(), "shift": shifts[number % len(shifts)]}
        form = {"version": str(len(sizes) + 1), "cells": json.dumps([wanted])}
        took = timed(lambda: sizes.extend(answered(person, f"{url}/edits", form)))  # noqa: B023 - called at once
        edits.append(took)
        nothing.append(timed(lambda: person.client.get("/livez")))
    told("one changed cell on the server", edits[WARM:])
    told("an empty request on the server", nothing[WARM:])
    print(f"answered: {statistics.median(sizes) / 1000:.0f} kB; the page has {len(page.data) / 1000:.0f} kB")


def answered(person: Person, url: str, form: dict[str, str]) -> list[int]:
    """Send a change and return the size of its answer; nothing where the cell was so already."""
    answer = person.client.post(url, data=form)
    if answer.status_code not in {200, 422}:
        raise SystemExit(f"the change was answered with {answer.status_code}: {answer.text[:300]}")
    return [len(answer.data)] if answer.status_code == 200 else []


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--long-days", type=int, default=70)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--solve-seconds", type=float, default=20)
    parser.add_argument("--runs", type=int, default=15)
    options, _ = parser.parse_known_args()  # `make bench` gives all scripts the same arguments
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    program = os.environ.get("SAMPLAN_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with region() as site:
        site.add_tenant(LONG, ("rostering",))
        for tenant, days in ((TENANT, options.days), (LONG, options.long_days)):
            person, ward = site.person(tenant, "scheduler"), grown_ward(options.people, days, options.seed)
            cells = roster_of(ward, options.solve_seconds, options.seed)
            path = f"/t/{tenant}/rostering/rosters/{add_roster(site, tenant, ward, cells)}"
            print(f"{options.people} people, {days} days, {len(cells)} shifts")
            if tenant == LONG:
                on_server(person, path, ward, options.runs)
            elif program:
                with served(site) as url:
                    in_browser(program, url + path, person, options.runs)
            else:
                print("no browser: install one or name it with SAMPLAN_BROWSER")


if __name__ == "__main__":
    main()
