"""Servers and databases for tests: one PostgreSQL per test process, databases cloned from a migrated one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import Pool

from samplan.db import migrate
from samplan.db.bootstrap import LOGIN_ROLES, bootstrap_roles, create_database, drop_database
from samplan.db.engine import make_engine
from samplan.db.rls import APP, MIGRATOR
from samplan.db.session import SETTINGS, Database, S
from samplan.demo.postgres import PostgresServer
from samplan.demo.redis import RedisServer
from samplan.modules.manager import Modules
from samplan.testing.reuse import Untouched

# The roles' password on a server of the developer's own; our private one asks for none.
PASSWORD = "samplan-tests"  # noqa: S105 - guards nothing but tests

APP_SETTINGS = [f"app.{name}" for name in SETTINGS]


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """A PostgreSQL server on which tests may make databases."""

    admin_url: str
    password: str | None = None

    def url(self, role: str, database: str) -> str:
        """Give SQLAlchemy's address of a database for one of our roles."""
        url = make_url(self.admin_url).set(username=role, password=self.password, database=database)
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@contextmanager
def run_database_server(folder: Path, environ: Mapping[str, str]) -> Iterator[DatabaseServer]:
    """Start a private server with its data in `folder`, or use SAMPLAN_TEST_DATABASE_ADMIN_URL.

    That address must be a superuser's; the four roles are made there and their passwords set.
    """
    if admin_url := environ.get("SAMPLAN_TEST_DATABASE_ADMIN_URL"):
        bootstrap_roles(admin_url, passwords=dict.fromkeys(LOGIN_ROLES, PASSWORD))
        yield DatabaseServer(admin_url, PASSWORD)
        return
    with PostgresServer.start(folder / "data", durable=False) as server:
        bootstrap_roles(server.url())
        yield DatabaseServer(server.url())


@contextmanager
def run_redis_server(folder: Path, environ: Mapping[str, str]) -> Iterator[str]:
    """Start a private Redis and give its address, or use SAMPLAN_TEST_REDIS_URL, which tests may empty.

    Each test process has a database of its own there.
    """
    if outside := environ.get("SAMPLAN_TEST_REDIS_URL"):
        number = environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        yield f"{outside}{'&' if '?' in outside else '?'}db={number}"
        return
    with RedisServer.start(folder) as server:
        yield server.url


@dataclass(frozen=True, slots=True)
class ScratchDatabase:
    """A database of one test."""

    server: DatabaseServer
    name: str

    def url(self, role: str = APP) -> str:
        """Give its address for a role."""
        return self.server.url(role, self.name)


