"""What happens to every request, in this order: request id, who, tenant, membership, module, CSRF, view.

Afterwards the tenant's session is committed when the answer is good, and rolled back otherwise.
"""

from __future__ import annotations

import re
import secrets
from typing import Any
from uuid import UUID

import structlog
from flask import Flask, Response, current_app, g, request, session
from flask_wtf.csrf import CSRFProtect

from samplan.access.policy import BY_TOKEN, Principal, mark_of
from samplan.audit.context import Actor, acting_as
from samplan.core import Core
from samplan.db.session import run_on_commit
from samplan.errors import NotFound, NotSignedIn
from samplan.i18n import _
from samplan.identity.principal import load_operator, load_principal
from samplan.identity.tokens import authenticate
from samplan.tenancy.context import TenantContext, tenant_scope
from samplan.web.request import current_session
from samplan.web.static_files import is_static

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
TENANT_PATH = re.compile(r"/t/([^/]+)/")
BEARER = "Bearer "
BAD_STATUS = 400

csrf = CSRFProtect()


def install_pipeline(app: Flask, core: Core, owners: dict[str, str]) -> None:
    """Register the steps; `owners` maps each blueprint's name to its module."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # checked below: API keys carry no cookie to forge
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # the session's own time limits apply
    csrf.init_app(app)

    @app.url_value_preprocessor
    def take_tenant(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.tenant_slug = values.pop("tenant", None) if values else None

    @app.url_defaults
    def give_tenant(endpoint: str, values: dict[str, Any]) -> None:
        slug = g.get("tenant_slug")
        if slug and app.url_map.is_endpoint_expecting(endpoint, "tenant"):
            values.setdefault("tenant", slug)

    @app.before_request
    def begin() -> None:
        g.scopes = []
        g.request_id = _request_id()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)
        g.stateless = is_stateless()
        if g.stateless:
            return
        _resolve(core, owners)
        if app.config["WTF_CSRF_ENABLED"] and not (g.principal and g.principal.via_api_key):
            csrf.protect()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        _end_session(good=response.status_code < BAD_STATUS)
        return response

    @app.teardown_request
    def tidy(_error: BaseException | None) -> None:
        _end_session(good=False)
        for scope in reversed(g.pop("scopes", [])):
            scope.__exit__(None, None, None)
        structlog.contextvars.clear_contextvars()


STATELESS = frozenset({"core.livez", "core.readyz"})


def is_stateless() -> bool:
    """Tell whether this request needs no session: static files and health checks."""
    return request.endpoint in STATELESS or is_static(request.endpoint)


def _request_id() -> str:
    """Return the caller's request id where it is well-formed, else a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _resolve(core: Core, owners: dict[str, str]) -> None:
    """Find out who asks, in which tenant, and whether the tenant has the page's module."""
    g.principal = None
    account_id: UUID | None = session.get("account_id")
    slug = g.get("tenant_slug")
    if slug is None and account_id:  # who has signed in keeps the tenant's frame where there is no such page
        slug = g.tenant_slug = _tenant_of_no_page()
    if slug is None:
        g.principal = load_operator(core, account_id) if account_id else None
        _enter(acting_as(_actor(g.principal), g.request_id))
        return
    if mark_of(current_app.view_functions.get(request.endpoint or "")) == BY_TOKEN:
        _enter_by_token(core, slug, owners)
        return
    # Pages are for people: an API key opens the API only.
    bearer = request.headers.get("Authorization", "") if request.path.startswith("/api/") else ""
    if not account_id and not bearer.startswith(BEARER):
        raise NotSignedIn(_("Sign in to go on."))
    tenant = _tenant(core, slug, with_key=bearer.startswith(BEARER))
    _enter(tenant_scope(tenant))
    if bearer.startswith(BEARER):
        principal = authenticate(core, current_session(), bearer.removeprefix(BEARER).strip())
        if principal is None:
            raise NotSignedIn(_("The API key is not valid here."))
    else:
        principal = load_principal(core, current_session(), account_id) if account_id else None
    if principal is None:
        # Not found, and not forbidden: nobody learns which tenants exist.
        raise NotFound(_("There is no such page."))
    g.tenant, g.principal = tenant, principal
    structlog.contextvars.bind_contextvars(tenant=tenant.slug)
    _enter(acting_as(_actor(principal), g.request_id))
    owner = owners.get(request.blueprint or "")
    if owner is not None and owner not in tenant.enabled_modules:
        raise NotFound(_("There is no such page."))


def _enter_by_token(core: Core, slug: str, owners: dict[str, str]) -> None:
    """Enter a tenant as nobody: what is behind the view's token is all that it shows."""
    tenant = _tenant(core, slug, with_key=False)
    _enter(tenant_scope(tenant))
    structlog.contextvars.bind_contextvars(tenant=tenant.slug)
    _enter(acting_as(Actor("system"), g.request_id))
    owner = owners.get(request.blueprint or "")
    if owner is not None and owner not in tenant.enabled_modules:
        raise NotFound(_("There is no such page."))


def _tenant_of_no_page() -> str | None:
    """Return the tenant of an address that leads nowhere; None for every other."""
    found = TENANT_PATH.match(request.path) if request.routing_exception else None
    return found[1] if found else None


def _tenant(core: Core, slug: str, *, with_key: bool) -> TenantContext:
    """Return the tenant of the address; to a wrong key those that exist look like those that do not."""
    try:
        return core.tenants.by_slug(slug)
    except NotFound:
        if with_key:
            raise NotSignedIn(_("The API key is not valid here.")) from None
        raise


def _actor(principal: Principal | None) -> Actor:
    if principal is None:
        return Actor("system")
    if principal.via_api_key:
        return Actor("api_key", principal.account_id)
    return Actor("account", principal.account_id)


def _enter(scope: Any) -> None:
    """Keep a context manager open until the request is torn down."""
    scope.__enter__()
    g.scopes.append(scope)


def _end_session(*, good: bool) -> None:
    tenant_session = g.pop("tenant_session", None)
    if tenant_session is None:
        return
    try:
        if good:
            tenant_session.commit()
        else:
            tenant_session.rollback()
    finally:
        tenant_session.close()
    if good:
        run_on_commit(tenant_session)
