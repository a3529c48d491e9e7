"""Checking who somebody says to be, so that neither text nor work tells whether an account exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import update

from samplan.identity import passwords
from samplan.identity.models import Account
from samplan.identity.service import find_account

if TYPE_CHECKING:
    from samplan.core import Core


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt to sign in; `account_id` is known for a wrong password too."""

    ok: bool
    account_id: UUID | None = None
    locale: str | None = None


def try_password(core: Core, email: str, password: str) -> Attempt:
    """Check a password against the account with this address.

    One hash is verified whatever happens: an account that does not exist or may not sign in costs as much
    as any other. No connection is held meanwhile.
    """
    with core.database.system_session() as session:
        account = find_account(session, email)
    stored = account.password_hash if account and _may_sign_in(account, core.clock.now()) else None
    ok = passwords.verify(stored, password)
    if account is None:
        return Attempt(ok=False)
    if ok and stored is not None and passwords.needs_rehash(stored):
        _rehash(core, account, passwords.hash_password(password))
    return Attempt(ok, account.id, account.locale)


def _may_sign_in(account: Account, now: datetime) -> bool:
    return account.active and (account.one_time_until is None or account.one_time_until > now)


def _rehash(core: Core, account: Account, password_hash: str) -> None:
    """Keep a hash of today's parameters, unless the password was changed meanwhile."""
    with core.database.system_session() as session:
        session.execute(
            update(Account)
            .where(Account.id == account.id, Account.password_hash == account.password_hash)
            .values(password_hash=password_hash)
        )
