"""Every address with the id of another tenant's row: nothing is found, shown, changed or told."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

from samplan.access.service import ensure_roles
from samplan.modules.lifecycle import enable_module
from samplan.modules.manager import Modules
from samplan.tenancy.models import Tenant
from samplan.testing.isolation import Rows, TwoTenants
from samplan.testing.site import Person, Site, build_site

PLUGINS = ("rostering", "agency", "blood", "fragile_areas")
OPENED = {200, 422, 500}  # what is there is found, even where an invented row makes no sense to its page


@pytest.fixture
def two_regions(two_tenants: TwoTenants, modules: Modules) -> Site:
    """Both tenants with every module on; each has a row in every table, which says the tenant's sign."""
    site = build_site(two_tenants.database, modules)
    with site.core.database.system_session() as system:
        site.tenants.update({tenant.slug: tenant for tenant in system.scalars(select(Tenant))})
    for slug in ("region-a", "region-b"):
        tenant = site.core.tenants.fresh(slug)
        with site.core.database.unit_of_work(tenant.id) as session:
            ensure_roles(session, modules.get("core").roles)
            for module in PLUGINS:
                enable_module(site.core, session, tenant, module)
    return site


def rules(site: Site) -> Iterator[Rule]:
    """Give the routes inside a tenant; plugins' style sheets are the same for everybody."""
    for rule in site.app.url_map.iter_rules():
        if re.match(r"/(api/v1/)?t/", rule.rule) and not rule.endpoint.endswith((".static", ".logout")):
            yield rule


def address(rule: Rule, slug: str, key: object) -> str:
    return re.sub(r"<([^>]+)>", lambda found: slug if found[1] == "tenant" else str(key), rule.rule)


def contents(two_tenants: TwoTenants, rows: Rows) -> dict[str, list[Any]]:
    """Return all that a tenant has."""
    with two_tenants.database.unit_of_work(rows.tenant_id) as session:
        return {
            table.fullname: sorted(map(repr, session.execute(select(table)))) for table in two_tenants.tables
        }


def said(data: bytes) -> str:
    """Return an answer as text, an archive or workbook unpacked."""
    if data[:2] != b"PK":
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def get(person: Person, url: str) -> tuple[int, str]:
    with person.client.get(url) as answer:
        return answer.status_code, said(answer.data)


def test_what_one_tenant_opens_by_id_the_other_does_not_find(
    two_regions: Site, two_tenants: TwoTenants
) -> None:
    owner = two_regions.person("region-a", "administrator", "scheduler")
    stranger = two_regions.person("region-b", "administrator", "scheduler")
    opened = []
    for rule in rules(two_regions):
        if "GET" not in (rule.methods or ()) or "<uuid:" not in rule.rule:
            continue
        if get(owner, address(rule, "region-a", two_tenants.a.id))[0] not in OPENED:
            continue
        opened.append(rule.endpoint)
        for slug in ("region-a", "region-b"):
            status, text = get(stranger, address(rule, slug, two_tenants.a.id))
            assert status == 404, f"{rule.rule} in {slug}: {status}"
            assert two_tenants.a.canary not in text
    assert {"core.job", "core.member", "core.organisation_unit", "rostering.period"} <= set(opened)
    assert any("_api." in endpoint for endpoint in opened)


def test_no_page_list_or_file_says_what_the_other_has(
    two_regions: Site, two_tenants: TwoTenants, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    owner = two_regions.person("region-a", "administrator", "scheduler", "controller")
    stranger = two_regions.person("region-b", "administrator", "scheduler", "controller")
    shown = 0
    for rule in rules(two_regions):
        if "GET" not in (rule.methods or ()) or "<uuid:" in rule.rule:
            continue
        shown += two_tenants.a.canary in get(owner, address(rule, "region-a", two_tenants.a.canary))[1]
        caplog.clear()
        assert two_tenants.a.canary not in get(stranger, address(rule, "region-b", "x"))[1], rule.rule
        assert two_tenants.a.canary not in caplog.text, rule.rule
    assert shown >= 3, "the owner's own pages show what the rows say"


def test_no_request_with_the_others_ids_changes_anything(two_regions: Site, two_tenants: TwoTenants) -> None:
    stranger = two_regions.person("region-b", "administrator", "scheduler")
    before = contents(two_tenants, two_tenants.a)
    walked = 0
    for rule in rules(two_regions):
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            if "<uuid:" not in rule.rule:
                continue
            url = address(rule, "region-b", two_tenants.a.id)
            with stranger.client.open(url, method=method, headers={"If-Match": '"1"'}) as answer:
                assert answer.status_code in (400, 404, 422), f"{method} {url}: {answer.status_code}"
                assert two_tenants.a.canary not in said(answer.data)
            walked += 1
    assert walked > 100
    assert contents(two_tenants, two_tenants.a) == before
