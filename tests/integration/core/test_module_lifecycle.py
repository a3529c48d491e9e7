"""Switching a module on and off, and its settings, in one tenant and in no other."""

from collections.abc import Iterable
from datetime import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from marshmallow import fields, validate
from sqlalchemy import select

from samplan.access.models import Role, RolePermission
from samplan.audit.models import AuditEntry
from samplan.core import Core
from samplan.db.session import TenantSession
from samplan.errors import Invalid, NotFound
from samplan.modules.contributions import MigrationBranch, ModelSet, Permission, RoleTemplate
from samplan.modules.hookspecs import hookimpl
from samplan.modules.lifecycle import (
    disable_module,
    enable_module,
    module_states,
    set_settings,
    settings_of,
)
from samplan.modules.manager import Modules
from samplan.modules.module_settings import ModuleSettings
from samplan.organisation.models import Sector
from samplan.tenancy.context import TenantContext
from samplan.tenancy.models import Tenant, TenantModule
from samplan.testing.factories import add_tenant, make_core
from samplan.testing.server import RolledBackDatabase


class GardenSettings(ModuleSettings):
    beds = fields.Integer(load_default=4, strict=True, validate=validate.Range(min=1, max=9))
    opens = fields.Time(load_default=None, allow_none=True)


class PlainPlugin:
    """A module with the least that is required."""

    name, core_api = "plain", "0.1"
    title, description = "Plain", ""

    @hookimpl
    def samplan_models(self) -> ModelSet:
        return ModelSet(())

    @hookimpl
    def samplan_migrations(self) -> MigrationBranch:
        return MigrationBranch(self.name, Path("nowhere"))

    @hookimpl
    def samplan_permissions(self) -> Iterable[Permission]:
        return [Permission(f"{self.name}:bed:dig", "Dig")]


class GardenPlugin(PlainPlugin):
    """A module with settings, a role and reference data."""

    name, title = "garden", "Garden"

    @hookimpl
    def samplan_role_templates(self) -> Iterable[RoleTemplate]:
        return [RoleTemplate("administrator", "Administrator", frozenset({"garden:bed:dig"}))]

    @hookimpl
    def samplan_settings(self) -> type[ModuleSettings]:
        return GardenSettings

    @hookimpl
    def samplan_reference_data(self, session: TenantSession, tenant: TenantContext) -> None:
        assert self.name in tenant.enabled_modules
        if session.scalar(select(Sector).where(Sector.code == "garden")) is None:
            session.add(Sector(code="garden", name=f"Garden of {tenant.name}"))


@pytest.fixture
def modules() -> Modules:
    """Use the core alone for the tables."""
    return Modules.load([])


@pytest.fixture
def core(db: RolledBackDatabase) -> Core:
    return make_core(db, Modules.load([GardenPlugin(), PlainPlugin()]))


def enable(core: Core, slug: str, name: str, by: UUID | None = None) -> bool:
    context = core.tenants.by_slug(slug)
    with core.database.unit_of_work(context.id) as session:
        return enable_module(core, session, context, name, by=by)


def test_enabling_brings_reference_data_and_permissions_to_that_tenant_only(
    core: Core, db: RolledBackDatabase
) -> None:
    here, other = add_tenant(db, "here"), add_tenant(db, "other")
    account = uuid4()
    assert enable(core, "here", "garden", by=account)
    assert not enable(core, "here", "garden")
    assert core.tenants.by_slug("here").enabled_modules == {"core", "garden"}
    assert core.tenants.by_slug("other").enabled_modules == {"core"}
    with db.unit_of_work(here.id) as session:
        assert session.scalars(select(Sector.name)).all() == ["Garden of Here"]
        assert session.scalars(select(RolePermission.permission)).all() == ["garden:bed:dig"]
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
        assert actions == ["role.created", "module.enabled"]
        assert session.scalars(select(TenantModule.enabled_by)).one() == account
        assert session.scalars(select(Tenant.settings_version).where(Tenant.id == here.id)).one() == 2
    with db.unit_of_work(other.id) as session:
        for kind in (Sector, Role, AuditEntry, TenantModule):
            assert session.scalars(select(kind)).all() == []


