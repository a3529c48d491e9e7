"""Bringing tenants to what their files say: once, shown first, audited, and never against the tenant."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from marshmallow import fields
from sqlalchemy import func, select, update

from samplan.access.models import Role
from samplan.audit.models import AuditEntry
from samplan.audit.service import verify
from samplan.core import Core
from samplan.errors import Conflict
from samplan.modules.lifecycle import disable_module, settings_of
from samplan.modules.manager import Modules
from samplan.modules.module_settings import ModuleSettings
from samplan.organisation import service as organisation
from samplan.organisation.models import OrgUnit, Population, Profession, Sector, Site
from samplan.tenancy.config import ModuleConfig, TenantConfig, load_configs
from samplan.tenancy.models import GroupMember, Tenant, TenantModule
from samplan.tenancy.service import apply_config, plan
from samplan.testing.factories import make_core
from samplan.testing.server import RolledBackDatabase

TENANTS = Path(__file__).parents[3] / "tenants"


@pytest.fixture
def core(db: RolledBackDatabase, modules: Modules) -> Core:
    return make_core(db, modules)


@pytest.fixture
def configs(modules: Modules) -> list[TenantConfig]:
    return load_configs(TENANTS, {module.name: module.settings for module in modules})


def test_applying_creates_all_and_a_second_time_nothing(core: Core, configs: list[TenantConfig]) -> None:
    planned = plan(core, configs)
    with core.database.system_session() as system:
        assert system.scalar(select(func.count()).select_from(Tenant)) == 0
    assert apply_config(core, configs) == planned
    assert plan(core, configs) == []
    assert apply_config(core, configs) == []
    contexts = {context.slug: context for context in core.tenants.all()}
    assert len(contexts) == 8
    group = contexts["ledningsgruppen"].group_id
    assert group is not None
    for config in configs:
        context = contexts[config.slug]
        enabled = {name for name, module in config.modules.items() if module.enabled}
        assert context.enabled_modules == {"core", *enabled}
        assert context.member_of == (group if config.kind == "region" else None)


def test_each_tenant_has_its_own_rows_and_its_own_whole_trail(
    core: Core, configs: list[TenantConfig]
) -> None:
    changes = apply_config(core, configs)
    for config in configs:
        context = core.tenants.by_slug(config.slug)
        with core.database.unit_of_work(context.id) as session:
            assert set(session.scalars(select(Site.code))) == {site.code for site in config.sites}
            assert set(session.scalars(select(OrgUnit.code))) == {unit.code for unit in config.units}
            assert len(session.scalars(select(Population)).all()) == len(config.population)
            assert session.scalar(select(func.count()).select_from(Profession)) == 9
            assert session.scalar(select(func.count()).select_from(Sector)) == 3
            assert "administrator" in set(session.scalars(select(Role.key)))
            entries = session.scalars(select(AuditEntry)).all()
            assert {entry.actor_kind for entry in entries} == {"system"}
            told = [e for e in entries if not e.action.startswith(("role.", "module."))]
            own = [c for c in changes if c.tenant == config.slug and c.object_type != "module"]
            assert len(told) == len(own)
            assert verify(session) == []


def test_a_changed_file_changes_just_that(core: Core, configs: list[TenantConfig]) -> None:
    apply_config(core, configs)
    dalarna = next(config for config in configs if config.slug == "region-dalarna")
    (site, *others) = dalarna.sites
    moved = replace(
        dalarna,
        name="Region Dalarna (ny)",
        sites=(replace(site, latitude=60.5), *others),
        population=(replace(dalarna.population[0], inhabitants=290_000),),
    )
    lines = [str(change) for change in plan(core, [moved])]
    assert lines == [
        "~ region-dalarna: tenant region-dalarna (name: Region Dalarna → Region Dalarna (ny))",
        f"~ region-dalarna: site {site.code} (latitude: {site.latitude} → 60.5)",
        "~ region-dalarna: population 2024 (inhabitants: 286000 → 290000)",
    ]
    assert len(apply_config(core, [moved])) == 3
    assert core.tenants.by_slug("region-dalarna").name == "Region Dalarna (ny)"
    assert plan(core, [moved]) == []


def test_what_the_tenant_has_decided_stands(core: Core, configs: list[TenantConfig]) -> None:
    apply_config(core, configs)
    context = core.tenants.by_slug("region-dalarna")
    with core.database.unit_of_work(context.id) as session:
        disable_module(core, session, "rostering", by=uuid4())
        site = session.scalars(select(Site).where(Site.code == "falu-lasarett")).one()
        organisation.change_site(
            session, site, organisation.SiteFields("Falu lasarett", latitude=1, longitude=2)
        )
        unit = session.scalars(select(OrgUnit).where(OrgUnit.code == "mora-lasarett")).one()
        fields = replace(organisation.fields_of(unit), name="Lasarettet i Mora")
        organisation.change_unit(session, unit, fields)
        organisation.set_population(session, year=2024, inhabitants=5, source="SCB")
        session.add(Site(code="egen", name="Egen plats"))
    assert apply_config(core, configs) == []
    with core.database.unit_of_work(context.id) as session:
        assert session.scalars(select(Population.inhabitants)).one() == 5
        assert (
            session.scalars(select(OrgUnit.name).where(OrgUnit.code == "mora-lasarett")).one() == fields.name
        )
        assert session.scalar(select(func.count()).select_from(Site)) == 6


def test_a_module_that_only_the_register_switched_follows_the_register(
    core: Core, configs: list[TenantConfig]
) -> None:
    apply_config(core, configs)
    dalarna = next(config for config in configs if config.slug == "region-dalarna")
    off = replace(
        dalarna, modules={**dalarna.modules, "agency": replace(dalarna.modules["agency"], enabled=False)}
    )
    (change,) = apply_config(core, [off])
    assert (change.object_type, change.key, change.after) == ("module", "agency", {"enabled": False})
    assert "agency" not in core.tenants.by_slug("region-dalarna").enabled_modules
    (back,) = apply_config(core, [dalarna])
    assert back.before == {"enabled": False}
    assert "agency" in core.tenants.by_slug("region-dalarna").enabled_modules


def test_settings_of_the_file_hold_when_it_switches_the_module_on(
    core: Core, configs: list[TenantConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Settings(ModuleSettings):
        limit = fields.Integer(load_default=1)

    module = core.modules.installed["agency"]
    monkeypatch.setitem(core.modules.installed, "agency", replace(module, settings=Settings))
    group, region, *_others = configs
    with_settings = ModuleConfig(enabled=True, settings={"limit": 7})
    apply_config(core, [group, replace(region, modules={"agency": with_settings})])
    with core.database.unit_of_work(core.tenants.by_slug(region.slug).id) as session:
        assert settings_of(core.modules, session, "agency") == {"limit": 7}


def test_a_group_is_renamed(core: Core, configs: list[TenantConfig]) -> None:
    group = configs[0]
    assert group.group is not None
    apply_config(core, [group])
    (change,) = apply_config(core, [replace(group, group=replace(group.group, name="Mellersta"))])
    assert (change.object_type, change.after) == ("management_group", {"name": "Mellersta"})
    assert plan(core, [group])[0].before == {"name": "Mellersta"}


def test_a_tree_of_the_tenants_own_is_left_alone(core: Core, configs: list[TenantConfig]) -> None:
    dalarna = next(config for config in configs if config.slug == "region-dalarna")
    apply_config(core, [replace(dalarna, groups=(), units=())])
    context = core.tenants.by_slug("region-dalarna")
    with core.database.unit_of_work(context.id) as session:
        fields = organisation.UnitFields("Regionen", None, None)
        organisation.create_unit(session, kind="region", code="egen-rot", fields=fields)
    apply_config(core, [replace(dalarna, groups=())])
    with core.database.unit_of_work(context.id) as session:
        assert session.scalars(select(OrgUnit.code)).all() == ["egen-rot"]


def test_an_unknown_group_or_another_kind_leaves_nothing(core: Core, configs: list[TenantConfig]) -> None:
    group, region, *_others = configs
    with pytest.raises(Conflict):
        apply_config(core, [region])
    with core.database.system_session() as system:
        assert system.scalars(select(Tenant)).all() == []
    apply_config(core, [group])
    with pytest.raises(Conflict):
        plan(core, [replace(region, slug=group.slug)])
    with core.database.system_session() as system:
        assert system.scalars(select(GroupMember)).all() == []


def test_a_row_that_is_changed_behind_our_back_is_brought_back(
    core: Core, configs: list[TenantConfig]
) -> None:
    apply_config(core, configs)
    context = core.tenants.by_slug("region-uppsala")
    with core.database.unit_of_work(context.id) as session:
        session.execute(update(OrgUnit).where(OrgUnit.code == "akademiska-sjukhuset").values(name="X"))
        assert session.scalars(select(TenantModule.settings)).all() == [{}, {}, {}, {}]
    (change,) = apply_config(core, configs)
    assert (change.tenant, change.object_type, change.before) == ("region-uppsala", "org_unit", {"name": "X"})
