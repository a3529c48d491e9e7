"""Every route names its permission, hides what is off, and answers nobody from another tenant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from werkzeug.routing import Rule

from samplan.access.policy import BY_TOKEN, OPERATOR, PUBLIC, SIGNED_IN
from samplan.testing.site import Site

PLUGINS = ("rostering", "agency", "blood", "fragile_areas")

# Public on purpose; each with its reason.
PUBLIC_ENDPOINTS = {
    "static": "style sheets, scripts and fonts, the same for everybody",
    "core.login": "signing in",
    "core.sign_in": "signing in",
    "core.set_language": "a visitor may choose the language too",
    "core.accessibility": "the statement must be readable by all",
    "core.livez": "asked by the platform",
    "core.readyz": "asked by the platform; says ok or failed, no more",
}

# Opened by a secret in the address, because a program cannot sign in; each with its reason.
TOKEN_ENDPOINTS = {"rostering.calendar_feed": "an employee's calendar asks for it"}

# Routes where whoever is signed in may come in: they show or change only what is one's own, or decide for
# each row (a run is seen by who asked for it).
SIGNED_IN_ENDPOINTS = {
    "core.start",
    "core.choose_tenant",
    "core.logout",
    "core.account",
    "core.api_docs",
    "core.openapi",
}


def rules(site: Site, prefix: str = "/") -> list[Rule]:
    """Return the routes below a prefix; plugins' style sheets are as public as the core's."""
    found = site.app.url_map.iter_rules()
    return [rule for rule in found if rule.rule.startswith(prefix) and not rule.endpoint.endswith(".static")]


def mark(site: Site, rule: Rule) -> str | None:
    return getattr(site.app.view_functions[rule.endpoint], "__samplan_permission__", None)


def address(rule: Rule, tenant: str) -> str:
    """Return a URL of the rule with invented values for its variables."""

    def value(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        if name == "tenant":
            return tenant
        return {"uuid": str(uuid4()), "int": "1"}.get(kind, "x")

    return re.sub(r"<([^>]+)>", value, rule.rule)


def calls(rule: Rule, tenant: str) -> Iterator[tuple[str, str]]:
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        yield method, address(rule, tenant)


def test_every_route_names_a_permission_that_is_declared(site: Site) -> None:
    declared = site.core.modules.permissions()
    for rule in rules(site):
        named = mark(site, rule)
        if named is None or named == PUBLIC:
            assert rule.endpoint in PUBLIC_ENDPOINTS, f"{rule.endpoint} is open to everybody"
        elif named == BY_TOKEN:
            assert rule.endpoint in TOKEN_ENDPOINTS, f"{rule.endpoint} is open to who has a secret"
            assert "token" in rule.arguments
        elif named not in (SIGNED_IN, OPERATOR):
            assert named in declared, f"{rule.endpoint} names the unknown permission {named}"


def test_what_only_asks_for_a_login_is_listed(site: Site) -> None:
    open_to_members = {rule.endpoint for rule in rules(site, "/t/") if mark(site, rule) == SIGNED_IN}
    own = {
        name for name in open_to_members if re.search(r"\.(job|account|api_key|cancel|retry|session)", name)
    }
    assert open_to_members - own <= SIGNED_IN_ENDPOINTS


@pytest.mark.parametrize("prefix", ["/t/", "/api/v1/t/"])
def test_nobody_comes_in_without_signing_in(site: Site, prefix: str) -> None:
    site.add_tenant("region-a", modules=PLUGINS)
    client = site.client()
    for rule in rules(site, prefix):
        for method, url in calls(rule, "region-a"):
            answer = client.open(url, method=method)
            if mark(site, rule) == BY_TOKEN:
                assert answer.status_code in (404, 429), f"{method} {url}"
                continue
            assert answer.status_code in ((401,) if prefix == "/api/v1/t/" else (302, 401)), f"{method} {url}"


@pytest.mark.parametrize("prefix", ["/t/", "/api/v1/t/"])
def test_a_tenant_without_modules_finds_none_of_their_routes(site: Site, prefix: str) -> None:
    site.add_tenant("region-a")
    client = site.person("region-a", "administrator").client
    walked = 0
    for rule in rules(site, prefix):
        if rule.endpoint.split(".")[0].removesuffix("_api") not in PLUGINS:
            continue
        for method, url in calls(rule, "region-a"):
            assert client.open(url, method=method).status_code == 404, f"{method} {url}"
            walked += 1
    assert walked >= (4 if prefix == "/t/" else 1)


@pytest.mark.parametrize("prefix", ["/t/", "/api/v1/t/"])
def test_another_tenants_member_finds_nothing(site: Site, prefix: str) -> None:
    site.add_tenant("region-a", modules=PLUGINS)
    site.add_tenant("region-b", modules=PLUGINS)
    stranger = site.person("region-b", "administrator", "scheduler").client
    for rule in rules(site, prefix):
        for method, url in calls(rule, "region-a"):
            answer = stranger.open(url, method=method)
            assert answer.status_code == 404, f"{method} {url}: {answer.status_code}"


@pytest.mark.parametrize("prefix", ["/t/", "/api/v1/t/"])
def test_a_member_without_roles_is_refused_where_a_permission_is_asked_for(site: Site, prefix: str) -> None:
    site.add_tenant("region-a", modules=PLUGINS)
    client = site.person("region-a").client
    walked = 0
    for rule in rules(site, prefix):
        if mark(site, rule) in (None, PUBLIC, SIGNED_IN, OPERATOR, BY_TOKEN):
            continue
        for method, url in calls(rule, "region-a"):
            answer = client.open(url, method=method)
            assert answer.status_code == 403, f"{method} {url}: {answer.status_code}"
            walked += 1
    assert walked > 5


def test_the_operators_pages_do_not_exist_for_others(site: Site) -> None:
    site.add_tenant("region-a")
    client = site.person("region-a", "administrator").client
    pages = [rule for rule in rules(site) if mark(site, rule) == OPERATOR]
    assert pages
    for rule in pages:
        for method, url in calls(rule, "region-a"):
            assert client.open(url, method=method).status_code == 404


def test_no_answer_to_invented_addresses_is_a_fault_of_ours(site: Site) -> None:
    site.add_tenant("region-a", modules=PLUGINS)
    client = site.person("region-a", "administrator", "scheduler").client
    for rule in rules(site):
        for method, url in calls(rule, "region-a"):
            if rule.endpoint == "core.logout":
                continue
            answer = client.open(url, method=method)
            allowed = (503,) if rule.endpoint == "core.readyz" else ()
            assert answer.status_code < 500 or answer.status_code in allowed, f"{method} {url}"


def test_every_answer_carries_the_security_headers(site: Site) -> None:
    site.add_tenant("region-a")
    client = site.person("region-a", "administrator").client
    for url in ("/login", "/t/region-a/", "/t/region-a/nothing", "/static/core/samplan.css", "/api/v1/x"):
        with client.get(url) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