def test_disabling_hides_and_keeps(core: Core, db: RolledBackDatabase) -> None:
    tenant = add_tenant(db, "here")
    enable(core, "here", "garden")
    with db.unit_of_work(tenant.id) as session:
        assert disable_module(core, session, "garden")
        assert not disable_module(core, session, "garden")
        assert not disable_module(core, session, "plain")
    assert core.tenants.by_slug("here").enabled_modules == {"core"}
    with db.unit_of_work(tenant.id) as session:
        assert session.scalars(select(Sector.code)).all() == ["garden"]
        states = {state.module.name: state.enabled for state in module_states(core.modules, session)}
        assert states == {"garden": False, "plain": False}
    assert enable(core, "here", "garden")
    with db.unit_of_work(tenant.id) as session:
        states = {state.module.name: state.enabled for state in module_states(core.modules, session)}
        assert states == {"garden": True, "plain": False}


def test_what_the_deployment_does_not_offer_and_the_core_cannot_be_switched(
    core: Core, db: RolledBackDatabase
) -> None:
    add_tenant(db, "here")
    with pytest.raises(NotFound):
        enable(core, "here", "orchard")
    with pytest.raises(Invalid):
        enable(core, "here", "core")


def test_a_failure_of_the_modules_own_data_leaves_nothing(
    core: Core, db: RolledBackDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = add_tenant(db, "here")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("no seeds")

    monkeypatch.setattr("samplan.modules.lifecycle.ensure_roles", fail)
    with pytest.raises(RuntimeError):
        enable(core, "here", "garden")
    assert core.tenants.fresh("here").enabled_modules == {"core"}
    with db.unit_of_work(tenant.id) as session:
        assert session.scalars(select(Sector)).all() == []
        assert session.scalars(select(TenantModule)).all() == []


def test_settings_are_strict_typed_and_audited(core: Core, db: RolledBackDatabase) -> None:
    tenant = add_tenant(db, "here")
    enable(core, "here", "garden")
    with db.unit_of_work(tenant.id) as session:
        assert settings_of(core.modules, session, "garden") == {"beds": 4, "opens": None}
        assert set_settings(core, session, "garden", {"beds": 5, "opens": "07:30"})
        assert not set_settings(core, session, "garden", {"beds": 5, "opens": "07:30"})
        assert settings_of(core.modules, session, "garden") == {"beds": 5, "opens": time(7, 30)}
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
        assert entry is not None
        assert (entry.action, entry.before) == ("module.settings_changed", {})
        assert entry.after == {"beds": 5, "opens": "07:30:00"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"beds": 0}, "beds"),
        ({"beds": "many"}, "beds"),
        ({"benches": 1}, "benches"),
        ({"opens": "25:00"}, "opens"),
    ],
)
def test_settings_that_are_wrong_are_refused(
    core: Core, db: RolledBackDatabase, values: dict[str, Any], field: str
) -> None:
    tenant = add_tenant(db, "here")
    enable(core, "here", "garden")
    with db.unit_of_work(tenant.id) as session:
        with pytest.raises(Invalid) as raised:
            set_settings(core, session, "garden", values)
        assert set(raised.value.fields) == {field}
        assert settings_of(core.modules, session, "garden") == {"beds": 4, "opens": None}


def test_a_module_without_settings_has_none_to_set(core: Core, db: RolledBackDatabase) -> None:
    tenant = add_tenant(db, "here")
    enable(core, "here", "plain")
    with db.unit_of_work(tenant.id) as session:
        assert settings_of(core.modules, session, "plain") == {}
        for name in ("plain", "garden"):  # none at all, and never switched on
            with pytest.raises(NotFound):
                set_settings(core, session, name, {})
