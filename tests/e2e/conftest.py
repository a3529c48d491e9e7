"""A whole demo with its processes, and a real browser to use it with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from browsing import PATIENCE, follow, settle
from demo_tenants import tenants_in
from samplan.demo.run import Demo, Options, running_demo
from samplan.demo.seed import address
from samplan.demo.stop import Stop

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACOS = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
HOW = "no browser: install one (Debian: apt-get install chromium) or name it with SAMPLAN_BROWSER"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What axe would fetch again is for rules that are not asked for; without it, it keeps to the pages' CSP.
AXE_RUN = """(tags) => axe.run(
    {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], preload: false}
).then((report) => report.violations)"""
expect.set_options(timeout=PATIENCE)


def browser_program() -> str | None:
    """Return the path of an installed Chromium or Chrome."""
    named = os.environ.get("SAMPLAN_BROWSER")
    found = [shutil.which(name) for name in BROWSERS] + [MACOS if Path(MACOS).exists() else None]
    return named or next((path for path in found if path), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands here; without a browser it is skipped with advice, in CI it fails."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the installed browser, without a window."""
    program = browser_program()
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(HOW)
        pytest.skip(HOW)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program)
        yield running
        running.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Start a demo of its own, with web, workers and reconciler, on a free port."""
    folder = tmp_path_factory.mktemp("demo")
    options = Options(
        folder=folder / "data",
        tenants=tenants_in(
            folder / "tenants", agency={"ledningsgruppen", "region-dalarna", "region-uppsala"}
        ),
        port=0,
        environ=dict(os.environ) | {"SAMPLAN_LOGIN_ATTEMPTS": "1000 per 5 minutes"},
        throwaway=True,
    )
    with running_demo(options, Stop(), lambda _text: None) as running:
        yield running


Cookies = dict[tuple[str, str], list[Any]]


@pytest.fixture(scope="session")
def signed_in() -> Cookies:
    """Keep the cookies of who has logged in through the page once, by role and tenant."""
    return {}


class Visitor:
    """Somebody at a browser: what went wrong on the pages is kept and must be nothing at the end."""

    def __init__(self, context: BrowserContext, demo: Demo, signed_in: Cookies) -> None:
        self.context, self.demo, self.signed_in = context, demo, signed_in
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda message: self._console(message.type, message.text))
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", lambda answer: answer.status >= 500 and self.faults.append(answer.url))

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.faults.append(f"console: {text}")

    def _request(self, request: Request) -> None:
        host = urlsplit(request.url)
        if host.scheme.startswith("http") and host.netloc != urlsplit(self.demo.url).netloc:
            self.faults.append(f"request to another host: {request.url}")

    def go(self, path: str) -> Page:
        """Open a path of the site."""
        self.page.goto(self.demo.url.rstrip("/") + path)
        return self.page

    def log_in(self, role: str, tenant: str) -> Page:
        """Log in as the holder of a role, and open the tenant's start page."""
        self.sign_in(role, tenant)
        return self.go(f"/t/{tenant}/")

    def sign_in(self, role: str, tenant: str) -> None:
        """Sign in as the holder of a role: through the page the first time, then by its cookies."""
        if (role, tenant) in self.signed_in:
            self.context.add_cookies(self.signed_in[role, tenant])
            return
        context = next(
            login.tenant for login in self.demo.logins if login.tenant and login.tenant.slug == tenant
        )
        self.go("/login")
        self.page.get_by_label("E-post").fill(address(role, context))
        self.page.get_by_label("Lösenord").fill(self.demo.password)
        follow(self.page.get_by_role("button", name="Logga in"))
        expect(self.page.get_by_label("Lösenord")).to_be_hidden()
        self.signed_in[role, tenant] = list(self.context.cookies())


@pytest.fixture
def visit(browser: Browser, demo: Demo, signed_in: Cookies) -> Iterator[Callable[..., Visitor]]:
    """Give what opens a browser window of a size; afterwards nothing may have gone wrong in any."""
    visitors: list[Visitor] = []

    def open_window(width: int = 1440, height: int = 900) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            reduced_motion="reduce",  # what fades in is looked at when it is there
        )
        context.set_default_timeout(PATIENCE)
        visitors.append(Visitor(context, demo, signed_in))
        return visitors[-1]

    yield open_window
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.context.close()
    assert faults == []


def axe_faults(page: Page) -> list[str]:
    """Return what axe finds on the page, as rule and places."""
    if page.evaluate("() => !window.axe"):
        page.evaluate(AXE)
    found = page.evaluate(AXE_RUN, TAGS)
    return [f"{fault['id']}: {[node['target'] for node in fault['nodes']]}" for fault in found]


@pytest.fixture
def check_accessible() -> Callable[[Page], None]:
    """Give what looks at a page as it is, at two widths: all must be well."""

    def check(page: Page) -> None:
        size = page.viewport_size
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert_well(page, width)
        if size:
            page.set_viewport_size(size)

    return check


def assert_well(page: Page, width: int) -> None:
    """Assert that axe finds nothing on the page as it is and that it does not overflow."""
    settle(page)  # a page that is still arriving may hold a link whose words are to come
    assert axe_faults(page) == [], f"{page.url} at {width} px"
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, f"{page.url} is {overflow} px too wide at {width} px"
