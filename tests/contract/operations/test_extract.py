"""The core collects what is kept about a person from every module."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from operations import PAGE, WIDGET, entries, seen, widgets, without
from samplan.access.models import Role
from samplan.identity.models import Account
from samplan.identity.service import add_member
from samplan.indicators.models import IndicatorFact, IndicatorValueRow
from samplan.jobs.service import request_run
from samplan.privacy.declarations import ERASE, EXPORT
from samplan.tenancy.models import GroupMember, ManagementGroup
from samplan.testing.site import Person, Site


def test_an_extract_holds_the_parts_of_core_and_module(site: Site, administrator: Person) -> None:
    other = site.person("region-a", "scheduler", name="=Sven Schema")
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        assert session.query(Role).count() > 1
    fields = {"member": str(other.membership_id), **WIDGET}
    page = administrator.client.post(PAGE, data=fields)
    assert page.status_code == 200
    assert "Medlemskap och roller: =Sven Schema" in page.text, "who it is can be seen before anything is done"
    assert re.search(r'href="/t/region-a/personal-data"[^>]*aria-current="page"', page.text)
    answer = administrator.client.post(f"{PAGE}/export", data=fields)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Sven" not in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = set(archive.namelist())
        read = {name: archive.read(name).decode() for name in names}
    expected = {"core/membership", "core/audit_entry", "core/account", "core/login_session", "dummy/widget"}
    assert {f"{name}.{kind}" for name in expected for kind in ("json", "csv")} | {"index.json"} == names
    (membership,) = json.loads(read["core/membership.json"])
    assert membership["display_name"] == "=Sven Schema"
    assert membership["roles"] == ["scheduler"]
    assert "'=Sven Schema" in read["core/membership.csv"], "no spreadsheet takes a name for a formula"
    assert json.loads(read["dummy/widget.json"]) == [{"name": "first of region-a"}]
    assert {entry["object_id"] for entry in json.loads(read["core/audit_entry.json"])} == {
        str(other.membership_id)
    }
    index = json.loads(read["index.json"])
    assert index["subject"] == {
        "membership_id": str(other.membership_id),
        "account_id": str(other.account_id),
        "reference": "first of region-a",
    }
    assert index["tenant"]["slug"] == "region-a"
    assert "token_hash" not in "".join(read.values())


def do_as(site: Site, account_id: UUID) -> None:
    """Ask for a run, enter a value and publish it, in the first region and by this account."""
    tenant = site.core.tenants.fresh("region-a")
    period: dict[str, Any] = {"period_start": date(2027, 1, 1), "period_end": date(2027, 1, 31)}
    with site.core.database.unit_of_work(tenant.id) as session:
        request_run(site.core, session, tenant, "dummy.count", {"up_to": 4}, requested_by=account_id)
        value: dict[str, Any] = {"indicator": "dummy.widgets", "version": 1, "value": 4, "method_version": 1}
        session.add(IndicatorValueRow(**period, **value, origin="manual", recorded_by=account_id))
        group = session.scalars(select(GroupMember.group_id)).one()
        freed = {"min_n": 5, "suppressed": False, "published_by": account_id}
        session.add(IndicatorFact(group_id=group, **period, **value, **freed))


def test_an_extract_holds_what_the_person_did_and_nobody_elses(site: Site, administrator: Person) -> None:
    steering = site.add_tenant("ledning", kind="group")
    with site.core.database.system_session() as system:
        group = ManagementGroup(slug="g", name="G", tenant_id=steering.id)
        system.add(group)
        system.flush()
        system.add(GroupMember(group_id=group.id, tenant_id=site.tenants["region-a"].id))
    doer, other = site.person("region-a", "scheduler"), site.person("region-a", "viewer")
    do_as(site, doer.account_id)
    for person, count in ((doer, 1), (other, 0)):
        answer = administrator.client.post(f"{PAGE}/export", data={"member": str(person.membership_id)})
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            parts = ("job_run", "indicator_value", "indicator_fact")
            names = [f"core/{part}.json" for part in parts if f"core/{part}.json" in archive.namelist()]
            read = [json.loads(archive.read(name)) for name in names]
        assert [len(rows) for rows in read] == [1] * 3 * count
    page = administrator.client.post(PAGE, data={"member": str(doer.membership_id)}).text
    for label in ("Körningar som personen har begärt", "Indikatorvärden som personen har matat in"):
        assert label in page


def test_that_an_extract_is_taken_out_is_recorded_without_whose(site: Site, administrator: Person) -> None:
    administrator.client.post(PAGE, data=WIDGET)
    assert entries(site, "personal_data.exported") == []
    administrator.client.post(f"{PAGE}/export", data=WIDGET)
    (entry,) = entries(site, "personal_data.exported")
    assert (entry.actor_id, entry.object_id) == (administrator.account_id, None)
    assert entry.after == {"rows": 1, "reference": "set"}


def test_an_account_that_another_region_uses_is_not_told_of(site: Site, administrator: Person) -> None:
    """What somebody does elsewhere is not this region's to tell."""
    other = site.person("region-a", "viewer")
    with site.core.database.unit_of_work(site.tenants["region-b"].id) as session:
        add_member(session, other.account_id, "Annat Namn", "annat@example.test", ["viewer"])
    fields = {"member": str(other.membership_id)}
    answer = administrator.client.post(f"{PAGE}/export", data=fields)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert not any("account" in name or "session" in name for name in archive.namelist())
    page = administrator.client.post(PAGE, data=fields).text
    administrator.client.post(f"{PAGE}/erase", data={**fields, "seen": seen(page)})
    with site.core.database.system_session(other.account_id) as system:
        assert system.get_one(Account, other.account_id).active
    assert other.client.get("/t/region-b/").status_code == 200
    assert other.client.get("/t/region-a/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({}, 422, "Välj en medlem, eller fyll i ett anställnings-id."),
        ({"reference": "  "}, 422, "Välj en medlem"),
        ({"reference": "x" * 101}, 422, "högst 100 tecken"),
        ({"reference": "a\x00b"}, 422, "högst 100 tecken"),
        ({"member": "nobody"}, 422, "inte id för någon medlem"),
        ({"member": str(uuid4())}, 404, "Det finns ingen sådan medlem"),
        ({"member": str(uuid4()), **WIDGET}, 404, "Det finns ingen sådan medlem"),
    ],
)
def test_a_bad_reference_gets_a_clear_message(
    administrator: Person, fields: dict[str, str], status: int, words: str
) -> None:
    for address in (PAGE, f"{PAGE}/export", f"{PAGE}/erase"):
        answer = administrator.client.post(address, data=fields)
        assert (answer.status_code, words in answer.text) == (status, True), answer.text


