"""The core calls the hooks for operations: health for the operator, extract and erasure for a person."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import dummy
import pytest
from click.testing import CliRunner, Result
from dummy import DummyPlugin, OwnWidgets, Widget
from sqlalchemy import select, text

from samplan.access.models import Role, RoleGrant, RolePermission
from samplan.audit.models import AuditEntry
from samplan.audit.service import verify
from samplan.cli import main
from samplan.db.session import TenantSession
from samplan.identity.models import Account, ApiKey, LoginSession, Membership
from samplan.identity.service import add_member, create_account
from samplan.indicators.models import IndicatorFact, IndicatorValueRow
from samplan.jobs.service import request_run
from samplan.modules.health import module_health
from samplan.modules.hookspecs import hookimpl
from samplan.modules.manager import Modules
from samplan.plugin_api import Check
from samplan.privacy.declarations import ERASE, EXPORT
from samplan.tenancy.models import GroupMember, ManagementGroup
from samplan.testing.factories import add_tenant, make_core
from samplan.testing.server import RolledBackDatabase, ScratchDatabase
from samplan.testing.site import Person, Site

PAGE = "/t/region-a/personal-data"
WIDGET = {"reference": "first of region-a"}


@pytest.fixture
def administrator(site: Site) -> Person:
    """Two regions with the dummy on; somebody who administers the first."""
    for slug in ("region-a", "region-b"):
        site.add_tenant(slug, modules=("dummy",))
    return site.person("region-a", "administrator", name="Ada Admin")


@pytest.fixture
def run(scratch_database: ScratchDatabase, dummy_modules: Modules, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the command line of the site's deployment."""
    monkeypatch.setenv("DATABASE_URL", scratch_database.url())
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    monkeypatch.setenv("SAMPLAN_SECRET_KEY", "k" * 32)
    monkeypatch.setattr("samplan.modules.manager.installed_plugins", lambda: [dummy.plugin])

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return run


def widgets(site: Site, slug: str = "region-a") -> list[str]:
    with site.core.database.unit_of_work(site.tenants[slug].id) as session:
        return OwnWidgets(session).names()


def entries(site: Site, action: str) -> list[AuditEntry]:
    """Return the entries of an action, and check that the chain is whole on the way."""
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        assert verify(session) == []
        return [entry for entry in session.query(AuditEntry) if entry.action == action]


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


def without(site: Site, permission: str) -> None:
    """Take a permission from the administrators of the first region."""
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        for row in session.query(RolePermission).filter_by(permission=permission):
            session.delete(row)


# --- health ---


def operator(site: Site) -> Any:
    with site.core.database.system_session() as system:
        account = create_account(system, "drift@example.test", None, operator=True)
    return site.client(account.id)


def test_the_operator_sees_each_modules_checks_in_each_tenant(site: Site, administrator: Person) -> None:
    with site.core.database.unit_of_work(site.tenants["region-b"].id) as session:
        session.query(Widget).delete()
    page = operator(site).get("/operator/").text
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    a, b = (
        next(row for row in rows if name in row and "dummy.widgets" in row)
        for name in ("Region A", "Region B")
    )
    assert 'data-color="success"' in a
    assert 'data-color="danger"' in b
    assert sum("Körningar startas" in row for row in rows) == 2
    assert administrator.client.get("/operator/").status_code == 404


def test_a_module_that_is_off_is_not_asked(site: Site) -> None:
    site.add_tenant("region-a")
    assert {found.module for found in module_health(site.core)} == {"core"}


def test_runs_that_nobody_starts_are_told(site: Site, administrator: Person) -> None:
    tenant = site.core.tenants.fresh("region-a")
    with site.core.database.unit_of_work(tenant.id) as session:
        request_run(site.core, session, tenant, "dummy.count", {"up_to": 4}, requested_by=None)
    assert all(found.check.ok for found in module_health(site.core))
    with site.core.database.unit_of_work(tenant.id) as session:
        session.execute(text("UPDATE core.job_run SET queued_at = now() - interval '16 minutes'"))
    (waiting,) = [found for found in module_health(site.core) if not found.check.ok]
    assert (waiting.module, waiting.tenant.slug) == ("core", "region-a")
    assert "1 run has waited" in str(waiting.check.detail)


class Failing(DummyPlugin):
    """Its health check breaks, and would write if it could."""

    @hookimpl
    def samplan_health(self, session: TenantSession) -> Iterable[Check]:
        session.add(Widget(name="left behind"))
        session.flush()
        raise RuntimeError("broken")


