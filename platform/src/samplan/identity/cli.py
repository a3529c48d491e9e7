"""`samplan account`: accounts from the command line, for the first people of a tenant and for operators."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from uuid import UUID

import click

from samplan.audit.context import Actor, acting_as
from samplan.command import command_core

if TYPE_CHECKING:
    from samplan.core import Core
    from samplan.errors import SamplanError

OPERATOR = Actor("operator")


class BadInput(click.ClickException):
    """Something on the command line cannot be used."""

    exit_code = 2


@click.group()
def account() -> None:
    """Create accounts, and let people in again."""


@account.command()
@click.option("--email", required=True, help="What the person signs in with.")
@click.option("--name", help="The person's name, as the tenant knows it; needed with --tenant.")
@click.option("--tenant", "slug", help="The tenant to become a member of.")
@click.option("--role", "roles", multiple=True, help="A role in the tenant; may be given several times.")
@click.option("--operator", is_flag=True, help="Runs the service, and belongs to no tenant.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input, do not ask.")
def create(
    email: str,
    name: str | None,
    slug: str | None,
    roles: tuple[str, ...],
    *,
    operator: bool,
    password_stdin: bool,
) -> None:
    """Create an account, and make it a member of a tenant.

    An account that exists already becomes a member with its present password.
    """
    from samplan.errors import SamplanError

    if operator == (slug is not None):
        raise click.UsageError("give either --tenant with --name and --role, or --operator")
    if slug is not None and not (name and roles):
        raise click.UsageError("--tenant needs --name and --role")
    from samplan.identity.service import add_member, check_new_member

    core = command_core()
    try:
        tenant = core.tenants.by_slug(slug) if slug else None
        if tenant is not None:
            with core.database.unit_of_work(tenant.id) as session:
                check_new_member(session, name or "", roles)
        account_id = _account(core, email, operator=operator, from_stdin=password_stdin)
        if tenant is not None:
            with acting_as(OPERATOR), core.database.unit_of_work(tenant.id) as session:
                add_member(session, account_id, name or "", email, roles)
    except SamplanError as error:
        raise _failure(error) from error
    click.echo(f"{email}: " + (f"member of {slug} as {', '.join(roles)}" if slug else "operator"))


@account.command("reset-password")
@click.option("--email", required=True, help="Whose password was lost.")
def reset_password(email: str) -> None:
    """Give an account a one-time password, print it, and end the account's sessions."""
    from samplan.identity.onboarding import give_one_time_password
    from samplan.identity.passwords import one_time_password
    from samplan.identity.service import find_account, record_for_account

    core, password = command_core(), one_time_password()
    with core.database.system_session() as session:
        found = find_account(session, email)
    if found is None:
        raise click.ClickException(f"no account {email}")
    give_one_time_password(core, found.id, password)
    with acting_as(OPERATOR):
        record_for_account(core.database, found.id, "member.password_reset")
    click.echo(password)


def _account(core: Core, email: str, *, operator: bool, from_stdin: bool) -> UUID:
    """Return the account with this address, a new one where there is none."""
    from samplan.errors import Conflict
    from samplan.identity.passwords import hash_new
    from samplan.identity.service import create_account, find_account, normal_email

    email = normal_email(email)
    with core.database.system_session() as session:
        found = find_account(session, email)
    if found is not None:
        if operator or found.operator:
            raise Conflict(f"there is an account {email} already")
        return found.id
    password_hash = hash_new(_password(from_stdin=from_stdin), email)
    with core.database.system_session() as session:
        return create_account(session, email, password_hash, operator=operator).id


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _failure(error: SamplanError) -> BadInput:
    """Return what click prints for an expected error: every message, on a line of its own."""
    from samplan.errors import Invalid

    lines = [text for texts in error.fields.values() for text in texts] if isinstance(error, Invalid) else []
    return BadInput("\n".join(lines) or str(error))
