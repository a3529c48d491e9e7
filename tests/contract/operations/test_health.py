"""The core calls each module's health check for the operator."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from dummy import DummyPlugin, OwnWidgets, Widget
from sqlalchemy import text

from samplan.db.session import TenantSession
from samplan.identity.service import create_account
from samplan.jobs.service import request_run
from samplan.modules.health import module_health
from samplan.modules.hookspecs import hookimpl
from samplan.modules.manager import Modules
from samplan.plugin_api import Check
from samplan.testing.factories import add_tenant, make_core
from samplan.testing.server import RolledBackDatabase
from samplan.testing.site import Person, Site


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
