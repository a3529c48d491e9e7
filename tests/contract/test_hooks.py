"""Every hook does what it says: the dummy plugin implements each, and each has its test here."""

from __future__ import annotations

import random
from datetime import date

import click
import pytest
from dummy import DummySettings, Widget, Widgets, plugin
from sqlalchemy import select

from samplan.audit.service import record
from samplan.db.session import TenantSession
from samplan.errors import Invalid
from samplan.jobs.models import JobRun
from samplan.jobs.service import request_run
from samplan.modules.contributions import DemoSeed, Period, RetentionPolicy, SubjectRef, load
from samplan.modules.hookspecs import REQUIRED, SamplanHooks
from samplan.modules.lifecycle import enable_module
from samplan.modules.manager import Modules
from samplan.notices.models import Event
from samplan.notices.service import notify
from samplan.testing.plugin_contract import check
from samplan.testing.site import Site

HOOKS = [name for name in vars(SamplanHooks) if name.startswith("samplan_")]


def widgets(session: TenantSession) -> list[str]:
    return list(session.scalars(select(Widget.name).order_by(Widget.name)))


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_implemented_by_the_dummy_and_tested(hook: str) -> None:
    assert hasattr(plugin, hook)
    assert f"test_{hook}" in globals()


def test_there_are_twenty_two_hooks_and_three_are_required() -> None:
    assert len(HOOKS) == 22
    assert set(REQUIRED) <= set(HOOKS)


def test_the_dummy_keeps_the_contract() -> None:
    assert check(plugin).name == "dummy"


def test_samplan_models(dummy_modules: Modules) -> None:
    assert dummy_modules.get("dummy").models.classes == (Widget,)


def test_samplan_migrations(site: Site) -> None:
    site.add_tenant("region-a")
    with site.core.database.unit_of_work(site.tenants["region-a"].id) as session:
        assert widgets(session) == []


def test_samplan_reference_data(site: Site) -> None:
    tenant = site.add_tenant("region-a")
    for _ in range(2):
        with site.core.database.unit_of_work(tenant.id) as session:
            enable_module(site.core, session, tenant, "dummy")
    with site.core.database.unit_of_work(tenant.id) as session:
        assert widgets(session) == ["first of region-a"]


def test_samplan_blueprints(site: Site) -> None:
    site.add_tenant("region-a", modules=("dummy",))
    person = site.person("region-a", "administrator")
    assert person.client.get("/t/region-a/dummy/").text == "first of region-a"


def test_samplan_api_blueprints(site: Site) -> None:
    site.add_tenant("region-a", modules=("dummy",))
    person = site.person("region-a", "administrator")
    answer = person.client.get("/api/v1/t/region-a/dummy/widgets")
    assert answer.get_json() == {"names": ["first of region-a"]}
    assert (
        "/api/v1/t/{tenant}/dummy/widgets"
        in (person.client.get("/api/v1/t/region-a/openapi.json").get_json()["paths"])
    )


def test_samplan_nav(site: Site) -> None:
    site.add_tenant("region-a", modules=("dummy",))
    site.add_tenant("region-b")
    link = 'href="/t/{}/dummy/"'
    assert link.format("region-a") in site.person("region-a", "administrator").client.get("/t/region-a/").text
    assert link.format("region-b") not in (
        site.person("region-b", "administrator").client.get("/t/region-b/").text
    )


def test_samplan_dashboard_cards(site: Site) -> None:
    site.add_tenant("region-a", modules=("dummy",))
    with_card = site.person("region-a", "administrator").client.get("/t/region-a/").text
    without = site.person("region-a", "employee").client.get("/t/region-a/").text
    assert "/t/region-a/dummy/card" in with_card
    assert "/t/region-a/dummy/card" not in without


def test_samplan_template_globals(site: Site) -> None:
    assert site.app.jinja_env.globals["dummy_shout"]("hej") == "HEJ"


def test_samplan_permissions(dummy_modules: Modules) -> None:
    declared = dummy_modules.permissions()
    assert declared["dummy:widget:write"].sensitive
    assert not declared["dummy:widget:read"].sensitive


def test_samplan_role_templates(site: Site) -> None:
    role = site.core.modules.role_templates()["administrator"]
    assert "dummy:widget:write" in role.permissions
    assert any(name.startswith("core:") for name in role.permissions)


def test_samplan_audit_words(site: Site) -> None:
    tenant = site.add_tenant("region-a", modules=("dummy",))
    other = site.add_tenant("region-b")
    for context in (tenant, other):
        with site.core.database.unit_of_work(context.id) as session:
            record(session, "widget.made", "dummy.widget", "w1", after={"colour": "blue"})
    page = site.person("region-a", "administrator").client.get("/t/region-a/audit").text
    for text in (">Widget made<", "Widget <a", 'href="/t/region-a/dummy/"', ">Colour<", "widget.made"):
        assert text in page
    off = site.person("region-b", "administrator").client.get("/t/region-b/audit").text
    assert ">Widget made<" in off
    assert 'href="/t/region-b/dummy/"' not in off


