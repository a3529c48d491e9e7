"""What a view may ask of its request: the core, the tenant's session, and who is asking."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar, cast

from flask import current_app, g

from samplan.access.policy import Principal
from samplan.clock import local_now
from samplan.core import Core
from samplan.db.session import TenantSession
from samplan.errors import NotSignedIn
from samplan.i18n import _
from samplan.tenancy.context import current_tenant

T = TypeVar("T")


def current_core() -> Core:
    """Return the core of this application."""
    return cast("Core", current_app.extensions["samplan"])


def maybe_principal() -> Principal | None:
    """Return who is asking, or None when nobody is signed in."""
    return cast("Principal | None", g.get("principal"))


def current_principal() -> Principal:
    """Return who is asking; raises `NotSignedIn`."""
    principal = maybe_principal()
    if principal is None:
        raise NotSignedIn(_("Sign in to go on."))
    return principal


def current_session() -> TenantSession:
    """Return the request's session in the tenant of the address, opened at the first call.

    The core commits it when the answer's status is below 400 and rolls it back otherwise.
    """
    if "tenant_session" not in g:
        tenant = current_tenant()
        database = current_core().database
        g.tenant_session = database.tenant_session(tenant.id, member_of=tenant.member_of)
    return cast("TenantSession", g.tenant_session)


def now() -> datetime:
    """Return the present instant in the time zone of the tenant of the address."""
    return local_now(current_core().clock, current_tenant().timezone)


def today() -> date:
    """Return the date where the tenant is: for a page nothing else is today."""
    return now().date()


def find(protocol: type[T]) -> T | None:
    """Return the read interface of another plugin for the tenant of the address, or None.

    None means that no plugin offers `protocol` (a Protocol of `samplan.plugin_api`), or that the tenant has
    not enabled the one that does: a page must work without it. What is found reads by the request's session.
    In a job it is `JobContext.find`.
    """
    return current_core().modules.find(protocol, current_session(), current_tenant().enabled_modules)
