"""A core that tells of things, one tenant, and short ways to what the tests of notices look at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from ipaddress import ip_network
from typing import Any
from uuid import UUID

from sqlalchemy import select

from samplan.access.service import ensure_roles
from samplan.clock import FrozenClock
from samplan.core import Core
from samplan.db.session import Database
from samplan.identity.service import add_member, create_account
from samplan.ids import new_id
from samplan.jobs.dispatch import InlineDispatcher
from samplan.jobs.reconciler import reconcile
from samplan.modules.contributions import EventSpec
from samplan.modules.manager import Modules
from samplan.notices.endpoints import Endpoints, Wanted
from samplan.notices.models import Mail, WebhookDelivery, WebhookEndpoint
from samplan.notices.service import notify
from samplan.tenancy.context import TenantContext
from samplan.testing.factories import add_tenant, make_core
from samplan_rostering.events import CHANGED, PUBLISHED

LOOPBACK = (ip_network("127.0.0.0/8"),)
PAYLOAD = {
    "publication_id": new_id(),
    "publication": 1,
    "roster_id": new_id(),
    "version": 3,
    "changed": 0,
    "ward": {"code": "AVD7", "name": "Avdelning 7"},
    "period": {"id": new_id(), "name": "Höst", "start": date(2027, 9, 6), "end": date(2027, 10, 17)},
}


@dataclass(slots=True)
class NoticeBench:
    """A core with one tenant; what is due is worked off in the test's own process."""

    core: Core
    tenant: TenantContext
    clock: FrozenClock

    def member(self, email: str, locale: str | None = None, *, mail: bool = True) -> UUID:
        """Add a member, and return the account."""
        with self.core.database.system_session() as system:
            account = create_account(system, email, None, locale=locale)
            account.mail = mail
        with self.core.database.unit_of_work(self.tenant.id) as session:
            add_member(session, account.id, "Prov Person", email, ["viewer"])
        return account.id

    def tell(self, *accounts: UUID, event: EventSpec = PUBLISHED, about: str = "") -> UUID:
        """Tell of an event in a transaction of its own."""
        with self.core.database.unit_of_work(self.tenant.id) as session:
            now = self.clock.now()
            return notify(session, event, PAYLOAD, now=now, mail_to=accounts, about=about)

    def work(self) -> int:
        """Let the reconciler start what is due, and workers do it; return how many runs."""
        reconcile(self.core)
        dispatcher = self.core.dispatcher
        assert isinstance(dispatcher, InlineDispatcher)
        return dispatcher.work(self.core)

    def with_settings(self, **values: Any) -> NoticeBench:
        """Return the same with other settings of the deployment."""
        core = replace(self.core, settings=replace(self.core.settings, **values))
        return NoticeBench(core, self.tenant, self.clock)

    def mails(self) -> list[Mail]:
        with self.core.database.unit_of_work(self.tenant.id) as session:
            return list(session.scalars(select(Mail).order_by(Mail.id)))

    def deliveries(self) -> list[WebhookDelivery]:
        with self.core.database.unit_of_work(self.tenant.id) as session:
            return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))

    def endpoint(self, endpoint_id: UUID) -> WebhookEndpoint:
        with self.core.database.unit_of_work(self.tenant.id) as session:
            return session.get_one(WebhookEndpoint, (self.tenant.id, endpoint_id))

    def add_endpoint(self, url: str, events: Collection[str] = (PUBLISHED.name,)) -> tuple[UUID, str]:
        """Add an endpoint, and return its id and secret."""
        with self.core.database.unit_of_work(self.tenant.id) as session:
            own = Endpoints(session, self.core.settings, frozenset({PUBLISHED.name, CHANGED.name}))
            row, secret = own.add(Wanted("Löner", url, events))
            return row.id, secret


def make_notice_bench(
    database: Database, modules: Modules, clock: FrozenClock, **settings: Any
) -> NoticeBench:
    """Wire a core that may call this machine and has no schedules, and add a tenant."""
    still = replace(modules.get("core"), schedules=())
    modules = Modules(modules.pm, {**modules.installed, "core": still}, modules.enabled)
    settings = {"mail_from": "schema@region.example", "public_url": "https://samplan.example"} | settings
    core = make_core(database, modules, clock)
    own = replace(core.settings, webhook_networks=LOOPBACK, grace_seconds=0.0, **settings)
    core = replace(core, settings=own)
    tenant = add_tenant(database)
    with database.unit_of_work(tenant.id) as session:
        ensure_roles(session, modules.get("core").roles)
    return NoticeBench(core, core.tenants.fresh(tenant.id), clock)
