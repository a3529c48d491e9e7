"""What the commands of the command line share: the core while one command runs, and errors told in words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from samplan.core import Core
    from samplan.db.session import TenantSession
    from samplan.settings import Settings
    from samplan.tenancy.context import TenantContext

BAD_INPUT = 2
POSTGRESQL = ("postgresql://", "postgresql+psycopg://")


def command_settings() -> Settings:
    """Return the deployment's settings; wrong ones end the command with every fault at once."""
    from samplan.settings import Settings

    with told_in_words():
        return Settings.from_env(os.environ)


def command_core() -> Core:
    """Return the core for the command that is running; its connections are closed when the command ends.

    Wrong settings, a database that cannot be used and an unsafe role end the command with their message.
    """
    from samplan.core import build_core

    with told_in_words():
        core = build_core(command_settings())
    click.get_current_context().call_on_close(core.database.engine.dispose)
    return core


class BadInput(click.ClickException):
    """Something on the command line, or in a file that it names, cannot be used."""

    exit_code = BAD_INPUT


@contextmanager
def tenant_work(core: Core, slug: str, module: str = "") -> Iterator[tuple[TenantSession, TenantContext]]:
    """Open a tenant's transaction as the operator; expected errors end the command in words.

    Where a module is named, it must be switched on for the tenant.
    """
    from samplan.audit.context import Actor, acting_as
    from samplan.errors import Invalid, NotFound, SamplanError
    from samplan.tenancy.context import tenant_scope

    try:
        tenant = core.tenants.fresh(slug)
    except NotFound as error:
        raise click.ClickException(f"there is no tenant {slug}") from error
    if module and module not in tenant.enabled_modules:
        raise click.ClickException(f"{module} is switched off for {slug}")
    try:
        with (
            acting_as(Actor("operator")),
            tenant_scope(tenant),
            core.database.unit_of_work(tenant.id, member_of=tenant.member_of) as session,
        ):
            yield session, tenant
    except Invalid as error:
        raise BadInput(str(error)) from error
    except SamplanError as error:
        raise click.ClickException(str(error)) from error


class ToldGroup(click.Group):
    """A group whose commands end with a sentence, not with a traceback, where the deployment is at fault."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        with told_in_words():
            return super().invoke(ctx)


@contextmanager
def told_in_words() -> Iterator[None]:
    """End the command with a message where settings, plugins, PostgreSQL or Redis are at fault."""
    try:
        yield
    except _faults_of_the_deployment() as error:
        message = _in_words(error)
        if message is None:
            raise
        raise click.ClickException(message) from error


def database_address(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Return an option's value when it is an address of PostgreSQL; the callback of such options."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(value)
    except (ArgumentError, ValueError):
        value = ""
    if not value.startswith(POSTGRESQL):  # the value may hold a password: it is not repeated
        raise click.BadParameter("give an address such as postgresql://user:password@host:port/name")
    return value


def _faults_of_the_deployment() -> tuple[type[Exception], ...]:
    """Return what to tell in words; imported once something has been raised, `--help` needs none of it."""
    import psycopg
    from alembic.util.exc import CommandError
    from redis.exceptions import RedisError
    from sqlalchemy.exc import DBAPIError

    from samplan.errors import ContractError, SettingsError, UnsafeDatabaseRole

    ours = (SettingsError, ContractError, UnsafeDatabaseRole)
    return (*ours, DBAPIError, psycopg.Error, RedisError, CommandError)


def _in_words(error: Exception) -> str | None:
    """Return the message for an error; None for one that is a fault of ours."""
    import psycopg
    from redis.exceptions import RedisError
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, RedisError):
        return f"Redis cannot be used (REDIS_URL): {error}"
    if not isinstance(error, DBAPIError | psycopg.Error):
        return str(error)
    cause = error.orig if isinstance(error, DBAPIError) else error
    why = " ".join(str(cause).split("\nLINE ")[0].split())
    if isinstance(cause, psycopg.OperationalError):
        return f"the database cannot be used: {why}"
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        return f"the role of this address may not do that: {why}"
    if isinstance(cause, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
        return f"the database is not migrated: run `samplan db upgrade` ({why})"
    return None
