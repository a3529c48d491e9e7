"""One's own page: password, sessions and language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from samplan.access.policy import Principal, signed_in
from samplan.errors import Invalid
from samplan.i18n import _
from samplan.identity import passwords
from samplan.identity.devices import device_name
from samplan.identity.forms import PasswordForm
from samplan.identity.login import try_password
from samplan.identity.models import Account
from samplan.identity.service import record_for_account, set_password
from samplan.identity.sessions import login_session, session_store
from samplan.identity.throttle import current_throttle, too_many_attempts
from samplan.ids import parse_uuid
from samplan.web.core_pages import core_pages
from samplan.web.request import current_core, current_principal


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session of the user's own, ready for the template."""

    id: UUID
    device: str
    started_at: datetime
    seen_at: datetime
    current: bool


@core_pages.get("/account")
@signed_in
def account() -> Response:
    """Show the user's own page."""
    return _page(PasswordForm(), 200)


@core_pages.post("/account/password")
@signed_in
def change_password() -> Response:
    """Change the user's own password, and end all other sessions."""
    principal, form = current_principal(), PasswordForm()
    if not form.validate():
        return _page(form, 422)
    wait = current_throttle().seconds_to_wait(principal.email, request.remote_addr or "")
    if wait:
        form.form_errors.append(too_many_attempts(wait))
        return _page(form, 429)
    try:
        _change(principal, form.current.data, form.password.data)
    except Invalid as error:
        form.show(error)
        return _page(form, 422)
    flash(_("The password has been changed. All your other sessions have ended."), "success")
    return redirect(url_for("core.account"))


@core_pages.post("/account/sessions/end")
@signed_in
def end_sessions() -> Response:
    """End one of the user's other sessions, or all of them."""
    core, principal, row = current_core(), current_principal(), login_session().row
    chosen = parse_uuid(request.form.get("session", ""))
    if row is not None and chosen != row.id:
        count = session_store().revoke(principal.account_id, only=chosen, but=row.id)
        if count:
            record_for_account(core.database, principal.account_id, "sessions.ended", after={"count": count})
        flash(
            _("The other sessions have ended.") if chosen is None else _("The session has ended."), "success"
        )
    return redirect(url_for("core.account"))


def _change(principal: Principal, current: str, new: str) -> None:
    """Change the password where `current` is right; raises `Invalid`."""
    core = current_core()
    if not try_password(core, principal.email, current).ok:
        raise Invalid("", {"current": [_("This is not your present password.")]})
    if new == current:
        raise Invalid("", {"password": [_("Choose another password than the present one.")]})
    password_hash = passwords.hash_new(new, principal.email)
    with core.database.system_session() as system:
        set_password(system.get_one(Account, principal.account_id), password_hash)
    session, row = login_session(), login_session().row
    session_store().revoke(principal.account_id, but=row.id if row else None)
    session.rotate()
    current_throttle().succeeded(principal.email)
    record_for_account(core.database, principal.account_id, "account.password_changed")


def _gets_mail() -> bool:
    with current_core().database.system_session() as system:
        return system.get_one(Account, current_principal().account_id).mail


def _page(form: PasswordForm, status: int) -> Response:
    row = login_session().row
    sessions = [
        SessionView(
            id=kept.id,
            device=device_name(kept.user_agent),
            started_at=kept.created_at,
            seen_at=kept.seen_at,
            current=row is not None and kept.id == row.id,
        )
        for kept in session_store().of_account(current_principal().account_id)
    ]
    due = row is not None and row.password_due
    page = render_template(
        "core/account.html", form=form, sessions=sessions, password_due=due, gets_mail=_gets_mail()
    )
    return make_response(page, status)
