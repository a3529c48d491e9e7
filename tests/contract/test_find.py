"""A plugin finds what another one offers: switched on, off, empty, and where no one offers it."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from pathlib import Path
from typing import Any

import dummy
import pytest
from dummy import DummyPlugin, OwnWidgets, Widget, Widgets
from flask import Blueprint
from sqlalchemy import delete

from samplan.errors import ContractError
from samplan.jobs.models import JobRun
from samplan.jobs.service import request_run
from samplan.modules.lifecycle import disable_module
from samplan.modules.manager import Modules
from samplan.plugin_api import (
    JobContext,
    JobType,
    MigrationBranch,
    ModelSet,
    Offer,
    Outcome,
    Permission,
    RoleTemplate,
    StrictSchema,
    find,
    hookimpl,
    requires,
)
from samplan.tenancy.context import TenantContext
from samplan.testing.plugin_contract import check
from samplan.testing.site import Site

READ = "asker:answer:read"

pages = Blueprint("asker", __name__)


@pages.get("/")
@requires(READ)
def index() -> dict[str, Any]:
    """Answer what a request finds."""
    widgets = find(Widgets)
    return {"names": widgets.names() if widgets else None, "unknown": find(Sized)}


def ask(context: JobContext, _params: dict[str, Any]) -> Outcome:
    """Answer what a job finds."""
    with context.unit_of_work() as session:
        widgets = context.find(Widgets, session)
        unknown = context.find(Sized, session)
        return Outcome({"names": widgets.names() if widgets else None, "unknown": unknown})


class AskerPlugin:
    """Asks for what the dummy offers, and works without it."""

    name, core_api, title = "asker", "0.1", "Asker"

    def __init__(self, versions: Path) -> None:
        self._versions = versions

    @hookimpl
    def samplan_models(self) -> ModelSet:
        return ModelSet(())

    @hookimpl
    def samplan_migrations(self) -> MigrationBranch:
        return MigrationBranch("asker", self._versions)

    @hookimpl
    def samplan_permissions(self) -> Iterable[Permission]:
        return [Permission(READ, "See")]

    @hookimpl
    def samplan_role_templates(self) -> Iterable[RoleTemplate]:
        return [RoleTemplate("administrator", "Administrator", frozenset({READ}))]

    @hookimpl
    def samplan_blueprints(self) -> Iterable[Blueprint]:
        return [pages]

    @hookimpl
    def samplan_jobs(self) -> Iterable[JobType]:
        return [JobType("asker.ask", "Ask", f"{__name__}:ask", StrictSchema, READ)]


@pytest.fixture(scope="session")
def asking_modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    """Register the dummy with a plugin that asks it."""
    return Modules.load([dummy.plugin, AskerPlugin(tmp_path_factory.mktemp("versions"))])


@pytest.fixture
def modules(asking_modules: Modules) -> Modules:
    """Serve both."""
    return asking_modules


def answers(site: Site, tenant: TenantContext) -> list[dict[str, Any]]:
    """Return what a request and what a job find in a tenant."""
    person = site.person(tenant.slug, "administrator")
    page = person.client.get(f"/t/{tenant.slug}/asker/").get_json()
    with site.core.database.unit_of_work(tenant.id) as session:
        run_id = request_run(site.core, session, tenant, "asker.ask", {}, requested_by=None).id
    site.dispatcher().work(site.core)
    with site.core.database.unit_of_work(tenant.id) as session:
        run = session.get_one(JobRun, (tenant.id, run_id))
        assert run.status == "succeeded", run.error_code
        assert run.result is not None
        return [page, dict(run.result)]


def test_what_is_offered_is_found_where_the_tenant_has_the_provider_on(site: Site) -> None:
    a = site.add_tenant("region-a", modules=("asker", "dummy"))
    site.add_tenant("region-b", modules=("asker", "dummy"))
    expected = {"names": ["first of region-a"], "unknown": None}
    assert answers(site, a) == [expected, expected]


def test_nothing_is_found_where_the_provider_is_off_and_the_asker_works_without_it(site: Site) -> None:
    tenant = site.add_tenant("region-a", modules=("asker",))
    assert answers(site, tenant) == [{"names": None, "unknown": None}] * 2


def test_switching_the_provider_off_takes_its_offer_away_and_keeps_its_rows(site: Site) -> None:
    tenant = site.add_tenant("region-a", modules=("asker", "dummy"))
    with site.core.database.unit_of_work(tenant.id) as session:
        disable_module(site.core, session, "dummy")
        kept = OwnWidgets(session).names()
    assert kept == ["first of region-a"]
    assert answers(site, site.core.tenants.fresh("region-a")) == [{"names": None, "unknown": None}] * 2


def test_a_provider_without_rows_is_found_and_empty(site: Site) -> None:
    tenant = site.add_tenant("region-a", modules=("asker", "dummy"))
    with site.core.database.unit_of_work(tenant.id) as session:
        session.execute(delete(Widget))
    assert answers(site, tenant) == [{"names": [], "unknown": None}] * 2


class Rival(DummyPlugin):
    """Offers what the dummy offers already."""

    name = "rival"

    @hookimpl
    def samplan_offers(self) -> Iterable[Offer[Widgets]]:
        return [Offer(Widgets, OwnWidgets)]


def test_only_one_part_may_offer_a_protocol() -> None:
    with pytest.raises(ContractError, match="Widgets is offered by dummy and rival"):
        Modules.load([dummy.plugin, Rival()])


def test_the_asker_keeps_the_contract(tmp_path: Path) -> None:
    assert check(AskerPlugin(tmp_path)).name == "asker"
