"""Somebody who signs in with a password."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from argon2 import PasswordHasher
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from samplan.audit.models import AuditEntry
from samplan.identity.models import Account
from samplan.testing.browser import submit
from samplan.testing.site import Person, Site

COOKIE = "samplan_session"


PASSWORD, WRONG = "hästsko brygga lampa", "fel fel fel fel fel"


EMAIL = "ada@example.test"


START = datetime(2027, 1, 4, 8, tzinfo=UTC)


class CountingHasher(PasswordHasher):
    """Counts how many passwords were verified."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the name of the base
        self.verified += 1
        return super().verify(hash, password)


def change(site: Site, person: Person, **values: object) -> None:
    with site.core.database.system_session() as system:
        system.execute(update(Account).where(Account.id == person.account_id).values(**values))


def log_in(site: Site, email: str = EMAIL, password: str = PASSWORD, **more: str) -> TestResponse:
    return submit(site.client(), "/login", email=email, password=password, **more)


def actions(site: Site, tenant: str = "ett") -> list[str]:
    with site.core.database.unit_of_work(site.tenants[tenant].id) as session:
        query = select(AuditEntry.action).where(AuditEntry.action.startswith("login."))
        return list(session.scalars(query.order_by(AuditEntry.sequence)))


def change_password(person: Person, current: str, new: str) -> TestResponse:
    return submit(person.client, "/account", "/account/password", current=current, password=new, repeated=new)