def test_samplan_jobs(site: Site) -> None:
    tenant = site.add_tenant("region-a", modules=("dummy",))
    with site.core.database.unit_of_work(tenant.id) as session:
        run = request_run(site.core, session, tenant, "dummy.count", {"up_to": 4}, requested_by=None)
    assert site.dispatcher().work(site.core) == 1
    with site.core.database.unit_of_work(tenant.id) as session:
        done = session.get_one(JobRun, (tenant.id, run.id))
        assert (done.status, done.result) == ("succeeded", {"counted": 4})
        assert "counted 4" in widgets(session)
    with pytest.raises(Invalid), site.core.database.unit_of_work(tenant.id) as session:
        request_run(site.core, session, tenant, "dummy.count", {"to": 4}, requested_by=None)


def test_samplan_schedules(dummy_modules: Modules) -> None:
    (schedule,) = dummy_modules.get("dummy").schedules
    assert (schedule.job, schedule.cron) == ("dummy.count", "15 3 * * *")


def test_samplan_events(site: Site) -> None:
    tenant = site.add_tenant("region-a", modules=("dummy",))
    spec = site.core.modules.events()["dummy.widget.painted"]
    assert spec.mail is not None
    assert load(spec.mail)({"colour": "red"}).subject == "A widget is red"
    with site.core.database.unit_of_work(tenant.id) as session:
        notify(session, spec, {"colour": "red"}, now=site.core.clock.now())
        assert [row.payload for row in session.query(Event)] == [{"colour": "red"}]
        with pytest.raises(ValueError, match="colour"):
            notify(session, spec, {}, now=site.core.clock.now())


def test_samplan_indicators(site: Site) -> None:
    tenant = site.add_tenant("region-a", modules=("dummy",))
    spec = site.core.modules.indicators()["dummy.widgets"]
    assert spec.compute is not None
    with site.core.database.unit_of_work(tenant.id) as session:
        value = load(spec.compute)(session, Period(date(2027, 1, 1), date(2027, 1, 31)))
    assert value.value == 1.0


def test_samplan_offers(site: Site) -> None:
    tenant = site.add_tenant("region-a", modules=("dummy",))
    without = site.add_tenant("region-b")
    offer = site.core.modules.offer(Widgets, tenant.enabled_modules)
    assert offer is not None
    with site.core.database.unit_of_work(tenant.id) as session:
        assert offer.factory(session).names() == ["first of region-a"]
    assert site.core.modules.offer(Widgets, without.enabled_modules) is None


def test_samplan_cli(dummy_modules: Modules) -> None:
    group = dummy_modules.cli("dummy")
    assert isinstance(group, click.Group)
    assert group.name == "dummy"


def test_samplan_settings(dummy_modules: Modules) -> None:
    assert dummy_modules.get("dummy").settings is DummySettings
    assert DummySettings.load_strict({"count": 5}) == {"greeting": "Hej", "count": 5}
    with pytest.raises(Invalid):
        DummySettings.load_strict({"unknown": 1})


def test_samplan_demo(site: Site) -> None:
    found = []
    for slug in ("region-a", "region-b"):
        tenant = site.add_tenant(slug)
        with site.core.database.unit_of_work(tenant.id) as session:
            seed = DemoSeed(session, tenant, random.Random(7), date(2027, 1, 4))  # noqa: S311 - a demo
            site.core.modules.call("dummy", "samplan_demo", seed=seed)
            session.flush()
            found.append(widgets(session))
    assert found[0] == found[1] != []


def test_samplan_data_export(site: Site) -> None:
    tenant = site.add_tenant("region-a", modules=("dummy",))
    with site.core.database.unit_of_work(tenant.id) as session:
        (part,) = site.core.modules.call(
            "dummy", "samplan_data_export", session=session, subject=SubjectRef(reference="first of region-a")
        )
    assert part.rows == ({"name": "first of region-a"},)


def test_samplan_data_erase(site: Site) -> None:
    tenant = site.add_tenant("region-a", modules=("dummy",))
    subject = SubjectRef(reference="first of region-a")
    for policy, left in ((RetentionPolicy(subject), 1), (RetentionPolicy(subject, dry_run=False), 0)):
        with site.core.database.unit_of_work(tenant.id) as session:
            report = site.core.modules.call("dummy", "samplan_data_erase", session=session, policy=policy)
            assert report.rows == {"dummy.widget": 1}
            session.flush()
            assert len(widgets(session)) == left


def test_samplan_health(site: Site) -> None:
    tenant = site.add_tenant("region-a", modules=("dummy",))
    with site.core.database.unit_of_work(tenant.id) as session:
        (line,) = site.core.modules.call("dummy", "samplan_health", session=session)
    assert line.ok
