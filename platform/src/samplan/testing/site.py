"""The whole web application over a test's database, with people who have signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart

from samplan.access.service import ensure_roles
from samplan.app import create_app
from samplan.clock import Clock, SystemClock
from samplan.core import Core
from samplan.db.session import Database
from samplan.identity.models import Membership
from samplan.identity.service import add_member, create_account
from samplan.identity.sessions import DatabaseSessions
from samplan.jobs.dispatch import InlineDispatcher
from samplan.modules.lifecycle import enable_module
from samplan.modules.manager import Modules
from samplan.settings import Settings
from samplan.tenancy.context import TenantContext, TenantDirectory
from samplan.tenancy.models import Tenant
from samplan.testing.factories import add_tenant


class _Compiled(BytecodeCache):
    """Templates compiled once a process; Jinja checks by their text that they are the same."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a template that another application has compiled."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template for the applications to come."""
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()
_BUILDERS: dict[tuple[object, ...], Any] = {}
_PARSED: dict[str, tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]] = {}


class _KeptRule(Rule):
    """A route that is read and composed by what was made of the same route for a former application.

    The methods overridden here are private to Werkzeug: its version is pinned.
    """

    def _parse_rule(self, rule: str) -> list[RulePart]:
        if rule not in _PARSED:
            before = len(self._trace)
            parts = list(super()._parse_rule(rule))
            _PARSED[rule] = parts, self._trace[before:], dict(self._converters)
            return parts
        parts, trace, converters = _PARSED[rule]
        self._trace += trace
        self._converters |= converters
        self.arguments.update(converters)
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        key = (self.rule, repr(self.defaults), tuple(self._trace), append_unknown)
        if key not in _BUILDERS:
            _BUILDERS[key] = super()._compile_builder(append_unknown)
        return _BUILDERS[key]


Flask.url_rule_class = _KeptRule
SECRET = "a key for tests only, of more than enough length"  # noqa: S105 - signs nothing outside tests


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, in one tenant."""

    account_id: UUID
    membership_id: UUID
    client: FlaskClient


@dataclass(slots=True)
class Site:
    """An application, and what a test needs to fill it."""

    core: Core
    app: Flask
    tenants: dict[str, Tenant] = field(default_factory=dict)

    def add_tenant(self, slug: str, modules: tuple[str, ...] = (), **kind: str) -> TenantContext:
        """Add a tenant with roles from the templates and these modules enabled."""
        tenant = add_tenant(self.core.database, slug, **kind)
        self.tenants[slug] = tenant
        context = self.core.tenants.fresh(tenant.id)
        with self.core.database.unit_of_work(tenant.id) as session:
            ensure_roles(session, self.core.modules.get("core").roles)
            for module in modules:
                enable_module(self.core, session, context, module)
        return self.core.tenants.fresh(tenant.id)

    def person(self, slug: str, *roles: str, name: str = "Prov Person") -> Person:
        """Add a person with `roles` in the tenant, already signed in."""
        with self.core.database.system_session() as system:
            count = sum(1 for _ in self.app.extensions["samplan_people"])
            account = create_account(system, f"person{count}@example.test", None)
        self.app.extensions["samplan_people"].append(account.id)
        with self.core.database.unit_of_work(self.tenants[slug].id) as session:
            member: Membership = add_member(session, account.id, name, account.email, roles)
        return Person(account.id, member.id, self.client(account.id))

    def client(self, account_id: UUID | None = None) -> FlaskClient:
        """Return a browser without scripts, signed in as the account; nobody for None."""
        client = self.app.test_client()
        if account_id is not None:
            sessions: Any = self.app.session_interface
            assert isinstance(sessions, DatabaseSessions)
            token = sessions.store.start(account_id, {}, "test")
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], token)
        return client

    def dispatcher(self) -> InlineDispatcher:
        """Return the dispatcher, whose `work(core)` runs what was asked for."""
        dispatcher = self.core.dispatcher
        assert isinstance(dispatcher, InlineDispatcher)
        return dispatcher


def build_site(
    database: Database,
    modules: Modules,
    *,
    redis_url: str = "redis://nowhere.invalid",
    clock: Clock | None = None,
) -> Site:
    """Return the application over `database`; CSRF is left out, which tests of it turn on again."""
    settings = Settings(
        database_url="postgresql://given",
        redis_url=redis_url,
        secret_key=SECRET,
        environment="test",
        secure_cookies=False,
        log_level="ERROR",
    )
    core = Core(
        settings=settings,
        database=database,
        modules=modules,
        tenants=TenantDirectory(database, frozenset(module.name for module in modules)),
        dispatcher=InlineDispatcher(),
        clock=clock or SystemClock(),
    )
    app = create_app(settings, core)
    app.config["WTF_CSRF_ENABLED"] = False
    app.jinja_env.bytecode_cache = _COMPILED
    app.extensions["samplan_people"] = []
    return Site(core, app)
