"""Static files: kept for ever under an address that names their contents, briefly under any other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import url_for

import samplan
from samplan.testing.site import Site
from samplan.web.static_files import KEPT, NOT_KEPT, SHORT, StaticVersions, version_of

CORE = Path(samplan.__file__).parent / "web/static"
SHEET = "/static/core/samplan.css"
ADDRESS = re.compile(r'(?:src|href)="([^"#]*/static/[^"#]+)')


def cache_control(site: Site, address: str) -> tuple[int, str]:
    with site.client().get(address) as answer:
        return answer.status_code, answer.headers["Cache-Control"]


def addresses(text: str) -> set[str]:
    return {address.replace("&amp;", "&") for address in ADDRESS.findall(text)}


@pytest.mark.parametrize("path", ["/login", "/t/region-a/", "/t/region-a/api-docs", "/t/region-a/audit"])
def test_every_static_file_of_a_page_may_be_kept_for_ever(site: Site, path: str) -> None:
    site.add_tenant("region-a")
    client = site.client() if path == "/login" else site.person("region-a", "administrator").client
    page = client.get(path)
    assert page.headers["Cache-Control"] == "private, no-store"
    found = addresses(page.text)
    assert any(".woff2?v=" in address for address in found)
    assert any("htmx.min.js?v=" in address for address in found)
    for address in found:
        assert cache_control(site, address) == (200, KEPT), address


def test_a_plugins_files_are_kept_like_the_cores(site: Site) -> None:
    site.add_tenant("region-a", modules=("rostering",))
    with site.app.test_request_context("/"):
        address = url_for("rostering.static", filename="rostering/roster.css", tenant="region-a")
    plain, _, version = address.partition("?v=")
    assert re.fullmatch(r"[0-9a-f]{12}", version)
    assert cache_control(site, address) == (200, KEPT)
    assert cache_control(site, plain) == (200, SHORT)


def test_other_addresses_are_kept_for_a_short_time_only(site: Site) -> None:
    """Another version than this process's own is another release's: its content is not what is sent."""
    for query in ("", "?v=", "?v=000000000000", "?w=1"):
        assert cache_control(site, SHEET + query) == (200, SHORT)
    for missing in (
        "/static/core/nothing.css?v=1",
        "/static/..%2f..%2fapp.py",
        "/static/core",
        "/static/%00",
    ):
        status, header = cache_control(site, missing)
        assert (status, header) == (404, NOT_KEPT), missing


def test_an_answer_without_a_body_keeps_the_rule(site: Site) -> None:
    address = f"{SHEET}?v={version_of((CORE / 'core/samplan.css').read_bytes())}"
    client = site.client()
    with client.get(address) as first:
        tag = first.headers["ETag"]
    with client.get(address, headers={"If-None-Match": tag}) as again:
        assert (again.status_code, again.headers["Cache-Control"]) == (304, KEPT)


def test_a_file_that_changes_gets_another_version(tmp_path: Path) -> None:
    versions, file = StaticVersions(), tmp_path / "a.css"
    assert versions.of(str(tmp_path), "a.css") is None
    file.write_bytes(b"a {}")
    first = versions.of(str(tmp_path), "a.css")
    assert first == version_of(b"a {}") == versions.of(str(tmp_path), "a.css")
    file.write_bytes(b"a { color: red }")
    assert versions.of(str(tmp_path), "a.css") == version_of(b"a { color: red }") != first
    assert versions.of(str(tmp_path), "../a.css") is None
    assert versions.of(None, "a.css") is None


def test_addresses_in_style_sheets_name_the_contents_too() -> None:
    """A style sheet's own references cannot be written by the core: they carry the version themselves."""
    found = 0
    for sheet in sorted((CORE / "core").glob("*.css")):
        for target in re.findall(r'url\("(?!data:|#)([^"]+)"\)', sheet.read_text("utf-8")):
            name, _, version = target.partition("?v=")
            assert version == version_of((sheet.parent / name).read_bytes()), f"{sheet.name}: {target}"
            found += 1
    assert found