def test_a_check_that_breaks_hides_no_other_and_leaves_nothing(db: RolledBackDatabase) -> None:
    site = make_core(db, Modules.load([Failing()]))
    tenant = add_tenant(db, "region-a", modules=["dummy"])
    found = {item.module: item.check for item in module_health(site)}
    assert found["core"].ok
    assert not found["dummy"].ok
    assert "RuntimeError" in str(found["dummy"].detail)
    with db.unit_of_work(tenant.id) as session:
        assert OwnWidgets(session).names() == []


def test_health_on_the_command_line(site: Site, administrator: Person, run: Any) -> None:
    result = run("health", "--json")
    checks = {(row["tenant"], row["check"]): row["ok"] for row in json.loads(result.stdout)["checks"]}
    assert checks[("region-a", "dummy.widgets")]
    assert checks[(None, "database")]
    assert not checks[(None, "redis")]
    assert result.exit_code == 1, "Redis does not answer"
    lines = run("health", "--tenant", "region-b").output
    assert "well     region-b dummy: dummy.widgets" in lines
    assert "region-a" not in lines
    unknown = run("health", "--tenant", "nowhere")
    assert (unknown.exit_code, unknown.stderr) == (1, "Error: there is no tenant nowhere\n")


# --- extract ---


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


# --- erasure ---


def test_erasing_shows_first_and_then_erases_just_that(site: Site, administrator: Person) -> None:
    page = administrator.client.post(PAGE, data=WIDGET).text
    assert widgets(site) == ["first of region-a"], "the dry run erases nothing"
    for wrong in ("", "0" * 16):
        answer = administrator.client.post(f"{PAGE}/erase", data={**WIDGET, "seen": wrong})
        assert answer.status_code == 409
    assert widgets(site) == ["first of region-a"]
    assert entries(site, "personal_data.erased") == []
    done = administrator.client.post(f"{PAGE}/erase", data={**WIDGET, "seen": seen(page)})
    assert done.status_code == 302
    assert widgets(site) == []
    assert widgets(site, "region-b") == ["first of region-b"]
    (entry,) = entries(site, "personal_data.erased")
    assert entry.after == {"rows": 1, "reference": "set"}
    again = administrator.client.post(f"{PAGE}/erase", data={**WIDGET, "seen": seen(page)})
    assert again.status_code == 404


def test_what_has_changed_since_it_was_shown_is_not_erased(site: Site, administrator: Person) -> None:
    page = administrator.client.post(PAGE, data=WIDGET).text
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        session.add(Widget(name="first of region-a"))
    answer = administrator.client.post(f"{PAGE}/erase", data={**WIDGET, "seen": seen(page)})
    assert answer.status_code == 409
    assert "har ändrats" in answer.text
    assert len(widgets(site)) == 2
    assert seen(answer.text) != seen(page), "what is there now is shown, to be confirmed anew"


def test_a_module_that_is_off_keeps_what_it_has_and_is_named(site: Site, administrator: Person) -> None:
    administrator.client.post("/t/region-a/modules/dummy/disable")
    page = administrator.client.post(PAGE, data=WIDGET).text
    assert "Ingenting finns sparat" in page
    assert re.search(r"Moduler som är av tillfrågas inte.*Dummy", page)
    assert widgets(site) == ["first of region-a"]


def test_an_erased_member_has_no_name_no_keys_and_no_way_in(site: Site, administrator: Person) -> None:
    other = site.person("region-a", "scheduler", name="Sven Schema")
    tomorrow = site.core.clock.now().date() + timedelta(days=1)
    made = other.client.post(
        "/t/region-a/api-keys",
        data={"name": "Nyckel", "scopes": ["core:api_key:own"], "expires_on": str(tomorrow)},
    )
    assert made.status_code == 200
    fields = {"member": str(other.membership_id)}
    page = administrator.client.post(PAGE, data=fields).text
    assert "Sven Schema" in administrator.client.get("/t/region-a/members").text
    answer = administrator.client.post(f"{PAGE}/erase", data={**fields, "seen": seen(page)})
    assert answer.status_code == 302
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        member = session.get_one(Membership, (session.tenant_id, other.membership_id))
        assert (member.display_name, member.active) == ("Raderad person", False)
        assert member.email.endswith("@erased.invalid")
        assert session.query(ApiKey).count() == 0
        assert session.query(RoleGrant).filter_by(membership_id=member.id).count() == 0
    with site.core.database.system_session(other.account_id) as system:
        account = system.get_one(Account, other.account_id)
        assert (account.active, account.password_hash) == (False, None)
        assert account.email.endswith("@erased.invalid")
        assert system.query(LoginSession).filter_by(account_id=other.account_id).count() == 0
    assert other.client.get("/t/region-a/").status_code in (302, 404)
    trail = administrator.client.get("/t/region-a/audit").text
    assert "Sven Schema" not in trail
    assert [entry.object_id for entry in entries(site, "personal_data.erased")] == [str(other.membership_id)]
    again = administrator.client.post(PAGE, data=fields).text
    assert 'name="seen"' not in again
    assert "Sven Schema" not in again


