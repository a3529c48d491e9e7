"""Signing in and out, choosing a tenant and a language, and the operator's page."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import structlog
from flask import g, make_response, redirect, render_template, request, session, url_for
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from samplan.access.policy import public, signed_in
from samplan.access.service import role_labels, roles_of
from samplan.audit.context import SYSTEM, Actor, acting_as
from samplan.core import Core
from samplan.errors import Forbidden
from samplan.i18n import LOCALES, _
from samplan.identity.forms import LoginForm
from samplan.identity.login import try_password
from samplan.identity.models import Account
from samplan.identity.redirects import own_path
from samplan.identity.service import OwnMembership, memberships_of, record_for_account
from samplan.identity.sessions import LOCALE, login_session
from samplan.identity.throttle import current_throttle, too_many_attempts
from samplan.web.core_pages import core_pages
from samplan.web.request import current_core, current_principal, maybe_principal

log = structlog.get_logger(__name__)

SEVERAL_TENANTS = "several_tenants"

# What can be done while a one-time password waits to be changed.
WITH_PASSWORD_DUE = frozenset(
    {"core.account", "core.change_password", "core.logout", "core.set_language", "core.accessibility"}
)


@dataclass(frozen=True, slots=True)
class TenantChoice:
    """A tenant that the user may enter, ready for the template."""

    name: str
    url: str
    roles: str


@core_pages.before_app_request
def ask_for_own_password() -> Response | None:
    """Lead whoever signed in with a one-time password to where it is changed, and nowhere else."""
    principal = maybe_principal()
    if principal is None or principal.via_api_key or request.endpoint in WITH_PASSWORD_DUE:
        return None
    row = login_session().row
    if row is None or not row.password_due:
        return None
    if request.path.startswith("/api/"):
        raise Forbidden(_("Change the one-time password first."))
    return redirect(url_for("core.account"))


@core_pages.get("/login")
@public
def login() -> Response:
    """Ask for address and password."""
    form = LoginForm()
    form.next.data = request.args.get("next", "")
    if maybe_principal() is not None:
        return redirect(own_path(form.next.data, url_for("core.choose_tenant")))
    return _login_page(form, 200)


@core_pages.post("/login")
@public
def sign_in() -> Response:
    """Sign in who knows the password; all others get one and the same answer."""
    form, address = LoginForm(), request.remote_addr or ""
    if not form.validate():
        return _login_page(form, 422)
    wait = current_throttle().seconds_to_wait(form.email.data, address)
    if wait:
        form.form_errors.append(too_many_attempts(wait))
        response = _login_page(form, 429)
        response.headers["Retry-After"] = str(wait)
        return response
    attempt = try_password(current_core(), form.email.data, form.password.data)
    if attempt.account_id is not None and attempt.ok:
        current_throttle().succeeded(form.email.data)
        _begin(attempt.account_id, attempt.locale)
        return redirect(own_path(form.next.data, url_for("core.choose_tenant")))
    current_throttle().failed(address)
    form.form_errors.append(_("The e-mail address or the password is wrong."))
    response = _login_page(form, 422)
    if attempt.account_id is not None:
        _record_afterwards(response, attempt.account_id, "login.failed")
    return response


@core_pages.post("/logout")
@signed_in
def logout() -> Response:
    """End the session."""
    record_for_account(current_core().database, current_principal().account_id, "login.ended")
    login_session().end()
    return redirect(url_for("core.login"))


@core_pages.get("/")
@signed_in
def choose_tenant() -> Response:
    """Go to the one tenant of the account, or let it choose."""
    core, principal = current_core(), current_principal()
    members = _memberships(core, principal.account_id)
    session[SEVERAL_TENANTS] = len(members) > 1
    if len(members) == 1 and not principal.operator:
        return redirect(url_for("core.start", tenant=members[0].slug))
    if not members and principal.operator:
        return redirect(url_for("core.operator"))
    choices = [_choice(core, member) for member in members]
    page = render_template(
        "core/choose_tenant.html",
        tenants=choices,
        operator_url=url_for("core.operator") if principal.operator else None,
    )
    return make_response(page)


@core_pages.post("/language")
@public
def set_language() -> Response:
    """Show pages in another language from now on; an account keeps it for its next session."""
    locale = request.form.get("locale", "")
    principal = maybe_principal()
    if locale in LOCALES:
        session[LOCALE] = locale
        if principal is not None:
            with current_core().database.system_session() as system:
                system.execute(
                    update(Account).where(Account.id == principal.account_id).values(locale=locale)
                )
    return redirect(own_path(request.form.get("next"), url_for("core.choose_tenant")))


def _login_page(form: LoginForm, status: int) -> Response:
    return make_response(render_template("core/login.html", form=form), status)


def _begin(account_id: UUID, locale: str | None) -> None:
    """Start the account's session, under a new token, and record it."""
    core = current_core()
    login_session().begin(account_id, locale=locale)
    session[SEVERAL_TENANTS] = len(_memberships(core, account_id)) > 1
    with acting_as(Actor("account", account_id)):
        record_for_account(core.database, account_id, "login.succeeded")


def _record_afterwards(response: Response, account_id: UUID, action: str) -> None:
    """Record an act when the answer has gone out, so that its time does not tell that the account exists."""
    database, request_id = current_core().database, g.request_id

    def write() -> None:
        try:
            with acting_as(SYSTEM, request_id):
                record_for_account(database, account_id, action)
        except SQLAlchemyError:
            log.exception("audit_failed", action=action)

    response.call_on_close(write)


def _memberships(core: Core, account_id: UUID) -> list[OwnMembership]:
    with core.database.system_session(account_id) as system:
        return memberships_of(system, account_id)


def _choice(core: Core, member: OwnMembership) -> TenantChoice:
    labels = role_labels(core.modules.role_templates())
    with core.database.unit_of_work(member.tenant_id) as tenant_session:
        keys = roles_of(tenant_session).get(member.membership_id, frozenset())
    names = sorted(labels.get(key, key) for key in keys)
    return TenantChoice(member.tenant_name, url_for("core.start", tenant=member.slug), ", ".join(names))
