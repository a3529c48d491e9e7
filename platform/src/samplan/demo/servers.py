"""The demo's PostgreSQL and Redis: private ones, or those that DATABASE_URL and REDIS_URL name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from samplan.db.bootstrap import LOGIN_ROLES, bootstrap_roles, create_database, drop_database
from samplan.db.engine import MINIMUM_SERVER_VERSION
from samplan.db.rls import APP, METRICS, MIGRATOR
from samplan.demo.folder import DATA, REDIS, DemoFault
from samplan.demo.postgres import PostgresServer
from samplan.demo.redis import RedisServer

DATABASE = "samplan_demo"
SHORT_NAMES = {APP: "app", MIGRATOR: "migrator", METRICS: "metrics"}


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A server: its addresses by role (for Redis, one without a name), and its process if it is ours."""

    urls: Mapping[str, str]
    pid: int | None = None


@contextmanager
def run_postgres(
    folder: Path, environ: Mapping[str, str], passwords: Mapping[str, str], *, throwaway: bool = False
) -> Iterator[ServerAddress]:
    """Have an empty or kept demo database on a server for the block.

    Args:
        folder: holds a private server's data.
        environ: where DATABASE_URL may name a server in its place, as its superuser.
        passwords: of the login roles, for such a server; a private one asks for none.
        throwaway: the database is removed afterwards.

    Raises:
        DemoFault: the server that is named cannot be used.
        ServerError: no private server could be started.
    """
    if given := environ.get("DATABASE_URL"):
        admin = _admin_url(given)
        name = f"{DATABASE}_{os.getpid()}" if throwaway else DATABASE
        _make_ready(admin, name, passwords)
        try:
            yield ServerAddress(
                {
                    SHORT_NAMES[role]: _libpq(
                        admin.set(username=role, password=passwords[role], database=name)
                    )
                    for role in LOGIN_ROLES
                }
            )
        finally:
            if throwaway:
                drop_database(_libpq(admin), name)
        return
    with PostgresServer.start(folder / DATA, durable=not throwaway) as server:
        bootstrap_roles(server.url())
        create_database(server.url(), DATABASE)
        urls = {SHORT_NAMES[role]: server.libpq_url(role, DATABASE) for role in LOGIN_ROLES}
        yield ServerAddress(urls, server.process.pid)


@contextmanager
def run_redis(folder: Path, environ: Mapping[str, str]) -> Iterator[ServerAddress]:
    """Have a Redis for the block: a private one, or the one that REDIS_URL names.

    Raises:
        DemoFault: the server that is named does not answer.
        ServerError: no private server could be started.
    """
    if given := environ.get("REDIS_URL"):
        _check_redis(given)
        yield ServerAddress({"": given})
        return
    with RedisServer.start(folder / REDIS) as server:
        yield ServerAddress({"": server.url}, server.process.pid)


def drop_given_database(environ: Mapping[str, str]) -> None:
    """Remove the demo's database from the server that DATABASE_URL names, if it names one."""
    if given := environ.get("DATABASE_URL"):
        admin = _admin_url(given)
        _check_server(admin)
        drop_database(_libpq(admin), DATABASE)


def _admin_url(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise DemoFault("DATABASE_URL is not an address such as postgresql://user:password@host/") from None
    if not url.drivername.startswith("postgresql"):
        raise DemoFault(f"DATABASE_URL must be a postgresql:// address, and this is {url.drivername}://")
    return url.set(drivername="postgresql", database=url.database or "postgres")


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _check_server(admin: URL) -> list[str]:
    """Return which of the login roles exist; raises `DemoFault` when the server cannot be used."""
    try:
        with psycopg.connect(_libpq(admin)) as connection:
            version = connection.info.server_version
            superuser = connection.execute(
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            roles = connection.execute(
                "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)", [list(LOGIN_ROLES)]
            ).fetchall()
    except psycopg.OperationalError as error:
        raise DemoFault(f"DATABASE_URL: the server cannot be reached: {error}") from None
    if version < MINIMUM_SERVER_VERSION:
        raise DemoFault(f"DATABASE_URL: PostgreSQL 18 or later is needed, and this is {version // 10000}")
    if superuser != (True,):
        raise DemoFault(
            "DATABASE_URL must be the address of a superuser, who can create the demo's roles and database;"
            " leave it unset and the demo starts a server of its own"
        )
    return [name for (name,) in roles]


def _make_ready(admin: URL, name: str, passwords: Mapping[str, str]) -> None:
    """Create what the demo needs on a given server, and take nothing over that is another's."""
    existing = _check_server(admin)
    for role in existing:
        own = admin.set(username=role, password=passwords[role])
        try:
            psycopg.connect(_libpq(own)).close()
        except psycopg.OperationalError as error:
            raise DemoFault(
                f"DATABASE_URL: the role {role} there is not this demo's: another Samplan uses the server."
                f" Give a server of its own, or remove the roles {', '.join(existing)} there ({error})"
            ) from None
    fresh = {role: passwords[role] for role in LOGIN_ROLES if role not in existing}
    bootstrap_roles(_libpq(admin), passwords=fresh)
    create_database(_libpq(admin), name)


def _check_redis(url: str) -> None:
    if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
        raise DemoFault("REDIS_URL must be a redis://, rediss:// or unix:// address")
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise DemoFault(f"REDIS_URL: the server does not answer: {error}") from None