def test_nobody_erases_themselves_or_the_last_who_manages_members(site: Site, administrator: Person) -> None:
    own = {"member": str(administrator.membership_id)}
    page = administrator.client.post(PAGE, data=own)
    assert page.status_code == 200
    assert "Du kan inte radera dina egna uppgifter" in page.text
    assert administrator.client.post(f"{PAGE}/erase", data={**own, "seen": "0"}).status_code == 409
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        role = session.query(Role).filter_by(key="viewer").one()
        session.add_all(RolePermission(role_id=role.id, permission=p) for p in (EXPORT, ERASE))
    viewer = site.person("region-a", "viewer").client
    page = viewer.post(PAGE, data=own)
    assert "Någon måste finnas kvar" in page.text
    assert viewer.post(f"{PAGE}/erase", data={**own, "seen": "0"}).status_code == 409
    assert administrator.client.get("/t/region-a/").status_code == 200


# --- the command line ---


def test_extract_and_erasure_on_the_command_line(
    site: Site, administrator: Person, run: Any, tmp_path: Any
) -> None:
    whose = ("--tenant", "region-a", "--reference", "first of region-a")
    out = tmp_path / "person.zip"
    result = run("privacy", "export", *whose, "--out", str(out))
    assert (result.exit_code, result.output) == (0, f"1 rows written to {out}\n")
    assert out.stat().st_mode & 0o077 == 0
    assert "dummy/widget.json" in zipfile.ZipFile(out).namelist()
    assert "cannot be written" in run("privacy", "export", *whose, "--out", str(out)).output
    assert len(entries(site, "personal_data.exported")) == 1, "what was not written was not taken out"
    shown = json.loads(run("privacy", "erase", *whose, "--json").stdout)
    assert shown["rows"] == {"dummy.widget": 1}
    assert widgets(site) == ["first of region-a"]
    refused = run("privacy", "erase", *whose, "--confirm", "0" * 16)
    assert refused.exit_code == 1
    assert "has changed" in refused.stderr
    assert "--confirm " + shown["confirm"] in run("privacy", "erase", *whose).output
    done = run("privacy", "erase", *whose, "--confirm", shown["confirm"])
    assert (done.exit_code, done.output) == (0, "     1 dummy.widget\n1 rows erased\n")
    assert widgets(site) == []
    (entry,) = entries(site, "personal_data.erased")
    assert entry.actor_kind == "operator"
    assert run("audit", "verify").exit_code == 0


def test_the_command_line_refuses_in_words(
    site: Site, administrator: Person, run: Any, tmp_path: Any
) -> None:
    out = ("--out", str(tmp_path / "x.zip"))
    nobody = run("privacy", "export", "--tenant", "region-a", *out)
    assert (nobody.exit_code, "Choose a member" in nobody.stderr) == (2, True)
    nowhere = run("privacy", "export", "--tenant", "nowhere", "--reference", "x", *out)
    assert (nowhere.exit_code, nowhere.stderr) == (1, "Error: there is no tenant nowhere\n")
    empty = run("privacy", "export", "--tenant", "region-a", "--reference", "x", *out)
    assert (empty.exit_code, "nothing is kept" in empty.stderr) == (1, True)
    other = ("--tenant", "region-b", "--member", str(administrator.membership_id))
    assert "There is no such member" in run("privacy", "erase", *other).stderr
    assert run("privacy", "erase", "--tenant", "region-a", "--reference", "x").output == (
        "nothing is kept under this reference\n"
    )
    assert not (tmp_path / "x.zip").exists()