@dataclass(slots=True)
class Databases:
    """The databases of a test process; `close` removes them all."""

    server: DatabaseServer
    _templates: dict[frozenset[str], str] = field(default_factory=dict)
    _untouched: dict[frozenset[str], Untouched] = field(default_factory=dict)
    _spare: dict[frozenset[str], list[ScratchDatabase]] = field(default_factory=dict)
    _superusers: dict[str, psycopg.Connection[Any]] = field(default_factory=dict)
    _engines: dict[str, Engine] = field(default_factory=dict)
    _shared: dict[frozenset[str], Engine] = field(default_factory=dict)
    _opened: ExitStack = field(default_factory=ExitStack)

    @contextmanager
    def empty(self, template: str | None = None) -> Iterator[ScratchDatabase]:
        """Make a database without our tables, or a copy of `template`, for the block."""
        name = f"samplan_test_{uuid4().hex[:12]}"
        create_database(self.server.admin_url, name, template)
        try:
            yield ScratchDatabase(self.server, name)
        finally:
            drop_database(self.server.admin_url, name)

    @contextmanager
    def migrated(self, modules: Modules) -> Iterator[ScratchDatabase]:
        """Give a database with the tables of the core and of `modules` and no rows, for the block.

        It is a new one, or a former block's: emptying costs less than copying and dropping.
        """
        key, template = frozenset(modules.installed), self._template(modules)
        spare = self._spare.setdefault(key, [])
        if not spare:
            spare.append(self._opened.enter_context(self.empty(template)))
        database = spare.pop()
        connection = self._superuser(database)
        if key not in self._untouched:
            self._untouched[key] = Untouched.of(connection)
        try:
            yield database
        finally:
            if self._untouched[key].restore(connection):
                spare.append(database)
            else:
                self._superusers.pop(database.name).close()
                drop_database(self.server.admin_url, database.name)

    def _superuser(self, database: ScratchDatabase) -> psycopg.Connection[Any]:
        """Return the connection that looks at a database between tests; a new one would know no table yet."""
        if database.name not in self._superusers:
            url = make_url(self.server.admin_url).set(drivername="postgresql", database=database.name)
            address = url.render_as_string(hide_password=False)
            self._superusers[database.name] = psycopg.connect(address, autocommit=True)
        return self._superusers[database.name]

    @contextmanager
    def opened(self, database: ScratchDatabase) -> Iterator[Engine]:
        """Give the application's engine of a database for the block.

        Its connections end with the block. What it has compiled serves the next test with this database; what
        a test listens for is the test's own.
        """
        if database.name not in self._engines:
            self._engines[database.name] = make_engine(database.url())
        engine = self._engines[database.name]
        try:
            yield engine.execution_options()
        finally:
            engine.dispose()

    def shared_engine(self, modules: Modules) -> Engine:
        """Return the engine of the one database for tests that roll everything back."""
        key = frozenset(modules.installed)
        if key not in self._shared:
            database = self._opened.enter_context(self.migrated(modules))
            engine = make_engine(database.url())
            self._opened.callback(engine.dispose)
            self._shared[key] = engine
        return self._shared[key]

    def _template(self, modules: Modules) -> str:
        """Migrate a database once per set of modules; nobody connects to it, so that it can be copied."""
        key = frozenset(modules.installed)
        if key not in self._templates:
            template = self._opened.enter_context(self.empty())
            migrate.upgrade(modules, template.url(MIGRATOR))
            self._templates[key] = template.name
        return self._templates[key]

    def close(self) -> None:
        """Remove every database that was made."""
        for connection in self._superusers.values():
            connection.close()
        self._opened.close()


class RolledBackDatabase(Database):
    """A `Database` whose commits release savepoints of one outer transaction, which the test rolls back.

    Units of work of different tenants follow each other on the one connection, and see each other's rows
    as far as row-level security lets them. SET LOCAL outlives a savepoint, so each unit of work puts back
    what the connection said before it, for the session that is open around it.
    """

    def __init__(self, connection: Connection) -> None:
        """Serve sessions on `connection`, inside a savepoint of a transaction that is under way."""
        super().__init__(connection.engine)
        self._bind = self.connection = connection

    @contextmanager
    def _work(self, kind: type[S], **info: UUID | None) -> Iterator[S]:
        before = {name: self._setting(name) for name in APP_SETTINGS}
        try:
            with super()._work(kind, **info) as session:
                yield session
        finally:
            query = text("SELECT set_config(:name, :value, true)")
            for name, value in before.items():
                self.connection.execute(query, {"name": name, "value": value or ""})

    def _setting(self, name: str) -> str | None:
        query = text("SELECT current_setting(:name, true)")
        value: str | None = self.connection.execute(query, {"name": name}).scalar_one()
        return value


@contextmanager
def rolled_back(engine: Engine) -> Iterator[RolledBackDatabase]:
    """Open a transaction for the block and roll back whatever is committed within it."""
    with engine.connect() as connection, connection.begin() as transaction:
        # Sessions that join a connection inside a savepoint commit and roll back savepoints only.
        connection.begin_nested()
        yield RolledBackDatabase(connection)
        transaction.rollback()


@contextmanager
def watched_pools(leaks: list[str]) -> Iterator[None]:
    """Note each connection that goes back to its pool while it still says whose it is."""

    def note(connection: psycopg.Connection[Any] | None, _record: object) -> None:
        if connection is None or connection.closed:
            return
        found = connection.execute(
            "SELECT name || '=' || current_setting(name) FROM unnest(%s::text[]) AS name"
            " WHERE nullif(current_setting(name, true), '') IS NOT NULL",
            [APP_SETTINGS],
        ).fetchall()
        leaks.extend(value for (value,) in found)
        for name in APP_SETTINGS if found else ():
            connection.execute("SELECT set_config(%s, '', false)", [name])
        connection.commit()

    event.listen(Pool, "checkin", note)
    try:
        yield
    finally:
        event.remove(Pool, "checkin", note)
