"""Personal API keys: one's own, and for those who manage members everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, make_response, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from samplan.access.declarations import API_KEYS_OWN, MEMBERS_MANAGE
from samplan.access.policy import can, requires
from samplan.errors import Invalid, NotFound
from samplan.i18n import _
from samplan.identity.forms import ApiKeyForm
from samplan.identity.models import ApiKey, Membership
from samplan.identity.tokens import create_api_key, find_api_key, revoke_api_key
from samplan.tenancy.context import current_tenant
from samplan.web.core_pages import core_pages
from samplan.web.request import current_core, current_principal, current_session, today

DEFAULT_DAYS = 90


@dataclass(frozen=True, slots=True)
class KeyView:
    """An API key, ready for the template; `state` is `active`, `expired` or `revoked`."""

    id: UUID
    name: str
    owner: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str


@core_pages.get("/t/<tenant>/api-keys")
@requires(API_KEYS_OWN)
def api_keys() -> Response:
    """List API keys, with a form for a new one."""
    form = _with_scopes(ApiKeyForm())
    form.expires_on.data = today() + timedelta(days=DEFAULT_DAYS)
    return _page(form, 200)


@core_pages.post("/t/<tenant>/api-keys")
@requires(API_KEYS_OWN)
def add_api_key() -> Response:
    """Create a key, and show it this once."""
    form = _with_scopes(ApiKeyForm())
    if not form.validate():
        return _page(form, 422)
    try:
        row, key = create_api_key(
            current_session(),
            current_principal(),
            form.name.data,
            form.scopes.data,
            expires_at=_end_of(form.expires_on.data),
            now=current_core().clock.now(),
        )
    except Invalid as error:
        form.show(Invalid("", {_FIELDS.get(name, name): texts for name, texts in error.fields.items()}))
        return _page(form, 422)
    return make_response(render_template("core/api_key.html", row=row, key=key))


@core_pages.post("/t/<tenant>/api-keys/<uuid:key_id>/revoke")
@requires(API_KEYS_OWN)
def end_api_key(key_id: UUID) -> Response:
    """Revoke a key: one's own, or as one who manages members anybody's."""
    principal = current_principal()
    key = find_api_key(current_session(), key_id)
    if key.membership_id != principal.membership_id and not can(principal, MEMBERS_MANAGE):
        raise NotFound(_("There is no such API key."))
    revoke_api_key(current_session(), key, now=current_core().clock.now())
    flash(_("The key %(name)s has been revoked.", name=key.name), "success")
    return redirect(url_for("core.api_keys"))


_FIELDS = {"expires_at": "expires_on"}


def _end_of(day: date) -> datetime:
    """Return the last second of a day of the tenant."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(current_tenant().timezone))


def _with_scopes(form: ApiKeyForm) -> ApiKeyForm:
    declared = current_core().modules.permissions()
    form.scopes.choices = [(name, str(declared[name].label)) for name in sorted(_own_permissions())]
    return form


def _own_permissions() -> frozenset[str]:
    """Return what the user may do in modules that the tenant has enabled."""
    enabled = current_tenant().enabled_modules
    return frozenset(p for p in current_principal().permissions if p.partition(":")[0] in enabled)


def _page(form: ApiKeyForm, status: int) -> Response:
    principal, now = current_principal(), current_core().clock.now()
    everybody = can(principal, MEMBERS_MANAGE)
    query = (
        select(ApiKey, Membership.display_name)
        .join(
            Membership, (Membership.tenant_id == ApiKey.tenant_id) & (Membership.id == ApiKey.membership_id)
        )
        .order_by(ApiKey.created_at.desc())
    )
    if not everybody:
        query = query.where(ApiKey.membership_id == principal.membership_id)
    keys = [_view(key, owner, now) for key, owner in current_session().execute(query)]
    page = render_template("core/api_keys.html", form=form, keys=keys, everybody=everybody)
    return make_response(page, status)


def _view(key: ApiKey, owner: str, now: datetime) -> KeyView:
    ended = "expired" if key.expires_at <= now else "active"
    return KeyView(
        id=key.id,
        name=key.name,
        owner=owner,
        prefix=key.prefix,
        scopes=[str(scope) for scope in key.scopes],
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        state="revoked" if key.revoked_at is not None else ended,
    )