def test_where_nothing_is_kept_it_is_said_and_nothing_is_recorded(site: Site, administrator: Person) -> None:
    fields = {"reference": "ingen"}
    page = administrator.client.post(PAGE, data=fields)
    assert page.status_code == 200
    assert "Ingenting finns sparat" in page.text
    assert "personal-data/export" not in page.text
    assert administrator.client.post(f"{PAGE}/export", data=fields).status_code == 404
    assert administrator.client.post(f"{PAGE}/erase", data={**fields, "seen": "0"}).status_code == 404
    assert entries(site, "personal_data.exported") == entries(site, "personal_data.erased") == []


def test_another_tenant_finds_nothing(site: Site, administrator: Person) -> None:
    stranger = site.person("region-b", "administrator")
    for address in (PAGE, f"{PAGE}/export", f"{PAGE}/erase"):
        assert stranger.client.post(address, data=WIDGET).status_code == 404
    own = "/t/region-b/personal-data"
    assert stranger.client.post(own, data={"member": str(administrator.membership_id)}).status_code == 404
    assert "Ingenting finns sparat" in stranger.client.post(own, data=WIDGET).text
    assert widgets(site) == ["first of region-a"]


def test_each_act_needs_its_permission(site: Site, administrator: Person) -> None:
    nobody = site.person("region-a", "scheduler").client
    assert nobody.get(PAGE).status_code == 403
    for address in (PAGE, f"{PAGE}/export", f"{PAGE}/erase"):
        assert nobody.post(address, data=WIDGET).status_code == 403
    assert {EXPORT, ERASE} <= {
        name for name, permission in site.core.modules.permissions().items() if permission.sensitive
    }
    without(site, ERASE)
    page = administrator.client.post(PAGE, data=WIDGET)
    assert "personal-data/erase" not in page.text
    assert administrator.client.post(f"{PAGE}/erase", data={**WIDGET, "seen": "0"}).status_code == 403
    assert administrator.client.post(f"{PAGE}/export", data=WIDGET).status_code == 200


def test_who_may_not_see_what_is_kept_is_not_shown_it_by_a_refused_erasure(
    site: Site, administrator: Person
) -> None:
    without(site, EXPORT)
    answer = administrator.client.post(f"{PAGE}/erase", data={**WIDGET, "seen": "0"})
    assert answer.status_code == 403
    assert 'name="seen"' not in answer.text
    assert widgets(site) == ["first of region-a"]
